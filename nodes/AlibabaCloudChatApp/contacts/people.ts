/**
 * The people in an item. A `Scope`, a `Person`, and a `Found` are defined here. Where neither a key nor a mark shows who
 * somebody is, their values decide: names, emails, and what is next to them show whether two people are the same,
 * somebody's colleagues, or staff.
 */

import { compact, wordsOf } from './keyName';
import { type Party, roleOf } from './keyRole';
import { type Candidate, identifierKeys, type Layout, layoutOf } from './layout';
import { isCompanyKey, isMainEntry, isPersonItem, isPersonsName, markedParty } from './marks';
import {
	firstOf,
	IDENTIFIER_KINDS,
	type IdentifierKind,
	isObject,
	isObjectOrList,
	isOneEmail,
	type Json,
	mayBeIdentifier,
} from './text';
import { fieldText, type IdentifierUse } from './values';

/** Somebody in an item: the one it is about, or one of those in it. */
export interface Person {
	/**
	 * `own` or `contact`: the contact. `possible`: only if no key names the contact. `excluded`: never, since nothing shows
	 * who it is, or which of several people is the contact.
	 */
	party: Party | 'excluded';
	/** The lower, the more likely it is that the item is about this person. */
	rank: number;
	/** The person that the enclosing object is about. */
	parent?: Person;
	/** The key of the object for the person. */
	key: string;
	/** Whether the person is one of several in a list. */
	isListed?: boolean;
	/** Whether nothing shows which of the people in that list is the contact. */
	isAmbiguous?: boolean;
}

/** One object of an item that may say something about a contact. */
export interface Scope {
	json: Json;
	layout: Layout;
	person: Person;
	/** The enclosing object. */
	outer?: Scope;
	/** The use that its key names: `{ work: { email }, home: { email } }`. */
	use?: IdentifierUse;
	/** The data path of one of its keys. */
	pathOf: (key: string) => string;
}

/** A value that was found: where it is, and who it belongs to. */
export interface Found {
	scope: Scope;
	candidate: Candidate;
	value: unknown;
	person: Person;
	rank: number;
}

/** A scope for an object, whose data path is `path`, or for fields with the paths that `pathOf` returns. */
export function newScope(
	json: Json,
	{ person, outer, use, path = '', pathOf = (key) => pathTo(path, key) }: ScopeAt,
): Scope {
	return { json, layout: layoutOf(json), person, outer, use, pathOf };
}

/** A key's data path within an object. */
export function pathTo(path: string, key: string): string {
	if (path === '') return key;
	return /[.[\]]/.test(key) || key === '' ? `${path}["${key}"]` : `${path}.${key}`;
}

/** Ranks of people, by what shows who they are. */
export const PERSON_RANKS = {
	named: 10,
	orderLine: 30,
	marked: 50,
	company: 60,
	possible: 100,
	excluded: 300,
};

type ScopeAt = Pick<Scope, 'person' | 'outer' | 'use'> & {
	path?: string;
	pathOf?: Scope['pathOf'];
};
type ObjectWithLayout = Pick<Scope, 'json' | 'layout'>;

const HOST_KEYS =
	'organizer organiser host creator organizerEmail organizer_email hostEmail host_email host_email_address'.split(
		' ',
	);
const EMAIL_KEYS = ['email', 'emailAddress', 'email_address', 'address', 'mail', 'user'];
// Anyone can have an email at these domains, and those at "example" are only examples.
const OPEN_TO_ALL =
	/^(?:gmail|googlemail|outlook|hotmail|live|msn|yahoo|ymail|icloud|me|mac|aol|gmx|web|mail|proton|protonmail|pm|qq|163|126|foxmail|sina|yandex|naver|daum|hanmail|t-online|orange|free|libero|uol|bol|terra|zoho|fastmail|hey|comcast|example)\./;
const MAX_KEYS_OF_SHORT_EVENT = 6;
const REFERS = /(?:_i|I)ds?$/;
// A user next to one of these objects works on it.
const WORKED_ON =
	/^(?:deal|lead|contact|opportunity|note|task|activity|case|project|issue|card|board|record|company|document|file|report|export|comment|pipeline)$/i;
// A record with one of these keys is about somebody else.
const OF_RECORD =
	/^(?:.*(?:lead|deal|ticket|opportunity|case|task|project|issue|board|repository)s?_?id|(?:contact|customer|client|partner|person|lead)_?(?:full_?)?name)$/i;
const OF_CONTACT =
	/^(?:billing|customer|client|buyer|payer|contact|card_?holder)_?(?:full_?)?name$/i;
/** The keys of the person to whom a ticket is assigned. */
export const ASSIGNED = /^assign/i;

const REQUEST_TYPE = /^request_?type(?:_?id)?$/i;
const LONGEST_NAME = 100;
const DIGITS_COMPARED = 8;

/** Whether an object or a value is the contact's, as far as the keys say. */
export function isContacts({ person: { party } }: { person: Person }): boolean {
	return party === 'own' || party === 'contact';
}

/** Whether a value is an email or a phone. */
export function kindOfFound({ candidate }: Found): IdentifierKind {
	return candidate.role.field === 'email' ? 'email' : 'phone';
}

/** A value as text, the same for all spellings of one email or number. */
export function comparableText(found: Found): string {
	const kind = kindOfFound(found);
	const text = (fieldText(found.value, kind) ?? '').trim().toLowerCase();
	return kind === 'phone' ? text.replace(/\D/g, '').slice(-DIGITS_COMPARED) : text;
}

function contains(outer: Person, inner: Person): boolean {
	for (let person: Person | undefined = inner; person; person = person.parent) {
		if (person === outer) return true;
		if (person.isListed) return false;
	}
	return false;
}

/** Whether two people are one: an object within a person's object is about the same person, unless it is in a list. */
export function areNested(one: Person, other: Person): boolean {
	return contains(one, other) || contains(other, one);
}

/** Whether a key and an object name one person: `{ customer_email, customer: { phone } }`. */
export function isNamesake(one: Person, other: Person): boolean {
	if (one.parent !== other.parent || one.isListed || other.isListed) return false;
	const { personWord } = roleOf(one.key);
	return personWord !== '' && personWord === roleOf(other.key).personWord;
}

/** The person in a list that somebody is: a profile within an entry is the entry's person. */
export function listedAs(person: Person): Person {
	for (let each: Person | undefined = person; each; each = each.parent)
		if (each.isListed) return each;
	return person;
}

/** The phones of one person: whoever the best phone belongs to. */
export function ofOnePerson(phones: Found[]): Found[] {
	const [first] = phones;
	if (!first) return [];
	return phones.filter(({ person }) => areNested(person, first.person));
}

/**
 * Whether at least two entries of a list have different emails, or phones for those without an email, not counting
 * staff, and none is marked as the main one.
 */
export function areDifferentPeople(people: readonly Json[], staff: readonly string[]): boolean {
	if (people.some(isMainEntry)) return false;
	const own = people.map((entry) => identifierOf(entry)).filter((address) => address !== undefined);
	return new Set(own.filter((address) => !staff.includes(address))).size > 1;
}

function identifierOf(entry: Json): string | undefined {
	const inner = layoutOf(entry).objects.flatMap(({ key }) => {
		const first = firstOf(entry[key]);
		return isObject(first) ? [first] : [];
	});
	for (const kind of IDENTIFIER_KINDS) {
		for (const each of [entry, ...inner]) {
			const texts = layoutOf(each).fields[kind].map(({ key }) => fieldText(each[key], kind));
			const text = texts.find((one) => mayBeIdentifier(one, kind));
			if (text) return text.trim().toLowerCase();
		}
	}
	return undefined;
}

/** Whether an entry is one of a person's phones rather than one of several people: { phone_type, phone_number }. */
export function isLabeled(entry: unknown): boolean {
	const [key, ...more] = identifierKeys(layoutOf(entry as Json));
	return key?.label !== undefined && more.length === 0;
}

/**
 * Whether an object is a company with contacts: { name: 'Acme', phone, contacts: [{ email }] },
 * { company: { contactPersons: [{ email }] }, phone }.
 */
export function isCompanyWithContacts({ json, layout }: ObjectWithLayout): boolean {
	if (layout.keys.some((key) => /^(?:first|last|given|family|sur)name$/.test(compact(key))))
		return false;
	if (isPersonItem(json)) return false;
	const companies = layout.ofOthers.filter(({ key }) => isCompanyKey(key) && isObject(json[key]));
	return [json, ...companies.map(({ key }) => json[key] as Json)].some(hasContactsList);
}

function hasContactsList(json: Json): boolean {
	return layoutOf(json).objects.some(({ key, role }) => {
		const list = json[key];
		if (
			!Array.isArray(list) ||
			!['contact', 'contacts', 'persons', 'people'].includes(role.personWord)
		)
			return false;
		const [entry] = list;
		return isObject(entry) && identifierKeys(layoutOf(entry)).length > 0;
	});
}

/** Whether the name next to a phone or email has nothing in common with the contact's name. */
export function isNamedAfterOther(json: Json, { names }: Candidate): boolean {
	if (names === undefined) return false;
	const own = nameWordsIn(json, names.own);
	const contact = nameWordsIn(json, names.contact);
	if (own.length === 0 || contact.length === 0) return false;
	return !own.some((word) => contact.includes(word));
}

/**
 * Whether two objects, each with a person's first or last name, have names with nothing in common. A shipping address
 * has a stricter rule (countryOfPhone.ts): the receiver of a gift often has the contact's last name.
 */
export function areNamedApart(one: ObjectWithLayout, other: ObjectWithLayout): boolean {
	const [names, others] = [personsName(one), personsName(other)];
	if (names.length === 0 || others.length === 0 || isLatin(names) !== isLatin(others)) return false;
	return !names.some((word) => others.includes(word));
}

// Forms for postal addresses often remove accents.
function personsName({ json, layout: { keys } }: ObjectWithLayout): string[] {
	return nameWordsIn(json, keys.filter(isPersonsName)).map(compact);
}

function isLatin(words: readonly string[]): boolean {
	return words.some((word) => /\p{Script=Latin}/u.test(word));
}

function nameWordsIn(json: Json, keys: readonly string[]): string[] {
	return keys.flatMap((key) => {
		const value = json[key];
		return typeof value === 'string' && value.length <= LONGEST_NAME
			? (value.toLowerCase().match(/\p{L}[\p{L}\p{M}'’-]+/gu) ?? [])
			: [];
	});
}

/** The emails of others in an object: `{ owner: { email } }`, `{ created_by: 'bob@agency.example' }`. */
export function emailsOfOthers(json: Json, { ofOthers }: Layout): string[] {
	return ofOthers.flatMap(({ key }) => {
		const value = json[key];
		const emails = isObject(value)
			? layoutOf(value).fields.email.map((each) => value[each.key])
			: [value];
		return emails.filter(isOneEmail).map((email) => email.trim().toLowerCase());
	});
}

/**
 * The mail domains of a meeting's hosts, from the meeting's fields and the entries of its list. Others at the same
 * domain are their colleagues.
 */
export function domainsOfHosts(meeting: Json | undefined, list: readonly unknown[]): Set<string> {
	const hosts = list.filter((entry) => isObject(entry) && markedParty(entry) === 'other');
	if (meeting) hosts.push(...HOST_KEYS.map((key) => meeting[key]));
	return new Set(hosts.flatMap((host) => domainsIn(host)));
}

/** Whether somebody's email is at one of these mail domains. */
export function isAtDomain(person: unknown, domains: ReadonlySet<string>): boolean {
	return domains.size > 0 && domainsIn(person).some((domain) => domains.has(domain));
}

/** The mail domains of an email, or of the emails in an object, except those where anyone can have an email. */
export function domainsIn(value: unknown, depth = 1): string[] {
	if (isOneEmail(value)) {
		const domain = value.slice(value.lastIndexOf('@') + 1).toLowerCase();
		return OPEN_TO_ALL.test(domain) ? [] : [domain];
	}
	if (!isObject(value)) return [];
	return EMAIL_KEYS.flatMap((key) => {
		const inner = value[key];
		return typeof inner === 'string' || depth > 0 ? domainsIn(inner, depth - 1) : [];
	});
}

/** Whether a reporter in an object with these keys asked a service desk for something: its requests have a type. */
export function asksForService(person: string, keys: readonly string[]): boolean {
	return person === 'reporter' && keys.some((key) => REQUEST_TYPE.test(key));
}

/** Whether the users in a record with these keys work on it, since it is about somebody else. */
export function isWorkedOn(keys: readonly string[]): boolean {
	return keys.some((key) => OF_RECORD.test(key));
}

/**
 * Whether the user in an object is the contact, as in a short event. In a record that refers to others, the user
 * created it.
 */
export function isShortEvent(
	{ json, layout: { keys, ofOthers } }: ObjectWithLayout,
	user: Json,
): boolean {
	const isOther = (key: string) => isObject(json[key]) && json[key] !== user;
	if (keys.some((key) => WORKED_ON.test(key) && isOther(key))) return false;
	const hasStaff = ofOthers.some(({ key }) => isObjectOrList(json[key]));
	return (
		keys.length <= MAX_KEYS_OF_SHORT_EVENT && !hasStaff && !keys.some((key) => REFERS.test(key))
	);
}

/** Whether an object is a ticket that is assigned to somebody, so its user is the one who asked. */
export function isAssignedTicket({ json, layout: { keys } }: ObjectWithLayout): boolean {
	return keys.includes('subject') && keys.some((key) => ASSIGNED.test(key) && isObject(json[key]));
}

/** Whether a user has a record's name: { billing_name: 'Mary Smith', user: { first_name: 'Mary', last_name: 'Smith', email } }. */
export function isNamedBy(record: ObjectWithLayout, user: ObjectWithLayout): boolean {
	const wordsIn = ({ json }: ObjectWithLayout, key: string) =>
		typeof json[key] === 'string' ? wordsOf(json[key]) : [];
	const own = user.layout.keys.filter((key) => /name$/i.test(key));
	const names = new Set(own.flatMap((key) => wordsIn(user, key)));
	return record.layout.keys.some((key) => {
		const words = OF_CONTACT.test(key) ? wordsIn(record, key) : [];
		return words.length > 0 && words.every((word) => names.has(word));
	});
}
