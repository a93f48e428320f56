import { findContact } from '../../nodes/AlibabaCloudChatApp/contacts/mapping';

const EMAIL = 'mary@example.com';
type Json = Record<string, unknown>;
const repeat = (count: number, value: unknown): Json =>
	Object.fromEntries(Array.from({ length: count }, (_, at) => [`jupiter${at}`, value]));
const within = (depth: number, key: string, value: Json): Json =>
	depth === 0 ? value : { [key]: within(depth - 1, key, value) };

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
	[
		'nine lists down',
		{
			data: [
				{
					data: [
						{
							data: [{ data: [{ data: [{ data: [{ data: [{ data: [{ email: EMAIL }] }] }] }] }] }],
						},
					],
				},
			],
		},
	],
	[
		'under the kind of what is an address itself',
		{ address: { country: 'DE', home: { email: EMAIL } } },
	],
	[
		'under the twenty-first kind of address',
		{ address: { ...repeat(20, 1), home: { email: EMAIL } } },
	],
])('finds no email %s', (_, json) => expect(findContact(json).email).toBeUndefined());

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
