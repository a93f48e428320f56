import type { IDataObject } from 'n8n-workflow';
import { runNode } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { useSimulator } from '../simulator/useSimulator';

const simulator = useSimulator();

async function summaryOf(contacts: IDataObject[], set = {}) {
	const { output, calls, error } = await runNode({
		simulator,
		items: contacts,
		set: { underMinimum: 'warn', ...set },
		clock: stillClock(),
	});
	expect(error).toBeUndefined();
	return {
		summary: output?.[0] as Record<string, unknown>,
		users: calls.flatMap(({ users }) => users as Array<Record<string, string>>),
	};
}

const mobile = (index: number) => `0151 1234${String(1000 + index)}`;

describe('the summary shows where contacts had their fields', () => {
	it.each([
		['邮箱', '手机号', '国家', '德国'],
		['電子郵件', '手機', '國家', '德國'],
		['E-Mail', 'Mobilnummer', 'Land', 'Deutschland'],
		['Correo electrónico', 'Teléfono móvil', 'País', 'Alemania'],
		['Adresse e-mail', 'Téléphone portable', 'Pays', 'Allemagne'],
		['Endereço de e-mail', 'Celular', 'País', 'Alemanha'],
		['Indirizzo e-mail', 'Cellulare', 'Paese', 'Germania'],
		['E-mailadres', 'Mobiel nummer', 'Land', 'Duitsland'],
		['Adres e-mail', 'Telefon komórkowy', 'Kraj', 'Niemcy'],
		['E-posta', 'Cep telefonu', 'Ülke', 'Almanya'],
		['Электронная почта', 'Мобильный телефон', 'Страна', 'Германия'],
		['メールアドレス', '携帯電話', '国', 'ドイツ'],
		['이메일', '휴대폰', '국가', '독일'],
		['Thư điện tử', 'Di động', 'Quốc gia', 'Đức'],
		['อีเมล', 'โทรศัพท์มือถือ', 'ประเทศ', 'เยอรมนี'],
		['Alamat email', 'Nomor HP', 'Negara', 'Jerman'],
		['البريد الإلكتروني', 'رقم الجوال', 'الدولة', 'ألمانيا'],
	])('under the headings %s, %s and %s', async (email, phone, country, germany) => {
		const contacts = [0, 1].map((index) => ({
			[email]: `mary${index}@example.com`,
			[phone]: mobile(index),
			[country]: germany,
		}));
		const { summary, users } = await summaryOf(contacts);
		expect(users).toEqual([
			{ Email: 'mary0@example.com', Phone: '4915112341000' },
			{ Email: 'mary1@example.com', Phone: '4915112341001' },
		]);
		expect(summary.fields).toEqual({ email, phone, country });
	});

	it('as the most common path of each, also of a value that was used instead', async () => {
		const { summary, users } = await summaryOf([
			{ mobile: '00 12345', phone: '+49 151 12345678', data: { email: 'a@example.com' } },
			{ mobile: '00 12345', phone: '+49 151 12345679', data: { email: 'b@example.com' } },
			{ phones: [{ value: '+49 151 12345670' }] },
		]);
		expect(users.map(({ Phone }) => Phone)).toEqual([
			'4915112345678',
			'4915112345679',
			'4915112345670',
		]);
		expect(summary.fields).toEqual({ email: 'data.email', phone: 'phone' });
		expect(summary.droppedFields).toEqual({ phone_not_possible: 2 });
	});

	it("as mapped with 'Map Each Field Below'", async () => {
		const contacts = [{ contact: { mail: 'mary@example.com' } }];
		const set = { mappingMode: 'defineBelow', emailField: 'contact.mail' };
		expect((await summaryOf(contacts, set)).summary.fields).toEqual({ email: 'contact.mail' });
	});
});

it('names the fields of the first item if none contains an email or phone', async () => {
	const contacts = [{ Eintrag: 'mary@example.com', id: 7, body: { Nummer: '0171 3920000' } }];
	const { summary } = await summaryOf(contacts);
	expect(summary).toMatchObject({ invalidReasons: { no_email_or_phone: 1 }, fields: {} });
	const warnings = (summary.warnings as string[]).join();
	expect(warnings).toContain(
		"the first item has 'Eintrag', 'id', 'body.Nummer'. Set 'Mapping Mode' to Map Each Field Below",
	);
	expect(warnings).not.toContain('mary@');
});

it('names none if only the first item has no such field', async () => {
	const { summary } = await summaryOf([{ Eintrag: 'x' }, { email: 'mary@example.com' }]);
	expect(String(summary.warnings)).not.toContain('Eintrag');
});

it('names them first if the mapped fields are empty', async () => {
	const contacts = [{ email: 'mary@example.com', id: 7 }];
	for (const emailField of ['mail.address', '={{ $json.mail ?? undefined }}']) {
		const { summary } = await summaryOf(contacts, { mappingMode: 'defineBelow', emailField });
		expect((summary.warnings as string[])[0]).toBe(
			"The fields chosen as 'Email Field' and 'Phone Field' are empty in every item; the first item has 'email', 'id'. Drag the right fields there, or set 'Mapping Mode' to Map Automatically",
		);
	}
});

it.each<[string, IDataObject, IDataObject, RegExp]>([
	[
		'none is chosen',
		{ email: 'mary@example.com' },
		{ mappingMode: 'defineBelow', emailField: ' ', countryField: 'country' },
		/^'Email Field' and 'Phone Field' are empty\. Drag a field .* into at least one of them/,
	],
	[
		'a field contains the text of a CSV file',
		{ data: 'Name;E-Mail\nMary;mary@example.com\n' },
		{},
		/^A field of the items contains a file's text, not contacts\. .* set 'Response Format' to File/,
	],
	['the first item is empty', {}, {}, /^The first item is empty, .* Connect a node that returns/],
	[
		'all names look like contacts',
		{ 'mary@example.com': 'gold' },
		{},
		/; the first item has no field to choose\. Check the previous node's output: each contact needs fields/,
	],
])('says so if %s', async (_, item, set, text) => {
	const { summary } = await summaryOf([item, item], set);
	expect((summary.warnings as string[])[0]).toMatch(text);
});

it('warns about a column that is mostly invalid, with the reason', async () => {
	const contacts = Array.from({ length: 12 }, (_, index) => ({
		email: `mary${index}@example.com`,
		Mobilnummer: mobile(index),
	}));
	const { summary } = await summaryOf(contacts);
	expect(summary.droppedFields).toEqual({ phone_no_country: 12 });
	expect((summary.warnings as string[]).join()).toMatch(
		/12 of 12 values in the phone field 'Mobilnummer' are invalid, 12 of them for this reason\. .+'Default Country'/,
	);
});

it('counts numbers without a plus and without any country by their calling code', async () => {
	const phones = ['6591234567', '16505551212', '16505551213', '+4915112345678'];
	const { summary } = await summaryOf(phones.map((phone) => ({ phone })));
	expect(summary.submitted).toBe(4);
	expect((summary.warnings as string[]).join()).toContain(
		'3 phone numbers have no plus and no country',
	);
	expect((summary.warnings as string[]).join()).toContain('(+1: 2, +65: 1)');
});
