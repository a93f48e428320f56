import { cleanContact } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import type { ReasonCode } from '../../nodes/AlibabaCloudChatApp/contacts/reasons';

const clean = (phone: string, country: string) =>
	cleanContact({ phone, country }, { hash: 'none' });

it.each([
	['242061234567', 'AT', '242061234567'],
	['5216301234559', 'US', '526301234559'],
	['11104238567', 'EG', '11104238567'],
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
	['41234', 'KR', 'phone_no_area_code'],
	['13012245', '54', 'phone_country_unknown'],
	['521612345678', 'AU', 'phone_not_possible'],
])('%s of a contact in %s is nobody’s', (phone, country, reason) => {
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
