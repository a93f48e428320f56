import { gzipSync } from 'node:zlib';
import XLSX from '@e965/xlsx';
import fc from 'fast-check';
import Papa from 'papaparse';
import { generateContacts } from '../bench/generate';
import { runNode, type NodeResult, type NodeRun } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { useSimulator } from '../simulator/useSimulator';
import { textRow, workbookOf, zipOf } from '../sources/file/archives';
import { MemoryTables } from '../store/memoryTables';

const simulator = useSimulator();

type Given = Partial<NodeRun> & { text?: string | Uint8Array };

async function run({ text = '', ...given }: Given): Promise<NodeResult> {
	const files = [{ name: 'contacts.csv', content: text }];
	return await runNode({ simulator, files, clock: stillClock(), ...given });
}

const MIXED = [
	'Name;E-Mail;Mobile;Country',
	'Ada;ada@example.com;+44 7700 900123;UK',
	'"Byron; A.";not an address;;',
	'Carl;;;',
	'Ada again;ADA@example.com;;',
	'Dora;dora@example;+49 30 23125000;',
].join('\r\n');

const textOf = ({ files = [] }: NodeResult, field: string) =>
	files.filter((file) => file.field === field).map(({ text }) => text);

describe('a file of contacts', () => {
	it('is sent as one upload, with the usual summary', async () => {
		const { output, files, calls } = await run({ text: MIXED });
		expect(output).toHaveLength(1);
		expect(output?.[0]).toMatchObject({
			received: 5,
			submitted: 2,
			duplicates: 1,
			invalid: 2,
			invalidReasons: { email_invalid: 1, no_email_or_phone: 1 },
			droppedFields: { email_invalid: 1 },
			complete: true,
		});
		expect(calls[0]?.users).toEqual([
			{ Email: 'ada@example.com', Phone: '447700900123' },
			{ Phone: '493023125000' },
		]);
		expect(files).toEqual([]);
	});

	it("returns one item with results.csv and invalid.csv if 'Output' is One Item per Contact", async () => {
		const result = await run({ text: MIXED, set: { output: 'users' } });
		expect(result.output).toHaveLength(1);
		expect(result.output?.[0]).toMatchObject({ received: 5, submitted: 2 });
		const requestId = (result.output?.[0]?.batches as Array<{ requestId: string }>)[0]?.requestId;
		expect(textOf(result, 'results')).toEqual([
			[
				'\ufeffrow,status,reason,batch,requestId,droppedField',
				`2,submitted,,1,${requestId},`,
				'3,invalid,email_invalid,,,',
				'4,invalid,no_email_or_phone,,,',
				'5,duplicate,,,,',
				`6,submitted,,1,${requestId},email_invalid`,
				'',
			].join('\r\n'),
		]);
		expect(textOf(result, 'invalid')[0]?.split('\r\n')).toEqual([
			'\ufeffName;E-Mail;Mobile;Country;reason;advice',
			expect.stringMatching(/^"Byron; A\.";not an address;;;email_invalid;.*address is incomplete/),
			expect.stringMatching(/^Carl;;;;no_email_or_phone;/),
			'',
		]);
	});

	it('returns the invalid rows in the error output, whatever the output', async () => {
		for (const output of ['summary', 'users']) {
			const result = await run({ text: MIXED, set: { output }, onError: 'output' });
			expect(result.errorOutput).toEqual([
				{
					error: expect.stringContaining('2 rows of the file were not sent'),
					details: { status: 'invalid' },
				},
			]);
			expect(result.files?.map((file) => [file.output, file.name])).toEqual([
				...(output === 'users' ? [['main', 'results.csv']] : []),
				['error', 'invalid.csv'],
			]);
		}
	});

	it('accepts the invalid rows again when they are fixed', async () => {
		const [invalid = ''] = textOf(await run({ text: MIXED, set: { output: 'users' } }), 'invalid');
		const fixed = invalid.replace('not an address', 'byron@example.com');
		const result = await run({ text: fixed, set: { output: 'users' } });
		expect(result.output?.[0]).toMatchObject({ received: 2, submitted: 1, invalid: 1 });
		expect(textOf(result, 'invalid')[0]).toMatch(
			/^\ufeffName;E-Mail;Mobile;Country;reason;advice\r\nCarl;;;;no_email_or_phone;[^;]*\r\n$/,
		);
	});

	it('returns the rows of a rejected batch', async () => {
		const people = Array.from({ length: 30 }, (_, id) => `p${id}@example.com`);
		simulator.misbehave(2, { kind: 'businessError', code: 'AudienceFull' });
		const result = await run({
			text: ['email', ...people].join('\n'),
			set: { batchSize: 10, output: 'users' },
			onError: 'continue',
		});
		expect(result.output?.[0]).toMatchObject({ submitted: 20, failed: 10 });
		const [header, ...rows] = (textOf(result, 'invalid')[0] ?? '').trimEnd().split('\r\n');
		expect(header).toBe('\ufeffemail,reason,advice');
		expect(rows.map((row) => row.split(',').slice(0, 2))).toEqual(
			people.slice(10, 20).map((email) => [email, 'AudienceFull']),
		);
	});

	it('returns the rows of a rejected batch in the error output', async () => {
		for (const [batchSize, words] of [
			[
				10,
				/^2 rows of the file were not sent\. Correct the returned file, where each row has its reason/,
			],
			[11, /^1 row of the file was not sent\. Correct/],
		] as const) {
			const people = Array.from({ length: 12 }, (_, id) => `p${id}@example.com`);
			simulator.reset();
			simulator.misbehave(2, { kind: 'businessError', code: 'AudienceFull' });
			const text = ['email', ...people].join('\n');
			const result = await run({ text, set: { batchSize }, onError: 'output' });
			expect(result.errorOutput).toEqual([
				{ error: expect.stringMatching(words), details: { status: 'failed' } },
			]);
		}
	});

	it('returns its files as CSV', async () => {
		const { items } = await runNode({
			simulator,
			files: [{ name: 'x.csv', content: MIXED }],
			set: { output: 'users' },
			clock: stillClock(),
		});
		const [{ binary } = {}] = items;
		expect(binary).toMatchObject({
			results: { fileName: 'results.csv', mimeType: 'text/csv' },
			invalid: { fileName: 'invalid.csv', mimeType: 'text/csv' },
		});
	});

	it('returns invalid and failed rows together', async () => {
		simulator.misbehave(1, { kind: 'businessError', code: 'AudienceFull' });
		const text = 'email\na@example.com\nnobody\n';
		const result = await run({ text, set: { output: 'users' }, onError: 'continue' });
		expect(textOf(result, 'invalid')[0]?.split('\r\n')).toEqual([
			'\ufeffemail,reason,advice',
			expect.stringMatching(/^a@example\.com,AudienceFull,/),
			expect.stringMatching(/^nobody,email_invalid,/),
			'',
		]);
	});

	it('is a separate upload for each input item', async () => {
		const files = ['a@example.com', 'b@example.com'].map((email) => ({
			name: 'x.csv',
			content: `email\n${email}\n`,
		}));
		const { output } = await run({ files });
		expect(output).toHaveLength(2);
		expect(simulator.uploads.map(({ users }) => users)).toEqual([
			[{ Email: 'a@example.com' }],
			[{ Email: 'b@example.com' }],
		]);
	});

	it('is read by its options and fields', async () => {
		const text = Buffer.from('ä|+49 30 23125000|x\nb@example.com|0171 3920000|DE', 'latin1');
		const { calls } = await run({
			text: gzipSync(text),
			set: {
				delimiter: '|',
				encoding: 'windows-1252',
				headerRow: false,
				mappingMode: 'defineBelow',
				emailField: '0',
				phoneField: "={{ '1' }}",
				countryField: '2',
			},
		});
		expect(calls[0]?.users).toEqual([
			{ Phone: '493023125000' },
			{ Email: 'b@example.com', Phone: '491713920000' },
		]);
	});

	it('is split at the chosen delimiter, whatever it looks like', async () => {
		const set = { headerRow: false, delimiter: ';', mappingMode: 'defineBelow', emailField: '1' };
		const text = 'x,y,z;a@example.com\nx,y,z;b@example.com\n';
		const { calls } = await run({ text, set });
		expect(calls[0]?.users).toEqual([{ Email: 'a@example.com' }, { Email: 'b@example.com' }]);
	});

	it("is sent with its duplicates if 'Remove Duplicates' is off", async () => {
		const text = 'email\na@example.com\na@example.com\n';
		const { output } = await run({ text, set: { removeDuplicates: false } });
		expect(output?.[0]).toMatchObject({ submitted: 2, duplicates: 0 });
	});

	it.each([
		['={{ 0 }}', 1],
		['={{ [0] }}', 0],
	])('is read if an expression returns the number of a column: %s', async (emailField, count) => {
		const set = { headerRow: false, mappingMode: 'defineBelow', emailField, underMinimum: 'warn' };
		const more = { ...set, minimumUsers: 0 };
		const { calls, output } = await run({ text: 'a@example.com,Ann\n', set: more });
		expect(calls.flatMap(({ users }) => users)).toHaveLength(count);
		if (count > 0) expect(output?.[0]?.warnings).toEqual([]);
	});
});

it('with too few contacts is collected like items', async () => {
	const tables = new MemoryTables(Date.now);
	const few = ['email', ...Array.from({ length: 5 }, (_, id) => `p${id}@example.com`)].join('\n');
	const set = { underMinimum: 'collect', output: 'users' };
	const result = await run({ text: few, set, tables });
	expect(result.output?.[0]).toMatchObject({ received: 5, collected: 5, submitted: 0 });
	expect(textOf(result, 'results')[0]?.match(/,collected,/g)).toHaveLength(5);
	expect(result.calls).toEqual([]);
	const again = await run({ text: few, set, tables });
	expect(again.output?.[0]).toMatchObject({ collected: 0, duplicates: 5 });
	simulator.reset();
	const list = Array.from({ length: 600 }, (_, id) => `q${id}@example.com`);
	const sent = await run({ text: ['email', ...list].join('\n'), set, tables });
	expect(sent.output?.[0]).toMatchObject({ received: 600, submitted: 600 });
	expect(simulator.uploads.map(({ users }) => users.length)).toEqual([605]);
});

const row = fc.constantFrom(...generateContacts(400, { messy: 60, bad: 10 }, 7));
const cellOf = (value: unknown) => (value === undefined ? '' : String(value));

it('sends the same users, flags, and totals as the same rows as items', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(row, { minLength: 1, maxLength: 80 }),
			fc.constantFrom(',', ';', '\t'),
			fc.constantFrom<BufferEncoding>('utf8', 'utf16le'),
			fc.record({
				batchSize: fc.integer({ min: 1, max: 30 }),
				removeDuplicates: fc.boolean(),
				hash: fc.constantFrom('none', 'sha256'),
				defaultCountry: fc.constantFrom('', 'DE'),
			}),
			async (contacts, delimiter, encoding, set) => {
				const items = contacts.map(({ email, phone, country }) => ({
					Email: cellOf(email),
					Phone: cellOf(phone),
					Country: cellOf(country),
				}));
				const text = Buffer.from(`\ufeff${Papa.unparse(items, { delimiter })}`, encoding);
				simulator.reset();
				const asItems = await run({ files: undefined, items, set });
				simulator.reset();
				const asFile = await run({ text, set });
				const sent = ({ calls }: NodeResult) => calls.map(({ users, query }) => [users, query]);
				expect(sent(asFile)).toEqual(sent(asItems));
				expect(withoutIds(asFile)).toEqual(withoutIds(asItems));
			},
		),
		{ seed: 20200606, numRuns: 30 },
	);
});

function withoutIds({ output = [], error }: NodeResult) {
	const json = JSON.stringify([output, error]);
	return JSON.parse(json.replace(/"requestId":"[^"]*"/g, '"requestId":""')) as unknown;
}

describe('a file that cannot be read', () => {
	const CUT = 'email,name\na@example.com,A\nb@example.com,B\nc@example.com,"C';

	it('ends the run with the reason and the row, and nothing is sent', async () => {
		const { error, calls } = await run({ text: CUT });
		expect(error).toMatchObject({
			code: 'file_open_quote',
			message: 'The quoted field that begins in row 4 never ends',
		});
		expect(error?.description).toContain('row 4');
		expect(calls).toEqual([]);
	});

	it('counts what was read of it as failed if the run continues', async () => {
		const result = await run({ text: CUT, onError: 'continue', set: { output: 'users' } });
		expect(result.output?.[0]).toMatchObject({
			submitted: 0,
			warnings: [expect.stringContaining('begins in row 4')],
		});
		expect(result.calls).toEqual([]);
	});

	it('is returned in the error output, even without a row', async () => {
		const { output, errorOutput, calls } = await run({ text: 'x', onError: 'output' });
		expect(errorOutput).toEqual([
			{ error: expect.any(String), details: { status: 'failed', code: 'file_empty' } },
		]);
		expect(output?.[0]).toMatchObject({ received: 0, failed: 0 });
		expect(calls).toEqual([]);
	});

	it('is returned in the error output as held if it is too short to be sent', async () => {
		const set = { underMinimum: 'stop' };
		const { output, errorOutput } = await run({ text: 'email\na@x.org', set, onError: 'output' });
		expect(output?.[0]).toMatchObject({ received: 1, held: 1 });
		expect(errorOutput).toEqual([
			{ error: expect.any(String), details: { status: 'held', code: 'under_minimum' } },
		]);
	});

	it('is returned in the error output with the rows that were read until then', async () => {
		const rows = Array.from({ length: 9000 }, (_, id) => `p${id}@example.com,A`);
		const text = ['email,name', ...rows, 'c@example.com,"C'].join('\n');
		const result = await run({ text, onError: 'output' });
		const { received, failed, warnings } = result.output?.[0] ?? {};
		expect(received).toBe(failed);
		expect(received).toBeGreaterThan(0);
		expect(result.errorOutput).toEqual([
			{
				error: expect.stringMatching(/row 9002 never ends\. /),
				details: { status: 'failed', code: 'file_open_quote' },
			},
		]);
		expect(textOf(result, 'invalid')[0]?.trimEnd().split('\r\n')).toHaveLength(Number(failed) + 1);
		// That its reading ended early is known.
		expect(warnings).toEqual([expect.stringContaining('row 9002 never ends')]);
	});

	it("is sent without unreadable rows if 'Skip Unreadable Rows' is on", async () => {
		const { output, calls } = await run({ text: CUT, set: { skipUnreadable: true } });
		expect(calls[0]?.users).toHaveLength(2);
		expect(output?.[0]).toMatchObject({
			received: 3,
			submitted: 2,
			invalid: 1,
			warnings: expect.arrayContaining([expect.stringContaining('row 4 never ends')]),
		});
	});

	it("is mentioned if 'Contacts From' is Input Items", async () => {
		const { output } = await run({ text: MIXED, set: { source: 'items' } });
		expect(output[0]?.warnings).toContain(
			"The items contain a file, but no contact in their fields. To read the file, set 'Contacts From' to File",
		);
	});

	it('is missing if another field is named', async () => {
		const { error } = await run({ text: CUT, set: { binaryField: 'upload' } });
		expect(error).toMatchObject({ code: 'file_missing' });
		expect(error?.message).toContain("'upload'");
		expect(error?.description).toContain("'data'");
		const none = await run({ files: undefined, items: [{}], set: { source: 'file' } });
		expect(none.error).toMatchObject({ code: 'file_missing' });
	});
});

it('messages name rows instead of items', async () => {
	const { error } = await run({ text: MIXED, set: { invalidContacts: 'stop' } });
	expect(error?.message).toContain("2 of the contacts can't be sent");
	expect(error?.description).toMatch(/^Row 3: .*Row 4: /);
});

it('rows with more cells than columns have a warning', async () => {
	const { output } = await run({ text: 'email,x\na@example.com,1\nb@example.com,1,2\n' });
	expect(output?.[0]?.warnings).toContainEqual(expect.stringContaining('Row 3 has more cells'));
});

it('a file in several pieces is sent completely', async () => {
	const emails = Array.from({ length: 8000 }, (_, row) => `person${row}@example.com`);
	const content = ['email', ...emails].join('\n');
	// Pieces are 64 KiB.
	expect(content.length).toBeGreaterThan(2 * 65_536);
	await run({ text: content });
	expect(simulator.uploads[0]?.users).toEqual(emails.map((Email) => ({ Email })));
});

describe('an Excel workbook', () => {
	const list =
		textRow(1, ['Spring 2026']) +
		textRow(3, ['Name', 'E-Mail', 'Mobile']) +
		'<row r="4"><c t="str"><v>Ada</v></c><c t="str"><v>ada@example.com</v></c><c><v>4.47700900123E+11</v></c></row>' +
		textRow(6, ['=1+1', 'not an address', '']);
	const other = textRow(1, ['email']) + textRow(2, ['bob@example.com']);
	const book = workbookOf({ sheets: { List: list, Other: other } });

	it('is read like a CSV file, and the summary names its sheet', async () => {
		const { output, calls } = await run({ text: book });
		expect(calls[0]?.users).toEqual([{ Email: 'ada@example.com', Phone: '447700900123' }]);
		expect(output[0]).toMatchObject({ received: 2, submitted: 1, sheet: 'List' });
		expect(output[0]?.warnings).toEqual(
			expect.arrayContaining([
				"Only the sheet 'List' was read; contacts are also in 'Other'. To send another one, enter its name as 'Sheet' in 'File Options'",
				'1 row above the column names was skipped',
			]),
		);
	});

	it("is read from the sheet that 'Sheet' names", async () => {
		const { output, calls } = await run({ text: book, set: { sheet: ' other ' } });
		expect(calls[0]?.users).toEqual([{ Email: 'bob@example.com' }]);
		expect(output[0]).toMatchObject({ received: 1, sheet: 'Other' });
		const { error } = await run({ text: book, set: { sheet: 'Old' } });
		expect(error).toMatchObject({ code: 'file_no_sheet' });
	});

	it('leaves out a contact whose opt-out is a formula that was never calculated', async () => {
		const names = textRow(1, ['Email', 'Opt Out']);
		const of = (row: number, email: string, cell: string) =>
			textRow(row, [email]).replace('</row>', `<c r="B${row}"${cell}</c></row>`);
		const uncalculated = of(2, 'ada@example.com', '><f>IF(D2>1,"Yes","")</f><v/>');
		const calculated = of(3, 'bob@example.com', ' t="str"><f>IF(D3>1,"Yes","")</f><v></v>');
		const text = workbookOf({ sheets: { S: names + uncalculated + calculated } });
		const { output, calls } = await run({ text });
		expect(calls[0]?.users).toEqual([{ Email: 'bob@example.com' }]);
		expect(output[0]).toMatchObject({ received: 2, optedOut: { 'Opt Out': 1 } });
	});

	it('returns its invalid rows as a workbook, which can be corrected and sent again', async () => {
		const result = await run({ text: book, set: { output: 'users' } });
		const { invalid, results } = result.items[0]?.binary ?? {};
		expect([results?.fileName, invalid?.fileName]).toEqual(['results.csv', 'invalid.xlsx']);
		expect(invalid?.mimeType).toContain('spreadsheetml.sheet');
		expect(textOf(result, 'results')[0]).toContain('\r\n6,');
		const returned = Buffer.from(invalid?.data ?? '', 'base64');
		const rows = XLSX.utils.sheet_to_json(XLSX.read(returned).Sheets.List as XLSX.WorkSheet);
		expect(rows).toEqual([
			{
				Name: '=1+1',
				'E-Mail': 'not an address',
				reason: 'email_invalid',
				advice: expect.stringContaining('address is incomplete'),
			},
		]);
		const sheet = XLSX.read(returned);
		(sheet.Sheets.List as XLSX.WorkSheet).B2 = { t: 's', v: 'eve@example.com' };
		const again = await run({
			text: XLSX.write(sheet, { type: 'buffer', bookType: 'xlsx' }) as Buffer,
		});
		expect(again.output[0]).toMatchObject({ received: 1, submitted: 1, sheet: 'List' });
	});

	it('in an archive is read; of several lists, only the one that is named', async () => {
		const one = zipOf([{ name: 'list.xlsx', content: book }]);
		expect((await run({ text: one })).output[0]).toMatchObject({ submitted: 1, sheet: 'List' });
		simulator.reset();
		const several = zipOf([
			{ name: 'subscribed.csv', content: 'email\ncy@example.com\n' },
			{ name: 'list.xlsx', content: book },
		]);
		const { error, calls } = await run({ text: several });
		expect(error).toMatchObject({ code: 'file_several' });
		expect(error?.message).toContain("'subscribed.csv', 'list.xlsx'");
		expect(calls).toEqual([]);
		simulator.reset();
		const chosen = await run({ text: several, set: { sheet: 'list.xlsx/Other' } });
		expect(chosen.calls[0]?.users).toEqual([{ Email: 'bob@example.com' }]);
		simulator.reset();
		const csv = await run({ text: several, set: { sheet: 'subscribed.csv' } });
		expect(csv.calls[0]?.users).toEqual([{ Email: 'cy@example.com' }]);
		expect(csv.output[0]).not.toHaveProperty('sheet');
	});

	it('that is cut off ends the run with a message, and nothing is sent', async () => {
		const { error, calls } = await run({ text: book.subarray(0, -40) });
		expect(error).toMatchObject({ code: 'file_damaged' });
		expect(calls).toEqual([]);
	});
});

describe('a row that cannot be read', () => {
	it('has a separate reason, which the returned file explains', async () => {
		const text = 'id,name,email\n1,"Ann,ann@example.com\n2,Bob,bob@example.com\n';
		const result = await run({ text, set: { output: 'users', skipUnreadable: true } });
		expect(result.output[0]).toMatchObject({ submitted: 1 });
		expect(textOf(result, 'results')[0]).toContain('2,invalid,row_unreadable,,,\r\n');
		expect(textOf(result, 'invalid')[0]).toMatch(/row_unreadable,.*quot/);
	});

	it('because of a different delimiter, leaves out only itself', async () => {
		const text = 'name,email\nAnn,ann@example.com\nBob;bob@example.com\n';
		const result = await run({ text, set: { output: 'users' } });
		expect(result.calls[0]?.users).toEqual([{ Email: 'ann@example.com' }]);
		expect(textOf(result, 'invalid')[0]).toContain(
			'row_unreadable,Row 3 uses a different delimiter',
		);
	});
});

it('returned cells run no formula in a spreadsheet, and are read unchanged when sent again', async () => {
	const text = 'name;email;phone\n=HYPERLINK("x");nobody;+49 15\n';
	const first = await run({ text, set: { output: 'users' } });
	const [invalid = ''] = textOf(first, 'invalid');
	expect(invalid).toContain(`"'=HYPERLINK(""x"")";nobody;+49 15;`);
	const again = await run({ text: invalid, set: { output: 'users', encoding: 'windows-1252' } });
	expect(textOf(again, 'invalid')).toEqual([invalid]);
});
