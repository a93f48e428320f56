import { Readable } from 'node:stream';
import { BinaryDataService } from 'n8n-core';
import { type NodeRun, runNode } from '../engine/runNode';
import { useSimulator } from '../simulator/useSimulator';
import { textRow, workbookOf } from '../sources/file/archives';

const simulator = useSimulator();

const run = async (more: Partial<NodeRun>) =>
	await runNode({
		simulator,
		onError: 'continue',
		...more,
		set: { source: 'file', output: 'users', ...more.set },
	});

/** The lines of one of the returned files, without its byte order mark. */
async function linesOf(field: 'results' | 'invalid', content: string, set = {}): Promise<string[]> {
	const { files } = await run({ files: [{ name: 'contacts.csv', content }], set });
	const text = files.find((file) => file.field === field)?.text ?? '';
	expect(text.startsWith('\ufeff')).toBe(true);
	return text.slice(1).trimEnd().split('\r\n');
}

test('results.csv has a line for each row, however many there are', async () => {
	const emails = Array.from({ length: 2500 }, (_, row) =>
		row % 1000 === 0 ? `u${row}@x` : `u${row}@example.com`,
	);
	const lines = await linesOf('results', ['email', ...emails].join('\n'));
	expect(lines).toHaveLength(2501);
	expect(lines.slice(0, 3)).toEqual([
		'row,status,reason,batch,requestId,droppedField',
		'2,invalid,email_invalid,,,',
		expect.stringMatching(/^3,submitted,,1,[\w-]+,$/),
	]);
	expect(lines[1001]).toBe('1002,invalid,email_invalid,,,');
	expect(lines[2500]).toMatch(/^2501,submitted,,1,[\w-]+,$/);
});

test('invalid.csv has the rows as in the file, each with its reason in a separate column', async () => {
	expect(await linesOf('invalid', 'email;name\na@x;Ann\nb@x\nc@example.com;Cy\n')).toEqual([
		'email;name;reason;advice',
		expect.stringMatching(/^a@x;Ann;email_invalid;./),
		expect.stringMatching(/^b@x;;email_invalid;./),
	]);
});

test('invalid.csv that is sent again is returned with new reasons in the same columns', async () => {
	const again = 'email,reason,advice\na@x,phone_invalid,old\nb@example.com,phone_invalid,old\n';
	expect(await linesOf('invalid', again)).toEqual([
		'email,reason,advice',
		expect.stringMatching(/^a@x,email_invalid,(?!old)./),
	]);
});

test.each(['email,reason,name', 'email,name,advice', 'reason,advice,email'])(
	"the file's own columns of these names stay: %s",
	async (header) => {
		const [names, row] = await linesOf('invalid', `${header}\na@x,b@x,c@x\n`);
		expect(names).toBe(`${header},reason,advice`);
		expect(row).toMatch(/^a@x,b@x,c@x,email_invalid,./);
	},
);

test('invalid.csv of a file without column names has none either', async () => {
	const set = { headerRow: false, mappingMode: 'defineBelow', emailField: '0' };
	expect(await linesOf('invalid', 'a@x,Ann\nb@example.com,Bob\n', set)).toEqual([
		expect.stringMatching(/^a@x,Ann,email_invalid,./),
	]);
});

describe("a file of the output that can't be written in full", () => {
	const TEXT = 'email\na@example.com\nb@example.com\nc@x\n';
	const UNWRITTEN = (name: string) =>
		`'${name}' could not be written in full. The counts in this summary are still right`;

	afterEach(() => jest.restoreAllMocks());

	/** Runs with a file that can be read once; `then` is called when it is read again. */
	async function runOnce(
		then: () => void,
		more: Partial<NodeRun> = {},
		content: string | Buffer = TEXT,
	) {
		jest
			.spyOn(BinaryDataService.prototype, 'getAsStream')
			.mockImplementationOnce(async () => Readable.from([Buffer.from(content)]))
			.mockImplementation(async () => {
				then();
				throw new Error('gone');
			});
		const data = { data: 'filesystem-v2', mimeType: 'text/csv', id: 'fs:1' };
		return await run({ binary: [{ data }], ...more });
	}

	it("is reported where n8n can't store it", async () => {
		jest.spyOn(BinaryDataService.prototype, 'store').mockRejectedValue(new Error('ENOSPC'));
		const { output, files } = await run({ files: [{ name: 'contacts.csv', content: TEXT }] });
		expect(output[0]?.warnings).toEqual(
			expect.arrayContaining(['results.csv', 'invalid.csv'].map(UNWRITTEN)),
		);
		expect(files).toEqual([]);
	});

	it("is reported where the file can't be read again, and has what could be", async () => {
		const { output, files } = await runOnce(() => {});
		expect(output[0]?.warnings).toContain(UNWRITTEN('invalid.csv'));
		expect(output[0]?.warnings).not.toContain(UNWRITTEN('results.csv'));
		expect(files.map(({ field }) => field)).toEqual(['results', 'invalid']);
	});

	it('is not returned if a part of it would be no workbook', async () => {
		const workbook = workbookOf({
			sheets: {
				Contacts: ['email', 'a@example.com', 'c@x']
					.map((cell, row) => textRow(row + 1, [cell]))
					.join(''),
			},
		});
		const { output, files } = await runOnce(() => {}, {}, workbook);
		expect(output[0]).toMatchObject({ submitted: 1, invalid: 1 });
		expect(output[0]?.warnings).toContain(UNWRITTEN('invalid.xlsx'));
		expect(files.map(({ name }) => name)).toEqual(['results.csv']);
	});

	it('ends a run that is canceled meanwhile', async () => {
		const controller = new AbortController();
		const cancelSignal = controller.signal;
		const { output } = await runOnce(() => controller.abort(), { cancelSignal });
		expect(output[0]).not.toHaveProperty('received');
	});
});
