import type { FieldPaths, RawContact } from './contact';
import type { Layout } from './layout';
import { isFilled } from './value';

const EMAIL = 1;
const PHONE = 2;
const COUNTRY = 4;

/**
 * The contact in a plain row of a list: what the full search finds there, without its cost.
 * @returns undefined when the item isn't such a row
 */
export function contactInRow(
	json: Record<string, unknown>,
	layout: Layout,
): RawContact | undefined {
	if (!layout.isRow) return undefined;
	for (const key of layout.around) {
		if (typeof json[key] === 'object') return undefined;
	}
	const email = valueAt(json, layout, 'email');
	const phone = valueAt(json, layout, 'phone');
	const country = valueAt(json, layout, 'country');
	const raw: RawContact = { email, phone, country };
	const filled =
		(email === undefined ? 0 : EMAIL) |
		(phone === undefined ? 0 : PHONE) |
		(phone === undefined || country === undefined ? 0 : COUNTRY);
	// One object for all rows with the same fields: millions of them cost the garbage collector more than the search.
	if (filled !== 0) raw.at = layout.pathsByFilled[filled] ??= pathsOf(layout, filled);
	return raw;
}

function valueAt(
	json: Record<string, unknown>,
	layout: Layout,
	slot: 'email' | 'phone' | 'country',
): unknown {
	const candidate = layout[slot][0];
	if (candidate === undefined) return undefined;
	const value = json[candidate.key];
	return isFilled(value, slot) ? value : undefined;
}

function pathsOf({ email, phone, country }: Layout, filled: number): FieldPaths {
	return {
		...(filled & EMAIL && { email: email[0]?.key }),
		...(filled & PHONE && { phone: phone[0]?.key }),
		...(filled & COUNTRY && { country: country[0]?.key }),
	};
}
