import type * as PhoneLibrary from 'libphonenumber-js/min';
import type { CountryCode, PhoneNumber } from 'libphonenumber-js/min';

/** What is needed of a numbering plan to judge a number without parsing it. */
export interface Plan {
	callingCode: string;
	/** Lengths of a national number, in digits, that are possible in every country of the calling code. */
	possible: ReadonlySet<number>;
	/** Lengths that are possible in any country of the calling code. */
	thinkable: ReadonlySet<number>;
	/** National prefixes as they begin a number; undefined when the country has none. */
	prefix?: RegExp;
	/** International prefixes as they are dialled in the country. */
	internationalPrefix?: RegExp;
	/** The shape of the numbers that the plan really hands out. */
	pattern: RegExp;
}

// The library's plan has these; its types name only some of them.
interface LibraryPlan {
	callingCode(): string;
	possibleLengths(): number[];
	nationalPrefixForParsing(): string | undefined;
	nationalNumberPattern(): string;
	IDDPrefix(): string | undefined;
}

let library: typeof PhoneLibrary | undefined;
const plans = new Map<string, Plan | undefined>();

function load(): typeof PhoneLibrary {
	// Loaded with the first number: it is the heaviest of the dependencies, and n8n reads every node at its start.
	return (library ??= require('libphonenumber-js/min') as typeof PhoneLibrary);
}

/** The library's own parse of a whole text, `+` and digits or, with a country or a calling code, national digits. */
export function parseNumber(text: string, country?: string): PhoneNumber | undefined {
	const { parsePhoneNumberFromString } = load();
	if (country !== undefined && /^\d/.test(country)) {
		return parsePhoneNumberFromString(text, { defaultCallingCode: country, extract: false });
	}
	const defaultCountry = country as CountryCode | undefined;
	return parsePhoneNumberFromString(text, { defaultCountry, extract: false });
}

/**
 * The numbering plan of a country (ISO 3166 alpha-2) or of a calling code ('49'; for shared codes the main country's).
 * @returns undefined when there is none
 */
export function planOf(countryOrCode: string): Plan | undefined {
	const known = plans.get(countryOrCode);
	if (known || plans.has(countryOrCode)) return known;
	const plan = readPlan(countryOrCode);
	plans.set(countryOrCode, plan);
	return plan;
}

/** The plan of the calling code that the digits begin with. No calling code begins with another. */
export function planOfDigits(digits: string): Plan | undefined {
	return planOf(digits.slice(0, 1)) ?? planOf(digits.slice(0, 2)) ?? planOf(digits.slice(0, 3));
}

function readPlan(countryOrCode: string): Plan | undefined {
	const plan = libraryPlan(countryOrCode);
	if (!plan) return undefined;
	const start = (pattern: string | undefined) =>
		pattern ? new RegExp(`^(?:${pattern})`) : undefined;
	return {
		...lengthsOf(plan),
		callingCode: plan.callingCode(),
		prefix: start(plan.nationalPrefixForParsing()),
		internationalPrefix: start(plan.IDDPrefix()),
		pattern: new RegExp(`^(?:${plan.nationalNumberPattern()})$`),
	};
}

function libraryPlan(countryOrCode: string): LibraryPlan | undefined {
	const metadata = new (load().Metadata)();
	try {
		metadata.selectNumberingPlan(countryOrCode as CountryCode);
	} catch {
		// The library's only way to say that it has no such plan.
		return undefined;
	}
	return metadata.numberingPlan as unknown as LibraryPlan;
}

// Countries that share a calling code (+1, +599) differ in their lengths, and the library picks among them by the digits.
function lengthsOf(plan: LibraryPlan): Pick<Plan, 'possible' | 'thinkable'> {
	const { getCountries, getCountryCallingCode } = load();
	const sharing = getCountries().filter(
		(code) => getCountryCallingCode(code) === plan.callingCode(),
	);
	const lengths = sharing.map((code) => libraryPlan(code)?.possibleLengths() ?? []);
	const all = [plan.possibleLengths(), ...lengths];
	const thinkable = new Set(all.flat());
	const possible = [...thinkable].filter((length) => all.every((each) => each.includes(length)));
	return { possible: new Set(possible), thinkable };
}
