import {
	PhoneNumberFormat,
	PhoneNumberType,
	PhoneNumberUtil,
	type PhoneNumber,
} from 'google-libphonenumber';
import type { CleaningOptions, Contact } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { seeded } from './random';

/** A contact that somebody wrote, and the number that it means. */
export interface WrittenCase {
	raw: Contact;
	defaultCountry?: CleaningOptions['defaultCountry'];
	/** Digits with their country code; undefined: digits were lost, so that nothing may be sent. */
	means?: string;
}

// The largest countries by telephone lines, and at least three of each part of the world.
const COUNTRIES =
	'AE AR AT AU BD BE BG BO BR BY CA CH CI CL CM CN CO CR CU CZ DE DK DO DZ EC EG ES ET FI FR GB GH GR GT HK HR HU ID IE IL IN IQ IR IT JO JP KE KH KR KZ LB LK LT MA MM MX MY NG NL NO NP NZ PE PH PK PL PT RO RS RU SA SE SG TH TR TW TZ UA US UZ VE VN ZA'.split(
		' ',
	);
const NUMBERS_OF_A_COUNTRY = 24;
// Shorter numbers are shown whole.
const SPREADSHEET_DIGITS = 11;
const NAMES = new Intl.DisplayNames('en', { type: 'region' });
const library = PhoneNumberUtil.getInstance();

interface Line {
	country: string;
	digits: string;
	code: string;
	/** As the country's plan counts it: without trunk prefix. */
	significant: string;
	national: string;
	international: string;
}

/** Generated numbers in every notation, by what is known of their country; the same each time. */
export function writtenNumbers(): Record<string, WrittenCase[]> {
	const lines = COUNTRIES.flatMap(linesOf);
	const each = (make: (line: Line, index: number) => WrittenCase[]) => lines.flatMap(make);
	return {
		'with a plus or 00, any notation': each((line, index) =>
			plusNotations(line).map((phone) => ({
				raw: { phone, country: index % 2 ? line.country : undefined },
				means: line.digits,
			})),
		),
		'national, with its country': each((line) => [
			...nationalNotations(line).map((phone) => ({
				raw: { phone, country: NAMES.of(line.country) },
				means: line.digits,
			})),
			{ raw: { phone: line.significant, country: line.country }, means: line.digits },
		]),
		'bare international digits, with its country': each((line) => [
			{ raw: { phone: line.digits, country: line.country }, means: line.digits },
		]),
		'national, beginning like its own country code, with its country': COUNTRIES.flatMap(
			(country) =>
				ownCodeLines(country).map(({ significant, digits }) => ({
					raw: { phone: significant, country },
					means: digits,
				})),
		),
		'bare international digits, another country given': each((line, index) =>
			othersOf(line, index).flatMap((defaultCountry) => [
				{ raw: { phone: line.digits }, defaultCountry, means: line.digits },
			]),
		),
		'bare international digits, no country': each((line) => [
			{ raw: { phone: line.digits }, means: line.digits },
			{ raw: { phone: Number(line.digits) }, means: line.digits },
		]),
		'international digits in groups without a plus, no country': each((line) => [
			{ raw: { phone: line.international.slice(1) }, means: line.digits },
		]),
		'national digits alone, no country': each((line) => [
			{ raw: { phone: line.significant }, means: line.digits },
		]),
		'national digits alone of the United States, no country': each((line) =>
			line.country === 'US' ? [{ raw: { phone: line.significant }, means: line.digits }] : [],
		),
		'national in groups, no country': each((line) => [
			{ raw: { phone: line.national }, means: line.digits },
		]),
		'national in groups of the United States, no country': each((line) =>
			line.country === 'US' ? [{ raw: { phone: line.national }, means: line.digits }] : [],
		),
		'national, a country that is not recognized': each((line) =>
			[line.significant, line.national].map((phone) => ({
				raw: { phone, country: 'Atlantis' },
				means: line.digits,
			})),
		),
		'national, its plain calling code as the country': each((line) =>
			[line.significant, line.national].map((phone) => ({
				raw: { phone, country: line.code },
				means: line.digits,
			})),
		),
		'digits lost by a spreadsheet': each((line) =>
			line.digits.length < SPREADSHEET_DIGITS
				? []
				: [
						{ raw: { phone: lost(line.digits), country: line.country } },
						{ raw: { phone: Number(lost(line.digits)) } },
					],
		),
		'links, labels, doubled prefixes': each((line) =>
			[
				`https://wa.me/${line.digits}`,
				`${line.digits}@c.us`,
				`++${line.digits}`,
				`+00${line.digits}`,
				`Tel.: ${line.international}`,
				`${line.international} (home)`,
				`="+${line.digits}"`,
			].map((phone) => ({ raw: { phone }, means: line.digits })),
		),
	};
}

function linesOf(country: string): Line[] {
	const found = new Map<string, Line>();
	const random = seeded(country.charCodeAt(0) * 256 + country.charCodeAt(1));
	for (const type of [PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE]) {
		const example = library.getExampleNumberForType(country, type);
		if (!example) continue;
		const enough = found.size + NUMBERS_OF_A_COUNTRY / 2;
		for (let tries = 0; tries < 400 && found.size < enough; tries++) {
			const line = lineOf(vary(example, tries, random), country);
			if (line) found.set(line.digits, line);
		}
	}
	return [...found.values()];
}

// A national number that could be taken for one with its country code.
function ownCodeLines(country: string): Line[] {
	const code = String(library.getCountryCodeForRegion(country));
	const random = seeded(country.charCodeAt(1) * 256 + country.charCodeAt(0));
	const found: Line[] = [];
	for (const type of [PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE]) {
		const example = library.getExampleNumberForType(country, type);
		for (let tries = 0; example && tries < 60; tries++) {
			const { length } = library.getNationalSignificantNumber(example);
			const rest = Array.from({ length: length - code.length }, () => random(10)).join('');
			const line = lineOf(library.parse(`+${code}${code}${rest}`), country);
			if (line && line.significant.startsWith(code)) found.push(line);
		}
	}
	return found;
}

// The example first, then the same with other digits: fewer of them the longer it takes.
function vary(example: PhoneNumber, tries: number, random: (below: number) => number): PhoneNumber {
	const digits = library.getNationalSignificantNumber(example).split('');
	if (tries > 0) {
		const kept = Math.floor(tries / 100);
		for (let at = kept; at < digits.length; at++) digits[at] = String(random(10));
	}
	const text = `+${example.getCountryCodeOrDefault()}${digits.join('')}`;
	try {
		return library.parse(text);
	} catch {
		// Too short for any number: the example stands in for it.
		return example;
	}
}

function lineOf(number: PhoneNumber, country: string): Line | undefined {
	if (!library.isValidNumberForRegion(number, country)) return undefined;
	return {
		country,
		digits: library.format(number, PhoneNumberFormat.E164).slice(1),
		code: String(number.getCountryCodeOrDefault()),
		significant: library.getNationalSignificantNumber(number),
		national: library.format(number, PhoneNumberFormat.NATIONAL),
		international: library.format(number, PhoneNumberFormat.INTERNATIONAL),
	};
}

function plusNotations({ digits, international, code, significant }: Line): string[] {
	return [
		`+${digits}`,
		international,
		international.replace(/ /g, '-'),
		international.replace(/ /g, '.'),
		international.replace(/ /g, '\u00a0'),
		`00${digits}`,
		`00 ${international.slice(1)}`,
		`tel:${international.replace(/ /g, '-')}`,
		`(+${code}) ${significant}`,
		`+${code} (${significant.slice(0, 2)}) ${significant.slice(2)}`,
	];
}

function nationalNotations({ national }: Line): string[] {
	return [
		national,
		national.replace(/\D/g, ''),
		national.replace(/[ -]/g, '.'),
		`${national} ext. 5`,
	];
}

function othersOf({ code }: Line, index: number): string[] {
	const others = ['IN', 'US', 'DE', 'BR', 'CN', 'GB', 'SG', 'MX'].filter(
		(country) => String(library.getCountryCodeForRegion(country)) !== code,
	);
	return [0, 1, 2].map((step) => others[(index + step * 3) % others.length] as string);
}

// What is left of a number that a spreadsheet showed as 4.91512E+11.
function lost(digits: string): string {
	return digits.slice(0, 6).padEnd(digits.length, '0');
}
