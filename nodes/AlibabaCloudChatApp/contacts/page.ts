import { wordsOf } from './keyName';
import { roleOf } from './keyRole';
import { layoutOf } from './layout';

type Json = Record<string, unknown>;

/** Fields from a list of names and values as an object; `paths` says where each was in the list. */
export interface Pairs {
	json: Json;
	paths: Record<string, string>;
}

const LABEL_KEYS =
	'name label title question field key alias fieldname fieldcode displayname text prompt header column columntitle columnid variable property propertyname attribute slug ref id type datatype fieldtype attributetype columntype contactfieldtype source code'.split(
		' ',
	);
const VALUE_KEYS =
	'value answer values response val fieldvalue propertyvalue valuestring stringvalue textvalue displayvalue content'.split(
		' ',
	);
const FIELDS = new Set(['email', 'phone', 'country', 'callingCode', 'areaCode']);
const TYPES = new Set(['email', 'phone', 'country']);
// A property of a table that contains people who work with it, as in Notion, Monday, and ClickUp.
const STAFF_TYPES = new Set(
	'people person users user created_by last_edited_by last_modified_by collaborator collaborators multiple-person'.split(
		' ',
	),
);
const MAX_ENTRIES = 100;
const MAX_LABEL = 100;
const MAX_ENTRY_KEYS = 40;

/**
 * Fields as a form, a survey, or a CRM's custom fields list them: `{ name, value }`, `{ label, type, value }`,
 * `{ type: 'email', email }`. The label says what a field is, or else its type.
 * @param entries by their place: `[0]`, `abc`
 * @returns undefined when these are no fields
 */
export function pairsIn(entries: Iterable<[string, unknown]>): Pairs | undefined {
	const json: Json = Object.create(null) as Json;
	const paths: Record<string, string> = Object.create(null) as Record<string, string>;
	let seen = 0;
	for (const [place, entry] of entries) {
		if (seen++ >= MAX_ENTRIES) break;
		if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) continue;
		const label = labelOf(entry as Json);
		if (label === undefined) continue;
		const before = json[label];
		const value = identifierIn(entry as Json) ?? entry;
		json[label] = before === undefined ? value : [before, value].flat();
		paths[label] ??= place;
	}
	return Object.keys(paths).length > 0 ? { json, paths } : undefined;
}

/** Whether the entries of a list are names with values: answers or fields, not people. */
export function areAnswers(list: readonly unknown[]): boolean {
	const entries = list.slice(0, 10).filter((entry) => typeof entry === 'object' && entry !== null);
	return entries.length > 0 && entries.every((entry) => isAnswer(entry as Json));
}

function isAnswer(entry: Json): boolean {
	const keys = keysOf(entry);
	const has = (names: readonly string[]) => names.some((name) => keys.has(name));
	if ([...keys.values()].some((key) => FIELDS.has(roleOf(key).field ?? '')))
		return labelOf(entry) !== undefined;
	return has(VALUE_KEYS) && has(LABEL_KEYS);
}

// Only what names an email, a phone, or a country is kept: the rest of a form is no field of a contact.
function labelOf(entry: Json): string | undefined {
	const keys = keysOf(entry);
	if (typeof entry.type === 'string' && STAFF_TYPES.has(entry.type.toLowerCase())) return undefined;
	const values = VALUE_KEYS.some((name) => keys.has(name));
	let typed: string | undefined;
	for (const name of LABEL_KEYS) {
		const key = keys.get(name);
		for (const label of key === undefined ? [] : labelsIn(entry[key])) {
			const { field, party } = roleOf(label);
			// "Manager's email" is an email by its type, but not the contact's.
			if (party === 'other' && !isType(name)) return undefined;
			if (!FIELDS.has(field ?? '') || (isType(name) && !TYPES.has(field ?? ''))) continue;
			if (!isType(name) && values) return label;
			if (isType(name)) typed ??= values || hasOwnValue(entry, label) ? label : undefined;
		}
	}
	return typed;
}

function hasOwnValue(entry: Json, label: string): boolean {
	return (
		entry[label] !== undefined ||
		typeof entry.text === 'string' ||
		identifierIn(entry) !== undefined
	);
}

function keysOf(entry: Json): Map<string, string> {
	const keys = new Map<string, string>();
	for (const key of Object.keys(entry).slice(0, MAX_ENTRY_KEYS)) {
		if (key.length <= MAX_ENTRY_KEYS) keys.set(key.toLowerCase().replace(/[^a-z]/g, ''), key);
	}
	return keys;
}

// Omnisend's identifiers: { type: 'email', id: 'mary@example.com' }; Monday's text, Gorgias' address, Front's handle.
function identifierIn({ id, text, address, handle }: Json): unknown {
	return [id, text, address, handle].find(isIdentifier);
}

// What is an email or a number by its form, and nothing else.
function isIdentifier(id: unknown): boolean {
	return (
		typeof id === 'string' &&
		id.length < 100 &&
		/^(?:[^\s@]+@[^\s@]+\.[^\s@]+|\+\d{7,15})$/.test(id)
	);
}

function isType(name: string): boolean {
	return name.endsWith('type') || name === 'source';
}

// A label may be an object itself, as Typeform's question is; "INPUT_EMAIL" and "control_email" are types.
function labelsIn(label: unknown): string[] {
	if (typeof label === 'string') {
		return label.length > MAX_LABEL ? [] : [label.replace(/^(?:input|control)_/i, '')];
	}
	if (typeof label !== 'object' || label === null) return [];
	const { title, text, label: name, ref, type } = label as Json;
	return [title, text, name, ref, type].flatMap((each) =>
		typeof each === 'string' ? labelsIn(each) : [],
	);
}

/** A list of contacts in one item, as an HTTP request or an Aggregate node returns it. */
export interface ContactList {
	/** The list's data path. */
	path: string;
	entries: readonly unknown[];
}

const PAGING_WORDS = new Set(
	'count counts total totals page pages paging pagination per perpage limit offset skip cursor cursors next previous prev before after has more is last first self link links href url uri meta metadata size status statuscode code success successful ok message msg error errors warnings done type kind object list table version v start end took timed out time query sort order schema request id ts timestamp date event action topic trigger name number of number results records items result record returned matching available remaining current index from to current_page last_page etag odata context locator nextrecordsurl api webhook execution mode headers params method host attempt retry test live livemode created delivery account subdomain environment env source locale length endcursor hasnextpage startcursor pageinfo draw filtered took scroll jsonrpc facets aggregations sync token tokens items_per_page'.split(
		' ',
	),
);
const ENVELOPE = new Set(['headers', 'params', 'query', 'webhookUrl', 'executionMode']);
const LIST_KEYS = new Set(
	'results records data items contacts members customers leads people profiles rows responses users subscribers value values list lists entries submissions elements objects hits nodes edges result persons clients guests attendees participants registrants invitees candidates applicants students patients donors visitors orders tickets deals bookings appointments registrations subscriptions accounts prospects'.split(
		' ',
	),
);
const CONTAINERS = new Set(['body', 'data', 'result', 'response', 'payload', '_embedded']);
// The list's own record, rather than a page, has one of these next to it.
const OF_A_RECORD = new Set(['id', '_id', 'name', 'title', 'properties', 'email', 'phone']);
const MAX_ENTRIES_TESTED = 50;
const MAX_KEYS = 30;
const MAX_DEPTH = 3;

/**
 * The list of contacts that an item is: under `results`, `data`, or the like, with only paging data next to it.
 * A list with a record's ID, name, or contact next to it is a part of that record.
 * @param path of a list that contains contacts, whatever its entries name
 */
export function pageIn(json: Json, path?: string): ContactList | undefined {
	return pageAt(json, '', { depth: MAX_DEPTH, path });
}

/** Whether a key next to a list says something about the list, or about the event that brought it, not about a person. */
export function isPagingKey(key: string): boolean {
	return key.length <= 40 && !OF_A_RECORD.has(key)
		? wordsOf(key).every((word) => PAGING_WORDS.has(word))
		: key === 'id';
}

function pageAt(
	json: Json,
	path: string,
	at: { depth: number; path?: string },
): ContactList | undefined {
	const { keys } = layoutOf(json);
	if (keys.length > MAX_KEYS) return undefined;
	const key = listKey(json, keys);
	if (key === undefined || at.depth < 0) return undefined;
	// JSON-RPC numbers its answers.
	const others = keys.filter(
		(each) => each !== key && !(each === 'id' && json.jsonrpc !== undefined),
	);
	const list = json[key];
	const isInner = !Array.isArray(list);
	if (!others.every((each) => isPaging(each, json[each], { depth: MAX_DEPTH, isInner })))
		return undefined;
	const inner = path === '' ? key : `${path}.${key}`;
	if (isInner) return pageAt(list as Json, inner, { ...at, depth: at.depth - 1 });
	const isList = inner === at.path ? areObjects(list) : areContacts(list);
	return isList || isEmptyPage(list, others) ? { path: inner, entries: list } : undefined;
}

// A list with entries before an object that may contain one, and that before an empty list.
function listKey(json: Json, keys: readonly string[]): string | undefined {
	const lists = keys.filter(
		(key) => Array.isArray(json[key]) && (LIST_KEYS.has(key.toLowerCase()) || key === 'body'),
	);
	const filled = lists.find((key) => (json[key] as unknown[]).length > 0);
	return filled ?? keys.find((key) => isContainer(key, json[key])) ?? lists[0];
}

function isContainer(key: string, value: unknown): boolean {
	const isNamed = CONTAINERS.has(key) || LIST_KEYS.has(key.toLowerCase());
	return isNamed && typeof value === 'object' && value !== null && !Array.isArray(value);
}

// An empty list is a page only where something says that it is one of several.
function isEmptyPage(list: unknown[], others: string[]): boolean {
	return (
		list.length === 0 &&
		others.some((key) =>
			/count|total|page|cursor|next|has_?more|offset|limit|done|links?$/i.test(key),
		)
	);
}

// An event's own `id` around the container of the list is fine, next to the list it is a record's.
function isPaging(key: string, value: unknown, at: { depth: number; isInner: boolean }): boolean {
	if (ENVELOPE.has(key)) return key !== 'query' || !namesContact(value);
	if (OF_A_RECORD.has(key) && !(key === 'id' && at.isInner)) return false;
	if (Array.isArray(value)) return value.length === 0;
	if (typeof value !== 'object' || value === null) return isPagingKey(key) || value === null;
	if (at.depth <= 0 || namesContact(value)) return false;
	const keys = Object.keys(value);
	return (
		isPagingKey(key) ||
		(keys.length <= MAX_KEYS &&
			keys.every((each) => isPaging(each, (value as Json)[each], { ...at, depth: at.depth - 1 })))
	);
}

function areContacts(list: readonly unknown[]): boolean {
	const entries = list.slice(0, MAX_ENTRIES_TESTED);
	return (
		areObjects(entries) && entries.some((entry) => namesContact(entry, 3)) && !areAnswers(list)
	);
}

function areObjects(list: readonly unknown[]): boolean {
	return list
		.slice(0, MAX_ENTRIES_TESTED)
		.every((entry) => typeof entry === 'object' && entry !== null && !Array.isArray(entry));
}

/** Whether an object names an email or phone, of anybody but staff, in itself or in what is around the person. */
function namesContact(value: unknown, depth = 1): boolean {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
	const json = value as Json;
	const { fields, around, keys } = layoutOf(json);
	if (fields.email.length + fields.phone.length > 0) return true;
	if (keys.includes('From') && keys.includes('To')) return true;
	if (depth <= 0) return false;
	return around.slice(0, MAX_KEYS).some(({ key, role }) => {
		if (role.around !== 'neutral' && role.around !== 'person') return false;
		const inner = json[key];
		return namesContact(Array.isArray(inner) ? inner[0] : inner, depth - 1);
	});
}
