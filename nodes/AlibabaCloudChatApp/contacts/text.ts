/** What a field is for; it decides which entry of a list is taken. */
export type FieldKind = 'email' | 'phone' | 'country';

// Far above any address, number or country.
const MAX_LENGTH = 5000;
const PLACEHOLDER = /^(?:n\/?a|none|null|nil|undefined|unknown|[-–—._?/\s]*)$/i;
// In a country's place it is Namibia's code; "n/a" is no country's.
const NAMIBIA = /^na$/i;
const FIVE_DIGITS = /\d(?:\D*\d){4}|(?:\p{Nd}\P{Nd}*){5}/u;
const LONGEST_SEARCHED = 200;
const INVISIBLE = /\p{Cf}/gu;
// Most values are plain ASCII, and longer than any word that stands for nothing: one test for them is much cheaper.
const PLAIN = /^[+\dA-Za-z][ -~]{8,}[!-~]$/;
const LONGEST_PLAIN = 200;

/**
 * The text of a value that is no list and no object.
 * Marks that nobody sees (bidi, zero-width, soft hyphen) are dropped and the ends trimmed.
 */
export function scalarText(value: unknown, kind: FieldKind): string | null | undefined {
	if (typeof value === 'string') return plainText(value, kind);
	if (typeof value === 'number') return Number.isNaN(value) ? undefined : String(value);
	if (typeof value === 'bigint') return String(value);
	return value === undefined || value === null || value === false ? undefined : null;
}

/** Whether a text could be an email or a number. */
export function mayBe(text: string | null | undefined, kind: FieldKind): boolean {
	if (typeof text !== 'string') return false;
	if (kind === 'email') return text.length > LONGEST_PLAIN || /[@＠]|^[0-9a-f]{32,64}$/i.test(text);
	return text.length < LONGEST_SEARCHED && FIVE_DIGITS.test(text);
}

function plainText(value: string, kind: FieldKind): string | null | undefined {
	if (value.length < LONGEST_PLAIN && PLAIN.test(value)) return value;
	if (value.length > MAX_LENGTH) return null;
	const text = value.replace(INVISIBLE, '').trim();
	if (kind === 'country' && NAMIBIA.test(text)) return text;
	return PLACEHOLDER.test(text) ? undefined : text;
}
