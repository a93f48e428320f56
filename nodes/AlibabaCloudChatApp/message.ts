/** What a person reads, in an error, a warning, or a hint. */
export interface Message {
	/** Identifies the case for workflows that branch on it, e.g. `missing_id` or `Throttling.User`. */
	code: string;
	/** What happened, in plain words: one or two sentences without the last period. */
	what: string;
	/** What to do about it, in a few sentences without the last period; empty when there is nothing to do. */
	fix: string;
	/** A warning when left out. */
	level?: 'info';
}

/** A message as one string: what happened, then what to do. */
export function messageText({ what, fix }: Pick<Message, 'what' | 'fix'>): string {
	return fix === '' ? what : `${what}. ${fix}`;
}

/** A number of contacts in words: "1 contact", "20 contacts". */
export function countOfContacts(count: number): string {
	return count === 1 ? '1 contact' : `${count} contacts`;
}

/** The message in one of this node's errors; undefined in any other error, which may quote contacts. */
export function messageIn(error: unknown): Message | undefined {
	const { code, what, fix } = (error ?? {}) as Partial<Message>;
	if (code === undefined || what === undefined || fix === undefined) return undefined;
	return { code, what, fix };
}
