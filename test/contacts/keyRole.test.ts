import { columnsAboutContacts } from '../../nodes/AlibabaCloudChatApp/contacts/layout';
import { roleOf } from '../../nodes/AlibabaCloudChatApp/contacts/keyRole';

/** What a key is: `email`, `phone of buyer`, `phone of somebody else`, or `-` if it is no field. */
function described(key: string): string {
	const { field, party, personWord } = roleOf(key);
	if (field === undefined) return '-';
	if (party === 'other') return `${field} of somebody else`;
	return party === 'own'
		? field
		: `${field} of ${party === 'possible' ? 'perhaps ' : ''}${personWord}`;
}

it.each<[what: string, keys: string[]]>([
	[
		'email',
		[
			...[
				'email',
				'E-Mail Address',
				'e mail',
				'Email ID',
				'primaryEMAIL',
				'workemail2',
				'email_7',
				'Email 6',
			],
			// Unknown words only lower the rank.
			...['receipt_email', 'signup_email', 'checkout_email', 'jupiter_email', 'email_from'],
			// Paths.
			...[
				'data[email]',
				'data[merges][EMAIL]',
				'fields[email][value]',
				'group/email',
				'properties.email',
			],
			// Notes, numbering, and suffixes.
			...[
				'Email (required)',
				'Email_Address__c',
				'q3_email',
				'3、您的电子邮箱',
				'メールアドレス（必須）',
			],
			// Questions.
			...['What is your email address?', 'What is the best email to send the guide to?'],
			...[
				'Wie lautet deine E-Mail-Adresse?',
				'Jaki jest Twój adres e-mail?',
				'Dirección de correo electrónico principal',
			],
			...['E-mail邮箱', '注册邮箱', '请填写您的邮箱地址', 'Email (from Contacts)'],
		],
	],
	[
		'phone',
		[
			...[
				'mobilephone',
				'wa_id',
				'waId',
				'WhatsApp ID',
				'whats app',
				'contact_number',
				'work number',
				'tel-473',
				'phone_12',
			],
			...[
				'Phone Number (with country code)',
				'Phone (incl. country code)',
				'WhatsApp (com DDD)',
				'手机号码(含国家区号)',
			],
			...[
				'Mobile number with country code',
				'Telefonnummer (mit Ländervorwahl)',
				'Teléfono (con código de país)',
			],
			...[
				'Phone number with area/country code',
				'Your phone number, incl. country code',
				'Numéro de téléphone (avec indicatif)',
			],
			...[
				'Unter welcher Telefonnummer können wir dich erreichen?',
				'¿Cuál es tu número de WhatsApp?',
			],
			...[
				'Jaki jest Twój numer telefonu?',
				'Qual è il tuo numero di telefono?',
				'Qual é o seu telefone?',
			],
			...[
				'The best number to reach you',
				'您的联系方式',
				'phone_e164',
				'enter_phone_number',
				'Phone 1 - Value',
			],
		],
	],
	[
		'country',
		[
			'Country',
			'country_code',
			'Country of residence',
			'Pays',
			'Land/Region',
			'Aus welchem Land kommst du?',
		],
	],
	[
		'addressCountry',
		[
			'Mailing Country',
			'Billing Country',
			'shipping_country',
			'Home country',
			'ADDRESS_MAIL_COUNTRY',
		],
	],
	['ipCountry', ['ip_country', 'geoip_country_code']],
	[
		'callingCode',
		[
			'dial_code',
			'phone prefix',
			'phone_country_code',
			'primaryPhoneCallingCode',
			'checkout_phone_code',
			'Ländervorwahl',
			'国际区号',
		],
	],
	['areaCode', ['area_code', 'DDD', 'Vorwahl', 'Phone Area Code', 'PhoneAreaCode', '市外局番']],
	['label', ['phone_type', 'Phone Type', 'Phone 1 - Type', 'email_type']],
	['email of buyer', ['buyer_email', 'buyerEmail', 'buyer[email]']],
	['country of buyer', ['buyer_country_code']],
	['phone of client', ['client_phone']],
	['email of requester', ['ticket.requester.email']],
	['email of perhaps user', ['user_email']],
	['phone of perhaps user', ['user_provided_phone_number']],
	[
		'email of somebody else',
		[
			...[
				'owner_email',
				'assigneeEmail',
				'cc_email',
				'company_email',
				'stylist_email',
				'ticket.assignee.email',
				'payee[email]',
			],
			...[
				"What is your manager's email?",
				'Ansprechpartner E-Mail',
				'负责人邮箱',
				'跟进人邮箱',
				'创建人邮箱',
				'担当者メール',
				'담당자 이메일',
			],
			...[
				'E-mail do vendedor',
				'Email du parrain',
				'Email (from Owner)',
				'previous_email',
				'Created by email',
			],
		],
	],
	[
		'phone of somebody else',
		[
			'AssistantPhone',
			'fax_phone',
			'emergency_phone',
			'推荐人手机',
			'紧急联系人电话',
			'保洁员电话',
			'Numer telefonu opiekuna',
			'Phone (assistant)',
		],
	],
	[
		'-',
		[
			// What says something about an email or a phone.
			...[
				'email_status',
				'Email Opt-in',
				'email_verified_at',
				'phone_number_id',
				'email hash',
				'mobile device',
				'Phone extension',
			],
			...[
				'Can we email you?',
				'Is your email verified?',
				'display_phone_number',
				'E-mail Display Name',
			],
			// Numbers of something else.
			...['order number', 'number', 'row no', 'Your lucky number', 'number to reach'],
			// One value can't be both.
			...['Email or phone', 'Deine E-Mail oder Telefon'],
			...['automobile', 'telltale', 'jupiter country', '', '?!', '__', 'a'.repeat(101)],
		],
	],
])('%s is what these keys are', (expected, keys) => {
	const others = keys.filter((key) => described(key) !== expected);
	expect(others.map((key) => `${key}: ${described(key)}`)).toEqual([]);
});

it.each<[around: string, keys: string[]]>([
	[
		'neutral',
		['properties', 'custom_fields', 'data', 'payload', 'merge_fields', 'formResponse', 'metadata'],
	],
	[
		'person',
		['contact', 'customerInfo', 'primaryCustomer', 'invitee', 'person_id', 'lead_data', 'user'],
	],
	['address', ['Address', 'billing_address', 'default_address', 'addresses']],
	['shipping', ['shipping', 'shipping_address', 'delivery address']],
	['place', ['location', 'geo', 'ip_location']],
	['unknown', ['jupiter', 'colorist', 'job']],
])('an object under these keys is %s', (around, keys) => {
	expect(keys.filter((key) => roleOf(key).objectRole !== around)).toEqual([]);
});

it.each([
	...[
		'owner',
		'assignees',
		'created_by',
		'lastModifiedBy',
		'payee',
		'seller',
		'shop',
		'stylist',
		'responsible',
	],
	...[
		'current_owner',
		'agent',
		'actor',
		'organizer',
		'company',
		'previous',
		'history',
		'负责人',
		'跟进人',
		'formStructure',
	],
])('an object under %s is somebody else’s', (key) => {
	expect(roleOf(key).party).toBe('other');
});

it('ranks a mobile before a landline, and a known word before an unknown one', () => {
	const inOrder = ['mobile', 'Handynummer', 'whatsapp', 'phone', 'jupiter_phone', 'sms'];
	const ranks = inOrder.map((key) => roleOf(key).rank);
	expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
});

it.each([
	['Contact 2 Phone', 'phone of contact 2'],
	['traveler_2_email', 'email of traveler 2'],
	['Second guest email', 'email of second guest'],
	['customer_phone_2', 'phone of customer'],
	['Kundentelefon', 'phone of kunden'],
	['khach_hang_email', 'email of khachhang'],
	['voicemail', '-'],
	['Nomor WhatsApp', 'phone'],
	['Tel particulier', 'phone'],
])('reads numbered people, compounds, and phrases: %s', (key, role) => {
	expect(described(key)).toBe(role);
});

it.each(
	'customer_service_phone,contact_us_email,Telefon Finanzberater,Notfalltelefon,adjuster_phone,location_phone,notification_email,co_applicant_phone,best man phone,Email of the person you want to invite'.split(
		',',
	),
)('reads as somebody else’s: %s', (key) => {
	expect(described(key)).toMatch(/ of somebody else$/);
});

it('keeps the columns of a file that show whose number it is', () => {
	const names = ['Name', 'Email', 'Landlord Name', 'Landing Phone', 'Site Host Name', 'Site Phone'];
	const others = ['Name', 'Email', 'Billing Name', 'Billing Phone', 'Notes'];
	expect(columnsAboutContacts(names)).not.toContain('Landlord Name');
	expect([...(columnsAboutContacts(others) ?? [])]).toEqual(
		expect.arrayContaining(['Name', 'Billing Name', 'Billing Phone']),
	);
});

it.each([
	['nok_phone', 'nok'],
	['billing_contact_email', 'billing'],
	['Alternate contact phone', 'alternate'],
	['customer_nok_phone', 'nok'],
	['fee_payer_email', ''],
	['property.phone', 'property'],
	['group_x/phone', ''],
	['Téléphone de la nounou', 'nounou'],
	['Telefonnummer für Rückfragen', ''],
	['常用手机号', ''],
	['大家の電話番号', '大家の'],
	['이웃 전화번호', '이웃'],
	['هاتف الجار', 'الجار'],
	['checkout_phone', ''],
])('names the words of %s that say nothing: %s', (key, qualifier) => {
	expect(roleOf(key).qualifier.normalize('NFC')).toBe(qualifier);
});

it.each([
	"Bride's email",
	'Phone number of your landlady',
	"What is your grandma's phone?",
	'Adres e-mail Twojego przełożonego',
	'Teléfono de tu jefa',
	'Telefone do seu chefe',
	'Telefonnummer Ihrer Nachbarin',
	'Телефон вашей соседки',
])('reads as somebody else’s by its grammar: %s', (key) => expect(roleOf(key).party).toBe('other'));

it.each([
	"Customer's email",
	"What's your email?",
	'Email of your choice',
	"Today's email",
	'Numer Twojego telefonu',
	'Nummer deines Handys',
	'Correo de tu preferencia',
])('does not take for somebody else: %s', (key) => expect(roleOf(key).party).not.toBe('other'));
