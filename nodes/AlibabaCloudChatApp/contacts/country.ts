import type * as IsoCountries from 'i18n-iso-countries';

// Everyday names that neither the ISO list nor Node's own carries, each for one country only.
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
	vatican: 'VA',
	'vatican city state': 'VA',
	falklands: 'FK',
	'republic of ireland': 'IE',
	'slovak republic': 'SK',
	drc: 'CD',
	'dr congo': 'CD',
	'plurinational state of bolivia': 'BO',
	'bolivarian republic of venezuela': 'VE',
};
// There are two of each, though the lists give the bare name to one.
const AMBIGUOUS = ['congo', 'korea'];
const BEFORE_ADDITION = /^(.+?)(?:, | \()/;
const WITH_ADDITION = /^([^,(]+)[,(]([^,()]+)\)?$/;

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
	const code = codes.get(nameKey(text)) ?? withAddition(text, codes);
	if (known.size >= KNOWN_LIMIT) known.clear();
	known.set(text, code);
	return code;
}

// "Korea, South" is turned round; "Germany (DE)" names the same country twice.
function withAddition(text: string, names: Map<string, string>): string | undefined {
	const [, name = '', addition = ''] = WITH_ADDITION.exec(text.trim()) ?? [];
	const turned = names.get(nameKey(`${addition} ${name}`));
	if (turned !== undefined) return turned;
	const code = names.get(nameKey(name));
	return code === names.get(nameKey(addition)) ? code : undefined;
}

function loadCodes(): Map<string, string> {
	// Loaded with the first country that is looked up: many runs never need the list.
	const countries = require('i18n-iso-countries/index') as typeof IsoCountries;
	countries.registerLocale(require('i18n-iso-countries/langs/en.json'));
	// Node's own names are those that people see in other software: "Brunei", "St. Lucia", "Bosnia".
	const display = (['long', 'short'] as const).map(
		(style) => new Intl.DisplayNames('en', { type: 'region', style }),
	);
	const found = new Map<string, string>();
	const shared = new Set<string>(AMBIGUOUS);
	const add = (name: string, code: string) => {
		const key = nameKey(name);
		if ((found.get(key) ?? code) !== code) shared.add(key);
		found.set(key, code);
	};
	for (const [name, code] of Object.entries(EVERYDAY_NAMES)) add(name, code);
	for (const [code, names] of Object.entries(countries.getNames('en', { select: 'all' }))) {
		for (const name of [names, display.map((list) => list.of(code) ?? code)].flat()) {
			add(name, code);
			// "Moldova, Republic of" and "Cocos (Keeling) Islands" are known by what comes first.
			add(BEFORE_ADDITION.exec(name)?.[1] ?? name, code);
		}
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
