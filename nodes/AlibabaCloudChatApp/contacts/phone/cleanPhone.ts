import { isMd5, isSha256 } from '../hash';
import { fitsPlan, isAssigned, planOf, planOfDigits, type Plan } from './numberingPlan';
import { readDialled } from './dialled';
import { readBare, mayBeIncomplete } from './bare';
import { wholeAsWritten } from './noCountry';
import { international, MAX_DIGITS, MIN_DIGITS, unchanged, type PhoneCountry } from './readings';
import { cutApart, readWritten, type Digits, type WrittenNumber } from './writtenNumber';
import type { ReasonCode } from '../reasons';
import type { FieldResult } from '../value';

export type { PhoneCountry };

const CANONICAL = /^\+?[1-9]\d{6,14}$/;
const SAME_AT_END = 5;
const COUNTED = ['0123456789', '1234567890'];

/**
 * The number as Meta matches it: 7 to 15 digits, country code first, no plus, no leading zeros.
 * A number is judged by whether it is possible, not by whether it is assigned.
 * @param text a field's text, not empty
 * @see https://developers.facebook.com/docs/marketing-api/audiences/guides/custom-audiences#hash
 */
export function cleanPhone(text: string, country: PhoneCountry): FieldResult {
	if (CANONICAL.test(text) && !hasSuspiciousEnd(text)) {
		const value = asWritten(text, country);
		if (value !== undefined) return sent(value, country === undefined && text[0] !== '+');
	}
	return byTheRules(text, country);
}

/** The rules in full; {@link cleanPhone} spares most numbers them and gives the same. */
export function byTheRules(text: string, country: PhoneCountry): FieldResult {
	if (isSha256(text)) return { value: text.toLowerCase() };
	if (isMd5(text)) return { reason: 'hash_md5' };
	const written = readWritten(text);
	if ('reason' in written) {
		const again = (piece: string) => byTheRules(piece, country);
		return written.reason === 'phone_ambiguous' ? oneAmong(cutApart(text).map(again)) : written;
	}
	const value = isPlaceholder(written) ? undefined : readNumber(written, country);
	if (value === undefined || holdsOneDigit(value)) return { reason: refusal(written, country) };
	return sent(value, country === undefined && written.start === '');
}

// The end that "1111111111" and rounded numbers have, among others: they are left to the rules in full. As a pattern, this
// took a quarter of the time of a canonical number.
function hasSuspiciousEnd(text: string): boolean {
	const last = text.charCodeAt(text.length - 1);
	for (let fromEnd = 2; text.charCodeAt(text.length - fromEnd) === last; fromEnd++) {
		if (fromEnd === SAME_AT_END) return true;
	}
	return false;
}

function sent(value: string, guessed: boolean): FieldResult {
	return guessed ? { value, guessed } : { value };
}

// One number written twice is one; a piece that can't be read may be another.
function oneAmong(pieces: FieldResult[]): FieldResult {
	const [value, ...others] = new Set(pieces.map((piece) => piece.value));
	return value === undefined || others.length > 0 ? { reason: 'phone_ambiguous' } : { value };
}

// "0123456789" and "1111111111" fill a field that has to be filled.
function isPlaceholder({ digits, cuts }: Digits): boolean {
	return (cuts.length === 0 && COUNTED.includes(digits)) || /^(\d)\1*$/.test(digits);
}

function holdsOneDigit(value: string): boolean {
	return /^(\d)\1*$/.test(value.slice(planOfDigits(value)?.callingCode.length ?? 0));
}

// A bracketed zero is kept, but where only the number without it is one of the plan: Italy's mobile numbers have none.
function readNumber(written: WrittenNumber, country: PhoneCountry): string | undefined {
	const read = (candidate: Digits) => {
		if (written.start === '+') return international(candidate.digits);
		return written.start ? readDialled(candidate.digits, country) : readBare(candidate, country);
	};
	const kept = read(written);
	if (written.withoutTrunkZero === undefined) return kept;
	const dropped = read(written.withoutTrunkZero);
	// Mostly both are the same: the library takes the zero off itself.
	if (kept === undefined || dropped === undefined || kept === dropped) return kept ?? dropped;
	return !isAssigned(kept) && isAssigned(dropped) ? dropped : kept;
}

// Numbers of which the plans alone tell that the full rules leave them as they are.
function asWritten(text: string, country: PhoneCountry): string | undefined {
	if (text[0] === '+') return unchanged(text.slice(1));
	if (country === undefined) return wholeAsWritten(text);
	const home = planOf(country);
	// What isn't understood is left to the rules in full.
	if (!home) return undefined;
	if (mayBeNational(text, home)) return undefined;
	if (text.startsWith(home.callingCode)) return fitsPlan(text) ? unchanged(text) : undefined;
	return mayBeIncomplete(text, home) ? undefined : unchanged(text);
}

function mayBeNational(digits: string, home: Plan): boolean {
	return (
		home.thinkable.has(digits.length) ||
		Boolean(home.prefix?.exec(digits)?.[0]) ||
		Boolean(home.internationalPrefix?.test(digits))
	);
}

function refusal(written: WrittenNumber, country: PhoneCountry): ReasonCode {
	const { digits, start } = written;
	const couldBeNational = digits.length >= MIN_DIGITS - 1 && digits.length <= MAX_DIGITS;
	if (start || !couldBeNational || isPlaceholder(written)) return 'phone_not_possible';
	if (country === undefined) return 'phone_no_country';
	return planOf(country) ? 'phone_not_possible' : 'phone_country_unknown';
}
