import type { FieldPaths } from './contact';
import { roleOf, type Slot } from './fieldRole';
import { compact } from './words';

type Candidate = { key: string; rank: number };

/**
 * Of an object with these keys: those that may hold something, best first. `isRow`: no field has more than one key, as in
 * most lists; it is a plain row if no key that may be looked into (`around`) holds an object.
 */
export type Layout = {
	keys: readonly string[];
	isRow: boolean;
	around: string[];
	/** Of plain rows: where the fields stand, by which of them are filled. */
	pathsByFilled: FieldPaths[];
} & Record<Slot, Candidate[]>;

// The objects of a run share a few sets of keys; the latest sets are kept.
const layouts: Layout[] = [];
const LAYOUTS_KEPT = 16;
// What is longer is no column of a list, and keeping it would hold its memory.
const KEYS_KEPT = 300;
const LONGEST_KEPT = 100;
const ONE_AT_MOST = ['email', 'phone', 'country'] as const;
const OTHER_COUNTRIES = ['dial', 'addressCountry', 'placeCountry'] as const;
/** The slots that hold values, not objects to look into. */
export const VALUE_SLOTS = [...ONE_AT_MOST, ...OTHER_COUNTRIES] as const;
const LOOKED_INTO = ['wrapper', 'address', 'shipping', 'place', 'rest'] as const;
let layoutsMade = 0;

/** Where an object's fields are, by the names of its keys. */
export function layoutOf(json: Record<string, unknown>): Layout {
	const keys = Object.keys(json);
	for (const layout of layouts) {
		if (haveSameKeys(keys, layout.keys)) return layout;
	}
	const layout = newLayout(keys);
	if (keys.length <= KEYS_KEPT && keys.every(({ length }) => length <= LONGEST_KEPT)) {
		layouts[layoutsMade++ % LAYOUTS_KEPT] = layout;
	}
	return layout;
}

function newLayout(keys: readonly string[]): Layout {
	const layout: Layout = {
		keys,
		isRow: false,
		around: [],
		pathsByFilled: [],
		email: [],
		phone: [],
		country: [],
		dial: [],
		addressCountry: [],
		placeCountry: [],
		wrapper: [],
		address: [],
		shipping: [],
		place: [],
		perhaps: [],
		rest: [],
	};
	for (const key of keys.slice(0, KEYS_KEPT)) {
		const role = roleOf(key);
		if (role) insert(layout[role.slot], { key, rank: role.rank });
	}
	addSender(layout);
	layout.around = LOOKED_INTO.flatMap((slot) => layout[slot].map(({ key }) => key));
	layout.isRow =
		ONE_AT_MOST.every((slot) => layout[slot].length <= 1) &&
		OTHER_COUNTRIES.every((slot) => layout[slot].length === 0) &&
		layout.email.length + layout.phone.length > 0;
	return layout;
}

// Twilio's messages and calls: From and FromCountry are the person's, To and ToCountry the company's.
function addSender({ keys, phone, country }: Layout): void {
	const from = keys.find((key) => key.toLowerCase() === 'from');
	const place = keys.find((key) => key.length <= LONGEST_KEPT && compact(key) === 'fromcountry');
	if (from === undefined || place === undefined) return;
	insert(phone, { key: from, rank: 40 });
	insert(country, { key: place, rank: 10 });
}

function insert(candidates: Candidate[], candidate: Candidate): void {
	const worse = candidates.findIndex(({ rank }) => rank > candidate.rank);
	candidates.splice(worse < 0 ? candidates.length : worse, 0, candidate);
}

function haveSameKeys(keys: readonly string[], others: readonly string[]): boolean {
	if (keys.length !== others.length) return false;
	for (let index = 0; index < keys.length; index++) {
		if (keys[index] !== others[index]) return false;
	}
	return true;
}
