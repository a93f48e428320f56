/** What a field is for; it decides which entry of a list is taken. */
export type FieldKind = 'email' | 'phone' | 'country';

// Far above any address, number or country.
const MAX_LENGTH = 5000;
const PLACEHOLDER = /^(?:n\/?a|none|null|nil|undefined|unknown|[-–—._?/\s]*)$/i;
// In a country's place it is Namibia's code; "n/a" is no country's.
const NAMIBIA = /^na$/i;
const FIVE_DIGITS = /\d(?:\D*\d){4}|(?:\p{Nd}\P{Nd}*){5}/u;
const LONGEST_SEARCHED = 200;
const BLANK = 0x20;
const TILDE = 0x7e;
const INVISIBLE = /\p{Cf}/gu;
// Longer than any word that stands for nothing.
const SHORTEST_PLAIN = 10;
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
	if (isPlain(value)) return value;
	if (value.length > MAX_LENGTH) return null;
	const text = value.replace(INVISIBLE, '').trim();
	if (kind === 'country' && NAMIBIA.test(text)) return text;
	return PLACEHOLDER.test(text) ? undefined : text;
}

// Most values are plain ASCII without blanks at their ends: one look at their characters is much cheaper than the patterns.
function isPlain(value: string): boolean {
	const { length } = value;
	if (length < SHORTEST_PLAIN || length >= LONGEST_PLAIN) return false;
	if (!startsPlainly(value.charCodeAt(0)) || value.charCodeAt(length - 1) === BLANK) return false;
	for (let index = 1; index < length; index++) {
		const code = value.charCodeAt(index);
		if (code < BLANK || code > TILDE) return false;
	}
	return true;
}

// A plus, a digit or a letter: no line of dashes or dots.
function startsPlainly(code: number): boolean {
	const lower = code | 0x20;
	return code === 0x2b || (code >= 0x30 && code <= 0x39) || (lower >= 0x61 && lower <= 0x7a);
}
