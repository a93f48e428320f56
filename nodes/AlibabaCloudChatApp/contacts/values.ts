/**
 * The text in a field, which may be a list, an object, or JSON: `fieldText` returns the best one, and `readValue` all
 * of them. Each `Entry` of such a field may have a label ("mobile", "work") and, next to a phone, a country and codes.
 */

import { resolveCountry } from './country';
import { compact, isKnownOther, isUnknownWord, wordsOf } from './keyName';
import { namesOther, roleOf } from './keyRole';
import { company, personal } from './languages.json';
import {
	type FieldKind,
	type IdentifierKind,
	isObjectOrList,
	isOneEmail,
	isWrittenAsIdentifier,
	looksLikeJson,
	mayBeIdentifier,
	parseJson,
	scalarText,
	wordSet,
} from './text';

/** What helps to read a phone number, from its entry or the fields next to it. */
export interface PhoneNeighbors {
	/** A name, an ISO code, a calling code, or a list. */
	country?: unknown;
	/** A calling code, or the country that it belongs to. */
	callingCode?: unknown;
	areaCode?: unknown;
}

/** Text in a field; null if the field contains something else. */
interface FieldText extends PhoneNeighbors {
	text: string | null;
}

/** One of several emails, phones, or countries, with its labels. */
type Entry = Record<string, unknown>;

/** What an entry and the objects around a value say about it. */
interface Description extends PhoneNeighbors {
	primary?: boolean;
	mobile?: boolean;
	use?: IdentifierUse;
	/** Whether its label is unknown: "grandma". */
	unknown?: boolean;
}

/** Text that was found, with what is known about it. */
interface FoundText extends FieldText, Description {}

interface Search {
	kind: FieldKind;
	found: FoundText[];
	/** How many more values may be read, so that a long or deep list doesn't take too much time. */
	left: number;
}

/** What the objects around a value say about it, and how many there are. */
interface Inherited extends Description {
	depth: number;
}

/** Whether an email or a phone is personal or for work. On Facebook, people use their personal ones. */
export type IdentifierUse = 'personal' | 'company';

// Keys for the value in an entry, best first.
const VALUE_KEYS: Record<FieldKind, readonly string[]> = {
	email:
		'value propertyvalue textvalue displayvalue stringvalue answervalues email address emailaddress primaryemail answer values text'.split(
			' ',
		),
	phone:
		'e164 e164phone internationalnumber displaynumber canonicalform value propertyvalue textvalue displayvalue stringvalue answervalues number phone phonenumber freeformnumber full answer values text'.split(
			' ',
		),
	country:
		'code countrycode iso alpha2 iso2 value name country countryname label answer values title'.split(
			' ',
		),
};
// Labels that some CRMs use as keys, each with one email or phone.
const LABELED_KEYS: Record<FieldKind, readonly string[]> = {
	email: ['main', 'home', 'work'],
	phone: ['mobile', 'cell', 'main', 'home', 'work'],
	country: [],
};
const PHONE_KEYS = {
	// Signs of a shared number that reaches the person only with a code or for some hours, or of a line that a company
	// rents.
	relay:
		'localizer phonelocalizer ismasked masked isproxy isanonymized provider capabilities orgid accountsid'.split(
			' ',
		),
	// { phone, mobile }
	mobile: ['mobile', 'cell', 'whatsapp'],
};
// Keys of an email message, which isn't an email address.
const MESSAGE_KEYS = ['from', 'source', 'sender'];
const NO_KEYS = { relay: [], mobile: [] };
const LABEL_KEY = /^(?:category|field|enumcode|tag|kind|use|[a-z]*type|[a-z]*label)$/;
const PRIMARY_KEYS =
	'primary isprimary primaryaddress default isdefault preferred ispreferred'.split(' ');
const MOBILE_WORDS = wordSet(
	'mobile cell cellphone cellular mob whatsapp iphone handy mobil celular portable',
);
const PERSONAL_WORDS = new Set(personal.map(compact));
const COMPANY_WORDS = new Set(company.map(compact));
const PERSONAL = /个人|個人|私人|家庭|住宅|自宅|개인|집/;
const COMPANY = /工作|办公|辦公|公司|单位|商务|商務|会社|勤務先|職場|회사|직장/;
const NOT_AN_ENTRY = wordSet('address shipping place');
const MAX_DEPTH = 4;
const MAX_VALUES = 400;
const MAX_LISTED = 100;
const MAX_KEYS = 60;
const LONGEST_LABEL = 60;

/**
 * The best text in a field.
 * @returns undefined if the field is empty, null if the value can't contain text
 */
export function fieldText(value: unknown, kind: FieldKind): string | null | undefined {
	return mayContainSeveral(value) ? readValue(value, kind)[0]?.text : scalarText(value, kind);
}

/** Whether a field contains something, valid or not. */
export function isFilled(value: unknown, kind: FieldKind): boolean {
	return isPlainlyFilled(value) || fieldText(value, kind) !== undefined;
}

// Placeholders and lists don't begin with a digit, or with a letter and contain an @, so most values don't have to be
// read.
function isPlainlyFilled(value: unknown): boolean {
	if (typeof value !== 'string') return false;
	const first = value.charCodeAt(0);
	if (first >= 0x30 && first <= 0x39) return true;
	const letter = first | 0x20;
	return letter >= 0x61 && letter <= 0x7a && value.includes('@');
}

/** Whether a country is a system's internal ID, as in `country_id: 1`. */
export function isCountryId(key: string, value: unknown): boolean {
	// Without a maximum length, the pattern could overflow the stack.
	const isNumber =
		typeof value === 'number' || (typeof value === 'string' && /^\d{1,20}$/.test(value));
	return isNumber && /(?:^|_|\b)id$|I[dD]$/.test(key);
}

/** Whether a field contains text that may be an email or a number, as {@link mayBeIdentifier} checks it. */
export function mayContainIdentifier(value: unknown, kind: IdentifierKind): boolean {
	return mayBeIdentifier(fieldText(value, kind), kind);
}

/** Whether a label is for a mobile number. */
export function isMobileLabel(label: string): boolean {
	return wordsOf(label).some((word) => MOBILE_WORDS.has(word));
}

/** Whether a label or a name is for a personal email or phone, or for one at work. */
export function identifierUseOf(label: string): IdentifierUse | undefined {
	const words = wordsOf(label);
	if (words.some((word) => COMPANY_WORDS.has(word)) || COMPANY.test(label)) return 'company';
	if (words.some((word) => PERSONAL_WORDS.has(word)) || PERSONAL.test(label)) return 'personal';
	return undefined;
}

/** What Google Contacts writes between the values in a cell. */
const BETWEEN = ' ::: ';
// Searching megabytes of text takes as long as everything else; a cell with 100 values has 3,000 characters.
const LONGEST_CELL = 5000;

/** Whether a value may contain several: a list, an object, JSON, or a cell from Google Contacts. */
export function mayContainSeveral(value: unknown): boolean {
	if (typeof value === 'string') return looksLikeJson(value) || isJoined(value);
	return isObjectOrList(value);
}

function severalIn(text: string): object | undefined {
	return parseJson(text) ?? (isJoined(text) ? text.split(BETWEEN) : undefined);
}

function isJoined(text: string): boolean {
	return text.length <= LONGEST_CELL && text.includes(BETWEEN);
}

/** The strings in a field, best first; lists and objects are searched up to a limit. */
export function readValue(value: unknown, kind: FieldKind): FieldText[] {
	if (isObjectOrList(value)) return entriesIn(value, kind);
	const several = typeof value === 'string' ? severalIn(value) : undefined;
	if (several) return entriesIn(several, kind);
	const text = scalarText(value, kind);
	return text === undefined ? [] : [{ text }];
}

function entriesIn(value: object, kind: FieldKind): FieldText[] {
	const search: Search = { kind, found: [], left: MAX_VALUES };
	collectTexts(value, search, { depth: 0 });
	if (kind === 'country') return oneCountry(search.found);
	// Next to a known label, an unknown one may be for somebody else: { main: '…', grandma: '…' }.
	const known = search.found.filter(({ unknown }) => unknown !== true);
	const found = known.length > 0 ? known : search.found;
	return found.length < 2 ? found : found.sort((a, b) => score(b, kind) - score(a, kind));
}

// A reference such as Odoo's country_id is [id, name]; with several countries, it's unclear which one is meant.
function oneCountry(found: FoundText[]): FieldText[] {
	const named = found.filter(({ text }) => text === null || !/^\d+$/.test(text));
	const texts = new Set((named.length > 0 ? named : found).map(({ text }) => text));
	return texts.size > 1 ? [{ text: null }] : [...texts].map((text) => ({ text }));
}

// What a CRM marks as primary was chosen. Otherwise, Meta is more likely to know a personal email or phone than one at
// work.
function score({ text, mobile, primary, use }: FoundText, kind: FieldKind): number {
	return (
		(mayBeIdentifier(text, kind) ? 8 : 0) +
		(kind === 'phone' && mobile ? 4 : 0) +
		(primary ? 2 : 0) +
		(use === 'personal' ? 1 : 0)
	);
}

function collectTexts(value: unknown, search: Search, inherited: Inherited): void {
	if (search.left-- <= 0) return;
	if (!isObjectOrList(value)) {
		const text = scalarText(value, search.kind);
		const { depth: _, ...rest } = inherited;
		if (text !== undefined) search.found.push({ text, ...rest });
	} else if (inherited.depth >= MAX_DEPTH) {
		search.found.push({ text: null });
	} else if (Array.isArray(value)) {
		const length = Math.min(value.length, MAX_LISTED);
		for (let at = 0; at < length; at++) {
			collectTexts(value[at], search, { ...inherited, depth: inherited.depth + 1 });
		}
	} else {
		collectEntry(value as Entry, search, { ...inherited, depth: inherited.depth + 1 });
	}
}

function collectEntry(entry: Entry, search: Search, inherited: Inherited): void {
	const keys = keysByName(entry);
	const labels = labelsOf(entry, keys, LABEL_KEY);
	const names = labelsOf(entry, keys, /^name$/);
	const { relay, mobile } = search.kind === 'phone' ? PHONE_KEYS : NO_KEYS;
	const isOthers = [...labels.map(namesOther), ...names.map(namesKnownOther)].includes(true);
	if (isOthers || isNotIdentifier(entry, keys, relay)) return;
	const inner = inheritedFrom(entry, { keys, labels: [...labels, ...names], search, inherited });
	const before = search.found.length;
	const known = VALUE_KEYS[search.kind].flatMap((name) => keys.get(name) ?? []);
	const hasMobile = hasAny(entry, keys, mobile);
	for (const key of known) {
		if (isSerialized(entry[key])) continue;
		collectTexts(entry[key], search, inner);
		// The first value counts, unless the entry has a mobile as well.
		if (search.found.length > before && !hasMobile) return;
	}
	const labeled = LABELED_KEYS[search.kind].flatMap((name) => keys.get(name) ?? []);
	for (const key of labeled) collectLabeled(entry[key], key, { search, inner });
	collectUnderOtherKeys(entry, search, { ...inner, skipped: labeled });
	if (search.found.length === before && known.length + labeled.length === 0 && keys.size > 0) {
		search.found.push({ text: null });
	}
}

function isNotIdentifier(
	entry: Entry,
	keys: Map<string, string>,
	relay: readonly string[],
): boolean {
	if (hasAny(entry, keys, relay)) return true;
	return MESSAGE_KEYS.some((name) => isOneEmail(entry[keys.get(name) ?? '']));
}

function inheritedFrom(
	entry: Entry,
	{
		keys,
		labels,
		search,
		inherited,
	}: { keys: Map<string, string>; labels: string[]; search: Search; inherited: Inherited },
): Inherited {
	const label = keys.get('label');
	return {
		...inherited,
		...neighborsIn(entry, search.kind),
		primary: inherited.primary === true || isPrimary(entry, keys),
		mobile: inherited.mobile === true || labels.some(isMobileLabel),
		use: labels.map(identifierUseOf).find((use) => use !== undefined) ?? inherited.use,
		unknown: inherited.unknown === true || (label !== undefined && isUnknownLabel(entry[label])),
	};
}

function collectLabeled(
	value: unknown,
	label: string,
	{ search, inner }: { search: Search; inner: Inherited },
): void {
	if (isSerialized(value)) return;
	collectTexts(value, search, {
		...inner,
		mobile: inner.mobile === true || isMobileLabel(label),
		use: identifierUseOf(label) ?? inner.use,
	});
}

/** An entry's keys, by only their letters and digits. */
function keysByName(entry: Entry): Map<string, string> {
	const keys = new Map<string, string>();
	for (const key of Object.keys(entry).slice(0, MAX_KEYS)) {
		if (key.length <= LONGEST_LABEL) keys.set(key.toLowerCase().replace(/[^a-z0-9]/g, ''), key);
	}
	return keys;
}

function labelsOf(entry: Entry, keys: Map<string, string>, wanted: RegExp): string[] {
	const names = [...keys.keys()].filter((name) => wanted.test(name));
	return names.flatMap((name) => {
		const label = entry[keys.get(name) as string];
		return typeof label === 'string' && label.length <= LONGEST_LABEL ? label : [];
	});
}

// A name may be a person's, and then "Schneider" isn't an occupation.
function namesKnownOther(name: string): boolean {
	return wordsOf(name).some(isKnownOther);
}

function isPrimary(entry: Entry, keys: Map<string, string>): boolean {
	const metadata = entry.metadata as Entry | undefined;
	if (typeof metadata === 'object' && metadata?.primary === true) return true;
	return PRIMARY_KEYS.some((name) => {
		const flag = entry[keys.get(name) ?? ''];
		return flag === true || flag === 'true' || flag === 1;
	});
}

/**
 * A calling code with a plus (49 and 0049 become +49), or the given value if it names a country; undefined for anything
 * else.
 */
export function callingCodeOf(value: unknown): unknown {
	const text = fieldText(value, 'country');
	if (typeof text !== 'string') return undefined;
	const [, digits] = /^(?:\+|00)?\s?([1-9]\d{0,3})$/.exec(text) ?? [];
	if (digits !== undefined) return `+${digits}`;
	// "Ms" and "Mr" are also country codes.
	return isTitle(text) || resolveCountry(text) === undefined ? undefined : value;
}

function isTitle(text: string): boolean {
	return /^(?:M[RrSs]|Sr|Fr|St)\.?$/.test(text);
}

// The country, calling code, and area code in an entry, as in { area: '0151', phone: '…' } or { code: '+49', number: '…' }.
function neighborsIn(entry: Entry, kind: FieldKind): PhoneNeighbors {
	const neighbors: PhoneNeighbors = {};
	if (kind !== 'phone') return neighbors;
	for (const key of Object.keys(entry).slice(0, MAX_KEYS)) {
		const value = entry[key];
		const text = scalarText(value, 'country');
		if (typeof text !== 'string' || text.length > LONGEST_LABEL) continue;
		const neighbor = neighborOf(key, text);
		if (neighbor === 'callingCode') neighbors.callingCode ??= callingCodeOf(value);
		else if (neighbor) neighbors[neighbor] ??= value;
	}
	return neighbors;
}

function neighborOf(key: string, text: string): keyof PhoneNeighbors | undefined {
	const { field } = roleOf(key);
	const name = key.toLowerCase();
	if (field === 'areaCode' || name === 'area') return 'areaCode';
	if (field === 'country') return 'country';
	const isCode = field === 'callingCode' || name === 'prefix';
	return isCode || (name === 'code' && text.startsWith('+')) ? 'callingCode' : undefined;
}

function hasAny(entry: Entry, keys: Map<string, string>, names: readonly string[]): boolean {
	return names.some((name) => {
		const key = keys.get(name);
		return key !== undefined && Boolean(entry[key]);
	});
}

// Monday returns each value twice: as JSON and as text.
function isSerialized(value: unknown): boolean {
	return typeof value === 'string' && /^[{[]/.test(value);
}

// Values under custom labels, as in { other: ["mary@example.com"] }: anything that could be an email or a phone, unless
// it is somebody else's.
function collectUnderOtherKeys(
	entry: Entry,
	search: Search,
	{ skipped, ...inner }: Inherited & { skipped: readonly string[] },
): void {
	if (search.kind === 'country') return;
	const own = { ...search, found: [] as FoundText[] };
	for (const key of Object.keys(entry).slice(0, MAX_KEYS)) {
		if (skipped.includes(key) || !mayLabel(key, search.kind)) continue;
		const value = entry[key];
		if (typeof value !== 'string' && typeof value !== 'object') continue;
		const unknown = inner.unknown === true || isUnknownLabel(key);
		collectLabeled(value, key, { search: own, inner: { ...inner, unknown } });
	}
	search.left = own.left;
	search.found.push(...own.found.filter(({ text }) => isWrittenAsIdentifier(text, search.kind)));
}

function mayLabel(key: string, kind: FieldKind): boolean {
	const { field, party, objectRole } = roleOf(key);
	if (party === 'other' || NOT_AN_ENTRY.has(objectRole) || /ids?$/i.test(key)) return false;
	return field === kind || field === undefined;
}

function isUnknownLabel(label: unknown): boolean {
	if (typeof label !== 'string' || label === '' || label.length > LONGEST_LABEL) return false;
	const { field, objectRole } = roleOf(label);
	if (field !== undefined || objectRole !== 'unknown' || isMobileLabel(label)) return false;
	return wordsOf(label).every(isUnknownWord);
}
