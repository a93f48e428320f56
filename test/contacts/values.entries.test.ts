import { cleanContact } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { findContact } from '../../nodes/AlibabaCloudChatApp/contacts/findContacts';
import { readValue } from '../../nodes/AlibabaCloudChatApp/contacts/values';

const EMAIL = 'mary@example.com';
const OTHER = 'a@example.com';
const PHONE = '+16505551212';
const LANDLINE = '+16505551213';

const emails = (value: object) => readValue(value, 'email').map(({ text }) => text);
const phones = (value: object) => readValue(value, 'phone').map(({ text }) => text);

it.each([
	['primary', true],
	['primary', 'true'],
	['is_default', 1],
	['IsPreferred', true],
	['isPrimary', true],
	['metadata', { primary: true }],
])('ranks the email first that is marked by %s: %p', (mark, value) => {
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
])('keeps the order if %s is %p', (mark, value) => {
	expect(emails([{ value: OTHER }, { value: EMAIL, [mark]: value }])).toEqual([OTHER, EMAIL]);
});

it.each([
	['a label', { label: 'My mobile', value: PHONE }],
	['a type', { type: 'CELL', number: PHONE }],
	['a type under any name', { atype: 'mobile', name: PHONE }],
	['a name', { name: 'Mobile', value: PHONE }],
	['a label of several words', { phone_type: 'home cell', phone: PHONE }],
	['the key of the number', { mobile: PHONE }],
	['the label of a list', { label: 'Mobile', values: [PHONE] }],
	['the key in an entry', { 'my cell': PHONE }],
	['the entry around it', { type: 'mobile', value: { number: PHONE } }],
])('ranks a mobile number first, as %s says', (_, entry) => {
	expect(phones([{ value: LANDLINE, primary: true }, entry])).toEqual([PHONE, LANDLINE]);
});

it("doesn't rank an email first because it is a mobile’s", () => {
	expect(emails([{ value: OTHER }, { value: EMAIL, label: 'mobile' }])).toEqual([OTHER, EMAIL]);
});

it('ranks what could be a number before anything else, however it is marked', () => {
	const none = { value: 'call me', label: 'mobile', primary: true };
	expect(phones([none, { value: PHONE }])).toEqual([PHONE, 'call me']);
});

it.each([
	['a fax', { label: 'Fax', value: PHONE }],
	['an assistant', { type: 'ASSISTANT', value: PHONE }],
	['a company, in a list', { name: 'company', values: [PHONE] }],
])('reads nothing from %s', (_, entry) => {
	expect(phones([entry])).toEqual([]);
	expect(phones([entry, { value: LANDLINE }])).toEqual([LANDLINE]);
});

it('reads a number with the calling code in its entry', () => {
	const entry = { dialCode: '49', number: '0171 3920000' };
	const cleaned = cleanContact({ phone: [entry] }, { hash: 'none' });
	expect(cleaned).toEqual({ user: { Phone: '491713920000' } });
});

it('reads no label that is too long', () => {
	expect(phones([{ label: `fax ${'a'.repeat(56)}`, value: PHONE }])).toEqual([]);
	expect(phones([{ label: `fax ${'a'.repeat(57)}`, value: PHONE }])).toEqual([PHONE]);
});

it.each([
	['country_code', 'DE'],
	['Country', 'Germany'],
	['countryShortName', 'DE'],
])('reads a number with the country at %s in its entry', (key, country) => {
	const [reading] = readValue({ number: '0171 3920000', [key]: country }, 'phone');
	expect(reading).toMatchObject({ text: '0171 3920000', country });
	const [inner] = readValue({ [key]: country, value: { number: '1', country: ' ' } }, 'phone');
	expect(inner).toMatchObject({ text: '1', country });
});

it.each([
	[{ area: '650', phone: '555 1212' }, '16505551212'],
	[{ area: 650, phone: 5551212 }, '16505551212'],
	[{ areaCode: '650', number: '555-1212' }, '16505551212'],
	[{ area: '650', phone: '650-555-1212' }, '16505551212'],
	[{ area: '212', phone: '555-1212' }, '12125551212'],
	[{ area: '650', phone: PHONE }, PHONE.slice(1)],
	[{ area: '650', phone: { number: '555 1212' } }, '16505551212'],
])('reads a number with the area code next to it: %j', (entry, phone) => {
	const cleaned = cleanContact({ phone: entry, country: 'US' }, { hash: 'none' });
	expect(cleaned).toEqual({ user: { Phone: phone } });
});

it('adds an area code to no email', () => {
	expect(emails({ area: '650', value: '12345' })).toEqual(['12345']);
});

it('uses the filled value of an entry, and its text before its JSON', () => {
	expect(emails({ value: '', email: EMAIL })).toEqual([EMAIL]);
	expect(emails({ value: EMAIL, email: OTHER })).toEqual([EMAIL]);
	expect(emails({ value: '{"email":"a@example.com"}', text: EMAIL })).toEqual([EMAIL]);
	expect(emails({ value: '["a@example.com"]', text: EMAIL })).toEqual([EMAIL]);
	expect(emails({ value: 'a{b@example.com', text: EMAIL })).toEqual(['a{b@example.com']);
});

it.each('Fax,Work Fax,FAX 2,Telefax,传真,傳真,Факс,ファックス,팩스,فاكس,φαξ,Faks,Pager'.split(','))(
	'never sends the number of a fax or pager, whether its label is in the entry or in the next column: %s',
	(label) => {
		const entry = { email: EMAIL, phones: [{ type: label, number: LANDLINE }] };
		const columns = { email: EMAIL, 'Phone 1 - Type': label, 'Phone 1 - Value': LANDLINE };
		for (const json of [entry, columns]) {
			expect(cleanContact(findContact(json), { hash: 'none' })).toMatchObject({
				user: { Email: EMAIL },
			});
			expect(cleanContact(findContact(json), { hash: 'none' })).not.toHaveProperty('user.Phone');
		}
	},
);

it.each([
	['the email itself', { name: 'ute.schneider@example.com' }, ['ute.schneider@example.com']],
	['a person’s name', { name: 'Ute Schneider', value: EMAIL }, [EMAIL]],
	['somebody else', { name: 'Assistant', value: EMAIL }, []],
])('reads in the name of an entry %s', (_, entry, expected) => {
	expect(emails([entry])).toEqual(expected);
});
