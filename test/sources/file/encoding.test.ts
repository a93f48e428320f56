import { gzipSync } from 'node:zlib';
import { cutIntoPieces, peek } from '../../../nodes/AlibabaCloudChatApp/sources/file/streams';
import {
	type Encoding,
	encodingNamed,
	ENCODINGS,
} from '../../../nodes/AlibabaCloudChatApp/sources/file/encoding';
import { errorOf, rowsIn, TestFile } from './files';
import encoded from './encoded.json';

/** The cells of a file in these bytes, however they arrive. */
async function cellsOf(bytes: Uint8Array, encoding: Encoding = 'auto', piece = 1_000_000) {
	const { rows } = await rowsIn(new TestFile(bytes, piece), { encoding, headerRow: false });
	return rows;
}

const TEXT = 'name,email\r\nJürgen – „Größe“ €,j@example.com\r\n';
const CHINESE = '姓名,邮箱\r\n王小明😀,w@example.com\r\n';
const cells = (text: string) =>
	text
		.trimEnd()
		.split('\r\n')
		.map((line) => line.split(','));

function windows1252(text: string): Buffer {
	const codes: Record<string, number> = { '–': 0x96, '„': 0x84, '“': 0x93, '€': 0x80 };
	return Buffer.from([...text].map((sign) => codes[sign] ?? sign.charCodeAt(0)));
}

const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();

describe('bytes are read, in any pieces and compressed:', () => {
	it.each<[what: string, bytes: Uint8Array, text: string, encoding?: Encoding]>([
		['UTF-8', Buffer.from(TEXT), TEXT],
		['UTF-8 with a byte order mark', Buffer.from(`\ufeff${CHINESE}`), CHINESE],
		['UTF-16 as Excel writes it', Buffer.from(`\ufeff${CHINESE}`, 'utf16le'), CHINESE],
		['UTF-16 with the high byte first', utf16be(`\ufeff${CHINESE}`), CHINESE],
		['UTF-16 without a mark', Buffer.from(TEXT, 'utf16le'), TEXT],
		['UTF-16 without a mark, the high byte first', utf16be(TEXT), TEXT],
		['Windows-1252', windows1252(TEXT), TEXT],
		['ASCII', Buffer.from('a,b\r\n'), 'a,b\r\n'],
		['UTF-8, read as Windows-1252 by choice', Buffer.from('ü,b'), 'Ã¼,b', 'windows-1252'],
		['UTF-16 that nothing shows', Buffer.from('邮箱,手机号', 'utf16le'), '邮箱,手机号', 'utf-16le'],
		[
			'UTF-8 with one broken character',
			Buffer.concat([Buffer.from('äöüÄÖÜ,'), Buffer.from([0xe4])]),
			'äöüÄÖÜ,\ufffd',
		],
	])('%s', async (...[, bytes, text, encoding]) => {
		for (const piece of [1, 2, 3, 7, 1000]) {
			expect(await cellsOf(bytes, encoding, piece)).toEqual(cells(text));
		}
		expect(await cellsOf(gzipSync(bytes), encoding, 5)).toEqual(cells(text));
	});
});

it.each([
	['UTF-8', Buffer.from(`\ufeff${CHINESE}`)],
	['UTF-16', Buffer.from(`\ufeff${CHINESE}`, 'utf16le')],
])("a byte order mark of %s takes precedence over 'Encoding'", async (_, bytes) => {
	for (const encoding of ['windows-1252', 'gb18030', 'utf-16be', 'utf-8'] as const) {
		expect(await cellsOf(bytes, encoding)).toEqual(cells(CHINESE));
	}
});

describe('an encoding is detected from a few lines with local column names:', () => {
	it.each(encoded.map(({ encoding, base64, text }) => [encoding, base64, text] as const))(
		'%s',
		async (encoding, base64, text) => {
			const bytes = Buffer.from(base64, 'base64');
			const { header, rows } = await rowsIn(bytes);
			expect([header, ...rows].map((row) => row?.join(';'))).toEqual(text.trimEnd().split('\n'));
			const chosen = await rowsIn(bytes, { encoding: encodingNamed(encoding) as Encoding });
			expect(chosen.rows).toEqual(rows);
		},
	);
});

it('the encoding is decided at the first character beyond ASCII, however late', async () => {
	const ascii = 'x'.repeat(65_535);
	const whole = async (bytes: Buffer) => (await cellsOf(bytes)).flat().join(',');
	expect(await whole(Buffer.from(`${ascii}ü`))).toBe(`${ascii}ü`);
	expect(await whole(Buffer.from(`${ascii}x€`))).toBe(`${ascii}x€`);
	expect(await whole(Buffer.from(`${ascii.slice(1)}–, –`))).toBe(`${ascii.slice(1)}–, –`);
	expect(await whole(windows1252(`${ascii}ü, Größe`))).toBe(`${ascii}ü, Größe`);
	expect(await whole(windows1252(`${ascii.repeat(3)}ü`))).toBe(`${ascii.repeat(3)}ü`);
});

it.each<[string, Buffer, Encoding]>([
	['UTF-8 that was detected', Buffer.from(`ü${'x'.repeat(65_533)}€€`), 'auto'],
	['UTF-8 that was chosen', Buffer.from(`${'x'.repeat(65_535)}€€`), 'utf-8'],
	['UTF-16', Buffer.from(`${'x'.repeat(32_767)}😀€`, 'utf16le'), 'utf-16le'],
])('a character in two pieces is complete: %s', async (_, bytes, encoding) => {
	const text = bytes.toString(encoding === 'utf-16le' ? 'utf16le' : 'utf8');
	expect((await cellsOf(bytes, encoding))[0]).toEqual([text]);
});

it.each<[string, string, number[], boolean]>([
	['two good characters, one broken', 'üü', [0xe4], false],
	['three good characters, one broken', 'üüü', [0xe4], true],
	['six good characters, three broken', 'üüüüüü', [0xe4, 0x41, 0xe4, 0x41, 0xe4], false],
	['seven good characters, three broken', 'üüüüüüü', [0xe4, 0x41, 0xe4, 0x41, 0xe4], true],
])(
	"one broken character among many doesn't turn UTF-8 into another encoding: %s",
	async (_, good, broken, isUtf8) => {
		const bytes = Buffer.concat([Buffer.from(good), Buffer.from(broken), Buffer.from('x')]);
		const [[text = ''] = []] = await cellsOf(bytes);
		expect(text.startsWith(good)).toBe(isUtf8);
	},
);

it('every byte of Windows-1252 is its character', async () => {
	const bytes = Uint8Array.from({ length: 128 }, (_, at) => at + 128);
	const [[text = ''] = []] = await cellsOf(bytes, 'windows-1252');
	expect(text.slice(0, 32)).toBe(
		'\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178',
	);
	expect([...text.slice(32)].every((sign, at) => sign.charCodeAt(0) === at + 0xa0)).toBe(true);
});

it.each([
	['a byte that has no character', Buffer.from('Pr\xe9nom;x', 'latin1'), 'utf-8'],
	['UTF-8 read as Western', Buffer.from('Téléphone;Prénom\n1;2\n'), 'windows-1252'],
	['Cyrillic read as Western', Buffer.from('yOz/O9Ll6+X07u0KMTsyCg==', 'base64'), 'windows-1252'],
	['Chinese read as Western', Buffer.from('ytbXww==', 'base64'), 'windows-1252'],
] as const)('column names that look wrong are reported as such: %s', async (_, bytes, encoding) => {
	const text = Buffer.concat([bytes, Buffer.from('\nx;y\n')]);
	expect(await errorOf(text, { encoding })).toMatchObject({
		code: 'file_encoding',
		message: expect.stringMatching(/^The column names look wrong\. Choose the file's encoding/),
	});
});

it.each([
	['auto', 'auto'],
	['GBK', 'gb18030'],
	['MacRoman', 'macintosh'],
	['CP850', 'ibm850'],
	['cp852', 'ibm852'],
	['latin2', 'iso-8859-2'],
	['iso-8859-8', 'windows-1255'],
	['iso-8859-13', 'windows-1257'],
	['latin1', 'windows-1252'],
	[' Shift-JIS ', 'shift_jis'],
	['cp1251', 'windows-1251'],
	['utf8', 'utf-8'],
	['iso-2022-jp', undefined],
	['x', undefined],
])('an encoding is recognized by any of its names: %s', (name, encoding) => {
	expect(encodingNamed(name)).toBe(encoding);
});

it('every encoding that can be chosen is read', async () => {
	for (const encoding of Object.keys(ENCODINGS) as Array<keyof typeof ENCODINGS>) {
		expect(encodingNamed(encoding)).toBe(encoding);
		expect((await cellsOf(Buffer.from('aa,bb'), encoding)).flat().length).toBeGreaterThan(0);
	}
});

const KIB = 1024;

async function* given(sizes: number[]): AsyncGenerator<Uint8Array> {
	let value = 0;
	for (const size of sizes) {
		yield Uint8Array.from({ length: size }, () => value++ % 251);
	}
}

it.each([
	[[], []],
	[[0], []],
	[[1], [1]],
	[[1, 2, 3], [6]],
	[[64 * KIB - 1], [64 * KIB - 1]],
	[[64 * KIB], [64 * KIB]],
	[[64 * KIB - 1, 1], [64 * KIB]],
	[
		[64 * KIB - 1, 2],
		[64 * KIB, 1],
	],
	[
		[64 * KIB, 1, 2],
		[64 * KIB, 3],
	],
	[
		[64 * KIB, 0, 2],
		[64 * KIB, 2],
	],
	[
		[130 * KIB, 65 * KIB],
		[64 * KIB, 64 * KIB, 64 * KIB, 3 * KIB],
	],
])('chunks of %j bytes become pieces of %j, all but the last one full', async (sizes, pieces) => {
	const all: Uint8Array[] = [];
	for await (const piece of cutIntoPieces(given(sizes))) all.push(piece);
	expect(all.map(({ length }) => length)).toEqual(pieces);
	const whole: Uint8Array[] = [];
	for await (const chunk of given(sizes)) whole.push(chunk);
	expect(Buffer.concat(all).equals(Buffer.concat(whole))).toBe(true);
});

it('single bytes are copied once per piece', async () => {
	const concat = jest.spyOn(Buffer, 'concat');
	const all: Uint8Array[] = [];
	for await (const piece of cutIntoPieces(given(Array<number>(130 * KIB).fill(1)))) all.push(piece);
	expect(concat).toHaveBeenCalledTimes(3);
	concat.mockRestore();
	expect(all.map(({ length }) => length)).toEqual([64 * KIB, 64 * KIB, 2 * KIB]);
});

describe('reading the first piece ahead', () => {
	it.each([[[]], [[1]], [[1, 2, 3]]])('leaves all of them to be read: %j', async (values) => {
		const { first, all } = await peek(
			(async function* () {
				yield* values;
			})(),
		);
		expect(first).toBe(values[0]);
		const read: number[] = [];
		for await (const value of all) read.push(value);
		expect(read).toEqual(values);
	});

	it('may be all that is read: the source is then closed', async () => {
		let closed = false;
		const { close } = await peek(
			(async function* () {
				try {
					yield 1;
					yield 2;
				} finally {
					closed = true;
				}
			})(),
		);
		await close();
		expect(closed).toBe(true);
	});
});
