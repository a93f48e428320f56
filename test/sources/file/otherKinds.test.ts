import { gzipSync } from 'node:zlib';
import { errorForParts } from '../../../nodes/AlibabaCloudChatApp/sources/file/otherKinds';
import { errorOf, rowsIn } from './files';

const compound = (part: string) =>
	Buffer.concat([
		Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
		Buffer.alloc(70_000),
		Buffer.from(part, 'utf16le'),
		Buffer.alloc(500),
	]);

it.each<[string, string | Uint8Array, string, RegExp]>([
	[
		'an HTML table named .xls',
		'<html xmlns:x="urn:x"><body><table><tr><td>email',
		'file_html',
		/web page \(HTML\).* save it as an Excel workbook/,
	],
	['HTML with a document type', '\n <!DOCTYPE html>\n<html>', 'file_html', /web page/],
	['a bare HTML table', '<table border="1"><tr><th>email</th></tr>', 'file_html', /web page/],
	[
		'JSON',
		'[{"email":"ann@example.com"}]',
		'file_json',
		/contains JSON.*'Contacts From' to Input Items/,
	],
	[
		'a JSON object',
		'{\n  "contacts": [\n    {"email": "ann@example.com"}]}',
		'file_json',
		/contains JSON,/,
	],
	['empty JSON', '[]', 'file_json', /contains JSON/],
	[
		'lines of JSON',
		'{"email":"ann@example.com"}\n{"email":"bob@example.com"}\n',
		'file_json',
		/lines of JSON \(NDJSON\)/,
	],
	[
		'a vCard',
		'BEGIN:VCARD\nVERSION:3.0\nEMAIL:ann@example.com\nEND:VCARD',
		'file_vcard',
		/contact cards \(vCard\)/,
	],
	[
		'XML',
		'<?xml version="1.0"?>\n<contacts><email>ann@example.com</email></contacts>',
		'file_xml',
		/contains XML/,
	],
	[
		'XML without a declaration',
		'<contacts>\n<contact email="a@example.com"/>',
		'file_xml',
		/contains XML/,
	],
	[
		'a workbook as XML',
		'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook>',
		'file_workbook',
		/XML format of Excel 2003/,
	],
	['LDIF', 'dn: cn=Ann,mail=ann@example.com\ncn: Ann\n', 'file_not_text', /LDIF/],
	['SQL', 'INSERT INTO contacts VALUES (1);', 'file_not_text', /SQL/],
	['a PDF', '%PDF-1.7\n', 'file_not_text', /is a PDF/],
	['RTF', '{\\rtf1\\ansi', 'file_not_text', /RTF/],
	['an image', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'file_not_text', /an image/],
	['a database', 'SQLite format 3\0', 'file_not_text', /a database/],
	['a 7-Zip archive', Buffer.from('377abcaf271c', 'hex'), 'file_archive', /7-Zip/],
	['an old workbook', compound('Workbook'), 'file_workbook', /Excel 97–2003 \(\.xls\)/],
	[
		'a workbook of Excel 4',
		Buffer.from([0x09, 0x04, 0x06, 0x00, 0, 0, 0x10, 0]),
		'file_workbook',
		/\.xls/,
	],
	[
		'a workbook with a password',
		compound('EncryptedPackage'),
		'file_encrypted',
		/protected with a password.*without a password/,
	],
	['a compressed PDF', gzipSync('%PDF-1.7\n'), 'file_not_text', /is a PDF/],
	['UTF-32', Buffer.from('fffe00006500000d', 'hex'), 'file_not_text', /UTF-32.* CSV in UTF-8/],
	['nothing but zeros', Buffer.alloc(100), 'file_not_text', /isn't text/],
	['five control characters', '\x01\x02\x03\x04\x1f', 'file_not_text', /isn't text/],
	[
		'control characters beyond a hundredth',
		'\x0e'.repeat(6) + 'a'.repeat(94),
		'file_not_text',
		/isn't text/,
	],
])('says what the file is, and what to do, for %s', async (_, bytes, code, says) => {
	const error = await errorOf(bytes);
	expect(error.code).toBe(code);
	expect(error.message).toMatch(says);
	// One sentence each.
	expect(error.message).toMatch(/^[A-Z].*\. .*[^.]$/);
});

it("recognizes a compound file whose part's name is in two pieces", async () => {
	const bytes = Buffer.alloc(3 * 65_536);
	bytes.set([0xd0, 0xcf, 0x11, 0xe0]);
	bytes.set(Buffer.from('EncryptedPackage', 'utf16le'), 2 * 65_536 - 7);
	expect(await errorOf(bytes)).toMatchObject({ code: 'file_encrypted' });
});

it.each([
	['breaks and tabs', '\t\v\f'.repeat(9)],
	['few control characters', '\x01\x02\x03\x1f,email'],
	['a name in brackets', '{email},{name}\na@example.com,Ann\n'],
	['a quoted name in brackets', '"[email]",name\na@example.com,Ann\n'],
	['a name in angle brackets', '<email>,<name>\na@example.com,Ann\n'],
])('reads what only looks like something else: %s', async (_, text) => {
	expect((await rowsIn(text, { headerRow: false })).rows.length).toBeGreaterThan(0);
});

it.each([
	[['mimetype', 'META-INF/manifest.xml', 'content.xml'], /OpenDocument/],
	[['Index/Document.iwa', 'preview.jpg'], /Numbers/],
	[['list.numbers/Index.zip'], /Numbers/],
	[['[Content_Types].xml', 'xl/workbook.bin'], /\.xlsb/],
	[['[Content_Types].xml', 'word/document.xml'], /text document/],
])('recognizes other formats of ZIP archives by their parts: %j', (names, says) => {
	expect(errorForParts(names)?.message).toMatch(says);
});

it('recognizes an archive of lists as none of them', () => {
	expect(errorForParts(['list/contacts.csv', 'xl/a.csv'])).toBeUndefined();
});

it('five control characters among a thousand others are text', async () => {
	const note = '\x01'.repeat(5) + 'x'.repeat(1000);
	const { rows } = await rowsIn(`email,note\na@example.com,${note}\n`);
	expect(rows).toEqual([['a@example.com', note]]);
});
