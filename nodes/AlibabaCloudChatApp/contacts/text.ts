/**
 * Text and values in general, whatever their keys are: normalizing, reading JSON, caching, and checking whether text
 * may be an email or a number.
 */

/** The two kinds of identifiers, either of which is enough to send a contact. */
export const IDENTIFIER_KINDS = ['email', 'phone'] as const;
export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number];

/** Whether a field is for an email or a phone. */
export function isIdentifierKind(field: string | undefined): field is IdentifierKind {
	return field === 'email' || field === 'phone';
}

/** What a field is for; it decides which entry of a list is used. */
export type FieldKind = IdentifierKind | 'country';

const FULL_WIDTH = /[\uff01-\uff5e]/g;
const ASCII = /^[\0-\x7f]*$/;
const OTHER_DIGIT = /(?![0-9])\p{Nd}/gu;
// Mathematical digits are five consecutive sets of ten.
const MATH_DIGITS = 0x1d7ce;
const DIGIT = /\p{Nd}/u;
// Longer than any address, number, or country.
const LONGEST_TEXT = 5000;
const PLACEHOLDER = /^(?:n\/?a|none|null|nil|undefined|unknown|[-–—._?/\s]*)$/i;
// In a country field, "NA" is Namibia's code; "n/a" is a placeholder.
const NAMIBIA = /^na$/i;
const FIVE_DIGITS = /\d(?:\D*\d){4}|(?:\p{Nd}\P{Nd}*){5}/u;
const LONGEST_SEARCHED = 200;
const WRITTEN_NUMBER = /^[+(]?[\d\s().+/-]{7,25}$/;
const ONE_EMAIL = /^[^\s@,;<>]+@[^\s@,;<>]+\.[a-z]{2,}$/i;
const INTERNATIONAL_NUMBER = /^\s*\+\d[\d ().-]{7,20}$/;
// An email may end with letters of any script.
const EITHER = /^(?:[^\s@]+@[^\s@]+\.[^\s@]+|\+\d{7,15})$/;
const LONGEST_EMAIL = 100;
const WHATSAPP_ID = /^(\d{7,15})(?::\d+)?@(?:c\.us|s\.whatsapp\.net)$/i;
const SPACE = 0x20;
const TILDE = 0x7e;
const INVISIBLE = /\p{Cf}/gu;
// Placeholders are shorter.
const LONGER_THAN_PLACEHOLDERS = 10;
const LONGEST_PLAIN = 200;
const LONGEST_JSON = 10_000;
const LONGEST_KEPT = 200;
const SHA256_HEX = /^[0-9a-f]{64}$/i;
const MD5_HEX = /^[0-9a-f]{32}$/i;

/** Whether text is in ASCII, so that nothing in it has to be converted. */
export function isAscii(text: string): boolean {
	return ASCII.test(text);
}

/**
 * Replaces full-width letters, digits, and punctuation, as typed on East Asian keyboards, with their ASCII equivalents.
 */
export function halfWidth(text: string): string {
	if (isAscii(text)) return text;
	return text.replace(FULL_WIDTH, (character) =>
		String.fromCharCode(character.charCodeAt(0) - 0xfee0),
	);
}

/** Replaces the decimal digits of every script with 0 to 9; everything else stays. */
export function asciiDigits(text: string): string {
	return text.replace(OTHER_DIGIT, (character) => {
		const code = character.codePointAt(0) ?? 0;
		if (code >= MATH_DIGITS) return String((code - MATH_DIGITS) % 10);
		// A script's ten digits are consecutive, starting at a code point that ends in 0 or 6.
		const row = code & ~0xf;
		return String(DIGIT.test(String.fromCodePoint(row)) ? code - row : code - row - 6);
	});
}

/**
 * The text of a value that isn't a list or an object, trimmed and without invisible characters (bidi, zero-width, soft
 * hyphen).
 * @returns undefined if the field is empty, null if the value can't contain text
 */
export function scalarText(value: unknown, kind: FieldKind): string | null | undefined {
	if (typeof value === 'string') return plainText(value, kind);
	if (typeof value === 'number') return Number.isNaN(value) ? undefined : String(value);
	if (typeof value === 'bigint') return String(value);
	return value === undefined || value === null || value === false ? undefined : null;
}

// The next five functions check text before it is cleaned, from the loosest to the strictest. Whether an
// email or a number can be sent is decided when it is cleaned.

/** Whether text may be an email or a number, whatever is written around it: "yes" can't be either. */
export function mayBeIdentifier(text: string | null | undefined, kind: FieldKind): boolean {
	if (typeof text !== 'string') return false;
	if (kind === 'email') return text.length > LONGEST_PLAIN || /[@＠]|^[0-9a-f]{32,64}$/i.test(text);
	return text.length < LONGEST_SEARCHED && FIVE_DIGITS.test(text);
}

/** Whether text consists of what emails or numbers consist of, as under a key that doesn't say what it is. */
export function isWrittenAsIdentifier(text: string | null, kind: FieldKind): boolean {
	if (text === null || !mayBeIdentifier(text, kind)) return false;
	return kind === 'email' ? text.includes('@') : WRITTEN_NUMBER.test(text);
}

/** Whether a value is one email and nothing else. */
export function isOneEmail(value: unknown): value is string {
	return typeof value === 'string' && value.length < LONGEST_EMAIL && ONE_EMAIL.test(value);
}

/** Whether a value is a number with a plus and nothing else, with or without spaces and the like. */
export function isInternationalNumber(value: unknown): boolean {
	return typeof value === 'string' && value.length < 30 && INTERNATIONAL_NUMBER.test(value);
}

/** Whether a value is either an email or a number with a plus and without spaces, so that it can't be anything else. */
export function isSurelyIdentifier(value: unknown): boolean {
	return typeof value === 'string' && value.length < LONGEST_EMAIL && EITHER.test(value);
}

/** The number in a WhatsApp ID, with a plus: +14155552671 for 14155552671@s.whatsapp.net. */
export function numberInWhatsAppId(text: string): string | undefined {
	const [, digits] = WHATSAPP_ID.exec(text) ?? [];
	return digits === undefined ? undefined : `+${digits}`;
}

/** Whether the text is already a SHA-256 hash: 64 hex digits, uppercase or lowercase. */
export function isSha256(text: string): boolean {
	return text.length === 64 && SHA256_HEX.test(text);
}

/** Whether the text looks like an MD5 hash: 32 hex digits, uppercase or lowercase. */
export function isMd5(text: string): boolean {
	return text.length === 32 && MD5_HEX.test(text);
}

/**
 * A function that caches the results of another one, except those for long strings, which would take too much memory.
 * @param most results to keep; when the cache is full, it is cleared
 */
export function memoized<Result>(
	most: number,
	compute: (text: string) => Result,
): (text: string) => Result {
	const results = new Map<string, Result>();
	return (text) => {
		if (text.length > LONGEST_KEPT) return compute(text);
		const known = results.get(text);
		if (known !== undefined || results.has(text)) return known as Result;
		const result = compute(text);
		if (results.size >= most) results.clear();
		results.set(copyOf(text), result);
		return result;
	};
}

/** A function that computes a value when it is first needed, and keeps it. */
export function once<Value>(compute: () => Value): () => Value {
	let kept: { value: Value } | undefined;
	return () => (kept ??= { value: compute() }).value;
}

// A field of a file is a slice of a larger string, and keeping the slice would keep the whole string in memory.
function copyOf(text: string): string {
	return Buffer.from(text, 'utf16le').toString('utf16le');
}

/** The words of a list that is written with spaces between them. */
export function wordSet(words: string): ReadonlySet<string> {
	return new Set(words.split(' '));
}

/** The data of an item, or of an object in it. */
export type Json = Record<string, unknown>;

/** Whether a value is an object, and not a list. */
export function isObject(value: unknown): value is Json {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is an object or a list. */
export function isObjectOrList(value: unknown): value is object {
	return typeof value === 'object' && value !== null;
}

/** The first entry of a list, or the value itself. */
export function firstOf(value: unknown): unknown {
	return Array.isArray(value) ? value[0] : value;
}

/** The object or list in JSON text, URL-encoded or not; undefined for any other text, and for text that is too long. */
export function parseJson(text: string, maxLength = LONGEST_JSON): object | undefined {
	if (text.length > maxLength || !looksLikeJson(text)) return undefined;
	try {
		const json: unknown = JSON.parse(
			text.trimStart().startsWith('%') ? decodeURIComponent(text) : text,
		);
		return isObjectOrList(json) ? json : undefined;
	} catch {
		// Some other text that begins with a bracket.
		return undefined;
	}
}

/** A value that is an object or a list, or the one in its JSON text, as databases and spreadsheets return it. */
export function objectIn(value: unknown): object | undefined {
	if (typeof value === 'string') return parseJson(value);
	return isObjectOrList(value) ? value : undefined;
}

/** Whether text begins like a JSON object or list. */
export function looksLikeJson(text: string): boolean {
	const first = text.charCodeAt(0);
	if (first > SPACE && first !== 0x5b && first !== 0x7b && first !== 0x25) return false;
	return /^\s{0,9}(?:[[{]|%(?:7B|5B))/i.test(text);
}

function plainText(value: string, kind: FieldKind): string | null | undefined {
	if (isPlainAscii(value) && (value.length >= LONGER_THAN_PLACEHOLDERS || !PLACEHOLDER.test(value)))
		return value;
	if (value.length > LONGEST_TEXT) return null;
	const text = value.replace(INVISIBLE, '').trim();
	if (kind === 'country' && NAMIBIA.test(text)) return text;
	return PLACEHOLDER.test(text) ? undefined : text;
}

// Most values are plain ASCII without spaces at either end, and checking characters is much faster than the patterns.
function isPlainAscii(value: string): boolean {
	const { length } = value;
	if (length === 0 || length >= LONGEST_PLAIN) return false;
	if (!startsPlainly(value.charCodeAt(0)) || value.charCodeAt(length - 1) === SPACE) return false;
	for (let index = 1; index < length; index++) {
		const code = value.charCodeAt(index);
		if (code < SPACE || code > TILDE) return false;
	}
	return true;
}

// Starts with a plus, a digit, or a letter, so it isn't a line of dashes or dots.
function startsPlainly(code: number): boolean {
	const lower = code | 0x20;
	return code === 0x2b || (code >= 0x30 && code <= 0x39) || (lower >= 0x61 && lower <= 0x7a);
}
