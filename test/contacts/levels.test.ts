import { fieldNamesOf, hasKnownField } from '../../nodes/AlibabaCloudChatApp/contacts/fieldNames';
import { findContact } from '../../nodes/AlibabaCloudChatApp/contacts/mapping';

const EMAIL = 'mary@example.com';
const OTHER = 'a@example.com';
const PHONE = '0171 3920000';
type Json = Record<string, unknown>;
const repeat = (count: number, value: unknown): Json =>
	Object.fromEntries(Array.from({ length: count }, (_, at) => [`jupiter${at}`, value]));
const within = (depth: number, key: string, value: Json): Json =>
	depth === 0 ? value : { [key]: within(depth - 1, key, value) };

it.each<[what: string, json: Json, path: string]>([
	['in an object around it', { data: { email: EMAIL } }, 'data.email'],
	['in two objects around it', { data: { contact: { email: EMAIL } } }, 'data.contact.email'],
	['in a list', { contacts: [{ email: EMAIL }] }, 'contacts[0].email'],
	[
		'in the default entry of a list',
		{ contacts: [{ email: OTHER }, { email: EMAIL, is_default: true }] },
		'contacts[1].email',
	],
	['in a list of names', { fields: [{ name: 'email', value: EMAIL }] }, 'fields[0]'],
	[
		'in a list of names with others',
		{ fields: [null, 'a', [1], { name: 'x', value: 1 }, { name: 'email', value: EMAIL }] },
		'fields[4]',
	],
	['under the ID of its question', { a1: { label: 'Email', value: EMAIL } }, 'a1'],
	[
		'under the ID of a question in an object',
		{ answers: { a1: { label: 'Email', value: EMAIL }, a2: null, a3: 'x', a4: [1] } },
		'answers.a1',
	],
	[
		'in a field that is a name and a value',
		{ propertyName: 'email', propertyValue: EMAIL },
		'propertyValue',
	],
	['in an object that says nothing', { jupiter: { email: EMAIL } }, 'jupiter.email'],
	['in a list that says nothing', { jupiter: [{ email: EMAIL }] }, 'jupiter[0].email'],
	[
		'in an object in one that says nothing',
		{ jupiter: { saturn: { email: EMAIL } } },
		'jupiter.saturn.email',
	],
	['in a text of JSON', { raw: ` {"email":"${EMAIL}"}` }, 'raw.email'],
	[
		'in a text of JSON in an object',
		{ data: { jupiter: `{"email":"${EMAIL}"}` } },
		'data.jupiter.email',
	],
	['in who an event is about', { event: 'x', user: { email: EMAIL } }, 'user.email'],
	[
		'in who an event is about, in an object',
		{ data: { user: { email: EMAIL } } },
		'data.user.email',
	],
	['in an address', { address: { email: EMAIL } }, 'address.email'],
	['in an address by its kind', { address: { home: { email: EMAIL } } }, 'address.home.email'],
	[
		'in a list of addresses by their kind',
		{ address: { jupiter: 1, home: [{ email: EMAIL }] } },
		'address.home[0].email',
	],
	[
		'in the default address',
		{ addresses: [{ email: OTHER }, 1, { email: EMAIL, isPrimary: true }] },
		'addresses[2].email',
	],
	[
		'in the first address',
		{ addresses: [{ email: EMAIL }, { email: OTHER }] },
		'addresses[0].email',
	],
	['in a delivery’s address', { shipping_address: { email: EMAIL } }, 'shipping_address.email'],
	['seven objects down', within(7, 'data', { email: EMAIL }), `${'data.'.repeat(7)}email`],
	[
		'in the twentieth object that says nothing',
		{ ...repeat(19, {}), last: { email: EMAIL } },
		'last.email',
	],
])('finds an email %s, and says where', (_, json, path) => {
	const found = findContact(json);
	expect(JSON.stringify(found.email)).toContain(EMAIL);
	expect(found.at).toEqual({ email: path });
});

it.each<[what: string, json: Json]>([
	['nine objects down', within(8, 'data', { email: EMAIL })],
	['in the twenty-first object that says nothing', { ...repeat(20, {}), last: { email: EMAIL } }],
	['in a list of values', { data: [EMAIL] }],
	['in the second entry of a list', { contacts: [{ name: 'a' }, { email: EMAIL }] }],
	[
		'in a list of more than a hundred names',
		{ fields: [...Array(100).fill(1), { name: 'email', value: EMAIL }] },
	],
	['in a text that is no JSON', { raw: EMAIL }],
	['in a text of JSON that is a list', { raw: `[{"email":"${EMAIL}"}]` }],
	['in a text of JSON behind another', { raw: `x{"email":"${EMAIL}"}` }],
	['in the user of a record', { ...repeat(6, 1), user: { email: EMAIL } }],
	['in the user of a record that refers to others', { dealId: 1, user: { email: EMAIL } }],
	['in the user of a record with references', { deal_ids: [1], user: { email: EMAIL } }],
	[
		'by a type alone that is another party’s name',
		{ fields: [{ name: 'Manager', type: 'email', value: EMAIL }] },
	],
	['in a name and a value of something else', { name: 'jupiter', value: EMAIL }],
])('finds no email %s', (_, json) => expect(findContact(json)).toEqual({}));

it.each(['default', 'primary', 'is_default', 'is_primary', 'isDefault', 'isPrimary'])(
	'takes the entry of a list that is marked by %s',
	(mark) => {
		const contacts = [
			{ email: OTHER },
			{ email: 'b@example.com', [mark]: 'no' },
			{ email: EMAIL, [mark]: true },
		];
		expect(findContact({ contacts }).at).toEqual({ email: 'contacts[2].email' });
		const far = [...Array(20).fill({ email: OTHER }), { email: EMAIL, [mark]: true }];
		expect(findContact({ contacts: far }).at).toEqual({ email: 'contacts[0].email' });
	},
);

it('looks into sixty objects, and no more', () => {
	const of = (keys: string[], value: unknown) =>
		Object.fromEntries(keys.map((key) => [key, value]));
	const keys = 'data body contact customer person lead record'.split(' ');
	// The item, seven objects with seven each, and the one that is searched last are 58.
	const item = { ...of(keys, of(keys, {})), batch: { email: EMAIL } };
	expect(findContact(item).email).toBe(EMAIL);
	expect(findContact({ ...item, item: { a: 1 } }).email).toBe(EMAIL);
	expect(findContact({ ...item, item: {}, result: {} }).email).toBe(EMAIL);
	expect(findContact({ ...item, item: {}, result: {}, content: {} }).email).toBeUndefined();
});

describe('a delivery', () => {
	const order = (recipient: Json, buyer: Json) => ({
		...buyer,
		shipping_address: { ...recipient, phone: PHONE, country: 'DE' },
	});
	it.each<[Json, Json]>([
		[{}, { name: 'Mary Smith' }],
		[{ name: 'Mary Smith' }, { name: 'mary SMITH' }],
		[{ first_name: 'Mary', last_name: 'Smith' }, { customer: { full_name: 'Mary Smith' } }],
		[{ givenName: 'Mary', surname: 'Smith' }, { billing_address: { name: 'Mary Smith' } }],
		[{ fname: 'Mary' }, { displayName: 'Mary' }],
		[{ lname: 'Smith', name: 'A' }, { family_name: 'Smith' }],
		[
			{ name: 'Mary', first_name: '' },
			{ name: 'Mary', last_name: '' },
		],
		[{ name: 'a'.repeat(201) }, {}],
		[{ name: 5 }, {}],
	])('to %j is the contact’s own where it is %j', (recipient, buyer) => {
		expect(findContact(order(recipient, buyer)).phone).toBe(PHONE);
	});

	it.each<[Json, Json]>([
		[{ name: 'Ann Lee' }, { name: 'Mary Smith' }],
		[{ name: 'Ann Lee' }, {}],
		[{ name: 'Ann Lee' }, { billing_address: null, customer: { name: 'Mary' } }],
		[
			{ first_name: 'Mary', last_name: 'Lee' },
			{ first_name: 'Mary', last_name: 'Smith' },
		],
		[{ first_name: 'Mary' }, { first_name: 'Mary', last_name: 'Smith' }],
		[{ last_name: 'Smith' }, { first_name: 'Mary', last_name: 'Smith' }],
		[{ name: 'a'.repeat(200) }, {}],
	])('to %j is a gift where the contact is %j', (recipient, buyer) => {
		expect(findContact(order(recipient, buyer)).phone).toBeUndefined();
	});
});

describe('the names of an item’s fields', () => {
	it('are those that hold a value, the item’s own first', () => {
		const json = { data: { b: 1, c: false }, a: 'x', d: null, e: undefined, f: [1], 'g h': '' };
		expect(fieldNamesOf(json)).toEqual(['a', 'g h', 'data.b', 'data.c']);
	});

	it('are never what could be somebody’s data, or too long to be a name', () => {
		const names = {
			'mary@example.com': 1,
			12345: 1,
			1234: 1,
			['a'.repeat(60)]: 1,
			['b'.repeat(61)]: 1,
		};
		expect(fieldNamesOf(names)).toEqual(['1234', 'a'.repeat(60)]);
		expect(fieldNamesOf({ data: { ['a'.repeat(55)]: 1, ['b'.repeat(56)]: 1 } })).toEqual([
			`data.${'a'.repeat(55)}`,
		]);
	});

	it('are fifteen at most', () => {
		expect(fieldNamesOf(repeat(15, 1))).toHaveLength(15);
		expect(fieldNamesOf({ ...repeat(16, 1), data: { a: 1 } })).toHaveLength(15);
	});

	it.each<[boolean, Json]>([
		[true, { Email: '' }],
		[true, { a: 1, data: { mobile: null } }],
		[false, { a: 1, country: 'DE', owner_email: EMAIL }],
	])('say that there is one for an email or a phone: %p of %j', (known, json) => {
		expect(hasKnownField(json)).toBe(known);
	});
});
