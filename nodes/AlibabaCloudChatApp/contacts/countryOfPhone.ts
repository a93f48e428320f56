/**
 * The country in which a phone is read, `countryOf(found, scopes)`, and the postal addresses that may name it. A postal
 * address is an object; the option 'Addresses' is about emails and phones instead.
 */

import type { ValueAtPath } from './contact';
import { resolveCountry } from './country';
import { compact } from './keyName';
import { roleOf } from './keyRole';
import type { Candidate } from './layout';
import { defaultOf } from './marks';
import { areNamedApart, type Found, newScope, type Scope } from './people';
import { firstOf, isObject, objectIn } from './text';
import { callingCodeOf, fieldText, isCountryId, isFilled, type PhoneNeighbors } from './values';

/** An object with a postal address. The lower its rank, the likelier it is the contact's main address. */
interface RankedAddress {
	scope: Scope;
	rank: number;
}

const NAME_KEYS =
	'name nome nombre nom fullname displayname addressee buyername customername clientname guestname payername billingname fromname'.split(
		' ',
	);
const FIRST_NAME_KEYS = ['firstname', 'givenname', 'fname'];
const LAST_NAME_KEYS = ['lastname', 'surname', 'familyname', 'lname'];
const LONGEST_NAME = 200;
const MAX_ENTRIES = 20;
const SHIPPING_RANK = 100;

/**
 * The country nearest to a phone, or to the email of a contact without one: first in its object, then in an address
 * there, then in another object of its person, then in an address in one of those.
 * @param scopes of the person it belongs to
 */
export function countryOf(found: Found | undefined, scopes: Scope[]): ValueAtPath | undefined {
	if (!found) return firstCountryIn(scopes, '') ?? firstCountryIn(postalAddressesIn(scopes), '');
	const { scope, candidate } = found;
	const { personWord } = candidate.role;
	const addressesNearby = () => addressesAt(scope, scopes).map((address) => address.scope);
	return (
		countryAt(scope, personWord) ??
		firstCountryIn(addressesNearby(), personWord) ??
		firstCountryIn(scopes, personWord) ??
		firstCountryIn(postalAddressesIn(scopes), personWord)
	);
}

/** The contact's postal addresses, the likeliest first; a shipping address only if the delivery is to the contact. */
export function postalAddressesIn(scopes: readonly Scope[]): Scope[] {
	return scopes
		.flatMap((scope) => addressesAt(scope, scopes))
		.sort((a, b) => a.rank - b.rank)
		.map(({ scope }) => scope);
}

/** The postal addresses in a contact's scopes that have another person's name. */
export function postalAddressesOfOthers(
	main: Found | undefined,
	scopes: readonly Scope[],
): Scope[] {
	if (!main) return [];
	return postalAddressesIn(scopes).filter((address) => areNamedApart(address, main.scope));
}

/** The country in `location` and the like, which may only be the country of an IP address. */
export function ipCountryIn(scopes: readonly Scope[]): unknown {
	for (const scope of scopes) {
		for (const { key } of scope.layout.fields.ipCountry) {
			if (isFilled(scope.json[key], 'country')) return scope.json[key];
		}
		const places = keysWithRole(scope, 'place').flatMap(({ key }) => objectsAt(scope, key));
		const place = firstCountryIn(places, '');
		if (place) return place.value;
	}
	return undefined;
}

function keysWithRole({ layout }: Scope, role: 'address' | 'shipping' | 'place'): Candidate[] {
	return layout.objects.filter((candidate) => candidate.role.objectRole === role);
}

/** The contact's postal addresses in an object, those for shipping last. */
function addressesAt(scope: Scope, scopes: readonly Scope[]): RankedAddress[] {
	const addresses = keysWithRole(scope, 'address').flatMap(({ key, role: { rank } }) =>
		objectsAt(scope, key).map((address) => ({ scope: address, rank })),
	);
	const shipping = keysWithRole(scope, 'shipping')
		.flatMap(({ key }) => objectsAt(scope, key))
		.filter((address) => isOwnShipping(address, scopes))
		.map((address) => ({ scope: address, rank: SHIPPING_RANK }));
	return [...addresses, ...shipping];
}

/** The calling code next to a phone. */
export function callingCodeOfPhone({
	scope: { json, pathOf },
	candidate: { callingCode },
}: Found): ValueAtPath | undefined {
	const value = callingCode === undefined ? undefined : callingCodeOf(json[callingCode]);
	return value === undefined ? undefined : { value, path: pathOf(callingCode ?? '') };
}

/** The codes in the fields next to a phone. */
export function codesOf(phone: Found): Pick<PhoneNeighbors, 'callingCode' | 'areaCode'> {
	const callingCode = callingCodeOfPhone(phone)?.value;
	const areaCode = areaCodeOf(phone);
	return {
		...(callingCode !== undefined && { callingCode }),
		...(areaCode !== undefined && { areaCode }),
	};
}

function areaCodeOf({ scope, candidate }: Found): unknown {
	const value = candidate.areaCode === undefined ? undefined : scope.json[candidate.areaCode];
	return isFilled(value, 'phone') ? value : undefined;
}

function firstCountryIn(scopes: readonly Scope[], personWord: string): ValueAtPath | undefined {
	for (const scope of scopes) {
		const country = countryAt(scope, personWord);
		if (country !== undefined) return country;
	}
	return undefined;
}

// Values that name a country come first: a column such as "country_code" may contain a calling code. A country that
// can't be recognized is never replaced by an address's country.
function countryAt(scope: Scope, personWord: string): ValueAtPath | undefined {
	const { country, addressCountry } = scope.layout.fields;
	if (country.length + addressCountry.length === 0) return undefined;
	const isOfPerson = ({ role }: Candidate) =>
		role.personWord === '' || role.personWord === personWord || personWord === '';
	const own = country
		.filter(isOfPerson)
		.sort(
			(a, b) => Number(b.role.personWord === personWord) - Number(a.role.personWord === personWord),
		);
	return (
		firstSuitable(scope, own, namesCountry) ??
		firstSuitable(scope, own, isMoreThanDigits) ??
		firstSuitable(scope, addressCountry.filter(isOfPerson), isCountryFilled) ??
		firstSuitable(scope, own, isCountryFilled)
	);
}

const isCountryFilled = (value: unknown) => isFilled(value, 'country');

// Plain digits may mean anything, such as a CRM's internal ID of a country.
function isMoreThanDigits(value: unknown): boolean {
	return isCountryFilled(value) && !/^\d+$/.test(fieldText(value, 'country') ?? '');
}

function namesCountry(value: unknown): boolean {
	const text = fieldText(value, 'country');
	return typeof text === 'string' && resolveCountry(text) !== undefined;
}

function firstSuitable(
	scope: Scope,
	candidates: Candidate[],
	suits: (value: unknown) => boolean,
): ValueAtPath | undefined {
	for (const { key } of candidates) {
		const value = scope.json[key];
		if (suits(value) && !isCountryId(key, value)) return { value, path: scope.pathOf(key) };
	}
	return undefined;
}

// The shipping address of a gift contains somebody else's number. Its whole name must be the contact's, while in other
// objects, it is enough that the names have something in common (`areNamedApart`).
function isOwnShipping(shipping: Scope, scopes: readonly Scope[]): boolean {
	const recipient = wholeNameIn(shipping.json);
	// Without a name, nothing shows that it is somebody else's.
	if (recipient === undefined) return true;
	const billing = scopes.flatMap((scope) =>
		keysWithRole(scope, 'address').map(({ key }) => scope.json[key]),
	);
	return [...scopes.map(({ json }) => json as unknown), ...billing].some(
		(each) => wholeNameIn(each) === recipient,
	);
}

function wholeNameIn(json: unknown): string | undefined {
	if (!isObject(json)) return undefined;
	const texts = new Map<string, string>();
	for (const [key, value] of Object.entries(json).slice(0, 100)) {
		if (key.length <= 30 && typeof value === 'string' && value.length <= LONGEST_NAME) {
			texts.set(compact(key), compact(value));
		}
	}
	const first = FIRST_NAME_KEYS.map((key) => texts.get(key)).find(Boolean);
	const last = LAST_NAME_KEYS.map((key) => texts.get(key)).find(Boolean);
	const whole = NAME_KEYS.map((key) => texts.get(key)).find(Boolean);
	return first || last ? `${first ?? ''}${last ?? ''}` : whole;
}

// Usually one object, for a list its default or first entry; or more by their kind, as in { home: [{ country }] }.
function objectsAt({ json, pathOf, person }: Scope, key: string): Scope[] {
	const value = objectIn(json[key]);
	const [position, entry] = Array.isArray(value) ? defaultOf(value) : ['', value];
	if (!isObject(entry)) return [];
	const outer = newScope(entry, { person, path: `${pathOf(key)}${position}` });
	const hasCountry = outer.layout.fields.country.length > 0;
	return hasCountry ? [outer] : [outer, ...objectsByKind(outer)];
}

function objectsByKind({ json, pathOf, person }: Scope): Scope[] {
	return Object.keys(json)
		.slice(0, MAX_ENTRIES)
		.flatMap((key) => {
			const entry = firstOf(json[key]);
			if (!isObject(entry) || roleOf(key).party === 'other') return [];
			const path = `${pathOf(key)}${entry === json[key] ? '' : '[0]'}`;
			return [newScope(entry, { person, path })];
		});
}
