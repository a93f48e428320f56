import { cleanContact } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { findContact } from '../../nodes/AlibabaCloudChatApp/contacts/findContacts';

type Json = Record<string, unknown>;

const EMAIL = 'mary@example.com';
const PHONE = '+4915112345678';
const OTHER_EMAIL = 'bob@agency.example';
const OTHER_PHONE = '+12125550101';

/** Of whom the email and phone are that would be sent. */
function sent(json: Json): string {
	const cleaned = cleanContact(findContact(json), { hash: 'none' });
	if (!('user' in cleaned)) return 'nobody';
	const { Email, Phone } = cleaned.user;
	return [
		Email && `email of ${Email === EMAIL ? 'the contact' : 'another'}`,
		Phone && `phone of ${PHONE.endsWith(Phone) ? 'the contact' : 'another'}`,
	]
		.filter(Boolean)
		.join(', ');
}

const both = 'email of the contact, phone of the contact';

test.each<[what: string, json: Json]>([
	['an unknown word', { email: EMAIL, nok_phone: OTHER_PHONE }],
	['an unknown word for a place', { email: EMAIL, lodge_direct_line: OTHER_PHONE }],
	['an unknown word next to a user', { user_email: EMAIL, nok_phone: OTHER_PHONE }],
	[
		'an unknown word after the customer',
		{ customer_email: EMAIL, customer_nok_phone: OTHER_PHONE },
	],
	['a word for a contact of a kind', { email: EMAIL, billing_contact_phone: OTHER_PHONE }],
	['a thing', { email: EMAIL, tower_phone: OTHER_PHONE }],
	['an unknown path', { 'guest.email': EMAIL, 'property.phone': OTHER_PHONE }],
	['a genitive', { Email: EMAIL, "Grandma's phone": OTHER_PHONE }],
	['somebody in a question', { Email: EMAIL, "What is your grandma's phone?": OTHER_PHONE }],
	['somebody of the person asked', { Email: EMAIL, 'Phone number of your landlady': OTHER_PHONE }],
	[
		'an unknown word outside the guest',
		{ listing_phone: OTHER_PHONE, guest: { name: 'Mary', email: EMAIL } },
	],
	[
		'the device of a survey',
		{ deviceid: 'a', subscriberid: 'b', phonenumber: OTHER_PHONE, email: EMAIL },
	],
	[
		'a resource next to the client',
		{ client: { name: 'Mary', email: EMAIL }, resource: { name: 'Bob', phone: OTHER_PHONE } },
	],
	['another person', { bride_email: EMAIL, groom_phone: OTHER_PHONE }],
	[
		'a caller of an outgoing call',
		{ direction: 'outbound', email: EMAIL, caller_number: OTHER_PHONE },
	],
])('does not use the phone of %s', (_, json) => {
	expect(sent(json)).toBe('email of the contact');
});

test.each<[what: string, json: Json]>([
	['two people at a wedding', { bride_email: EMAIL, bride_phone: PHONE, groom_phone: OTHER_PHONE }],
	['a form', { email: EMAIL, checkout_phone: PHONE }],
	['a social network', { email: EMAIL, facebook_phone: PHONE }],
	['a custom field', { email: EMAIL, cf_mobile: PHONE, x_studio_mobile: '' }],
	['a notation', { email: EMAIL, phone_intl: PHONE }],
	['sections of a form', { 'group_x/email': EMAIL, 'group_y/phone': PHONE }],
	['one unknown word for both', { unmasked_email: EMAIL, unmasked_phone: PHONE }],
	['a number at home, in Spanish', { Correo: EMAIL, 'Teléfono de la casa': PHONE }],
	['a number at work, in German', { 'E-Mail': EMAIL, 'Telefon (Büro)': PHONE }],
	['a number to be reached at, in Vietnamese', { Email: EMAIL, 'Số điện thoại liên hệ': PHONE }],
	['your phone, in Turkish', { Email: EMAIL, 'Cep telefonu numaranız': PHONE }],
	['a question', { Email: EMAIL, "What's the best phone for a demo?": PHONE }],
	['a main contact', { email: EMAIL, primary_contact_phone: PHONE }],
	['labels, one of them known', { email: EMAIL, phones: { nok: OTHER_PHONE, personal: PHONE } }],
	[
		'labeled entries, one of them known',
		{
			email: EMAIL,
			phones: [
				{ label: 'Grandma', number: OTHER_PHONE },
				{ label: 'Mobile', number: PHONE },
			],
		},
	],
	['a caller', { direction: 'inbound', email: EMAIL, caller_number: PHONE }],
])('uses the phone under %s', (_, json) => {
	expect(sent(json)).toBe(both);
});

test('reads a number with its country code under a word for the contact', () => {
	expect(sent({ email: EMAIL, contact: PHONE })).toBe(both);
	expect(sent({ email: EMAIL, contact: '4915112345678' })).toBe('email of the contact');
	expect(sent({ event: 'paid', payment: { id: 'p', email: EMAIL, contact: PHONE } })).toBe(both);
});

test('takes the user of an order for the buyer if both have one name', () => {
	const user = { id: 1, email: EMAIL, first_name: 'Mary', last_name: 'Smith' };
	const order = {
		id: 2,
		total: 9,
		product: 'x',
		coupon: '',
		status: 'paid',
		items: [],
		created: '',
	};
	expect(sent({ order: 'created', payload: { ...order, billing_name: 'Mary Smith', user } })).toBe(
		'email of the contact',
	);
	expect(sent({ order: 'created', payload: { ...order, billing_name: 'Ann Lee', user } })).toBe(
		'nobody',
	);
});

test('reads no country in a system’s own number for it', () => {
	const phone = '0151 12345678';
	const sentTo = (json: Json) =>
		cleanContact(findContact(json), { hash: 'none', defaultCountry: 'DE' });
	expect(sentTo({ phone, country_id: 1 })).toMatchObject({ user: { Phone: '4915112345678' } });
	expect(sentTo({ phone, countryId: '1', data: {} })).toMatchObject({
		user: { Phone: '4915112345678' },
	});
	expect(sentTo({ phone, country: 'Atlantis' })).toEqual({ reason: 'phone_country_unknown' });
});

test('reports what it did not use', () => {
	expect(findContact({ email: EMAIL, nok_phone: OTHER_PHONE }).unused).toEqual([
		{ path: 'nok_phone', kind: 'phone' },
	]);
});

test.each<[what: string, json: Json]>([
	['an interpreter', { guest: { name: 'Bob', email: OTHER_EMAIL, role: 'interpreter' } }],
	['a company', { type: 'company', name: 'Acme', email: OTHER_EMAIL, phone: OTHER_PHONE }],
	['a company by its flag', { is_company: true, name: 'Acme', email: OTHER_EMAIL }],
	['an employee', { is_employee: true, name: 'Bob', email: OTHER_EMAIL }],
])('sends nothing of %s', (_, json) => {
	expect(sent(json)).toBe('nobody');
});

test('sends the person at a company', () => {
	const company = { type: 'company', name: 'Acme', email: EMAIL };
	expect(sent({ ...company, first_name: 'Mary' })).toBe('email of the contact');
	expect(sent({ ...company, first_name: ' ' })).toBe('nobody');
});

test.each<[what: string, json: Json]>([
	['a label', { label: 'Your email', type: 'email', value: EMAIL }],
	['a name', { name: 'email', value: EMAIL }],
])('prefers an answer that %s calls an email to one by its type', (_, answer) => {
	const other = { label: 'A friend of ours', type: 'email', value: OTHER_EMAIL };
	expect(sent({ answers: [other, answer] })).toBe('email of the contact');
	expect(sent({ answers: [{ ...other, label: 'Where to?', value: EMAIL }] })).toBe(
		'email of the contact',
	);
});

test.each<[what: string, meeting: Json]>([
	['its organizer', { organizer: { email: OTHER_EMAIL } }],
	['its host', { host: OTHER_EMAIL }],
	[
		'itself',
		{
			attendees: [
				{ email: OTHER_EMAIL, self: true },
				{ email: 'ann@agency.example' },
				{ email: EMAIL },
			],
		},
	],
])('leaves out who is at the mail domain of a meeting’s %s', (_, meeting) => {
	const attendees = [{ email: 'ann@agency.example' }, { email: EMAIL }];
	expect(sent({ summary: 'Demo', attendees, ...meeting })).toBe('email of the contact');
});

test('does not take people with a free mail address for colleagues', () => {
	const organizer = { email: 'bob@gmail.com' };
	const attendees = [{ email: 'mary@gmail.com' }];
	expect(findContact({ summary: 'Demo', organizer, attendees }).email).toBe('mary@gmail.com');
});

// A neighbor, a mother-in-law, or a nanny: words that no list has.
test.each([
	['E-Mail', 'Telefon Schwiegermutter'],
	['Correo', 'Teléfono de la vecina'],
	['Email', 'Téléphone de la nounou'],
	['E-mail', 'Telefone da vizinha'],
	['Email', 'Telefono della suocera'],
	['Email', 'Telefon teściowej'],
	['Почта', 'Телефон соседки'],
	['E-posta', 'Komşunun telefonu'],
	['邮箱', '媒人电话'],
	['メールアドレス', '大家の電話番号'],
	['이메일', '이웃 전화번호'],
	['Email', 'Số điện thoại hàng xóm'],
	['Email', 'No HP tetangga'],
	['البريد الإلكتروني', 'هاتف الجار'],
	['ईमेल', 'पड़ोसी का फोन'],
	['อีเมล', 'เบอร์โทรเพื่อนบ้าน'],
	['E-post', 'Grannens telefon'],
])('next to "%s", does not use "%s"', (email, phone) => {
	expect(sent({ [email]: EMAIL, [phone]: OTHER_PHONE })).toBe('email of the contact');
});

test.each([
	['邮箱', '常用手机号'],
	['邮箱', '绑定手机'],
	['メールアドレス', '日中連絡先電話番号'],
	['이메일', '휴대폰 번호'],
	['อีเมล', 'เบอร์โทรศัพท์มือถือ'],
	['البريد الإلكتروني', 'رقم الجوال'],
	['E-Mail', 'Telefonnummer für Rückfragen'],
	['Correo', 'Teléfono celular (10 dígitos)'],
	['Courriel', 'Téléphone de jour'],
	['E-mail', 'Celular com DDD'],
	['Email', 'Numero di cellulare'],
	['E-mailadres', 'Telefoonnummer overdag'],
	['Email', 'Phone number (required for shipping)'],
	['Email', 'Phone Number w/ area code'],
	['email', 'zalo_phone'],
	['email', 'phone_lead_form'],
	['email', 'subscriber_phone_e164'],
])('next to "%s", uses "%s"', (email, phone) => {
	expect(sent({ [email]: EMAIL, [phone]: PHONE })).toBe(both);
});
