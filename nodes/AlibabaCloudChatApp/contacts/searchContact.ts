/**
 * Chooses the contact among the people in an item: `searchContact(json)`. `Finder` takes the emails and phones in all
 * scopes, leaves out those of others and of our side (people.ts, sides.ts), and picks the best email and a phone of the
 * same person. What isn't used is reported by leftovers.ts.
 */

import { optOutInFields, isAboutSomethingElse } from './consent';
import { optOutInObject } from './answers';
import type { Contact, FieldPaths, PhoneAtPath, SearchOptions, ValueAtPath } from './contact';
import {
	postalAddressesOfOthers,
	callingCodeOfPhone,
	codesOf,
	countryOf,
	ipCountryIn,
	postalAddressesIn,
} from './countryOfPhone';
import { namesOther, roleOf } from './keyRole';
import {
	type Candidate,
	chosenQualifier,
	identifierKeys,
	isOneOfSeveral,
	isPeer,
	layoutOf,
} from './layout';
import { leftoversIn } from './leftovers';
import { isCompanyItem, isStaff, isVendorDocument } from './marks';
import {
	areNamedApart,
	areNested,
	comparableText,
	type Found,
	isAssignedTicket,
	isCompanyWithContacts,
	isContacts,
	isNamedAfterOther,
	isNamedBy,
	isNamesake,
	isShortEvent,
	isWorkedOn,
	kindOfFound,
	listedAs,
	ofOnePerson,
	type Person,
	PERSON_RANKS,
	type Scope,
} from './people';
import { scopesOf } from './scopes';
import {
	isDroppedOff,
	isOurCaller,
	isSender,
	mayBeOutbound,
	numberIn,
	recipientIn,
	type Sides,
	sidesIn,
} from './sides';
import {
	type IdentifierKind,
	isObjectOrList,
	type Json,
	isInternationalNumber,
	isOneEmail,
} from './text';
import { identifierUseOf, isFilled, isMobileLabel, mayContainIdentifier } from './values';

/** Outlook's label for an email address. In any other system, it would be about mail settings. */
const IN_OUTLOOK = /^smtp$/i;
/** The lowest rank of a phone whose key or label doesn't say that it is a mobile. */
const NOT_MOBILE = 10;
// Personal emails and phones come before those at work. A label weighs enough to outrank a second value; a word in the
// key only decides between keys that are otherwise the same.
const USE_RANKS = { personal: -1, none: 0, company: 1 };
const LABEL_WEIGHT = 4;
const KEY_WEIGHT = 0.5;

/**
 * The contact that an item, an entry of a page, or a row is about, based on its keys and their structure. The email and
 * the phone belong to one person. Somebody else's are never used: unclear values are reported, not sent.
 */
export function searchContact(json: Json, { includeStaff }: SearchOptions = {}): Contact {
	const { marks } = layoutOf(json);
	if (!includeStaff && isStaff(json, marks)) return { reason: 'staff' };
	const scopes = scopesOf(json);
	const isVendors = scopes.some(
		({ json: own, layout, person }) =>
			!person.parent && (layout.hasVendorKeys || isVendorDocument(own)),
	);
	if (!includeStaff && isVendors) return { reason: 'staff' };
	if (isCompanyItem(json, marks) && scopes[0]) scopes[0].person.party = 'excluded';
	return contactIn(scopes);
}

function contactIn(scopes: Scope[]): Contact {
	const finder = new Finder(scopes);
	const { email, phone } = finder.choose();
	const contact = fieldsOfContact(finder, { email: email[0], phone: phone[0] });
	if (email.length > 1) contact.moreEmails = email.slice(1).map(valueAtPath);
	const morePhones = phone.slice(1).map((found) => finder.phoneAtPath(found));
	if (morePhones.length > 0) contact.morePhones = morePhones;
	const otherPeople = finder.otherPeople([email[0], phone[0]]);
	if (otherPeople) contact.otherPeople = otherPeople;
	const main = email[0] ?? phone[0];
	const own = finder.scopesAbout(main).filter(isAboutContactItself);
	// The email may be in an object that isn't searched otherwise, such as a postal address.
	const holders = [email[0], phone[0]].flatMap((found) => found?.scope ?? []);
	const optedOutBy = optOutInScopes([...own, ...holders, ...enclosingScopes(main)]);
	if (optedOutBy !== undefined) contact.optedOutBy = optedOutBy;
	const seen = [...scopes, ...postalAddressesOfOthers(main, finder.scopesAbout(main))];
	const used = { email: email[0], phone: phone[0], isCallOrMessage: finder.sides.isCallOrMessage };
	return Object.assign(contact, leftoversIn({ ...used, scopes: seen }));
}

/** The field with which an item's contact opted out of marketing, wherever the email and phone are. */
export function optOutInItem(json: Json): string | undefined {
	const hasNoObjects = !Object.values(json).some(isObjectOrList);
	if (hasNoObjects) return optOutInFields({ json, consent: layoutOf(json).consent });
	const own = scopesOf(json).filter((scope) => isContacts(scope) && !scope.person.isListed);
	return optOutInScopes(own);
}

// { type: 'unsubscribe', fired_at: '…', data: [{ email }] }
function enclosingScopes(found: Found | undefined): Scope[] {
	const scopes: Scope[] = [];
	for (let scope = found?.scope.outer; scope; scope = scope.outer) {
		if (isContacts(scope)) scopes.push(scope);
	}
	return scopes;
}

function optOutInScopes(scopes: readonly Scope[]): string | undefined {
	const fields = scopes.map(({ json, layout, pathOf }) => optOutInObject(json, layout, pathOf));
	return fields.find((field) => field !== undefined);
}

// Unlike the list in { email, lists: [{ name, status: 'unsubscribed' }] }.
function isAboutContactItself({ layout, pathOf }: Scope): boolean {
	return identifierKeys(layout).length > 0 || !isAboutSomethingElse(pathOf);
}

function fieldsOfContact(
	finder: Finder,
	{ email, phone }: Partial<Record<IdentifierKind, Found>>,
): Contact {
	// A country is needed to read the phone, so the one nearest to it counts.
	const phoneOrEmail = phone ?? email;
	const country = countryOf(phoneOrEmail, finder.scopesAbout(phoneOrEmail));
	const contact: Contact = {
		email: email?.value,
		phone: phone?.value,
		country: country?.value,
		...(phone && codesOf(phone)),
	};
	if (phoneOrEmail) {
		const code = callingCodeOfPhone(phoneOrEmail);
		contact.paths = pathsOfFound({ email, phone, country: code ?? country });
	}
	const ipCountry = country ? undefined : ipCountryIn(finder.scopesAbout(phoneOrEmail));
	if (ipCountry !== undefined) contact.ipCountry = ipCountry;
	return contact;
}

function pathsOfFound({
	email,
	phone,
	country,
}: Partial<Record<IdentifierKind, Found>> & { country?: ValueAtPath }): FieldPaths {
	return {
		...(email && { email: pathOf(email) }),
		...(phone && { phone: pathOf(phone) }),
		...(phone && country && { country: country.path }),
	};
}

function pathOf({ scope, candidate }: Found): string {
	return scope.pathOf(candidate.key);
}

function valueAtPath(found: Found): ValueAtPath {
	return { value: found.value, path: pathOf(found) };
}

/** Finds out who the emails and phones in an item belong to, and which are the contact's. */
class Finder {
	private readonly people = new Map<Person, Map<string, Person>>();
	private readonly found: Record<IdentifierKind, Found[]>;
	/** People with the chosen email, or with a phone of someone who has it: they count as the chosen person. */
	private readonly same = new Set<Person>();
	readonly sides: Sides;

	constructor(private readonly scopes: readonly Scope[]) {
		this.sides = sidesIn(scopes);
		this.found = withoutQualified({ email: this.findAll('email'), phone: this.findAll('phone') });
		excludeNumberedPeers([...this.found.email, ...this.found.phone]);
		// A company's record has the company's own number, and its contacts are the people to send to.
		const [first] = scopes;
		if (first && isCompanyWithContacts(first)) first.person.rank = PERSON_RANKS.company;
	}

	/** The contact's emails and phones, best first. */
	choose(): Record<IdentifierKind, Found[]> {
		const allowed = this.allowed();
		const email = this.withPostal('email', inOrder(allowed.email, 'email'), allowed.phone[0]);
		const [first] = email;
		if (!first) {
			const phones = ofOnePerson(inOrder(allowed.phone, 'phone', rankOfUnnamed));
			return { email: [], phone: this.withPostal('phone', phones) };
		}
		this.addSame(first);
		const phones = this.found.phone.filter((found) =>
			this.isAllowedFor(found, first, allowed.phone),
		);
		const phone = inOrder(phones, 'phone', (found) => {
			if (!this.isSame(found.person, first.person)) return 2;
			// The people in a list may share one email.
			const isTheirs = found.person === first.person || !found.person.isListed;
			return isTheirs && found.rank < NOT_MOBILE ? 0 : 1;
		});
		return {
			email: email.filter(({ person }) => this.mayCombine(person, first.person)),
			phone: this.withPostal('phone', phone, first),
		};
	}

	phoneAtPath(found: Found): PhoneAtPath {
		const country = countryOf(found, this.scopesAbout(found))?.value;
		return { ...valueAtPath(found), country, ...codesOf(found) };
	}

	/** The scopes that say something about a value's person. */
	scopesAbout(found: Found | undefined): Scope[] {
		const person = found?.person ?? this.scopes[0]?.person;
		return this.scopes.filter(
			(scope) =>
				scope.person.party !== 'excluded' &&
				person !== undefined &&
				this.mayCombine(scope.person, person),
		);
	}

	/** Other people who may be contacts: the fields they are in, and how many are in each. */
	otherPeople(used: Array<Found | undefined>): Contact['otherPeople'] {
		const values = new Set(used.map((found) => found && comparableText(found)));
		const usedPeople = used.flatMap((found) => (found ? [found.person] : []));
		const people = new Set<Person>();
		for (const found of [...this.found.email, ...this.found.phone]) {
			const { person } = found;
			const isPerson = person.party === 'contact' || person.isListed === true;
			const isUsed =
				values.has(comparableText(found)) ||
				usedPeople.some((each) => this.mayCombine(person, each));
			if (!isPerson || isUsed || !mayContainIdentifier(found.value, kindOfFound(found))) continue;
			people.add(listedAs(person));
		}
		const counts = new Map<string, number>();
		for (const { key } of people) counts.set(key, (counts.get(key) ?? 0) + 1);
		return counts.size === 0 ? undefined : [...counts].map(([field, count]) => ({ field, count }));
	}

	private findAll(kind: IdentifierKind): Found[] {
		const found: Found[] = this.scopes
			.flatMap((scope) => [
				...scope.layout.fields[kind].flatMap((candidate) => this.read(scope, candidate, kind)),
				...(kind === 'phone' ? numberIn(scope) : []),
			])
			.filter((each) => !this.sides.isOurs(each))
			.filter((each) => !isAmongPeers(each) || !this.sides.isOthersEmail(each));
		// In a call, a number may be ours if its key doesn't say who it belongs to.
		const isNamed = (each: Found) => each.person.party === 'contact';
		const { [kind]: theirs } = this.sides.theirs;
		const isKnown = found.some(kind === 'phone' ? isNamed : isContacts);
		if (theirs.length > 0 && !isKnown) return theirs;
		if (found.length > 0) return found;
		const inCodes =
			kind === 'phone' ? this.scopes.flatMap((scope) => this.numbersInCallingCodes(scope)) : [];
		if (inCodes.length > 0) return inCodes;
		const inNames = this.scopes.flatMap((scope) => this.identifiersOfPerson(scope, kind));
		return inNames.length > 0 || kind === 'phone' ? inNames : recipientIn(this.scopes);
	}

	// { buyer: 'mary@example.com' }, { email, contact: '+919876543210' }
	private identifiersOfPerson(scope: Scope, kind: IdentifierKind): Found[] {
		const isOne = kind === 'email' ? isOneEmail : isInternationalNumber;
		return scope.layout.objects
			.filter(({ key, role }) => role.party === 'contact' && isOne(scope.json[key]))
			.flatMap(({ key, role }) => this.read(scope, { key, role: { ...role, field: kind } }, kind));
	}

	// Some forms put the whole number into the field for its calling code.
	private numbersInCallingCodes(scope: Scope): Found[] {
		return scope.layout.fields.callingCode
			.filter(({ key }) => isInternationalNumber(scope.json[key]))
			.flatMap((candidate) => this.read(scope, candidate, 'phone'));
	}

	private read(scope: Scope, candidate: Candidate, kind: IdentifierKind): Found[] {
		const value = scope.json[candidate.key];
		if (!isFilled(value, kind) || isOfSeveralPeers(candidate, value)) return [];
		const label = candidate.label === undefined ? undefined : scope.json[candidate.label];
		const text = typeof label === 'string' ? label : '';
		if (isOthers(scope, candidate, text)) return [];
		const rank =
			candidate.role.rank -
			(kind === 'phone' && isMobileLabel(text) ? 20 : 0) +
			(USE_RANKS[identifierUseOf(text) ?? scope.use ?? 'none'] * LABEL_WEIGHT +
				USE_RANKS[identifierUseOf(candidate.key) ?? 'none'] * KEY_WEIGHT);
		return [{ scope, candidate, value, person: this.personOf(scope, candidate), rank }];
	}

	// `buyer_email` and `buyer_phone` belong to one person, within the object's own.
	private personOf({ person }: Scope, { role }: Candidate): Person {
		if (role.party === 'own' || person.party === 'excluded') return person;
		const word = role.personWord;
		const byWord = this.people.get(person) ?? new Map<string, Person>();
		this.people.set(person, byWord);
		const kept = byWord.get(word);
		if (kept) return kept;
		const party = person.party === 'possible' ? 'possible' : role.party;
		const isListed = isOneOfSeveral(word);
		const made: Person = { party, rank: person.rank, parent: person, key: word, isListed };
		byWord.set(word, made);
		return made;
	}

	// Someone who may be the contact counts only if no key names the contact.
	private allowed(): Record<IdentifierKind, Found[]> {
		const named = {
			email: this.found.email.filter(isContacts),
			phone: this.found.phone.filter(isContacts),
		};
		const namesEmail = this.scopes.some(
			(scope) =>
				isContacts(scope) &&
				scope.layout.fields.email.some(({ role }) => role.party !== 'possible'),
		);
		const email = namesEmail ? [] : this.found.email.filter((found) => this.isLikely(found));
		if (named.email.length === 0 && named.phone.length === 0) {
			return { email, phone: this.found.phone.filter((found) => this.isLikely(found)) };
		}
		// A table of users: { user_email, phone }.
		const isOfUsers = named.email.length === 0 && email.every(isNamedByKey);
		return { email: isOfUsers ? email : named.email, phone: named.phone };
	}

	private isLikely(found: Found): boolean {
		const { person, scope } = found;
		if (person.party !== 'possible' || person.isListed) return false;
		if (this.scopes.some((each) => each.person.isAmbiguous)) return false;
		if (isDroppedOff(found)) return true;
		if (this.isOnOurSide(found)) return false;
		if (isNamedByKey(found)) return !isWorkedOn(scope.layout.keys);
		let record = scope.outer;
		while (record?.person === person) record = record.outer;
		if (record === undefined) return false;
		return isShortEvent(record, scope.json) || isAssignedTicket(record) || isNamedBy(record, scope);
	}

	private isOnOurSide(found: Found): boolean {
		return this.sides.isCallOrMessage || isSender(found) || this.sides.isOthersEmail(found);
	}

	private isAllowedFor(found: Found, chosen: Found, allowed: readonly Found[]): boolean {
		if (this.isSomebodyElse(found, chosen)) return false;
		if (this.same.has(found.person)) return true;
		return allowed.includes(found) && this.mayCombine(found.person, chosen.person);
	}

	// { email, billing_contact: { email, phone } }: with a different email, an object is about a different person, and
	// with a different name, too.
	private isSomebodyElse({ scope, person }: Found, chosen: Found): boolean {
		if (scope === chosen.scope || person === chosen.person) return false;
		if (areNamedApart(scope, chosen.scope)) return true;
		const emails = this.found.email.filter((email) => email.scope === scope).map(comparableText);
		return emails.length > 0 && !emails.includes(comparableText(chosen));
	}

	private addSame(chosen: Found): void {
		const hasEmail = (found: Found) => comparableText(found) === comparableText(chosen);
		for (const { person } of [chosen, ...this.found.email.filter(hasEmail)]) this.same.add(person);
		const { phone } = this.found;
		const own = new Set(phone.filter(({ person }) => this.same.has(person)).map(comparableText));
		for (const found of phone)
			if (own.has(comparableText(found)) && this.isFreeFor(found, chosen))
				this.same.add(found.person);
	}

	// Colleagues and family members may share a phone.
	private isFreeFor(found: Found, chosen: Found): boolean {
		return isContacts(found) && !found.person.isListed && !this.isSomebodyElse(found, chosen);
	}

	private isSame(person: Person, chosen: Person): boolean {
		return person === chosen || this.same.has(person);
	}

	// Whether values of both people may be combined in one contact.
	private mayCombine(person: Person, chosen: Person): boolean {
		return this.isSame(person, chosen) || isNamesake(person, chosen) || areNested(person, chosen);
	}

	// Postal addresses are searched only for what isn't found elsewhere.
	private withPostal(kind: IdentifierKind, own: Found[], other?: Found): Found[] {
		if (own.some(({ value }) => mayContainIdentifier(value, kind))) return own;
		const main = other ?? own[0];
		const inAddresses = postalAddressesIn(this.scopesAbout(main))
			.filter((scope) => !main || !areNamedApart(scope, main.scope))
			.flatMap((scope) => scope.layout.fields[kind].flatMap((one) => this.read(scope, one, kind)));
		return inAddresses.length === 0 ? own : inOrder([...own, ...inAddresses], kind);
	}
}

// By the label next to it, the name next to it, or the direction of the call.
function isOthers(scope: Scope, candidate: Candidate, label: string): boolean {
	if (namesOther(label) && !IN_OUTLOOK.test(label)) return true;
	if (candidate.role.personWord === 'caller' && mayBeOutbound(scope)) return true;
	if (isOurCaller(scope)) return true;
	return isNamedAfterOther(scope.json, candidate);
}

// As within one object, a value may be anyone's if its key has an unknown word: { listing_phone, guest: { email } }.
function withoutQualified(found: Record<IdentifierKind, Found[]>): Record<IdentifierKind, Found[]> {
	const all = [...found.email, ...found.phone];
	if (all.every(({ candidate }) => candidate.role.qualifier === '')) return found;
	const chosen = chosenQualifier(all.filter(isContacts).map(({ candidate }) => candidate));
	const isChosen = ({ candidate: { role } }: Found) =>
		role.qualifier === '' || role.qualifier === chosen;
	return { email: found.email.filter(isChosen), phone: found.phone.filter(isChosen) };
}

// { organizer_email, attendees: [{ email }, { email }] }, { initiator_email, participant_email }
function isAmongPeers({ person, candidate }: Found): boolean {
	return person.isListed === true || isOfPeer(candidate);
}

// { attendee_emails: ['mary@example.com', 'bob@example.com'] }
function isOfSeveralPeers(candidate: Candidate, value: unknown): boolean {
	return Array.isArray(value) && value.length > 1 && isOfPeer(candidate);
}

function isOfPeer({ role }: Candidate): boolean {
	return role.party === 'contact' && isPeer(role.personWord);
}

// { signer_1_email, signer_2_email }, { signers: { 'Signer 1': { email }, 'Signer 2': { email } } }
function excludeNumberedPeers(found: readonly Found[]): void {
	const wordOf = ({ candidate: { role }, person }: Found) =>
		role.party === 'own' ? roleOf(person.key).personWord : role.personWord;
	const numbered = new Set(
		found.map(wordOf).flatMap((word) => (isOneOfSeveral(word) ? [word.split(' ')[0]] : [])),
	);
	for (const each of numbered.size === 0 ? [] : found) {
		const [word = ''] = wordOf(each).split(' ');
		if (!isPeer(word) || !numbered.has(word)) continue;
		each.person.party = 'excluded';
		each.person.isListed = true;
	}
}

// `buyer_email`: the key names the person.
function isNamedByKey({ scope, person }: Found): boolean {
	return scope.person !== person && isContacts(scope);
}

// A number next to a person who has one may be the company's own: { phoneNumber, customer: { number } }.
function rankOfUnnamed({ person }: Found): number {
	return person.party === 'contact' ? 0 : 1;
}

function inOrder(
	found: readonly Found[],
	kind: IdentifierKind,
	distance: (found: Found) => number = () => 0,
): Found[] {
	if (found.length < 2) return [...found];
	const promising = found.filter(({ value }) => mayContainIdentifier(value, kind));
	if (promising.length === 0) return found.slice(0, 1);
	return promising.sort(
		(a, b) => distance(a) - distance(b) || a.person.rank - b.person.rank || a.rank - b.rank,
	);
}
