import { cleanContact } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { findContact } from '../../nodes/AlibabaCloudChatApp/contacts/findContacts';

const found = (json: Record<string, unknown>) => {
	const cleaned = cleanContact(findContact(json), { hash: 'none' });
	return 'user' in cleaned ? cleaned.user : cleaned.reason;
};

test.each([
	'What is your email address?',
	"What's your email?",
	'What is the best email to reach you at?',
	'Which email can we use to contact you?',
	'What email do you use?',
])('a form that asks "%s" has an email', (question) => {
	expect(found({ [question]: 'mary@example.com' })).toEqual({ Email: 'mary@example.com' });
});

test.each([
	'What is your phone number?',
	'What is the best number to reach you at?',
	'Which phone number can we call you at?',
])('a form that asks "%s" has a phone number', (question) => {
	expect(found({ [question]: '+1 650-555-0142' })).toEqual({ Phone: '16505550142' });
});

test.each([
	'Is your email verified?',
	'What is your email status?',
	'What is your email preference?',
	'What time can we call your phone?',
	'Can we email you?',
	'email_is_valid',
])(`the answer to "%s" isn't a contact's field`, (question) => {
	expect(found({ [question]: 'mary@example.com' })).toBe('no_email_or_phone');
});

test('a number that is labeled "iPhone" is a mobile number, and preferred to the one at home', () => {
	const numbers = [
		{ label: 'home', number: '+49 30 23125000' },
		{ label: 'iPhone', number: '+49 171 3920000' },
	];
	expect(found({ phones: numbers })).toEqual({ Phone: '491713920000' });
});

test('a value without a name says nothing about the number next to it', () => {
	expect(found({ country: 'Germany', phone: [{ '': '12', number: '301234567' }] })).toEqual({
		Phone: '49301234567',
	});
});
