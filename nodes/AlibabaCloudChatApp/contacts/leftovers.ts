/**
 * What to report if a contact's email or phone wasn't found: `leftoversIn` returns values that look like one, or the
 * only ID; `fieldNamesOf` the names of the item's fields; `nodeThatGets` the node that gets the contact for an ID.
 */

import type { Contact, UnusedValue } from './contact';
import { systems } from './contactNodes.json';
import { compact, CONTACT_WORDS, namesPerson, pathParts, wordsOf } from './keyName';
import { roleOf } from './keyRole';
import keyWords from './keyWords.json';
import { identifierKeys, layoutOf } from './layout';
import { markedParty } from './marks';
import { type Found, isContacts, newScope, type Scope } from './people';
import { scopesOf } from './scopes';
import {
	firstOf,
	type IdentifierKind,
	isIdentifierKind,
	isInternationalNumber,
	isObject,
	isOneEmail,
	isWrittenAsIdentifier,
	type Json,
	mayBeIdentifier,
	wordSet,
} from './text';

const MAX_KEYS = 300;
const MAX_UNUSED = 20;
const MAX_NAMES = 15;
const LONGEST_NAME = 60;
// In a table without column names, the first contact's values are the keys.
const PERSONAL_DATA = /@|\d{5}/;
const MAX_OTHERS_DEPTH = 2;
// A date, an IP address, a time in seconds or milliseconds since 1970, or an ID with zeros before it.
const OTHER_DIGITS = /\/|^\d{4}-\d\d-\d\d|\d\.\d+\.\d+\.|^1[5-9]\d{8}(?:\d{3})?$|^000/;
const LONGEST_VALUE = 100;
const ABOUT = wordSet(keyWords.about);
const NOT_A_PHONE = wordSet(
	'id ids number no nr order invoice serial zip postcode plz code amount price total sum tax vat iban account card ref year age token hash key ts version width height size lat lng latitude longitude row index sku',
);
const IN_PATHS = wordSet('data fields field body payload object current');
const COPIES = wordSet('cc bcc fwd reply forward');
const ENTITIES = wordSet(
	'deal deals order orders ticket tickets opportunity case conversation subscription transaction invoice booking appointment registration message chat company organization organisation org reservation reservations resource parcel shipment enrollment quote job visit donation submission response payment checkout purchase task lead leads record entry opportunityid',
);
const NOT_AN_ENTITY = wordSet(
	'type user users owner creator responsible webhook app portal account workspace team form group pipeline stage status campaign list version portal page template host agent assignee source product plan business address board auth event category session parent',
);
const PERSON_FIELDS = wordSet(
	'firstname lastname fullname surname givenname familyname fname lname 姓名 company companyname street address address1 city zip postcode postalcode',
);
const EVENT = /^(?:event|action|operation|type|trigger|eventtype|subscriptiontype|object|topic)$/;
const SUBJECT_ID = /^(?:item|object|entity|resource)ids?$/;
// Between the IDs of people and those of records: a HubSpot event also has a `subscriptionId`.
const SUBJECT_RANK = 0.5;
const RESOURCE_URL =
	/\/(?:orders?|attendees?|contacts?|customers?|tickets?|leads?|deals?|people|persons?)(?:\/[\w-]+|\?id=)/i;

interface SearchResult {
	scopes: readonly Scope[];
	email?: Found;
	phone?: Found;
	/** Whether it is a call or a message: everyone in it who isn't identified as the contact is on our side. */
	isCallOrMessage: boolean;
}

/** What a search didn't use: values that look like an email or a phone number, or an ID if there is nothing else. */
export function leftoversIn({
	scopes,
	email,
	phone,
	isCallOrMessage,
}: SearchResult): Partial<Contact> {
	const left: Partial<Contact> = {};
	if (email === undefined || phone === undefined) {
		const searched = isCallOrMessage ? scopes.filter(isContacts) : scopes;
		const unused = unusedIn(searched, { email: email === undefined, phone: phone === undefined });
		if (unused.length > 0) left.unused = unused;
	}
	if (email !== undefined || phone !== undefined) return left;
	const mayHaveContact = left.unused !== undefined || scopes.some((each) => hasIdentifierKey(each));
	const id = mayHaveContact ? undefined : onlyIdIn(scopes);
	if (id !== undefined) left.onlyId = id;
	return left;
}

/** The values that {@link leftoversIn} reports, for a plain row. */
export function unusedInRow(json: Json, wanted: Record<IdentifierKind, boolean>): UnusedValue[] {
	return unusedIn([newScope(json, { person: { party: 'own', rank: 0, key: '' } })], wanted);
}

function unusedIn(
	scopes: readonly Scope[],
	wanted: Record<IdentifierKind, boolean>,
): UnusedValue[] {
	const found: UnusedValue[] = [];
	for (const { json, layout, pathOf } of scopes) {
		// An object about a company, or about a user of the system.
		if (layout.mayBeMarked && markedParty(json) === 'other') continue;
		for (const key of layout.keys.slice(0, MAX_KEYS)) {
			if (found.length >= MAX_UNUSED) return found;
			const kind = kindOfValue(key, json[key]);
			if (kind !== undefined && wanted[kind]) found.push({ path: pathOf(key), kind });
		}
	}
	return found;
}

function kindOfValue(key: string, value: unknown): IdentifierKind | undefined {
	if (typeof value !== 'string' || value.length > LONGEST_VALUE || value.length < 6)
		return undefined;
	const kind = isOneEmail(value) ? 'email' : mayBeNumberUnderKey(key, value) ? 'phone' : undefined;
	if (kind === undefined || roleOf(key).party === 'other') return undefined;
	return kind;
}

// Digits under a key that doesn't say what they are.
function mayBeNumberUnderKey(key: string, value: string): boolean {
	if (isInternationalNumber(value)) return true;
	if (!isWrittenAsIdentifier(value, 'phone') || OTHER_DIGITS.test(value)) return false;
	const digits = value.replace(/\D/g, '').length;
	if (digits < 9 || digits > 13) return false;
	const words = wordsOf(key);
	return !words.some((word) => NOT_A_PHONE.has(word) || ABOUT.has(word) || word.endsWith('id'));
}

/** Whether an object has a key for anyone's email or phone, except those for copies of a message. */
function hasIdentifierKey({ json, layout }: Pick<Scope, 'json' | 'layout'>, depth = 0): boolean {
	if (identifierKeys(layout).length > 0) return true;
	for (const { key, role } of layout.ofOthers.slice(0, MAX_KEYS)) {
		if (isIdentifierKind(role.field) && !wordsOf(key).some((word) => COPIES.has(word))) return true;
		const value = firstOf(json[key]);
		if (depth < MAX_OTHERS_DEPTH && isObject(value)) {
			if (hasIdentifierKey({ json: value, layout: layoutOf(value) }, depth + 1)) return true;
		}
	}
	return layout.keys.slice(0, MAX_KEYS).some((key) => isAboutNumber(key, json[key]));
}

// "display_phone_number" names a phone, although not the contact's.
function isAboutNumber(key: string, value: unknown): boolean {
	if (typeof value !== 'string' || !mayBeIdentifier(value, 'phone')) return false;
	const words = wordsOf(key);
	return words.includes('phone') && words.includes('number');
}

/** The data path of the ID in an item that contains nothing else about a person. */
function onlyIdIn(scopes: readonly Scope[]): string | undefined {
	if (scopes.some(isAboutPerson)) return undefined;
	const hasEvent = scopes
		.slice(0, 3)
		.some(({ layout }) => layout.keys.some((key) => EVENT.test(compact(key))));
	let best: RankedId | undefined;
	for (const id of scopes.flatMap((scope) => idsIn(scope, hasEvent))) {
		if (id.rank < (best?.rank ?? Infinity)) best = id;
	}
	return best?.path;
}

interface RankedId {
	path: string;
	rank: number;
}

function idsIn({ json, layout, pathOf }: Scope, hasEvent: boolean): RankedId[] {
	const subject = eventsSubjectId(json, layout.keys);
	const isInEvent = hasEvent || pathOf('').length > 1;
	return layout.keys.slice(0, MAX_KEYS).flatMap((key) => {
		const rank = key === subject ? SUBJECT_RANK : idRank(key, json[key], isInEvent);
		return rank === undefined ? [] : [{ path: pathOf(key), rank }];
	});
}

// { topic: 'CLIENT_CREATE', itemId: 'x' }
function eventsSubjectId(json: Json, keys: readonly string[]): string | undefined {
	const names = (key: string) => {
		const event = json[key];
		if (typeof event !== 'string' || event.length > LONGEST_NAME) return false;
		return wordsOf(event).some((word) => CONTACT_WORDS.has(word) || ENTITIES.has(word));
	};
	const key = keys.slice(0, MAX_KEYS).find((each) => SUBJECT_ID.test(compact(each)));
	if (key === undefined || !mayBeId(json[key])) return undefined;
	return keys.some((each) => EVENT.test(compact(each)) && names(each)) ? key : undefined;
}

function isAboutPerson(scope: Scope): boolean {
	if (!isContacts(scope)) return false;
	const { json, layout, person } = scope;
	const filled = layout.keys
		.slice(0, MAX_KEYS)
		.filter((key) => typeof json[key] === 'string' && json[key] !== '');
	if (filled.some((key) => PERSON_FIELDS.has(compact(key)))) return true;
	const refers = layout.keys.some(
		(key) => /(?:_|I)(?:id|D|d)s?$/.test(key) && compact(key) !== 'id',
	);
	return (
		person.party === 'own' &&
		!refers &&
		!layout.keys.some((key) => EVENT.test(compact(key))) &&
		filled.some((key) => compact(key) === 'name')
	);
}

// IDs of people come before those of records, and those before a plain `id`.
function idRank(key: string, value: unknown, isInEvent: boolean): number | undefined {
	if (!mayBeId(value)) return undefined;
	const words = pathParts(key)
		.flatMap(wordsOf)
		.filter((word) => word === 'id' || !IN_PATHS.has(word));
	const isId = ['id', 'ids', 'vid'].includes(words.at(-1) ?? '') || /(?:id|ID)s?$/.test(key);
	if (words.some((word) => NOT_AN_ENTITY.has(word))) return undefined;
	if (!isId) return typeof value === 'string' ? referenceRank(words, value) : undefined;
	if (words.some((word) => CONTACT_WORDS.has(word))) return 0;
	if (words.some((word) => ENTITIES.has(word))) return 1;
	return words.length <= 1 && isInEvent ? 2 : undefined;
}

function mayBeId(value: unknown): boolean {
	if (value === null || value === undefined || value === '' || value === false) return false;
	if (Array.isArray(value)) return value.length > 0 && typeof value[0] !== 'object';
	return !isObject(value);
}

// `customer: 'cus_123'`, or the URL of an order.
function referenceRank(words: string[], value: string): number | undefined {
	const last = words.at(-1) ?? '';
	const isPerson = words.length === 1 && CONTACT_WORDS.has(last);
	if (isPerson && /^[a-z]{2,5}_\w+$|^\d+$|^urn:/.test(value)) return 0;
	return /url|uri|link|href/.test(last) && RESOURCE_URL.test(value) ? 3 : undefined;
}

/**
 * The data paths of an item's fields that have a value, its own fields first, except paths that may contain personal
 * data.
 */
export function fieldNamesOf(json: Json): string[] {
	const names: string[] = [];
	for (const { json: fields, pathOf } of scopesOf(json)) {
		for (const key of Object.keys(fields)) {
			if (names.length >= MAX_NAMES) return names;
			const value = fields[key];
			if (value === null || value === undefined || typeof value === 'object') continue;
			if (key.length > LONGEST_NAME) continue;
			const path = pathOf(key);
			const isShown = !PERSONAL_DATA.test(path) && !path.split('.').some(namesPerson);
			if (path.length <= LONGEST_NAME && isShown) names.push(path);
		}
	}
	return names;
}

/** Whether an item has a field whose name is for an email or a phone number, even if it is empty. */
export function hasKnownField(json: Json): boolean {
	return scopesOf(json).some(({ layout }) => identifierKeys(layout).length > 0);
}

const MAX_KEYS_TO_MATCH = 200;
const MAX_DEPTH_TO_MATCH = 3;
const LONGEST_VALUE_TO_MATCH = 500;

/**
 * The node that gets the contact for an item with only an ID, if its keys show the system: "HubSpot 'Get a contact'".
 */
export function nodeThatGets(json: Json): string | undefined {
	const values = new Map<string, string>();
	collectValues(json, values, MAX_DEPTH_TO_MATCH);
	return systems.find(({ keys }) => keys.every((key) => matches(key, values)))?.node;
}

function matches(condition: string, values: Map<string, string>): boolean {
	const [key = '', part] = condition.split('=');
	const value = values.get(key);
	return value !== undefined && (part === undefined || value.includes(part));
}

function collectValues(json: Json, values: Map<string, string>, depth: number): void {
	for (const key of Object.keys(json).slice(0, MAX_KEYS_TO_MATCH)) {
		if (values.size > MAX_KEYS_TO_MATCH) return;
		const value = json[key];
		const text = typeof value === 'string' && value.length <= LONGEST_VALUE_TO_MATCH ? value : '';
		if (!values.has(key) || text !== '') values.set(key, text);
		if (isObject(value) && depth > 0) {
			collectValues(value, values, depth - 1);
		}
	}
}
