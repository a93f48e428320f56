import { fieldsOf } from './fieldsOf';
import { findContact } from '../../nodes/AlibabaCloudChatApp/contacts/findContacts';

const EMAIL = 'mary@example.com';
const OTHER = 'a@example.com';
type Json = Record<string, unknown>;
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
])('finds an email %s, and returns its path', (_, json, path) => {
	const found = findContact(json);
	expect(JSON.stringify(found.email)).toContain(EMAIL);
	expect(found.paths).toEqual({ email: path });
});

it.each(['default', 'primary', 'is_default', 'is_primary', 'isDefault', 'isPrimary'])(
	'uses the entry of a list that is marked by %s',
	(mark) => {
		const contacts = [
			{ email: OTHER },
			{ email: 'b@example.com', [mark]: 'no' },
			{ email: EMAIL, [mark]: true },
		];
		expect(findContact({ contacts }).paths).toEqual({ email: 'contacts[2].email' });
		const far = [...Array(20).fill({ email: OTHER }), { email: EMAIL, [mark]: true }];
		expect(findContact({ contacts: far }).paths).toEqual({ email: 'contacts[0].email' });
	},
);

it('prefers the email of a key that names a contact to one in a text or an object with an unknown name', () => {
	const json = {
		jupiter: { email: OTHER },
		raw: `{"email":"${OTHER}"}`,
		customer: { email: EMAIL },
	};
	expect(fieldsOf(json).email).toBe(OTHER);
	expect(fieldsOf({ email: EMAIL, address: { email: OTHER } })).toEqual({
		email: EMAIL,
		paths: { email: 'email' },
	});
});

it('sends nothing from an object with an unknown name, but reports it', () => {
	const json = { id: 1, title: 'x', stylo: { email: EMAIL } };
	expect(fieldsOf(json)).toEqual({});
	expect(findContact(json).unused).toEqual([{ path: 'stylo.email', kind: 'email' }]);
});

it("keeps one of several values that aren't valid", () => {
	expect(fieldsOf({ mobile: 'call me', phone: 'later' })).toEqual({
		email: undefined,
		phone: 'call me',
		country: undefined,
		paths: { phone: 'mobile' },
	});
});

it("names a phone in a postal address with another person's name, which isn't used", () => {
	const json = {
		first_name: 'Mary',
		last_name: 'Smith',
		email: 'mary@example.com',
		billing_address: { first_name: 'Bob', last_name: 'Jones', phone: '+16502530002' },
	};
	const contact = findContact(json);
	expect(contact).toMatchObject({ email: 'mary@example.com', phone: undefined });
	expect(contact.unused).toEqual([{ path: 'billing_address.phone', kind: 'phone' }]);
	const own = { ...json, billing_address: { ...json.billing_address, first_name: 'Mary' } };
	expect(findContact(own)).not.toHaveProperty('unused');
});

it.each([
	['zork.unsubscribed', { zork: { unsubscribed: true, profile: { email: 'mary@example.com' } } }],
	[
		'a.zork.opted_out',
		{ a: { zork: { opted_out: true, contact: { email: 'mary@example.com' } } } },
	],
])('reads an opt-out in an object that contains the contact: %s', (field, json) => {
	expect(findContact(json).email).toBe('mary@example.com');
	expect(findContact(json).optedOutBy).toBe(field);
});
