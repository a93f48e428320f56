import { deflateRawSync, gzipSync } from 'node:zlib';
import Papa from 'papaparse';
import { FileSource } from '../../../nodes/AlibabaCloudChatApp/sources/file/fileSource';
import { relation, relationships, textRow, workbookOf, zipOf, type Part } from './archives';
import { errorOf, rowsIn, TABLE_OPTIONS, TestFile } from './files';

const MB = 2 ** 20;
const CSV = 'email\na@example.com\n';
const NAMES = textRow(1, ['email', 'note']);
const CONTACT = '<c t="inlineStr"><is><t>a@example.com</t></is></c>';

/** Bytes that came out of compressed ones. */
let inflated = 0;
const { DecompressionStream: Native } = globalThis;

class CountingStream {
	readonly writable: WritableStream;
	readonly readable: ReadableStream;

	constructor(format: 'gzip') {
		const { writable, readable } = new Native(format);
		const counter = new TransformStream<Uint8Array, Uint8Array>({
			transform(chunk, controller) {
				inflated += chunk.length;
				controller.enqueue(chunk);
			},
		});
		this.writable = writable;
		this.readable = readable.pipeThrough(counter);
	}
}

beforeEach(() => {
	inflated = 0;
	globalThis.DecompressionStream = CountingStream as typeof Native;
});

afterEach(() => {
	globalThis.DecompressionStream = Native;
});

const ZEROS = 70 * MB;
const PACKED_ZEROS = deflateRawSync(Buffer.alloc(ZEROS), { level: 1 });
const zeros = (name: string): Part => ({
	name,
	content: PACKED_ZEROS,
	stored: true,
	method: 8,
	unpacked: ZEROS,
});
const bookWith = (parts: Record<string, string>) =>
	workbookOf({ sheets: { S: NAMES + `<row>${CONTACT}</row>` }, parts });
/** 100 MB of lines in gzip. */
const LINES = gzipSync(
	Buffer.concat([Buffer.from(CSV), Buffer.alloc(100 * MB, `${'x'.repeat(2000)}\n`)]),
);
const RELATIONS = '_rels/.rels';
const many = (text: string, size: number) => text.repeat(Math.ceil(size / text.length));

describe('only a part of a decompression bomb is unpacked:', () => {
	it.each<[what: string, bytes: () => Uint8Array, code: string, most: number]>([
		['a bomb in gzip', () => LINES, 'file_too_large', 90 * MB],
		['gzip three times', () => gzipSync(gzipSync(gzipSync(CSV))), 'file_archive', 1024],
		['a bomb in an archive', () => zipOf([zeros('list.csv')]), 'file_too_large', 0],
		[
			'an archive in an archive',
			() => zipOf([{ name: 'list.csv', content: zipOf([zeros('list.csv')]) }]),
			'file_archive',
			MB,
		],
		[
			'a bomb in gzip in an archive',
			() => zipOf([{ name: 'list.csv.gz', content: LINES }]),
			'file_too_large',
			90 * MB,
		],
		[
			'a bomb as a workbook in an archive',
			() =>
				zipOf([
					{
						name: 'list.xlsx',
						content: zipOf([
							{ name: '[Content_Types].xml', content: '<Types/>' },
							zeros(RELATIONS),
						]),
					},
				]),
			'file_damaged',
			MB,
		],
		[
			'settings of 33 MB in a workbook',
			() => bookWith({ 'xl/_rels/workbook.xml.rels': relationships([many('<x/>', 33 * MB)]) }),
			'file_damaged',
			4096,
		],
	])('%s', async (_, bytes, code, most) => {
		expect(await errorOf(bytes())).toMatchObject({ code });
		expect(inflated).toBeLessThanOrEqual(most);
	});

	it('a sheet with a thousand names, once', async () => {
		const sheet = NAMES + many('<row/>', MB);
		const listed = Array.from({ length: 1000 }, (_, at) => `<sheet name="S${at}" r:id="rId1"/>`);
		const bytes = workbookOf({
			sheets: { S: sheet },
			parts: {
				'xl/workbook.xml': `<workbook xmlns:r="r"><sheets>${listed.join('')}</sheets></workbook>`,
			},
		});
		expect(await errorOf(bytes)).toMatchObject({ code: 'file_empty' });
		expect(inflated).toBeLessThan(2 * MB);
	});

	it('but all of a list that is compressed twice', async () => {
		expect((await rowsIn(gzipSync(gzipSync(CSV)))).rows).toEqual([['a@example.com']]);
		const long = `email\n${'a@example.com,'.repeat(10)}\n`.repeat(2000);
		expect((await rowsIn(gzipSync(long))).rows.length).toBe(3999);
	});
});

describe('compressed bytes that are damaged end with a message:', () => {
	const packed = gzipSync(many('a@example.com\n', 200_000));
	const wrong = Buffer.from(packed);
	wrong.writeUInt32LE(1, wrong.length - 8);
	const short = Buffer.from(packed);
	short.writeUInt32LE(7, short.length - 4);

	it.each([
		['cut off', packed.subarray(0, -30)],
		['with a wrong checksum', wrong],
		['with a wrong length', short],
		['followed by others', Buffer.concat([packed, Buffer.from('x')])],
	])('%s', async (_, bytes) => {
		expect(await errorOf(bytes, { headerRow: false, mapping: { email: '0' } })).toMatchObject({
			code: 'file_damaged',
		});
	});
});

/** How many chunks a table's rows came in, and the most text of a chunk. */
async function chunksOf(bytes: Uint8Array) {
	const counts = { chunks: 0, rows: 0, mostText: 0 };
	const options = { ...TABLE_OPTIONS, skipUnreadable: true, item: 0 };
	for await (const { rows } of new FileSource(new TestFile(bytes), options).rows()) {
		counts.chunks++;
		counts.rows += rows.length;
		let text = 0;
		for (const cell of rows.flatMap((row) => Object.values(row))) text += cell.length;
		counts.mostText = Math.max(counts.mostText, text);
	}
	return counts;
}

const PIECE = 65_536;

describe('n8n can do other work at least once every 64 KiB of a sheet:', () => {
	it.each<[what: string, rows: string, count: number]>([
		['a million empty rows', '<row/>'.repeat(1_000_000), 1],
		['a million rows of empty cells', '<row><c/></row>'.repeat(1_000_000), 1],
		['the last column in all of the rows', many('<row><c r="XFD9"><v>1</v></c></row>', 2 * MB), 0],
		['long cells', many(`<row><c t="str"><v>${'x'.repeat(32_000)}</v></c></row>`, 4 * MB), 0],
		['no rows, but a comment', `<!--${'x'.repeat(4 * MB)}-->`, 1],
	])('%s', async (_, xml, count) => {
		const sheet = NAMES + xml + `<row r="1048576">${CONTACT}</row>`;
		const { chunks, rows, mostText } = await chunksOf(workbookOf({ sheets: { S: sheet } }));
		expect(chunks).toBeGreaterThanOrEqual(Math.floor(sheet.length / PIECE));
		if (count > 0) expect(rows).toBe(count);
		// The first sixty rows come at once.
		expect(mostText).toBeLessThan(60 * 32_767);
	});
});

it('text that is longer than a cell is cut, however it is written', async () => {
	const long = 'x'.repeat(50_000);
	const parts = many('<r><t>xx</t></r>', 600_000);
	const cells = [
		'<c t="s"><v>0</v></c>',
		'<c t="s"><v>1</v></c>',
		`<c t="inlineStr"><is>${parts}</is></c>`,
		`<c t="str"><v>${'x<!-- -->'.repeat(50_000)}</v></c>`,
	];
	const { rows } = await rowsIn(
		workbookOf({
			sheets: { S: NAMES + `<row r="2">${CONTACT}${cells.join('')}</row>` },
			strings: `<si><t>${long}</t></si><si>${parts}</si>`,
		}),
	);
	expect(rows[0]?.map(({ length }) => length)).toEqual([13, 32_767, 32_767, 32_767, 32_767]);
});

it('a row that is too long has none of its cells', async () => {
	const cells = Array.from({ length: 300 }, () => '<c t="s"><v>0</v></c>').join('');
	const { rows, unreadable } = await rowsIn(
		workbookOf({
			sheets: { S: NAMES + `<row r="2">${cells}</row><row r="3">${CONTACT}</row>` },
			strings: `<si><t>${'x'.repeat(30_000)}</t></si>`,
		}),
		{ skipUnreadable: true },
	);
	expect(rows).toEqual([[''], ['a@example.com']]);
	expect(unreadable).toEqual(['Row 2 is longer than 250,000 characters']);
});

it('a number format that is longer than allowed is ignored', async () => {
	const formats = ['0'.repeat(255), '0'.repeat(256)];
	const styles = `<numFmts>${formats.map((code, at) => `<numFmt numFmtId="${164 + at}" formatCode="${code}"/>`).join('')}</numFmts><cellXfs><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs>`;
	const row = `<row>${CONTACT}<c s="0"><v>7</v></c><c s="1"><v>7</v></c></row>`;
	const { rows } = await rowsIn(workbookOf({ sheets: { S: NAMES + row }, styles }));
	expect(rows[0]?.slice(1)).toEqual(['7'.padStart(255, '0'), '7']);
});

describe('the work for a CSV file grows with its length:', () => {
	/** Characters that were parsed, for each of the file. */
	async function work(text: string): Promise<number> {
		let parsed = 0;
		const { Parser } = Papa;
		const counting = jest.spyOn(Papa, 'Parser').mockImplementation((config) => {
			const parser = new Parser(config);
			const { parse } = parser;
			parser.parse = (part, ...others: [number, boolean]) => {
				parsed += part.length;
				return parse.call(parser, part, ...others);
			};
			return parser;
		});
		await chunksOf(Buffer.from(text));
		counting.mockRestore();
		return parsed / text.length;
	}

	const head = 'name,email\nAnn,a@example.com\n';
	it.each<[what: string, line: string]>([
		['contacts', 'Ann,a@example.com\n'],
		['empty lines', '\n'],
		['quotation marks that never end', '"Ann,a@example.com\n'],
		['quotation marks within cells', 'An"n,"a"@example.com\n'],
		['quotation marks alone', '"'],
		['quotation marks before delimiters', '",'],
		['delimiters alone', ','],
		['no delimiters', 'x'],
		['other delimiters', 'Ann;a@example.com\n'],
		['lone returns', 'Ann,a@example.com\r'],
	])('%s', async (_, line) => {
		const [small, large] = [
			await work(head + many(line, MB / 2)),
			await work(head + many(line, 2 * MB)),
		];
		// Looking for the end of an open quotation mark has its own limit.
		expect(large).toBeLessThan(Math.max(8, 1.2 * small));
	});
});

describe('nothing outside the archive is read:', () => {
	it.each([
		['by its mode', 'worksheets/sheet1.xml', 'TargetMode="External"'],
		['by its host', 'https://example.com/sheet1.xml', ''],
		['by its address', 'file:///etc/passwd', ''],
		['by its path', '../../../etc/passwd', ''],
	])('%s', async (_, target, mode) => {
		const open = jest.spyOn(globalThis, 'fetch');
		const bytes = bookWith({
			'xl/_rels/workbook.xml.rels': relationships([relation('rId1', 'worksheet', target, mode)]),
		});
		expect(await errorOf(bytes)).toMatchObject({ code: 'file_damaged' });
		expect(open).not.toHaveBeenCalled();
		open.mockRestore();
	});
});
