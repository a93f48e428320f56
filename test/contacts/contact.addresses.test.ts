import { cleanContact } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { findContact } from '../../nodes/AlibabaCloudChatApp/contacts/findContacts';
import { rowReader } from '../../nodes/AlibabaCloudChatApp/sources/file/columns';
import { readerAt } from './fieldsOf';

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

it("drops other phones in countries that Meta doesn't message, but removes those of people who said no", () => {
	const raw = findContact({ mobile: '+14155550123', home_phone: '+4915112345678' });
	const options = { hash: 'none', addresses: 'all', unreachable: 'leaveOut' } as const;
	expect(cleanContact(raw, options)).toMatchObject({ user: { Phone: '14155550123' } });
	expect(cleanContact(raw, options)).not.toHaveProperty('more');
	expect(cleanContact({ ...raw, optedOutBy: 'x' }, options)).toMatchObject({
		usersToRemove: [{ Phone: '14155550123' }, { Phone: '4915112345678' }],
	});
});

it("reads another phone without the first one's area and calling codes, valid or not", () => {
	const codes = { callingCode: '54', areaCode: '11', country: 'AR' };
	const morePhones = [{ value: '4311-4333', path: 'home_phone' }];
	const options = { hash: 'none', addresses: 'all' } as const;
	const two = cleanContact({ phone: '4311-4332', ...codes, morePhones }, options);
	expect(two).toMatchObject({ user: { Phone: '541143114332' } });
	expect(two).not.toHaveProperty('more');
	expect(cleanContact({ phone: '1', ...codes, morePhones }, options)).toHaveProperty('reason');
});

it("reads only the nearest phone with an area code's field", () => {
	const near = { country: 'AR', area_code: '11', phone: '4311-4332', phone_2: '4311-4333' };
	expect(rowsOf(near)).toEqual([{ Phone: '541143114332' }]);
	const code = { country: 'AR', phone_2: '4311-4333', area_code: '11', other: '', phone: '1' };
	expect(rowsOf(code)).toEqual([{ Phone: '541143114333' }]);
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

it('sends one user with only the best addresses', () => {
	expect(rowsOf({ email: 'ada@example.com', email_2: 'ada@work.example' }, 'best')).toEqual([
		{ Email: 'ada@example.com' },
	]);
});

const WORK = 'ada@work.example';
const OWN = 'ada@example.com';
const OTHER = 'lovelace@example.com';
const LANDLINE = '+14155550124';
const AT_WORK = '+14155550125';
const MOBILE = '+14155550123';
const asUser = (value: string) =>
	value.includes('@') ? { Email: value } : { Phone: value.replace('+', '') };

describe('a personal address comes before a company’s', () => {
	it.each<[object, string]>([
		[{ work_email: WORK, home_email: OWN }, OWN],
		[{ homeEmail: OWN, workEmail: WORK }, OWN],
		[{ 'Email (Work)': WORK, 'Email (Personal)': OWN }, OWN],
		[{ 'Office Email': WORK, 'Private Email': OWN }, OWN],
		[{ business_email: WORK, other_email: OTHER, personal_email: OWN }, OWN],
		[{ 'E-Mail geschäftlich': WORK, 'E-Mail privat': OWN }, OWN],
		[{ 'E-mail professionnel': WORK, 'E-mail personnel': OWN }, OWN],
		[{ 'Correo de trabajo': WORK, 'Correo personal': OWN }, OWN],
		[{ 'Рабочий email': WORK, 'Личный email': OWN }, OWN],
		[{ 工作邮箱: WORK, 个人邮箱: OWN }, OWN],
		[{ 会社メール: WORK, 個人メール: OWN }, OWN],
		[{ emails: { work: WORK, home: OWN } }, OWN],
		[{ emailAddresses: { work: [WORK], private: [OWN] } }, OWN],
		[{ work: { email: WORK }, home: { email: OWN } }, OWN],
		[
			{
				emails: [
					{ type: 'work', value: WORK },
					{ type: 'home', value: OWN },
				],
			},
			OWN,
		],
		[
			{
				emails: [
					{ label: 'Office', email: WORK },
					{ label: 'Other', email: OTHER },
					{ label: 'Personal', email: OWN },
				],
			},
			OWN,
		],
		[
			{
				email: JSON.stringify([
					{ label: 'work', value: WORK },
					{ label: 'home', value: OWN },
				]),
			},
			OWN,
		],
		[
			{
				'E-mail 1 - Type': 'Work',
				'E-mail 1 - Value': WORK,
				'E-mail 2 - Type': '* Home',
				'E-mail 2 - Value': OWN,
			},
			OWN,
		],
		[{ workPhone: AT_WORK, homePhone: LANDLINE }, LANDLINE],
		[{ businessPhones: [AT_WORK], homePhones: [LANDLINE] }, LANDLINE],
		[
			{
				phones: [
					{ type: 'work', number: AT_WORK },
					{ type: 'home', number: LANDLINE },
				],
			},
			LANDLINE,
		],
		[
			{
				'Phone 1 - Type': 'Work',
				'Phone 1 - Value': AT_WORK,
				'Phone 2 - Type': 'Home',
				'Phone 2 - Value': LANDLINE,
			},
			LANDLINE,
		],
	])('%j: %s', (json, best) =>
		expect(rowsOf(json as Record<string, unknown>, 'best')).toEqual([asUser(best)]),
	);
});

describe('a company’s address is still sent first', () => {
	it.each<[string, object, string]>([
		['without another', { work_email: WORK }, WORK],
		['if the personal one is invalid', { work_email: WORK, home_email: 'none@' }, WORK],
		[
			'if the CRM marks it as primary',
			{
				emails: [
					{ label: 'home', value: OWN },
					{ label: 'work', value: WORK, primary: true },
				],
			},
			WORK,
		],
		[
			'if nothing says whose the other one is',
			{ emails: [{ type: 'work', value: WORK }, OWN] },
			WORK,
		],
		['if it is the mobile number', { home_phone: LANDLINE, work_mobile: MOBILE }, MOBILE],
		[
			'if its label is a mobile number’s',
			{
				phones: [
					{ type: 'home', value: LANDLINE },
					{ type: 'work mobile', value: MOBILE },
				],
			},
			MOBILE,
		],
	])('%s', (_, json, best) =>
		expect(rowsOf(json as Record<string, unknown>, 'best')).toEqual([asUser(best)]),
	);

	it('with the plain email before the one that is marked as second', () => {
		expect(rowsOf({ email: OWN, email_2: OTHER, email_2_type: 'home' }, 'best')).toEqual([
			{ Email: OWN },
		]);
	});
});

it('also sends a company’s address if all are sent', () => {
	const json = { emails: { work: WORK, home: OWN }, phones: { work: AT_WORK, mobile: MOBILE } };
	expect(rowsOf(json)).toEqual([
		{ Email: OWN, Phone: '14155550123' },
		{ Email: WORK },
		{ Phone: '14155550125' },
	]);
});

describe('the same applies', () => {
	const userOf = (raw: ReturnType<typeof findContact>) =>
		cleanContact(raw, { hash: 'none' }) as { user?: object };

	it.each([
		[
			['Work Email', 'Home Email'],
			[WORK, OWN],
		],
		[
			['E-mail 1 - Label', 'E-mail 1 - Value', 'E-mail 2 - Label', 'E-mail 2 - Value'],
			['Work', WORK, 'Home', OWN],
		],
		[
			['E-Mail dienstlich', 'E-Mail privat'],
			[WORK, OWN],
		],
	])('for a file’s columns %j', (names, cells) =>
		expect(userOf(rowReader(names, 'auto')(cells)).user).toEqual({ Email: OWN }),
	);

	it('for a list in a field that a person chose', () => {
		const read = readerAt({ email: 'contact.emails' });
		const emails = [
			{ type: 'work', value: WORK },
			{ type: 'home', value: OWN },
		];
		expect(userOf(read({ contact: { emails } })).user).toEqual({ Email: OWN });
	});
});
