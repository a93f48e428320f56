import { fitsPlan, planOf, planOfDigits } from './numberingPlan';
import { international, type PhoneCountry } from './readings';

const POSSIBLE = 1;
const TRUNK_ZERO = 2;
const IN_FULL = 3;

/**
 * Reads digits that begin with 00, which may be the beginning of the country's longer prefix (0011 in Australia).
 * The longer prefix comes first, but where the reading by 00 is as good a number of its plan: lists that mix countries
 * write 00 for the plus.
 */
export function readDialled(digits: string, country: PhoneCountry): string | undefined {
	const short = international(digits.slice(2));
	const home = country === undefined ? undefined : planOf(country);
	const prefix = home?.internationalPrefix?.exec(digits)?.[0];
	if (!home || prefix === undefined || prefix.length <= 2) return short;
	const long = international(digits.slice(prefix.length));
	const shortRank = rank(short, digits.slice(2));
	const longRank = rank(long, digits.slice(prefix.length));
	// Nobody dials 0057 in Colombia for a number elsewhere, and many write it for their own.
	if (shortRank > POSSIBLE && short?.startsWith(home.callingCode)) return short;
	if (shortRank > POSSIBLE && shortRank >= longRank) return short;
	return long ?? short;
}

// Digits dropped after the code are something not written. A zero is often there; a 1 rather belongs to 0011.
function rank(read: string | undefined, digits: string): number {
	if (read === undefined) return 0;
	if (!fitsPlan(read)) return POSSIBLE;
	if (read === digits) return IN_FULL;
	return digits.startsWith(`${planOfDigits(read)?.callingCode}0`) ? TRUNK_ZERO : POSSIBLE;
}
