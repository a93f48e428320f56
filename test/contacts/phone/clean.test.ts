import { cleanContact } from '../../../nodes/AlibabaCloudChatApp/contacts/contact';
import type { ReasonCode } from '../../../nodes/AlibabaCloudChatApp/contacts/reasons';

type Row = [phone: unknown, country: string, sent: string];
type Invalid = [phone: unknown, country: string, reason: ReasonCode];

const clean = (phone: unknown, country = '') => {
	const cleaned = cleanContact({ phone, country }, { hash: 'none' });
	return 'user' in cleaned ? { user: cleaned.user } : cleaned;
};

describe('bare digits', () => {
	it.each<Row>([
		['491512345678', 'DE', '491512345678'],
		['919876543210', 'IN', '919876543210'],
		['16505551212', 'DE', '4916505551212'],
		['4915123456789', 'US', '4915123456789'],
		['6512345678', 'SG', '6512345678'],
		['13800138000', 'CN', '8613800138000'],
		['8613800138000', 'CN', '8613800138000'],
		['4301234', 'BB', '12464301234'],
		['84 091-2345678', '', '84912345678'],
	])('%s of a contact in %s is sent as %s', (phone, country, sent) => {
		expect(clean(phone, country)).toEqual({ user: { Phone: sent } });
	});

	it('are national if they begin with their own country code by chance', () => {
		expect(clean('9198765432', 'IN')).toEqual({ user: { Phone: '919198765432' } });
	});

	it.each<Row>([
		['6598765432', '+91', '916598765432'],
		['916598765432', '+91', '916598765432'],
		['0171 3920000', '0049', '491713920000'],
		['514-555-0123', '+1', '15145550123'],
		['6598765432', 'Bharat', '916598765432'],
		['916598765432', '91', '916598765432'],
		['5145550123', '1', '15145550123'],
		['13812345678', '86', '8613812345678'],
		['13812345678', '中国', '8613812345678'],
	])('%s of a contact whose country is written %s is sent as %s', (phone, country, sent) => {
		expect(clean(phone, country)).toEqual({ user: { Phone: sent } });
	});

	it.each<Invalid>([
		['6598765432', 'Atlantis', 'phone_country_unknown'],
		['514-555-0123', 'Atlantis', 'phone_country_unknown'],
		['916598765432', 'Atlantis', 'phone_country_unknown'],
		['5145550123', '57', 'phone_country_unknown'],
		['13812345678', '49', 'phone_country_unknown'],
		['5145550123', '+999', 'phone_country_unknown'],
	])('%s of a contact whose country is written %s is invalid: %s', (phone, country, reason) => {
		expect(clean(phone, country)).toEqual({ reason });
	});

	it.each<Row>([
		['011442079460958', 'US', '442079460958'],
		['810497112842222', 'RU', '497112842222'],
		['990123456', 'FI', '358990123456'],
	])(
		"%s in %s is dialed abroad only if it isn't a number of the country",
		(phone, country, sent) => {
			expect(clean(phone, country)).toEqual({ user: { Phone: sent } });
		},
	);

	it.each([['6505551212'], ['3105551212']])(
		'%s is invalid, not a number abroad with a stray zero',
		(phone) => expect(clean(phone)).toEqual({ reason: 'phone_no_country' }),
	);

	it.each([
		['1678505', 'CA'],
		['4785192', 'CA'],
	])('%s of %s has no area code, and is never a number abroad', (phone, country) =>
		expect(clean(phone, country)).toEqual({ reason: 'phone_no_area_code' }),
	);
});

describe("a country's own prefix for dialing abroad that begins with 00", () => {
	it.each<Row>([
		['0011 65 9123 4567', 'AU', '6591234567'],
		['0011 44 20 7946 0958', 'AU', '442079460958'],
		['0011 49 (0)711 2842222', 'AU', '497112842222'],
		['0041 351 912 345 678', 'BR', '351912345678'],
		['0031 1 650 555 1212', 'BR', '16505551212'],
		['0015 44 20 7946 0958', 'BR', '442079460958'],
		['000 44 20 7946 0958', 'KE', '442079460958'],
	])('is read before 00: %s of %s is sent as %s', (phone, country, sent) => {
		expect(clean(phone, country)).toEqual({ user: { Phone: sent } });
	});

	it.each<Row>([
		['00 65 9123 4567', 'AU', '6591234567'],
		['00 1 650 555 1212', 'AU', '16505551212'],
		['0041 44 668 18 00', 'BR', '41446681800'],
		['0055 11 91234 5678', 'BR', '5511912345678'],
		['0049 0711 2842222', 'SG', '497112842222'],
		['0049 (0)711 2842222', 'SG', '497112842222'],
		['0057 300 123 4567', 'CO', '573001234567'],
		['0044 20 7946 0958', 'DE', '442079460958'],
		['0041 44 668 18 00', '', '41446681800'],
		['0091 30659 01522', 'CO', '913065901522'],
		['0091 98765 43210', 'SG', '919876543210'],
	])('is ignored if 00 is as likely: %s of %s is %s', (phone, country, sent) => {
		expect(clean(phone, country)).toEqual({ user: { Phone: sent } });
	});
});

describe('a number written twice', () => {
	it.each<Row>([
		['+16505551212, 16505551212', '', '16505551212'],
		['+1 650 555 1212 / (650) 555-1212', 'US', '16505551212'],
		['+1 650 555 1212 +1 650 555 1212', '', '16505551212'],
		['tel: 0711/2842222; +49 711 2842222', 'DE', '497112842222'],
		['650-555-1212 or 650-555-1212', 'US', '16505551212'],
	])('is one: %s', (phone, country, sent) => {
		expect(clean(phone, country)).toEqual({ user: { Phone: sent } });
	});

	it("isn't one if only one of the two can be read", () => {
		expect(clean('+16505551212, 6505551212')).toEqual({ reason: 'phone_ambiguous' });
	});
});

describe('the trunk zero', () => {
	it.each<Row>([
		['+49 (0)711 2842222', '', '497112842222'],
		['+34 (0)914 454 454', '', '34914454454'],
		['+1 (0)650 555 1212', '', '16505551212'],
		['+39 (0)6 6982', '', '39066982'],
		['+39 (0)347 1234567', '', '393471234567'],
		['(0)347 1234567', 'IT', '393471234567'],
		['+39 (0)331 1234567', '', '3903311234567'],
		['8 (912) 345-67-89', 'RU', '79123456789'],
		['+36 06 1 234 5678', '', '3612345678'],
		['+54 (0)11 4311 4333', '', '541143114333'],
		['00 49 711 2842222', '', '497112842222'],
	])('of %s is removed, unless it belongs to the number', (phone, country, sent) => {
		expect(clean(phone, country)).toEqual({ user: { Phone: sent } });
	});

	it('is never sent if no number of the country begins with it', () => {
		expect(clean('+56 (0)2 635 4444')).toEqual({ reason: 'phone_not_possible' });
		expect(clean('+56 026354444')).toEqual({ reason: 'phone_not_possible' });
	});
});

describe('text around a number', () => {
	it.each<Row>([
		["'+16505551212", '', '16505551212'],
		['Mobile: +44 7911 123456', '', '447911123456'],
		['tel:+16505551212;ext=5', '', '16505551212'],
		['+1 650 555 1212 #12', '', '16505551212'],
		['+1 650 555 1212,,12', '', '16505551212'],
		['+1 (650) 555-1212 x 12', '', '16505551212'],
		['0711/2842222', 'DE', '497112842222'],
		['+49 36842/123456', '', '4936842123456'],
		['16505551212,0', '', '16505551212'],
		['+1.650.555.1212', '', '16505551212'],
		['(650) 555\u20131212', 'US', '16505551212'],
		['+1 650 555 1212\n', '', '16505551212'],
		['\uff0b１６５０５５５１２１２', '', '16505551212'],
		['+९१ ९८७६५ ४३२१०', '', '919876543210'],
		[
			'\u{1d7cf}\u{1d7d4}\u{1d7d3}\u{1d7ce}\u{1d7d3}\u{1d7d3}\u{1d7d3}\u{1d7cf}\u{1d7d0}\u{1d7cf}\u{1d7d0}',
			'',
			'16505551212',
		],
		[['+16505551212'], '', '16505551212'],
	])('is dropped: %s', (phone, country, sent) => {
		expect(clean(phone, country)).toEqual({ user: { Phone: sent } });
	});

	it("doesn't change what is sent for a number with a plus and another country", () => {
		expect(clean('+33612345678', 'US')).toEqual({ user: { Phone: '33612345678' } });
	});
});

describe('invalid', () => {
	it.each<Invalid>([
		['+1 650 555 1212; +1 650 555 1213', '', 'phone_ambiguous'],
		['+16505551212,+16505551213', '', 'phone_ambiguous'],
		['+1 650 555 1212 +1 650 555 1213', '', 'phone_ambiguous'],
		['+1 650 555 1212\n+1 650 555 1213', '', 'phone_ambiguous'],
		['650-555-1212 or 650-555-1213', 'US', 'phone_ambiguous'],
		['6505551212;6505551213', 'US', 'phone_ambiguous'],
		['0711 2842222/23', 'DE', 'phone_ambiguous'],
		['+49 711 2842222/23', '', 'phone_ambiguous'],
		['1 650 555 1212 1 650 555 1213', 'US', 'phone_not_possible'],
		['1.65E10', '', 'phone_spreadsheet'],
		[1e21, 'US', 'phone_spreadsheet'],
		[16505551212.5, 'US', 'phone_spreadsheet'],
		['16505551212.5', 'US', 'phone_spreadsheet'],
		[12345678901234567890n, 'US', 'phone_not_possible'],
		[Number.MAX_SAFE_INTEGER + 2, 'US', 'phone_not_possible'],
		[-16505551212, '', 'phone_not_possible'],
		['1-800-FLOWERS', 'US', 'phone_not_possible'],
		['0711-CALLNOW', 'DE', 'phone_not_possible'],
		['07911 123456 Mum', 'GB', 'phone_not_possible'],
		['+7 8 912 345-67-89', '', 'phone_not_possible'],
		['+', '', 'phone_not_possible'],
		['0', '', 'phone_not_possible'],
		['555-1212', 'US', 'phone_no_area_code'],
		['+491234', '', 'phone_not_possible'],
		['+999123456789', '', 'phone_not_possible'],
		['0612345678', '', 'phone_no_country'],
		['0612345678', 'Atlantis', 'phone_country_unknown'],
		['0612345678', 'Antarctica', 'phone_country_unknown'],
		['612345678', 'Atlantis', 'phone_country_unknown'],
		['612345678', 'Antarctica', 'phone_country_unknown'],
		['1EF970831D7963307784FA8688E8FCE1', '', 'hash_md5'],
		[true, 'US', 'phone_not_possible'],
		[{ a: 1 }, 'US', 'phone_not_possible'],
	])('%s (%s) returns %s', (phone, country, reason) => {
		expect(clean(phone, country)).toEqual({ reason });
	});

	it('returns quickly for texts that are far too long to be a number', () => {
		expect(clean(`+1${' '.repeat(200_000)}6505551212`)).toEqual({ reason: 'phone_not_possible' });
	});
});

it.each<Invalid>([
	['0171/3920000/1', 'DE', 'phone_ambiguous'],
	['0171 3920000 (2)', 'DE', 'phone_ambiguous'],
])(
	'%s in %s is invalid, since its last digits belong to something else',
	(phone, country, reason) => {
		expect(clean(phone, country)).toEqual({ reason });
	},
);

it.each<Row>([
	['0475/12/34/56', 'BE', '32475123456'],
	['030/1234567', 'DE', '49301234567'],
])('%s in %s is one number', (phone, country, sent) => {
	expect(clean(phone, country)).toEqual({ user: { Phone: sent } });
});
