import type { IExecuteFunctions } from 'n8n-workflow';
import type { Submission } from '../../nodes/AlibabaCloudChatApp/actions/customAudience/addUsers/plan';
import {
	accountOf,
	presentFiles,
	refusedRowsOf,
} from '../../nodes/AlibabaCloudChatApp/actions/customAudience/addUsers/present';
import type { Message } from '../../nodes/AlibabaCloudChatApp/message';
import { FileSource } from '../../nodes/AlibabaCloudChatApp/sources/file/fileSource';
import { Ledger } from '../../nodes/AlibabaCloudChatApp/upload/ledger';
import { TestFile } from '../sources/file/files';

const REFUSED = { status: 'refused', reason: 'email_invalid' } as const;

/** A file that was read, of whose rows (from 0) some were refused; the others were sent in one batch. */
async function sent(text: string, refused: number[], headerRow = true) {
	const file = new FileSource(new TestFile(text), {
		separator: '',
		encoding: 'auto',
		headerRow,
		sheet: '',
		skipUnreadable: false,
		mapping: headerRow ? 'auto' : { email: '0' },
	});
	const ledger = new Ledger();
	for await (const contacts of file.open()) ledger.receive(contacts.length);
	const refs = Array.from({ length: ledger.received }, (_, ref) => ref);
	const users = refs.filter((ref) => !refused.includes(ref));
	const batch = { start: 0, end: users.length, last: true, requestId: 'R-1', tries: 1 };
	ledger.recordBatch(batch, users);
	for (const ref of refused) ledger.record(ref, REFUSED);
	return { file, ledger };
}

async function written(rows: AsyncIterable<string>): Promise<string[]> {
	let text = '';
	for await (const part of rows) text += part;
	expect(text.startsWith('\ufeff')).toBe(true);
	return text.slice(1).trimEnd().split('\r\n');
}

const pause = async () => {};
const refusedRows = async (...[text, refused, headerRow]: Parameters<typeof sent>) => {
	const { file, ledger } = await sent(text, refused, headerRow);
	return await written(refusedRowsOf(file, ledger, pause));
};

test('account.csv has a line for each row, however many there are', async () => {
	const emails = Array.from({ length: 2500 }, (_, row) => `u${row}@example.com`);
	const { file, ledger } = await sent(['email', ...emails].join('\n'), [0, 1000]);
	const lines = await written(accountOf(file, ledger, pause));
	expect(lines).toHaveLength(2501);
	expect(lines.slice(0, 3)).toEqual([
		'row,status,reason,batch,requestId,leftOut',
		'2,refused,email_invalid,,,',
		'3,submitted,,1,R-1,',
	]);
	expect(lines[1001]).toBe('1002,refused,email_invalid,,,');
	expect(lines[2500]).toBe('2501,submitted,,1,R-1,');
});

test('refused.csv has the rows as they stand in the file, each with its reason in a column of its own', async () => {
	expect(await refusedRows('email;name\na@x;Ann\nb@x\nc@example.com;Cy\n', [0, 1])).toEqual([
		'email;name;reason;advice',
		expect.stringMatching(/^a@x;Ann;email_invalid;./),
		expect.stringMatching(/^b@x;;email_invalid;./),
	]);
});

test('refused.csv that is sent again comes back with new reasons in the same columns', async () => {
	const again = 'email,reason,advice\na@x,phone_invalid,old\nb@example.com,phone_invalid,old\n';
	expect(await refusedRows(again, [0])).toEqual([
		'email,reason,advice',
		expect.stringMatching(/^a@x,email_invalid,(?!old)./),
	]);
});

test.each(['email,reason,name', 'email,name,advice', 'reason,advice,email'])(
	'columns of the file that are called alike are its own: %s',
	async (header) => {
		const [names, row] = await refusedRows(`${header}\na@x,b@x,c@x\n`, [0]);
		expect(names).toBe(`${header},reason,advice`);
		expect(row).toMatch(/^a@x,b@x,c@x,email_invalid,./);
	},
);

test('refused.csv of a file without names has none either', async () => {
	expect(await refusedRows('a@x,Ann\nb@example.com,Bob\n', [0], false)).toEqual([
		expect.stringMatching(/^a@x,Ann,email_invalid,./),
	]);
});

describe('a file of the output that can not be written in full', () => {
	/** The output of a file, of which the last of three rows was refused; `broken`: it can't be read a second time. */
	async function output(how: {
		store?: boolean;
		broken?: boolean;
		stop?: Message;
		canceled?: boolean;
	}) {
		const { file, ledger } = await sent('email\na@example.com\nb@example.com\nc@x\n', [2]);
		if (how.broken) file.table = () => raising(new Error('gone'));
		const submission = { audience: {}, items: [0], file, ledger, warnings: [], found: {} };
		if (how.stop) Object.assign(submission, { stop: how.stop });
		const cancelSignal = how.canceled ? AbortSignal.abort(new Error('canceled')) : undefined;
		const prepareBinaryData = async (data: Buffer, fileName: string) => {
			if (how.store === false) throw new Error('ENOSPC /home/node');
			return { data: data.toString(), fileName, mimeType: 'text/csv' };
		};
		const context = {
			helpers: { prepareBinaryData },
			getExecutionCancelSignal: () => cancelSignal,
		};
		return await presentFiles([submission as unknown as Submission], {
			context: context as unknown as IExecuteFunctions,
			output: 'users',
			onError: 'continue',
			pause,
		});
	}
	const TOLD = (name: string) =>
		`'${name}' could not be written in full. The counts of this summary are right all the same`;

	it('is told of where n8n can not store it', async () => {
		const { rows } = await output({ store: false });
		expect(rows).toEqual([
			{
				json: expect.objectContaining({ warnings: ['account.csv', 'refused.csv'].map(TOLD) }),
				from: [0],
			},
		]);
	});

	it('is told of where the file can not be read again, and has what could be', async () => {
		const { rows } = await output({ broken: true });
		expect(rows[0]?.json.warnings).toEqual([TOLD('refused.csv')]);
		expect(Object.keys(rows[0]?.binary ?? {})).toEqual(['account', 'refused']);
	});

	it('is not told of twice where its reading ended early before', async () => {
		const stop = { code: 'x', what: 'The file ends early', fix: '' };
		expect((await output({ broken: true, stop })).rows[0]?.json.warnings).toEqual([]);
	});

	it('ends a run that is canceled meanwhile', async () => {
		await expect(output({ broken: true, canceled: true })).rejects.toThrow('canceled');
	});
});

async function* raising(error: Error): AsyncGenerator<never> {
	await Promise.reject(error);
	yield undefined as never;
}
