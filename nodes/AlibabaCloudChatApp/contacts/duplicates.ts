import type { User } from './contact';

/**
 * A filter for one submission: true when the user adds no identifier that was not yet sent in it.
 * Otherwise the user's identifiers are remembered. Submissions don't share a filter.
 */
export function createDuplicateFilter(): (user: User) => boolean {
	const emails = new Set<string>();
	const phones = new Set<string>();
	return ({ Email, Phone }) => {
		const before = emails.size + phones.size;
		if (Email !== undefined) emails.add(Email);
		if (Phone !== undefined) phones.add(Phone);
		return emails.size + phones.size === before;
	};
}
