import { getCountries, getCountryCallingCode } from 'libphonenumber-js/min';
import * as plans from '../../../nodes/AlibabaCloudChatApp/contacts/phone/numberingPlan';

const codes = new Set<string>(getCountries().map((country) => getCountryCallingCode(country)));

it('finds the calling code that digits begin with, the first time and every other', () => {
	for (let round = 0; round < 2; round++) {
		for (let start = 100; start < 1000; start++) {
			const digits = String(start);
			const own = [1, 2, 3]
				.map((length) => digits.slice(0, length))
				.find((code) => codes.has(code));
			const found = plans.planOfDigits(`${digits}1234567`)?.callingCode;
			// Codes of no country, as of satellites, have plans too.
			if (own !== undefined) expect(found).toBe(own);
			else expect([undefined, digits]).toContain(found);
		}
	}
});

it("doesn't match digits of another length", () => {
	const found = ['1', '7', '49', '44', '', '0'].map(
		(digits) => plans.planOfDigits(digits)?.callingCode,
	);
	expect(found).toEqual(['1', '7', '49', '44', undefined, undefined]);
});

it('reads a plan once, and none if there is none', () => {
	expect(plans.planOf('DE')).toBe(plans.planOf('DE'));
	expect(plans.planOf('49')?.callingCode).toBe('49');
	expect([plans.planOf('XX'), plans.planOf('XX'), plans.planOf('999')]).toEqual(
		Array(3).fill(undefined),
	);
});

it('matches no digits without a plan', () => {
	const { fitsPlan, hasUsualLength, isAssigned } = plans;
	expect([fitsPlan, hasUsualLength, isAssigned].map((holds) => holds('9991234567'))).toEqual(
		Array(3).fill(false),
	);
});

it('has the lengths of landlines and of mobiles', () => {
	expect(plans.hasUsualLength('551123456789')).toBe(true);
	expect(plans.hasUsualLength('5511961234567')).toBe(true);
	expect(plans.hasUsualLength('55112345678')).toBe(false);
});

it('distinguishes lengths that all countries of a code have from those of one', () => {
	for (const country of ['599', 'CW', 'BQ']) {
		const { possible, possibleSomewhere } = plans.planOf(country) as plans.NumberingPlan;
		expect([[...possible], [...possibleSomewhere].sort()]).toEqual([[7], [7, 8]]);
	}
});
