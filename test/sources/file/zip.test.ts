import { deflateRawSync, gzipSync } from 'node:zlib';
import { textRow, workbookOf, zipOf, type Part } from './archives';
import { errorOf, rowsIn } from './files';

const CSV = 'name,email\nAnn,ann@example.com\n';
const ROWS = [['Ann', 'ann@example.com']];
const BOOK = workbookOf({
	sheets: {
		Contacts: textRow(1, ['name', 'email']) + textRow(2, ['Ann', 'ann@example.com']),
		Other: textRow(1, ['email']) + textRow(2, ['bob@example.com']),
	},
});
const MAILCHIMP = ['subscribed', 'unsubscribed', 'cleaned'].map((name) => ({
	name: `export/${name}.csv`,
	content: `email\n${name}@example.com\n`,
}));

describe('an archive with one list is read:', () => {
	it.each<[string, Part[]]>([
		['a CSV file', [{ name: 'list.csv', content: CSV }]],
		['stored', [{ name: 'list.csv', content: CSV, stored: true }]],
		['with its sizes in 64 bits', [{ name: 'list.csv', content: CSV, zip64: true }]],
		['a workbook', [{ name: 'list.xlsx', content: BOOK }]],
		['a compressed file', [{ name: 'list.csv.gz', content: gzipSync(CSV) }]],
		['in a folder, by Windows', [{ name: 'a\\b\\list.csv', content: CSV }]],
		[
			'beside what is no list',
			[
				{ name: 'readme.pdf', content: '%PDF-' },
				{ name: 'folder/', content: '' },
				{ name: '__MACOSX/._list.csv', content: 'x' },
				{ name: '.hidden.csv', content: 'x' },
				{ name: 'list.CSV', content: CSV },
			],
		],
	])('%s', async (_, parts) => {
		expect((await rowsIn(zipOf(parts))).rows).toEqual(ROWS);
		expect((await rowsIn(zipOf(parts, 'a comment'))).rows).toEqual(ROWS);
	});

	it('that is larger than its pieces', async () => {
		const lines = Array.from({ length: 20_000 }, (_, row) => `${row},u${row}@example.com`);
		const content = `id,email\n${lines.join('\n')}\n`;
		for (const stored of [true, false]) {
			const { rows } = await rowsIn(zipOf([{ name: 'list.csv', content, stored }]));
			expect([rows.length, rows.at(-1)]).toEqual([20_000, ['19999', 'u19999@example.com']]);
		}
	});
});

describe('of an archive with several lists', () => {
	const bytes = zipOf([...MAILCHIMP, { name: 'list.xlsx', content: BOOK }]);

	it('none is read unless one is chosen', async () => {
		expect(await errorOf(bytes)).toMatchObject({
			code: 'file_several',
			message:
				"The ZIP archive contains several lists: 'export/subscribed.csv', 'export/unsubscribed.csv', 'export/cleaned.csv', 'list.xlsx'. Enter the one to send as 'Sheet' in 'File Options'",
		});
		expect(await errorOf(bytes, { sheet: 'x.csv' })).toMatchObject({ code: 'file_no_sheet' });
	});

	it.each([
		['subscribed.csv', 'subscribed@example.com'],
		['export/cleaned.csv', 'cleaned@example.com'],
		[' Export/Unsubscribed.CSV ', 'unsubscribed@example.com'],
		['list.xlsx', 'ann@example.com'],
		['list.xlsx/Other', 'bob@example.com'],
	])('%s is read if it is chosen', async (sheet, email) => {
		const { rows } = await rowsIn(bytes, { sheet });
		expect(rows[0]?.at(-1)).toBe(email);
	});
});

it("an archive's only list of people who opted out is read if it is chosen", async () => {
	const name = 'export/unsubscribed.csv';
	const bytes = zipOf([{ name, content: CSV }]);
	expect(await errorOf(bytes)).toMatchObject({ code: 'file_opted_out' });
	expect((await rowsIn(bytes, { sheet: 'unsubscribed.csv' })).rows).not.toEqual([]);
});

it('a sheet of the only workbook in an archive is chosen by its name', async () => {
	const bytes = zipOf([{ name: 'list.xlsx', content: BOOK }]);
	expect(await rowsIn(bytes, { sheet: 'Other' })).toMatchObject({ head: { sheet: 'Other' } });
	expect(await errorOf(bytes, { sheet: 'list.xlsx/X' })).toMatchObject({ code: 'file_no_sheet' });
});

it("a workbook that is returned without its archive is read with the archive's choice", async () => {
	for (const [sheet, name] of [
		['list.xlsx/Other', 'Other'],
		['export/List.XLSX/other', 'Other'],
		['list.xlsx', 'Contacts'],
	] as const) {
		expect(await rowsIn(BOOK, { sheet })).toMatchObject({ head: { sheet: name } });
	}
	const archive = zipOf([{ name: 'list.xlsx', content: BOOK }]);
	expect(await errorOf(archive, { sheet: 'x.xlsx' })).toMatchObject({ code: 'file_no_sheet' });
	expect(await errorOf(BOOK, { sheet: 'list.xlsx/X' })).toMatchObject({ code: 'file_no_sheet' });
});

const GIB = 2 ** 30;
const good = { name: 'list.csv', content: CSV };
const archive = zipOf([good]);

/** An archive whose second file doesn't begin where the directory says. */
function withoutHeader(): Buffer {
	const bytes = zipOf([{ name: 'readme.pdf', content: '%PDF-' }, good]);
	bytes.writeUInt8(0, bytes.lastIndexOf('PK\x03\x04') + 3);
	return bytes;
}

/** An archive whose 64-bit field should have a file's position too, and ends before it. */
function withoutPosition(): Buffer {
	const bytes = zipOf([{ ...good, zip64: true }]);
	bytes.writeUInt32LE(0xffffffff, bytes.indexOf('PK\x01\x02') + 42);
	return bytes;
}

describe('an archive that is incomplete or contradicts itself ends with a message:', () => {
	it.each<[string, Uint8Array, string]>([
		['without its end', archive.subarray(0, -10), 'file_damaged'],
		['with its beginning only', archive.subarray(0, 40), 'file_damaged'],
		[
			'without its beginning',
			Buffer.concat([archive.subarray(0, 4), archive.subarray(20)]),
			'file_damaged',
		],
		["without its file's header", withoutHeader(), 'file_damaged'],
		['with a wrong checksum', zipOf([{ ...good, crc: 1 }]), 'file_damaged'],
		['with less than it says', zipOf([{ ...good, unpacked: 1000 }]), 'file_damaged'],
		['with more than it says', zipOf([{ ...good, unpacked: 3 }]), 'file_damaged'],
		['with bytes beyond its end', zipOf([{ ...good, packed: 100_000 }]), 'file_damaged'],
		[
			'with broken bytes',
			zipOf([{ ...good, content: 'no deflated bytes', stored: true, method: 8 }]),
			'file_damaged',
		],
		[
			'with bytes cut off',
			zipOf([
				{
					name: 'list.csv',
					content: deflateRawSync(CSV).subarray(0, 9),
					stored: true,
					method: 8,
					unpacked: CSV.length,
				},
			]),
			'file_damaged',
		],
		['with a password', zipOf([{ ...good, flags: 1 }]), 'file_encrypted'],
		['compressed otherwise', zipOf([{ ...good, method: 12 }]), 'file_archive'],
		['empty', zipOf([]), 'file_archive'],
		['without lists', zipOf([{ name: 'a.pdf', content: 'x' }]), 'file_archive'],
		['with an archive', zipOf([{ name: 'list.csv', content: archive }]), 'file_archive'],
		['with a web page', zipOf([{ name: 'list.xls', content: '<html><body>' }]), 'file_html'],
		['with 3 GB', zipOf([{ ...good, unpacked: 3 * GIB }]), 'file_too_large'],
		['with far more than deflating can do', zipOf([{ ...good, unpacked: GIB }]), 'file_too_large'],
		[
			'with a size that is no number',
			zipOf([{ ...good, zip64: true, unpacked: 2 ** 52 }]),
			'file_too_large',
		],
		['with a position that is missing', withoutPosition(), 'file_damaged'],
		[
			'with too many files',
			zipOf(
				Array.from({ length: 10_001 }, (_, at) => ({
					name: `${at}.csv`,
					content: '',
					stored: true,
				})),
			),
			'file_too_large',
		],
	])('%s', async (_, bytes, code) => {
		expect(await errorOf(bytes)).toMatchObject({ code });
	});

	it('cut off anywhere', async () => {
		for (let length = 4; length < archive.length; length += 3) {
			expect(await errorOf(archive.subarray(0, length))).toMatchObject({ code: 'file_damaged' });
		}
	});

	it('unpacks no decompression bomb, nor in a workbook', async () => {
		const unpacked = 65 * 2 ** 20;
		const content = deflateRawSync(Buffer.alloc(unpacked), { level: 1, memLevel: 9 });
		const bomb = { content, stored: true, method: 8, unpacked };
		expect(await errorOf(zipOf([{ ...bomb, name: 'list.csv' }]))).toMatchObject({
			code: 'file_too_large',
			message: expect.stringContaining('200 times its size'),
		});
		// It says that it is small.
		const before = process.memoryUsage().arrayBuffers;
		expect(await errorOf(zipOf([{ ...bomb, name: 'list.csv', unpacked: 1000 }]))).toMatchObject({
			code: 'file_damaged',
		});
		expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(30 * 2 ** 20);
	});
});
