import { readEntries } from '../../nodes/AlibabaCloudChatApp/contacts/entries';

const EMAIL = 'mary@example.com';
const OTHER = 'a@example.com';
const PHONE = '+16505551212';
const LANDLINE = '+16505551213';

const emails = (value: object) => readEntries(value, 'email').map(({ text }) => text);
const phones = (value: object) => readEntries(value, 'phone').map(({ text }) => text);
const countries = (value: object) => readEntries(value, 'country').map(({ text }) => text);

it.each([
	['primary', true],
	['primary', 'true'],
	['is_default', 1],
	['IsPreferred', true],
	['isPrimary', true],
	['metadata', { primary: true }],
])('puts the email first that is marked by %s: %p', (mark, value) => {
	expect(emails([{ value: OTHER }, { value: EMAIL, [mark]: value }])).toEqual([EMAIL, OTHER]);
});

it.each([
	['primary', false],
	['primary', 'false'],
	['primary', 0],
	['first', true],
	['metadata', { primary: false }],
	['metadata', null],
	['metadata', 'primary'],
])('leaves the order where %s is %p', (mark, value) => {
	expect(emails([{ value: OTHER }, { value: EMAIL, [mark]: value }])).toEqual([OTHER, EMAIL]);
});

it.each([
	['a label', { label: 'My mobile', value: PHONE }],
	['a type', { type: 'CELL', number: PHONE }],
	['a label of several words', { phone_type: 'home cell', phone: PHONE }],
	['the key of the number', { mobile: PHONE }],
	['the label of a list', { label: 'Mobile', values: [PHONE] }],
	['the key in an entry', { 'my cell': PHONE }],
	['the entry around it', { type: 'mobile', value: { number: PHONE } }],
])('puts a mobile number first, as %s says', (_, entry) => {
	expect(phones([{ value: LANDLINE, primary: true }, entry])).toEqual([PHONE, LANDLINE]);
});

it('does not put an email first for being a mobile’s', () => {
	expect(emails([{ value: OTHER }, { value: EMAIL, label: 'mobile' }])).toEqual([OTHER, EMAIL]);
});

it('puts what could be a number before what is none, however it is marked', () => {
	const none = { value: 'call me', label: 'mobile', primary: true };
	expect(phones([none, { value: PHONE }])).toEqual([PHONE, 'call me']);
});

it.each([
	['a fax', { label: 'Fax', value: PHONE }],
	['an assistant', { type: 'ASSISTANT', value: PHONE }],
	['a company, in a list', { name: 'company', values: [PHONE] }],
])('reads nothing of %s', (_, entry) => {
	expect(phones([entry])).toEqual([]);
	expect(phones([entry, { value: LANDLINE }])).toEqual([LANDLINE]);
});

it('reads no label that is longer than any', () => {
	expect(phones([{ label: `fax ${'a'.repeat(56)}`, value: PHONE }])).toEqual([]);
	expect(phones([{ label: `fax ${'a'.repeat(57)}`, value: PHONE }])).toEqual([PHONE]);
});

it.each([
	['country_code', 'DE'],
	['Country', 'Germany'],
	['dialCode', '+49'],
	['countryShortName', 'DE'],
])('reads a number with the country at %s in its entry', (key, country) => {
	const [reading] = readEntries({ number: '0171 3920000', [key]: country }, 'phone');
	expect(reading).toMatchObject({ text: '0171 3920000', country });
	const [inner] = readEntries({ [key]: country, value: { number: '1', country: ' ' } }, 'phone');
	expect(inner).toMatchObject({ text: '1', country });
});

it.each([
	[{ area: '650', phone: '555 1212' }, '650 555 1212'],
	[{ area: 650, phone: 5551212 }, '650 5551212'],
	[{ areaCode: '650', number: '555-1212' }, '650 555-1212'],
	[{ area: '650', phone: '650-555-1212' }, '650-555-1212'],
	[{ area: '212', phone: '555-1212' }, '212 555-1212'],
	[{ area: '650', phone: PHONE }, PHONE],
	[{ area: '650', phone: '555 1212 ext 5' }, '555 1212 ext 5'],
	[{ area: '650', phone: 'a 5551212' }, 'a 5551212'],
	[{ area: '', phone: '555 1212' }, '555 1212'],
	[{ area: '650', phone: { number: '555 1212' } }, '555 1212'],
])('puts the area before a number that lacks it: %j', (entry, text) => {
	expect(phones(entry)).toEqual([text]);
});

it('puts an area before no email', () => {
	expect(emails({ area: '650', value: '12345' })).toEqual(['12345']);
});

it('takes the value of an entry that is filled, and its text before its JSON', () => {
	expect(emails({ value: '', email: EMAIL })).toEqual([EMAIL]);
	expect(emails({ value: EMAIL, email: OTHER })).toEqual([EMAIL]);
	expect(emails({ value: '{"email":"a@example.com"}', text: EMAIL })).toEqual([EMAIL]);
	expect(emails({ value: '["a@example.com"]', text: EMAIL })).toEqual([EMAIL]);
	expect(emails({ value: 'a{b@example.com', text: EMAIL })).toEqual(['a{b@example.com']);
});

describe('an entry with labels of a person’s own', () => {
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
	])('%j holds emails: %j', (entry, texts) => expect(emails(entry)).toEqual(texts));

	it.each([
		[{ jupiter: PHONE }, [PHONE]],
		[{ jupiter: '(650) 555-1212' }, ['(650) 555-1212']],
		[{ jupiter: '650 555 1212' }, ['650 555 1212']],
		[{ jupiter: 6505551212 }, [null]],
		[{ jupiter: 'a 6505551212' }, [null]],
		[{ jupiter: '6505551212 a' }, [null]],
		[{ jupiter: '2024:12:31' }, [null]],
		[{ jupiter: LANDLINE, 'my mobile': PHONE }, [PHONE, LANDLINE]],
	])('%j holds phones: %j', (entry, texts) => expect(phones(entry)).toEqual(texts));

	it('holds no country', () => {
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
])('reads one country of %j, or none that is known: %j', (value, texts) => {
	expect(countries(value)).toEqual(texts);
});

const within = (depth: number, value: unknown): object =>
	depth === 1 ? [value] : [within(depth - 1, value)];

it('looks so far, and no farther', () => {
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
