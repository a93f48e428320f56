/**
 * The numbers of each country, from libphonenumber: `planOf(country)`, and functions that check digits against a plan.
 * `national` and `international` return digits in the form that is sent, if they are possible.
 */

import type * as PhoneLibrary from 'libphonenumber-js/core';
import type { CountryCode, MetadataJson, PhoneNumber } from 'libphonenumber-js/core';
import { once } from '../text';

/**
 * What is needed of a country's numbering plan to judge a number without parsing it. Lengths exclude the calling code.
 */
export interface NumberingPlan {
	callingCode: string;
	/** Lengths that are possible in every country with this calling code. */
	possible: ReadonlySet<number>;
	/** Lengths that are possible in at least one country with this calling code. */
	possibleSomewhere: ReadonlySet<number>;
	/** Lengths of people's numbers: landlines and mobiles. */
	usual: ReadonlySet<number>;
	/** Whether people's numbers can have almost any length, so almost any digits are a number: Germany and Austria. */
	isOpen: boolean;
	/** A number with fewer digits is a local one without its area code, unless it is assigned. */
	shortest: number;
	/** No person's number has more digits. */
	longest: number;
	/** The longest possible number, including companies' and services'. */
	longestPossible: number;
	/** The national (trunk) prefixes at the start of a number; undefined if the country has none. */
	prefix?: RegExp;
	/** The country's prefixes for dialing abroad. */
	internationalPrefix?: RegExp;
	/** The numbers that fit the plan, assigned or not. */
	pattern: RegExp;
	/** The numbers that are assigned, in any country with this calling code: far fewer. */
	assigned: () => RegExp;
	/** The assigned mobile numbers. */
	mobile: () => RegExp;
}

/** A numbering plan in the library, whose type definitions lack some of these methods. */
interface LibraryPlan {
	callingCode(): string;
	possibleLengths(): number[];
	nationalPrefixForParsing(): string | undefined;
	nationalNumberPattern(): string;
	IDDPrefix(): string | undefined;
	type(name: string): { pattern(): string; possibleLengths(): number[] } | undefined;
}

type Library = Pick<
	typeof PhoneLibrary,
	'Metadata' | 'getCountries' | 'getCountryCallingCode' | 'parsePhoneNumberFromString'
> & { data: MetadataJson };

const MIN_DIGITS = 7;
/** The most digits that a number can have, with its country code (E.164). */
export const MAX_DIGITS = 15;

const NUMBER_TYPES =
	'FIXED_LINE MOBILE TOLL_FREE PREMIUM_RATE PERSONAL_NUMBER VOICEMAIL UAN PAGER VOIP SHARED_COST'.split(
		' ',
	);
const OPEN_LENGTHS = 8;
// Only countries such as Germany have longer numbers, and only a few.
const LONGEST_OPEN = 11;
// Ranges for examples, or unassigned ones that people use for tests: area code and exchange 555 in North America, 07700
// 900 in Britain, 06 39 98 in France, 020 91 in Ireland.
const EXAMPLES = /^(?:1555\d{7}|1[2-9]\d{2}555\d{4}|447700900\d{3}|3363998\d{4}|3532091\d{5})$/;

const ITALY = '39';
const MEXICO = '52';
// In 2019, Mexico dropped the 1 between its country code and a mobile number, but address books still contain it.
const FORMER_MEXICAN_MOBILE = /^521(?=\d{10}$)/;
const FORMER_MEXICAN_PREFIX = /^(?:01|044|045)(?=\d{10}$)/;
// The calling code of Russia or North America, and then the trunk prefix: there is one digit too many. In North America,
// no area code begins with 0 or 1 either.
const TRUNK_AFTER_CODE = /^(?:78|11)\d{10}$|^1[01]\d{9}$/;

/** The digits of a number. `groupEnds`: where each group except the last ends; empty if the digits aren't in groups. */
export interface Digits {
	digits: string;
	groupEnds: readonly number[];
}

interface OtherReading {
	country: string;
	length: number;
	groupEnds: readonly number[];
	matches: (digits: string, inGroups: boolean) => boolean;
}

const OTHER_READINGS: readonly OtherReading[] = [
	{
		country: 'US',
		length: 10,
		groupEnds: [3, 6],
		matches: (digits) => isNorthAmerican(`1${digits}`),
	},
	// Few Indian mobile numbers begin with 6, but many countries' codes do.
	{
		country: 'IN',
		length: 10,
		groupEnds: [5],
		matches: (digits) => digits.charCodeAt(0) >= 0x37 && isMobile(digits, 'IN'),
	},
	{
		country: 'RU',
		length: 10,
		groupEnds: [3, 6, 8],
		matches: (digits) => digits[0] === '9' && isMobile(digits, 'RU'),
	},
	// Brazil's landlines are as long as many countries' numbers, so they count only if they are grouped as in Brazil.
	{
		country: 'BR',
		length: 10,
		groupEnds: [2, 6],
		matches: (digits, inGroups) => inGroups && isAssigned(`55${digits}`),
	},
	{
		country: 'BR',
		length: 11,
		groupEnds: [2, 7],
		matches: (digits) => digits[2] === '9' && isMobile(digits, 'BR'),
	},
	// China often assigns new ranges, so any number that begins like a mobile counts, unless it is assigned elsewhere.
	{
		country: 'CN',
		length: 11,
		groupEnds: [3, 7],
		matches: (digits) =>
			digits[0] === '1' &&
			digits.charCodeAt(1) >= 0x33 &&
			(isMobile(digits, 'CN') || !(isNorthAmerican(digits) || isAssigned(digits))),
	},
];

const SHORTEST_ELSEWHERE = 10;
const LONGEST_ELSEWHERE = 11;

const areasKnown = new Map<string, boolean>();
const plans = new Map<string, NumberingPlan | undefined>();
const plansByStart = new Array<NumberingPlan | undefined>(1000);
const ZEROS = '0'.charCodeAt(0) * 111;

// Loaded for the first number, because it is the largest dependency, and n8n loads every node when it starts. The entry
// point with the complete data, libphonenumber-js/max, doesn't export the plans (Metadata).
const load = once(
	(): Library => ({
		...(require('libphonenumber-js/core') as typeof PhoneLibrary),
		data: require('libphonenumber-js/metadata.max.json') as MetadataJson,
	}),
);

/**
 * The numbering plan of a country (ISO 3166 alpha-2) or of a calling code ('49'; for a shared code, the main
 * country's).
 * @returns undefined if there is none
 */
export function planOf(countryOrCode: string): NumberingPlan | undefined {
	const known = plans.get(countryOrCode);
	if (known || plans.has(countryOrCode)) return known;
	const plan = readPlan(countryOrCode);
	plans.set(countryOrCode, plan);
	return plan;
}

/** The plan of the calling code that the digits begin with. No calling code is the beginning of another one. */
export function planOfDigits(digits: string): NumberingPlan | undefined {
	// Called several times per number, so plans are kept by the number that the first three digits form.
	const start =
		digits.charCodeAt(0) * 100 + digits.charCodeAt(1) * 10 + digits.charCodeAt(2) - ZEROS;
	let plan = plansByStart[start];
	if (plan !== undefined) return plan;
	plan = planOf(digits.slice(0, 1)) ?? planOf(digits.slice(0, 2)) ?? planOf(digits.slice(0, 3));
	if (start >= 0 && plan) plansByStart[start] = plan;
	return plan;
}

/** The digits without their country code. */
export function nationalPart(digits: string): string {
	return digits.slice(planOfDigits(digits)?.callingCode.length ?? 0);
}

/** Whether the digits, with their country code, fit their numbering plan. */
export function fitsPlan(digits: string): boolean {
	const plan = planOfDigits(digits);
	return plan?.pattern.test(digits.slice(plan.callingCode.length)) ?? false;
}

/**
 * Whether the digits, with their country code, are an assigned number, or one that is reserved for examples.
 * The same as the library's `isValid()`, except for the examples. It takes 0.1 µs instead of 4.5 µs, and is called
 * several times per number.
 */
export function isAssigned(digits: string): boolean {
	if (isExample(digits)) return true;
	const plan = planOfDigits(digits);
	return plan?.assigned().test(digits.slice(plan.callingCode.length)) ?? false;
}

/** Whether the digits, with their country code, are reserved for examples: no one has such a number. */
function isExample(digits: string): boolean {
	return EXAMPLES.test(digits);
}

/** Whether the digits, with their country code, are as long as a landline or mobile number in their plan. */
export function hasUsualLength(digits: string): boolean {
	const plan = planOfDigits(digits);
	return plan?.usual.has(digits.length - plan.callingCode.length) ?? false;
}

/** The digits, if they have a possible length and no national prefix that the library would remove. */
export function unchanged(digits: string): string | undefined {
	if (!hasPossibleLength(digits)) return undefined;
	const plan = planOfDigits(digits);
	if (!plan) return undefined;
	const rest = digits.slice(plan.callingCode.length);
	if (!plan.possible.has(rest.length) || plan.prefix?.exec(rest)?.[0]) return undefined;
	if (lacksZero(digits) || (rest[0] === '0' && !plan.pattern.test(rest))) return undefined;
	return digits;
}

/**
 * Whether digits may be a number with its country code: any that cleaning returns, also with a country. Then an Italian
 * landline without its zero is accepted, too, which `international` rejects.
 */
export function mayBeInternational(digits: string): boolean {
	const plan = hasPossibleLength(digits) ? planOfDigits(digits) : undefined;
	const hasItsLength = plan?.possible.has(digits.length - plan.callingCode.length) ?? false;
	return hasItsLength || international(digits) !== undefined;
}

/** The number in digits that begin with their country code, if it is possible. */
export function international(digits: string): string | undefined {
	return unchanged(digits) ?? parsed(digits);
}

// The number as the library reads it, which takes fifty times as long as the shortcuts.
function parsed(digits: string): string | undefined {
	const impossible = digits.startsWith('0') || TRUNK_AFTER_CODE.test(digits) || lacksZero(digits);
	if (impossible) return undefined;
	const plan = planOfDigits(digits);
	const read = plan && withoutPrefix(digits.slice(plan.callingCode.length), plan);
	return read ?? possible(`+${digits.replace(FORMER_MEXICAN_MOBILE, '52')}`);
}

/** A number without its trunk prefix, with its country code, if the library would certainly remove only that prefix. */
function withoutPrefix(number: string, plan: NumberingPlan): string | undefined {
	const prefix = plan.prefix?.exec(number)?.[0] ?? '';
	if (prefix.length > 1 || (prefix !== '' && plan.pattern.test(number))) return undefined;
	return unchanged(plan.callingCode + number.slice(prefix.length));
}

/** The number, with its country code, for digits as dialed within a country, if it is possible and complete there. */
export function national(digits: string, country: string, plan: NumberingPlan): string | undefined {
	// Mexico no longer uses the prefixes that older numbers begin with.
	const current = plan.callingCode === MEXICO ? digits.replace(FORMER_MEXICAN_PREFIX, '') : digits;
	// The library would read the beginning of the digits as an international prefix, but the contact's country wins.
	const dialsAbroad = plan.internationalPrefix?.test(current);
	const read = dialsAbroad
		? possible(`+${plan.callingCode}${current}`)
		: (dialed(current, plan) ?? possible(current, country));
	if (!read?.startsWith(plan.callingCode)) return undefined;
	if (isAssigned(read)) return read;
	const isComplete = read.length - plan.callingCode.length >= plan.shortest;
	return isComplete && hasUsualLength(read) ? read : undefined;
}

// Digits that begin like the country's own code may or may not contain the code.
function dialed(digits: string, plan: NumberingPlan): string | undefined {
	return digits.startsWith(plan.callingCode) ? undefined : withoutPrefix(digits, plan);
}

/** Whether digits begin with a complete number in the country's usual groups, so the rest belongs to something else. */
export function beginsWithCompleteNumber(
	{ digits, groupEnds }: Digits,
	plan: NumberingPlan,
): boolean {
	return groupEnds.some((end, at) => {
		const number = plan.callingCode + digits.slice(0, end);
		return isAssigned(number) && groupEnds.slice(0, at).join() === usualGroupEnds(number).join();
	});
}

/**
 * Whether digits without a country are also a national number in a country whose numbers are often written without a
 * code. Only a few countries are checked: with all of them, almost every number would be one.
 */
export function isNationalElsewhere(digits: string, groupEnds: Digits['groupEnds']): boolean {
	const { length } = digits;
	const inGroups = groupEnds.length > 0;
	if (!inGroups && (length < SHORTEST_ELSEWHERE || length > LONGEST_ELSEWHERE)) return false;
	// No one has a number that is reserved for examples, so sending it is harmless.
	for (const reading of OTHER_READINGS) {
		if (isReadAs(reading, digits, groupEnds)) return !isExample(digits);
	}
	return false;
}

function isReadAs(reading: OtherReading, digits: string, groupEnds: Digits['groupEnds']): boolean {
	const inGroups = groupEnds.length > 0;
	if (digits.length > reading.length) {
		return inGroups && hasLeftover({ digits, groupEnds }, reading.country);
	}
	if (digits.length < reading.length || !reading.matches(digits, inGroups)) return false;
	return groupEnds.every((end) => reading.groupEnds.includes(end));
}

function hasLeftover(written: Digits, country: string): boolean {
	const plan = planOf(country);
	return plan !== undefined && beginsWithCompleteNumber(written, plan);
}

// The groups of a number, without its code, as the library formats it.
function usualGroupEnds(digits: string): number[] {
	const [, ...groups] = parse(`+${digits}`)?.formatInternational().split(/\D+/).slice(1) ?? [];
	let end = 0;
	return groups.slice(0, -1).map((group) => (end += group.length));
}

// An office code begins with 2 to 9, and the area must exist.
function isNorthAmerican(digits: string): boolean {
	return digits.charCodeAt(4) >= 0x32 && isArea(digits.slice(0, 4));
}

function isArea(codeAndArea: string): boolean {
	const known = areasKnown.get(codeAndArea);
	if (known !== undefined) return known;
	const exists = ['2345678', '6789012', '9012345'].some((line) => isAssigned(codeAndArea + line));
	areasKnown.set(codeAndArea, exists);
	return exists;
}

function isMobile(digits: string, country: string): boolean {
	return planOf(country)?.mobile().test(digits) ?? false;
}

// Italy's landlines begin with a zero that is a part of the number.
function lacksZero(digits: string): boolean {
	if (!digits.startsWith(ITALY) || fitsPlan(digits)) return false;
	return fitsPlan(`${ITALY}0${digits.slice(ITALY.length)}`);
}

// The number that the library reads in a string, as people in a country write it if one is given, if it is possible.
function possible(text: string, country?: string): string | undefined {
	const number = parse(text, country);
	if (!number?.isPossible()) return undefined;
	const digits = number.number.slice(1);
	if (!hasPossibleLength(digits) || TRUNK_AFTER_CODE.test(digits)) return undefined;
	// A leading zero is accepted only if the plan has numbers with one (Italy). Otherwise, it is a stray prefix.
	if (number.nationalNumber.startsWith('0') && !fitsPlan(digits)) return undefined;
	// The result must read the same without the country; otherwise, the number's form is unclear.
	if (text === `+${digits}` || unchanged(digits)) return digits;
	const again = parse(`+${digits}`);
	return again?.isPossible() && again.number === `+${digits}` ? digits : undefined;
}

function hasPossibleLength({ length }: string): boolean {
	return length >= MIN_DIGITS && length <= MAX_DIGITS;
}

function parse(text: string, country?: string): PhoneNumber | undefined {
	const { parsePhoneNumberFromString, data } = load();
	const home =
		country !== undefined && /^\d/.test(country)
			? { defaultCallingCode: country }
			: { defaultCountry: country as CountryCode | undefined };
	return parsePhoneNumberFromString(text, { ...home, extract: false }, data);
}

function readPlan(countryOrCode: string): NumberingPlan | undefined {
	const plan = libraryPlan(countryOrCode);
	if (!plan) return undefined;
	const sharing = plansOfCode(plan);
	const lengths = sharing.map((each) => each.possibleLengths());
	const possibleSomewhere = new Set(lengths.flat());
	const usual = new Set(sharing.flatMap((each) => lengthsOf(each, ['FIXED_LINE', 'MOBILE'])));
	const isOpen = usual.size >= OPEN_LENGTHS;
	return {
		callingCode: plan.callingCode(),
		// Countries that share a calling code (+1, +599) differ in their lengths, and the library picks one by the digits.
		possible: new Set(
			[...possibleSomewhere].filter((length) => lengths.every((each) => each.includes(length))),
		),
		possibleSomewhere,
		usual,
		isOpen,
		shortest: isOpen ? 0 : Math.min(...sharing.flatMap((each) => lengthsOf(each, ['MOBILE']))),
		longest: isOpen ? LONGEST_OPEN : Math.max(...usual),
		longestPossible: Math.max(...possibleSomewhere),
		prefix: atStart(plan.nationalPrefixForParsing()),
		internationalPrefix: atStart(plan.IDDPrefix()),
		pattern: whole([plan.nationalNumberPattern()]),
		assigned: once(() => whole(sharing.flatMap((each) => patternsOf(each, NUMBER_TYPES)))),
		mobile: once(() => whole(sharing.flatMap((each) => patternsOf(each, ['MOBILE'])))),
	};
}

function libraryPlan(countryOrCode: string): LibraryPlan | undefined {
	const metadata = new (load().Metadata)(load().data);
	try {
		metadata.selectNumberingPlan(countryOrCode as CountryCode);
	} catch {
		// The library throws if it doesn't have the plan.
		return undefined;
	}
	return metadata.numberingPlan as unknown as LibraryPlan;
}

// The plans of all countries with the same calling code. A code without a country (satellites) has one plan.
function plansOfCode(plan: LibraryPlan): LibraryPlan[] {
	const { getCountries, getCountryCallingCode, data } = load();
	const sharing = getCountries(data).filter(
		(country) => getCountryCallingCode(country, data) === plan.callingCode(),
	);
	return sharing.length > 0 ? sharing.flatMap((country) => libraryPlan(country) ?? []) : [plan];
}

function lengthsOf(plan: LibraryPlan, types: string[]): number[] {
	return types.flatMap((name) => {
		const type = plan.type(name);
		return type ? (type.possibleLengths() ?? plan.possibleLengths()) : [];
	});
}

function patternsOf(plan: LibraryPlan, types: string[]): string[] {
	return types.flatMap((name) => plan.type(name)?.pattern() ?? []);
}

function whole(patterns: string[]): RegExp {
	return new RegExp(`^(?:${patterns.join('|')})$`);
}

function atStart(pattern: string | undefined): RegExp | undefined {
	return pattern ? new RegExp(`^(?:${pattern})`) : undefined;
}
