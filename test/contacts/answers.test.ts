import { fieldsInAnswers } from '../../nodes/AlibabaCloudChatApp/contacts/answers';

const EMAIL = 'mary@example.com';
type Entry = Record<string, unknown>;

const labelsOf = (...entries: unknown[]) => {
	const fields = fieldsInAnswers(entries.map((entry, place) => [`[${place}]`, entry]));
	return fields && Object.keys(fields.json);
};
const keys = (count: number) =>
	Object.fromEntries(Array.from({ length: count }, (_, at) => ['k'.repeat(at + 1), at]));

it.each<[string, Entry]>([
	['Email', { name: 'Email', value: EMAIL }],
	['Email', { field_code: 'Email', values: [EMAIL] }],
	['Email', { Label: 'Email', type: 'text', Answer: EMAIL }],
	['Work phone', { question: 'Work phone', response: '1' }],
	['Country', { title: 'Country', value: 'DE' }],
	['dial code', { title: 'dial code', value: '+49' }],
	['email', { name: 'jupiter', type: 'email', value: EMAIL }],
	['EMAIL', { type: 'INPUT_EMAIL', value: EMAIL }],
	['email', { type: 'control_email', value: EMAIL }],
	['email', { type: 'email', email: EMAIL }],
	['email', { type: 'email', id: EMAIL }],
	['email', { fieldType: 'email', text: EMAIL }],
	['email', { source: 'email', address: EMAIL }],
	['phone', { type: 'phone', handle: '+16505551212' }],
	['email', { type: 'email', id: `${'a'.repeat(87)}@example.com` }],
	['Email', { question: { title: 'Email' }, answer: EMAIL }],
	['Email', { question: { title: 5, text: 'Email' }, answer: EMAIL }],
	['Email', { field: { label: 'Email' }, value: EMAIL }],
	['email', { field: { title: { a: 'phone' }, ref: 'email' }, value: EMAIL }],
	['email', { field: { type: 'email', title: null }, value: EMAIL }],
	['email', { name: null, label: 7, type: 'email', value: EMAIL }],
	['email', { type: 'company', source: 'email', value: EMAIL }],
	[`email${' '.repeat(95)}`, { name: `email${' '.repeat(95)}`, value: EMAIL }],
])('is a field called %s: %j', (label, entry) => {
	expect(labelsOf(entry)).toEqual([label]);
});

it.each<[what: string, entry: unknown]>([
	['a text', EMAIL],
	['nothing', null],
	['a list', [{ name: 'email', value: EMAIL }]],
	['a field of something else', { name: 'jupiter', value: EMAIL }],
	['a label without a value', { question: 'Email', id: EMAIL }],
	['a label and a key that says nothing', { title: 'Email', jupiter: EMAIL }],
	['a type without a value', { type: 'email', jupiter: EMAIL }],
	['a type beside words', { type: 'email', id: `Mary ${EMAIL}` }],
	['a type before words', { type: 'email', id: `${EMAIL} (Mary)` }],
	['a type and a text that is too long', { type: 'email', id: `${'a'.repeat(88)}@example.com` }],
	['another party’s', { question: 'Manager', type: 'email', value: EMAIL }],
	['the type of a calling code', { type: 'dial code', value: '+49' }],
	['a label that is too long for one', { name: `email${' '.repeat(96)}`, value: EMAIL }],
	['a label that is a list', { name: ['email'], value: EMAIL }],
	['a label behind 40 keys', { ...keys(40), name: 'email', value: EMAIL }],
	['a label whose name is too long', { [`name${'-'.repeat(37)}`]: 'email', value: EMAIL }],
])('is not a field: %s', (_, entry) => expect(labelsOf(entry)).toBeUndefined());

it('reads a label among 40 keys, and in a key of 40 characters', () => {
	expect(labelsOf({ ...keys(38), name: 'email', value: EMAIL })).toEqual(['email']);
	expect(labelsOf({ [`name${'-'.repeat(36)}`]: 'email', value: EMAIL })).toEqual(['email']);
});

it('keeps all values of a label, and the place of the first', () => {
	const first = { name: 'email', value: EMAIL };
	const second = { name: 'email', value: 'a@example.com' };
	const third = { type: 'email', id: 'b@example.com' };
	expect(
		fieldsInAnswers([
			['a', first],
			['b', second],
			['c', third],
		]),
	).toMatchObject({ json: { email: [first, second, 'b@example.com'] }, paths: { email: 'a' } });
});

it('reads a hundred entries, and no more', () => {
	const entry = { name: 'email', value: EMAIL };
	expect(labelsOf(...Array(99).fill(1), entry)).toEqual(['email']);
	expect(labelsOf(...Array(100).fill(1), entry)).toBeUndefined();
});
