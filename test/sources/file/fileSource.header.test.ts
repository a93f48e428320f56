import { contactsIn, errorOf, rowsIn } from './files';

const LINKEDIN = [
	'Notes:',
	'"A note on what this file holds, and what it leaves out."',
	'',
	'First Name,Last Name,URL,Email Address,Company',
	'Ann,A,https://www.example.com/in/a,ann@example.com,Acme',
].join('\n');

describe('column names are found below other lines:', () => {
	it.each<[string, string, number, number]>([
		['notes', LINKEDIN, 2, 5],
		[
			'a report and its period',
			'Per Contact Report\nReporting Period:,2014-01-01 to 2014-01-31\nCountry,Name,Email,Phone\nUSA,Ann,ann@example.com,(212) 555-0100\n',
			2,
			4,
		],
		[
			'comments',
			'# exported 2026-01-01\n# email, phone\nemail,phone\nann@example.com,+14155550100\n',
			2,
			4,
		],
		[
			'a title that itself mentions emails',
			'Email\nExport of 2026\nName;Email\nAnn;ann@example.com\n',
			2,
			4,
		],
		['29 lines', `${'x,y\n'.repeat(29)}name,email\nAnn,ann@example.com\n`, 29, 31],
		['none', 'email\nann@example.com\n', 0, 2],
	])('%s', async (_, text, rowsAbove, row) => {
		const { contacts, source } = await contactsIn(text);
		expect(contacts).toMatchObject([{ email: 'ann@example.com' }]);
		expect(source.facts.head?.rowsAbove).toBe(rowsAbove);
		expect(source.rowOf(0)).toBe(row);
	});

	it('but a contact in JSON is not one of them', async () => {
		const ann = `"[{""name"": ""Ann"", ""email"": ""ann@example.com""}]"`;
		expect(await errorOf(`id,list\n1,${ann}\n2,${ann}\n`)).toMatchObject({
			code: 'file_no_column',
		});
	});

	it('but not below the thirtieth row', async () => {
		const text = `${'x,y\n'.repeat(30)}name,email\nAnn,ann@example.com\n`;
		expect(await errorOf(text)).toMatchObject({ code: 'file_no_column' });
	});

	it('by the columns that the person chose', async () => {
		const { contacts } = await contactsIn('Export\nfoo;bar\nann@example.com;1\n', {
			mapping: { email: 'foo' },
		});
		expect(contacts).toMatchObject([{ email: 'ann@example.com' }]);
	});
});

it("the first row that names a contact's fields counts if no row below it has a contact", async () => {
	const { header, rows } = await rowsIn('x;y\nname;email\nAnn;\nBob;\n');
	expect([header, rows]).toEqual([
		['name', 'email'],
		[
			['Ann', ''],
			['Bob', ''],
		],
	]);
});

it("a contact that mentions a column's name isn't a header", async () => {
	const { rows } = await rowsIn(
		'name,email,channel\nAnn,ann@example.com,Email\nBob,bob@example.com,Phone\n',
	);
	expect(rows).toHaveLength(2);
});
