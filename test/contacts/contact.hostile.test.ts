import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { cleanContact } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import {
	findContact,
	findContacts,
	isContactPage,
} from '../../nodes/AlibabaCloudChatApp/contacts/findContacts';
import { endsInTime } from '../endsInTime';
import { runsOf } from '../faults/share';
import { readerAt } from './fieldsOf';

fc.configureGlobal({ seed: 20200606, numRuns: runsOf(1500) });

const OPTIONS = { hash: 'none', defaultCountry: 'DE' } as const;
const MEGABYTES = 10_000_000;
const read = readerAt({ email: 'email', phone: 'phone', country: 'country' });

const clean = (json: Record<string, unknown>) => [
	cleanContact(findContact(json), OPTIONS),
	cleanContact(read(json), OPTIONS),
];

beforeAll(() => {
	// Loads the libraries, which takes longer than any contact.
	clean({ email: 'stanisław@example.org', phone: '030 23125 123', country: 'Atlantis' });
});

const half = fc.constantFrom(
	'\ud83d',
	'\udc00',
	'mary\ud83d@example.com',
	'\udfff+49 151 12345678',
);
const text = fc.oneof(fc.string({ unit: 'binary' }), half, fc.string());
const name = fc.oneof(
	fc.constantFrom('email', 'Phone', 'country', 'data', 'fields', 'location', 'shipping_address'),
	fc.constantFrom('__proto__', 'constructor', 'toString', 'label', 'value', 'name', 'type', 'e164'),
	text,
);
const { json } = fc.letrec((tie) => ({
	json: fc.oneof(
		{ maxDepth: 6, withCrossShrink: true },
		fc.oneof(text, fc.double(), fc.boolean(), fc.constant(null), fc.constantFrom('+491512', 'DE')),
		fc.array(tie('json'), { maxLength: 5 }),
		fc.dictionary(name, tie('json'), { maxKeys: 5 }),
	),
}));

it('cleans any JSON without throwing', () => {
	fc.assert(
		fc.property(fc.dictionary(name, json, { maxKeys: 6 }), (item) => {
			clean(item as Record<string, unknown>);
		}),
	);
});

const nested = (depth: number, wrap: (inner: unknown) => unknown) => {
	let value: unknown = '+4915112345678';
	for (let level = 0; level < depth; level++) value = wrap(value);
	return value;
};
const wide = (depth: number): unknown =>
	depth === 0 ? 'x@y' : Array.from({ length: 40 }, () => wide(depth - 1));

const hostile: Array<[what: string, value: unknown]> = [
	['letters', 'a'.repeat(MEGABYTES)],
	['digits', '4'.repeat(MEGABYTES)],
	['blanks', ' '.repeat(MEGABYTES)],
	['blanks around a number', `+49${' '.repeat(MEGABYTES)}15112345678`],
	['marks that nobody sees', '\u200b'.repeat(MEGABYTES)],
	['at signs', '@'.repeat(MEGABYTES)],
	['addresses', 'mary@example.com, '.repeat(500_000)],
	['brackets', '('.repeat(MEGABYTES)],
	['pluses', '+4'.repeat(MEGABYTES / 2)],
	['flags', '🇩🇪'.repeat(1_000_000)],
	['halves of characters', '\ud83d'.repeat(MEGABYTES)],
	['a short text that a pattern could take long for', `${'1 '.repeat(99)}x`],
	['a name that a pattern could take long for', `${'a.'.repeat(499)}@`],
	['lists in lists', nested(10_000, (inner) => [inner])],
	['objects in objects', nested(10_000, (inner) => ({ value: inner }))],
	['fields in fields', nested(10_000, (inner) => ({ data: inner, fields: inner }))],
	['wide lists in wide lists', wide(4)],
	[
		'a list of names and values',
		Array.from({ length: 200_000 }, () => ({ name: 'email', value: 'a@b' })),
	],
	[
		'a long list of entries',
		Array.from({ length: 200_000 }, () => ({ label: 'fax', value: '+4930' })),
	],
];

/** Together, the work of each of these tests takes a tenth of a second. */
const MOST_MS = 10_000;

it.each(hostile)(
	'soon ends for a contact that contains %s',
	endsInTime((_, value) => {
		for (const key of ['email', 'phone', 'country', 'data', 'custom_fields', 'billing_address']) {
			clean({ email: 'mary@example.com', phone: '0171 3920000', [key]: value });
		}
	}),
	MOST_MS,
);

it(
	'soon ends for lists of 2.5 million entries',
	endsInTime(() => {
		const list = new Array<string>(2_500_000).fill('');
		clean({ email: list, phone: list, country: list, data: list, addresses: list });
	}),
	MOST_MS,
);

it(
	'soon ends for a JSON text, however deep or long',
	endsInTime(() => {
		const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
		const texts = [deep(16_000), deep(1_000_000), '{"a":'.repeat(19_000), '{'.repeat(MEGABYTES)];
		const many = Object.fromEntries(
			Array.from({ length: 300 }, (_, at) => [`a${at}`, deep(16_000)]),
		);
		for (const item of [...texts.map((rawRequest) => ({ rawRequest })), many]) clean(item);
	}),
	MOST_MS,
);

function memory(): number {
	setFlagsFromString('--expose-gc');
	const collectGarbage = runInNewContext('gc') as () => void;
	collectGarbage();
	return process.memoryUsage().heapUsed + process.memoryUsage().external;
}

it('keeps nothing that it has read in memory', () => {
	const long = (index: number) => `${index}`.padEnd(500_000, 'x');
	for (let index = 0; index < 20; index++) clean({ country: long(index), phone: '030 23125123' });
	const before = memory();
	for (let index = 0; index < 300; index++) {
		clean({ country: long(index), phone: '030 23125123', email: long(index) });
	}
	expect(memory() - before).toBeLessThan(60_000_000);
});

it("keeps a country's name in memory, not the part of a file that it was cut from", () => {
	const before = memory();
	for (let index = 0; index < 300; index++) {
		const name = `United Kingdom of ${100 + index}`;
		const part = Buffer.from(name.padEnd(500_000, 'x')).toString();
		clean({ country: part.slice(0, name.length), phone: '030 23125123' });
	}
	expect(memory() - before).toBeLessThan(60_000_000);
});

const deepFields = (depth: number): unknown =>
	depth === 0 ? { email: 'mary@example.com' } : { data: deepFields(depth - 1), contacts: [] };

it.each<[what: string, json: Record<string, unknown>]>([
	[
		'100,000 keys',
		Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`key_${at}`, '1'])),
	],
	[
		'100,000 paths',
		Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`a[${at}][b]`, 'x@y.zz'])),
	],
	['60 levels', deepFields(60) as Record<string, unknown>],
	[
		'keys that are numbers',
		Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [at, '+4915112345678'])),
	],
	[
		'an empty key and __proto__',
		JSON.parse('{"": {"email": "x"}, "__proto__": {"email": "x"}}') as Record<string, unknown>,
	],
	[
		'paths into __proto__',
		{ '__proto__[0][email]': 'x', 'constructor[0][prototype][email]': 'x', 'a[0][__proto__]': 1 },
	],
	['paths into each other', { 'a[0]': 'x', 'a[0][b]': 'y', 'a[0][b][c]': { email: 'z' }, a: [] }],
	[
		'long texts under every key',
		Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`t${at}`, '{'.repeat(500_000)])),
	],
	[
		'a long page',
		{ results: Array.from({ length: 200_000 }, (_, at) => ({ id: at, email: 'a@example.com' })) },
	],
	[
		'lists of people in lists',
		{ people: Array.from({ length: 300 }, () => ({ contacts: Array(300).fill({ email: 'x' }) })) },
	],
	[
		'a list with holes',
		{ contacts: Object.assign(new Array(3), { 2: { email: 'x' } }) as unknown[] },
	],
])(
	'soon ends for an item with %s',
	endsInTime((_, json) => {
		const found = findContacts(json);
		cleanContact(isContactPage(found) ? found.readEntry(found.entries[0]) : found, OPTIONS);
		expect(({} as { email?: unknown }).email).toBeUndefined();
	}),
	MOST_MS,
);
