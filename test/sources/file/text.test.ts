import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { textOf } from '../../../nodes/AlibabaCloudChatApp/sources/file/text';
import type { Encoding } from '../../../nodes/AlibabaCloudChatApp/sources/file/encoding';
import { faultOf, rowsIn, TestFile } from './files';

const TEXT = 'name,email\r\nJürgen – „Größe“ €,j@example.com\r\n';
const CHINESE = '姓名,邮箱\r\n王小明😀,w@example.com\r\n';

function windows1252(text: string): Buffer {
	const codes: Record<string, number> = {
		'–': 0x96,
		'„': 0x84,
		'“': 0x93,
		'€': 0x80,
		'›': 0x9b,
		Ÿ: 0x9f,
	};
	return Buffer.from([...text].map((sign) => codes[sign] ?? sign.charCodeAt(0)));
}

function utf16be(text: string): Buffer {
	return Buffer.from(text, 'utf16le').swap16();
}

async function read(
	bytes: Uint8Array,
	encoding: Encoding = 'auto',
	piece = 1_000_000,
): Promise<string> {
	let text = '';
	for await (const part of textOf(new TestFile(bytes, piece), encoding)) text += part;
	return text;
}

const ENCODED: Array<[what: string, bytes: Uint8Array, text: string, encoding?: Encoding]> = [
	['UTF-8', Buffer.from(TEXT), TEXT],
	['UTF-8 with a byte order mark', Buffer.from(`\ufeff${CHINESE}`), CHINESE],
	['UTF-16 as Excel writes it', Buffer.from(`\ufeff${CHINESE}`, 'utf16le'), CHINESE],
	['UTF-16 with the high byte first', utf16be(`\ufeff${CHINESE}`), CHINESE],
	['UTF-16 without a mark', Buffer.from(TEXT, 'utf16le'), TEXT],
	['UTF-16 without a mark, the high byte first', utf16be(TEXT), TEXT],
	['Windows-1252', windows1252(`${TEXT}›Ÿ`), `${TEXT}›Ÿ`],
	['plain ASCII', Buffer.from('a,b\n'), 'a,b\n'],
	[
		'UTF-8 with one broken sign',
		Buffer.concat([Buffer.from('äöüÄÖÜ'), Buffer.from([0xe4])]),
		'äöüÄÖÜ\ufffd',
	],
	['what looks like UTF-8 but is said to be Windows-1252', Buffer.from('ü'), 'Ã¼', 'windows-1252'],
	[
		'UTF-16 that nothing tells',
		Buffer.from('邮箱,手机号\n', 'utf16le'),
		'邮箱,手机号\n',
		'utf-16le',
	],
	[
		'Arabic in UTF-16 that nothing tells',
		Buffer.from('البريدالإلكتروني\n', 'utf16le'),
		'البريدالإلكتروني\n',
		'utf-16le',
	],
];

it.each(ENCODED)('reads %s, in any pieces', async (...[, bytes, text, encoding]) => {
	for (const piece of [1, 2, 3, 7, 1000]) expect(await read(bytes, encoding, piece)).toBe(text);
	expect(await read(gzipSync(bytes), encoding, 5)).toBe(text);
});

it('decides on the encoding where the first sign beyond ASCII comes, however late', async () => {
	const ascii = 'x'.repeat(65_535);
	expect(await read(Buffer.from(`${ascii}ü`))).toBe(`${ascii}ü`);
	expect(await read(Buffer.from(`${ascii}x€`))).toBe(`${ascii}x€`);
	const dash = `${ascii.slice(1)}–, –`;
	expect(await read(Buffer.from(dash))).toBe(dash);
	expect(await read(windows1252(`${ascii}ü, Größe`))).toBe(`${ascii}ü, Größe`);
	expect(await read(windows1252(`${ascii.repeat(3)}ü`))).toBe(`${ascii.repeat(3)}ü`);
});

it.each<[string, Buffer, Encoding]>([
	['UTF-8 that was found', Buffer.from(`ü${'x'.repeat(65_533)}€€`), 'auto'],
	['UTF-8 that was chosen', Buffer.from(`${'x'.repeat(65_535)}€€`), 'utf-8'],
	['UTF-16', Buffer.from(`${'x'.repeat(32_767)}😀€`, 'utf16le'), 'utf-16le'],
])('a sign that lies in two pieces is whole: %s', async (_what, bytes, encoding) => {
	const wide = encoding === 'utf-16le' ? 'utf16le' : 'utf8';
	expect(await read(bytes, encoding)).toBe(bytes.toString(wide));
});

const zip = (part: string) =>
	Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(26), Buffer.from(part)]);
const EMPTY = 'The file is empty. Export the contacts as CSV once more';
const NO_ROWS =
	"The file has no rows below the names of its columns. If its first row is a contact already, switch off 'First Row Holds Names' in the options";
const WORKBOOK =
	"The file is a workbook (XLSX, XLS or ODS), which n8n's 'Extract From File' node reads. Put that node before this one and set 'Source' to 'Input Items', or save the workbook as CSV";
const ARCHIVE =
	"The file is a ZIP archive. Unpack it with n8n's 'Compression' node before this one";
const NOT_TEXT = "The file isn't text. Export the contacts as CSV";
const DAMAGED = 'The compressed file is damaged or incomplete. Compress and upload it again';
const FAULTS: Array<[what: string, bytes: string | Uint8Array, code: string, says: string]> = [
	['nothing', '', 'file_empty', EMPTY],
	['only a mark', '\ufeff', 'file_empty', EMPTY],
	['only empty lines', '\r\n\r\n', 'file_empty', EMPTY],
	['an empty file, compressed', gzipSync(''), 'file_empty', EMPTY],
	['only names of columns', 'email,phone\n', 'file_empty', NO_ROWS],
	['an XLSX workbook', zip('[Content_Types].xml'), 'file_workbook', WORKBOOK],
	['an XLSX workbook that begins otherwise', zip('xl/workbook.xml'), 'file_workbook', WORKBOOK],
	[
		'an ODS workbook',
		zip('mimetypeapplication/vnd.oasis.opendocument.spreadsheet'),
		'file_workbook',
		WORKBOOK,
	],
	['an XLS workbook', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2]), 'file_workbook', WORKBOOK],
	['a ZIP archive', zip('contacts.csv'), 'file_archive', ARCHIVE],
	['a PDF', '%PDF-1.7\n', 'file_not_text', NOT_TEXT],
	[
		'an image',
		Buffer.from('89504e470d0a1a0a0000000d49484452000001000000010008060000005c72a866', 'hex'),
		'file_not_text',
		NOT_TEXT,
	],
	['a compressed workbook', gzipSync(zip('xl/')), 'file_workbook', WORKBOOK],
	[
		'a compressed file that was cut off',
		gzipSync('email\n' + 'a@example.com\n'.repeat(99)).subarray(0, 40),
		'file_damaged',
		DAMAGED,
	],
];

it.each(FAULTS)('says what to do with %s', async (_what, bytes, code, says) => {
	const fault = await faultOf(bytes);
	expect(fault.code).toBe(code);
	expect(fault.message).toBe(says);
});

it('closes the file whatever becomes of it', async () => {
	for (const bytes of [
		'%PDF-1.7\n',
		gzipSync('x').subarray(0, 12),
		`%PDF-1.7\n${'x'.repeat(200_000)}`,
		`email\n"a${'x'.repeat(200_000)}`,
		'email\n"a',
		'email\na@example.com\n',
	]) {
		const file = new TestFile(bytes as Uint8Array, bytes.length > 1000 ? 50_000 : 4);
		await rowsIn(file).catch(() => undefined);
		expect([file.opened, file.closed]).toEqual([1, 1]);
	}
});

it('passes on what reading the file throws, also through gzip', async () => {
	const bytes = gzipSync(Buffer.from('email\n'.repeat(1000)));
	for (const begin of [bytes.subarray(0, 20), Buffer.from('email\n')]) {
		const file = {
			async *open() {
				yield begin;
				throw new Error('The disk is gone');
			},
		};
		await expect(rowsIn(file)).rejects.toThrow('The disk is gone');
	}
});

it.each([
	['in the middle', 0.8],
	['behind its last byte', 1],
])('passes on what reading a large compressed file throws %s', async (_where, share) => {
	// Hardly to be compressed, so that it is more than one piece.
	const lines = Array.from({ length: 4000 }, (_, id) =>
		createHash('sha256').update(`${id}`).digest('hex'),
	);
	const bytes = gzipSync(lines.join('\n'));
	const file = {
		async *open() {
			yield bytes.subarray(0, bytes.length * share);
			throw new Error('The disk is gone');
		},
	};
	expect(bytes.length * share).toBeGreaterThan(65_536);
	await expect(rowsIn(file, { headerRow: false })).rejects.toThrow('The disk is gone');
});

it('reads files that were compressed one by one and joined, or says that it does not', async () => {
	const joined = Buffer.concat([gzipSync('email\na@example.com\n'), gzipSync('b@example.com\n')]);
	const outcome = await rowsIn(joined).catch((error: { code: string }) => error.code);
	expect([
		expect.objectContaining({ rows: [['a@example.com'], ['b@example.com']] }),
		'file_damaged',
	]).toContainEqual(outcome);
});
