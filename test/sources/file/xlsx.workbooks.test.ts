import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import XLSX from '@e965/xlsx';
import { errorOf, rowsIn } from './files';

const FOLDER = join(__dirname, '../../fixtures/workbooks');
const read = (name: string) => readFileSync(join(FOLDER, name));
const PROGRAMS = ['openpyxl', 'libreoffice', 'sheetjs', 'hucre'] as const;
const NUMBERS = [
	['Ann', 'ann@example.com', '4915112345678', '00007', '2026-01-31', 'TRUE', '1.5'],
	['Bob', 'bob@example.com', '2065550123', '00007', '2026-02-28 13:45:00', 'FALSE', '-3'],
	['Zoë Ünal', 'zoe@example.com', '0151234567', '00007', '1900-01-01'],
	['王小明', 'wang@example.com', '+8613800138000', '00007', undefined, 'TRUE', '12345678901234'],
];
// Its writer was given no formats.
const PLAIN_NUMBERS = NUMBERS.map(([name = '', email = '', phone = '', , date, ...rest]) => [
	name,
	email,
	phone.replace(/^[+0]/, ''),
	'7',
	...(name === 'Zoë Ünal' ? [] : [date, ...rest]),
]);

it.each(PROGRAMS)(
	'numbers, formats, and dates are right to the digit in a workbook of %s',
	async (program) => {
		const { head, rows } = await rowsIn(read(`${program}-numbers.xlsx`));
		expect(rows).toEqual(program === 'hucre' ? PLAIN_NUMBERS : NUMBERS);
		expect(head?.header).toEqual([
			'Name',
			'E-Mail',
			'Mobile',
			'Zip',
			'Signed up',
			'Agreed',
			'Score',
		]);
	},
);

it.each(PROGRAMS)('the sheet with contacts is found in a workbook of %s', async (program) => {
	const { head, rows, numbers } = await rowsIn(read(`${program}-sheets.xlsx`));
	expect(head).toMatchObject({ sheet: 'List', rowsAbove: 1, otherSheets: ['More & more'] });
	expect(numbers).toEqual([5, 8]);
	expect(rows).toEqual([
		[undefined, 'Ann', 'ann@example.com', '+49 151 12345678'],
		[undefined, 'Bob', 'bob@example.com', '0151 12345679'],
	]);
});

it.each(['openpyxl', 'libreoffice', 'n8n', 'hucre'])(
	'texts are right in a workbook of %s',
	async (program) => {
		const { rows } = await rowsIn(read(`${program}-texts.xlsx`));
		expect(rows).toEqual([
			['ann@example.com', '004915112345678', ' a\nb "c" <&> ', '1990-05-06'],
			['bob@example.com', "'+4915112345679", '=1+1 is text', '2000-02-29'],
			['cy@example.com', '+49 151 1234 5680', '\r kept'],
		]);
	},
);

it.each(PROGRAMS)(
	'a second reader reads the same texts and numbers in a workbook of %s',
	async (program) => {
		const bytes = read(`${program}-numbers.xlsx`);
		const sheet = XLSX.read(bytes).Sheets.Contacts as XLSX.WorkSheet;
		const [, ...theirs] = XLSX.utils.sheet_to_json<unknown[]>(sheet, { header: 1, raw: true });
		const { rows } = await rowsIn(bytes);
		for (const [at, values] of theirs.entries()) {
			for (const column of [0, 1, 2, 3, 6]) {
				const value = values[column];
				const own = rows[at]?.[column];
				expect(typeof value === 'number' ? Number(own) : own).toEqual(value ?? undefined);
			}
		}
	},
);

it.each([
	['libreoffice-texts.ods', /OpenDocument spreadsheet \(\.ods\)/],
	['libreoffice-texts.xls', /Excel 97–2003 \(\.xls\)/],
])('%s is recognized', async (name, says) => {
	expect(await errorOf(read(name))).toMatchObject({
		code: 'file_workbook',
		message: expect.stringMatching(says),
	});
});
