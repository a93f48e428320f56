import { PhoneNumberFormat, PhoneNumberType, PhoneNumberUtil } from 'google-libphonenumber';
import { cleanPhone } from '../../../nodes/AlibabaCloudChatApp/contacts/phone/clean';
import { seeded } from '../../bench/random';

const COUNTRIES =
	'AR AT AU BD BG BO BR CA CH CL CN CO DE EG FI FR GB GR HU ID IE IN IR IT JP KR MX MY NG NL NZ PE PH PK RO RU SA SE TR UA US ZA'.split(
		' ',
	);
// Where a number without its area code can't be a complete one of the country. In Germany, South Africa, and a few others,
// it often is.
const WITH_FIXED_LENGTHS = 'BG BR CA CH CL CO FR GB GR IE IN IT JP KR MX NL PE RU SA UA US'.split(
	' ',
);
const NUMBERS_OF_A_COUNTRY = 40;
const library = PhoneNumberUtil.getInstance();
const random = seeded(20200606);

/** Numbers as people write them within their area, by the country's own groups. */
function localNumbers(country: string): string[] {
	const found = new Set<string>();
	for (const type of [PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE]) {
		const example = library.getExampleNumberForType(country, type);
		if (!example) continue;
		for (let tries = 0; tries < NUMBERS_OF_A_COUNTRY * 20; tries++) {
			if (found.size >= NUMBERS_OF_A_COUNTRY) break;
			const kept = tries % 4;
			const digits = library.getNationalSignificantNumber(example).split('');
			for (let at = kept; at < digits.length; at++) digits[at] = String(random(10));
			const text = `+${example.getCountryCodeOrDefault()}${digits.join('')}`;
			const number = library.parse(text);
			if (!library.isValidNumberForRegion(number, country)) continue;
			const area =
				library.getLengthOfGeographicalAreaCode(number) ||
				library.getLengthOfNationalDestinationCode(number);
			const significant = library.getNationalSignificantNumber(number);
			if (area === 0 || significant.length - area < 5) continue;
			const local = significant.slice(area);
			found.add(local);
			const groups = library.format(number, PhoneNumberFormat.INTERNATIONAL).split(/[ -]/);
			const last = groups.at(-1) ?? '';
			if (last.length < local.length) found.add(`${local.slice(0, -last.length)}-${last}`);
		}
	}
	return [...found];
}

const numbers = COUNTRIES.map((country) => ({ country, locals: localNumbers(country) }));

it('has 42 countries with local numbers', () => {
	expect(numbers).toHaveLength(42);
	expect(numbers.filter(({ locals }) => locals.length < 20)).toEqual([]);
});

describe.each(numbers)('a number of $country without its area code', ({ country, locals }) => {
	const code = String(library.getCountryCodeForRegion(country));

	it.each([
		['its country', { country }],
		['the default country', { defaultCountry: country }],
		['its calling code', { callingCode: `+${code}` }],
	])('is never sent as a number abroad, with %s', (_, context) => {
		const abroad = locals.filter((local) => {
			const { value } = cleanPhone(local, context);
			return value !== undefined && !value.startsWith(code);
		});
		expect(abroad).toEqual([]);
	});
});

it.each(WITH_FIXED_LENGTHS)('it is invalid in %s, with its own reason', (country) => {
	const locals = numbers.find((each) => each.country === country)?.locals ?? [];
	const reasons = new Set(locals.map((local) => cleanPhone(local, { country }).reason));
	expect([...reasons]).toEqual(['phone_no_area_code']);
});
