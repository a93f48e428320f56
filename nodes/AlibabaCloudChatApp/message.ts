/** What a person reads, in an error, a warning, or a hint. */
export interface Message {
	/** Identifies the case for workflows that branch on it, e.g. `missing_id` or `Throttling.User`. */
	code: string;
	/** What happened, in plain words: one sentence without its period. */
	what: string;
	/** What to do about it: at most two sentences, without the last period; empty when there is nothing to do. */
	fix: string;
	/** A warning when left out. */
	level?: 'info';
}

/** A message as one string: what happened, then what to do. */
export function sentence({ what, fix }: Pick<Message, 'what' | 'fix'>): string {
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

const HIDDEN = '[hidden]';
const ADDRESS = /[^\s@＠"'[\](){}<>,;/]+[@＠][^\s@＠"'[\](){}<>,;/]+/gu;
// After a letter or an underscore, digits are the number of a field, as in `custom_field_360012345678`. A date isn't hidden.
const NUMBER =
	/(?<![\p{L}\p{N}_])(?!(?:19|20)\d\d-[01]\d-[0-3]\d(?!\d))\+?\d(?:[^\p{L}\p{N}]{0,3}\d){6,}/gu;
// MD5 and SHA-256; some systems name their fields by 40 digits.
const HASH = /(?<![0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{64})(?![0-9a-f])/gi;
const INVISIBLE = /[\p{Cc}\p{Cf}]+/gu;
const MAX_LENGTH = 200;

/**
 * A name from the data, such as a key or a path, as messages and outputs show it. Items may be keyed by a contact, as in
 * `{ "mary@example.com": { … } }`: what may be an address, a number, or its hash is hidden, URL-encoded or not.
 */
export function shownName(name: string): string {
	const plain = name.replace(INVISIBLE, '');
	const decoded = decodeTwice(plain).replace(INVISIBLE, '');
	const hidden = withoutContacts(decoded);
	const shown = hidden === decoded ? plain : hidden;
	return shown.length > MAX_LENGTH ? `${shown.slice(0, MAX_LENGTH)}…` : shown;
}

function withoutContacts(text: string): string {
	return text.replace(ADDRESS, HIDDEN).replace(HASH, HIDDEN).replace(NUMBER, HIDDEN);
}

/** The string with what is URL-encoded in it, once or twice, decoded. */
export function decodeTwice(text: string): string {
	const decode = (from: string) =>
		from.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
			Buffer.from(run.replaceAll('%', ''), 'hex').toString(),
		);
	return decode(decode(text));
}
