import { resolveCountry } from '../country';
import { fieldText, type FieldResult } from '../value';
import { cleanPhone } from './cleanPhone';
import { isAssigned, planOf } from './numberingPlan';

/** What may stand in for a country of the contact's own. */
export interface Fallbacks {
	/** 'Default Country': ISO 3166 alpha-2; empty for none. */
	fallback?: string;
	/** Where an IP address is. */
	place?: unknown;
}

const PLAIN_CODE = /^0{0,2}([1-9]\d{0,2})$/;
// "+49" and "0049" in the country's place.
const WRITTEN_CODE = /^(?:\+|00)\s?([1-9]\d{0,2})$/;
const TRUNK_ZERO = /^\D*0[1-9]/;

/**
 * A number as it is read in its contact's country.
 * A country that isn't understood doesn't give way to the default country: the number would be somebody else's.
 * @param country as it was found: a name, a code, a calling code, a list
 */
export function cleanPhoneIn(text: string, country: unknown, fallbacks: Fallbacks): FieldResult {
	const named = fieldText(country, 'country');
	if (named === undefined) return withoutOwnCountry(text, fallbacks);
	if (named === null) return cleanPhone(text, 'unknown');
	const code = PLAIN_CODE.exec(named)?.[1];
	if (code !== undefined && !named.startsWith('00')) return withPlainCode(text, code);
	return cleanPhone(text, resolveCountry(named) ?? WRITTEN_CODE.exec(named)?.[1] ?? 'unknown');
}

function withoutOwnCountry(text: string, { fallback, place }: Fallbacks): FieldResult {
	const home = fallback ? resolveCountry(fallback) : undefined;
	const read = cleanPhone(text, home);
	if (read.reason !== 'phone_no_country' || place === undefined) return read;
	return withPlace(text, fieldText(place, 'country')) ?? read;
}

// Plain digits may be a calling code or a CRM's own number for a country: they count only if the number is then one that
// the plan hands out.
function withPlainCode(text: string, code: string): FieldResult {
	const home = planOf(code);
	const read = home ? cleanPhone(text, code) : undefined;
	if (home && read?.value?.startsWith(home.callingCode) && isAssigned(read.value)) return read;
	// Without a plus it belongs to no country; with one it needs none.
	return cleanPhone(text, 'unknown');
}

// The place of an IP address counts only for a number that is written the national way, with a zero before it, and is
// then one that the plan hands out.
function withPlace(text: string, place: string | null | undefined): FieldResult | undefined {
	const country = place ? resolveCountry(place) : undefined;
	if (country === undefined || !TRUNK_ZERO.test(text)) return undefined;
	const read = cleanPhone(text, country);
	return read.value !== undefined && isAssigned(read.value) ? read : undefined;
}
