import { fieldThatSaysNo, isElsewhere } from './consent';
import { noIn } from './consentAnswers';
import type { FieldPaths, OtherPhone, OtherValue, RawContact } from './contact';
import {
	callingCodeOfPhone,
	codesOf,
	countryOf,
	type FoundCountry,
	ipCountryIn,
	postalAddressesIn,
} from './countryOfPhone';
import { namesOther, roleOf } from './keyRole';
import {
	type Candidate,
	chosenQualifier,
	isCompanyWithContacts,
	isNamedOther,
	isOneOfSeveral,
	layoutOf,
} from './layout';
import { leftoversIn } from './leftovers';
import { isCompanyItem, isNamedBy, isOfVendor, isShort, isStaff, isTicket } from './marks';
import {
	areNested,
	type Found,
	isClear,
	onePerson,
	type Person,
	type Scope,
	scopesOf,
} from './scopes';
import {
	comparableText,
	isDroppedOff,
	isOurCaller,
	isSender,
	kindOfFound,
	mayBeOutbound,
	numberIn,
	recipientIn,
	type Sides,
	sidesIn,
} from './sides';
import type { IdentifierKind, Json } from './text';
import {
	identifierUseOf,
	isFilled,
	isMobileLabel,
	isPromising,
	isWholeNumber,
	looksLikeEmail,
} from './values';

/** Outlook's label for an email address. In any other system, it would be about mail settings. */
const IN_OUTLOOK = /^smtp$/i;
// A record with one of these keys is about somebody else; its users work on it.
const RECORD =
	/^(?:.*(?:lead|deal|ticket|opportunity|case|task|project|issue|board|repository)s?_?id|(?:contact|customer|client|partner|person|lead)_?(?:full_?)?name)$/i;
const COMPANY = 60;
/** The lowest rank of a phone whose key or label doesn't say that it is a mobile. */
const NOT_MOBILE = 10;
// Roles that several people in an item often share.
const EQUALS =
	/^(?:attendee|invitee|participant|passenger|travell?er|occupant|rider|signer|signatory|player|student|applicant|borrower|tenant|resident|guest|member)s?$/;
// Personal emails and phones come before those at work. A label weighs enough to outrank a second value; a word in the
// key only decides between keys that are otherwise the same.
const OF_KIND = { personal: -1, none: 0, company: 1 };
const LABELED = 4;
const NAMED = 0.5;

/**
 * The contact that an item, an entry of a page, or a row is about, based on its keys and their structure. The email and
 * the phone belong to one person. Somebody else's are never used: unclear values are reported, not sent.
 */
export function searchContact(json: Json, includeStaff = false): RawContact {
	const { marks } = layoutOf(json);
	if (!includeStaff && isStaff(json, marks)) return { reason: 'staff' };
	const scopes = scopesOf(json);
	if (!includeStaff && scopes.some(isOfVendors)) return { reason: 'staff' };
	if (isCompanyItem(json, marks) && scopes[0]) scopes[0].person.party = 'unknown';
	return contactIn(scopes);
}

function contactIn(scopes: Scope[]): RawContact {
	const finder = new Finder(scopes);
	const { email, phone } = finder.choose();
	const raw = rawContactOf(finder, { email: email[0], phone: phone[0] });
	if (email.length > 1) raw.otherEmails = email.slice(1).map(otherValue);
	if (phone.length > 1) raw.otherPhones = phone.slice(1).map((found) => finder.otherPhone(found));
	const others = finder.peopleNotUsed([email[0], phone[0]]);
	if (others.length > 0) raw.others = others;
	const main = email[0] ?? phone[0];
	const optedOutBy =
		optOutIn(finder.scopesOf(main).filter(isOfContact)) ?? optOutIn(scopesAround(main));
	if (optedOutBy !== undefined) raw.optedOutBy = optedOutBy;
	const { isDirected } = finder.sides;
	return Object.assign(raw, leftoversIn({ scopes, email: email[0], phone: phone[0], isDirected }));
}

/** The field with which an item's contact opted out of marketing, wherever the email and phone are. */
export function optOutOf(json: Json): string | undefined {
	const isFlat = !Object.values(json).some((value) => typeof value === 'object' && value !== null);
	if (isFlat) return fieldThatSaysNo({ json, keys: layoutOf(json).consent });
	return optOutIn(scopesOf(json).filter(({ person }) => isClear(person) && !person.isListed));
}

// { type: 'unsubscribe', fired_at: '…', data: [{ email }] }
function scopesAround(found: Found | undefined): Scope[] {
	const scopes: Scope[] = [];
	for (let scope = found?.scope.outer; scope; scope = scope.outer) {
		if (isClear(scope.person)) scopes.push(scope);
	}
	return scopes;
}

function optOutIn(scopes: readonly Scope[]): string | undefined {
	const fields = scopes.map(({ json, layout, pathOf }) => noIn(json, layout, pathOf));
	return fields.find((field) => field !== undefined);
}

// Unlike the list in { email, lists: [{ name, status: 'unsubscribed' }] }.
function isOfContact({ layout: { fields }, pathOf }: Scope): boolean {
	return fields.email.length + fields.phone.length > 0 || !isElsewhere(pathOf);
}

function rawContactOf(
	finder: Finder,
	{ email, phone }: Partial<Record<IdentifierKind, Found>>,
): RawContact {
	const main = phone ?? email;
	const country = finder.countryOf(main);
	const raw: RawContact = {
		email: email?.value,
		phone: phone?.value,
		country: country?.value,
		...(phone && codesOf(phone)),
	};
	if (main) {
		raw.at = pathsOf({ email, phone, country: callingCodeOfPhone(main) ?? country });
	}
	const place = country ? undefined : ipCountryIn(finder.scopesOf(main));
	if (place !== undefined) raw.ipCountry = place;
	return raw;
}

function pathsOf({
	email,
	phone,
	country,
}: Partial<Record<IdentifierKind, Found>> & { country?: FoundCountry }): FieldPaths {
	return {
		...(email && { email: pathOf(email) }),
		...(phone && { phone: pathOf(phone) }),
		...(phone && country && { country: country.path }),
	};
}

function pathOf({ scope, candidate }: Found): string {
	return scope.pathOf(candidate.key);
}

function otherValue(found: Found): OtherValue {
	return { value: found.value, at: pathOf(found) };
}

/** Finds out who the emails and phones in an item belong to, and which are the contact's. */
class Finder {
	private readonly people = new Map<Person, Map<string, Person>>();
	private readonly found: Record<IdentifierKind, Found[]>;
	/** People with the chosen email, or one of their phones: they count as the chosen person. */
	private readonly same = new Set<Person>();
	readonly sides: Sides;

	constructor(private readonly scopes: readonly Scope[]) {
		this.sides = sidesIn(scopes);
		this.found = withoutQualified({ email: this.all('email'), phone: this.all('phone') });
		setNumberedApart([...this.found.email, ...this.found.phone]);
		// A company's record has the company's own number, and its contacts are the people to send to.
		const [first] = scopes;
		if (first && isCompanyWithContacts(first)) first.person.rank = COMPANY;
	}

	/** The contact's emails and phones, best first. */
	choose(): Record<IdentifierKind, Found[]> {
		const allowed = this.allowed();
		const email = this.withPostal('email', inOrder(allowed.email, 'email'), allowed.phone[0]);
		const [first] = email;
		if (!first)
			return {
				email: [],
				phone: this.withPostal('phone', onePerson(inOrder(allowed.phone, 'phone', isUnnamed))),
			};
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
			email: email.filter(({ person }) => this.belongs(person, first.person)),
			phone: this.withPostal('phone', phone, first),
		};
	}

	countryOf(found: Found | undefined): FoundCountry | undefined {
		return countryOf(found, this.scopesOf(found));
	}

	otherPhone(found: Found): OtherPhone {
		return { ...otherValue(found), country: this.countryOf(found)?.value, ...codesOf(found) };
	}

	/** The scopes that say something about a value's person. */
	scopesOf(found: Found | undefined): Scope[] {
		const person = found?.person ?? this.scopes[0]?.person;
		return this.scopes.filter(
			(scope) =>
				scope.person.party !== 'unknown' &&
				person !== undefined &&
				this.belongs(scope.person, person),
		);
	}

	/** The fields with other people who may be contacts, and how many each has. */
	peopleNotUsed(used: Array<Found | undefined>): Array<{ field: string; count: number }> {
		const values = new Set(used.map((found) => found && comparableText(found)));
		const persons = used.flatMap((found) => (found ? [found.person] : []));
		const others = new Map<Person, string>();
		for (const found of [...this.found.email, ...this.found.phone]) {
			const { person } = found;
			const isPerson = person.party === 'contact' || person.isListed === true;
			if (
				!isPerson ||
				values.has(comparableText(found)) ||
				!isPromising(found.value, kindOfFound(found))
			)
				continue;
			if (persons.some((each) => this.belongs(person, each))) continue;
			others.set(listedAs(person), listedAs(person).field);
		}
		const counts = new Map<string, number>();
		for (const field of others.values()) counts.set(field, (counts.get(field) ?? 0) + 1);
		return [...counts].map(([field, count]) => ({ field, count }));
	}

	private all(kind: IdentifierKind): Found[] {
		const found: Found[] = this.scopes
			.flatMap((scope) => [
				...scope.layout.fields[kind].flatMap((candidate) => this.read(scope, candidate, kind)),
				...(kind === 'phone' ? numberIn(scope) : []),
			])
			.filter((each) => !this.sides.isOurs(each))
			.filter((each) => !mayBeStaff(each) || !this.sides.isStaffs(each));
		// In a call, a number may be ours if its key doesn't say who it belongs to.
		const isNamed = found.some(({ person }) => person.party === 'contact');
		const { [kind]: theirs } = this.sides.theirs;
		if (theirs.length > 0 && (kind === 'phone' ? !isNamed : !found.some(isSure))) return theirs;
		if (found.length > 0) return found;
		const inCodes =
			kind === 'phone' ? this.scopes.flatMap((scope) => this.wholeNumbers(scope)) : [];
		if (inCodes.length > 0) return inCodes;
		const inNames = this.scopes.flatMap((scope) => this.identifiersOfPerson(scope, kind));
		return inNames.length > 0 || kind === 'phone' ? inNames : recipientIn(this.scopes);
	}

	// { buyer: 'mary@example.com' }, { email, contact: '+919876543210' }
	private identifiersOfPerson(scope: Scope, kind: IdentifierKind): Found[] {
		const isOne = kind === 'email' ? looksLikeEmail : isWholeNumber;
		return scope.layout.objects
			.filter(({ key, role }) => role.party === 'contact' && isOne(scope.json[key]))
			.flatMap(({ key, role }) => this.read(scope, { key, role: { ...role, field: kind } }, kind));
	}

	// Some forms put the whole number into the field for its calling code.
	private wholeNumbers(scope: Scope): Found[] {
		return scope.layout.fields.callingCode
			.filter(({ key }) => isWholeNumber(scope.json[key]))
			.flatMap((candidate) => this.read(scope, candidate, 'phone'));
	}

	private read(scope: Scope, candidate: Candidate, kind: IdentifierKind): Found[] {
		const value = scope.json[candidate.key];
		if (!isFilled(value, kind) || isOfEquals(candidate, value)) return [];
		const label = candidate.label === undefined ? undefined : scope.json[candidate.label];
		const text = typeof label === 'string' ? label : '';
		if (isOthers(scope, candidate, text)) return [];
		const rank =
			candidate.role.rank -
			(kind === 'phone' && isMobileLabel(text) ? 20 : 0) +
			(OF_KIND[identifierUseOf(text) ?? scope.kind ?? 'none'] * LABELED +
				OF_KIND[identifierUseOf(candidate.key) ?? 'none'] * NAMED);
		return [{ scope, candidate, value, person: this.personOf(scope, candidate), rank }];
	}

	// `buyer_email` and `buyer_phone` belong to one person, within the object's own.
	private personOf({ person }: Scope, { role }: Candidate): Person {
		if (role.party === 'own' || person.party === 'unknown') return person;
		const named = this.people.get(person) ?? new Map<string, Person>();
		this.people.set(person, named);
		const kept = named.get(role.person);
		if (kept) return kept;
		const party = person.party === 'unclear' ? 'unclear' : (role.party as Person['party']);
		const isListed = isOneOfSeveral(role.person);
		const made: Person = { party, rank: person.rank, parent: person, field: role.person, isListed };
		named.set(role.person, made);
		return made;
	}

	// Someone who may be the contact counts only if no key names the contact.
	private allowed(): Record<IdentifierKind, Found[]> {
		const sure = { email: this.found.email.filter(isSure), phone: this.found.phone.filter(isSure) };
		const namesEmail = this.scopes.some(
			({ layout, person }) =>
				isClear(person) && layout.fields.email.some(({ role }) => role.party !== 'unclear'),
		);
		const email = namesEmail ? [] : this.found.email.filter((found) => this.isLikely(found));
		if (sure.email.length === 0 && sure.phone.length === 0) {
			return { email, phone: this.found.phone.filter((found) => this.isLikely(found)) };
		}
		// A table of users: { user_email, phone }.
		const isOfUsers = sure.email.length === 0 && email.every(isFlat);
		return { email: isOfUsers ? email : sure.email, phone: sure.phone };
	}

	private isLikely(found: Found): boolean {
		const { person, scope } = found;
		if (person.party !== 'unclear' || person.isListed) return false;
		if (this.scopes.some((each) => each.person.isAnyone)) return false;
		if (isDroppedOff(found)) return true;
		if (this.isOnOurSide(found)) return false;
		if (isFlat(found)) return !scope.layout.keys.some((key) => RECORD.test(key));
		let around = scope.outer;
		while (around?.person === person) around = around.outer;
		if (around === undefined) return false;
		return isShort(around, scope.json) || isTicket(around) || isNamedBy(around, scope);
	}

	private isOnOurSide(found: Found): boolean {
		return this.sides.isDirected || isSender(found) || this.sides.isStaffs(found);
	}

	private isAllowedFor(found: Found, chosen: Found, sure: readonly Found[]): boolean {
		if (this.hasAnotherEmail(found, chosen)) return false;
		if (this.same.has(found.person)) return true;
		return sure.includes(found) && this.belongs(found.person, chosen.person);
	}

	// { email, billing_contact: { email, phone } }: with a different email, an object is about a different person.
	private hasAnotherEmail({ scope, person }: Found, chosen: Found): boolean {
		if (scope === chosen.scope || person === chosen.person) return false;
		const emails = this.found.email.filter((email) => email.scope === scope).map(comparableText);
		return emails.length > 0 && !emails.includes(comparableText(chosen));
	}

	private addSame(chosen: Found): void {
		const isSame = (found: Found) => comparableText(found) === comparableText(chosen);
		for (const { person } of [chosen, ...this.found.email.filter(isSame)]) this.same.add(person);
		const { phone } = this.found;
		const own = new Set(phone.filter(({ person }) => this.same.has(person)).map(comparableText));
		for (const found of phone)
			if (own.has(comparableText(found)) && this.isFreeFor(found, chosen))
				this.same.add(found.person);
	}

	// Colleagues and family members may share a phone.
	private isFreeFor(found: Found, chosen: Found): boolean {
		const { person } = found;
		return isClear(person) && !person.isListed && !this.hasAnotherEmail(found, chosen);
	}

	private isSame(person: Person, chosen: Person): boolean {
		return person === chosen || this.same.has(person);
	}

	private belongs(person: Person, chosen: Person): boolean {
		return this.isSame(person, chosen) || isNamesake(person, chosen) || areNested(person, chosen);
	}

	// Postal addresses are searched only for what isn't found elsewhere.
	private withPostal(kind: IdentifierKind, own: Found[], other?: Found): Found[] {
		if (own.some(({ value }) => isPromising(value, kind))) return own;
		const scopes = this.scopesOf(other ?? own[0]);
		const inAddresses = postalAddressesIn(scopes).flatMap((scope) =>
			scope.layout.fields[kind].flatMap((candidate) => this.read(scope, candidate, kind)),
		);
		return inAddresses.length === 0 ? own : inOrder([...own, ...inAddresses], kind);
	}
}

// By the label next to it, the name next to it, or the direction of the call.
function isOthers(scope: Scope, candidate: Candidate, label: string): boolean {
	if (namesOther(label) && !IN_OUTLOOK.test(label)) return true;
	if (candidate.role.person === 'caller' && mayBeOutbound(scope)) return true;
	if (isOurCaller(scope)) return true;
	return isNamedOther(scope.json, candidate);
}

// As within one object, a value may be anyone's if its key has an unknown word: { listing_phone, guest: { email } }.
function withoutQualified(found: Record<IdentifierKind, Found[]>): Record<IdentifierKind, Found[]> {
	const all = [...found.email, ...found.phone];
	if (all.every(({ candidate }) => candidate.role.qualifier === '')) return found;
	const chosen = chosenQualifier(all.filter(isSure).map(({ candidate }) => candidate));
	const isChosen = ({ candidate: { role } }: Found) =>
		role.qualifier === '' || role.qualifier === chosen;
	return { email: found.email.filter(isChosen), phone: found.phone.filter(isChosen) };
}

function isOfVendors(scope: Scope): boolean {
	return scope.person.parent === undefined && isOfVendor(scope);
}

function isSure({ person }: Found): boolean {
	return isClear(person);
}

// { organizer_email, attendees: [{ email }, { email }] }, { initiator_email, participant_email }
function mayBeStaff({ person, candidate }: Found): boolean {
	return person.isListed === true || isOneOfEquals(candidate);
}

// { attendee_emails: ['mary@example.com', 'bob@example.com'] }
function isOfEquals(candidate: Candidate, value: unknown): boolean {
	return Array.isArray(value) && value.length > 1 && isOneOfEquals(candidate);
}

function isOneOfEquals({ role }: Candidate): boolean {
	return role.party === 'contact' && EQUALS.test(role.person);
}

// { signer_1_email, signer_2_email }, { signers: { 'Signer 1': { email }, 'Signer 2': { email } } }
function setNumberedApart(found: readonly Found[]): void {
	const wordOf = ({ candidate: { role }, person }: Found) =>
		role.party === 'own' ? roleOf(person.field).person : role.person;
	const numbered = new Set(
		found.map(wordOf).flatMap((word) => (isOneOfSeveral(word) ? [word.split(' ')[0]] : [])),
	);
	for (const each of numbered.size === 0 ? [] : found) {
		const [word = ''] = wordOf(each).split(' ');
		if (!EQUALS.test(word) || !numbered.has(word)) continue;
		each.person.party = 'unknown';
		each.person.isListed = true;
	}
}

function isFlat({ scope, person }: Found): boolean {
	return scope.person !== person && isClear(scope.person);
}

// A number next to a person who has one may be the company's own: { phoneNumber, customer: { number } }.
function isUnnamed({ person }: Found): number {
	return person.party === 'contact' ? 0 : 1;
}

// A profile within an entry is the entry's person.
function listedAs(person: Person): Person {
	for (let each: Person | undefined = person; each; each = each.parent)
		if (each.isListed) return each;
	return person;
}

function inOrder(
	found: readonly Found[],
	kind: IdentifierKind,
	distance: (found: Found) => number = () => 0,
): Found[] {
	if (found.length < 2) return [...found];
	const promising = found.filter(({ value }) => isPromising(value, kind));
	if (promising.length === 0) return found.slice(0, 1);
	return promising.sort(
		(a, b) => distance(a) - distance(b) || a.person.rank - b.person.rank || a.rank - b.rank,
	);
}

/** Whether a key and an object name one person: `{ customer_email, customer: { phone } }`. */
function isNamesake(one: Person, other: Person): boolean {
	if (one.parent !== other.parent || one.isListed || other.isListed) return false;
	const { person } = roleOf(one.field);
	return person !== '' && person === roleOf(other.field).person;
}
