import type * as IsoCountries from 'i18n-iso-countries';

// Everyday names that the ISO list doesn't carry, each for one country only. "Congo" and "Korea" stay out: there are two.
const EVERYDAY_NAMES: Record<string, string> = {
	england: 'GB',
	scotland: 'GB',
	wales: 'GB',
	'northern ireland': 'GB',
	britain: 'GB',
	america: 'US',
	holland: 'NL',
	'viet nam': 'VN',
	macau: 'MO',
	brasil: 'BR',
	burma: 'MM',
	swaziland: 'SZ',
	'east timor': 'TL',
	macedonia: 'MK',
	laos: 'LA',
	syria: 'SY',
	'cabo verde': 'CV',
	'czech rep': 'CZ',
	emirates: 'AE',
	ksa: 'SA',
	prc: 'CN',
	'mainland china': 'CN',
	'hong kong sar': 'HK',
	'macao sar': 'MO',
};

let codes: Map<string, string> | undefined;
const known = new Map<string, string | undefined>();
const KNOWN_LIMIT = 1000;

/**
 * The country that a text names: ISO 3166 alpha-2 or alpha-3, an English name, or a usual short form, in any case.
 * @returns ISO 3166 alpha-2 in capitals, or undefined when the text names no country or more than one
 * @see https://github.com/michaelwittig/node-i18n-iso-countries
 */
export function resolveCountry(text: string): string | undefined {
	if (known.has(text)) return known.get(text);
	codes ??= loadCodes();
	const code = codes.get(nameKey(text));
	if (known.size >= KNOWN_LIMIT) known.clear();
	known.set(text, code);
	return code;
}

function loadCodes(): Map<string, string> {
	// Loaded with the first country that is looked up: many runs never need the list.
	/* eslint-disable @typescript-eslint/no-require-imports */
	const countries = require('i18n-iso-countries/index') as typeof IsoCountries;
	countries.registerLocale(require('i18n-iso-countries/langs/en.json'));
	/* eslint-enable @typescript-eslint/no-require-imports */
	const found = new Map<string, string>();
	const shared = new Set<string>();
	const add = (name: string, code: string) => {
		const key = nameKey(name);
		if ((found.get(key) ?? code) !== code) shared.add(key);
		found.set(key, code);
	};
	for (const [name, code] of Object.entries(EVERYDAY_NAMES)) add(name, code);
	for (const [code, names] of Object.entries(countries.getNames('en', { select: 'all' }))) {
		for (const name of [names].flat()) add(name, code);
	}
	for (const key of shared) found.delete(key);
	for (const [alpha2, alpha3] of Object.entries(countries.getAlpha2Codes())) {
		found.set(nameKey(alpha2), alpha2);
		found.set(nameKey(alpha3), alpha2);
	}
	return found;
}

// "U.S.A.", "Côte d’Ivoire" and "the Netherlands" are one name each however they are written.
function nameKey(name: string): string {
	return name
		.normalize('NFKD')
		.replace(/[\p{M}\p{Cf}.'’`]/gu, '')
		.toLowerCase()
		.replace(/&/g, ' and ')
		.replace(/[^\p{L}\p{N}]+/gu, ' ')
		.trim()
		.replace(/^the /, '');
}
