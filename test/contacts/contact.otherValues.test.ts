import { cleanContact } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { readerAt } from './fieldsOf';

const PLAIN = { hash: 'none' } as const;
const EMAIL = 'mary@example.com';
const PHONE = '+16505551212';
const paths = { email: 'email', phone: 'phone', country: 'country' };
const others = (...values: unknown[]) =>
	values.map((value, place) => ({ value, path: `others[${place}]` }));

it('reports nothing about a contact whose first values are valid', () => {
	const raw = { email: EMAIL, phone: PHONE, paths, moreEmails: others('a@b.com') };
	expect(cleanContact(raw, PLAIN)).toStrictEqual({ user: { Email: EMAIL, Phone: '16505551212' } });
	expect(cleanContact({ email: ['', EMAIL] }, PLAIN)).toStrictEqual({ user: { Email: EMAIL } });
});

it('returns the path of the value that was used, and those of the others', () => {
	expect(
		cleanContact({ email: 'a@b', moreEmails: others('c@d', EMAIL), paths }, PLAIN),
	).toStrictEqual({
		user: { Email: EMAIL },
		dropped: 'email_invalid',
		paths: { ...paths, email: 'others[1]' },
	});
	const raw = { email: EMAIL, phone: '123', morePhones: others(PHONE), paths };
	expect(cleanContact(raw, PLAIN)).toStrictEqual({
		user: { Email: EMAIL, Phone: '16505551212' },
		dropped: 'phone_not_possible',
		paths: { ...paths, phone: 'others[0]' },
	});
});

it('reports nothing as dropped if the first value was empty', () => {
	expect(cleanContact({ email: ' ', moreEmails: others(EMAIL), paths }, PLAIN)).toStrictEqual({
		user: { Email: EMAIL },
		paths: { ...paths, email: 'others[0]' },
	});
});

it('returns the first reason if no value is valid', () => {
	const noEmail = { moreEmails: others('', 'a@b', 'a@example.com b@example.com') };
	expect(cleanContact(noEmail, PLAIN)).toEqual({ reason: 'email_invalid' });
	const list = ['0171 3920000', '+49 12'];
	expect(cleanContact({ phone: list }, PLAIN)).toEqual({ reason: 'phone_no_country' });
	expect(cleanContact({ phone: '', morePhones: others(...list) }, PLAIN)).toEqual({
		reason: 'phone_no_country',
	});
});

it('reads a further phone with the country that belongs to it', () => {
	const morePhones = [{ value: '0171 3920000', path: 'b', country: 'DE' }];
	expect(cleanContact({ phone: '123', country: 'US', morePhones }, PLAIN)).toMatchObject({
		user: { Phone: '491713920000' },
	});
});

it('tries five further values, and no more', () => {
	const bad = Array.from({ length: 5 }, (_, place) => `${place}@b`);
	const good = { user: { Email: EMAIL } };
	const refused = { reason: 'email_invalid' };
	const further = (...values: string[]) => ({ email: 'a@b', moreEmails: others(...values) });
	expect(cleanContact(further(...bad.slice(1), EMAIL), PLAIN)).toMatchObject(good);
	expect(cleanContact(further(...bad, EMAIL), PLAIN)).toEqual(refused);
	expect(cleanContact({ email: [...bad.slice(1), EMAIL] }, PLAIN)).toMatchObject(good);
	const lists = bad.map((value) => ({ value, primary: true }));
	expect(cleanContact({ email: [...lists, EMAIL] }, PLAIN)).toEqual(refused);
});

it.each([[`${'a'.repeat(51)}-${EMAIL.slice(4)}`], [`${'a'.repeat(52)}${EMAIL.slice(4)}`]])(
	"doesn't confuse an address of 64 characters with a hash: %s",
	(email) => {
		expect(email).toHaveLength(64);
		expect(cleanContact({ email }, PLAIN)).toEqual({ user: { Email: email } });
		expect(cleanContact({ email }, { hash: 'sha256' })).toEqual({
			user: { Email: expect.stringMatching(/^[0-9a-f]{64}$/) },
		});
	},
);

it('reads a path with blanks around it, and no empty one', () => {
	const read = readerAt({ email: ' email ', phone: ' ', country: '' });
	expect(read({ email: EMAIL, '': 'FR', ' ': '1' })).toStrictEqual({
		email: EMAIL,
		phone: undefined,
		country: undefined,
		paths: { email: 'email' },
	});
});
