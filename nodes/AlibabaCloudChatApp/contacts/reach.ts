import countries from './messageableCountries.json';

/**
 * Whether Meta lets a Page send marketing messages to a person; if it doesn't, `country` (ISO 3166 alpha-2) is the
 * reason.
 */
export type Reach = 'messageable' | 'unknown' | { country: string };

const LONGEST_CALLING_CODE = 3;
const notMessageable: ReadonlyMap<string, Reach> = new Map(
	Object.keys(countries.notMessageable).map((country) => [country, { country }]),
);
const countsAs: Readonly<Record<string, string>> = countries.countsAs;
const byCallingCode: ReadonlyMap<string, Reach> = new Map(
	[
		...Object.entries(countries.notMessageable).map(([country, code]) => [code, country] as const),
		...Object.entries(countries.otherCallingCodes),
	].map(([code, country]) => [code, notMessageable.get(country) as Reach]),
);

/**
 * Whether a person can be messaged, based on the phone number that is sent, or else on the contact's country.
 * @param phone in Meta's form: digits, country code first, before hashing
 * @param country ISO 3166 alpha-2
 * @returns one shared object for each country
 * @see messageableCountries.json, which contains the address and date of Meta's page
 */
export function reachOf(phone: string | undefined, country: string | undefined): Reach {
	if (phone !== undefined && phone !== '') return reachOfNumber(phone);
	if (country === undefined || country === '') return 'unknown';
	return notMessageable.get(countsAs[country] ?? country) ?? 'messageable';
}

// No calling code is the beginning of another one, and no country in the list shares its calling code.
function reachOfNumber(digits: string): Reach {
	for (let length = 2; length <= LONGEST_CALLING_CODE; length++) {
		const reach = byCallingCode.get(digits.slice(0, length));
		if (reach !== undefined) return reach;
	}
	return 'messageable';
}
