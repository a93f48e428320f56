import { resolveCountry } from './country';
import { compact } from './keyName';
import { roleOf } from './keyRole';
import { type Candidate, type Layout, layoutOf } from './layout';
import { defaultOf } from './marks';
import { type Found, pathTo, type Scope } from './scopes';
import { isObject, type Json, objectIn } from './text';
import { callingCodeOf, fieldText, isCountryId, isFilled, type PhoneNeighbors } from './values';

/** A country that was found, and its data path. */
export interface FoundCountry {
	value: unknown;
	path: string;
}

const NAME_KEYS =
	'name nome nombre nom fullname displayname addressee buyername customername clientname guestname payername billingname fromname'.split(
		' ',
	);
const FIRST_NAME_KEYS = ['firstname', 'givenname', 'fname'];
const LAST_KEYS = ['lastname', 'surname', 'familyname', 'lname'];
const MAX_NAME = 200;
const MAX_ENTRIES = 20;

/**
 * The country nearest to a phone: first in its object, then in an address there, then in another object of its person,
 * then in an address in one of those.
 * @param scopes of the phone's person
 */
export function countryOf(phone: Found | undefined, scopes: Scope[]): FoundCountry | undefined {
	if (!phone) return countryIn(scopes, '') ?? countryIn(postalAddressesIn(scopes), '');
	const { scope, candidate } = phone;
	const { person } = candidate.role;
	return (
		countryAt(scope, person) ??
		countryIn(ownPostalAddresses(scope, scopes), person) ??
		countryIn(scopes, person) ??
		countryIn(postalAddressesIn(scopes), person)
	);
}

/** The contact's postal addresses, the likeliest first; a shipping address only if the delivery is to the contact. */
export function postalAddressesIn(scopes: readonly Scope[]): Scope[] {
	return scopes.flatMap((scope) => ownPostalAddresses(scope, scopes)).sort(byRank);
}

/** The country in `location` and the like, which may only be the country of an IP address. */
export function ipCountryIn(scopes: readonly Scope[]): unknown {
	for (const scope of scopes) {
		for (const { key } of scope.layout.fields.ipCountry) {
			if (isFilled(scope.json[key], 'country')) return scope.json[key];
		}
		const place = countryIn(objectsAt(scope, keysOf(scope.layout, 'place')), '');
		if (place) return place.value;
	}
	return undefined;
}

const ranks = new WeakMap<Scope, number>();

function byRank(a: Scope, b: Scope): number {
	return (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0);
}

function keysOf(layout: Layout, around: 'address' | 'shipping' | 'place'): Candidate[] {
	return layout.objects.filter(({ role }) => role.objectRole === around);
}

function ownPostalAddresses(scope: Scope, all: readonly Scope[]): Scope[] {
	const addresses = keysOf(scope.layout, 'address').flatMap((candidate) =>
		ranked(objectsAt(scope, [candidate]), candidate.role.rank),
	);
	const shipping = ranked(objectsAt(scope, keysOf(scope.layout, 'shipping')), 100);
	return [...addresses, ...shipping.filter((each) => isOwnShipping(each, all))];
}

function ranked(scopes: Scope[], rank: number): Scope[] {
	for (const scope of scopes) ranks.set(scope, rank);
	return scopes;
}

/** The calling code next to a phone. */
export function callingCodeOfPhone({
	scope: { json, pathOf },
	candidate: { callingCode },
}: Found): FoundCountry | undefined {
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

function countryIn(scopes: readonly Scope[], person: string): FoundCountry | undefined {
	for (const scope of scopes) {
		const country = countryAt(scope, person);
		if (country !== undefined) return country;
	}
	return undefined;
}

// Values that name a country come first: a column such as "country_code" may contain a calling code. A country that
// can't be recognized is never replaced by an address's country.
function countryAt(scope: Scope, person: string): FoundCountry | undefined {
	const { country, addressCountry } = scope.layout.fields;
	if (country.length + addressCountry.length === 0) return undefined;
	const isOfPerson = ({ role }: Candidate) =>
		role.person === '' || role.person === person || person === '';
	const own = country
		.filter(isOfPerson)
		.sort((a, b) => Number(b.role.person === person) - Number(a.role.person === person));
	return (
		valueAt(scope, own, namesCountry) ??
		valueAt(scope, own, isWritten) ??
		valueAt(scope, addressCountry.filter(isOfPerson), isCountryFilled) ??
		valueAt(scope, own, isCountryFilled)
	);
}

const isCountryFilled = (value: unknown) => isFilled(value, 'country');

// Plain digits may mean anything, such as a CRM's internal ID of a country.
function isWritten(value: unknown): boolean {
	return isCountryFilled(value) && !/^\d+$/.test(fieldText(value, 'country') ?? '');
}

function namesCountry(value: unknown): boolean {
	const text = fieldText(value, 'country');
	return typeof text === 'string' && resolveCountry(text) !== undefined;
}

function valueAt(
	scope: Scope,
	candidates: Candidate[],
	suits: (value: unknown) => boolean,
): FoundCountry | undefined {
	for (const { key } of candidates) {
		const value = scope.json[key];
		if (suits(value) && !isCountryId(key, value)) return { value, path: scope.pathOf(key) };
	}
	return undefined;
}

// The shipping address of a gift contains somebody else's number.
function isOwnShipping(shipping: Scope, scopes: readonly Scope[]): boolean {
	const recipient = nameIn(shipping.json);
	// Without a name, nothing shows that it is somebody else's.
	if (recipient === undefined) return true;
	const billing = scopes.flatMap(({ json, layout }) =>
		keysOf(layout, 'address').map(({ key }) => json[key]),
	);
	return [...scopes.map(({ json }) => json as unknown), ...billing].some(
		(each) => nameIn(each) === recipient,
	);
}

function nameIn(json: unknown): string | undefined {
	if (!isObject(json)) return undefined;
	const texts = new Map<string, string>();
	for (const [key, value] of Object.entries(json).slice(0, 100)) {
		if (key.length <= 30 && typeof value === 'string' && value.length <= MAX_NAME) {
			texts.set(compact(key), compact(value));
		}
	}
	const first = FIRST_NAME_KEYS.map((key) => texts.get(key)).find(Boolean);
	const last = LAST_KEYS.map((key) => texts.get(key)).find(Boolean);
	const whole = NAME_KEYS.map((key) => texts.get(key)).find(Boolean);
	return first || last ? `${first ?? ''}${last ?? ''}` : whole;
}

// For a list, its default or first entry.
function objectsAt({ json, pathOf, person }: Scope, keys: ReadonlyArray<{ key: string }>): Scope[] {
	return keys.flatMap(({ key }) => {
		const found: Scope[] = [];
		const value = objectIn(json[key]);
		const [position, entry] = Array.isArray(value) ? defaultOf(value) : ['', value];
		if (isObject(entry)) pushWithKinds(entry, { path: `${pathOf(key)}${position}`, person }, found);
		return found;
	});
}

function pushWithKinds(
	json: Json,
	{ path, person }: { path: string; person: Scope['person'] },
	found: Scope[],
): void {
	const layout = layoutOf(json);
	found.push({ json, layout, person, pathOf: (key) => pathTo(path, key) });
	// Addresses by their kind, as in { home: [{ country }] }.
	if (layout.fields.country.length > 0) return;
	for (const key of Object.keys(json).slice(0, MAX_ENTRIES)) {
		const value = json[key];
		const entry: unknown = Array.isArray(value) ? value[0] : value;
		if (!isObject(entry) || roleOf(key).party === 'other') continue;
		const inner = `${pathTo(path, key)}${Array.isArray(value) ? '[0]' : ''}`;
		found.push({
			json: entry,
			layout: layoutOf(entry),
			person,
			pathOf: (name) => pathTo(inner, name),
		});
	}
}
