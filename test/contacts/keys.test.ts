import { roleOf } from '../../nodes/AlibabaCloudChatApp/contacts/fieldRole';
import { findContact } from '../../nodes/AlibabaCloudChatApp/contacts/mapping';

const slotOf = (key: string) => roleOf(key)?.slot;

it.each<[string, string[]]>([
	[
		'email',
		[
			'Email ID',
			'E-Mail Address',
			'e mail',
			'q3_email',
			'q12Email',
			'HSEmail',
			'primaryEMAIL',
			'email_from',
			'The email to reach you',
			'Email (required)',
			'Your very own email',
			'workemail2',
			'email1address',
			'subscribermail',
			'contactperson_email',
		],
	],
	[
		'phone',
		[
			'mobilephone',
			'wa_id',
			'WhatsApp ID',
			'whats app',
			'WhatsApp number',
			'WhatsApp',
			'contact_number',
			'work number',
			'home no',
			'office num',
			'business nr',
			'contact numbers',
			'text_reminder_number',
			'number_e164',
			'number_e.164',
			'Number to call you',
			'A number to text you',
			'A number to contact you',
			'The best number to reach you',
			'My best number, to reach me',
			'mobilephonenumber',
			'Wie lautet deine Handynummer?',
			'Quel est ton téléphone ?',
			'phone_2',
			'TELEFON',
			'Cep numarasi',
			'CUSTOMER PHONE',
		],
	],
	['country', ['Country', 'country_code', 'Country of residence', 'hs_country_region', 'Pays']],
	['dial', ['dial_code', 'phone prefix', 'phone_country_code', 'country calling code', 'isd code']],
	['addressCountry', ['Mailing Country', 'Billing Country', 'shipping_country', 'Home country']],
	['placeCountry', ['ip_country', 'geoip_country_code', 'ipcountry']],
	['address', ['Address', 'billing_address', 'default_address', 'addresses', 'home_addr']],
	['shipping', ['shipping', 'shipping_address', 'delivery address']],
	['place', ['location', 'geo', 'ip_location', 'user_location']],
	['wrapper', ['properties', 'custom_fields', 'person_id', 'contact', 'lead_data']],
	['perhaps', ['user', 'sender']],
])('%s is what a field of these names is for', (slot, keys) => {
	expect(keys.filter((key) => slotOf(key) !== slot)).toEqual([]);
});

it.each<[string, string[]]>([
	['says something about an email', ['email_status', 'Email Opt-in', 'emailType', 'email hash']],
	['says something about a phone', ['phone_type', 'mobile device', 'Phone extension']],
	['has a word beside the email that is unknown', ['jupiter_email', 'Emailed']],
	['is a number of something else', ['order number', 'number', 'contact_number_status', 'row no']],
	['is a number beside an unknown word', ['contact number jupiter', 'work jupiter number']],
	['is a number to text nobody in particular', ['number to reach', 'text number of calls']],
	['is a country of an unknown kind', ['jupiter country', 'country manager jupiter']],
	[
		'holds the name of a phone in a longer word',
		['automobile', 'celluloid', 'telltale', 'xphone', 'phonea', 'emaila'],
	],
	['has no words', ['', '?!', '__', 'a'.repeat(101)]],
	['asks about an email', ['Your email preferences', 'May we send messages to your email?']],
	['asks for another number', ['Your lucky number', 'Your number of children']],
	['is a word alone', ['jupiter', 'id_', 'wa', 'from']],
])('a key that %s is for none of them', (_, keys) => {
	const fields = ['email', 'phone', 'country', 'dial', 'addressCountry', 'placeCountry', 'address'];
	expect(keys.filter((key) => fields.includes(String(slotOf(key))))).toEqual([]);
});

it.each([
	"What is your manager's email?",
	"Your manager's email",
	'owner_email',
	'mail_to',
	'Number to reach our agent',
	'fax',
	'user_id',
	'sender_name',
	'company_country',
	'phone code with prefix',
	'prefix including phone',
])('%s is not the contact’s', (key) => {
	expect(['email', 'phone', 'country', 'dial', 'perhaps']).not.toContain(slotOf(key));
});

const IN_ORDER: Record<'email' | 'phone' | 'country', string[]> = {
	email: [
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
	phone: [
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
	country: ['country_code', 'Land', 'country'],
};

it.each(Object.entries(IN_ORDER))('takes the likeliest %s, wherever it stands', (field, names) => {
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
