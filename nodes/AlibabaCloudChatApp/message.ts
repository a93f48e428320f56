/** Something that a person is told. */
export interface Message {
	/** Names the case for workflows that branch on it, e.g. `missing_id` or `Throttling.User`. */
	code: string;
	/** What happened, as one sentence without its full stop. */
	what: string;
	/** What to do about it, one sentence or more without the last full stop; empty when there is nothing to do. */
	fix: string;
	/** A warning when left out. */
	level?: 'info';
}

/** A message as a text: what happened, then what to do. */
export function sentence({ what, fix }: Pick<Message, 'what' | 'fix'>): string {
	return fix === '' ? what : `${what}. ${fix}`;
}
