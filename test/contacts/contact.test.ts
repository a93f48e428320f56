import { cleanContact } from '../../nodes/AlibabaCloudChatApp/contacts/contact';

const EMAIL = 'mary@example.com';
const EMAIL_HASH = 'f1904cf1a9d73a55fa5de0ac823c4403ded71afd4c3248d00bdcd0866552bb79';
const PLAIN = { hash: 'none' } as const;

it('sends both fields if both are valid', () => {
	expect(cleanContact({ email: EMAIL, phone: '+1 650 555 1212' }, PLAIN)).toEqual({
		user: { Email: EMAIL, Phone: '16505551212' },
	});
});

it('sends the valid field and reports the dropped one', () => {
	expect(cleanContact({ email: EMAIL, phone: '123' }, PLAIN)).toEqual({
		user: { Email: EMAIL },
		dropped: 'phone_not_possible',
	});
	expect(cleanContact({ email: 'a@b', phone: '+16505551212' }, PLAIN)).toEqual({
		user: { Phone: '16505551212' },
		dropped: 'email_invalid',
	});
});

it("returns the email's reason if both fields are invalid", () => {
	expect(cleanContact({ email: 'a@b', phone: '123' }, PLAIN)).toEqual({ reason: 'email_invalid' });
});

it.each([
	undefined,
	null,
	'',
	'  ',
	false,
	[],
	{},
	[null],
	'n/a',
	'N/A',
	'none',
	'null',
	'-',
	'--',
	'\u200b',
	NaN,
])('reads %p as an empty field', (nothing) => {
	expect(cleanContact({ email: nothing, phone: nothing }, PLAIN)).toEqual({
		reason: 'no_email_or_phone',
	});
	expect(cleanContact({ email: EMAIL, phone: nothing }, PLAIN)).toEqual({ user: { Email: EMAIL } });
});

it("reads a national number in the contact's own country before the default country", () => {
	const options = { ...PLAIN, defaultCountry: 'US' };
	expect(cleanContact({ phone: '0612345678', country: 'France' }, options)).toEqual({
		user: { Phone: '33612345678' },
	});
	expect(cleanContact({ phone: '650 555 1212', country: '' }, options)).toEqual({
		user: { Phone: '16505551212' },
	});
});

it.each(['NA', 'na', ' NA ', ['NA'], { code: 'NA' }])(
	'reads %p in a country field as Namibia',
	(country) => {
		const options = { ...PLAIN, defaultCountry: 'US' };
		expect(cleanContact({ phone: '081 234 5678', country }, options)).toEqual({
			user: { Phone: '264812345678' },
		});
	},
);

it('reads n/a in a country field as empty', () => {
	expect(
		cleanContact({ phone: '650 555 1212', country: 'n/a' }, { ...PLAIN, defaultCountry: 'US' }),
	).toEqual({ user: { Phone: '16505551212' } });
});

it.each(['Atlantis', 'Korea', true, { a: 1 }])(
	"doesn't use the default country for a contact whose own isn't recognized: %p",
	(country) => {
		const options = { ...PLAIN, defaultCountry: 'FR' };
		expect(cleanContact({ phone: '0612345678', country }, options)).toEqual({
			reason: 'phone_country_unknown',
		});
		expect(cleanContact({ phone: '+33612345678', country }, options)).toEqual({
			user: { Phone: '33612345678' },
		});
	},
);

it('hashes the canonical form, and never a hash', () => {
	const hashed = { hash: 'sha256' } as const;
	expect(cleanContact({ email: ' Mary@Example.com' }, hashed)).toEqual({
		user: { Email: EMAIL_HASH },
	});
	for (const options of [PLAIN, hashed]) {
		const raw = { email: EMAIL_HASH.toUpperCase(), phone: EMAIL_HASH };
		expect(cleanContact(raw, options)).toEqual({ user: { Email: EMAIL_HASH, Phone: EMAIL_HASH } });
	}
});

it("doesn't change its input", () => {
	const raw = Object.freeze({
		email: Object.freeze([Object.freeze({ value: EMAIL })]),
		phone: null,
	});
	expect(cleanContact(raw, Object.freeze(PLAIN))).toEqual({ user: { Email: EMAIL } });
});
