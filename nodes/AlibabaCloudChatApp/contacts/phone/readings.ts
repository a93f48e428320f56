import { parseNumber, planOf, planOfDigits, type Plan } from './numberingPlan';

/** A contact's country as ISO 3166 alpha-2, or its calling code; `unknown`: it has one that isn't understood; undefined: it has none. */
export type PhoneCountry = string | undefined;

export const MIN_DIGITS = 7;
export const MAX_DIGITS = 15;
// In most countries; a fifth of the national numbers of North America and India are also numbers of somewhere else.
const LONGEST_NATIONAL = 10;

/** The digits when they have a possible length, and no national prefix that the library would take off. */
export function unchanged(digits: string): string | undefined {
	if (digits.length < MIN_DIGITS || digits.length > MAX_DIGITS) return undefined;
	const plan = planOfDigits(digits);
	if (!plan) return undefined;
	const rest = digits.slice(plan.callingCode.length);
	if (!plan.possible.has(rest.length) || plan.prefix?.exec(rest)?.[0]) return undefined;
	return rest[0] === '0' && !plan.pattern.test(rest) ? undefined : digits;
}

/** The number in digits that begin with their country code, when it is possible. */
export function international(digits: string): string | undefined {
	return unchanged(digits) ?? parsed(digits);
}

/** The same as the library reads it; {@link unchanged} spares most numbers its parse. */
export function parsed(digits: string): string | undefined {
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

/** Whether the digits are of a shape that the plan of their calling code hands out. */
export function fitsPlan(digits: string): boolean {
	const plan = planOfDigits(digits);
	return plan?.pattern.test(digits.slice(plan.callingCode.length)) ?? false;
}

/** The same by the library's finer shapes, which it has for countries that share a code, as Italy does. */
export function isNumber(digits: string): boolean {
	return parseNumber(`+${digits}`)?.isValid() ?? false;
}

/** Without a country code in plain sight: the contact's own code, then its country, then any country. */
export function readBare(digits: string, country: PhoneCountry): string | undefined {
	const home = country === undefined ? undefined : planOf(country);
	if (country === undefined) return anyCountry(digits);
	// The contact has a country, which may be the number's: only one that is too long to be national is taken as foreign.
	if (!home) return digits.length > LONGEST_NATIONAL ? surelyAbroad(digits) : undefined;
	const own = digits.startsWith(home.callingCode) ? international(digits) : undefined;
	if (own !== undefined && fitsPlan(own)) return own;
	const local = national(digits, country, home);
	if (local !== undefined && fitsPlan(local)) return local;
	// Neither reading is a number of the plan, but both may be possible: the order of the rules decides.
	const read = own ?? dialledAbroad(digits, home) ?? local;
	return read ?? (mayBeIncomplete(digits, home) ? undefined : anyCountry(digits));
}

// The country's own way to dial abroad (011 in the US) says what 00 says.
function dialledAbroad(digits: string, home: Plan): string | undefined {
	const prefix = home.internationalPrefix?.exec(digits)?.[0];
	return prefix ? surelyAbroad(digits.slice(prefix.length)) : undefined;
}

function surelyAbroad(digits: string): string | undefined {
	const read = international(digits);
	return read !== undefined && fitsPlan(read) ? read : undefined;
}

// A zero dropped after the code is one more thing not written: believed only if what is left is a number of the plan.
function anyCountry(digits: string): string | undefined {
	const read = international(digits);
	return read === digits || (read !== undefined && fitsPlan(read)) ? read : undefined;
}

function national(digits: string, country: string, home: Plan): string | undefined {
	// Digits that begin like an international prefix would be read as one; the contact's country comes first.
	const text = home.internationalPrefix?.test(digits) ? `+${home.callingCode}${digits}` : digits;
	const read = possible(text, text === digits ? country : undefined);
	return read?.startsWith(home.callingCode) ? read : undefined;
}

/** "478-5192" in Canada is a number without its area code, not one of Norway, though that is possible too. */
export function mayBeIncomplete(digits: string, home: Plan): boolean {
	return digits.length <= Math.max(...home.thinkable) && !fitsPlan(digits);
}
