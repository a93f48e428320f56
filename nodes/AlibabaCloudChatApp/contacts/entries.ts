import { mayBe, scalarText, type FieldKind } from './text';
import { OTHERS } from './vocabulary';
import {
	isMobile,
	isMobileKey,
	isPrimary,
	keysOf,
	labelWords,
	ownCountry,
	withArea,
	type Entry,
} from './entryLabels';
import { roleOf } from './fieldRole';

/** A text in a field: null where something was filled in that holds no text. */
export interface Reading {
	text: string | null;
	/** The country in the entry itself, as in `{ countryCode, number }`. */
	country?: unknown;
}

/** A text on its way to be chosen. */
interface Candidate extends Reading {
	primary: boolean;
	mobile: boolean;
}

interface Search {
	kind: FieldKind;
	found: Candidate[];
	/** How many more values may be looked at: what is nested deep or long must not take long. */
	left: number;
}

// Names of the value in an entry, then the labels by which some CRMs keep one entry each, best first.
const VALUE_KEYS: Record<FieldKind, readonly string[]> = {
	email:
		'value propertyvalue email address emailaddress primaryemail answer values text main work home'.split(
			' ',
		),
	phone:
		'e164 e164phone internationalnumber canonicalform value propertyvalue number phone phonenumber freeformnumber full answer values text mobile cell main work home'.split(
			' ',
		),
	country:
		'code countrycode iso alpha2 iso2 value name country countryname label answer values title'.split(
			' ',
		),
};
const MAX_DEPTH = 4;
const MAX_VALUES = 400;
const MAX_LIST = 100;
const MAX_KEYS = 60;

/** The texts in a list or an entry, the best first; lists and objects are looked into only so far. */
export function readEntries(value: object, kind: FieldKind): Reading[] {
	const search: Search = { kind, found: [], left: MAX_VALUES };
	collect(value, search, { depth: 0, primary: false, mobile: false });
	const { found } = search;
	if (kind === 'country') return oneCountry(found);
	return found.length < 2 ? found : found.sort((a, b) => worth(b, kind) - worth(a, kind));
}

// A reference field such as Odoo's country_id is [id, name]; which of several countries is meant isn't known.
function oneCountry(found: Candidate[]): Reading[] {
	const named = found.filter(({ text }) => text === null || !/^\d+$/.test(text));
	const texts = new Set((named.length > 0 ? named : found).map(({ text }) => text));
	return texts.size > 1 ? [{ text: null }] : [...texts].map((text) => ({ text }));
}

function worth({ text, mobile, primary }: Candidate, kind: FieldKind): number {
	return (mayBe(text, kind) ? 4 : 0) + (kind === 'phone' && mobile ? 2 : 0) + (primary ? 1 : 0);
}

type Above = { depth: number; primary: boolean; mobile: boolean; country?: unknown };

function collect(value: unknown, search: Search, above: Above): void {
	if (search.left-- <= 0) return;
	if (typeof value !== 'object' || value === null) {
		const text = scalarText(value, search.kind);
		const { primary, mobile, country } = above;
		if (text !== undefined) search.found.push({ text, primary, mobile, country });
	} else if (above.depth >= MAX_DEPTH) {
		search.found.push({ text: null, primary: false, mobile: false });
	} else if (Array.isArray(value)) {
		const length = Math.min(value.length, MAX_LIST);
		for (let at = 0; at < length; at++)
			collect(value[at], search, { ...above, depth: above.depth + 1 });
	} else {
		collectEntry(value as Entry, search, { ...above, depth: above.depth + 1 });
	}
}

function collectEntry(entry: Entry, search: Search, above: Above): void {
	const keys = keysOf(entry);
	const labels = labelWords(entry, keys);
	if (labels.some((word) => OTHERS.has(word))) return;
	const within: Above = {
		depth: above.depth,
		primary: above.primary || isPrimary(entry, keys),
		mobile: above.mobile || isMobile(labels),
		country: ownCountry(entry, keys) ?? above.country,
	};
	const before = search.found.length;
	const known = VALUE_KEYS[search.kind].flatMap((name) => keys.get(name) ?? []);
	for (const key of known) {
		if (isSerialized(entry[key])) continue;
		collect(withArea(entry, key, keys, search.kind), search, {
			...within,
			mobile: within.mobile || isMobileKey(key),
		});
		if (search.found.length > before) return;
	}
	collectOther(entry, search, within);
	if (search.found.length === before && known.length === 0 && keys.size > 0) {
		search.found.push({ text: null, primary: false, mobile: false });
	}
}

// Monday keeps a value once as JSON and once as text.
function isSerialized(value: unknown): boolean {
	return typeof value === 'string' && /^[{[]/.test(value);
}

// Labels of a person's own, such as { other: ["mary@example.com"] }: what could be the value, but not another party's.
function collectOther(entry: Entry, search: Search, within: Above): void {
	if (search.kind === 'country') return;
	const own = { ...search, found: [] as Candidate[] };
	for (const key of Object.keys(entry).slice(0, MAX_KEYS)) {
		const role = roleOf(key);
		const suits = role?.slot === search.kind || role?.slot === 'rest' || role?.slot === 'wrapper';
		if (!suits || /ids?$/i.test(key)) continue;
		const value = entry[key];
		if (typeof value === 'string' || typeof value === 'object') {
			collect(value, own, { ...within, mobile: within.mobile || isMobileKey(key) });
		}
	}
	search.left = own.left;
	search.found.push(...own.found.filter(({ text }) => isPlainly(text, search.kind)));
}

// Without a name that says so, only what can hardly be anything else.
function isPlainly(text: string | null, kind: FieldKind): boolean {
	if (text === null || !mayBe(text, kind)) return false;
	return kind === 'email' ? text.includes('@') : /^[+(]?[\d\s().+/-]{7,25}$/.test(text);
}
