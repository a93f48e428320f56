import { fitsPlan, isAssigned, planOf, planOfDigits } from './numberingPlan';
import { international } from './readings';
import { beginsAtGroup, type Digits } from './writtenNumber';

// Shorter digits without any country are somebody's national number far more often than a whole one.
const SHORTEST = 10;
// Hardly any plan has national numbers of that length; below it a number must be one that is handed out.
const SURELY_WHOLE = 12;
// Few of India's begin with 6, and many countries' codes do.
const INDIAN_MOBILE = /^[7-9]\d{9}$/;
const CHINESE_MOBILE = /^1[3-9]\d{9}$/;

const areasKnown = new Map<string, boolean>();

/**
 * Reads digits of a contact without any country as a number with its country code, if that is the only reading.
 * The code has to end where a group of digits ends.
 */
export function readWithoutCountry(written: Digits): string | undefined {
	const { digits } = written;
	if (digits.length < SHORTEST) return undefined;
	const read = international(digits);
	if (read === undefined || !fitsPlan(read) || !beginsAtGroup(read, written)) return undefined;
	if (written.cuts.length > 0) return read;
	return isAmbiguous(digits) || !isWhole(read) ? undefined : read;
}

/**
 * The same for digits that stand alone and are a number as they are, as most of a list that needs no cleaning; undefined
 * for all others.
 */
export function wholeAsWritten(digits: string): string | undefined {
	if (digits.length < SHORTEST) return undefined;
	const plan = planOfDigits(digits);
	if (!plan) return undefined;
	const national = digits.slice(plan.callingCode.length);
	if (!plan.pattern.test(national) || !plan.possible.has(national.length)) return undefined;
	if (plan.prefix?.exec(national)?.[0]) return undefined;
	return isAmbiguous(digits) || !isWhole(digits) ? undefined : digits;
}

/** Whether digits without a country, a number of their plan, are a national number elsewhere just as well. */
export function isAmbiguous(digits: string): boolean {
	if (digits.length === 10) return isNorthAmerican(`1${digits}`) || isIndianMobile(digits);
	if (!CHINESE_MOBILE.test(digits)) return false;
	return !isNorthAmerican(digits) && !isAssigned(digits);
}

/** Whether so many digits are a number with its country code rather than a part of one. */
export function isWhole(read: string): boolean {
	return read.length >= SURELY_WHOLE || read.startsWith('1') || isAssigned(read);
}

// An office code begins with 2 to 9, and the area has to exist.
function isNorthAmerican(digits: string): boolean {
	return digits.charCodeAt(4) >= 0x32 && isArea(digits.slice(0, 4));
}

function isArea(codeAndArea: string): boolean {
	const known = areasKnown.get(codeAndArea);
	if (known !== undefined) return known;
	const offices = ['2345678', '6789012', '9012345'];
	const exists = offices.some((line) => isAssigned(codeAndArea + line));
	areasKnown.set(codeAndArea, exists);
	return exists;
}

function isIndianMobile(digits: string): boolean {
	return INDIAN_MOBILE.test(digits) && (planOf('IN')?.assigned().test(digits) ?? false);
}
