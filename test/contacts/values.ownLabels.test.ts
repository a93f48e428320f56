import { readValue } from '../../nodes/AlibabaCloudChatApp/contacts/values';

const EMAIL = 'mary@example.com';
const PHONE = '+16505551212';
const LANDLINE = '+16505551213';

const emails = (value: object) => readValue(value, 'email').map(({ text }) => text);
const phones = (value: object) => readValue(value, 'phone').map(({ text }) => text);
const countries = (value: object) => readValue(value, 'country').map(({ text }) => text);

describe('an entry with custom labels', () => {
	it.each([
		[{ private: [EMAIL] }, [EMAIL]],
		[{ jupiter: EMAIL }, [EMAIL]],
		[{ contact: { jupiter: EMAIL } }, [EMAIL]],
		[{ 'my email': EMAIL }, [EMAIL]],
		[{ value: '', jupiter: EMAIL }, [EMAIL]],
		[{ jupiter: 'hello', saturn: EMAIL }, [EMAIL]],
		[{ jupiter: 'hello' }, [null]],
		[{ owner: EMAIL }, [null]],
		[{ ids: EMAIL, message_id: EMAIL }, [null]],
		[{ idea: EMAIL }, [EMAIL]],
		[{ shipping: EMAIL }, [null]],
		[{ location: EMAIL }, [null]],
		[{ jupiter: true }, [null]],
		[{ jupiter: 'x'.repeat(250) }, [null]],
		[{ value: '' }, []],
		[{}, []],
	])('%j contains emails: %j', (entry, texts) => expect(emails(entry)).toEqual(texts));

	it.each([
		[{ jupiter: PHONE }, [PHONE]],
		[{ jupiter: '(650) 555-1212' }, ['(650) 555-1212']],
		[{ jupiter: '650 555 1212' }, ['650 555 1212']],
		[{ jupiter: 6505551212 }, [null]],
		[{ jupiter: 'a 6505551212' }, [null]],
		[{ jupiter: '6505551212 a' }, [null]],
		[{ jupiter: '2024:12:31' }, [null]],
		// Next to a known label, an unknown one may be somebody else's.
		[{ jupiter: LANDLINE, 'my mobile': PHONE }, [PHONE]],
	])('%j contains phones: %j', (entry, texts) => expect(phones(entry)).toEqual(texts));

	it('contains no country', () => {
		expect(countries({ jupiter: 'DE' })).toEqual([null]);
	});
});

it.each([
	[[49, 'Germany'], ['Germany']],
	[[49], ['49']],
	[['Germany', 'Germany'], ['Germany']],
	[['Germany', 'France'], [null]],
	[['Germany', true], [null]],
	[[49, 33], [null]],
	[['49a', 33], ['49a']],
	[['a49', 33], ['a49']],
	[[], []],
	[{ id: 49, name: 'Germany' }, ['Germany']],
])('reads one country from %j, or none: %j', (value, texts) => {
	expect(countries(value)).toEqual(texts);
});

const within = (depth: number, value: unknown): object =>
	depth === 1 ? [value] : [within(depth - 1, value)];

it('reads up to a limit', () => {
	expect(emails(within(4, EMAIL))).toEqual([EMAIL]);
	expect(emails(within(5, EMAIL))).toEqual([null]);
	expect(emails({ value: { value: { value: { value: EMAIL } } } })).toEqual([EMAIL]);
	expect(emails({ value: { value: { value: { value: { value: EMAIL } } } } })).toEqual([null]);
	const long = (count: number) => [...Array.from({ length: count }, () => ''), EMAIL];
	expect(emails(long(99))).toEqual([EMAIL]);
	expect(emails(long(100))).toEqual([]);
	// Four lists of 99 blanks are 400 values with the list around them and themselves.
	const lists = (blanks: number) => [...Array.from({ length: 4 }, () => long(99).slice(0, blanks))];
	expect(emails([...lists(97), EMAIL])).toEqual([EMAIL]);
	expect(emails([...lists(99), EMAIL])).toEqual([]);
	const wide = (count: number) => ({
		...Object.fromEntries(Array.from({ length: count }, (_, at) => [`jupiter${at}`, at])),
		value: EMAIL,
	});
	expect(emails(wide(59))).toEqual([EMAIL]);
	expect(emails(wide(60))).toEqual([null]);
	expect(emails({ [`${'-'.repeat(55)}value`]: EMAIL })).toEqual([EMAIL]);
});
