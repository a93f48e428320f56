import get from 'lodash/get';
import toPath from 'lodash/toPath';
import type { RawContact } from './contact';
import { resolveCountry } from './country';
import { layoutOf, type Layout, type Slot } from './layout';
import { fieldText, holdsNumber, isFilled, type FieldKind } from './value';

/** Takes a contact's fields out of an item's JSON, as they are. */
export type ReadContact = (json: Record<string, unknown>) => RawContact;

/** Data paths such as `a.b[0].c` or `["a.b"].c`; an empty or absent one is not mapped. */
export interface FieldPaths {
	email?: string;
	phone?: string;
	country?: string;
}

/** One object of an item: its fields, and what else may hold some. */
interface Level {
	json: Record<string, unknown>;
	layout: Layout;
}

const MAX_WRAPPING = 3;

/**
 * 'Map Automatically': finds a contact's fields by their names, in the shapes that CRMs give.
 * For each field the first filled name in the order of `FIELD_NAMES` wins, at the item's top level first. The country is
 * the one that stands nearest to the phone: another address's would make it somebody else's number.
 */
export const findContact: ReadContact = (json) => {
	const levels = levelsOf(json);
	const addresses = addressesIn(levels);
	const email = first(levels, 'email', isEmailFilled)?.value ?? identityEmails(json);
	const phone =
		first(levels, 'phone', holdsNumber) ??
		first(addresses, 'phone', holdsNumber) ??
		first([...levels, ...addresses], 'phone', isPhoneFilled);
	const country =
		(phone && (countryAt(phone.level) ?? countryIn(addressesIn([phone.level])))) ??
		countryIn(levels) ??
		countryIn(addresses);
	return { email, phone: phone?.value, country };
};

/** 'Map Each Field': reads the fields at the given paths. A path is parsed once, not for each item. */
export function contactReader(paths: FieldPaths): ReadContact {
	const email = valueReader(paths.email);
	const phone = valueReader(paths.phone);
	const country = valueReader(paths.country);
	return (json) => ({ email: email(json), phone: phone(json), country: country(json) });
}

function valueReader(path: string | undefined): (json: Record<string, unknown>) => unknown {
	const written = path?.trim();
	if (!written) return () => undefined;
	const keys = toPath(written);
	// A path that leads nowhere may be a key that holds the dot itself, as spreadsheet headers do.
	return (json) => get(json, keys, Object.hasOwn(json, written) ? json[written] : undefined);
}

// HubSpot's lists of contacts give the email only among the identities, unless it is asked for.
function identityEmails(json: Record<string, unknown>): unknown {
	const identities: unknown = get(json, ['identity-profiles', 0, 'identities']);
	if (!Array.isArray(identities)) return undefined;
	return identities.filter((identity) => get(identity, 'type') === 'EMAIL');
}

function levelsOf(value: unknown, depth = 0): Level[] {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
	const json = value as Record<string, unknown>;
	const level = { json, layout: layoutOf(json) };
	const { wrapper } = level.layout;
	if (wrapper.length === 0 || depth === MAX_WRAPPING) return [level];
	return [level, ...wrapper.flatMap(({ key }) => levelsOf(json[key], depth + 1))];
}

const isEmailFilled = (value: unknown) => isFilled(value, 'email');
const isPhoneFilled = (value: unknown) => isFilled(value, 'phone');
const isCountryFilled = (value: unknown) => isFilled(value, 'country');

// Plain digits may be anything, such as a CRM's own number for a country.
function isCountryWritten(value: unknown): boolean {
	return isCountryFilled(value) && !/^\d+$/.test(fieldText(value, 'country') ?? '');
}

function namesCountry(value: unknown): boolean {
	const text = fieldText(value, 'country');
	return typeof text === 'string' && resolveCountry(text) !== undefined;
}

function countryIn(levels: Level[]): unknown {
	for (const level of levels) {
		const country = countryAt(level);
		if (country !== undefined) return country;
	}
	return undefined;
}

// What names a country goes first: a column such as "country_code" may hold a dialling code. One that isn't understood
// doesn't give way to an address's.
function countryAt(level: Level): unknown {
	const { country, addressCountry } = level.layout;
	if (country.length === 0 && addressCountry.length === 0) return undefined;
	return (
		valueAt(level, 'country', namesCountry) ??
		valueAt(level, 'country', isCountryWritten) ??
		valueAt(level, 'addressCountry', isCountryFilled) ??
		valueAt(level, 'country', isCountryFilled)
	);
}

function addressesIn(levels: Level[]): Level[] {
	if (levels.every(({ layout }) => layout.address.length === 0)) return [];
	const addresses: Array<{ rank: number; level: Level }> = [];
	for (const { json, layout } of levels) {
		for (const { key, rank } of layout.address) {
			const value = json[key];
			const inner = levelsOf(Array.isArray(value) ? value[0] : value, MAX_WRAPPING);
			addresses.push(...inner.map((level) => ({ rank, level })));
		}
	}
	return addresses.sort((a, b) => a.rank - b.rank).map(({ level }) => level);
}

function first(
	levels: Level[],
	field: FieldKind,
	suits: (value: unknown) => boolean,
): { value: unknown; level: Level } | undefined {
	for (const level of levels) {
		const value = valueAt(level, field, suits);
		if (value !== undefined) return { value, level };
	}
	return undefined;
}

function valueAt({ json, layout }: Level, slot: Slot, suits: (value: unknown) => boolean): unknown {
	for (const { key } of layout[slot]) {
		if (suits(json[key])) return json[key];
	}
	return undefined;
}
