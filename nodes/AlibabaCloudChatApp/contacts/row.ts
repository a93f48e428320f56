import { fieldThatSaysNo } from './consent';
import type { FieldPaths, RawContact } from './contact';
import type { Layout } from './layout';
import { unusedInRow } from './leftovers';
import { isStaff } from './markers';
import { looksLikeJson } from './text';
import { isFilled } from './values';

type Json = Record<string, unknown>;

const EMAIL = 1;
const PHONE = 2;
const COUNTRY = 4;

/**
 * The contact in a plain row of a list: what the full search finds there, without its cost.
 * @returns undefined when the item isn't such a row
 */
export function contactInRow(json: Json, layout: Layout): RawContact | undefined {
	if (!layout.isRow || (layout.mayBeStaff && isStaff(json))) return undefined;
	for (const { key } of layout.around) {
		const value = json[key];
		if (
			typeof value === 'object' ? value !== null : typeof value === 'string' && looksLikeJson(value)
		)
			return undefined;
	}
	if (layout.consent.some(({ key }) => isFilledObject(json[key]))) return undefined;
	for (const { key } of layout.others)
		if (typeof json[key] === 'object' && json[key] !== null) return undefined;
	const email = valueAt(json, layout, 'email');
	const phone = valueAt(json, layout, 'phone');
	if (email === undefined && phone === undefined) return undefined;
	const country = valueAt(json, layout, 'country');
	const raw: RawContact = { email, phone, country };
	const filled =
		(email === undefined ? 0 : EMAIL) |
		(phone === undefined ? 0 : PHONE) |
		(phone === undefined || country === undefined ? 0 : COUNTRY);
	// One object for all rows with the same fields: millions of them cost the garbage collector more than the search.
	raw.at = layout.pathsByFilled[filled] ??= pathsOf(layout, filled);
	const { consent: keys } = layout;
	const optedOutBy = keys.length === 0 ? undefined : fieldThatSaysNo({ json, keys });
	if (optedOutBy !== undefined) raw.optedOutBy = optedOutBy;
	if (email === undefined || phone === undefined) {
		const unused = unusedInRow(json, { email: email === undefined, phone: phone === undefined });
		if (unused.length > 0) raw.unused = unused;
	}
	return raw;
}

function isFilledObject(value: unknown): boolean {
	return typeof value === 'object' && value !== null;
}

function valueAt(json: Json, layout: Layout, field: 'email' | 'phone' | 'country'): unknown {
	const candidate = layout.fields[field][0];
	if (candidate === undefined) return undefined;
	const value = json[candidate.key];
	return isFilled(value, field) ? value : undefined;
}

function pathsOf({ fields: { email, phone, country } }: Layout, filled: number): FieldPaths {
	return {
		...(filled & EMAIL && { email: email[0]?.key }),
		...(filled & PHONE && { phone: phone[0]?.key }),
		...(filled & COUNTRY && { country: country[0]?.key }),
	};
}
