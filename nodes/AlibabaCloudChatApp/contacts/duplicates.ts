import type { User } from './contact';

/**
 * A filter for one submission: true when the user adds no identifier that was not yet sent in it.
 * Otherwise the user's identifiers are remembered. Submissions don't share a filter.
 * @param known those that are remembered from the beginning
 */
export function createDuplicateFilter(
	known?: Record<'emails' | 'phones', Set<string>>,
): (user: User) => boolean {
	const { emails, phones } = known ?? { emails: new Set<string>(), phones: new Set<string>() };
	return ({ Email, Phone }) => {
		const before = emails.size + phones.size;
		if (Email !== undefined) emails.add(Email);
		if (Phone !== undefined) phones.add(Phone);
		return emails.size + phones.size === before;
	};
}
