import type { IExecuteFunctions } from 'n8n-workflow';
import { present } from '../../nodes/AlibabaCloudChatApp/actions/customAudience/addUsers/present';
import type { Run } from '../../nodes/AlibabaCloudChatApp/actions/customAudience/sending/send';
import { FileSource } from '../../nodes/AlibabaCloudChatApp/sources/file/fileSource';
import { KeyRejections } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import type { FailedPlan, Plan, Upload } from '../../nodes/AlibabaCloudChatApp/upload/decide';
import { Ledger } from '../../nodes/AlibabaCloudChatApp/upload/ledger';
import { stillClock } from '../engine/stillClock';
import { TestFile } from '../sources/file/files';
import { planWith } from './planWith';

const INVALID = { status: 'invalid', reason: 'email_invalid' } as const;

/** A file that was read, of whose rows (from 0) some are invalid; the others were sent in one batch. */
async function sent(text: string, invalid: number[], headerRow = true) {
	const source = new FileSource(new TestFile(text), {
		separator: '',
		encoding: 'auto',
		headerRow,
		sheet: '',
		skipUnreadable: false,
		mapping: headerRow ? 'auto' : { email: '0' },
		item: 0,
	});
	const ledger = new Ledger();
	for await (const contacts of source.open()) ledger.receive(contacts.length);
	const all = Array.from({ length: ledger.received }, (_, ref) => ref);
	const refs = all.filter((ref) => !invalid.includes(ref));
	const batch = { start: 0, end: refs.length, last: true, requestId: 'R-1', attempts: 1 };
	ledger.recordBatch(batch, refs);
	ledger.facts.complete = true;
	for (const ref of invalid) ledger.record(ref, INVALID);
	return { plan: planWith({ source, refs }), ledger };
}

/** The output of one file with one item per contact. */
async function output(
	upload: Upload<Plan | FailedPlan>,
	how: { store?: boolean; canceled?: boolean } = {},
) {
	const cancelSignal = how.canceled ? AbortSignal.abort(new Error('canceled')) : undefined;
	const prepareBinaryData = async (data: Buffer, fileName: string) => {
		if (how.store === false) throw new Error('ENOSPC /home/node');
		return { data: data.toString(), fileName, mimeType: 'text/csv' };
	};
	const context = {
		helpers: { prepareBinaryData },
		getExecutionCancelSignal: () => cancelSignal,
		addExecutionHints: () => {},
		getMode: () => 'trigger',
	} as unknown as IExecuteFunctions;
	const pause = async () => {};
	const run: Run = {
		context,
		clock: stillClock(),
		onError: 'continue',
		pause,
		rejections: new KeyRejections(),
		forgotten: new Map(),
	};
	return await present(run, [upload], { source: 'file', output: 'users', unusable: [] });
}

/** The lines of one of the returned files. */
async function linesOf(
	field: 'results' | 'invalid',
	...[text, invalid, headerRow]: Parameters<typeof sent>
): Promise<string[]> {
	const { rows } = await output(await sent(text, invalid, headerRow));
	const { data = '' } = rows[0]?.binary?.[field] ?? {};
	expect(data.startsWith('\ufeff')).toBe(true);
	return data.slice(1).trimEnd().split('\r\n');
}

test('results.csv has a line for each row, however many there are', async () => {
	const emails = Array.from({ length: 2500 }, (_, row) => `u${row}@example.com`);
	const lines = await linesOf('results', ['email', ...emails].join('\n'), [0, 1000]);
	expect(lines).toHaveLength(2501);
	expect(lines.slice(0, 3)).toEqual([
		'row,status,reason,batch,requestId,droppedField',
		'2,invalid,email_invalid,,,',
		'3,submitted,,1,R-1,',
	]);
	expect(lines[1001]).toBe('1002,invalid,email_invalid,,,');
	expect(lines[2500]).toBe('2501,submitted,,1,R-1,');
});

test('invalid.csv has the rows as in the file, each with its reason in a separate column', async () => {
	expect(await linesOf('invalid', 'email;name\na@x;Ann\nb@x\nc@example.com;Cy\n', [0, 1])).toEqual([
		'email;name;reason;advice',
		expect.stringMatching(/^a@x;Ann;email_invalid;./),
		expect.stringMatching(/^b@x;;email_invalid;./),
	]);
});

test('invalid.csv that is sent again comes back with new reasons in the same columns', async () => {
	const again = 'email,reason,advice\na@x,phone_invalid,old\nb@example.com,phone_invalid,old\n';
	expect(await linesOf('invalid', again, [0])).toEqual([
		'email,reason,advice',
		expect.stringMatching(/^a@x,email_invalid,(?!old)./),
	]);
});

test.each(['email,reason,name', 'email,name,advice', 'reason,advice,email'])(
	'columns of the file that are called alike belong to the file: %s',
	async (header) => {
		const [names, row] = await linesOf('invalid', `${header}\na@x,b@x,c@x\n`, [0]);
		expect(names).toBe(`${header},reason,advice`);
		expect(row).toMatch(/^a@x,b@x,c@x,email_invalid,./);
	},
);

test('invalid.csv of a file without names has none either', async () => {
	expect(await linesOf('invalid', 'a@x,Ann\nb@example.com,Bob\n', [0], false)).toEqual([
		expect.stringMatching(/^a@x,Ann,email_invalid,./),
	]);
});

describe("a file of the output that can't be written in full", () => {
	const upload = async () => await sent('email\na@example.com\nb@example.com\nc@x\n', [2]);
	const broken = async () => {
		const { plan, ledger } = await upload();
		(plan.source as FileSource).table = () => raising(new Error('gone'));
		return { plan, ledger };
	};
	const UNWRITTEN = (name: string) =>
		`'${name}' could not be written in full. The counts in this summary are still right`;

	it("is reported where n8n can't store it", async () => {
		const { rows } = await output(await upload(), { store: false });
		expect(rows).toEqual([
			{
				json: expect.objectContaining({ warnings: ['results.csv', 'invalid.csv'].map(UNWRITTEN) }),
				from: [0],
			},
		]);
	});

	it("is reported where the file can't be read again, and has what could be", async () => {
		const { rows } = await output(await broken());
		expect(rows[0]?.json.warnings).toEqual([UNWRITTEN('invalid.csv')]);
		expect(Object.keys(rows[0]?.binary ?? {})).toEqual(['results', 'invalid']);
	});

	it('ends a run that is canceled meanwhile', async () => {
		await expect(output(await broken(), { canceled: true })).rejects.toThrow('canceled');
	});
});

async function* raising(error: Error): AsyncGenerator<never> {
	await Promise.reject(error);
	yield undefined as never;
}
