import { isMd5, isSha256 } from './hash';
import { parseNumber, planOf, planOfDigits, type Plan } from './numbering-plan';
import { readWritten } from './phone-text';
import type { ReasonCode } from './reasons';
import type { FieldResult } from './value';

/** A contact's country as ISO 3166 alpha-2; `unknown`: it has one that isn't understood; undefined: it has none. */
export type PhoneCountry = string | undefined;

const CANONICAL = /^\+?[1-9]\d{6,14}$/;
const MIN_DIGITS = 7;
const MAX_DIGITS = 15;

/**
 * The number as Meta matches it: 7 to 15 digits, country code first, no plus, no leading zeros.
 * A number is judged by whether it is possible, not by whether it is assigned.
 * @param text a field's text, not empty
 * @see https://developers.facebook.com/docs/marketing-api/audiences/guides/custom-audiences#hash
 */
export function cleanPhone(text: string, country: PhoneCountry): FieldResult {
	if (CANONICAL.test(text)) {
		const value = canonical(text, country);
		if (value !== undefined) return { value };
	}
	return cleanPhoneInFull(text, country);
}

/** The same by the full rules alone: the measure for the short way that canonical numbers take. */
export function cleanPhoneInFull(text: string, country: PhoneCountry): FieldResult {
	if (isSha256(text)) return { value: text.toLowerCase() };
	if (isMd5(text)) return { reason: 'hash_md5' };
	const written = readWritten(text);
	if ('reason' in written) return written;
	const { digits, international: named, withoutTrunkZero } = written;
	const read = (candidate: string) => (named ? international(candidate) : bare(candidate, country));
	const value =
		read(digits) ?? (withoutTrunkZero === undefined ? undefined : read(withoutTrunkZero));
	return value === undefined ? { reason: refusal(digits, named, country) } : { value };
}

// Only numbers that the full rules leave as they are: a possible length, and no national prefix to take off.
function canonical(text: string, country: PhoneCountry): string | undefined {
	const digits = text[0] === '+' ? text.slice(1) : text;
	if (digits.length > MAX_DIGITS || digits.length < MIN_DIGITS) return undefined;
	const plan = planOfDigits(digits);
	if (!plan) return undefined;
	const rest = digits.slice(plan.callingCode.length);
	const fits = plan.pattern.test(rest);
	if (!plan.lengths.has(rest.length) || plan.prefix?.exec(rest)?.[0]) return undefined;
	if (rest[0] === '0' && !fits) return undefined;
	if (text[0] === '+') return digits;
	const home = country === undefined ? undefined : planOf(country);
	if (!home) return digits;
	if (home.callingCode === plan.callingCode) return fits ? digits : undefined;
	return mayBeNational(digits, home) ? undefined : digits;
}

function mayBeNational(digits: string, home: Plan): boolean {
	return (
		home.lengths.has(digits.length) ||
		Boolean(home.prefix?.exec(digits)?.[0]) ||
		Boolean(home.internationalPrefix?.test(digits))
	);
}

function international(digits: string): string | undefined {
	if (digits.startsWith('0')) return undefined;
	return possible(`+${digits}`);
}

function possible(text: string, country?: string): string | undefined {
	const number = parseNumber(text, country);
	if (!number?.isPossible()) return undefined;
	const digits = number.number.slice(1);
	if (digits.length < MIN_DIGITS || digits.length > MAX_DIGITS) return undefined;
	// A zero that stayed at the front is believed only where the plan has such numbers (Italy), else it is a stray prefix.
	if (number.nationalNumber.startsWith('0') && !fitsPlan(digits)) return undefined;
	// What was read must read the same again, or the number's true form isn't known.
	if (text === `+${digits}` || parseNumber(`+${digits}`)?.number === number.number) return digits;
	return undefined;
}

function fitsPlan(digits: string): boolean {
	const plan = planOfDigits(digits);
	return plan?.pattern.test(digits.slice(plan.callingCode.length)) ?? false;
}

// Without a country code in plain sight: the contact's own code, then its country, then any country.
function bare(digits: string, country: PhoneCountry): string | undefined {
	const home = country === undefined ? undefined : planOf(country);
	if (!home || country === undefined) return bareInternational(digits);
	const own = digits.startsWith(home.callingCode) ? international(digits) : undefined;
	if (own !== undefined && fitsPlan(own)) return own;
	const local = national(digits, country, home);
	if (local !== undefined && fitsPlan(local)) return local;
	// Neither reading is a number of the plan, but both are possible: the order of the rules decides.
	return own ?? dialledAbroad(digits, home) ?? local ?? bareInternational(digits);
}

// The country's own way to dial abroad (011 in the US) says what 00 says.
function dialledAbroad(digits: string, home: Plan): string | undefined {
	const prefix = home.internationalPrefix?.exec(digits)?.[0];
	const read = prefix ? international(digits.slice(prefix.length)) : undefined;
	return read !== undefined && fitsPlan(read) ? read : undefined;
}

// A zero dropped after the code is one more thing not written: believed only if what is left is a number of the plan.
function bareInternational(digits: string): string | undefined {
	const read = international(digits);
	return read === digits || (read !== undefined && fitsPlan(read)) ? read : undefined;
}

function national(digits: string, country: string, home: Plan): string | undefined {
	// Digits that begin like an international prefix would be read as one; the contact's country comes first.
	const text = home.internationalPrefix?.test(digits) ? `+${home.callingCode}${digits}` : digits;
	const read = possible(text, text === digits ? country : undefined);
	return read?.startsWith(home.callingCode) ? read : undefined;
}

function refusal(digits: string, named: boolean, country: PhoneCountry): ReasonCode {
	const couldBeNational = digits.length >= MIN_DIGITS - 1 && digits.length <= MAX_DIGITS;
	if (named || !couldBeNational) return 'phone_not_possible';
	if (country === undefined) return 'phone_no_country';
	return planOf(country) ? 'phone_not_possible' : 'phone_country_unknown';
}
