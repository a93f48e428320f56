import XLSX from '@e965/xlsx';
import fc from 'fast-check';
import {
	csvFile,
	returnedHeader,
	returnedRow,
	type ReturnedFile,
	xlsxFile,
} from '../../../nodes/AlibabaCloudChatApp/sources/file/returnedFile';
import { rowsIn } from './files';

async function* chunks(...all: unknown[][][]) {
	yield* all;
}

async function bytesOf({ bytes }: ReturnedFile): Promise<Buffer> {
	const parts: Uint8Array[] = [];
	for await (const part of bytes) parts.push(part);
	return Buffer.concat(parts);
}

const WHY: [string, string] = ['email_invalid', 'Enter one address'];
const returned = (header: string[], rows: string[][]) =>
	chunks(
		[returnedHeader(header)],
		[],
		rows.map((cells) => returnedRow(cells, header.length, WHY)),
	);

it('a CSV file is written for spreadsheets', async () => {
	const rows = chunks(
		[['a', 'b;c']],
		[],
		[
			['"', 'x\ny'],
			[1, undefined],
		],
	);
	const file = csvFile('x.csv', rows, ';');
	expect(file).toMatchObject({ name: 'x.csv', mimeType: 'text/csv' });
	expect((await bytesOf(file)).toString()).toBe('\ufeffa;"b;c"\r\n"""";"x\ny"\r\n1;\r\n');
	expect((await bytesOf(csvFile('x.csv', chunks()))).toString()).toBe('');
});

describe('a cell of a CSV file stays text in a spreadsheet:', () => {
	it.each([
		['=1+1', "'=1+1"],
		['=HYPERLINK("https://example.com")', `"'=HYPERLINK(""https://example.com"")"`],
		['+1+cmd|x', "'+1+cmd|x"],
		['-2+3', "'-2+3"],
		['@SUM(A1)', "'@SUM(A1)"],
		['\t=1', "'\t=1"],
		['\r=1', `"'\r=1"`],
		["'=1", "''=1"],
		['+49 151 12345678', '+49 151 12345678'],
		['+1 (206) 555-0123', '+1 (206) 555-0123'],
		['-5', '-5'],
		["'+4915112345678", "''+4915112345678"],
		['a=b', 'a=b'],
		["o'neil", "o'neil"],
	])('%j is %s', async (cell, written) => {
		const text = (await bytesOf(csvFile('x.csv', chunks([[cell]]), ';'))).toString();
		expect(text).toBe(`\ufeff${written}\r\n`);
	});
});

const cell = fc.string({
	unit: fc.constantFrom(
		'a',
		'1',
		' ',
		'=',
		'+',
		'-',
		'@',
		"'",
		'\t',
		'\r',
		'\n',
		'"',
		';',
		'名',
		'_x0041_',
		'<',
		'&',
	),
	maxLength: 6,
});
const width = 3;
const cells = fc.array(cell, { minLength: width, maxLength: width });

it('a returned CSV file is read unchanged when it is sent again, twice', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(cells, { minLength: 1, maxLength: 8 }), async (rows) => {
			// A CR alone ends a row, and is a break within quotes.
			const plain = rows.map((row) => row.map((each) => each.replace(/\r/g, '')));
			const header = ['email', 'b', '=c'];
			const once = await bytesOf(csvFile('invalid.csv', returned(header, plain), ';'));
			const read = await rowsIn(once);
			expect([read.header, read.rows]).toEqual([header, plain]);
			const twice = await bytesOf(csvFile('invalid.csv', returned(header, read.rows), ';'));
			expect(twice.equals(once)).toBe(true);
		}),
		{ seed: 20200606, numRuns: 300 },
	);
});

it('a returned workbook is read unchanged when it is sent again, by two readers', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(cells, { minLength: 1, maxLength: 8 }), async (all) => {
			const rows = all.map((row) => [`${row[0]}x`, ...row.slice(1)]);
			const header = ['email', 'b', '=c'];
			const bytes = await bytesOf(xlsxFile('invalid.xlsx', returned(header, rows), 'List'));
			const read = await rowsIn(bytes);
			const filled = (text = '') => (/\S/.test(text) ? text : '');
			expect(read.header).toEqual(header);
			expect(read.head?.sheet).toBe('List');
			expect(read.rows.map((row) => header.map((_, at) => row[at] ?? ''))).toEqual(
				rows.map((row) => row.map(filled)),
			);
			const sheet = XLSX.read(bytes).Sheets.List as XLSX.WorkSheet;
			const [, ...theirs] = XLSX.utils.sheet_to_json<string[]>(sheet, { header: 1, defval: '' });
			const withoutReturns = (text: string) => filled(text.replace(/\r/g, ''));
			expect(theirs.map((row) => row.slice(0, width).map(withoutReturns))).toEqual(
				rows.map((row) => row.map(withoutReturns)),
			);
		}),
		{ seed: 20200606, numRuns: 60 },
	);
});

it('every cell of a returned workbook is text', async () => {
	const bytes = await bytesOf(
		xlsxFile('x.xlsx', chunks([['phone'], ['4915112345678'], ['=1+1'], [7]])),
	);
	const { Sheets, SheetNames } = XLSX.read(bytes);
	const sheet = Sheets.Contacts as XLSX.WorkSheet;
	expect(SheetNames).toEqual(['Contacts']);
	expect(['A2', 'A3', 'A4'].map((at) => [sheet[at].t, sheet[at].v, sheet[at].f])).toEqual([
		['s', '4915112345678', undefined],
		['s', '=1+1', undefined],
		['s', '7', undefined],
	]);
});

it.each(['a/b', "'a'", 'x'.repeat(32), '', 'a:b'])(
	"a name that isn't allowed for a sheet is replaced: %s",
	async (name) => {
		expect(XLSX.read(await bytesOf(xlsxFile('x.xlsx', chunks([['a']]), name))).SheetNames).toEqual([
			'Contacts',
		]);
	},
);

it("a cell is cut at Excel's limit", async () => {
	const bytes = await bytesOf(xlsxFile('x.xlsx', chunks([['x'.repeat(40_000)]])));
	expect((await rowsIn(bytes, { headerRow: false })).rows[0]?.[0]).toHaveLength(32_767);
});

it('a file that would be too large ends with an error', async () => {
	const row = ['x'.repeat(2 ** 24)];
	async function* endless() {
		for (;;) yield [row];
	}
	await expect(bytesOf(csvFile('x.csv', endless()))).rejects.toThrow('larger than 256 MB');
});
