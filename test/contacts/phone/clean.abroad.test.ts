import { cleanContact } from '../../../nodes/AlibabaCloudChatApp/contacts/contact';
import type { ReasonCode } from '../../../nodes/AlibabaCloudChatApp/contacts/reasons';

const clean = (phone: string, country: string) =>
	cleanContact({ phone, country }, { hash: 'none' });

it.each([
	['242061234567', 'AT', '242061234567'],
	['5216301234559', 'US', '526301234559'],
	['49 171 3920000', 'US', '491713920000'],
	['86 138 1234 5678', 'US', '8613812345678'],
	['32 475 12 34 56', 'FR', '32475123456'],
])('%s of a contact in %s is a number from abroad', (phone, country, Phone) => {
	expect(clean(phone, country)).toEqual({ user: { Phone } });
});

it.each([
	['59998683', 'CW', '59959998683'],
	['+39 (0)6 1234', 'US', '39061234'],
	['+001 650 555 1212', 'DE', '16505551212'],
	['+49 368421/12345', 'US', '4936842112345'],
])('%s of a contact in %s is sent as %s', (phone, country, Phone) => {
	expect(clean(phone, country)).toEqual({ user: { Phone } });
});

it.each<[string, string, ReasonCode]>([
	['13123456789', 'IT', 'phone_not_possible'],
	// No area code of North America begins with 0 or 1.
	['11104238567', 'EG', 'phone_not_possible'],
	['(11) 96123-4567', 'US', 'phone_not_possible'],
	['+1 096 123 4567', 'US', 'phone_not_possible'],
	['4534412090', 'US', 'phone_not_possible'],
	['98123-4567', 'BR', 'phone_no_area_code'],
	['4311-4333', 'AR', 'phone_no_area_code'],
	['40.32.21.21', 'FR', 'phone_no_area_code'],
	['9842 2270', 'AU', 'phone_no_area_code'],
	['39072106', 'GB', 'phone_no_area_code'],
	['39072106', 'CN', 'phone_no_area_code'],
	['12345', 'US', 'phone_no_area_code'],
	['1234', 'US', 'phone_not_possible'],
	['123 4567', 'SG', 'phone_not_possible'],
	['(212) 555-1212 12', 'US', 'phone_not_possible'],
	['(11) 96123-4567 89', 'BR', 'phone_not_possible'],
	['+1 123 123 12321', 'US', 'phone_not_possible'],
	['41234', 'KR', 'phone_no_area_code'],
	['13012245', '54', 'phone_country_unknown'],
	['521612345678', 'AU', 'phone_not_possible'],
])('%s of a contact in %s is invalid', (phone, country, reason) => {
	expect(clean(phone, country)).toEqual({ reason });
});

it.each([
	['is read as the own code where that is a number', '0082 010 2000 0000', 'KR', '821020000000'],
	['is read as the longer prefix where it is none', '0082 070126453', 'KR', '2070126453'],
	[
		'is the longer prefix where only that is a number in full',
		'00373062112345',
		'TH',
		'73062112345',
	],
	['is the longer prefix before what no zero was dropped of', '00118123456789', 'AU', '8123456789'],
])('what begins with 00 %s: %s of %s', (_, phone, country, Phone) => {
	expect(clean(phone, country)).toEqual({ user: { Phone } });
});

it('sends fifteen digits at most', () => {
	expect(clean('+4915123456789012', '')).toEqual({ reason: 'phone_not_possible' });
	expect(clean('+8201020000000279', '')).toEqual({ user: { Phone: '821020000000279' } });
});

describe('with only a default country', () => {
	const cleanBy = (phone: string, defaultCountry: string) =>
		cleanContact({ phone }, { hash: 'none', defaultCountry });

	it.each([
		['4534412090', 'US', '4534412090'],
		['468123456', 'US', '468123456'],
		['46 8 12 34 56', 'US', '468123456'],
		['13052345678', 'CN', '8613052345678'],
	])('%s may be a number from abroad: %s, sent as %s', (phone, country, Phone) => {
		expect(cleanBy(phone, country)).toEqual({ user: { Phone } });
	});

	it.each([
		['98123-4567', 'BR'],
		['4311-4333', 'AR'],
		['40.32.21.21', 'FR'],
		['468123456', 'BR'],
	])('%s without its area code never is one: %s', (phone, country) => {
		expect(cleanBy(phone, country)).toEqual({ reason: 'phone_no_area_code' });
	});
});
