import { cleanContact } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import type { ReasonCode } from '../../nodes/AlibabaCloudChatApp/contacts/reasons';

const clean = (phone: string) => cleanContact({ phone }, { hash: 'none' });

it.each([
	"' +16505551212",
	'="+16505551212"',
	'= "+16505551212"',
	"='+16505551212'",
	'" +16505551212 "',
	'[+1] [650] 555-1212',
	'https://wa.me/16505551212',
	'https://wa.me/16505551212?text=Hello',
	'https://api.whatsapp.com/send?phone=16505551212',
	'whatsapp://send?text=Hello&phone=%2B16505551212',
	'16505551212@c.us',
	'16505551212:7@s.whatsapp.net',
	'+16505551212 ;,',
	'Tel. : +16505551212',
	'Tel.. : +16505551212',
	'Số điện thoại. : +16505551212',
	'Mobile +16505551212',
	'+16505551212 (Mobile)',
	'+16505551212 ext. 12',
	'+1·650·555·1212',
	'16,505,551,212',
	'1+650+5551212',
	'++1 650 555 1212',
	'+16505551212;;+16505551212',
	'+16505551212/+16505551212',
	`+1${' '.repeat(188)}6505551212`,
])('reads the number in %s', (phone) => {
	expect(clean(phone)).toMatchObject({ user: { Phone: '16505551212' } });
});

it.each<[string, ReasonCode]>([
	["+1 650 555'1212", 'phone_not_possible'],
	['x"+16505551212"', 'phone_not_possible'],
	['"+16505551212" x', 'phone_not_possible'],
	['Fax: +16505551212', 'phone_not_possible'],
	['+16505551212 (Fax)', 'phone_not_possible'],
	[`+1${' '.repeat(189)}6505551212`, 'phone_not_possible'],
	['+1 650 555 1212;12', 'phone_not_possible'],
	['+1 650 555 1212; 121', 'phone_not_possible'],
	['+1 650 555 1212; 1213', 'phone_ambiguous'],
	['+16505551212+(1)6505551213', 'phone_ambiguous'],
	['+16505551212 - +16505551213', 'phone_ambiguous'],
	['+16505551212 + 16505551213', 'phone_ambiguous'],
	['+1+6505551212+6505551213', 'phone_ambiguous'],
	['+49 3684210/12345', 'phone_ambiguous'],
])('takes no number out of %s: %s', (phone, reason) => {
	expect(clean(phone)).toEqual({ reason });
});

it.each([
	['+49+171+3920000', '491713920000'],
	['+49+171+3920000123', '491713920000123'],
	['0049 368421/12345', '4936842112345'],
	['+ 49 368421/12345', '4936842112345'],
])('reads %s as one number', (phone, Phone) => expect(clean(phone)).toEqual({ user: { Phone } }));
