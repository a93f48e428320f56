import get from 'lodash/get';
import toPath from 'lodash/toPath';
import type { RawContact } from './contact';
import { resolveCountry } from './country';
import { ADDRESSES, FIELD_NAMES, WRAPPERS } from './field-names';
import { fieldText, isFilled, type FieldKind } from './value';

/** Takes a contact's fields out of an item's JSON, as they are. */
export type ReadContact = (json: Record<string, unknown>) => RawContact;

/** Data paths such as `a.b[0].c` or `["a.b"].c`; an empty or absent one is not mapped. */
export interface FieldPaths {
	email?: string;
	phone?: string;
	country?: string;
}

type Slot = FieldKind | 'wrapper' | 'address';
type Ranked = { rank: number; value: unknown };
type Level = Partial<Record<Slot, Ranked[]>>;

const MAX_WRAPPING = 3;
const ROLES = rolesByName({ ...FIELD_NAMES, wrapper: WRAPPERS, address: ADDRESSES });
// The items of a run share their keys: each key is looked at once.
const roleOfKey = new Map<string, { slot: Slot; rank: number } | undefined>();
const KEYS_LIMIT = 5000;

/**
 * 'Map Automatically': finds a contact's fields by their names, in the shapes that CRMs give.
 * For each field the first filled name in the order of `FIELD_NAMES` wins, at the item's top level first.
 */
export const findContact: ReadContact = (json) => {
	const levels = levelsOf(json);
	let addresses: Level[] | undefined;
	const inAddresses = (kind: FieldKind) =>
		firstFilled((addresses ??= levels.flatMap(addressesOf)), kind);
	return {
		email: firstFilled(levels, 'email') ?? identityEmails(json),
		phone: firstFilled(levels, 'phone') ?? inAddresses('phone'),
		country: countryIn(levels) ?? inAddresses('country') ?? firstFilled(levels, 'country'),
	};
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
	// A key that holds the dot itself, as spreadsheet headers do, wins over the path.
	return (json) => (Object.hasOwn(json, written) ? json[written] : get(json, keys));
}

// HubSpot's lists of contacts give the email only among the identities, unless it is asked for.
function identityEmails(json: Record<string, unknown>): unknown {
	const identities: unknown = get(json, ['identity-profiles', 0, 'identities']);
	if (!Array.isArray(identities)) return undefined;
	return identities.filter((identity) => get(identity, 'type') === 'EMAIL');
}

function levelsOf(value: unknown, depth = 0): Level[] {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
	const level: Level = {};
	for (const [key, content] of Object.entries(value)) {
		const role = roleOf(key);
		if (role) (level[role.slot] ??= []).push({ rank: role.rank, value: content });
	}
	for (const found of Object.values(level)) {
		if (found.length > 1) found.sort((a, b) => a.rank - b.rank);
	}
	if (!level.wrapper || depth === MAX_WRAPPING) return [level];
	return [level, ...level.wrapper.flatMap((wrapper) => levelsOf(wrapper.value, depth + 1))];
}

function addressesOf(level: Level): Level[] {
	return (level.address ?? []).flatMap(({ value }) =>
		levelsOf(Array.isArray(value) ? value[0] : value, MAX_WRAPPING),
	);
}

function firstFilled(levels: Level[], kind: FieldKind): unknown {
	for (const level of levels) {
		const found = level[kind]?.find(({ value }) => isFilled(value, kind));
		if (found) return found.value;
	}
	return undefined;
}

// A column such as "country_code" may hold a dialling code: a field that names a country goes before it.
function countryIn(levels: Level[]): unknown {
	for (const { country } of levels) {
		const found = country?.find(({ value }) => {
			const text = fieldText(value, 'country');
			return typeof text === 'string' && resolveCountry(text) !== undefined;
		});
		if (found) return found.value;
	}
	return undefined;
}

function roleOf(key: string): { slot: Slot; rank: number } | undefined {
	if (roleOfKey.has(key)) return roleOfKey.get(key);
	const role = ROLES.get(key.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''));
	if (roleOfKey.size >= KEYS_LIMIT) roleOfKey.clear();
	roleOfKey.set(key, role);
	return role;
}

function rolesByName(
	names: Record<Slot, readonly string[]>,
): Map<string, { slot: Slot; rank: number }> {
	const entries = Object.entries(names) as Array<[Slot, readonly string[]]>;
	return new Map(
		entries.flatMap(([slot, list]) => list.map((name, rank) => [name, { slot, rank }] as const)),
	);
}
