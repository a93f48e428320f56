import type { ReasonCode } from './reasons';

/** What a field is for; it decides which entry of a list is taken. */
export type FieldKind = 'email' | 'phone' | 'country';

/** What cleaning one field gives: the value to send, the reason it can't be sent, or neither when it is empty. */
export type FieldResult = { value?: string; reason?: ReasonCode };

type Entry = Record<string, unknown>;

// Names of the value in an entry, then the labels by which some CRMs keep one entry each, best first.
const ENTRY_KEYS: Record<FieldKind, readonly string[]> = {
	email: ['value', 'email', 'address', 'emailAddress', 'primaryEmail', 'main', 'work', 'home'],
	phone: [
		'e164',
		'e164Phone',
		'canonicalForm',
		'value',
		'number',
		'phone',
		'phoneNumber',
		'mobile',
		'main',
		'work',
		'home',
	],
	country: ['code', 'countryCode', 'country_code', 'iso', 'value', 'name', 'country'],
};
const OWN_COUNTRY_KEYS = ['countryCode', 'country_code', 'countryShortName', 'country'];
const LABEL_KEYS = ['label', 'type', 'category', 'field'];
const MOBILE_LABEL = /mobile|cell|whatsapp/i;
const PLACEHOLDER = /^(?:n\/?a|none|null|nil|undefined|unknown|[-–—._?/\s]*)$/i;
// In a country's place it is Namibia's code; "n/a" is nobody's.
const NAMIBIA = /^na$/i;
const FIVE_DIGITS = /\d(?:\D*\d){4}|(?:\p{Nd}\P{Nd}*){5}/u;
const INVISIBLE = /\p{Cf}/gu;
const MAX_DEPTH = 4;

/**
 * The text in a field as it was found: numbers as text, lists and `{ value, primary }` entries reduced to one entry.
 * Marks that nobody sees (bidi, zero-width, soft hyphen) are dropped and the ends trimmed.
 * @returns undefined when nothing was filled in, null when the value is of a kind that holds no text
 */
export function fieldText(value: unknown, kind: FieldKind, depth = 0): string | null | undefined {
	if (typeof value === 'string') return plainText(value, kind);
	if (typeof value === 'number') return Number.isNaN(value) ? undefined : String(value);
	if (typeof value === 'bigint') return String(value);
	if (value === undefined || value === null || value === false) return undefined;
	if (typeof value !== 'object' || depth >= MAX_DEPTH) return null;
	return Array.isArray(value)
		? listText(value, kind, depth)
		: entryText(value as Entry, kind, depth);
}

/** Whether a field holds something, be it good or bad. */
export function isFilled(value: unknown, kind: FieldKind): boolean {
	return fieldText(value, kind) !== undefined;
}

/** Whether a field holds something that could be a number: a flag such as "yes" in a column "WhatsApp" is none. */
export function holdsNumber(value: unknown): boolean {
	const text = fieldText(value, 'phone');
	return typeof text === 'string' && FIVE_DIGITS.test(text);
}

/** The country that stands in the entry itself whose number is taken, as in `{ countryCode, number }`. */
export function countryOfEntry(value: unknown): unknown {
	const entry = Array.isArray(value) ? bestEntry(filledOf(value, 'phone', 0), 'phone') : value;
	if (typeof entry !== 'object' || entry === null) return undefined;
	const key = OWN_COUNTRY_KEYS.find((each) => isFilled((entry as Entry)[each], 'country'));
	return key === undefined ? undefined : (entry as Entry)[key];
}

// Most values are plain ASCII, and longer than any word that stands for nothing: one test for them is much cheaper.
const PLAIN = /^[+\dA-Za-z][ -~]{8,}[!-~]$/;

function plainText(value: string, kind: FieldKind): string | undefined {
	if (PLAIN.test(value)) return value;
	const text = value.replace(INVISIBLE, '').trim();
	if (kind === 'country' && NAMIBIA.test(text)) return text;
	return PLACEHOLDER.test(text) ? undefined : text;
}

function listText(list: unknown[], kind: FieldKind, depth: number): string | null | undefined {
	const filled = filledOf(list, kind, depth);
	if (filled.length === 0) return undefined;
	// A reference field such as Odoo's country_id is [id, name]; which of several countries is meant isn't known.
	if (kind === 'country' && filled.length > (typeof filled[0] === 'number' ? 2 : 1)) return null;
	if (kind === 'country') return fieldText(filled[filled.length - 1], kind, depth + 1);
	return fieldText(bestEntry(filled, kind), kind, depth + 1);
}

function filledOf(list: unknown[], kind: FieldKind, depth: number): unknown[] {
	return list.filter((entry) => fieldText(entry, kind, depth + 1) !== undefined);
}

function bestEntry(filled: unknown[], kind: FieldKind): unknown {
	const numbers = kind === 'phone' ? filled.filter(holdsNumber) : [];
	const mobiles = numbers.filter(isMobile);
	const candidates = [mobiles, numbers].find(({ length }) => length > 0) ?? filled;
	return candidates.find(isPrimary) ?? candidates[0];
}

function entryText(entry: Entry, kind: FieldKind, depth: number): string | null | undefined {
	let known = Object.keys(entry).length === 0;
	for (const key of ENTRY_KEYS[kind]) {
		if (!Object.hasOwn(entry, key)) continue;
		known = true;
		const text = fieldText(entry[key], kind, depth + 1);
		if (text !== undefined) return text;
	}
	return known ? undefined : null;
}

function isPrimary(entry: unknown): boolean {
	if (typeof entry !== 'object' || entry === null) return false;
	const { primary, 'is-primary': isPrimaryIdentity } = entry as Entry;
	return [primary, isPrimaryIdentity].some((flag) => flag === true || flag === 'true');
}

function isMobile(entry: unknown): boolean {
	if (typeof entry !== 'object' || entry === null) return false;
	return LABEL_KEYS.some((key) => {
		const label = (entry as Entry)[key];
		return typeof label === 'string' && MOBILE_LABEL.test(label);
	});
}
