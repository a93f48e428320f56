import { roleOf } from '../../nodes/AlibabaCloudChatApp/contacts/fieldRole';

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
	['has no words', ['', '?!', '__', 'a'.repeat(101), `${'-'.repeat(96)}email`]],
	['asks about an email', ['Your email preferences', 'May we send messages to your email?']],
	['asks for one of two', ['Deine E-Mail oder Telefon', 'Ihre Handynummer oder E-Mail']],
	[
		'asks for another number',
		['Your lucky number', 'Your number of children', 'Your work jupiter number'],
	],
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
