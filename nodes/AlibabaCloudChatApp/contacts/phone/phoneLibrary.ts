import type * as PhoneLibrary from 'libphonenumber-js/core';
import type { CountryCode, MetadataJson, PhoneNumber } from 'libphonenumber-js/core';

/** A numbering plan of the library, whose own types name only some of these. */
export interface LibraryPlan {
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

let library: Library | undefined;
function load(): Library {
	// Loaded with the first number: it is the heaviest of the dependencies, and n8n reads every node at its start. The
	// entry with the fuller data, libphonenumber-js/max, lacks the plans themselves (Metadata).
	return (library ??= {
		...(require('libphonenumber-js/core') as typeof PhoneLibrary),
		data: require('libphonenumber-js/metadata.max.json') as MetadataJson,
	});
}

/** The library's own parse of a whole text, `+` and digits or, with a country or a calling code, national digits. */
export function parseNumber(text: string, country?: string): PhoneNumber | undefined {
	const { parsePhoneNumberFromString, data } = load();
	const home =
		country !== undefined && /^\d/.test(country)
			? { defaultCallingCode: country }
			: { defaultCountry: country as CountryCode | undefined };
	return parsePhoneNumberFromString(text, { ...home, extract: false }, data);
}

/** The library's plan of a country or a calling code; undefined when there is none. */
export function libraryPlan(countryOrCode: string): LibraryPlan | undefined {
	const metadata = new (load().Metadata)(load().data);
	try {
		metadata.selectNumberingPlan(countryOrCode as CountryCode);
	} catch {
		// The library's only way to say that it has no such plan.
		return undefined;
	}
	return metadata.numberingPlan as unknown as LibraryPlan;
}

/** The plans of all countries that share a calling code. */
export function plansOfCode(code: string): LibraryPlan[] {
	const { getCountries, getCountryCallingCode, data } = load();
	const sharing = getCountries(data).filter(
		(country) => getCountryCallingCode(country, data) === code,
	);
	return sharing.flatMap((country) => libraryPlan(country) ?? []);
}
