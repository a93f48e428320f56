import type { IBinaryKeyData } from 'n8n-workflow';
import { BinaryDataService } from 'n8n-core';
import { runNode } from '../engine/runNode';
import { useSimulator } from '../simulator/useSimulator';

const simulator = useSimulator();

/** A file in n8n's memory, or, with an ID, where n8n keeps it. */
function file(email: string, id?: string) {
	const data = Buffer.from(`email\n${email}\n`).toString('base64');
	return { data: id ? 'filesystem-v2' : data, mimeType: 'text/csv', ...(id && { id }) };
}

/** Runs the node with an item's files; returns the emails that were sent. */
async function run(binary: IBinaryKeyData, binaryField?: string) {
	simulator.reset();
	const set = { source: 'file', ...(binaryField !== undefined && { binaryField }) };
	const { error, calls } = await runNode({ simulator, binary: [binary], set });
	return { error, emails: calls.flatMap(({ users }) => users) };
}

const sent = (email: string) => ({ error: undefined, emails: [{ Email: email }] });

it("the item's only file is read, whatever its field is named, unless another field is named", async () => {
	const binary = { Contacts: file('a@example.com') };
	expect(await run(binary)).toEqual(sent('a@example.com'));
	expect(await run(binary, ' Contacts ')).toEqual(sent('a@example.com'));
	expect((await run(binary, 'other')).error).toMatchObject({
		code: 'file_missing',
		message: "The input item has no file in the field 'other'",
		description: "Enter one of its fields with files as 'Input Data Field Name': 'Contacts'",
	});
});

it('of several files, the one in the named field is read', async () => {
	const two = { one: file('a@example.com'), two: file('b@example.com') };
	expect((await run(two)).error?.description).toContain("'one', 'two'");
	expect(await run({ ...two, data: file('c@example.com') })).toEqual(sent('c@example.com'));
});

it('an item without a file is reported with what to do', async () => {
	expect((await run({})).error?.description).toMatch(
		/^Add a node that returns a file before this one/,
	);
});

it.each(['unsubscribed.csv', 'export/Opted Out 2026.csv', 'unsubscribed_members_export_1a2b.csv'])(
	'a file named %s is not read unless it is renamed',
	async (fileName) => {
		const data = { ...file('a@example.com'), fileName };
		const { error, emails } = await run({ data });
		expect(emails).toEqual([]);
		expect(error).toMatchObject({
			code: 'file_opted_out',
			message: expect.stringMatching(/ was not read: by its name, its contacts said no/),
			description: 'To send it anyway, rename the file',
		});
		const renamed = { ...data, fileName: 'subscribed.csv' };
		expect(await run({ data: renamed })).toEqual(sent('a@example.com'));
	},
);

it('base64 that is broken into lines, as mail and some APIs have it, is read whole', async () => {
	const emails = Array.from({ length: 5000 }, (_, row) => `u${row}@example.com`);
	const text = ['email', ...emails].join('\n');
	const data = Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\n');
	const { emails: sentUsers } = await run({ data: { data, mimeType: 'text/csv' } });
	expect(sentUsers).toEqual(emails.map((Email) => ({ Email })));
});

describe('a file that n8n keeps elsewhere', () => {
	const stream = jest.spyOn(BinaryDataService.prototype, 'getAsStream');
	afterEach(() => stream.mockReset());

	it('is streamed in pieces', async () => {
		const { Readable } = await import('node:stream');
		stream.mockResolvedValue(Readable.from([Buffer.from('email\n'), Buffer.from('a@example.com')]));
		expect(await run({ data: file('', 'fs:1') })).toEqual(sent('a@example.com'));
		expect(stream.mock.calls).toEqual([['fs:1', 262_144]]);
	});

	it("is reported without its path if n8n can't provide it", async () => {
		stream.mockRejectedValue(new Error('ENOENT /home/node/.n8n/x'));
		expect((await run({ data: file('', 'fs:1') })).error).toMatchObject({
			code: 'file_unreadable',
			message: "n8n couldn't provide the file",
			description: 'Run the workflow again from the start',
		});
	});
});
