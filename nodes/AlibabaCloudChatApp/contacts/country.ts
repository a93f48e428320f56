/**
 * Countries as people and systems write them: `resolveCountry(text)` returns the ISO 3166 alpha-2 code.
 */

import type * as IsoCountries from 'i18n-iso-countries';
import aliases from './countryAliases.json';
import { planOf } from './phone/numberingPlan';
import { memoized, once } from './text';

const TEXTS_KEPT = 1000;
// Longer than any country's name: such a string is neither looked up nor kept.
const LONGEST_NAME = 100;
const FLAG = /[\u{1f1e6}-\u{1f1ff}]{2}/gu;
const FLAG_LETTER_A = 0x1f1e6;
const CALLING_CODE = /[([]?\s*(?:\+|\b00)\s?([1-9]\d{0,3})\s*[)\]]?/;
const LOCALE = /^[a-z]{2,3}(?:[_-][A-Z][a-z]{3})?[_-]([A-Z]{2})(?:\.[\w-]+)?$/;
const SUBDIVISION = /^([A-Z]{2})-([A-Z0-9]{1,3})$/;
const languageNames = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
const NUMBERED = /^\d{1,3}\s*[-.:]\s*(?=\p{L})/u;
const WITH_SECOND_PART = /^([^,(:]+)[,(:]([^,():]+)\)?$/;
// "Germany, Berlin", but not "Germany/Austria".
const WITH_PLACE = /^([^,;/|]+),[^,;/|]+$/;

/**
 * The country that text names: by its ISO 3166 alpha-2 or alpha-3 code, a name in one of many languages, or a common
 * short form, in any case; also with a flag or a calling code, or in a locale (de_DE) or region (US-CA).
 * @returns ISO 3166 alpha-2 in capitals; undefined if it names no country or more than one
 * @see https://github.com/michaelwittig/node-i18n-iso-countries
 */
export function resolveCountry(text: string): string | undefined {
	if (text.length > LONGEST_NAME) return undefined;
	return countryOfText(text);
}

const countryOfText = memoized(TEXTS_KEPT, (text) => countryInText(text.trim()));

function countryInText(text: string): string | undefined {
	// Looking up a name ignores flags, and a flag may be another country's.
	if (text.search(FLAG) >= 0) return withFlagOrCode(text);
	return (
		countryNamed(text) ??
		withFlagOrCode(text) ??
		countryOfLocale(text) ??
		withSecondPart(text) ??
		countryNamed(text.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2'))
	);
}

// A flag and a calling code next to the name must belong to the same country.
function withFlagOrCode(text: string): string | undefined {
	const [flag, otherFlag] = new Set(text.match(FLAG));
	const calling = CALLING_CODE.exec(text)?.[1];
	if (otherFlag !== undefined || (flag ?? calling) === undefined) return undefined;
	const name = text.replace(FLAG, ' ').replace(CALLING_CODE, ' ').trim();
	const ofFlag = flag && countryNamed(lettersOf(flag));
	const country = /\p{L}/u.test(name) ? countryInText(name) : ofFlag;
	if (country === undefined || country !== (ofFlag ?? country)) return undefined;
	return calling === undefined || calling === callingCodeOfCountry(country) ? country : undefined;
}

function callingCodeOfCountry(country: string): string | undefined {
	return planOf(country)?.callingCode;
}

function lettersOf(flag: string): string {
	return [...flag]
		.map((letter) => String.fromCharCode((letter.codePointAt(0) ?? 0) - FLAG_LETTER_A + 65))
		.join('');
}

// "de_DE" and "zh-Hans-CN" end with the country, "US-CA" begins with it.
function countryOfLocale(text: string): string | undefined {
	const region = LOCALE.exec(text)?.[1];
	if (region !== undefined) return countryNamed(region);
	const [, first, second] = SUBDIVISION.exec(text) ?? [];
	if (first === undefined || second === undefined) return undefined;
	const country = countryNamed(first);
	const other = countryNamed(second);
	// "EN-US": the first part is only a language.
	if (country === undefined) return languageNames.of(first) ? other : undefined;
	// "DE-AT" may be the German of Austria.
	return languageNames.of(first) && other !== undefined && other !== country ? undefined : country;
}

// "Korea, South" is inverted; "Germany (DE)" names the same country twice.
function withSecondPart(text: string): string | undefined {
	const bare = text.replace(NUMBERED, '');
	if (bare !== text) return countryInText(bare);
	const [, name, addition] = WITH_SECOND_PART.exec(text) ?? [];
	if (name === undefined || addition === undefined) return undefined;
	const inverted = countryNamed(`${addition} ${name}`);
	if (inverted !== undefined) return inverted;
	const code = countryNamed(name);
	const other = countryNamed(addition);
	if (code === other) return code;
	// What comes after the comma is a place, unless it is another country.
	return code !== undefined && other === undefined && WITH_PLACE.test(text) ? code : undefined;
}

// Two countries have this name, although the lists give it to only one.
const AMBIGUOUS = ['korea'];
const BEFORE_SECOND_PART = /^(.+?)(?:, | \()/;
const LANGUAGES =
	'zh-Hans zh-Hant de es fr pt pt-PT it nl pl tr ru ja ko vi th id ar hi uk fil ga mi'.split(' ');

/** Countries (ISO 3166 alpha-2) by the keys of their names. */
type Names = Map<string, string>;

const english = once(loadEnglish);
// The other languages are loaded with the first name that isn't English, since most lists don't need them.
const others = once(loadOthers);

/**
 * The country of a name as written: ISO 3166 alpha-2 or alpha-3, or a name in English, in one of the languages of the
 * headings, or in the country's own language.
 * @see https://cldr.unicode.org for the names in other languages, which are built into Node
 */
function countryNamed(name: string): string | undefined {
	const key = nameKey(name);
	if (key === '') return undefined;
	// A short name with accents isn't a code: Vietnamese for America is Mỹ.
	const isCode = key.length <= 3 && /^[\x20-\x7e]+$/.test(name.trim());
	const code = isCode || key.length > 3 || !/^[a-z]+$/.test(key) ? english().get(key) : undefined;
	return code ?? (isCode ? undefined : others().get(key));
}

/** A name's key, which is the same for all its spellings: "U.S.A." and "USA", "the Netherlands" and "Netherlands". */
function nameKey(name: string): string {
	return name
		.normalize('NFKD')
		.replace(/[\p{M}\p{Cf}.'’`]/gu, '')
		.toLowerCase()
		.replace(/ı/g, 'i')
		.replace(/&/g, ' and ')
		.replace(/[^\p{L}\p{N}]+/gu, ' ')
		.trim()
		.replace(/^the /, '')
		.replace(/ the$/, '')
		.replace(/\brep\b/, 'republic')
		.replace(/^(?:kingdom|state|commonwealth) of /, '');
}

function loadEnglish(): Names {
	// Loaded with the first country that is looked up, since many runs don't need it.
	const countries = require('i18n-iso-countries/index') as typeof IsoCountries;
	countries.registerLocale(require('i18n-iso-countries/langs/en.json'));
	// Other software uses Unicode's names: "Brunei", "St. Lucia", "Bosnia".
	const display = (['long', 'short'] as const).map((style) => displayNames('en', style));
	const given = Object.entries(countries.getNames('en', { select: 'all' }));
	const named = given.flatMap(([code, names]) =>
		[names, display.map((list) => list.of(code) ?? code)].flat().flatMap((name) => [
			[name, code] as const,
			// "Moldova, Republic of" and "Cocos (Keeling) Islands" are also known by their first part.
			[BEFORE_SECOND_PART.exec(name)?.[1] ?? name, code] as const,
		]),
	);
	const found = unambiguous(named);
	for (const name of AMBIGUOUS) found.delete(name);
	for (const [name, code] of Object.entries(aliases)) found.set(nameKey(name), code);
	for (const [alpha2, alpha3] of Object.entries(countries.getAlpha2Codes())) {
		found.set(nameKey(alpha2), alpha2);
		found.set(nameKey(alpha3), alpha2);
	}
	// The Netherlands Antilles: dissolved in 2010, and still in address books.
	return found.set('an', 'AN');
}

function loadOthers(): Names {
	const codes = [...new Set(english().values())];
	const byLanguage = new Map(LANGUAGES.map((language) => [language, codes]));
	for (const code of codes) {
		const { language } = new Intl.Locale(`und-${code}`).maximize();
		if (!LANGUAGES.includes(language))
			byLanguage.set(language, [...(byLanguage.get(language) ?? []), code]);
	}
	return unambiguous([...byLanguage].flatMap(([language, some]) => namesIn(language, some)));
}

function namesIn(language: string, codes: string[]): Array<readonly [string, string]> {
	const long = displayNames(language, 'long');
	const short = displayNames(language, 'short');
	// Most long and short names are the same, and processing them twice would take twice as long.
	return codes.flatMap((code) => {
		const names = new Set([long.of(code) ?? code, short.of(code) ?? code]);
		return [...names].map((name) => [name, code] as const);
	});
}

function displayNames(language: string, style: 'long' | 'short'): Intl.DisplayNames {
	return new Intl.DisplayNames(language, { type: 'region', style });
}

// Leaves out names that mean two countries, whether in one language or in two.
function unambiguous(named: Array<readonly [name: string, code: string]>): Names {
	const found: Names = new Map();
	const shared = new Set<string>();
	for (const [name, code] of named) {
		const key = nameKey(name);
		if ((found.get(key) ?? code) !== code) shared.add(key);
		found.set(key, code);
	}
	for (const key of shared) found.delete(key);
	return found;
}
