import type * as IsoCountries from 'i18n-iso-countries';
import { EVERYDAY_NAMES } from './everydayCountries';

// There are two of it, though the lists give the bare name to one.
const AMBIGUOUS = ['korea'];
const BEFORE_ADDITION = /^(.+?)(?:, | \()/;
const LANGUAGES =
	'zh-Hans zh-Hant de es fr pt pt-PT it nl pl tr ru ja ko vi th id ar hi uk fil ga mi'.split(' ');

/** Countries (ISO 3166 alpha-2) by the keys of their names. */
type Names = Map<string, string>;

let english: Names | undefined;
let others: Names | undefined;

/**
 * The country of a name as it stands: ISO 3166 alpha-2 or alpha-3, an English name, or one in the sixteen languages of
 * the headings and in the country's own.
 * @see https://cldr.unicode.org for the names in other languages, which Node carries
 */
export function countryNamed(name: string): string | undefined {
	const key = nameKey(name);
	if (key === '') return undefined;
	english ??= loadEnglish();
	// A short name with accents is none of the codes: Vietnam calls America Mỹ.
	const isCode = key.length <= 3 && /^[\x20-\x7e]+$/.test(name.trim());
	const code = isCode || key.length > 3 || !/^[a-z]+$/.test(key) ? english.get(key) : undefined;
	// The other languages are loaded with the first name that isn't English: most lists never need them.
	return code ?? (isCode ? undefined : (others ??= loadOthers()).get(key));
}

/** "U.S.A.", "Côte d’Ivoire" and "the Netherlands" are one name each however they are written. */
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
	// Loaded with the first country that is looked up: many runs never need the list.
	const countries = require('i18n-iso-countries/index') as typeof IsoCountries;
	countries.registerLocale(require('i18n-iso-countries/langs/en.json'));
	// Unicode's names are those that people see in other software: "Brunei", "St. Lucia", "Bosnia".
	const display = (['long', 'short'] as const).map((style) => displayNames('en', style));
	const given = Object.entries(countries.getNames('en', { select: 'all' }));
	const named = given.flatMap(([code, names]) =>
		[names, display.map((list) => list.of(code) ?? code)].flat().flatMap((name) => [
			[name, code] as const,
			// "Moldova, Republic of" and "Cocos (Keeling) Islands" are known by what comes first.
			[BEFORE_ADDITION.exec(name)?.[1] ?? name, code] as const,
		]),
	);
	const found = unambiguous(named);
	for (const name of AMBIGUOUS) found.delete(name);
	for (const [name, code] of Object.entries(EVERYDAY_NAMES)) found.set(nameKey(name), code);
	for (const [alpha2, alpha3] of Object.entries(countries.getAlpha2Codes())) {
		found.set(nameKey(alpha2), alpha2);
		found.set(nameKey(alpha3), alpha2);
	}
	// Dissolved in 2010, and still in address books.
	return found.set('an', 'AN');
}

function loadOthers(): Names {
	const codes = [...new Set(english?.values())];
	const inLanguages = LANGUAGES.flatMap((language) => namesIn(language, codes));
	const ownNames = codes.flatMap((code) => {
		const { language } = new Intl.Locale(`und-${code}`).maximize();
		return namesIn(language, [code]);
	});
	return unambiguous([...inLanguages, ...ownNames]);
}

function namesIn(language: string, codes: string[]): Array<readonly [string, string]> {
	const lists = (['long', 'short'] as const).map((style) => displayNames(language, style));
	return codes.flatMap((code) => lists.map((list) => [list.of(code) ?? code, code] as const));
}

function displayNames(language: string, style: 'long' | 'short'): Intl.DisplayNames {
	return new Intl.DisplayNames(language, { type: 'region', style });
}

// A name that two countries share, or that two languages have for different ones, is left out.
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
