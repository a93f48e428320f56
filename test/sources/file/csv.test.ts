import { FileSource } from '../../../nodes/AlibabaCloudChatApp/sources/file/fileSource';
import { rowsIn, TestFile } from './files';

/** A file's cells, whatever its first row is. */
const cellsOf = async (text: string) => (await rowsIn(text, { headerRow: false })).rows;

it.each([
	['a', ','],
	['a;b', ';'],
	['a\tb', '\t'],
	['a|b', '|'],
	['a b', ','],
	['a,b;c;d\n1;2;3\n', ';'],
	['a;b,c,d\n1;2;3;4\n1,2,3\n', ','],
	['a,b;c\n1,2;3\n', ','],
	['a,b;c;d\n1,2;3;4\n', ';'],
	['a;b\n\n\n1,5;2\n \n', ';'],
	['a,b\n1;2\n3;4\n5,6\n', ','],
	[`a;b\n${'1;2\n'.repeat(18)}${'1;2;3,4\n'.repeat(50)}`, ';'],
	['\n\na;b\n1;2\n', ';'],
	['a,b;c;d\n1,2\n3,4;5\n', ','],
	['Report\nfrom, to: 1, 2, 3\n\na;b;c\n1;2;3\n4;5;6\n', ';'],
	['sep=;\na,b', ';'],
	['SEP=|\r\na,b', '|'],
	['sep=,\ra;b', ','],
	['sep=\t\na', '\t'],
	['sep=\na,b', ','],
])(
	'the delimiter of %j is the one with the most even and then the widest rows: %j',
	async (text, delimiter) => {
		const { head } = await rowsIn(text, { headerRow: false });
		expect(head?.delimiter).toBe(delimiter);
	},
);

it('the delimiter that the person chose takes precedence', async () => {
	const { head, rows } = await rowsIn('sep=;\na,b', { headerRow: false, delimiter: '\t' });
	expect([head?.delimiter, rows]).toEqual(['\t', [['a,b']]]);
});

describe('rows end', () => {
	it.each<[string, string, string[][]]>([
		[
			'with LF',
			'a,b\n1,2\n',
			[
				['a', 'b'],
				['1', '2'],
			],
		],
		[
			'with CRLF',
			'a,b\r\n1,2\r\n',
			[
				['a', 'b'],
				['1', '2'],
			],
		],
		[
			'with CR, as on old Macs',
			'a,b\r1,2\r',
			[
				['a', 'b'],
				['1', '2'],
			],
		],
		[
			'with CR around a break in a cell',
			'a,b\r1,"x\ny"\r',
			[
				['a', 'b'],
				['1', 'x\ny'],
			],
		],
		[
			'with LF, CRLF, and CR mixed',
			'a,b\n1,2\r\n3,4\r5,6\n',
			[
				['a', 'b'],
				['1', '2'],
				['3', '4'],
				['5', '6'],
			],
		],
		[
			'with CR at the very end',
			'a,b\n1,2\r',
			[
				['a', 'b'],
				['1', '2'],
			],
		],
		[
			'with the text',
			'a,b\n1,2',
			[
				['a', 'b'],
				['1', '2'],
			],
		],
	])('%s', async (_, text, rows) => {
		expect(await cellsOf(text)).toEqual(rows);
	});

	it('with CRLF, even if a piece of the file ends between its characters', async () => {
		const lines = Array.from({ length: 9000 }, (_, row) => `${row},user${row}@example.com`);
		const text = lines.join('\r\n');
		for (const shift of [0, 1, 2]) {
			const { rows, numbers } = await rowsIn('x'.repeat(shift) + text, { headerRow: false });
			expect([rows.length, rows.at(-1), numbers.at(-1)]).toEqual([
				9000,
				['8999', 'user8999@example.com'],
				9000,
			]);
		}
	});
});

describe('rows that are quoted as a whole', () => {
	it('are read, with quoted or unquoted column names', async () => {
		for (const header of ['"name,email,note"', 'name,email,note']) {
			const { rows, unreadable } = await rowsIn(
				`${header}\n"Ann,ann@example.com,""x, y"""\n"Bob,bob@example.com,z"\n`,
			);
			expect(rows).toEqual([
				['Ann', 'ann@example.com', 'x, y'],
				['Bob', 'bob@example.com', 'z'],
			]);
			expect(unreadable).toEqual([]);
		}
	});

	it('stay unchanged in a file with one column', async () => {
		const { rows } = await rowsIn(
			'email\n"a@example.com, b@example.com"\n"c@example.com, d@example.com"\n',
		);
		expect(rows).toEqual([['a@example.com, b@example.com'], ['c@example.com, d@example.com']]);
	});

	it('stay unchanged if they would have another number of cells', async () => {
		const { rows } = await rowsIn(
			'name,email,note\nAnn,ann@example.com,\n"Copyright (c), all rights"\n',
		);
		expect(rows.at(-1)).toEqual(['Copyright (c), all rights']);
	});
});

describe('a row with a different delimiter than the rest', () => {
	const TEXT =
		'name,email,note\nAnn,ann@example.com,x\nBob;bob@example.com;y\nCy,cy@example.com,z\n';

	it('is reported as unreadable, and the others are read', async () => {
		const { rows, unreadable } = await rowsIn(TEXT);
		expect(rows).toHaveLength(3);
		expect(unreadable).toEqual(['Row 3 uses a different delimiter than the rest of the file']);
	});

	it('is reported only if it contains a contact', async () => {
		const { unreadable } = await rowsIn(
			'name,email,note\nAnn,ann@example.com,x\nTotals;1;2\nCarl\n',
		);
		expect(unreadable).toEqual([]);
	});
});

/** The number of times that reading a file lets n8n do other work. */
async function countChunks(text: string) {
	const options = {
		delimiter: '',
		encoding: 'auto',
		headerRow: true,
		sheet: '',
		skipUnreadable: true,
		mapping: 'auto',
		item: 0,
	} as const;
	let chunks = 0;
	for await (const { rows } of new FileSource(new TestFile(text), options).rows()) {
		expect(rows.length).toBeLessThan(200_000);
		chunks++;
	}
	return chunks;
}

describe('n8n can do other work after every 32 kB at most, and reading soon ends', () => {
	const LINES = 250_000;
	it.each<[string, string]>([
		['empty lines', 'email\n' + '\n'.repeat(4 * LINES) + 'a@example.com\n'],
		['lines that each open a quotation mark', 'email,x\n' + 'a,"x\n'.repeat(LINES)],
		['lines of a quotation mark only', 'email,x\n' + '"\n'.repeat(LINES) + 'a,b\n'],
		['quotation marks within one quoted cell', 'email,x\n"' + 'x"y '.repeat(LINES) + '\n'],
		['quotation marks without end', 'email,x\n' + '"'.repeat(4 * LINES + 1)],
		['quotation marks before blanks', 'email,x\n"' + '" '.repeat(LINES) + 'x'],
		['delimiters', 'email,x\n' + ','.repeat(4 * LINES)],
	])('for %s', async (_, text) => {
		expect(text.length / (await countChunks(text))).toBeLessThan(32_768);
	});
});
