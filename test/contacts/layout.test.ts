import { layoutOf } from '../../nodes/AlibabaCloudChatApp/contacts/layout';
import { findContact, searchContact } from '../../nodes/AlibabaCloudChatApp/contacts/mapping';

const objectOf = (keys: string[]) => Object.fromEntries(keys.map((key) => [key, 1]));

it('puts each key of an object where it belongs, and nothing else anywhere', () => {
	const nothing = { dial: [], addressCountry: [], placeCountry: [], address: [], shipping: [] };
	expect(layoutOf(objectOf(['id', 'user', 'fax', 'data', 'email', 'phone', 'country']))).toEqual({
		...nothing,
		keys: ['id', 'user', 'fax', 'data', 'email', 'phone', 'country'],
		isRow: true,
		around: ['data', 'id'],
		pathsByFilled: [],
		email: [{ key: 'email', rank: expect.any(Number) }],
		phone: [{ key: 'phone', rank: expect.any(Number) }],
		country: [{ key: 'country', rank: expect.any(Number) }],
		wrapper: [
			{ key: 'data', rank: expect.any(Number) },
			{ key: 'id', rank: expect.any(Number) },
		],
		place: [],
		perhaps: [{ key: 'user', rank: 0 }],
		rest: [],
	});
	expect(layoutOf({})).toEqual({
		...nothing,
		keys: [],
		isRow: false,
		around: [],
		pathsByFilled: [],
		email: [],
		phone: [],
		country: [],
		wrapper: [],
		place: [],
		perhaps: [],
		rest: [],
	});
});

it.each<[boolean, string[]]>([
	[true, ['email']],
	[true, ['phone']],
	[true, ['email', 'phone', 'country', 'name', 'fax']],
	[false, ['country']],
	[false, ['name']],
	[false, ['email', 'work email']],
	[false, ['phone', 'mobile']],
	[false, ['phone', 'country', 'country_code']],
	[false, ['phone', 'dial_code']],
	[false, ['phone', 'Billing Country']],
	[false, ['phone', 'ip_country']],
])('takes for a plain row: %p of %j', (isRow, keys) => {
	expect(layoutOf(objectOf(keys)).isRow).toBe(isRow);
});

describe('a plain row', () => {
	const EMPTY = [undefined, null, '', 'n/a'];
	const filled = { email: 'mary@example.com', phone: '+16505551212', country: 'DE' };

	it.each([
		[
			['email', 'phone', 'country'],
			['email', 'phone', 'country'],
		],
		[
			['email', 'phone'],
			['email', 'phone'],
		],
		[
			['phone', 'country'],
			['phone', 'country'],
		],
		[['email', 'country'], ['email']],
		[['phone'], ['phone']],
		[['email'], ['email']],
		[['country'], undefined],
		[[], undefined],
	])('with %j filled is read from %j, as the full search reads it', (keys, at) => {
		for (const empty of EMPTY) {
			const row = { email: empty, phone: empty, country: empty, id: 7 };
			for (const key of keys) Object.assign(row, { [key]: filled[key as keyof typeof filled] });
			const found = findContact(row);
			expect(found).toStrictEqual(searchContact(row));
			expect(found.at && Object.values(found.at)).toEqual(at);
		}
	});

	it('without a column for each is read as the full search reads it', () => {
		for (const key of ['email', 'phone'] as const) {
			const row = { [key]: filled[key], name: 'Mary' };
			expect(findContact(row)).toStrictEqual(searchContact(row));
			expect(findContact(row).at).toStrictEqual({ [key]: key });
		}
	});

	it('is none where another field holds an object', () => {
		const row = { phone: '0171 3920000', data: { country: 'DE' } };
		expect(findContact(row)).toMatchObject({ country: 'DE', at: { country: 'data.country' } });
		expect(findContact({ phone: '1', data: 'a' }).at).toEqual({ phone: 'phone' });
	});
});

describe('Twilio’s sender', () => {
	it('is the contact, with its country', () => {
		const json = { From: '+16505551212', FromCountry: 'US', To: '+16505551213', ToCountry: 'CA' };
		expect(findContact(json).at).toEqual({ phone: 'From', country: 'FromCountry' });
		expect(findContact({ ...json, phone: '+16505551214' }).at?.phone).toBe('phone');
		expect(findContact({ ...json, country: 'CA' }).at?.country).toBe('country');
	});

	it.each([
		{ From: '+16505551212' },
		{ FromCountry: 'US' },
		{ From: '+16505551212', fromCity: 'US' },
		{ From: '+16505551212', [`${'-'.repeat(90)}fromcountry`]: 'US' },
	])('is nobody where it is not all there: %j', (json) => {
		expect(findContact(json).at).toBeUndefined();
	});

	it('may have blanks in the name of its country', () => {
		const country = `${'-'.repeat(89)}FROM country`.slice(1);
		expect(findContact({ from: '+16505551212', [country]: 'US' }).at?.phone).toBe('from');
	});
});
