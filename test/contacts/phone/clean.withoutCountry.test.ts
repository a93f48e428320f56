import { cleanContact } from '../../../nodes/AlibabaCloudChatApp/contacts/contact';
import type { ReasonCode } from '../../../nodes/AlibabaCloudChatApp/contacts/reasons';

const PLAIN = { hash: 'none' } as const;

it.each([
	['4915112345678', '4915112345678', '49'],
	['16505551212', '16505551212', '1'],
	['(16505551212)', '16505551212', '1'],
	['16505551212 -', '16505551212', '1'],
	['1 823 845 6769', '18238456769', '1'],
	['4534412090', '4534412090', '45'],
	['45 34 41 20 90', '4534412090', '45'],
	['6591234567', '6591234567', '65'],
	['15559876543', '15559876543', '1'],
	['13055551234', '13055551234', '1'],
	['14155239999', '14155239999', '1'],
	['51 987 654 321', '51987654321', '51'],
	['84 912 345 678', '84912345678', '84'],
	['212 612 345678', '212612345678', '212'],
	['430664123456', '43664123456', '43'],
	['5219012334688', '529012334688', '52'],
])('%s is read by its digits alone, and reported as guessed', (phone, Phone, guessed) => {
	expect(cleanContact({ phone }, PLAIN)).toStrictEqual({ user: { Phone }, guessed });
});

it.each([
	['+4915112345678', '', '4915112345678'],
	['004915112345678', '', '4915112345678'],
	['4915112345678', 'DE', '4915112345678'],
	['17924124453', '0044', '17924124453'],
])('%s (%s) is not guessed', (phone, country, Phone) => {
	expect(cleanContact({ phone, country }, PLAIN)).toStrictEqual({ user: { Phone } });
});

it.each<[what: string, phone: string, reason: ReasonCode]>([
	['is a number of North America without its code as well', '2015550123', 'phone_no_country'],
	['is a number of North America or of Singapore', '6582345678', 'phone_no_country'],
	['is a number of Grenada or of Norway', '4732345678', 'phone_no_country'],
	[
		'is a number of the Northern Mariana Islands or of Timor-Leste',
		'6702345678',
		'phone_no_country',
	],
	['is a mobile number of India or one of the Maldives', '9607712345', 'phone_no_country'],
	['is a mobile number of China', '17400123456', 'phone_no_country'],
	['is a number of North America or a mobile of China', '13052345678', 'phone_no_country'],
	['is a mobile number of Peru or of Brazil', '51987654321', 'phone_no_country'],
	['is a mobile number of Vietnam or of Brazil', '84912345678', 'phone_no_country'],
	['is a landline of Norway or of Brazil, in groups', '47 3221 4321', 'phone_no_country'],
	['is a number of the Maldives or of Russia, in groups', '960 712 34 56', 'phone_no_country'],
	['is a number of Nigeria or of North America, in groups', '234 567-8901', 'phone_no_country'],
	['is a whole number of North America and more', '(212) 555-1212 12', 'phone_no_country'],
	['is a whole number of Brazil and more', '(55) 96123-4567 89', 'phone_no_country'],
	['is too short to be whole', '688901235', 'phone_no_country'],
	['is as long as a whole number, and none of its plan', '521770123456', 'phone_no_country'],
	['could be a part of a number', '55512345651', 'phone_no_country'],
	['begins with no calling code', '891123456789576', 'phone_no_country'],
	['ends its code within a group', '165 0555 1212', 'phone_no_country'],
	['ends its code within a group of a dash', '165–0555–1212', 'phone_no_country'],
	['has more digits than any number', '0113123456789522', 'phone_not_possible'],
	['has more digits than any number after 00', '00 49 15123456789405', 'phone_not_possible'],
	['is one digit repeated', '1111111111', 'phone_not_possible'],
	['is one digit repeated after its code', '+49 111 11111111', 'phone_not_possible'],
	['counts from one', '1234567890', 'phone_not_possible'],
])('a number that %s is invalid: %s', (_, phone, reason) => {
	expect(cleanContact({ phone }, PLAIN)).toEqual({ reason });
});

describe('the location of an IP address', () => {
	it.each([
		['0171 3920000', 'DE', '491713920000'],
		['081 234 5678', 'NA', '264812345678'],
		[['0171 3920000'], { country_code: 'DE' }, '491713920000'],
	])('confirms a number that is written as it is there: %p, %p', (phone, ipCountry, sent) => {
		expect(cleanContact({ phone, ipCountry }, PLAIN)).toEqual({ user: { Phone: sent } });
	});

	it.each([
		['is written without a zero', '40670745', 'NO'],
		["isn't assigned there", '0163012345', 'SG'],
		['is next to an unknown country of an IP address', '0171 3920000', 'Atlantis'],
		['is next to something other than a country', '0171 3920000', true],
	])('is ignored if a number %s', (_, phone, ipCountry) => {
		expect(cleanContact({ phone, ipCountry }, PLAIN)).toEqual({ reason: 'phone_no_country' });
	});

	it('never replaces a country, not even the default one', () => {
		const contact = { phone: '0171 3920000', ipCountry: 'DE' };
		const invalid = { reason: 'phone_not_possible' };
		expect(cleanContact(contact, { ...PLAIN, defaultCountry: 'US' })).toEqual(invalid);
		expect(cleanContact({ ...contact, country: 'US' }, PLAIN)).toEqual(invalid);
	});
});
