/** Where a person reads on: the package's own README, which npm shows wherever the code lives. */
const README = 'https://www.npmjs.com/package/n8n-nodes-alibaba-cloud-chat-app';

/** A link to a part of the README, for notices and hints in the panel. */
export function readMore(words: string, heading: string): string {
	return `<a href="${README}#${heading}" target="_blank">${words}</a>`;
}
