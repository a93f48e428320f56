import {
	cleanPhone,
	type PhoneContext,
} from '../../../nodes/AlibabaCloudChatApp/contacts/phone/clean';

type Row = [phone: string, context: PhoneContext, sent: string];

describe('an area code in its own field', () => {
	it.each<Row>([
		['981234567', { areaCode: '21', country: 'Brasil' }, '5521981234567'],
		['98123-4567', { areaCode: ' 021 ', defaultCountry: 'BR' }, '5521981234567'],
		['555-0100', { areaCode: '(212)', country: 'US' }, '12125550100'],
		['3920000', { areaCode: '0171', country: 'DE' }, '491713920000'],
		['1234567', { areaCode: '30', country: 'DE' }, '49301234567'],
		['1234567', { areaCode: '21', callingCode: '64', country: 'New Zealand' }, '64211234567'],
		['12345678', { areaCode: '151', callingCode: '49' }, '4915112345678'],
	])('belongs to %s: %p', (phone, context, value) => {
		expect(cleanPhone(phone, context)).toEqual({ value });
	});

	it.each<Row>([
		['21981234567', { areaCode: '21', country: 'BR' }, '5521981234567'],
		['(212) 555-0100', { areaCode: '212', country: 'US' }, '12125550100'],
		['030 1234567', { areaCode: '30', country: 'DE' }, '49301234567'],
		['+1 212 555 0100', { areaCode: '415', country: 'US' }, '12125550100'],
		['001 212 555 0100', { areaCode: '415', country: 'DE' }, '12125550100'],
		['(+1) 212 555 0100', { areaCode: '415', country: 'US' }, '12125550100'],
	])('is ignored if the number contains one: %s, %p', (phone, context, value) => {
		expect(cleanPhone(phone, context)).toEqual({ value });
	});

	it.each<Row>([
		['0171 3920000', { areaCode: '+49' }, '491713920000'],
		['171 3920000', { areaCode: '0049' }, '491713920000'],
		['0171 3920000', { areaCode: '+49', country: 'DE' }, '491713920000'],
		['7911123456', { areaCode: '44', country: 'US' }, '447911123456'],
		['987654321', { areaCode: '+51' }, '51987654321'],
	])('is a calling code if it is one: %s, %p', (phone, context, value) => {
		expect(cleanPhone(phone, context)).toEqual({ value });
	});

	it('is a calling code without any country, as a guess', () => {
		expect(cleanPhone('171 3920000', { areaCode: '49' })).toEqual({
			value: '491713920000',
			guessed: true,
		});
	});

	it.each<Row>([
		['0171 3920000', { areaCode: 'yes', country: 'DE' }, '491713920000'],
		['0171 3920000', { areaCode: '123456', country: 'DE' }, '491713920000'],
		['171 3920000', { areaCode: '999999', country: 'DE' }, '491713920000'],
		['2125550100', { areaCode: '99', country: 'US' }, '12125550100'],
	])("is ignored if it isn't one: %s, %p", (phone, context, value) => {
		expect(cleanPhone(phone, context)).toEqual({ value });
	});

	it.each<[string, PhoneContext, string]>([
		['5550100', { areaCode: '212' }, 'phone_no_country'],
		['987654321', { areaCode: '51' }, 'phone_no_country'],
		['555-0100', { areaCode: '', country: 'US' }, 'phone_no_area_code'],
		['981234567', { areaCode: '00', country: 'BR' }, 'phone_no_area_code'],
	])("doesn't help %s with %p", (phone, context, reason) => {
		expect(cleanPhone(phone, context)).toEqual({ reason });
	});
});

describe('a calling code in its own field', () => {
	it.each<Row>([
		['15112345678', { callingCode: '+49' }, '4915112345678'],
		['15112345678', { callingCode: '49', country: 'AT' }, '4915112345678'],
		['15112345678', { callingCode: '049' }, '4915112345678'],
		['2125550100', { callingCode: 'US', country: 'DE' }, '12125550100'],
		['2125550100', { callingCode: '+1', country: 'CA' }, '12125550100'],
		['4301234', { callingCode: '1', country: 'Barbados' }, '12464301234'],
		['11961234567', { callingCode: '55', country: 'BR' }, '5511961234567'],
	])('takes precedence over the country: %s, %p', (phone, context, value) => {
		expect(cleanPhone(phone, context)).toEqual({ value });
	});

	it.each<Row>([
		['2125550100', { callingCode: 'yes', country: 'US' }, '12125550100'],
		['2125550100', { callingCode: '999', country: 'US' }, '12125550100'],
		['2125550100', { callingCode: '', defaultCountry: 'US' }, '12125550100'],
	])("is ignored if it isn't one: %s, %p", (phone, context, value) => {
		expect(cleanPhone(phone, context)).toEqual({ value });
	});
});

describe('the country', () => {
	it.each<Row>([
		['0171 3920000', { country: 'DE', defaultCountry: 'US' }, '491713920000'],
		['0171 3920000', { country: '0049' }, '491713920000'],
		['0171 3920000', { country: '+ 49' }, '491713920000'],
		['0171 3920000', { country: '049' }, '491713920000'],
		['0171 3920000', { defaultCountry: 'Germany' }, '491713920000'],
		['0171 3920000', { ipCountry: 'DE' }, '491713920000'],
		['0171 3920000', { ipCountry: 'DE', defaultCountry: '' }, '491713920000'],
	])('of %s is %p', (phone, context, value) => {
		expect(cleanPhone(phone, context)).toEqual({ value });
	});

	it.each<[string, PhoneContext, string]>([
		['0171 3920000', { country: null, defaultCountry: 'DE' }, 'phone_country_unknown'],
		['0171 3920000', { country: 'Atlantis', defaultCountry: 'DE' }, 'phone_country_unknown'],
		['0171 3920000', { country: '999' }, 'phone_country_unknown'],
		['0171 3920000', { ipCountry: null }, 'phone_no_country'],
		['0171 3920000', {}, 'phone_no_country'],
	])('of %s is unknown with %p', (phone, context, reason) => {
		expect(cleanPhone(phone, context)).toEqual({ reason });
	});
});
