import { isGzip, looksWide, notAList } from '../../../nodes/AlibabaCloudChatApp/sources/file/kind';

const wide = (text: string) => Buffer.from(text, 'utf16le');
const filled = (length: number, zeros: number[]) => {
	const bytes = Buffer.alloc(length, 0x41);
	for (const at of zeros) bytes[at] = 0;
	return bytes;
};
const odd = (count: number) => Array.from({ length: count }, (_, index) => index * 2 + 1);
const even = (count: number) => odd(count).map((at) => at - 1);

it.each<[string, Buffer, string | undefined]>([
	['nothing', Buffer.alloc(0), undefined],
	['a mark', Buffer.from([0xff, 0xfe]), 'utf-16le'],
	['a mark, the high byte first', Buffer.from([0xfe, 0xff, 0x4e, 0x2d]), 'utf-16be'],
	['half a mark', Buffer.from([0xff]), undefined],
	['half a mark, and more', Buffer.from([0xff, 0x41]), undefined],
	['plain text', wide('a,b'), 'utf-16le'],
	['plain text, the high byte first', wide('a,b').swap16(), 'utf-16be'],
	['plain text, cut within a sign', wide('a,b').subarray(0, 5), 'utf-16le'],
	['one byte', Buffer.from([0]), undefined],
	['half of it Chinese', wide('中a文b'), 'utf-16le'],
	['an eighth of zeros, no more', filled(64, odd(8)), undefined],
	['more than an eighth of zeros', filled(64, odd(9)), 'utf-16le'],
	['an eighth of zeros, the high byte first', filled(64, even(8)), undefined],
	['more than that, the high byte first', filled(64, even(9)), 'utf-16be'],
	['an eighth of them in the other place', filled(64, [...odd(16), ...even(2)]), undefined],
	['fewer in the other place', filled(64, [...odd(16), ...even(1)]), 'utf-16le'],
	['the same, the high byte first', filled(64, [...even(16), ...odd(2)]), undefined],
	['fewer, the high byte first', filled(64, [...even(16), ...odd(1)]), 'utf-16be'],
	['zeros behind the first 4096 bytes', filled(9000, odd(4400).slice(2048)), undefined],
	['zeros within them', filled(9000, odd(600)), 'utf-16le'],
])('bytes look like UTF-16 by their mark or their zeros: %s', (_, head, encoding) => {
	expect(looksWide(head)).toBe(encoding);
});

it.each<[string, Buffer, boolean, string | undefined]>([
	['four control characters', Buffer.from('\x01\x02\x03\x1f'), false, undefined],
	['five of them', Buffer.from('\x01\x02\x03\x04\x1f'), false, 'file_not_text'],
	['breaks and tabs', Buffer.from('\t\n\v\f\r'.repeat(9)), false, undefined],
	['one in a hundred, and four', Buffer.from('\x08'.repeat(5) + 'a'.repeat(95)), false, undefined],
	['more than that', Buffer.from('\x0e'.repeat(6) + 'a'.repeat(94)), false, 'file_not_text'],
	['spaces', Buffer.from(' '.repeat(9)), false, undefined],
	['what the person calls UTF-16', Buffer.from('\x01'.repeat(9)), true, undefined],
	['what is UTF-16', wide('\ufeff\x01\x01\x01\x01\x01'), false, undefined],
	[
		'a workbook, whatever the person calls it',
		Buffer.from([0xd0, 0xcf, 0x11, 0xe0]),
		true,
		'file_workbook',
	],
	['half the signature of one', Buffer.from([0xd0, 0xcf, 0x41]), false, undefined],
	['a Numbers workbook', Buffer.from('PK\x03\x04Index/Document'), false, 'file_workbook'],
	[
		'a ZIP with a folder xl below another',
		Buffer.from(`PK${' '.repeat(28)}my/xl/`),
		false,
		'file_archive',
	],
	['a ZIP with a folder xl', Buffer.from(`PK${' '.repeat(28)}xl/`), false, 'file_workbook'],
])('a list of contacts is told from anything else: %s', (_, head, isWide, code) => {
	expect(notAList(head, isWide)?.code).toBe(code);
});

it('gzip is known by its first two bytes', () => {
	expect(
		[[0x1f, 0x8b, 8], [0x1f], [0x1f, 0x41], [0x41, 0x8b]].map((bytes) =>
			isGzip(Uint8Array.from(bytes)),
		),
	).toEqual([true, false, false, false]);
});
