import type { RawContact } from './contact';
import type { Layout } from './layout';
import { isFilled } from './value';

/**
 * The contact in a plain row of a list: what the full search finds there, without its cost.
 * @returns undefined when the item isn't such a row
 */
export function contactInRow(
	json: Record<string, unknown>,
	{ isRow, email, phone, country, around }: Layout,
): RawContact | undefined {
	if (!isRow) return undefined;
	for (const key of around) {
		if (typeof json[key] === 'object') return undefined;
	}
	const emailKey = filledKey(json, email, 'email');
	const phoneKey = filledKey(json, phone, 'phone');
	const countryKey = filledKey(json, country, 'country');
	const raw: RawContact = {
		email: valueAt(json, emailKey),
		phone: valueAt(json, phoneKey),
		country: valueAt(json, countryKey),
	};
	if (emailKey === undefined && phoneKey === undefined) return raw;
	raw.at = {};
	if (emailKey !== undefined) raw.at.email = emailKey;
	if (phoneKey !== undefined) raw.at.phone = phoneKey;
	if (phoneKey !== undefined && countryKey !== undefined) raw.at.country = countryKey;
	return raw;
}

function filledKey(
	json: Record<string, unknown>,
	candidates: ReadonlyArray<{ key: string }>,
	slot: 'email' | 'phone' | 'country',
): string | undefined {
	const key = candidates[0]?.key;
	return key !== undefined && isFilled(json[key], slot) ? key : undefined;
}

function valueAt(json: Record<string, unknown>, key: string | undefined): unknown {
	return key === undefined ? undefined : json[key];
}
