import { cleanContact } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { findContact } from '../../nodes/AlibabaCloudChatApp/contacts/findContacts';
import { fieldsOf, readerAt } from './fieldsOf';
import shapes from './crm-shapes.json';

describe('Map Automatically', () => {
	it.each(shapes)('finds the contact in: $shape', ({ json, user }) => {
		expect(cleanContact(findContact(json), { hash: 'none' })).toEqual({ user });
	});

	it('finds the same in an item whatever items came before it', () => {
		const alone = shapes.map(({ json }) => findContact(json));
		const mixed = [...shapes, ...shapes.toReversed(), ...shapes];
		const found = mixed.map(({ json }) => findContact(json));
		expect(found).toEqual([...alone, ...alone.toReversed(), ...alone]);
		expect(fieldsOf({ phone: 'a', mail: 'b' })).toEqual({
			phone: 'a',
			email: 'b',
			paths: { phone: 'phone', email: 'mail' },
		});
		expect(fieldsOf({ email: 'a', fax: 'b' })).toEqual({ email: 'a', paths: { email: 'email' } });
	});

	it.each([
		['cut off', '{"email":"mary@example.com"'],
		['a list', '["mary@example.com"]'],
		['too long', `{"email":"mary@example.com","notes":"${'a'.repeat(100_000)}"}`],
		['about the owner', '{"owner":{"email":"mary@example.com"}}'],
	])('reads nothing from a JSON text that is %s', (_, rawRequest) => {
		expect(fieldsOf({ rawRequest })).toEqual({});
	});

	it('prefers a mobile number to a landline, whatever their order in the item', () => {
		expect(findContact({ phone: '1', Mobile: '2' }).phone).toBe('2');
		expect(findContact({ Mobile: '2', phone: '1' }).phone).toBe('2');
	});

	it('uses the landline if the mobile field is empty', () => {
		expect(findContact({ mobile: ' ', phone: '1' }).phone).toBe('1');
		expect(findContact({ mobile: [], phone: '1' }).phone).toBe('1');
		expect(findContact({ mobile: 'n/a', phone: '1' }).phone).toBe('1');
	});

	it('never uses a fax, an owner, or an assistant as the contact', () => {
		const json = {
			fax: '1',
			Owner: { email: 'o@example.org' },
			AssistantPhone: '2',
			owner_email: 'o@example.org',
		};
		expect(fieldsOf(json)).toEqual({});
	});

	it.each([
		['the owner of a Pipedrive deal', { id: 1, user_id: { email: 'o@example.org' } }],
		['who wrote a Pipedrive note', { id: 1, deal_id: 2, user: { email: 'o@example.org' } }],
		['who works on a ClickUp task', { assignees: [{ email: 'o@example.org' }], watchers: [] }],
		['who made a commit', { commit: { committer: { email: 'o@example.org' } } }],
		['who changed a file', { lastModifyingUser: { emailAddress: 'o@example.org' } }],
		['an account', { Account: { Phone: '+493023125000' } }],
		['a company', { company: { email: 'o@example.org', phone: '+493023125000' } }],
		['a referrer', { referrer: { email: 'o@example.org' } }],
		['who was before', { previous: { email: 'o@example.org' } }],
	])('never uses %s as the contact', (_, json) => {
		expect(fieldsOf(json)).toEqual({});
	});

	it.each([
		['an event', { event: 'signup', user: { email: 'mary@example.com' } }, 'user.email'],
		[
			'an order',
			{ order: { payer: { email_address: 'mary@example.com' } } },
			'order.payer.email_address',
		],
		[
			'a deal',
			{ title: 'Deal', person_id: { email: [{ value: 'mary@example.com' }] } },
			'person_id.email',
		],
		[
			'a ticket',
			{ ticket: { requester: { email: 'mary@example.com' } } },
			'ticket.requester.email',
		],
		[
			"a message's list of ends",
			{
				type: 'inbound',
				message: { recipients: [{ handle: 'mary@example.com', role: 'from' }] },
			},
			'message.recipients[0].handle',
		],
	])('finds the person in %s', (_, json, path) => {
		expect(findContact(json).paths).toEqual({ email: path });
	});

	it.each([
		[
			{ "What's your email address?": 'a@b.com', 'The best number to reach you?': '+4930' },
			['email', 'phone'],
		],
		[{ 'Wie lautet deine Handynummer?': '+493023125000' }, ['phone']],
		[{ 客户邮箱: 'a@b.com', 客户手机号: '13812345678', 公司电话: '1' }, ['email', 'phone']],
		[{ identifiers: [{ type: 'email', id: 'a@b.com' }] }, ['email']],
		[
			{ column_values: [{ id: 'email', text: 'a@b.com', value: '{"email":"a@b.com"}' }] },
			['email'],
		],
		[{ "What is your manager's email?": 'o@example.org' }, []],
	])('reads a form or a list of fields: %j', (json, fields) => {
		expect(Object.keys(findContact(json).paths ?? {})).toEqual(fields);
	});

	it('never uses a fax because of the code of its entry', () => {
		const values = [
			{ value: '+12125550101', enum_code: 'FAX' },
			{ value: '+493023125000', enum_code: 'WORK' },
		];
		const json = { custom_fields_values: [{ field_name: 'Phone', values }] };
		expect(cleanContact(findContact(json), { hash: 'none' })).toEqual({
			user: { Phone: '493023125000' },
		});
	});

	it('prefers the top level to a wrapper', () => {
		expect(findContact({ body: { email: 'b' }, email: 'a' }).email).toBe('a');
	});

	it('prefers a field that names a country to a dialing code', () => {
		const json = { country_code: '+49', Country: 'Germany' };
		expect(findContact(json).country).toBe('Germany');
		expect(findContact({ country_code: '+49' }).country).toBe('+49');
	});

	it.each([
		[
			{
				billing_address: { phone: null, country_code: 'DE' },
				shipping_address: { phone: '212-555-0109', country_code: 'US' },
			},
			'12125550109',
		],
		[
			{
				default_address: { phone: null, country_code: 'GB' },
				addresses: [{ phone: '0171 3920000', country_code: 'DE' }],
			},
			'491713920000',
		],
		[
			{
				customer: { default_address: { phone: '0171 3920000', country_code: 'DE' } },
				shipping_address: { country_code: 'GB' },
			},
			'491713920000',
		],
		[
			{
				merge_fields: { PHONE: '0171 3920000', ADDRESS: { country: 'DE' } },
				location: { country_code: 'GB' },
			},
			'491713920000',
		],
		[{ country: 'GB', billing: { phone: '0171 3920000', country: 'DE' } }, '491713920000'],
		[{ country: 'Atlantis', phone: '0171 3920000', location: { country_code: 'GB' } }, undefined],
		[{ Phone: '0171 3920000', Country: 'Atlantis', 'Shipping Country': 'GB' }, undefined],
		[{ Phone: '0171 3920000', Country: '', 'Shipping Country': 'DE' }, '491713920000'],
		[{ Phone: '0171 3920000', Country: 49, 'Billing Country': 'DE' }, '491713920000'],
		[{ phone: '0171 3920000', shipping_address: { country_code: 'DE' } }, '491713920000'],
		[{ country: 'US', phone: { countryCode: 'GB', number: '2079460958' } }, '442079460958'],
		[
			{
				country: 'US',
				phones: [{ countryCode: 'AU', phone: '255501234', e164Phone: '+61255501234' }],
			},
			'61255501234',
		],
		[{ phone: { phone: '5145550123', countryShortName: 'CA' } }, '15145550123'],
		[{ fields: { Phone: '0171 3920000', Country: ['Germany', 'United Kingdom'] } }, undefined],
		[{ fields: { Phone: '0171 3920000', Country: ['Germany'] } }, '491713920000'],
	])('reads a number with the country that belongs to it: %j', (json, phone) => {
		const cleaned = cleanContact(findContact({ ...json, email: 'mary@example.com' }), {
			hash: 'none',
		});
		expect(cleaned).toMatchObject({ user: { Email: 'mary@example.com' } });
		expect('user' in cleaned && cleaned.user.Phone).toBe(phone);
	});

	it.each([
		{ WhatsApp: true, Phone: '+16505551212' },
		{ whatsapp: 'true', phone: '+16505551212' },
		{ MobilePhone: 'see notes', Phone: '+16505551212' },
		{ mobile: 1, address: { phone: '+16505551212' } },
		{
			phones: [
				{ label: 'mobile', value: 'call me' },
				{ label: 'work', value: '+16505551212' },
			],
		},
	])("prefers a number to something that isn't one: %j", (json) => {
		expect(cleanContact(findContact(json), { hash: 'none' })).toEqual({
			user: { Phone: '16505551212' },
		});
	});

	it("keeps a value that isn't a number if there is nothing else, so that its reason is reported", () => {
		expect(findContact({ mobile: 'call me' }).phone).toBe('call me');
		expect(findContact({ address: { phone: 'call me' } }).phone).toBe('call me');
	});

	it('reads items that contain themselves', () => {
		const json: Record<string, unknown> = { email: 'a' };
		json.data = json;
		expect(findContact(json).email).toBe('a');
	});
});

it('uses the next value of a field if the first is invalid, and says so', () => {
	const odoo = {
		email: 'mary@',
		email_normalized: 'mary@example.com',
		phone: '12345',
		phone_sanitized: '+491713920000',
	};
	expect(cleanContact(findContact(odoo), { hash: 'none' })).toEqual({
		user: { Email: 'mary@example.com', Phone: '491713920000' },
		dropped: 'email_invalid',
		paths: { email: 'email_normalized', phone: 'phone_sanitized' },
	});
	const list = { phones: [{ value: '+49 12' }, { value: '123456' }, { value: '+49 171 3920000' }] };
	expect(cleanContact(findContact(list), { hash: 'none' })).toMatchObject({
		user: { Phone: '491713920000' },
		dropped: 'phone_no_country',
	});
});

describe('Map Each Field Below', () => {
	const json = {
		contact: { email: 'a', phones: [{ value: '1' }, { value: '2' }], 'home country': 'FR' },
		'contact.email': undefined as string | undefined,
		'mail.main': { text: 'c' },
	};

	it.each([
		['contact.email', 'a'],
		['contact.phones[1].value', '2'],
		['["contact"]["phones"][0]["value"]', '1'],
		["contact['home country']", 'FR'],
		['["mail.main"].text', 'c'],
		['contact.missing.deep', undefined],
		['', undefined],
		['  ', undefined],
	])('reads %s', (path, expected) => {
		const { 'contact.email': _, ...item } = json;
		expect(readerAt({ email: path })(item).email).toBe(expected);
	});

	it.each([
		['the nested value where there is one', { a: { b: 'nested' }, 'a.b': 'dot' }, 'nested'],
		['the nested value though it is empty', { a: { b: null }, 'a.b': 'dot' }, null],
		['a key that holds the dot where the path leads nowhere', { a: {}, 'a.b': 'dot' }, 'dot'],
		['a key that holds the dot where it is alone', { 'a.b': 'dot' }, 'dot'],
	])('takes %s', (_, item, expected) => {
		expect(readerAt({ email: 'a.b' })(item).email).toBe(expected);
	});

	it('reads each field from its own path, and no field without one', () => {
		const read = readerAt({ phone: 'p', country: 'c' });
		expect(read({ email: 'x', p: '1', c: 'FR' })).toEqual({
			phone: '1',
			country: 'FR',
			paths: { phone: 'p', country: 'c' },
		});
	});

	it('names the opt-out of the entry that a path chooses by its data path', () => {
		const json = { title: 'Call', attendees: [{ email: 'x', unsubscribed: true }, { email: 'y' }] };
		expect(readerAt({ email: 'attendees[0].email' })(json).optedOutBy).toBe(
			'attendees[0].unsubscribed',
		);
	});

	it("reads nothing below a value that isn't an object", () => {
		expect(readerAt({ email: 'a.b.c' })({ a: 'text' }).email).toBeUndefined();
		expect(readerAt({ email: 'a.b.c' })({ a: null }).email).toBeUndefined();
	});
});
