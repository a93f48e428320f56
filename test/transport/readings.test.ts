import { readingsOf } from '../../nodes/AlibabaCloudChatApp/transport/redact';

const base64 = (text: string) => Buffer.from(text).toString('base64');

test('a plain word is read as it is, backwards and by ROT13, and as nothing else', () => {
	expect(readingsOf('orders').sort()).toEqual(['beqref', 'orders', 'sredro']);
	expect(readingsOf('AMNZ-amnz')).toContain('NZAM-nzam');
	expect(readingsOf('')).toEqual(['']);
});

test.each([
	['URL encoding', 'Zo%C3%AB%20a', 'Zoë a'],
	['quoted-printable', 'Zo=c3=ab', 'Zoë'],
	['an entity', 'Zo&#235;a', 'Zoëa'],
	['an entity without its end', 'Zo&#235 a', 'Zoë a'],
	['a hexadecimal entity', 'Zo&#xEB;a', 'Zoëa'],
	['a hexadecimal entity without its end', 'Zo&#xeb a', 'Zoë a'],
	['the last character there is', 'Zo&#x10ffff;', 'Zo\u{10ffff}'],
	['a character that there is none of', 'Zo&#1114112;a', 'Zoa'],
	['named entities', 'a&LowBar;b&nbsp;c&none;', 'a_b c&none;'],
	['escapes', 'Zo\\u00eb \\u{EB}U+00eb \\xeb \\353', 'Zoë ëë ë ë'],
])('%s is taken off', (_name, text, read) => {
	expect(readingsOf(text)).toContain(read);
});

test.each([
	['base64', base64('the user Ada'), 'the user Ada'],
	['base64 behind letters', `xyz${base64('the user Ada')}`, 'the user Ada'],
	['base64 over lines', base64('the user Ada').replace(/(.{5})/g, '$1\r\n'), 'the user Ada'],
	['base64 with letters of all scripts', base64('Zoë Żółć жук'), 'Zoë Żółć жук'],
	['base64 with digits of all scripts', base64('١٢٣٤'), '١٢٣٤'],
	['base64 of three letters', `xx${base64('Ada')}`, 'Ada'],
	['base64 with a line break among five signs', base64('Ada,\n'), 'Ada,\n'],
	['hex', Buffer.from('Ada!').toString('hex'), 'Ada!'],
	['hex behind a letter', 'b 41:64-61,21', 'Ada!'],
	['character codes', '65 100, 97;33', 'Ada!'],
	['character codes of two digits at the end', '100 97 65 65', 'daAA'],
])('%s is unpacked', (_name, text, read) => {
	expect(readingsOf(text)).toContain(read);
});

test.each([
	['two letters', 'xxxYWI', 'ab'],
	['a line break among four signs', base64('Ada\n'), 'Ada\n'],
	['line breaks', base64('a\n\n\n\n\n'), 'a\n\n\n\n\n'],
])('what is decoded by mistake is not read: %s', (_name, text, decoded) => {
	expect(readingsOf(text)).not.toContain(decoded);
});

test('four layers are taken off, and no more', () => {
	const packed = (layers: number) =>
		Array.from({ length: layers }).reduce((text: string) => base64(text), 'the user Ada?');
	expect(readingsOf(packed(4))).toContain('the user Ada?');
	expect(readingsOf(packed(5))).not.toContain('the user Ada?');
});

test('however many texts are in a text, forty are read, and the first backwards and by ROT13', () => {
	const many = Array.from({ length: 60 }, (_, n) => base64(`text number ${n}`)).join(' ');
	expect(readingsOf(many)).toHaveLength(42);
	expect(readingsOf(encodeURIComponent(many)).length).toBeLessThanOrEqual(44);
});
