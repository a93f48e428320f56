import { resolveCountry } from './country';
import { cleanEmail } from './email';
import { withHash, type HashMode } from './hash';
import { planOf } from './phone/numberingPlan';
import { cleanPhone, type PhoneCountry } from './phone/cleanPhone';
import type { ReasonCode } from './reasons';
import { countryOfEntry, fieldText, type FieldResult } from './value';

/** A user as the API takes it; a field that is not known is absent, never empty. */
export interface User {
	Email?: string;
	Phone?: string;
}

/** A contact's fields as they were found in an item. */
export interface RawContact {
	email?: unknown;
	phone?: unknown;
	country?: unknown;
}

export interface CleaningOptions {
	/** ISO 3166 alpha-2, for numbers without a country code of contacts without a country; empty for none. */
	defaultCountry?: string;
	hash: HashMode;
}

/** A contact that can be sent (`dropped`: why its other field is not), or the reason it can't be. */
export type Cleaned = { user: User; dropped?: ReasonCode } | { reason: ReasonCode };

/**
 * Brings one contact into the form that Meta matches, or says why it can't be sent; never throws.
 * With both fields filled and neither usable the reason is the email's.
 * @see https://developers.facebook.com/docs/marketing-api/audiences/guides/custom-audiences#hash
 */
export function cleanContact(raw: RawContact, options: CleaningOptions): Cleaned {
	const email = emailOf(raw);
	const phone = phoneOf(raw, options.defaultCountry);
	const reason = email.reason ?? phone.reason;
	const user: User = {};
	if (email.value !== undefined) user.Email = withHash(email.value, options.hash);
	if (phone.value !== undefined) user.Phone = withHash(phone.value, options.hash);
	if (user.Email === undefined && user.Phone === undefined) {
		return { reason: reason ?? 'no_email_or_phone' };
	}
	return reason === undefined ? { user } : { user, dropped: reason };
}

function emailOf(raw: RawContact): FieldResult {
	const text = fieldText(raw.email, 'email');
	if (text === undefined) return {};
	return text === null ? { reason: 'email_invalid' } : cleanEmail(text);
}

function phoneOf(raw: RawContact, defaultCountry?: string): FieldResult {
	const text = fieldText(raw.phone, 'phone');
	if (text === undefined) return {};
	if (text === null) return { reason: 'phone_not_possible' };
	return cleanPhone(text, countryOf(raw, defaultCountry));
}

// The country in a phone's own entry is the phone's. One that isn't understood doesn't give way to the default: the
// number would be somebody else's.
function countryOf(raw: RawContact, defaultCountry?: string): PhoneCountry {
	const text = fieldText(countryOfEntry(raw.phone) ?? raw.country, 'country');
	if (text === undefined) return defaultCountry ? resolveCountry(defaultCountry) : undefined;
	if (text === null) return 'unknown';
	return resolveCountry(text) ?? callingCodeIn(text) ?? 'unknown';
}

// "+49" and "0049" in the country's place. Plain digits may be anything, such as a CRM's own number for a country.
function callingCodeIn(text: string): string | undefined {
	const code = /^(?:\+|00)\s?([1-9]\d{0,2})$/.exec(text)?.[1];
	return code !== undefined && planOf(code) ? code : undefined;
}
