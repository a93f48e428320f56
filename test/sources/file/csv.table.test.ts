import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import Papa from 'papaparse';
import { errorOf, rowsIn, TestFile } from './files';

fc.configureGlobal({ seed: 20200606, numRuns: 300 });

const SPECTRUM = join(__dirname, '../../../node_modules/csv-spectrum');

describe('the files of csv-spectrum', () => {
	const names = readdirSync(join(SPECTRUM, 'csvs')).map((file) => file.replace(/\.csv$/, ''));

	// Its JSON tells another phone number than its CSV.
	it.each(names.filter((name) => name !== 'location_coordinates'))('%s', async (name) => {
		const { header = [], rows } = await rowsIn(readFileSync(join(SPECTRUM, 'csvs', `${name}.csv`)));
		const objects = rows.map((cells) =>
			Object.fromEntries(header.map((key, at) => [key, cells[at]])),
		);
		expect(objects).toEqual(
			JSON.parse(readFileSync(join(SPECTRUM, 'json', `${name}.json`), 'utf8')),
		);
	});

	it("location_coordinates, which isn't UTF-8", async () => {
		const { rows } = await rowsIn(readFileSync(join(SPECTRUM, 'csvs/location_coordinates.csv')));
		expect(rows).toEqual([
			['2095257564', expect.stringContaining('37.8"N 121'), 'Modesto', 'Stanislaus'],
		]);
	});
});

const TABLES: Array<[what: string, text: string, rows: string[][]]> = [
	[
		'commas',
		'a,b\n1,2\n',
		[
			['a', 'b'],
			['1', '2'],
		],
	],
	[
		'semicolons, as Excel writes where the comma is decimal',
		'a;b\r\n1,5;2\r\n',
		[
			['a', 'b'],
			['1,5', '2'],
		],
	],
	[
		'tabs',
		'a\tb\n1,5\t2;3',
		[
			['a', 'b'],
			['1,5', '2;3'],
		],
	],
	[
		'vertical bars',
		'a|b\n1|2',
		[
			['a', 'b'],
			['1', '2'],
		],
	],
	[
		'a line that tells Excel the delimiter',
		'sep=;\r\na,x;b\r\n1;2',
		[
			['a,x', 'b'],
			['1', '2'],
		],
	],
	[
		'commas in the cells of a semicolon file',
		'a;b;c\nx, y;z, w;v, u\n',
		[
			['a', 'b', 'c'],
			['x, y', 'z, w', 'v, u'],
		],
	],
	[
		'semicolons in quoted names',
		'"a;b;c",d\n1,2\n',
		[
			['a;b;c', 'd'],
			['1', '2'],
		],
	],
	['one column', 'a\nmary@example.com\n', [['a'], ['mary@example.com']]],
	[
		'quotes, doubled',
		'a,b\n"say ""hi""",2',
		[
			['a', 'b'],
			['say "hi"', '2'],
		],
	],
	[
		'quotes within a cell',
		'a,b\n5" pipe,2\n',
		[
			['a', 'b'],
			['5" pipe', '2'],
		],
	],
	[
		'delimiters and breaks within quotes',
		'a,b\n"1,\n\r\n1",2\n',
		[
			['a', 'b'],
			['1,\n\r\n1', '2'],
		],
	],
	[
		'a quoted last cell before CRLF',
		'"a","b"\r\n"1","2"\r\n',
		[
			['a', 'b'],
			['1', '2'],
		],
	],
	['rows with fewer and with more cells', 'a,b\n1\n1,2,3\n', [['a', 'b'], ['1'], ['1', '2', '3']]],
	[
		'empty cells',
		'a,b\n,\n"",2\n',
		[
			['a', 'b'],
			['', ''],
			['', '2'],
		],
	],
	[
		'mixed line ends',
		'a,b\r\n1,2\n3,4\r\n',
		[
			['a', 'b'],
			['1', '2'],
			['3', '4'],
		],
	],
	[
		'CRLF',
		'name,email\r\nAda,ada@example.com\r\n',
		[
			['name', 'email'],
			['Ada', 'ada@example.com'],
		],
	],
	[
		'CR alone, with a break at the end of a quoted cell',
		'a,b\r1,"x\r"\r',
		[
			['a', 'b'],
			['1', 'x\n'],
		],
	],
	[
		'CR alone',
		'a,b\r1,"x\ny"\r3,4\r',
		[
			['a', 'b'],
			['1', 'x\ny'],
			['3', '4'],
		],
	],
	[
		'no break at the end',
		'a,b\n1,"2"',
		[
			['a', 'b'],
			['1', '2'],
		],
	],
	[
		'empty lines, and what DOS puts at the end',
		'\n\na,b\n\n1,2\n \r\n\n\x1a',
		[
			['a', 'b'],
			['1', '2'],
		],
	],
];

it.each(TABLES)('reads %s', async (_what, text, rows) => {
	const table = await rowsIn(text, { headerRow: false });
	expect(table.rows).toEqual(rows);
});

it('counts rows as a spreadsheet does', async () => {
	const { header, numbers } = await rowsIn('sep=,\na,b\n1,2\n\n"3\n3",4\n5,6\n');
	expect(header).toEqual(['a', 'b']);
	expect(numbers).toEqual([2, 4, 5]);
});

it('uses the chosen delimiter', async () => {
	const { rows } = await rowsIn('a;b,c\n1;2,3\n', { delimiter: ',' });
	expect(rows).toEqual([['1;2', '3']]);
});

const cell = fc.string({
	unit: fc.constantFrom('a', 'é', '名', '😀', ' ', '"', ',', ';', '\t', '\n', '\r\n', '1'),
});
const table = fc.integer({ min: 2, max: 4 }).chain((width) =>
	fc.array(fc.array(cell, { minLength: width, maxLength: width }), {
		minLength: 1,
		maxLength: 30,
	}),
);

it('reads what was written, in any dialect and any pieces', async () => {
	await fc.assert(
		fc.asyncProperty(
			table,
			fc.constantFrom(',', ';', '\t', '|'),
			fc.constantFrom('\n', '\r\n'),
			fc.constantFrom<BufferEncoding>('utf8', 'utf16le'),
			fc.integer({ min: 1, max: 50 }),
			async (rows, delimiter, newline, encoding, piece) => {
				const text = Papa.unparse(rows, { delimiter, newline, quotes: true });
				const file = new TestFile(Buffer.from(`\ufeff${text}${newline}`, encoding), piece);
				const read = await rowsIn(file, { headerRow: false, delimiter });
				expect(read.rows).toEqual(rows);
				expect(file.closed).toBe(file.opened);
			},
		),
	);
});

describe('rows that span pieces of a file', () => {
	it('are complete, with and without quotes', async () => {
		const rows = Array.from({ length: 9000 }, (_, id) => [
			`${id}`,
			`user${id}@example.com`,
			'x, y',
		]);
		const text = Papa.unparse([['id', 'email', 'note'], ...rows]);
		expect((await rowsIn(text)).rows).toEqual(rows);
		expect((await rowsIn(text.replaceAll('"x, y"', 'x')))!.rows.at(-1)).toEqual([
			'8999',
			'user8999@example.com',
			'x',
		]);
	});

	it('may be longer than one', async () => {
		const long = `${'x'.repeat(70_000)}"\n`;
		const { rows } = await rowsIn(
			Papa.unparse([
				['a', 'b'],
				[long, '1'],
				['2', long],
			]),
		);
		expect(rows).toEqual([
			[long, '1'],
			['2', long],
		]);
	});
});

describe('a row that cannot be read', () => {
	const OTHERS = "To send the other rows, turn on 'Skip Unreadable Rows' in 'File Options'";

	it('is reported with its number', async () => {
		expect(
			await errorOf('email,name\na@example.com,A\nb@example.com,"B\nc@example.com,C\n'),
		).toMatchObject({
			code: 'file_open_quote',
			message: `The quoted field that begins in row 3 never ends. No rows of the file were sent. Close or remove the quotation mark in row 3; if the file was cut off, export it again. ${OTHERS}`,
		});
		expect(await errorOf('email,name\na@example.com,"A\nb@example.com,"B"\n')).toMatchObject({
			code: 'file_stray_quote',
			message: `A quotation mark in row 2 joins it with the lines below. No rows of the file were sent. Close or remove the quotation mark in row 2. ${OTHERS}`,
		});
		expect(await errorOf(`email\n"${'x\n'.repeat(600_000)}`)).toMatchObject({
			code: 'file_long_row',
			message: `Row 2 is longer than 250,000 characters. No rows of the file were sent. Look for an unpaired quotation mark in row 2, or choose another 'Delimiter' in 'File Options'. ${OTHERS}`,
		});
	});

	it('is skipped up to the end of its line, however long it is', async () => {
		const text = `email\n"${'x\n'.repeat(510_000)}`;
		const { rows, numbers } = await rowsIn(text, { skipUnreadable: true });
		expect(rows).toHaveLength(510_000);
		expect([rows[0], rows[1], rows.at(-1)]).toEqual([['"x'], ['x'], ['x']]);
		expect(numbers.at(-1)).toBe(510_001);
	});

	it('is skipped quickly, even if every line opens a quotation mark', async () => {
		// A look through the rest behind each line took minutes.
		const text = `email\n${'"x\n'.repeat(60_000)}y@example.com`;
		const { rows, numbers } = await rowsIn(text, { skipUnreadable: true });
		expect([rows.length, rows[0], rows.at(-1)]).toEqual([60_001, ['"x'], ['y@example.com']]);
		expect(numbers.at(-1)).toBe(60_002);
	});

	it('is skipped line by line if the person wants that', async () => {
		const text = 'email,name\na@example.com,A\nb@example.com,"B\nc@example.com,C\nd@example.com,D';
		const { rows, numbers } = await rowsIn(text, { skipUnreadable: true });
		expect(rows.map(([email]) => email)).toEqual([
			'a@example.com',
			'b@example.com,"B',
			'c@example.com',
			'd@example.com',
		]);
		expect(numbers).toEqual([2, 3, 4, 5]);
	});
});
