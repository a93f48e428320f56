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
type Role = { slot: Slot; rank: number };
type Ranked = { rank: number; value: unknown };

/** One object of an item: its best filled fields, and what else may hold some. */
interface Level {
	email?: Ranked;
	phone?: Ranked;
	country?: Ranked;
	/** The best field that names a country: a column such as "country_code" may hold a dialling code. */
	namedCountry?: Ranked;
	wrapper?: Ranked[];
	address?: Ranked[];
}

const MAX_WRAPPING = 3;
const ROLES = rolesByName({ ...FIELD_NAMES, wrapper: WRAPPERS, address: ADDRESSES });
// The items of a run share their keys: each key is looked at once.
const roleOfKey = new Map<string, Role | undefined>();
const KEYS_LIMIT = 5000;

/**
 * 'Map Automatically': finds a contact's fields by their names, in the shapes that CRMs give.
 * For each field the first filled name in the order of `FIELD_NAMES` wins, at the item's top level first.
 */
export const findContact: ReadContact = (json) => {
	const levels = levelsOf(json);
	const email = first(levels, 'email') ?? identityEmails(json);
	let phone = first(levels, 'phone');
	let country = first(levels, 'namedCountry');
	if (phone === undefined || country === undefined) {
		const addresses = levels.flatMap(addressesOf);
		phone ??= first(addresses, 'phone');
		country ??= first(addresses, 'country') ?? first(levels, 'country');
	}
	return { email, phone, country };
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
	const level = levelOf(value as Record<string, unknown>);
	if (!level.wrapper || depth === MAX_WRAPPING) return [level];
	return [level, ...inOrder(level.wrapper).flatMap((inner) => levelsOf(inner, depth + 1))];
}

// Run for every item: it looks at each key once and keeps only what is best so far.
function levelOf(json: Record<string, unknown>): Level {
	const level: Level = {};
	for (const key of Object.keys(json)) {
		const role = roleOf(key);
		if (!role) continue;
		const { slot, rank } = role;
		const value = json[key];
		if (slot === 'wrapper' || slot === 'address') {
			(level[slot] ??= []).push({ rank, value });
			continue;
		}
		if (isBetter(rank, level[slot]) && isFilled(value, slot)) level[slot] = { rank, value };
		if (slot === 'country' && isBetter(rank, level.namedCountry) && namesCountry(value)) {
			level.namedCountry = { rank, value };
		}
	}
	return level;
}

function isBetter(rank: number, found: Ranked | undefined): boolean {
	return found === undefined || rank < found.rank;
}

function namesCountry(value: unknown): boolean {
	const text = fieldText(value, 'country');
	return typeof text === 'string' && resolveCountry(text) !== undefined;
}

function addressesOf({ address }: Level): Level[] {
	if (!address) return [];
	return inOrder(address).flatMap((value) =>
		levelsOf(Array.isArray(value) ? value[0] : value, MAX_WRAPPING),
	);
}

function inOrder(ranked: Ranked[]): unknown[] {
	return ranked.toSorted((a, b) => a.rank - b.rank).map(({ value }) => value);
}

function first(levels: Level[], field: FieldKind | 'namedCountry'): unknown {
	for (const level of levels) {
		const found = level[field];
		if (found) return found.value;
	}
	return undefined;
}

function roleOf(key: string): Role | undefined {
	if (roleOfKey.has(key)) return roleOfKey.get(key);
	const role = ROLES.get(key.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''));
	if (roleOfKey.size >= KEYS_LIMIT) roleOfKey.clear();
	roleOfKey.set(key, role);
	return role;
}

function rolesByName(names: Record<Slot, readonly string[]>): Map<string, Role> {
	const entries = Object.entries(names) as Array<[Slot, readonly string[]]>;
	return new Map(
		entries.flatMap(([slot, list]) => list.map((name, rank) => [name, { slot, rank }] as const)),
	);
}
