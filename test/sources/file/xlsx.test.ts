import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { relation, relationships, textRow, workbookOf, type WorkbookXml } from './archives';
import { contactsIn, errorOf, rowsIn } from './files';

const NAMES = textRow(1, ['email', 'phone', 'note']);

/** The cells of a sheet whose rows are these, below its column names. */
async function cellsOf(rows: string, more: Partial<WorkbookXml> = {}) {
	const read = await rowsIn(workbookOf({ sheets: { S: NAMES + rows }, ...more }));
	return read.rows;
}

const si = (xml: string) => `<si>${xml}</si>`;
const row = (cells: string) => `<row r="2">${cells}</row>`;

const STYLES = (codes: string[]) =>
	`<numFmts>${codes.map((code, at) => `<numFmt numFmtId="${164 + at}" formatCode="${code}"/>`).join('')}</numFmts>
	<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
	<cellXfs><xf numFmtId="0"/>${codes.map((_, at) => `<xf numFmtId="${164 + at}"/>`).join('')}</cellXfs>`;

describe("a workbook's cell is read as its value:", () => {
	it.each<[string, string, (string | undefined)[], Partial<WorkbookXml>?]>([
		[
			'a shared text',
			'<c r="A2" t="s"><v>1</v></c>',
			['b'],
			{ strings: si('<t>a</t>') + si('<t>b</t>') },
		],
		[
			'a text in parts of different looks',
			'<c r="A2" t="s"><v>0</v></c>',
			['ann@example.com'],
			{ strings: si('<r><rPr><b/></rPr><t>ann</t></r><r><t>@example.com</t></r>') },
		],
		[
			'a text with its pronunciation',
			'<c r="A2" t="s"><v>0</v></c>',
			['東京'],
			{
				strings: si(
					'<t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/>',
				),
			},
		],
		['an inline text', '<c r="A2" t="inlineStr"><is><t>a</t></is></c>', ['a']],
		[
			'one in parts',
			'<c r="A2" t="inlineStr"><is><r><t>a</t></r><r><t> b</t></r></is></c>',
			['a b'],
		],
		[
			"a formula's text",
			'<c r="A2" t="str"><f>A1&amp;"x"</f><v>a@example.com</v></c>',
			['a@example.com'],
		],
		["a formula's number", '<c r="A2"><f>SUM(1,2)</f><v>3</v></c>', ['3']],
		[
			'a formula that was never calculated',
			'<c r="A2"><f>SUM(1,2)</f></c><c r="B2"><f>A2&amp;1</f><v/></c><c r="C2"><v>1</v></c>',
			['=SUM(1,2)', '=A2&1', '1'],
		],
		[
			"a formula's empty text",
			'<c r="A2" t="str"><f>""</f><v></v></c><c r="B2"><v>1</v></c>',
			[undefined, '1'],
		],
		['yes and no', '<c r="A2" t="b"><v>1</v></c><c r="B2" t="b"><v>0</v></c>', ['TRUE', 'FALSE']],
		[
			'yes and no in words',
			'<c r="A2" t="b"><v>true</v></c><c r="B2" t="b"><v>false</v></c>',
			['TRUE', 'FALSE'],
		],
		['an error', '<c r="A2" t="e"><v>#N/A</v></c>', ['#N/A']],
		['a date as text', '<c r="A2" t="d"><v>2026-01-31</v></c>', ['2026-01-31']],
		[
			'entities',
			'<c r="A2" t="inlineStr"><is><t>&lt;a&gt; &amp; &#x41;&#66;</t></is></c>',
			['<a> & AB'],
		],
		['CDATA', '<c r="A2" t="inlineStr"><is><t><![CDATA[a <b>]]> c</t></is></c>', ['a <b> c']],
		[
			'characters that XML lacks',
			'<c r="A2" t="inlineStr"><is><t>a_x000D_b_x005F_x0041_</t></is></c>',
			['a\rb_x0041_'],
		],
		[
			'breaks and blanks',
			'<c r="A2" t="inlineStr"><is><t xml:space="preserve"> a\n b </t></is></c>',
			[' a\n b '],
		],
		[
			'blanks only',
			'<c r="A2" t="inlineStr"><is><t>  </t></is></c><c r="B2"><v>1</v></c>',
			[undefined, '1'],
		],
		[
			'a text in another place than its type says',
			'<c r="A2" t="inlineStr"><v>a</v></c><c r="B2" t="str"><is><t>b</t></is></c><c><is><t>c</t></is></c>',
			['a', 'b', 'c'],
		],
		['a comment between', '<c r="A2"><v>1<!-- x -->2</v></c>', ['12']],
	])('%s', async (...[, cells, expected, more]) => {
		expect(await cellsOf(row(cells), more)).toEqual([expected]);
	});

	it.each<[string, string, string]>([
		['491512345678', 'General', '491512345678'],
		['4.91512345678E+11', 'General', '491512345678'],
		['4.9151234567800003E+11', 'General', '491512345678'],
		['4915112345678.0', 'General', '4915112345678'],
		['00491512345678', 'General', '00491512345678'],
		['12345678901234567890', 'General', '12345678901234567890'],
		['0.1', 'General', '0.1'],
		['0.30000000000000004', 'General', '0.3'],
		['-5', '0000', '-5'],
		['151234567', '0000000000', '0151234567'],
		['15123456789', '0000000000', '15123456789'],
		['4915112345678', '&quot;+&quot;0', '+4915112345678'],
		['4915112345678', '\\+#', '+4915112345678'],
		['2065550123', '\\(000\\)\\ 000\\-0000', '(206) 555-0123'],
		['2065550123', '[&lt;=9999999]###\\-####;\\(###\\)\\ ###\\-####', '2065550123'],
		['912345678', '[$-409]000 000 000', '912 345 678'],
		['5550123', '00-####', '555-0123'],
		['12', '#-##', '-12'],
		['1234.5', '#,##0.00', '1234.5'],
		['0.5', '0%', '0.5'],
		['7', '0', '7'],
		['1234567', '0.00E+00', '1234567'],
		['2312500', '&quot;my &quot;General', '2312500'],
		['46053', 'yyyy\\-mm\\-dd', '2026-01-31'],
		['46053.5729166667', 'd/m/yy h:mm', '2026-01-31 13:45:00'],
		['0.25', 'h:mm', '06:00:00'],
		['1', 'd.m.yyyy', '1900-01-01'],
		['59', 'd.m.yyyy', '1900-02-28'],
		['60', 'd.m.yyyy', '1900-02-29'],
		['61', 'd.m.yyyy', '1900-03-01'],
		['4915112345678', 'd.m.yyyy', '4915112345678'],
		['3', '&quot;day&quot; 0', 'day 3'],
		['3', 'General', '3'],
	])('%s in the format %s is %s', async (raw, code, text) => {
		const cells = `<c r="A2" s="1"><v>${raw}</v></c>`;
		expect(await cellsOf(row(cells), { styles: STYLES([code]) })).toEqual([[text]]);
	});

	it('a date in a format that every workbook has', async () => {
		const styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs>';
		const cells = '<c s="0"><v>46053</v></c><c s="1"><v>46053</v></c><c s="2"><v>46053.5</v></c>';
		expect(await cellsOf(row(cells), { styles })).toEqual([
			['46053', '2026-01-31', '2026-01-31 12:00:00'],
		]);
	});

	it.each(['date1904="1"', 'date1904="true"'])(
		'a date counted from 1904: %s',
		async (properties) => {
			const styles = '<cellXfs><xf numFmtId="14"/></cellXfs>';
			const cells = '<c s="0"><v>44591</v></c><c s="0"><v>0</v></c>';
			expect(await cellsOf(row(cells), { styles, properties })).toEqual([
				['2026-01-31', '1904-01-01'],
			]);
		},
	);
});

describe("a sheet's cells are where they belong:", () => {
	it.each<[string, string, unknown[][], number[]]>([
		[
			'by their references',
			'<row r="2"><c r="C2"><v>3</v></c></row>',
			[[undefined, undefined, '3']],
			[2],
		],
		[
			'by their order without references',
			'<row><c><v>1</v></c><c/><c><v>3</v></c></row>',
			[['1', undefined, '3']],
			[2],
		],
		[
			'with some references',
			'<row r="5"><c r="B5"><v>2</v></c><c><v>3</v></c></row>',
			[[undefined, '2', '3']],
			[5],
		],
		[
			'past empty rows',
			'<row r="3"/><row r="7"><c><v>1</v></c></row><row r="9"><c s="0"/></row>',
			[['1']],
			[7],
		],
		[
			'in the last column',
			'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
			[[...Array<undefined>(16_383), '1']],
			[1_048_576],
		],
		['with small letters', '<row r="2"><c r="b2"><v>2</v></c></row>', [[undefined, '2']], [2]],
	])('%s', async (_, rows, cells, numbers) => {
		const read = await rowsIn(workbookOf({ sheets: { S: NAMES + rows } }));
		expect(read.rows.map((each) => [...each])).toEqual(cells);
		expect(read.numbers).toEqual(numbers);
	});
});

describe("a workbook's parts are found:", () => {
	const rows = '<row r="2"><c r="A2" t="s"><v>0</v></c></row>';
	const strings = si('<t>a@example.com</t>');
	const book = (more: Partial<WorkbookXml>) =>
		workbookOf({ sheets: { S: NAMES + rows }, strings, ...more });
	const inSheet = (xml: string) => xml.replace(/<(\/?)(row|c|v|is|t)\b/g, '<$1x:$2');

	it.each<[string, Buffer]>([
		['as Excel writes it', book({})],
		[
			'with prefixed names',
			book({
				prefix: 'x:',
				sheets: { S: inSheet(NAMES + rows) },
				strings: '<x:si><x:t>a@example.com</x:t></x:si>',
			}),
		],
		[
			'with the texts before the sheet',
			book({ last: ['xl/sharedStrings.xml', 'xl/worksheets/sheet1.xml'] }),
		],
		[
			'with the texts after the sheet',
			book({ last: ['xl/worksheets/sheet1.xml', 'xl/sharedStrings.xml'] }),
		],
		[
			'with absolute targets',
			book({
				parts: {
					'_rels/.rels': relationships([relation('a', 'officeDocument', '/xl/workbook.xml')]),
					'xl/_rels/workbook.xml.rels': relationships([
						relation('rId1', 'worksheet', '/xl/worksheets/sheet1.xml'),
						relation('s', 'sharedStrings', '/xl/sharedStrings.xml'),
					]),
				},
			}),
		],
		[
			'with targets through other folders, in other cases',
			book({
				parts: {
					'xl/_rels/workbook.xml.rels': relationships([
						relation('rId1', 'worksheet', '../XL/./worksheets/Sheet1.xml'),
						relation('s', 'sharedStrings', 'SharedStrings.xml'),
					]),
				},
			}),
		],
		[
			'in the strict format',
			book({
				parts: {
					'_rels/.rels': relationships([
						'<Relationship Id="a" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="xl/workbook.xml"/>',
					]),
				},
			}),
		],
		[
			'with the workbook in another folder, under another name',
			book({
				parts: {
					'_rels/.rels': relationships([relation('a', 'officeDocument', 'x/book2.xml')]),
					'xl/workbook.xml': undefined,
					'x/book2.xml':
						'<workbook xmlns:r="r"><sheets><sheet name="S" r:id="a"/><sheet name="T" r:id="a"/></sheets></workbook>',
					'x/_rels/book2.xml.rels': relationships([
						relation('a', 'worksheet', '../xl/worksheets/sheet1.xml'),
						relation('s', 'sharedStrings', '/xl/sharedStrings.xml'),
					]),
				},
			}),
		],
		[
			'in UTF-16',
			book({
				parts: {
					'xl/sharedStrings.xml': Buffer.from(
						'\ufeff<?xml version="1.0" encoding="UTF-16"?><sst><si><t>a@example.com</t></si></sst>',
						'utf16le',
					),
				},
			}),
		],
	])('%s', async (_, bytes) => {
		const { head, rows } = await rowsIn(bytes);
		expect([head?.sheet, rows]).toEqual(['S', [['a@example.com']]]);
	});

	it('whatever the file is called, in pieces, and compressed again', async () => {
		expect((await rowsIn(gzipSync(book({})))).rows).toEqual([['a@example.com']]);
	});
});

const CELL_B2 = '<c r="B2"><v>7</v></c>';

const text = fc.string({
	unit: fc.constantFrom(
		'a',
		'1',
		'@',
		' ',
		'&amp;',
		'&#x41;',
		'_x0041_',
		'名',
		'😀',
		'\n',
		']',
		'>',
	),
	maxLength: 5,
});
const plainCell = fc
	.record({
		style: fc.constantFrom('', ' s="1"', ' s="7"'),
		type: fc.constantFrom('', ' t="n"', ' t="str"', ' t="s"', ' t="b"', ' t="e"', ' t="d"'),
		value: fc.constantFrom('1', '0', '12.50', '4.9E+11', 'a@example.com', 'x>y', 'a]]', 'ü', ''),
	})
	.map(({ style, type, value }) => {
		const raw = type === ' t="s"' ? String(value.length % 3) : value;
		return (ref: string) => `<c r="${ref}"${style}${type}><v>${raw}</v></c>`;
	});
const otherCell = fc
	.tuple(
		fc.constantFrom<(ref: string) => string>(
			(ref) => `<c r="${ref}" s="1"/>`,
			(ref) => `<c t="str" r="${ref}"><v>y</v></c>`,
			(ref) => `<c r="${ref}" t="str"><f>A1&amp;"x"</f><v>z</v></c>`,
			(ref) => `<c r="${ref}">\r\n<v> 5 </v>\n</c>`,
			() => '<c><v>6</v></c>',
			() => '\r\n\t',
		),
		text,
	)
	.map(([cell, inline]) => (ref: string) => {
		const one = cell(ref);
		return inline.includes('>') ? one : one || `<c><is><t>${inline}</t></is></c>`;
	});
const rowOfCells = fc.array(fc.oneof(plainCell, otherCell), { maxLength: 6 });

it('a sheet means the same when all of it is left to the XML parser', async () => {
	const styles = '<cellXfs><xf/><xf numFmtId="14"/></cellXfs>';
	await fc.assert(
		fc.asyncProperty(
			fc.array(rowOfCells, { minLength: 1, maxLength: 6 }),
			fc.array(text, { minLength: 3, maxLength: 3 }),
			fc.integer({ min: 0, max: 60 }),
			async (rows, texts, blanks) => {
				// More than a piece, so that some of it is cut anywhere.
				const xml = Array.from({ length: 80 }, (_, at) => {
					const cells = (rows[at % rows.length] ?? []).map((cell, column) =>
						cell(`${'ABCDEF'[column]}${at + 2}`),
					);
					return `<row r="${at + 2}" spans="1:6">${cells.join('')}</row>`;
				});
				const read = async (before: string) => {
					const strings = texts.map((each) => `<si><t>${each.replace(/>/g, '')}</t></si>`);
					const sheet = before + ' '.repeat(blanks) + NAMES + xml.join('');
					return await rowsIn(
						workbookOf({
							sheets: { S: sheet },
							strings: before + strings.join('').repeat(200),
							styles,
						}),
						{ headerRow: false },
					).catch(({ code }: { code: string }) => code);
				};
				const [own, parsers] = [await read(''), await read('<!-- -->')];
				expect(own).toEqual(parsers);
			},
		),
		{ seed: 20200606, numRuns: 60 },
	);
});

/** What a compressed part is unpacked to at a time. */
const UNPACKED_PIECE = 16_384;

it.each([
	['a comment', (cell: string) => `<!--${cell}-->`, ['a']],
	['CDATA', (cell: string) => `<c><is><t><![CDATA[${cell}]]></t></is></c>`, ['a', CELL_B2]],
	['an instruction', (cell: string) => `<?x ${cell}?>`, ['a']],
])('what looks like a cell in %s is none, wherever the text is cut', async (_, within, cells) => {
	const inside = within(CELL_B2);
	for (let cut = 0; cut < 12; cut++) {
		const begin = `<worksheet><sheetData>${NAMES}<row r="2"><c r="A2" t="str"><v>a</v></c>`;
		const at = inside.search(/<[!?]/);
		const blanks = ' '.repeat(UNPACKED_PIECE - begin.length - at - cut);
		const xml = `${begin}${blanks}${inside}</row></sheetData></worksheet>`;
		const parts = { 'xl/worksheets/sheet1.xml': xml };
		const { rows } = await rowsIn(workbookOf({ sheets: { S: '' }, parts }));
		expect(rows).toEqual([cells]);
	}
});

describe('the sheet with contacts is read:', () => {
	const title = textRow(1, ['Contacts of 2026']);
	const list = textRow(3, ['name', 'email']) + textRow(4, ['Ann', 'ann@example.com']);
	const other = textRow(1, ['phone']) + textRow(2, ['+49 151 12345678']);
	const hidden = (name: string) => ({
		'xl/workbook.xml': `<workbook xmlns:r="r"><sheets><sheet name="S" state="${name}" r:id="rId1"/><sheet name="T" r:id="rId2"/></sheets></workbook>`,
	});

	it('the first one, and the others are named', async () => {
		const sheets = { Readme: textRow(1, ['How to']), List: title + list, Empty: '', Other: other };
		const { head, rows, numbers } = await rowsIn(workbookOf({ sheets }));
		expect(head).toMatchObject({ sheet: 'List', rowsAbove: 1, otherSheets: ['Other'] });
		expect([rows, numbers]).toEqual([[['Ann', 'ann@example.com']], [4]]);
	});

	it('the first one with contacts, and the others are named, also without column names', async () => {
		const sheets = { Readme: textRow(1, ['How to']), List: list, Other: other };
		const { head } = await rowsIn(workbookOf({ sheets }), { headerRow: false });
		expect(head).toMatchObject({ sheet: 'List', otherSheets: ['Other'] });
	});

	it.each(['hidden', 'veryHidden'])('not a %s one', async (state) => {
		const sheets = { S: list, T: other };
		const { head } = await rowsIn(workbookOf({ sheets, parts: hidden(state) }));
		expect(head).toMatchObject({ sheet: 'T', otherSheets: [] });
		const chosen = await rowsIn(workbookOf({ sheets, parts: hidden(state) }), { sheet: 's' });
		expect(chosen.rows).toEqual([['Ann', 'ann@example.com']]);
	});

	it('the only one, even if it is hidden', async () => {
		const sheets = { S: list };
		const { head } = await rowsIn(workbookOf({ sheets, parts: hidden('hidden') }));
		expect(head?.sheet).toBe('S');
	});

	it.each(['Unsubscribed', 'Do not contact', '退订', 'Abgemeldet', 'DNC', 'Désabonnés', 'Bajas'])(
		'not one that is named %s, unless it is chosen',
		async (name) => {
			for (const sheets of [{ [name]: list }, { [name]: list, Customers: other }]) {
				expect(await errorOf(workbookOf({ sheets }))).toMatchObject({
					code: 'file_opted_out',
					message: `The sheet '${name}' was not read: by its name, its contacts said no to marketing. Enter the one to send as 'Sheet' in 'File Options'`,
				});
				expect((await rowsIn(workbookOf({ sheets }), { sheet: name })).rows).toHaveLength(1);
			}
			const last = { Customers: other, [name]: list };
			expect((await rowsIn(workbookOf({ sheets: last }))).head?.sheet).toBe('Customers');
		},
	);

	it('the chosen one', async () => {
		const bytes = workbookOf({ sheets: { S: list, T: other } });
		expect(await rowsIn(bytes, { sheet: ' t ' })).toMatchObject({
			head: { sheet: 'T', otherSheets: [] },
			rows: [['+49 151 12345678']],
		});
		expect(await errorOf(bytes, { sheet: 'U' })).toMatchObject({
			code: 'file_no_sheet',
			message:
				"The file has no sheet 'U'; it has 'S', 'T'. Enter the one to send as 'Sheet' in 'File Options'",
		});
	});

	it('the one with the columns that the person chose', async () => {
		const sheets = { S: list, T: textRow(1, ['x', 'y']) + textRow(2, ['a@example.com', 'b']) };
		const { contacts, source } = await contactsIn(workbookOf({ sheets }), {
			mapping: { email: 'x' },
		});
		expect(contacts).toMatchObject([{ email: 'a@example.com' }]);
		expect(source.facts.head?.sheet).toBe('T');
	});

	it('without column names, the first one that is not empty', async () => {
		const sheets = { S: '', T: textRow(2, ['a@example.com']) };
		const { head, rows } = await rowsIn(workbookOf({ sheets }), { headerRow: false });
		expect([head?.sheet, head?.header, rows]).toEqual(['T', undefined, [['a@example.com']]]);
	});

	it('and none if none has contacts', async () => {
		const sheets = { S: textRow(1, ['x']) + textRow(2, ['y']), T: '' };
		expect(await errorOf(workbookOf({ sheets }))).toMatchObject({ code: 'file_no_column' });
		expect(await errorOf(workbookOf({ sheets: { S: '', T: '' } }))).toMatchObject({
			code: 'file_empty',
		});
	});
});

describe('a workbook that no program writes ends with a message, in bounded time:', () => {
	const S = NAMES + textRow(2, ['a@example.com']);
	it.each<[string, WorkbookXml, string]>([
		[
			'cells beyond the last column',
			{ sheets: { S: NAMES + '<row r="2"><c r="XFE2"><v>1</v></c></row>' } },
			'file_damaged',
		],
		[
			'rows beyond the last',
			{ sheets: { S: NAMES + '<row r="1048577"><c><v>1</v></c></row>' } },
			'file_damaged',
		],
		[
			'rows that are no number',
			{ sheets: { S: '<row r="x"><c><v>1</v></c></row>' } },
			'file_damaged',
		],
		[
			'references that are none',
			{ sheets: { S: '<row r="1"><c r="1"><v>1</v></c></row>' } },
			'file_damaged',
		],
		[
			'texts that are missing',
			{ sheets: { S: '<row r="1"><c t="s"><v>7</v></c></row>' }, strings: '' },
			'file_damaged',
		],
		[
			'texts before the first',
			{ sheets: { S: '<row r="1"><c t="s"><v>-1</v></c></row>' }, strings: si('<t>a</t>') },
			'file_damaged',
		],
		['no sheet', { sheets: {} }, 'file_damaged'],
		[
			'a missing sheet',
			{ sheets: { S }, parts: { 'xl/worksheets/sheet1.xml': undefined } },
			'file_damaged',
		],
		[
			'a missing sheet among others',
			{ sheets: { S, T: S }, parts: { 'xl/worksheets/sheet1.xml': undefined } },
			'file_damaged',
		],
		[
			'a missing workbook',
			{ sheets: { S }, parts: { 'xl/workbook.xml': undefined } },
			'file_damaged',
		],
		[
			'a sheet that is elsewhere',
			{
				sheets: { S },
				parts: {
					'xl/_rels/workbook.xml.rels': relationships([
						relation('rId1', 'worksheet', 'https://example.com/sheet.xml', 'TargetMode="External"'),
					]),
				},
			},
			'file_damaged',
		],
		[
			'a path out of the archive',
			{
				sheets: { S },
				parts: {
					'xl/_rels/workbook.xml.rels': relationships([
						relation('rId1', 'worksheet', '../../../../etc/passwd'),
					]),
				},
			},
			'file_damaged',
		],
		['broken XML', { sheets: { S: '<row r="1"><c></row>' } }, 'file_damaged'],
		[
			'an unknown entity',
			{ sheets: { S: '<row r="1"><c t="str"><v>&x;</v></c></row>' } },
			'file_damaged',
		],
		[
			'a definition of entities',
			{
				sheets: { S },
				parts: {
					'xl/worksheets/sheet1.xml': '<!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>',
				},
			},
			'file_damaged',
		],
		['elements within elements', { sheets: { S: '<a>'.repeat(100) } }, 'file_damaged'],
		[
			'a text without end',
			{ sheets: { S: `<row r="1"><c t="str"><v>${'x'.repeat(17_000_000)}</v></c></row>` } },
			'file_damaged',
		],
	])('%s', async (_, workbook, code) => {
		expect(await errorOf(workbookOf(workbook))).toMatchObject({ code });
	});

	it('a row of cells that are too long', async () => {
		const long = textRow(2, Array<string>(10).fill('x'.repeat(32_767)));
		const bytes = workbookOf({ sheets: { S: NAMES + long + textRow(3, ['a@example.com']) } });
		expect(await errorOf(bytes)).toMatchObject({ code: 'file_long_row' });
		const { rows, unreadable } = await rowsIn(bytes, { skipUnreadable: true });
		expect([rows, unreadable]).toEqual([
			[[''], ['a@example.com']],
			['Row 2 is longer than 250,000 characters'],
		]);
	});

	it('hundreds of thousands of empty rows', async () => {
		const empty = Array.from({ length: 300_000 }, (_, at) => `<row r="${at + 2}"/>`).join('');
		const bytes = workbookOf({
			sheets: { S: NAMES + empty + textRow(300_002, ['a@example.com']) },
		});
		const { numbers } = await rowsIn(bytes);
		expect(numbers).toEqual([300_002]);
	});

	it('names in all of the columns', async () => {
		const names = Array.from({ length: 16_384 }, (_, at) => (at === 2 ? 'email' : `c${at}`));
		const wide = Array.from(
			{ length: 200 },
			(_, at) =>
				`<row r="${at + 2}"><c r="C${at + 2}" t="str"><v>u${at}@example.com</v></c><c r="XFD${at + 2}"><v>1</v></c></row>`,
		);
		const { contacts } = await contactsIn(
			workbookOf({ sheets: { S: textRow(1, names) + wide.join('') } }),
		);
		expect(contacts).toHaveLength(200);
		expect(contacts[199]).toMatchObject({ email: 'u199@example.com' });
	});
});
