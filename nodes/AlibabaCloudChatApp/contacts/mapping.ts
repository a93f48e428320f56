import type { FieldPaths, RawContact } from './contact';
import { addressesIn, countryOfPhone, placeIn } from './countryOfPhone';
import type { OtherValue } from './firstGood';
import { lastResort } from './lastResort';
import { layoutOf } from './layout';
import type { Level } from './level';
import { holdsContact, levelsOf } from './levels';
import { contactInRow } from './row';
import { isOwnShipping } from './shipping';
import { isFilled, isPromising } from './value';

export type { FieldPaths };
export { contactReader } from './paths';

/** Takes a contact's fields out of an item's JSON, as they are. */
export type ReadContact = (json: Record<string, unknown>) => RawContact;

/** A value that was found, and where. */
interface Found {
	level: Level;
	key: string;
	value: unknown;
}

/**
 * 'Map Automatically': finds a contact's fields by the words of their names, in the shapes that CRMs and forms give.
 * For each field what could be one goes before what can't, then the item's top level before what lies in it, then the
 * order of the names. The country is the one that stands nearest to the phone: another address's would make it somebody
 * else's number.
 */
export const findContact: ReadContact = (json) =>
	contactInRow(json, layoutOf(json)) ?? searchContact(json);

/** The search in full; {@link findContact} spares plain rows of a list it and finds the same. */
export const searchContact: ReadContact = (json) => {
	let levels = levelsOf(json);
	if (!levels.some(holdsContact)) levels = [...levels, ...lastResort(levels)];
	const emails = valuesIn(levels, 'email');
	const phones = valuesIn(levels, 'phone');
	const [email, ...moreEmails] = emails;
	const [phone, ...morePhones] = phones;
	const country = countryOfPhone(phone?.level, levels);
	const raw: RawContact = { email: email?.value, phone: phone?.value, country: country?.value };
	if (email || phone) raw.at = pathsOf({ email, phone, country: phone && country });
	if (moreEmails.length > 0) raw.otherEmails = moreEmails.map(otherValue);
	if (morePhones.length > 0) {
		raw.otherPhones = morePhones.map((found) => ({
			...otherValue(found),
			country: countryOfPhone(found.level, levels)?.value,
		}));
	}
	const place = country ? undefined : placeIn(levels);
	if (place !== undefined) raw.placeCountry = place;
	return raw;
};

function pathsOf(
	found: Record<keyof FieldPaths, Pick<Found, 'level' | 'key'> | undefined>,
): FieldPaths {
	const { email, phone, country } = found;
	const at: FieldPaths = {};
	if (email) at.email = email.level.pathOf(email.key);
	if (phone) at.phone = phone.level.pathOf(phone.key);
	if (country) at.country = country.level.pathOf(country.key);
	return at;
}

function otherValue({ level, key, value }: Found): OtherValue {
	return { value, at: level.pathOf(key) };
}

// An address is looked into for what stands nowhere else.
function valuesIn(levels: Level[], slot: 'email' | 'phone'): Found[] {
	const own = valuesOf(levels, slot);
	if (own.some(({ value }) => isPromising(value, slot))) return own;
	const addresses = addressesIn(levels, (level) => isOwnShipping(level, levels));
	return addresses.length === 0 ? own : inOrder([...own, ...valuesOf(addresses, slot)], slot);
}

function valuesOf(levels: Level[], slot: 'email' | 'phone'): Found[] {
	const found: Found[] = [];
	for (const level of levels) {
		for (const { key } of level.layout[slot]) {
			const value = level.json[key];
			if (isFilled(value, slot)) found.push({ level, key, value });
		}
	}
	return inOrder(found, slot);
}

function inOrder(found: Found[], slot: 'email' | 'phone'): Found[] {
	if (found.length < 2) return found;
	const promising = found.filter(({ value }) => isPromising(value, slot));
	return promising.length === 0 ? found.slice(0, 1) : promising;
}
