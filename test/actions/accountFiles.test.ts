import {
	accountOf,
	refusedRowsOf,
} from '../../nodes/AlibabaCloudChatApp/actions/customAudience/addUsers/accountFiles';
import { FileSource } from '../../nodes/AlibabaCloudChatApp/sources/file/fileSource';
import { Ledger } from '../../nodes/AlibabaCloudChatApp/submission/ledger';
import { TestFile } from '../sources/file/files';

const REFUSED = { status: 'refused', reason: 'email_invalid' } as const;

/** A file that was read, of whose rows (from 0) some were refused; the others were sent in one batch. */
async function sent(text: string, refused: number[], headerRow = true) {
	const file = new FileSource(new TestFile(text), {
		separator: '',
		encoding: 'auto',
		headerRow,
		brokenRows: 'stop',
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
