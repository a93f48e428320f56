import { ADDRESS_COUNTRIES, ADDRESSES, FIELD_NAMES, WRAPPERS } from './fieldNames';
import type { FieldKind } from './value';

export type Slot = FieldKind | 'addressCountry' | 'wrapper' | 'address';
type Role = { slot: Slot; rank: number };
type Candidate = { key: string; rank: number };

/** Of an object with these keys: those that may hold something, best first. */
export type Layout = { keys: readonly string[] } & Record<Slot, Candidate[]>;

const ROLES = rolesByName({
	...FIELD_NAMES,
	addressCountry: ADDRESS_COUNTRIES,
	wrapper: WRAPPERS,
	address: ADDRESSES,
});
const roleOfKey = new Map<string, Role | undefined>();
const KEYS_KEPT = 5000;
// The objects of a run share a few sets of keys; the latest sets are kept.
const layouts: Layout[] = [];
const LAYOUTS_KEPT = 8;
let layoutsMade = 0;

/** Where an object's fields are, by the names of its keys. */
export function layoutOf(json: Record<string, unknown>): Layout {
	const keys = Object.keys(json);
	for (const layout of layouts) {
		if (haveSameKeys(keys, layout.keys)) return layout;
	}
	const layout = newLayout(keys);
	layouts[layoutsMade++ % LAYOUTS_KEPT] = layout;
	return layout;
}

function newLayout(keys: readonly string[]): Layout {
	const layout: Layout = {
		keys,
		email: [],
		phone: [],
		country: [],
		addressCountry: [],
		wrapper: [],
		address: [],
	};
	for (const key of keys) {
		const role = roleOf(key);
		if (!role) continue;
		const candidates = layout[role.slot];
		const worse = candidates.findIndex(({ rank }) => rank > role.rank);
		candidates.splice(worse < 0 ? candidates.length : worse, 0, { key, rank: role.rank });
	}
	return layout;
}

function haveSameKeys(keys: readonly string[], others: readonly string[]): boolean {
	if (keys.length !== others.length) return false;
	for (let index = 0; index < keys.length; index++) {
		if (keys[index] !== others[index]) return false;
	}
	return true;
}

function roleOf(key: string): Role | undefined {
	if (roleOfKey.has(key)) return roleOfKey.get(key);
	const role = ROLES.get(key.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''));
	if (roleOfKey.size >= KEYS_KEPT) roleOfKey.clear();
	roleOfKey.set(key, role);
	return role;
}

function rolesByName(names: Record<Slot, readonly string[]>): Map<string, Role> {
	const entries = Object.entries(names) as Array<[Slot, readonly string[]]>;
	return new Map(
		entries.flatMap(([slot, list]) => list.map((name, rank) => [name, { slot, rank }] as const)),
	);
}
