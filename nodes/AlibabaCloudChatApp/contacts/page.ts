/**
 * Pages and events: `pageIn(json)` finds the list in an item that is a page of contacts, and `isEnvelope(key, json)`
 * recognizes the object that an event is about. Paging data are what is next to such a list: counts, cursors, links.
 */

import { wordsOf } from './keyName';
import { roleOf } from './keyRole';
import { identifierKeys, layoutOf } from './layout';
import { areAnswers, fieldsInAnswers } from './answers';
import { isReceivedKey } from './sides';
import { isObject, isObjectOrList, type Json, wordSet } from './text';

/** A list of contacts in one item, as an HTTP request or an Aggregate node returns it. */
export interface ContactList {
	/** The data path of the list. */
	path: string;
	entries: readonly unknown[];
}

const PAGING_WORDS = wordSet(
	'entity collection count counts total totals page pages paging pagination per perpage limit offset skip cursor cursors next previous prev before after has more is last first self link links href url uri meta metadata size status statuscode code success successful ok message msg error errors warnings done type kind object list table version v start end took timed out time query sort order schema request id ts timestamp date event action topic trigger name number of number results records items result record returned matching available remaining current index from to current_page last_page etag odata context locator nextrecordsurl api webhook execution mode headers params method host attempt retry test live livemode created delivery account subdomain environment env source locale length endcursor hasnextpage startcursor pageinfo draw filtered took scroll jsonrpc facets aggregations sync token tokens items_per_page messages layout database found info max min score relation shards failed skipped extensions cost requested actual integration pending database workspace',
);
const WEBHOOK_KEYS = wordSet('headers params query webhookUrl executionMode');
const LIST_KEYS = wordSet(
	'results records data items contacts members customers leads people profiles rows responses users subscribers value values list lists entries submissions elements objects hits nodes edges result persons clients guests attendees participants registrants invitees candidates applicants students patients donors visitors orders tickets deals bookings appointments registrations subscriptions accounts prospects',
);
const CONTAINERS = wordSet('body data result response payload _embedded');
// A list next to one of these is a part of a record, not a page.
const OF_A_RECORD = wordSet('id _id name title properties email phone');
const RECORD_ID =
	/^(?:order|booking|deal|ticket|reservation|meeting|call|document|invoice|appointment|project|task|quote|contract|policy)_?id$/i;
const ONE_RECORD = /^(?:booking|order|deal|reservation|meeting|appointment|document|contract)$/i;
const MAX_ENTRIES_TESTED = 50;
const MAX_KEYS = 30;
const PAGING_KEY = /^(?:page|page_?(?:size|number)|per_?page|limit|offset|has_?more|next_?page)$/i;
// Keys next to `content`, which is what Spring calls a page's entries.
const SPRING_PAGE_KEY = /^(?:pagination|pageable|page|paging|total_?(?:elements|pages))$/i;
const MAX_DEPTH = 3;
const MAX_ENVELOPE = 8;
const SUBJECT_KEYS = 'action event event_type eventType event_name eventName type topic'.split(' ');
const SHORTEST_SUBJECT = 3;
const LONGEST_EVENT = 60;
const XML_ATTRIBUTE = /^(?:xmlns|xsi|xml)(?::|$)/;

/**
 * The list of contacts in an item that is a page: under `results`, `data`, or the like, with only paging data next to
 * it. A list next to a record's ID, name, or contact is a part of that record.
 * @param path the data path of a list that contains contacts, whatever its entries' keys are
 */
export function pageIn(json: Json, path?: string): ContactList | undefined {
	return pageAt(json, '', { depth: MAX_DEPTH, path });
}

/** Whether a key next to a list is about the list or the event that contains it, not about a person. */
function isPagingKey(key: string): boolean {
	if (key.length > 40 || OF_A_RECORD.has(key)) return key === 'id';
	const words = wordsOf(key);
	return words.every((word) => PAGING_WORDS.has(word) || (isCount(words) && LIST_KEYS.has(word)));
}

/** Whether a key is for the only object of an event, whatever its name: { event: 'signup', acme: { … } }. */
export function isEnvelope(key: string, json: Json, keys: readonly string[]): boolean {
	if (roleOf(key).objectRole !== 'unknown') return false;
	if (isSubjectOfEvent(key, json)) return true;
	if (keys.length > MAX_ENVELOPE) return false;
	return keys.every(
		(each) =>
			each === key ||
			XML_ATTRIBUTE.test(each) ||
			(typeof json[each] !== 'object' && isPagingKey(each)),
	);
}

// Whether a key is what an event is named after: { event: 'job.created', company_id, job: { … } }.
function isSubjectOfEvent(key: string, json: Json): boolean {
	if (key.length < SHORTEST_SUBJECT || !isObject(json[key])) return false;
	return SUBJECT_KEYS.some((name) => {
		const given = json[name];
		const event = isObject(given) ? (given.event_type ?? given.type ?? given.name) : given;
		if (typeof event !== 'string' || event.length > LONGEST_EVENT) return false;
		return wordsOf(event).join('').startsWith(wordsOf(key).join(''));
	});
}

// "contacts_count", "total_customers"
function isCount(words: readonly string[]): boolean {
	return /^(?:count|total)$/.test(words.at(-1) ?? '') || words[0] === 'total';
}

function pageAt(
	json: Json,
	path: string,
	at: { depth: number; path?: string },
): ContactList | undefined {
	const { keys } = layoutOf(json);
	const numbered = numberedEntries(json);
	if (numbered) return areContacts(numbered) ? { path, entries: numbered } : undefined;
	const key = listKey(json, keys);
	if (key === undefined || at.depth < 0 || isRecord(key, json[key])) return undefined;
	const others = keys.filter((each) => each !== key && !isJsonRpcId(each, json));
	const list = json[key];
	const isInner = !Array.isArray(list);
	const isPaged = others.some((each) => PAGING_KEY.test(each));
	const isNextTo = (each: string) =>
		isPaging(each, json[each], { depth: MAX_DEPTH, isInner }) ||
		(isPaged && isPlainNeighbor(each, json[each]));
	if (!others.every(isNextTo)) return undefined;
	const inner = path === '' ? key : `${path}.${key}`;
	if (isInner) return pageAt(list as Json, inner, { ...at, depth: at.depth - 1 });
	const isList = inner === at.path ? areObjects(list) : areContacts(list);
	return isList || isEmptyPage(list, others) ? { path: inner, entries: list } : undefined;
}

function isJsonRpcId(key: string, { jsonrpc }: Json): boolean {
	return key === 'id' && jsonrpc !== undefined;
}

function isRecord(key: string, value: unknown): boolean {
	return ONE_RECORD.test(key) && isObject(value) && 'id' in value;
}

// A list that became an object, as in { ...contacts }.
function numberedEntries(json: Json): unknown[] | undefined {
	if (!Object.hasOwn(json, '0') || !Object.hasOwn(json, '1')) return undefined;
	const isNumbered = Object.keys(json).every((key, index) => key === String(index));
	return isNumbered ? Object.values(json) : undefined;
}

// An unknown key next to a page number is about the list, such as `customObjectKey`.
function isPlainNeighbor(key: string, value: unknown): boolean {
	if (typeof value === 'object' || (OF_A_RECORD.has(key) && key !== 'title')) return false;
	const { field, party } = roleOf(key);
	return field === undefined && party === 'own' && !/name$|id$/i.test(key);
}

// A list with entries comes before an object that may contain one, which comes before an empty list.
function listKey(json: Json, keys: readonly string[]): string | undefined {
	if (keys.length > MAX_KEYS) return undefined;
	const isPage = keys.some((key) => SPRING_PAGE_KEY.test(key));
	const isListKey = (key: string) =>
		LIST_KEYS.has(key.toLowerCase()) || key === 'body' || (isPage && key === 'content');
	const lists = keys.filter((key) => Array.isArray(json[key]) && isListKey(key));
	const filled = lists.find((key) => (json[key] as unknown[]).length > 0);
	return (
		filled ?? keys.find((key) => isContainer(key, json[key])) ?? lists[0] ?? onlyObject(json, keys)
	);
}

// The only object of an API response, whatever its name: OData's `d`, or a GraphQL query's name.
function onlyObject(json: Json, keys: readonly string[]): string | undefined {
	const [key, ...more] = keys.filter((each) => isObjectOrList(json[each]));
	if (key === undefined || more.length > 0 || Array.isArray(json[key])) return undefined;
	return roleOf(key).field === undefined ? key : undefined;
}

function isContainer(key: string, value: unknown): boolean {
	const isNamed = CONTAINERS.has(key) || LIST_KEYS.has(key.toLowerCase());
	return isNamed && isObject(value);
}

// An empty list is a page only if a key next to it is about paging.
function isEmptyPage(list: unknown[], others: string[]): boolean {
	return (
		list.length === 0 &&
		others.some((key) =>
			/count|total|page|cursor|next|has_?more|offset|limit|done|links?$/i.test(key),
		)
	);
}

// An `id` next to the list is a record's; next to the object that contains the list, it is an event's.
function isPaging(key: string, value: unknown, at: { depth: number; isInner: boolean }): boolean {
	if (WEBHOOK_KEYS.has(key)) return key !== 'query' || !namesContact(value);
	if (isOfRecord(key, value, at.isInner)) return false;
	if (Array.isArray(value))
		return value.length === 0 || (isPagingKey(key) && areStatusTexts(value));
	if (isObject(value)) return at.depth > 0 && isPagingObject(key, value, at);
	return isPagingKey(key) || value === null;
}

function isOfRecord(key: string, value: unknown, isInner: boolean): boolean {
	if (RECORD_ID.test(key)) return Boolean(value);
	return OF_A_RECORD.has(key) && !(key === 'id' && isInner);
}

function isPagingObject(key: string, json: Json, at: { depth: number; isInner: boolean }): boolean {
	return !namesContact(json) && (isPagingKey(key) || isAllPaging(json, at));
}

function isAllPaging(json: Json, at: { depth: number; isInner: boolean }): boolean {
	const keys = Object.keys(json);
	const inner = { ...at, depth: at.depth - 1 };
	return keys.length <= MAX_KEYS && keys.every((key) => isPaging(key, json[key], inner));
}

// What a system reports about its response: [{ code: '0', message: 'OK' }].
function areStatusTexts(list: readonly unknown[]): boolean {
	return (
		areObjects(list) &&
		list
			.slice(0, MAX_ENTRIES_TESTED)
			.every((entry) => Object.keys(entry as Json).every(isPagingKey))
	);
}

function areContacts(list: readonly unknown[]): boolean {
	const entries = list.slice(0, MAX_ENTRIES_TESTED);
	return (
		areObjects(entries) && entries.some((entry) => namesContact(entry, 3)) && !areAnswers(list)
	);
}

function areObjects(list: readonly unknown[]): boolean {
	return list.slice(0, MAX_ENTRIES_TESTED).every(isObject);
}

/** Whether an object, or one in it for a person, has a key for an email or phone of anyone but staff. */
function namesContact(value: unknown, depth = 1): boolean {
	if (!isObject(value)) return false;
	const layout = layoutOf(value);
	const { objects, keys } = layout;
	if (identifierKeys(layout).length > 0 || isMessage(keys)) return true;
	if (depth <= 0) return false;
	return objects.slice(0, MAX_KEYS).some(({ key, role }) => {
		if (role.objectRole !== 'neutral' && role.objectRole !== 'person') return false;
		const inner = value[key];
		if (!Array.isArray(inner)) return namesContact(inner, depth - 1);
		const fields = fieldsInAnswers(
			inner.slice(0, MAX_KEYS).map((entry, index) => [String(index), entry]),
		);
		return namesContact(fields?.json ?? inner[0], depth - 1);
	});
}

// An incoming message, as Alibaba Cloud, Twilio, and Infobip report it.
function isMessage(keys: readonly string[]): boolean {
	if (keys.includes('From') && keys.includes('To')) return true;
	return keys.includes('from') && keys.includes('to') && keys.some(isReceivedKey);
}
