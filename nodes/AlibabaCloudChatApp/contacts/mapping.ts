import get from 'lodash/get';
import toPath from 'lodash/toPath';
import type { RawContact } from './contact';
import { ADDRESSES, FIELD_NAMES, WRAPPERS } from './field-names';
import { isFilled, type FieldKind } from './value';

/** Takes a contact's fields out of an item's JSON, as they are. */
export type ReadContact = (json: Record<string, unknown>) => RawContact;

/** Data paths such as `a.b[0].c` or `["a.b"].c`; an empty or absent one is not mapped. */
export interface FieldPaths {
	email?: string;
	phone?: string;
	country?: string;
}

type Fields = Map<string, unknown>;

const MAX_WRAPPING = 3;
const normalized = new Map<string, string>();
const NORMALIZED_LIMIT = 5000;

/**
 * 'Map Automatically': finds a contact's fields by their names, in the shapes that CRMs give.
 * For each field the first filled name in the order of `FIELD_NAMES` wins, at the item's top level first.
 */
export const findContact: ReadContact = (json) => {
	const levels = levelsOf(json, 0);
	const addresses = levels.flatMap(addressesOf);
	return {
		email: firstFilled(levels, 'email') ?? identityEmails(json),
		phone: firstFilled(levels, 'phone') ?? firstFilled(addresses, 'phone'),
		country: firstFilled(levels, 'country') ?? firstFilled(addresses, 'country'),
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

function levelsOf(value: unknown, depth: number): Fields[] {
	const fields = fieldsOf(value);
	if (!fields || depth > MAX_WRAPPING) return [];
	const inner = WRAPPERS.flatMap((name) => levelsOf(fields.get(name), depth + 1));
	return [fields, ...inner];
}

function addressesOf(level: Fields): Fields[] {
	return ADDRESSES.flatMap((name) => {
		const address = level.get(name);
		return fieldsOf(Array.isArray(address) ? address[0] : address) ?? [];
	});
}

function fieldsOf(value: unknown): Fields | undefined {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
	const fields: Fields = new Map();
	for (const [key, content] of Object.entries(value)) {
		const name = normalize(key);
		if (!fields.has(name)) fields.set(name, content);
	}
	return fields;
}

function firstFilled(levels: Fields[], kind: FieldKind): unknown {
	for (const level of levels) {
		for (const name of FIELD_NAMES[kind]) {
			const value = level.get(name);
			if (value !== undefined && isFilled(value, kind)) return value;
		}
	}
	return undefined;
}

function normalize(key: string): string {
	const seen = normalized.get(key);
	if (seen !== undefined) return seen;
	const name = key.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
	if (normalized.size >= NORMALIZED_LIMIT) normalized.clear();
	normalized.set(key, name);
	return name;
}
