import { readWithoutCountry } from './noCountry';
import { fitsPlan, hasUsualLength, isAssigned, planOf, type Plan } from './numberingPlan';
import { international, possible, withoutFormerPrefix, type PhoneCountry } from './readings';
import { beginsAtGroup, type Digits } from './writtenNumber';

const OPEN_LENGTHS = 8;
// Without a trunk prefix; only Germany and its like have longer ones, and few of them.
const LONGEST_NATIONAL = 11;

/**
 * Reads digits without a plus or 00: by the contact's own code, by its country, as dialled abroad there, and as a number
 * of another country, in this order; a reading that fits its plan goes before one that doesn't.
 */
export function readBare(written: Digits, country: PhoneCountry): string | undefined {
	if (country === undefined) return readWithoutCountry(written);
	const home = planOf(country);
	// A country that isn't understood may be the number's: any reading could be somebody else's.
	if (!home) return undefined;
	const { digits } = written;
	const own = digits.startsWith(home.callingCode) ? international(digits) : undefined;
	// No other reading would go before it.
	if (own !== undefined && fitsPlan(own) && isUsual(own, home)) return own;
	const local = national(digits, country, home);
	const atHome = bestFitting(own, local, home);
	// No number of the country, or hardly one: it is another's, if it is one there.
	if (atHome !== undefined) {
		return atHome !== own && isUnlikely(atHome, digits, home)
			? (surelyAbroad(written) ?? atHome)
			: atHome;
	}
	return (
		surelyAbroad(written) ??
		own ??
		dialledAbroad(digits, home) ??
		local ??
		(mayBeIncomplete(digits, home) ? undefined : anyCountry(digits))
	);
}

// Of two readings that fit the plan the one that is handed out. Germany's and Austria's plans have numbers of nearly any
// length, so that both mostly are: there the country code counts for more.
function bestFitting(
	own: string | undefined,
	local: string | undefined,
	home: Plan,
): string | undefined {
	const fitting = [own, local].filter((read) => read !== undefined && fitsPlan(read)) as string[];
	return fitting.find((read) => isUsual(read, home)) ?? fitting[0];
}

function isUsual(read: string, home: Plan): boolean {
	return isOpen(home) ? hasUsualLength(read) : isAssigned(read);
}

function isUnlikely(read: string, digits: string, home: Plan): boolean {
	return digits.length > LONGEST_NATIONAL || (!isOpen(home) && !isAssigned(read));
}

function isOpen({ usual }: Plan): boolean {
	return usual.size >= OPEN_LENGTHS;
}

// The country's own way to dial abroad (011 in the US) says what 00 says.
function dialledAbroad(digits: string, home: Plan): string | undefined {
	const prefix = home.internationalPrefix?.exec(digits)?.[0];
	return prefix ? surelyAbroad({ digits: digits.slice(prefix.length), cuts: [] }) : undefined;
}

function surelyAbroad(written: Digits): string | undefined {
	const read = international(written.digits);
	if (read === undefined || !fitsPlan(read) || !beginsAtGroup(read, written)) return undefined;
	return isAssigned(read) ? read : undefined;
}

// A zero dropped after the code is one more thing not written: believed only if what is left is a number of the plan.
function anyCountry(digits: string): string | undefined {
	const read = international(digits);
	return read === digits || (read !== undefined && fitsPlan(read)) ? read : undefined;
}

function national(digits: string, country: string, home: Plan): string | undefined {
	// Digits that begin like an international prefix would be read as one; the contact's country comes first.
	const significant = withoutFormerPrefix(digits, home.callingCode);
	const dials = home.internationalPrefix?.test(significant);
	const text = dials ? `+${home.callingCode}${significant}` : significant;
	const read = possible(text, dials ? undefined : country);
	if (!read?.startsWith(home.callingCode)) return undefined;
	// As long as no landline and no mobile is: the area code is missing.
	return hasUsualLength(read) || isAssigned(read) ? read : undefined;
}

/** "478-5192" in Canada is a number without its area code, not one of Norway, though that is possible too. */
export function mayBeIncomplete(digits: string, home: Plan): boolean {
	return digits.length <= Math.max(...home.thinkable) && !fitsPlan(digits);
}
