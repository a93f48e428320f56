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

// Reads digits that begin with a country code.
type ReadInternational = (digits: string) => string | undefined;

/**
 * The number as Meta matches it: 7 to 15 digits, country code first, no plus, no leading zeros.
 * A number is judged by whether it is possible, not by whether it is assigned.
 * @param text a field's text, not empty
 * @see https://developers.facebook.com/docs/marketing-api/audiences/guides/custom-audiences#hash
 */
export function cleanPhone(text: string, country: PhoneCountry): FieldResult {
	if (CANONICAL.test(text)) {
		const value = asWritten(text, country);
		if (value !== undefined) return { value };
	}
	return byTheRules(text, country, (digits) => unchanged(digits) ?? international(digits));
}

/** The same with the library's parse for every number: the measure for the short way that most numbers take. */
export function cleanPhoneInFull(text: string, country: PhoneCountry): FieldResult {
	return byTheRules(text, country, international);
}

function byTheRules(text: string, country: PhoneCountry, abroad: ReadInternational): FieldResult {
	if (isSha256(text)) return { value: text.toLowerCase() };
	if (isMd5(text)) return { reason: 'hash_md5' };
	const written = readWritten(text);
	if ('reason' in written) return written;
	const { digits, international: named, withoutTrunkZero } = written;
	const read = (candidate: string) =>
		named ? abroad(candidate) : readBare(candidate, country, abroad);
	const value =
		read(digits) ?? (withoutTrunkZero === undefined ? undefined : read(withoutTrunkZero));
	return value === undefined ? { reason: refusal(digits, named, country) } : { value };
}

// Numbers of which the plans alone tell that the full rules leave them as they are.
function asWritten(text: string, country: PhoneCountry): string | undefined {
	if (text[0] === '+') return unchanged(text.slice(1));
	const home = country === undefined ? undefined : planOf(country);
	if (!home) return unchanged(text);
	if (text.startsWith(home.callingCode)) return fitsPlan(text) ? unchanged(text) : undefined;
	return mayBeNational(text, home) || mayBeIncomplete(text, home) ? undefined : unchanged(text);
}

// A possible length, and no national prefix that the library would take off.
function unchanged(digits: string): string | undefined {
	if (digits.length < MIN_DIGITS || digits.length > MAX_DIGITS) return undefined;
	const plan = planOfDigits(digits);
	if (!plan) return undefined;
	const rest = digits.slice(plan.callingCode.length);
	if (!plan.possible.has(rest.length) || plan.prefix?.exec(rest)?.[0]) return undefined;
	return rest[0] === '0' && !plan.pattern.test(rest) ? undefined : digits;
}

function mayBeNational(digits: string, home: Plan): boolean {
	return (
		home.thinkable.has(digits.length) ||
		Boolean(home.prefix?.exec(digits)?.[0]) ||
		Boolean(home.internationalPrefix?.test(digits))
	);
}

// "478-5192" in Canada is a number without its area code, not one of Norway, though that is possible too.
function mayBeIncomplete(digits: string, home: Plan): boolean {
	return digits.length <= Math.max(...home.thinkable) && !fitsPlan(digits);
}

function international(digits: string): string | undefined {
	return digits.startsWith('0') ? undefined : possible(`+${digits}`);
}

function possible(text: string, country?: string): string | undefined {
	const number = parseNumber(text, country);
	if (!number?.isPossible()) return undefined;
	const digits = number.number.slice(1);
	if (digits.length < MIN_DIGITS || digits.length > MAX_DIGITS) return undefined;
	// A zero that stayed at the front is believed only where the plan has such numbers (Italy), else it is a stray prefix.
	if (number.nationalNumber.startsWith('0') && !fitsPlan(digits)) return undefined;
	// What was read must read the same again without the country, or the number's true form isn't known.
	if (text === `+${digits}` || unchanged(digits)) return digits;
	const again = parseNumber(`+${digits}`);
	return again?.isPossible() && again.number === number.number ? digits : undefined;
}

function fitsPlan(digits: string): boolean {
	const plan = planOfDigits(digits);
	return plan?.pattern.test(digits.slice(plan.callingCode.length)) ?? false;
}

// Without a country code in plain sight: the contact's own code, then its country, then any country.
function readBare(
	digits: string,
	country: PhoneCountry,
	abroad: ReadInternational,
): string | undefined {
	const home = country === undefined ? undefined : planOf(country);
	if (!home || country === undefined) return anyCountry(digits, abroad);
	const own = digits.startsWith(home.callingCode) ? abroad(digits) : undefined;
	if (own !== undefined && fitsPlan(own)) return own;
	const local = national(digits, country, home);
	if (local !== undefined && fitsPlan(local)) return local;
	// Neither reading is a number of the plan, but both may be possible: the order of the rules decides.
	const read = own ?? dialledAbroad(digits, home, abroad) ?? local;
	return read ?? (mayBeIncomplete(digits, home) ? undefined : anyCountry(digits, abroad));
}

// The country's own way to dial abroad (011 in the US) says what 00 says.
function dialledAbroad(digits: string, home: Plan, abroad: ReadInternational): string | undefined {
	const prefix = home.internationalPrefix?.exec(digits)?.[0];
	const read = prefix ? abroad(digits.slice(prefix.length)) : undefined;
	return read !== undefined && fitsPlan(read) ? read : undefined;
}

// A zero dropped after the code is one more thing not written: believed only if what is left is a number of the plan.
function anyCountry(digits: string, abroad: ReadInternational): string | undefined {
	const read = abroad(digits);
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
