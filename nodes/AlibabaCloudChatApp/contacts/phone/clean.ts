/**
 * Phones as people and systems write them: `cleanPhone(text, context)` returns the number that is sent, or why there is
 * none. notation.ts reads the text into digits, numberingPlan.ts knows each country's numbers, and `RULES` decides how
 * the digits are read.
 */

import { resolveCountry } from '../country';
import type { FieldResult, ReasonCode } from '../reasons';
import { isMd5, isSha256 } from '../text';
import {
	isOneDigit,
	isPlaceholder,
	joinAreaCode,
	mayBePlaceholder,
	readNotation,
	splitNumbers,
	type Notation,
} from './notation';
import {
	beginsWithCompleteNumber,
	fitsPlan,
	hasUsualLength,
	international,
	isAssigned,
	isNationalElsewhere,
	MAX_DIGITS,
	national,
	nationalPart,
	planOf,
	planOfDigits,
	unchanged,
	type Digits,
	type NumberingPlan,
} from './numberingPlan';

/** What is known about a number besides its text. */
export interface PhoneContext {
	/** The contact's country as found: a name, a code, or a calling code; null if the field contains no text. */
	country?: string | null;
	/** 'Default Country', for contacts without a country; empty for none. */
	defaultCountry?: string;
	/** The country of an IP address, used only if no other country is known and the number itself confirms it. */
	ipCountry?: string | null;
	/** An area code from a neighboring field; if it is really a calling code, it is read as one. */
	areaCode?: string;
	/** A calling code from a neighboring field, or the country that it belongs to. It takes precedence over `country`. */
	callingCode?: string;
}

/** The country that a number is read in. */
interface Home {
	/** ISO 3166 alpha-2, or a calling code; undefined if none is known. */
	country?: string;
	/** Undefined if there is no country, or it can't be recognized. */
	plan?: NumberingPlan;
	/** Whether it is only the default country. */
	isAssumed: boolean;
}

/**
 * A number as written, and its readings in the contact's country. Several rules use each reading, but most numbers need
 * only one, so each is computed on demand and kept.
 */
class NumberInCountry implements Digits {
	readonly digits: string;
	readonly groupEnds: Digits['groupEnds'];
	/** `null` until it is computed. */
	private keptWithOwnCode: string | null | undefined = null;
	private keptAsNational: string | null | undefined = null;

	constructor(
		{ digits, groupEnds }: Digits,
		readonly start: Notation['start'],
		readonly home: Home,
	) {
		this.digits = digits;
		this.groupEnds = groupEnds;
	}

	/** The number, if it begins with the country's own calling code. */
	get withOwnCode(): string | undefined {
		if (this.keptWithOwnCode !== null) return this.keptWithOwnCode;
		const { plan } = this.home;
		const beginsWithCode = plan !== undefined && this.digits.startsWith(plan.callingCode);
		return (this.keptWithOwnCode = beginsWithCode ? international(this.digits) : undefined);
	}

	/** The number, if it is a national number in the country. */
	get asNational(): string | undefined {
		if (this.keptAsNational !== null) return this.keptAsNational;
		const { country = '', plan } = this.home;
		return (this.keptAsNational = plan && national(this.digits, country, plan));
	}
}

/** Reads a number: returns what is sent, or why it can't be sent; undefined if the next rule decides. */
type Rule = (number: NumberInCountry, plan: NumberingPlan) => string | FieldResult | undefined;

const UNKNOWN_COUNTRY = 'unknown';
const NOT_POSSIBLE: FieldResult = { reason: 'phone_not_possible' };
const CANONICAL = /^\+?[1-9]\d{6,14}$/;
const NO_GROUPS: Digits['groupEnds'] = [];
const PLAIN_CODE = /^0?([1-9]\d{0,2})$/;
const WRITTEN_CODE = /^(?:\+|00)\s?([1-9]\d{0,2})$/;
const TRUNK_ZERO = /^\D*0[1-9]/;
// With fewer digits, it isn't a local number either.
const SHORTEST_LOCAL = 5;
// Countries whose numbers aren't longer than this have no area codes.
const LONGEST_WITHOUT_AREA = 8;
// Without its area code, a number has at most this many digits, or two fewer than the longest one (Brazil's mobiles).
const LONGEST_LOCAL = 8;
const SHORTEST_AREA = 2;
// Without a country, a number with fewer digits is far more likely to be a national number than a complete one.
const SHORTEST_COMPLETE = 10;
// Hardly any plan has national numbers this long. Shorter numbers must be assigned.
const SURELY_COMPLETE = 12;
// With fewer digits, it isn't a number in any country that could be meant.
const SHORTEST_ANYWHERE = 6;

/**
 * How a number is read, from top to bottom: the first rule that applies decides.
 * From `ownCode` on, the number has neither a plus nor 00, and the contact's country is known.
 */
const RULES: Readonly<Record<string, Rule>> = {
	// "0123456789" and "1111111111" are what people enter in required fields.
	placeholder: (number) => (isPlaceholder(number) ? NOT_POSSIBLE : undefined),

	// The country code comes after a plus, whatever the contact's country is.
	plus: ({ start, digits }) =>
		start === '+' ? (international(digits) ?? NOT_POSSIBLE) : undefined,

	// It also comes after 00, which may be the beginning of the country's longer prefix (0011 in Australia).
	doubleZero: ({ start, digits, home }) =>
		start === '00' ? (readDoubleZero(digits, home.plan) ?? NOT_POSSIBLE) : undefined,

	// Without a country, digits are sent only if they can't be read any other way.
	noCountry: (number) => {
		if (number.home.country !== undefined) return undefined;
		const value = sentIf(international(number.digits), (read) =>
			isCompleteAlone(read, number.digits, number.groupEnds),
		);
		return value === undefined
			? reasonIfPossible(number, 'phone_no_country')
			: { value, guessed: true };
	},

	// The unrecognized country may be the number's, so any reading could be someone else's number.
	countryNotRecognized: (number) =>
		number.home.plan === undefined ? reasonIfPossible(number, 'phone_country_unknown') : undefined,

	// "49 171 3920000" in Germany: complete, with the country's own code.
	ownCode: ({ withOwnCode }, plan) => sentIf(withOwnCode, (read) => isUsual(read, plan)),

	// "171 3920000" in Germany: complete as a national number.
	national: ({ asNational }, plan) =>
		sentIf(asNational, (read) => isUsual(read, plan) && nationalPart(read).length <= plan.longest),

	// With the country's own code: not assigned, but within its plan.
	ownCodeInPlan: ({ withOwnCode }) => sentIf(withOwnCode, fitsPlan),

	// "(212) 555-1212 12" in the United States: the last digits aren't part of the number.
	leftover: (number, plan) =>
		number.digits.length > plan.longest && beginsWithCompleteNumber(number, plan)
			? NOT_POSSIBLE
			: undefined,

	// "49 171 3920000" in the United States: too long for a national number, and assigned abroad.
	abroad: (number, plan) =>
		number.digits.length > plan.longest ? assignedAbroad(number) : undefined,

	// "45 34 41 20 90" in the United States: as long as a number there, but assigned only abroad. The default country is
	// an assumption, so the reading abroad is used. With the contact's own country, either reading would be a guess.
	eitherCountry: (number, plan) => {
		const isLocal = number.digits.length <= Math.max(LONGEST_LOCAL, plan.longest - SHORTEST_AREA);
		const value = isLocal ? undefined : assignedAbroad(number);
		return value === undefined || number.home.isAssumed ? value : NOT_POSSIBLE;
	},

	// National: not assigned, but within the plan.
	nationalInPlan: ({ asNational }) => sentIf(asNational, fitsPlan),

	// With the country's own code, and at least possible, because plans change.
	ownCodePossible: ({ withOwnCode }) => withOwnCode,

	// "011 44 20 7946 0958" in the United States: as dialed from there.
	dialedAbroad: ({ digits }, plan) => {
		const prefix = plan.internationalPrefix?.exec(digits)?.[0];
		return prefix
			? assignedAbroad({ digits: digits.slice(prefix.length), groupEnds: [] })
			: undefined;
	},

	// National, and at least possible, because plans change.
	nationalPossible: ({ asNational }) => asNational,

	// Too long for a national number, and possible abroad.
	possibleAbroad: ({ digits }, plan) => (isTooLong(digits, plan) ? readAbroad(digits) : undefined),

	// "98123-4567" in Brazil: never someone's number abroad.
	noAreaCode: (number, plan) =>
		isLocal(number, plan) ? { reason: 'phone_no_area_code' } : undefined,
};
const RULES_IN_ORDER = Object.values(RULES);

/**
 * The number as Meta matches it: 7 to 15 digits, country code first, no plus, no leading zeros.
 * A number is judged by whether it is possible, not by whether it is assigned.
 * @param text a field's text, not empty
 * @see https://developers.facebook.com/docs/marketing-api/audiences/guides/custom-audiences#hash
 */
export function cleanPhone(text: string, context: PhoneContext): FieldResult {
	const { areaCode } = context;
	return areaCode === undefined ? inContext(text, context) : withAreaCode(text, areaCode, context);
}

// An area code in its own field belongs to the number next to it, unless that is complete.
function withAreaCode(text: string, areaCode: string, context: PhoneContext): FieldResult {
	const alone = inContext(text, context);
	const parts = joinAreaCode(text, areaCode);
	const joined = parts && inContext(parts.joined, context);
	if (!joined?.value || !isAssigned(joined.value)) return alone;
	if (!alone.value || parts?.isInternational) return joined;
	const isElsewhere = planOfDigits(joined.value) !== planOfDigits(alone.value);
	return parts?.isContained || (isElsewhere && isAssigned(alone.value)) ? alone : joined;
}

// The country nearest to the number counts. A country that can't be recognized is never replaced by the default
// country, which could turn the number into someone else's.
function inContext(text: string, context: PhoneContext): FieldResult {
	const { callingCode, country } = context;
	const calling = callingCode === undefined ? undefined : countryOfCode(callingCode, country);
	if (calling !== undefined) return inCountry(text, calling);
	if (country === undefined) return withoutCountry(text, context);
	if (country === null) return inCountry(text, UNKNOWN_COUNTRY);
	const code = PLAIN_CODE.exec(country)?.[1];
	if (code !== undefined) return withPlainCode(text, code);
	return inCountry(text, countryOrCodeIn(country) ?? UNKNOWN_COUNTRY);
}

function withoutCountry(text: string, { defaultCountry, ipCountry }: PhoneContext): FieldResult {
	const country = defaultCountry ? resolveCountry(defaultCountry) : undefined;
	const read = inCountry(text, country, 'options');
	return (read.reason === 'phone_no_country' && ipCountry && inIpCountry(text, ipCountry)) || read;
}

function countryOrCodeIn(text: string): string | undefined {
	return resolveCountry(text) ?? WRITTEN_CODE.exec(text)?.[1];
}

// If countries share the calling code (+1, +7, +44), the contact's own is meant.
function countryOfCode(callingCode: string, country?: string | null): string | undefined {
	const code = PLAIN_CODE.exec(callingCode)?.[1] ?? countryOrCodeIn(callingCode);
	const plan = code === undefined ? undefined : planOf(code);
	const own = country ? countryOrCodeIn(country) : undefined;
	if (own !== undefined && plan && planOf(own)?.callingCode === plan.callingCode) return own;
	return plan && code;
}

// If the country is plain digits, they may be a calling code or a CRM's internal ID of a country. They count only if
// the number is assigned in the country with that code.
function withPlainCode(text: string, code: string): FieldResult {
	const plan = planOf(code);
	const read = plan ? inCountry(text, code) : undefined;
	if (plan && read?.value?.startsWith(plan.callingCode) && isAssigned(read.value)) return read;
	return inCountry(text, UNKNOWN_COUNTRY);
}

// The country of an IP address counts only if the number is written as a national one, with a leading zero, and is
// assigned there.
function inIpCountry(text: string, ipCountry: string): FieldResult | undefined {
	const country = resolveCountry(ipCountry);
	if (country === undefined || !TRUNK_ZERO.test(text)) return undefined;
	const read = inCountry(text, country);
	return read.value !== undefined && isAssigned(read.value) ? read : undefined;
}

function inCountry(
	text: string,
	country: string | undefined,
	origin: 'contact' | 'options' = 'contact',
): FieldResult {
	if (CANONICAL.test(text) && !mayBePlaceholder(text)) {
		const value = asWritten(text, country);
		const guessed = country === undefined && text[0] !== '+';
		if (value !== undefined) return guessed ? { value, guessed } : { value };
	}
	const plan = country ? planOf(country) : undefined;
	return byTheRules(text, { country, plan, isAssumed: origin === 'options' });
}

// A shortcut for numbers that the rules would leave unchanged, recognized by the plans alone.
function asWritten(text: string, country: string | undefined): string | undefined {
	if (text[0] === '+') return unchanged(text.slice(1));
	if (country === undefined) {
		return isCompleteAlone(text, text, NO_GROUPS) ? unchanged(text) : undefined;
	}
	const plan = planOf(country);
	if (!plan || mayBeNational(text, plan)) return undefined;
	if (text.startsWith(plan.callingCode)) return fitsPlan(text) ? unchanged(text) : undefined;
	return isTooLong(text, plan) ? unchanged(text) : undefined;
}

function mayBeNational(digits: string, plan: NumberingPlan): boolean {
	return (
		plan.possibleSomewhere.has(digits.length) ||
		Boolean(plan.prefix?.exec(digits)?.[0]) ||
		Boolean(plan.internationalPrefix?.test(digits))
	);
}

function byTheRules(text: string, home: Home): FieldResult {
	if (isSha256(text)) return { value: text.toLowerCase() };
	if (isMd5(text)) return { reason: 'hash_md5' };
	const written = readNotation(text);
	if ('reason' in written) {
		const again = (piece: string) => byTheRules(piece, home);
		return written.reason === 'phone_ambiguous' ? oneAmong(splitNumbers(text).map(again)) : written;
	}
	const read = readNumber(written, home);
	return read.value !== undefined && isOneDigit(nationalPart(read.value)) ? NOT_POSSIBLE : read;
}

// The same number written twice counts as one; a piece that can't be read may be a different number.
function oneAmong(pieces: FieldResult[]): FieldResult {
	const [value, ...others] = new Set(pieces.map((piece) => piece.value));
	return value === undefined || others.length > 0 ? { reason: 'phone_ambiguous' } : { value };
}

// A zero in parentheses is kept, unless only the number without it is assigned: Italy's mobile numbers have no zero.
function readNumber(written: Notation, home: Home): FieldResult {
	const read = (digits: Digits) => byFirstRule(new NumberInCountry(digits, written.start, home));
	const kept = read(written);
	if (written.withoutTrunkZero === undefined) return kept;
	const dropped = read(written.withoutTrunkZero);
	if (kept.value === undefined) return dropped.value === undefined ? kept : dropped;
	return isAssigned(kept.value) || !isAssigned(dropped.value ?? '') ? kept : dropped;
}

function byFirstRule(number: NumberInCountry): FieldResult {
	for (const rule of RULES_IN_ORDER) {
		// The rules that need a plan come after those for numbers without one.
		const read = rule(number, number.home.plan as NumberingPlan);
		if (read !== undefined) return typeof read === 'string' ? { value: read } : read;
	}
	return NOT_POSSIBLE;
}

// Digits that couldn't be a number in any country lack more than the country.
function reasonIfPossible({ digits }: Digits, reason: ReasonCode): FieldResult {
	const isPossible = digits.length >= SHORTEST_ANYWHERE && digits.length <= MAX_DIGITS;
	return isPossible ? { reason } : NOT_POSSIBLE;
}

function sentIf(read: string | undefined, holds: (read: string) => boolean): string | undefined {
	return read !== undefined && holds(read) ? read : undefined;
}

// In open plans, almost any digits are valid, so what counts is a usual length.
function isUsual(read: string, plan: NumberingPlan): boolean {
	return fitsPlan(read) && (plan.isOpen ? hasUsualLength(read) : isAssigned(read));
}

function isLocal({ digits }: Digits, plan: NumberingPlan): boolean {
	const hasAreaCodes = plan.longest > LONGEST_WITHOUT_AREA;
	return hasAreaCodes && digits.length >= SHORTEST_LOCAL && digits.length < plan.shortest;
}

// Longer than any number in the country, including services', or longer than people's numbers and valid abroad.
function isTooLong(digits: string, { longest, longestPossible }: NumberingPlan): boolean {
	return digits.length > longest && (digits.length > longestPossible || fitsPlan(digits));
}

function assignedAbroad(written: Digits): string | undefined {
	const isThere = (read: string) => isAssigned(read) && beginsAtGroup(read, written.groupEnds);
	return sentIf(international(written.digits), isThere);
}

// If a zero after the code was dropped, that is another assumption, so the number must fit its plan.
function readAbroad(digits: string): string | undefined {
	const read = international(digits);
	return read === digits ? read : sentIf(read, fitsPlan);
}

// Whether the country code ends where a group of digits ends.
function beginsAtGroup(read: string, groupEnds: Digits['groupEnds']): boolean {
	return groupEnds.length === 0 || groupEnds.includes(planOfDigits(read)?.callingCode.length ?? 0);
}

// The country's longer prefix is preferred, unless the reading with 00 fits its plan as well: in international lists,
// 00 stands for the plus.
function readDoubleZero(digits: string, plan: NumberingPlan | undefined): string | undefined {
	const short = international(digits.slice(2));
	const prefix = plan?.internationalPrefix?.exec(digits)?.[0];
	if (!plan || prefix === undefined || prefix.length <= 2) return short;
	const long = international(digits.slice(prefix.length));
	const shortRank = rank(short, digits.slice(2));
	const longRank = rank(long, digits.slice(prefix.length));
	// In Colombia, no one dials 0057 to call abroad, and many people write it before their own number.
	const isOwn = short?.startsWith(plan.callingCode);
	return shortRank > 1 && (isOwn || shortRank >= longRank) ? short : (long ?? short);
}

// How well a reading fits: 3 as written, 2 without the trunk zero after the code, 1 if only possible. A zero after the
// code is common, while a 1 belongs to the prefix 0011.
function rank(read: string | undefined, digits: string): number {
	if (read === undefined) return 0;
	if (!fitsPlan(read)) return 1;
	if (read === digits) return 3;
	return digits.startsWith(`${planOfDigits(read)?.callingCode}0`) ? 2 : 1;
}

// Whether digits without a country can only be a number with its country code.
function isCompleteAlone(read: string, digits: string, groupEnds: Digits['groupEnds']): boolean {
	if (digits.length < SHORTEST_COMPLETE || !fitsPlan(read)) return false;
	if (!beginsAtGroup(read, groupEnds) || isNationalElsewhere(digits, groupEnds)) return false;
	if (groupEnds.length > 0 || digits.length >= SURELY_COMPLETE) return true;
	return read.startsWith('1') || isAssigned(read);
}
