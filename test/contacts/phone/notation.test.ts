import { cleanContact } from '../../../nodes/AlibabaCloudChatApp/contacts/contact';
import type { ReasonCode } from '../../../nodes/AlibabaCloudChatApp/contacts/reasons';

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
	'“+1 650 555 1212”',
	'‘+16505551212’',
	'«+1 650 555 1212»',
	'„+1 650 555 1212“',
	"'+16505551212'",
	"+16505551212'",
	'<+1 650 555 1212>',
	'+1_650_5551212',
	"16'505'551'212",
	'16’505’551’212',
	"+1'650'555'12'12",
	'📱 +1 650 555 1212',
	'(mobile) +1 650 555 1212',
	'+1 650 555 1212 mobile',
	'+1 650 555 1212（携帯）',
	'手机：+1 650 555 1212',
	'+1 650 555 1212 - work / cell',
	'Mobil: +1 650 555 1212 (privat)',
	'(+1 650 555 1212)',
	'tel:+1-650-555-1212,1234',
	'+1 650 555 1212, 1',
	'+1 650 555 1212 ext.',
	'+1 650 555 1212 (ext. 5)',
	'+1 650 555 1212 Durchwahl 5',
	'+16505551212 доб. 123',
	'+16505551212#',
	'+16505551212 x12',
	'+1 650 555 1212 (x12)',
])('reads the number in %s', (phone) => {
	expect(clean(phone)).toMatchObject({ user: { Phone: '16505551212' } });
});

it.each<[string, ReasonCode]>([
	["+1 650 555'1212", 'phone_not_possible'],
	['x"+16505551212"', 'phone_not_possible'],
	['"+16505551212" x', 'phone_not_possible'],
	['Fax: +16505551212', 'phone_not_possible'],
	['+16505551212 Mum', 'phone_not_possible'],
	['+16505551212 mobile fax', 'phone_not_possible'],
	['-+16505551212', 'phone_not_possible'],
	['+16505551212!', 'phone_not_possible'],
	['+16505551212 x', 'phone_not_possible'],
	['+1,650,5551212', 'phone_not_possible'],
	["+1'650 555 1212", 'phone_not_possible'],
	['mobile', 'phone_not_possible'],
	['Tel +16505551212 (2)', 'phone_ambiguous'],
	['(home) 6505551212 / (work) 6505551213', 'phone_ambiguous'],
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
])('reads no number in %s: %s', (phone, reason) => {
	expect(clean(phone)).toEqual({ reason });
});

it.each([
	['+49+171+3920000', '491713920000'],
	['+49+171+3920000123', '491713920000123'],
	['0049 368421/12345', '4936842112345'],
	['+ 49 368421/12345', '4936842112345'],
])('reads %s as one number', (phone, Phone) => expect(clean(phone)).toEqual({ user: { Phone } }));

it.each(['31.01.2026', '1.2.1990', '2026-01-31', '12/31/1990', '31/12/2026', '31-12-1990'])(
	'a day is not a phone number, though it has enough digits: %s',
	(phone) => {
		expect(cleanContact({ phone, country: 'DE' }, { hash: 'none' })).toEqual({
			reason: 'phone_not_possible',
		});
	},
);

it.each(['030.2312.5000', '30/23125000', '0171-392-0000', '20.11.2412'])(
	'a number in groups is no day: %s',
	(phone) => {
		expect(cleanContact({ phone, country: 'DE' }, { hash: 'none' })).toHaveProperty('user');
	},
);
