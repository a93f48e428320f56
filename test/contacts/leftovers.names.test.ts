import { pathWithoutNames } from '../../nodes/AlibabaCloudChatApp/contacts/keyName';
import { fieldNamesOf, hasKnownField } from '../../nodes/AlibabaCloudChatApp/contacts/leftovers';

type Json = Record<string, unknown>;
const repeat = (count: number, value: unknown): Json =>
	Object.fromEntries(Array.from({ length: count }, (_, at) => [`jupiter${at}`, value]));

describe('the names of an item’s fields', () => {
	it('are those with a value, the item’s own first', () => {
		const json = { data: { b: 1, c: false }, a: 'x', d: null, e: undefined, f: [1], 'g h': '' };
		expect(fieldNamesOf(json)).toEqual(['a', 'g h', 'data.b', 'data.c']);
	});

	it('never contain what could be someone’s data, or is too long to be a name', () => {
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

	it('are never the names of people', () => {
		const people = ['Mary Smith', 'Maria de la Cruz', 'Anna-Lena von Berg', 'John O’Neil'];
		const json = Object.fromEntries([...people, 'Guest Phone'].map((name) => [name, { Score: 1 }]));
		expect(fieldNamesOf({ 'Mary Smith': 1, Score: 1, ...json })).not.toContain('Mary Smith');
		expect(people.map((name) => pathWithoutNames(`${name}[0].email`))).toEqual(
			people.map(() => '[hidden].email'),
		);
		expect(pathWithoutNames('Guest Phone.value')).toBe('Guest Phone.value');
	});

	it('are at most fifteen', () => {
		expect(fieldNamesOf(repeat(15, 1))).toHaveLength(15);
		expect(fieldNamesOf({ ...repeat(16, 1), data: { a: 1 } })).toHaveLength(15);
	});

	it.each<[boolean, Json]>([
		[true, { Email: '' }],
		[true, { a: 1, data: { mobile: null } }],
		[false, { a: 1, country: 'DE', owner_email: 'mary@example.com' }],
	])('show whether there is one for an email or a phone: %p in %j', (known, json) => {
		expect(hasKnownField(json)).toBe(known);
	});
});
