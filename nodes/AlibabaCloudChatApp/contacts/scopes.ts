/**
 * The objects in an item, and who each is about: `scopesOf(json)` visits them, from the item itself to lists, answers,
 * and JSON in text. A scope's keys are read in layout.ts; people.ts defines `Scope` and `Person`.
 */

import { roleOf } from './keyRole';
import { type Candidate, identifierKeys, layoutOf, nest } from './layout';
import { defaultOf, hasCustomers, isCompanyKey, isRelated, markedParty } from './marks';
import { isEnvelope } from './page';
import {
	areDifferentPeople,
	ASSIGNED,
	asksForService,
	domainsOfHosts,
	emailsOfOthers,
	isAtDomain,
	isContacts,
	isLabeled,
	type Person,
	newScope,
	pathTo,
	PERSON_RANKS,
	type Scope,
} from './people';
import { isOthersAnswer, fieldsInAnswers } from './answers';
import { isReceiverKey, newReceiver, receiverIn } from './sides';
import {
	type IdentifierKind,
	isIdentifierKind,
	isObject,
	type Json,
	looksLikeJson,
	parseJson,
} from './text';
import { identifierUseOf } from './values';

/** The objects read so far, and how much more of the item may be read. */
interface Budget {
	scopes: Scope[];
	/** How many more objects. */
	left: number;
	/** How many more characters of JSON in text. */
	characters: number;
}

/** Where an object is, and who it is about. */
interface Position extends Pick<Scope, 'outer' | 'person' | 'use'> {
	path: string;
	depth: number;
}

const MAX_DEPTH = 10;
const MAX_SCOPES = 80;
/** Entries that are read of a list in an item. */
export const MAX_ENTRIES_READ = 20;
const MAX_KEYS = 60;
const MAX_ANSWERS = 100;
const MAX_CHARACTERS = 100_000;
const THING = /^(?:resource|source)s?$/i;
// A list as XML writes it: { notifications: { Notification: { … } } }.
const ENTRY_OF_LIST = /(?:^|[.:])(\w{3,30})s\.(?:\["\w+:)?\1$/i;
// People who are informed about a ticket, next to its assignee.
const INFORMED = /^(?:subscribers|members|participants|followers)$/i;
// The first of a deal's contacts is the main one, and the first attendee of a booking or an event is the one who
// booked. Among the attendees of a calendar meeting, no one is.
const MAIN_FIRST = /^(?:contacts?|persons|people)$/;
const BOOKER_FIRST = /^(?:attendees?|invitees?)$/;
const BOOKING = /booking|appointment/i;
const MEETING =
	/meeting|calendar|organi[sz]er|creator|hosts?$|conference|hangout|transcript|recording|invite/i;
// An order's lines; an answer in one is about the person who gets or uses the product.
const LINES = /^(?:order_?|line_?|cart_?)?items$|^(?:tickets|products)$/i;

/** The item and the objects in it that may say something about a contact, the item itself first. */
export function scopesOf(json: Json): Scope[] {
	const budget: Budget = { scopes: [], left: MAX_SCOPES, characters: MAX_CHARACTERS };
	visit(json, { path: '', person: { party: 'own', rank: 0, key: '' }, depth: 0 }, budget);
	demoteContactsOfOthers(budget.scopes);
	return budget.scopes;
}

// The contact of a campaign or a property isn't the item's if the item has its own contact.
function demoteContactsOfOthers(scopes: readonly Scope[]): void {
	const isOfAnother = ({ person: { party, parent } }: Scope) =>
		party === 'contact' && parent?.party === 'excluded';
	const ofOthers = scopes.filter(isOfAnother);
	if (ofOthers.length === 0) return;
	if (scopes.some((scope) => scope.person.party === 'contact' && !isOfAnother(scope)))
		for (const { person } of ofOthers) person.party = 'excluded';
}

function visit(given: Json, at: Position, budget: Budget): void {
	if (budget.left-- <= 0 || at.depth > MAX_DEPTH) return;
	const layoutGiven = layoutOf(given);
	const json = layoutGiven.hasPaths ? nest(given, layoutGiven.keys) : given;
	const scope = newScope(json, at);
	const { layout } = scope;
	budget.scopes.push(scope);
	addOwnAnswer(scope, budget);
	addAnswers(scope, budget);
	const lists = layout.objects.map((candidate) => visitKey(candidate, scope, { at, budget }));
	for (const { key } of layout.ofOthers) {
		const inner = { ...at, outer: scope, path: scope.pathOf(key), depth: at.depth + 1 };
		visitMarked(json[key], inner, budget);
		const mayHaveContacts = isCompanyKey(key) || isReceiverKey(key);
		if (mayHaveContacts && isObject(json[key])) visitContactsOf(json[key], inner, budget);
		if (isReceiverKey(key)) visitRecipients(json[key], { ...inner, key }, budget);
	}
	// Lists come last, so that a long one doesn't use up the budget.
	for (const visitLater of lists) visitLater?.();
}

/** Visits the object at a key. @returns a function that visits it, if it is a list */
function visitKey(
	candidate: Candidate,
	scope: Scope,
	{ at, budget }: { at: Position; budget: Budget },
): (() => void) | undefined {
	const { key } = candidate;
	const value = objectOrList(scope.json[key], budget);
	if (value === undefined) return undefined;
	const inner = {
		...at,
		outer: scope,
		path: scope.pathOf(key),
		use: identifierUseOf(key) ?? at.use,
		depth: at.depth + 1,
	};
	if (key === 'included' && Array.isArray(value)) {
		addIncluded(value, { ...inner, person: at.person }, budget);
		return undefined;
	}
	const person = personAt(candidate, scope);
	if (person === undefined || isShared(key, value, { scope, path: at.path })) return undefined;
	if (Array.isArray(value)) {
		return () => visitList(value, { ...inner, person }, { candidate, budget });
	}
	visitObject(value, { ...inner, person }, budget);
	return undefined;
}

// JotForm's answers are JSON text in `rawRequest`.
function objectOrList(value: unknown, budget: Budget): Json | unknown[] | undefined {
	if (typeof value === 'object') return (value as Json | null) ?? undefined;
	if (typeof value !== 'string' || !looksLikeJson(value) || budget.characters < value.length)
		return undefined;
	budget.characters -= value.length;
	return parseJson(value, MAX_CHARACTERS) as Json | undefined;
}

// Postal addresses and places aren't people, and are searched separately.
function personAt({ key, role }: Candidate, scope: Scope): Person | undefined {
	const { person: parent, json, layout, pathOf } = scope;
	// Next to a client, a resource is what was booked.
	const isThing = THING.test(key) || (LINES.test(key) && Array.isArray(json[key]));
	if (isThing && layout.objects.some(isContactsObject))
		return THING.test(key) ? undefined : { ...parent, rank: PERSON_RANKS.orderLine, parent, key };
	if (role.objectRole === 'neutral' || isEnvelope(key, json, layout.keys)) return parent;
	if (ENTRY_OF_LIST.test(pathOf(key))) return parent;
	if (role.objectRole === 'person') return personIn({ key, role }, scope);
	if (role.objectRole === 'shipping') return receiverIn(scope);
	if (role.objectRole !== 'unknown') return undefined;
	return { party: 'excluded', rank: PERSON_RANKS.excluded, parent, key };
}

function personIn(
	{ key, role }: Candidate,
	{ person: parent, json, layout }: Scope,
): Person | undefined {
	const isInformed = INFORMED.test(key) && Array.isArray(json[key]);
	if (isInformed && layout.keys.some((each) => ASSIGNED.test(each))) return undefined;
	// { client: { user: { email } } }
	const isNamed = identifierKeys(layout).length > 0;
	if (role.personWord === 'user' && parent.party === 'contact' && !isNamed) return parent;
	if (parent.isAmbiguous) return { ...parent, parent, key };
	const isPossible = role.party === 'possible' && !asksForService(role.personWord, layout.keys);
	const party = isPossible || parent.party === 'possible' ? 'possible' : 'contact';
	const rank = (isPossible ? PERSON_RANKS.possible : PERSON_RANKS.named) + role.rank / 10;
	return { party, rank, parent, key };
}

function isContactsObject({ role }: Candidate): boolean {
	return role.objectRole === 'person' && role.party === 'contact';
}

// A contact card that a person shared in a chat is somebody else's.
function isShared(
	key: string,
	value: unknown,
	{ scope, path }: { scope: Scope; path: string },
): boolean {
	if (/(?:^|\.)messages(?:\[\d+\])?$/.test(path) && key === 'contacts') return true;
	const { from } = scope.json;
	if (key !== 'contact' || !isObject(from) || !isObject(value)) return false;
	return from.id !== undefined && from.id !== value.user_id;
}

function visitObject(json: Json, at: Position, budget: Budget): void {
	const marked = markedParty(json, { inRecord: true });
	if (marked === 'other' || isRelated(json)) return;
	visit(json, marked === 'contact' ? { ...at, person: asContact(at) } : at, budget);
}

function asContact(at: Pick<Position, 'person'>): Person {
	const { person } = at;
	if (isContacts(at) || person.isAmbiguous) return person;
	return { ...person, party: 'contact', rank: PERSON_RANKS.marked };
}

// Help Scout's `createdBy` is a customer or a user, as its type says.
function visitMarked(value: unknown, at: Position, budget: Budget): void {
	if (!isObject(value) || markedParty(value) !== 'contact') return;
	const person: Person = {
		party: 'contact',
		rank: PERSON_RANKS.marked,
		parent: at.person,
		key: '',
	};
	visit(value, { ...at, person }, budget);
}

// { recipients: [{ email, role: 'Sender' }, { email, role: 'Client' }] }
function visitRecipients(
	value: unknown,
	{ key, ...at }: Position & { key: string },
	budget: Budget,
): void {
	const list = Array.isArray(value) ? (value as unknown[]) : [];
	const only = list.length === 1 ? list[0] : value;
	const path = list.length === 1 ? `${at.path}[0]` : at.path;
	const person = newReceiver(at.person);
	if (isObject(only) && markedParty(only, { inList: true }) === undefined)
		visit(only, { ...at, path, person }, budget);
	const marked = list.slice(0, MAX_ENTRIES_READ).flatMap((entry, index) => {
		const isMarked = isObject(entry) && markedParty(entry, { inList: true }) === 'contact';
		return isMarked ? [{ entry, index }] : [];
	});
	const entries = marked.map(({ entry }) => entry);
	const isAmbiguous = areDifferentPeople(entries, []);
	for (const { entry, index } of marked) {
		const person: Person = {
			party: isAmbiguous ? 'excluded' : 'contact',
			rank: PERSON_RANKS.marked + 0.001 * index,
			parent: at.person,
			key,
			isListed: true,
			isAmbiguous,
		};
		visit(entry, { ...at, path: `${at.path}[${index}]`, person }, budget);
	}
}

// { company: { name, contactPersons: [{ email }] } }, { recipients: { signers: [{ email }] } }: the company itself
// isn't meant, but its contacts are.
function visitContactsOf(company: Json, at: Position, budget: Budget): void {
	for (const candidate of layoutOf(company).objects) {
		const { key, role } = candidate;
		const list = company[key];
		if (role.objectRole !== 'person' || role.party !== 'contact' || !Array.isArray(list)) continue;
		const person: Person = {
			party: 'contact',
			rank: role.rank / 10,
			parent: at.person,
			key,
		};
		const inner = { ...at, path: pathTo(at.path, key), depth: at.depth + 1, person };
		visitList(list, inner, { candidate, budget });
	}
}

interface ListToVisit {
	candidate: Candidate;
	budget: Budget;
}

function visitList(list: unknown[], at: Position, { candidate, budget }: ListToVisit): void {
	const entries = Array.from(list.slice(0, MAX_ANSWERS), (entry, index): [string, unknown] => [
		`[${index}]`,
		entry,
	]);
	const fields = fieldsInAnswers(entries);
	if (fields) {
		// Under a key such as `user_column_data`, the answers are about the enclosing object's person.
		const person = isContacts(at) ? at.person : (at.outer?.person ?? at.person);
		const pathOf = (key: string) => `${at.path}${fields.paths[key] ?? ''}`;
		budget.scopes.push(newScope(fields.json, { person, outer: at.outer, pathOf }));
	} else visitPeople(list, at, { candidate, budget });
}

// Skips those who are somebody else.
function visitPeople(list: unknown[], at: Position, { candidate, budget }: ListToVisit): void {
	const surroundings = { inList: true, amongCustomers: hasCustomers(list), inRecord: true };
	const searched = list.slice(0, MAX_ENTRIES_READ);
	const isPerson = candidate.role.objectRole === 'person';
	const domains = domainsOfHosts(at.outer?.json, searched);
	const people = searched.flatMap((entry, index) => {
		const isOne =
			isObject(entry) &&
			markedParty(entry, surroundings) !== 'other' &&
			!isAtDomain(entry, domains) &&
			(isPerson || !isOthersAnswer(entry));
		return isOne ? [{ entry, index }] : [];
	});
	const entries = people.map(({ entry }) => entry);
	const staff = () => (at.outer ? emailsOfOthers(at.outer.json, at.outer.layout) : []);
	const isAmbiguous = !beginsWithMain(candidate, at.outer) && areDifferentPeople(entries, staff());
	const isAlone = !isPerson && (list.length === 1 || entries.every(isLabeled));
	const [first] = defaultOf(list);
	for (const { entry, index } of people) {
		const rank = at.person.rank + (first === `[${index}]` ? 0 : 0.001 * (index + 1));
		const party = isAmbiguous ? 'excluded' : at.person.party;
		const { key } = candidate;
		const parent = at.outer?.person;
		const listed: Person = { party, rank, parent, key, isListed: true, isAmbiguous };
		const person = isAlone ? at.person : listed;
		visitObject(entry, { ...at, person, path: `${at.path}[${index}]` }, budget);
	}
}

function beginsWithMain({ role: { personWord } }: Candidate, outer: Scope | undefined): boolean {
	if (MAIN_FIRST.test(personWord)) return true;
	if (!BOOKER_FIRST.test(personWord) || !outer) return false;
	const { keys } = outer.layout;
	return (
		keys.some((key) => BOOKING.test(key)) ||
		(personWord.startsWith('attendee') && !keys.some((key) => MEETING.test(key)))
	);
}

// JSON:API's related resources: emails and phones belong to the main resource, customers are searched, and users and
// companies are skipped.
function addIncluded(list: unknown[], at: Position, budget: Budget): void {
	if (!isObject(at.outer?.json.data)) return;
	const json: Json = {};
	const paths: Record<string, string> = {};
	for (const [index, entry] of list.slice(0, MAX_ANSWERS).entries()) {
		if (!isObject(entry) || !isObject(entry.attributes)) continue;
		const field = ownFieldOf(entry.type);
		if (field === undefined) continue;
		json[field] = [json[field] ?? [], entry.attributes].flat();
		paths[field] ??= `${at.path}[${index}].attributes`;
	}
	const { person, outer } = at;
	budget.scopes.push(newScope(json, { person, outer, pathOf: (key) => paths[key] ?? at.path }));
	for (const [index, entry] of list.slice(0, MAX_ENTRIES_READ).entries()) {
		visitMarked(entry, { ...at, path: `${at.path}[${index}]` }, budget);
	}
}

function ownFieldOf(type: unknown): IdentifierKind | undefined {
	if (typeof type !== 'string') return undefined;
	const { field, party } = roleOf(type);
	return party === 'own' && isIdentifierKind(field) ? field : undefined;
}

// Answers keyed by ID, each with its type: { abc: { type: 'email', email: … } }.
function addAnswers(outer: Scope, budget: Budget): void {
	const { json, layout, person } = outer;
	const keys = layout.objects.slice(0, MAX_KEYS).map(({ key }) => key);
	const fields = fieldsInAnswers(keys.map((key) => [key, json[key]]));
	if (!fields) return;
	const pathOf = (key: string) => outer.pathOf(fields.paths[key] ?? key);
	budget.scopes.push(newScope(fields.json, { person, outer, pathOf }));
}

// An object that is a single name and value, as in HubSpot's changes: { propertyName: 'email', propertyValue }.
function addOwnAnswer(outer: Scope, budget: Budget): void {
	const { json, person } = outer;
	const key = ['value', 'propertyValue'].find((name) => json[name] !== undefined);
	if (key === undefined || markedParty(json) === 'other') return;
	const field = fieldsInAnswers([[key, json]]);
	const pathOf = () => outer.pathOf(key);
	if (field) budget.scopes.push(newScope(field.json, { person, outer, pathOf }));
}
