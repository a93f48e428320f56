import fc from 'fast-check';
import { findContact } from '../../../nodes/AlibabaCloudChatApp/contacts/findContacts';
import { contactsIn, errorOf, TestFile } from './files';

describe("'Map Automatically'", () => {
	it('finds the fields by the names of the columns, as it does in items', async () => {
		const { contacts } = await contactsIn(
			'Id,E-Mail,Mobile Phone,Country,Billing Country\n1,a@example.com,0171 3920000,,Germany\n2,,,,\n3\n',
		);
		expect(contacts).toEqual(
			[
				{
					'E-Mail': 'a@example.com',
					'Mobile Phone': '0171 3920000',
					Country: '',
					'Billing Country': 'Germany',
				},
				{ 'E-Mail': '', 'Mobile Phone': '', Country: '', 'Billing Country': '' },
				{
					'E-Mail': undefined,
					'Mobile Phone': undefined,
					Country: undefined,
					'Billing Country': undefined,
				},
			].map((row) => findContact(row)),
		);
		expect(contacts[0]).toMatchObject({
			email: 'a@example.com',
			phone: '0171 3920000',
			country: 'Germany',
		});
	});

	const name = fc.constantFrom(
		'Email',
		'Work Email',
		'Phone',
		'Mobile',
		'Fax',
		'Country',
		'City',
		'Name',
		'WhatsApp',
		'data',
		'address',
	);
	const value = fc.constantFrom(
		'',
		'a@example.com',
		'+49 171 3920000',
		'(312) 555-0101',
		'DE',
		'Germany',
		'yes',
		'-',
	);
	it('finds in a row what it finds in an item with the same fields', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc
					.uniqueArray(name, { minLength: 2, maxLength: 8 })
					.filter((names) => /mail|Phone|Mobile|WhatsApp/.test(names.join())),
				fc.array(fc.array(value, { minLength: 8, maxLength: 8 }), { minLength: 1, maxLength: 5 }),
				async (names, values) => {
					const rows = values.map((cells) => cells.slice(0, names.length));
					const text = [names, ...rows]
						.map((cells) => cells.map((cell) => `"${cell}"`).join(','))
						.join('\n');
					const { contacts } = await contactsIn(text);
					expect(contacts).toEqual(
						rows.map((cells) =>
							findContact(Object.fromEntries(names.map((key, at) => [key, cells[at]]))),
						),
					);
				},
			),
			{ seed: 20200606, numRuns: 300 },
		);
	});

	it('uses the second of two columns with one name if the first is empty', async () => {
		const { contacts } = await contactsIn(
			'Email,Phone,Phone\n,,+493023125000\n,+493023125001,+493023125002\n',
		);
		expect(contacts.map(({ phone }) => phone)).toEqual(['+493023125000', '+493023125001']);
	});

	it('names the columns if none is recognized', async () => {
		const { code, message } = await errorOf('Foo;Bar\n1;2\n');
		expect(code).toBe('file_no_column');
		expect(message).toContain("its columns are 'Foo', 'Bar'");
		expect(message).toContain("'Mapping Mode' to Map Each Field Below");
	});

	it.each([
		['an email', 'mary@example.com,Mary\njohn@example.com,John\n'],
		['a phone number', 'Mary,+1 650 555 0112\nJohn,+1 650 555 0113\n'],
	])("doesn't show a contact in place of the column names, recognized by %s", async (_, text) => {
		const { code, message } = await errorOf(text);
		expect(code).toBe('file_no_column');
		expect(message).toContain("'Header Row'");
		const mapped = await errorOf(text, { mapping: { email: 'Mail' } });
		expect(mapped.message).toBe("The file has no column 'Mail'. Check 'Email Field'");
		expect(message).not.toMatch(/mary|650/i);
	});

	it("can't recognize columns without names", async () => {
		expect(await errorOf('mary@example.com,x\n', { headerRow: false })).toMatchObject({
			code: 'file_no_column',
			message: expect.stringContaining('0 for the first'),
		});
	});
});

describe("'Map Each Field'", () => {
	const TEXT = ' E-Mail ,contact.phone,land\na@example.com,0171 3920000,DE\n';

	it.each([
		[{ email: 'E-Mail', phone: 'contact.phone', country: 'land' }],
		[{ email: '["E-Mail"]', phone: "['contact.phone']", country: ' land ' }],
	])('finds the columns by name: %j', async (mapping) => {
		const { contacts } = await contactsIn(TEXT, { mapping });
		expect(contacts).toEqual([{ email: 'a@example.com', phone: '0171 3920000', country: 'DE' }]);
	});

	it('finds the columns by position if they have no names', async () => {
		const { contacts } = await contactsIn(TEXT, {
			headerRow: false,
			mapping: { email: '0', country: '2' },
		});
		expect(contacts[1]).toEqual({ email: 'a@example.com', phone: undefined, country: 'DE' });
		expect(contacts).toHaveLength(2);
	});

	it('says if there is no such column, or none is given', async () => {
		expect(await errorOf(TEXT, { mapping: { email: 'Mail' } })).toMatchObject({
			code: 'file_no_column',
			message:
				"The file has no column 'Mail'; its columns are 'E-Mail', 'contact.phone', 'land'. Check 'Email Field'",
		});
		expect(await errorOf(TEXT, { headerRow: false, mapping: { email: '3' } })).toMatchObject({
			code: 'file_no_column',
		});
		expect(await errorOf(TEXT, { mapping: { country: 'land' } })).toMatchObject({
			code: 'file_no_column',
		});
	});
});

it("skips rows that can't be read, as empty contacts", async () => {
	const { contacts, source } = await contactsIn(
		'email,name\na@example.com,A\nb@example.com,"B\nc@example.com,C',
		{
			skipUnreadable: true,
		},
	);
	expect(contacts.map(({ email }) => email)).toEqual(['a@example.com', undefined, 'c@example.com']);
	expect(source.facts.unreadableRows).toEqual({
		count: 1,
		what: 'The quoted field that begins in row 3 never ends',
	});
});

it('counts the rows that cannot be read, and shows the first of them', async () => {
	const { source } = await contactsIn('email\na@example.com\n"b\n"c\nd@example.com\n"e', {
		skipUnreadable: true,
	});
	expect(source.facts).toMatchObject({
		rows: 5,
		unreadableRows: { count: 3, what: expect.stringContaining('row 3 ') },
		wideRows: undefined,
	});
	const { source: whole } = await contactsIn('email\na@example.com\n', { skipUnreadable: true });
	expect(whole.facts).toMatchObject({ rows: 1, unreadableRows: undefined });
});

it('notes rows with more cells than there are columns', async () => {
	const { source } = await contactsIn(
		'email,name\na@example.com\nb@example.com,B,x\nc@example.com,C,,\n',
	);
	expect(source.facts).toMatchObject({ rows: 3, wideRows: { count: 2, row: 3 } });
});

it('returns the same contacts each time it is opened', async () => {
	const file = new TestFile('email\na@example.com\nb@example.com\n', 3);
	const { contacts, source } = await contactsIn(file);
	const again = [];
	for await (const chunk of source.open()) again.push(...chunk);
	expect(again).toEqual(contacts);
	expect(source.facts.rows).toBe(2);
});

describe("a contact's row is numbered as in a spreadsheet", () => {
	it.each<[string, string, boolean, number[]]>([
		['behind the names', 'email\na@example.com\nb@example.com\n', true, [2, 3]],
		['from the first', 'a@example.com\nb@example.com\n', false, [1, 2]],
		[
			'past empty lines',
			'\n\nemail\n\na@example.com\nb@example.com\n\n\nc@example.com',
			true,
			[5, 6, 9],
		],
	])('%s', async (_, text, headerRow, rows) => {
		const mapping = { email: headerRow ? 'email' : '0' };
		const { source } = await contactsIn(text, { headerRow, mapping });
		expect(rows.map((_row, ref) => source.rowOf(ref))).toEqual(rows);
	});

	it('over many chunks, and again when the file is opened again', async () => {
		const line = `${'x'.repeat(1000)}@example.com\n`;
		const text = `email\n${line.repeat(100)}\n${line.repeat(100)}`;
		const { source } = await contactsIn(new TestFile(text));
		expect([0, 99, 100, 199].map((ref) => source.rowOf(ref))).toEqual([2, 101, 103, 202]);
		for await (const chunk of source.open()) {
			if (chunk.length > 0) break;
		}
		expect([source.rowOf(0), source.rowOf(199)]).toEqual([2, 201]);
	});

	it('in little time, though there is an empty line before each of 100,000 rows', async () => {
		const { source } = await contactsIn(`email${'\n\nann@example.com'.repeat(100_000)}`);
		// A look at each gap before a row takes ten seconds.
		const numbers = Array.from({ length: 100_000 }, (_, ref) => source.rowOf(ref));
		expect([numbers[0], numbers[1], numbers.at(-1)]).toEqual([3, 5, 200_001]);
	}, 8000);
});
