import { fitsPlan, planOfDigits } from './numberingPlan';
import { parseNumber } from './phoneLibrary';

/** A contact's country as ISO 3166 alpha-2, or its calling code; `unknown`: it has one that isn't understood; undefined: it has none. */
export type PhoneCountry = string | undefined;

export const MIN_DIGITS = 7;
export const MAX_DIGITS = 15;

const ITALY = '39';
const MEXICO = '52';
// Mexico dropped the 1 between its code and a mobile number in 2019; address books still hold it.
const FORMER_MEXICAN_MOBILE = /^521(?=\d{10}$)/;
const FORMER_MEXICAN_PREFIX = /^(?:01|044|045)(?=\d{10}$)/;

// Russia's code and its trunk prefix, and yet a whole number behind them: a digit too many somewhere.
const DOUBLED_RUSSIAN_CODE = /^78\d{10}$/;

/** The digits when they have a possible length, and no national prefix that the library would take off. */
export function unchanged(digits: string): string | undefined {
	if (digits.length < MIN_DIGITS || digits.length > MAX_DIGITS) return undefined;
	const plan = planOfDigits(digits);
	if (!plan) return undefined;
	const rest = digits.slice(plan.callingCode.length);
	if (!plan.possible.has(rest.length) || plan.prefix?.exec(rest)?.[0]) return undefined;
	if (lacksZero(digits) || (rest[0] === '0' && !plan.pattern.test(rest))) return undefined;
	return digits;
}

/** The number in digits that begin with their country code, when it is possible. */
export function international(digits: string): string | undefined {
	return unchanged(digits) ?? parsed(digits);
}

/** The same as the library reads it; {@link unchanged} spares most numbers its parse. */
export function parsed(digits: string): string | undefined {
	const impossible =
		digits.startsWith('0') || DOUBLED_RUSSIAN_CODE.test(digits) || lacksZero(digits);
	return impossible ? undefined : possible(`+${digits.replace(FORMER_MEXICAN_MOBILE, '52')}`);
}

/** The digits of a national number without a prefix that its country has given up. */
export function withoutFormerPrefix(digits: string, callingCode: string): string {
	return callingCode === MEXICO ? digits.replace(FORMER_MEXICAN_PREFIX, '') : digits;
}

// Italy's landlines begin with a zero that is a part of the number.
function lacksZero(digits: string): boolean {
	if (!digits.startsWith(ITALY) || fitsPlan(digits)) return false;
	return fitsPlan(`${ITALY}0${digits.slice(ITALY.length)}`);
}

/** The number that the library reads in a text, alone or as a country writes it, when it is possible. */
export function possible(text: string, country?: string): string | undefined {
	const number = parseNumber(text, country);
	if (!number?.isPossible()) return undefined;
	const digits = number.number.slice(1);
	if (digits.length < MIN_DIGITS || digits.length > MAX_DIGITS) return undefined;
	// A zero that stayed at the front is believed only where the plan has such numbers (Italy), else it is a stray prefix.
	if (number.nationalNumber.startsWith('0') && !fitsPlan(digits)) return undefined;
	// What was read must read the same again without the country, or the number's true form isn't known.
	if (text === `+${digits}` || unchanged(digits)) return digits;
	const again = parseNumber(`+${digits}`);
	return again?.isPossible() && again.number === `+${digits}` ? digits : undefined;
}
