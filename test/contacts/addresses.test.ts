import { cleanContact } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { findContact } from '../../nodes/AlibabaCloudChatApp/contacts/findContacts';

const rowsOf = (json: Record<string, unknown>, addresses: 'best' | 'all' = 'all') => {
	const cleaned = cleanContact(findContact(json), { hash: 'none', addresses });
	return 'user' in cleaned ? [cleaned.user, ...(cleaned.more ?? [])] : [];
};

it('sends the best email with the best phone, and each other address as its own user', () => {
	expect(
		rowsOf({
			email: 'ada@example.com',
			email_2: 'ada@work.example',
			mobile: '+14155550123',
			home_phone: '+14155550124',
		}),
	).toEqual([
		{ Email: 'ada@example.com', Phone: '14155550123' },
		{ Email: 'ada@work.example' },
		{ Phone: '14155550124' },
	]);
});

it('reads the entries of a list, each with its own country', () => {
	expect(
		rowsOf({
			emails: [{ value: 'ada@example.com' }, { value: 'ada@work.example' }],
			phones: [
				{ value: '+14155550123' },
				{ value: '0151 12345678', country: 'DE' },
				{ value: 'not a number' },
			],
		}),
	).toEqual([
		{ Email: 'ada@example.com', Phone: '14155550123' },
		{ Email: 'ada@work.example' },
		{ Phone: '4915112345678' },
	]);
});

it('sends three addresses of a kind at most, and each once', () => {
	const emails = [
		'ada@example.com',
		'ADA@example.com',
		'b@example.com',
		'c@example.com',
		'd@example.com',
	];
	expect(rowsOf({ emails: emails.map((value) => ({ value })) })).toEqual([
		{ Email: 'ada@example.com' },
		{ Email: 'b@example.com' },
		{ Email: 'c@example.com' },
	]);
});

it('sends one user with the best addresses alone', () => {
	expect(rowsOf({ email: 'ada@example.com', email_2: 'ada@work.example' }, 'best')).toEqual([
		{ Email: 'ada@example.com' },
	]);
});
