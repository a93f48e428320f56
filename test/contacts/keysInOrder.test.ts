import { findContact } from '../../nodes/AlibabaCloudChatApp/contacts/mapping';

const IN_ORDER: Array<[field: 'email' | 'phone' | 'country', names: string[]]> = [
	[
		'email',
		[
			'email',
			'primary_email',
			'personal_email',
			'work_email',
			'home_email',
			'customer_email',
			'respondent_email',
			'user_email',
			'other_email',
			'email_lowercase',
			'email_from',
		],
	],
	[
		'phone',
		[
			'mobile',
			'primary_mobile',
			'work_mobile',
			'whatsapp',
			'whatsapp_work',
			'phone',
			'Telefon',
			'phone_work',
			'phone_home',
			'other_phone',
			'sms',
			'contact_number',
		],
	],
	['country', ['country_code', 'Land', 'country']],
	['country', ['country_iso', 'Land']],
	['country', ['country alpha 2', 'Land']],
];

it.each(IN_ORDER)('takes the likeliest %s, wherever it stands', (field, names) => {
	const value = { email: 'mary@example.com', phone: '+16505551212', country: 'DE' }[field];
	for (let at = 1; at < names.length; at++) {
		const pair = names.slice(at - 1, at + 1).map((name) => [name, value] as const);
		for (const order of [pair, [...pair].reverse()]) {
			const json = { ...(field === 'country' && { phone: '1' }), ...Object.fromEntries(order) };
			expect(findContact(json).at).toMatchObject({ [field]: names[at - 1] });
		}
	}
});

it('takes the first of two columns that are as likely', () => {
	const json = { Telefon: '+16505551212', tel: '+16505551213' };
	expect(findContact(json).at).toEqual({ phone: 'Telefon' });
});

it('takes the address that is likeliest the contact’s for its country', () => {
	const names = [
		'default_address',
		'mailing_address',
		'billing_address',
		'primary_address',
		'work_address',
	];
	const at = (keys: string[]) => {
		const addresses = keys.map((key) => [key, { country: 'DE' }] as const);
		return findContact({ phone: '0171 3920000', ...Object.fromEntries(addresses) }).at?.country;
	};
	for (let place = 1; place < names.length; place++) {
		const pair = names.slice(place - 1, place + 1);
		expect([at(pair), at([...pair].reverse())]).toEqual(Array(2).fill(`${pair[0]}.country`));
	}
});

it('looks into what is likeliest around the contact first', () => {
	const names = 'properties fields_data attributes body contact batch contact_jupiter'.split(' ');
	for (let place = 1; place < names.length; place++) {
		const [first = '', second = ''] = names.slice(place - 1, place + 1);
		const email = { email: 'mary@example.com' };
		expect(findContact({ [first]: email, [second]: email }).at?.email).toBe(`${first}.email`);
		expect(findContact({ [second]: email, [first]: email }).at?.email).toBe(`${first}.email`);
	}
});

it('looks into what says nothing only where nothing else is, and never into another party', () => {
	const jupiter = { email: 'mary@example.com' };
	expect(findContact({ jupiter, phone: '1' }).email).toBeUndefined();
	expect(findContact({ jupiter_owner: jupiter })).toEqual({});
});
