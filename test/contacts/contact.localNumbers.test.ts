import fc from 'fast-check';
import { cleanContact } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { planOf } from '../../nodes/AlibabaCloudChatApp/contacts/phone/numberingPlan';

const COUNTRIES =
	'US CA MX BR AR CL CO PE VE GB IE DE AT CH FR BE NL ES PT IT SE NO DK FI PL CZ HU RO GR TR RU UA IN ID MY TH VN PH AU NZ ZA JP'.split(
		' ',
	);

it('never reads a local number without its area code as one of another country', () => {
	expect(COUNTRIES).toHaveLength(42);
	const number = fc.tuple(
		fc.constantFrom('', '-', ' '),
		fc.integer({ min: 100_000, max: 99_999_999 }),
	);
	fc.assert(
		fc.property(fc.constantFrom(...COUNTRIES), number, (country, [separator, digits]) => {
			const phone = `${String(digits).slice(0, -4)}${separator}${String(digits).slice(-4)}`;
			const cleaned = cleanContact({ phone, country }, { hash: 'none' });
			const sent = 'user' in cleaned ? (cleaned.user.Phone ?? '') : '';
			expect(sent === '' || sent.startsWith(planOf(country)?.callingCode ?? '?')).toBe(true);
		}),
		{ numRuns: 3000 },
	);
});
