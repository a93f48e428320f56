import { scalarText, type FieldKind } from './text';
import { wordsOf } from './words';

/** One of several emails, phones or countries, with what is said about it. */
export type Entry = Record<string, unknown>;

const COUNTRY_KEYS =
	'countrycode countryshortname countryiso country countryiso2 phonecountrycode dialcode callingcode prefix'.split(
		' ',
	);
const LABEL_KEYS =
	'label type category field valuetype subtype formattedtype phonelabel phonetype enumcode tag kind name'.split(
		' ',
	);
const PRIMARY_KEYS = ['primary', 'isprimary', 'default', 'isdefault', 'preferred', 'ispreferred'];
const MOBILE_WORDS = new Set([
	'mobile',
	'cell',
	'cellphone',
	'cellular',
	'mob',
	'whatsapp',
	'iphone',
	'handy',
]);
const AREA_KEYS = ['area', 'areacode', 'phoneareacode'];
const MAX_KEYS = 60;
const MAX_LABEL = 60;

/** An entry's keys by their letters and digits alone. */
export function keysOf(entry: Entry): Map<string, string> {
	const keys = new Map<string, string>();
	for (const key of Object.keys(entry)) {
		if (keys.size >= MAX_KEYS) break;
		if (key.length <= MAX_LABEL) keys.set(key.toLowerCase().replace(/[^a-z0-9]/g, ''), key);
	}
	return keys;
}

function valueAt(entry: Entry, keys: Map<string, string>, name: string): unknown {
	const key = keys.get(name);
	return key === undefined ? undefined : entry[key];
}

/** The words of the labels that say what an entry is. */
export function labelWords(entry: Entry, keys: Map<string, string>): string[] {
	return LABEL_KEYS.flatMap((name) => {
		const label = valueAt(entry, keys, name);
		return typeof label === 'string' && label.length <= MAX_LABEL ? wordsOf(label) : [];
	});
}

/** Whether an entry is marked as the person's main one. */
export function isPrimary(entry: Entry, keys: Map<string, string>): boolean {
	const metadata = entry.metadata as Entry | undefined;
	if (typeof metadata === 'object' && metadata?.primary === true) return true;
	return PRIMARY_KEYS.some((name) => {
		const flag = valueAt(entry, keys, name);
		return flag === true || flag === 'true' || flag === 1;
	});
}

/** Whether labels are a mobile number's. */
export function isMobile(labels: readonly string[]): boolean {
	return labels.some((word) => MOBILE_WORDS.has(word));
}

/** Whether a key names a mobile number. */
export function isMobileKey(key: string): boolean {
	return isMobile(wordsOf(key));
}

/** The country that stands in the entry itself. */
export function ownCountry(entry: Entry, keys: Map<string, string>): unknown {
	for (const name of COUNTRY_KEYS) {
		const value = valueAt(entry, keys, name);
		if (value !== undefined && scalarText(value, 'country') !== undefined) return value;
	}
	return undefined;
}

/** The value at a key; a number with the area code that stands beside it, as in JotForm's. */
export function withArea(
	entry: Entry,
	key: string,
	keys: Map<string, string>,
	kind: FieldKind,
): unknown {
	const value = entry[key];
	if (kind !== 'phone') return value;
	const area = AREA_KEYS.map((name) => valueAt(entry, keys, name)).find((each) =>
		scalarText(each, kind),
	);
	const isPart = typeof value === 'string' || typeof value === 'number';
	if (area === undefined || !isPart || !/^[\d\s-]{3,12}$/.test(String(value))) return value;
	return String(value).startsWith(String(area)) ? value : `${String(area)} ${value}`;
}
