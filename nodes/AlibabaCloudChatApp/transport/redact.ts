// What may stand for a person in an answer: a number, written in any way, or a hash. Both are read in one go.
const NUMBER = /\d(?:[^\p{L}\p{N}]{0,3}\d){6,}/gu;
const HASH = /[0-9a-f]{32,}/gi;
// A quoted local part may hold spaces.
const QUOTED_NAME = /"[^"@]*"(?=[@＠])/g;
const WORD_OF_ADDRESS = /[@＠]|\\u0040|&#(?:64|x40);|&commat;/i;
// Whatever is named as a token, signature or secret.
const NAMED = /(?:token|signature|secret|password|authorization)\\?["']?\s*[:=]\s*\S+/gi;
// Marks that change how the rest is shown.
const UNSEEN = /[\p{Cc}\p{Cf}]+/gu;
// The gateway quotes its own calculation of a signature, with every parameter and header of the call.
const CALCULATION = /(?:server )?(?:StringToSign|CanonicalRequest)\b/i;
const LONGEST = 300;
/** A server's text beyond this is not looked at, so that no answer can keep n8n busy. */
const LONGEST_READ = 2000;

/**
 * A text from the server without what could be a person's address, number or hash, or one of `secrets`, in a line of
 * at most 300 characters: a message may quote the contact it complains of, URL-encoded too.
 */
export function redact(text: string, secrets: string[] = []): string {
	const named = hideAll(decodeTwice(withoutCalculation(text)), secrets).replace(NAMED, '[hidden]');
	const words = named.replace(QUOTED_NAME, '').split(/\s+/);
	const plain = words.map((word) => (isTelling(word) ? '[hidden]' : word)).join(' ');
	const shown = plain
		.replace(HASH, '[hidden]')
		.replace(NUMBER, '[hidden]')
		.replace(UNSEEN, '')
		.trim();
	return shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown;
}

/** The part of a text that is read at all: its beginning, without the gateway's calculation of a signature. */
export function withoutCalculation(text: string): string {
	const part = firstPart(text);
	const calculation = part.search(CALCULATION);
	return calculation < 0 ? part : part.slice(0, calculation);
}

// A word that is cut in two could be an address without its sign.
function firstPart(text: string): string {
	if (text.length <= LONGEST_READ) return text;
	const part = text.slice(0, LONGEST_READ);
	const end = Math.max(part.lastIndexOf(' '), part.lastIndexOf('\n'));
	return part.slice(0, Math.max(0, end));
}

/** An address, or a URL with its parameters. */
function isTelling(word: string): boolean {
	const query = word.indexOf('?');
	return WORD_OF_ADDRESS.test(word) || (query >= 0 && word.includes('=', query));
}

function decodeTwice(text: string): string {
	const decode = (from: string) =>
		from.replace(/%([2-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
	return decode(decode(text));
}

function hideAll(text: string, secrets: string[]): string {
	let shown = text;
	for (const secret of secrets) {
		if (secret === '') continue;
		const pattern = decodeTwice(secret).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
		shown = shown.replace(new RegExp(pattern, 'gi'), '[hidden]');
	}
	return shown;
}
