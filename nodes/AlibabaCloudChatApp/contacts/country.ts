import { countryNamed } from './countryNames';
import { planOf } from './phone/numberingPlan';

const known = new Map<string, string | undefined>();
const KNOWN_LIMIT = 1000;
// Far above any name of a country: a longer text is neither looked up nor kept.
const LONGEST_NAME = 100;
const FLAG = /[\u{1f1e6}-\u{1f1ff}]{2}/gu;
const FIRST_LETTER_OF_FLAGS = 0x1f1e6;
const CALLING_CODE = /[([]?\s*(?:\+|\b00)\s?([1-9]\d{0,3})\s*[)\]]?/;
const LOCALE = /^[a-z]{2,3}(?:[_-][A-Z][a-z]{3})?[_-]([A-Z]{2})(?:\.[\w-]+)?$/;
const SUBDIVISION = /^([A-Z]{2})-([A-Z0-9]{1,3})$/;
const languageNames = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
const NUMBERED = /^\d{1,3}\s*[-.:]\s*(?=\p{L})/u;
const WITH_ADDITION = /^([^,(:]+)[,(:]([^,():]+)\)?$/;
// "Germany, Berlin", but not "Germany/Austria".
const WITH_PLACE = /^([^,;/|]+),[^,;/|]+$/;

/**
 * The country that a text names: ISO 3166 alpha-2 or alpha-3, a name in English or one of many languages, or a usual short
 * form, in any case; with a flag, a calling code, a locale's or a region's form around it.
 * @returns ISO 3166 alpha-2 in capitals, or undefined when the text names no country or more than one
 * @see https://github.com/michaelwittig/node-i18n-iso-countries
 */
export function resolveCountry(text: string): string | undefined {
	if (text.length > LONGEST_NAME) return undefined;
	if (known.has(text)) return known.get(text);
	const code = countryIn(text.trim());
	if (known.size >= KNOWN_LIMIT) known.clear();
	known.set(onItsOwn(text), code);
	return code;
}

// A field of a file is a part of the text around it, which keeping the field would keep as well.
function onItsOwn(text: string): string {
	return Buffer.from(text, 'utf16le').toString('utf16le');
}

function countryIn(text: string): string | undefined {
	// A name's key has no flag, and the flag may be another country's.
	if (text.search(FLAG) >= 0) return withSigns(text);
	return countryNamed(text) ?? withSigns(text) ?? localeOf(text) ?? withAddition(text);
}

// A flag and a calling code beside the name have to be the same country's.
function withSigns(text: string): string | undefined {
	const flags = [...new Set(text.match(FLAG) ?? [])];
	const [, calling] = CALLING_CODE.exec(text) ?? [];
	if (flags.length > 1 || (flags.length === 0 && calling === undefined)) return undefined;
	const name = text.replace(FLAG, ' ').replace(CALLING_CODE, ' ').trim();
	const ofFlag = flags[0] === undefined ? undefined : countryNamed(lettersOf(flags[0]));
	const named = /\p{L}/u.test(name) ? countryIn(name) : ofFlag;
	if (named === undefined || (ofFlag !== undefined && ofFlag !== named)) return undefined;
	return calling === undefined || planOf(named)?.callingCode === calling ? named : undefined;
}

function lettersOf(flag: string): string {
	return [...flag]
		.map((sign) => String.fromCharCode((sign.codePointAt(0) ?? 0) - FIRST_LETTER_OF_FLAGS + 65))
		.join('');
}

// "de_DE" and "zh-Hans-CN" end with the country, "US-CA" begins with it.
function localeOf(text: string): string | undefined {
	const region = LOCALE.exec(text)?.[1];
	if (region !== undefined) return countryNamed(region);
	const [, first, second] = SUBDIVISION.exec(text) ?? [];
	if (first === undefined || second === undefined) return undefined;
	const country = countryNamed(first);
	const other = countryNamed(second);
	// "EN-US": the first is a language alone.
	if (country === undefined) return languageNames.of(first) ? other : undefined;
	// "DE-AT" may be Austria's German.
	return languageNames.of(first) && other !== undefined && other !== country ? undefined : country;
}

// "Korea, South" is turned round; "Germany (DE)" names the same country twice.
function withAddition(text: string): string | undefined {
	const bare = text.replace(NUMBERED, '');
	if (bare !== text) return countryIn(bare);
	const [, name, addition] = WITH_ADDITION.exec(text) ?? [];
	if (name === undefined || addition === undefined) return undefined;
	const turned = countryNamed(`${addition} ${name}`);
	if (turned !== undefined) return turned;
	const code = countryNamed(name);
	const other = countryNamed(addition);
	if (code === other) return code;
	// The name of a place behind it, as long as it isn't another country's.
	return code !== undefined && other === undefined && WITH_PLACE.test(text) ? code : undefined;
}
