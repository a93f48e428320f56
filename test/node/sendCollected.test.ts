import type { IDataObject, INodeParameters, INodeProperties } from 'n8n-workflow';
import { fields } from '../../nodes/AlibabaCloudChatApp/actions/customAudience/sendCollected';
import { ALL_IDS, byId } from '../engine/knownIds';
import { runNode, type NodeRun } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { DEFAULT_KEY, KNOWN, startSimulator } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';
import { MemoryTables } from '../store/memoryTables';

const simulator = useSimulator();
let tables: MemoryTables;
let staticData: IDataObject;
beforeEach(() => {
	tables = new MemoryTables(() => Date.now());
	staticData = {};
});

const run = async (name: string, parameters: INodeParameters, more: Partial<NodeRun> = {}) =>
	await runNode({
		simulator,
		operation: `customAudience:${name}`,
		set: { ...ALL_IDS, ...parameters },
		clock: stillClock(),
		tables,
		staticData,
		...more,
	});

let collected = 0;
const collect = async (customAudienceId: string) =>
	await run(
		'addUsers',
		{ customAudienceId: byId(customAudienceId) },
		{ items: [{ email: `ann${customAudienceId}.${collected++}@example.com` }] },
	);

const options = fields.find(({ name }) => name === 'options')?.options as INodeProperties[];

/** Another run stores a contact while the first call is made. */
function storeDuringFirstCall(): void {
	simulator.misbehave(
		(call) => {
			const { rows, nextId } = tables.tables[0]!;
			const late = { email: 'late@example.com', status: 'waiting', claim: null, id: nextId };
			const [first] = rows.filter(({ status }) => status !== 'lease');
			if (call === 1) rows.push({ ...first, ...late });
			return false;
		},
		{ kind: 'throttle' },
		'AddCustomAudienceUser',
	);
}

describe("'Send Collected Users'", () => {
	it.each(options.map(({ displayName, name }) => [displayName, name]))(
		"rejects the option '%s' by its name if its expression returns nothing",
		async (label, name) => {
			await collect('111');
			const { error } = await run('sendCollected', { [name]: '={{ $json.nothing }}' });
			expect(error?.message).toMatch(new RegExp(`^'${label}' `));
			expect(simulator.uploads).toEqual([]);
		},
	);

	it("says why 'Force' sends nothing while another run is sending", async () => {
		await collect('111');
		const leaseUntil = new Date(Date.now() + 60_000).toISOString();
		const audience = tables.tables[0]?.rows[0]?.audience;
		tables.insert('table1', [{ audience, status: 'lease', claim: 'another run', leaseUntil }]);
		const customAudienceId = byId('111');
		const waits = await run('sendCollected', { customAudienceId });
		expect(waits.output[0]).toMatchObject({ collected: 1, warnings: [] });
		const { output } = await run('sendCollected', { customAudienceId, force: true });
		const why = expect.stringMatching(/Another run is sending.*'Force' had no effect/);
		expect(output[0]).toMatchObject({ submitted: 0, collected: 1, warnings: [why] });
		expect(simulator.uploads).toEqual([]);
	});

	it("rejects 'Audiences' without a value", async () => {
		const { error } = await run('sendCollected', { audiences: '={{ $json.nothing }}' });
		expect(error?.message).toContain("'Audiences' must be one or all");
	});

	it('shows in the editor, each once, what waits and what to know about what was sent', async () => {
		await collect('111');
		await collect('222');
		const location = 'outputPane';
		const waits = await run('sendCollected', { audiences: 'all' });
		const next = waits.output[0]?.collecting as IDataObject;
		expect(waits.hints).toEqual([{ message: next.next, type: 'info', location }]);
		const sent = await run('sendCollected', { audiences: 'all', force: true });
		const message = expect.stringContaining('fewer than 100 matches');
		expect(sent.hints).toContainEqual({ message, type: 'warning', location });
		const matched = expect.stringContaining('not matched yet');
		expect(sent.hints.filter(({ type }) => type === 'warning')).toHaveLength(1);
		expect(sent.hints.filter(({ type }) => type === 'info')).toEqual([
			{ message: '1 contact sent to the audience, in each of 2 uploads', type: 'info', location },
			{ message: matched, type: 'info', location },
		]);
		const idle = await run('sendCollected', { audiences: 'all' });
		expect(idle.output).toEqual([]);
		expect(idle.hints).toEqual([
			{ message: expect.stringContaining('no contacts are waiting'), type: 'info', location },
		]);
	});

	it("is counted by 'Get Match Result' by what it sent, like 'Add Users' with contacts from the table", async () => {
		const resultOf = async ({ output }: Awaited<ReturnType<typeof run>>) => {
			const items = output;
			return (await run('getResult', { waitUpTo: 0 }, { items })).output[0];
		};
		await collect(KNOWN.customAudienceId);
		const sent = await run('sendCollected', { force: true });
		await expect(resultOf(sent)).resolves.toMatchObject({ submitted: 1 });
		await run('addUsers', {}, { items: [{ email: 'bob@example.com' }] });
		const options = { collectUntil: 2, topUp: false };
		const both = await run('addUsers', options, { items: [{ email: 'eve@example.com' }] });
		expect(both.output[0]).toMatchObject({ submitted: 1, collecting: { sentFromTable: 1 } });
		await expect(resultOf(both)).resolves.toMatchObject({ submitted: 2 });
	});

	it("reports an invalid audience in the output that 'On Error' chooses", async () => {
		const parameters = { pageId: "={{ '' }}" };
		const goesOn = await run('sendCollected', parameters, { onError: 'continue' });
		expect(goesOn.output).toEqual([{ error: expect.stringContaining('Page ID') }]);
		expect(goesOn.errorOutput).toEqual([]);
		const leaves = await run('sendCollected', parameters, { onError: 'output' });
		expect(leaves.output).toEqual([]);
		expect(leaves.errorOutput[0]).toMatchObject({
			error: expect.stringContaining('Page ID'),
			details: { code: expect.stringMatching(/./) },
		});
	});

	it('makes one call with a key that is rejected, however many audiences wait', async () => {
		await collect('111');
		await collect('222');
		const { output } = await run(
			'sendCollected',
			{ audiences: 'all', force: true },
			{
				credential: { ...DEFAULT_KEY, accessKeyId: 'LTAI5tNobody', endpoint: simulator.url },
				onError: 'continue',
			},
		);
		expect(simulator.attempts).toHaveLength(1);
		expect(output).toMatchObject([{ collected: 1 }, { collected: 1 }]);
	});

	it('ends as canceled, and what was not sent waits again', async () => {
		await collect('111');
		await collect('222');
		const controller = new AbortController();
		simulator.misbehave(() => true, { kind: 'throttle' });
		const sleep = async () => {
			controller.abort();
			await new Promise<void>(() => {});
		};
		const { error } = await run(
			'sendCollected',
			{ audiences: 'all', force: true },
			{
				clock: { ...stillClock(), sleep },
				cancelSignal: controller.signal,
				onError: 'continue',
			},
		);
		expect(error?.message).toBe('The execution was canceled');
		expect(simulator.attempts).toHaveLength(1);
		const rows = tables.tables[0]?.rows.filter(({ status }) => status !== 'lease');
		expect(rows?.map(({ status }) => status)).toEqual(['waiting', 'waiting']);
	});

	it("with 'Force', sends what was there, not what arrives meanwhile", async () => {
		let now = Date.now();
		const clock = { ...stillClock(), now: () => now++ };
		await collect('111');
		storeDuringFirstCall();
		const parameters = { customAudienceId: byId('111'), force: true };
		const { output } = await run('sendCollected', parameters, { clock });
		expect(output).toMatchObject([{ submitted: 1, collecting: { sentFromTable: 1, waiting: 1 } }]);
		expect(simulator.uploads).toHaveLength(1);
	});

	it('returns a row for each of two uploads, with what was sent from the table', async () => {
		let now = Date.now();
		const clock = { ...stillClock(), now: () => now++ };
		await collect('111');
		storeDuringFirstCall();
		const parameters = { customAudienceId: byId('111'), collectUntil: 1 };
		const { output } = await run('sendCollected', parameters, { clock });
		const one = { received: 1, submitted: 1, collecting: { sentFromTable: 1, waiting: 0 } };
		expect(output).toMatchObject([one, one]);
		expect(simulator.uploads).toHaveLength(2);
	});

	it('sends what waits in the table of the project to which the workflow was moved, and says so', async () => {
		await collect('111');
		const [{ name, columns, rows }] = tables.tables.splice(0) as [MemoryTables['tables'][number]];
		tables.project = 'another project';
		tables.create(name, columns).rows.push(...rows);
		const parameters = { customAudienceId: byId('111'), force: true };
		const { output, error } = await run('sendCollected', parameters);
		expect(error).toBeUndefined();
		expect(output).toMatchObject([{ submitted: 1 }]);
		expect(String(output[0]?.warnings)).toMatch(/was moved to another project/);
	});

	it('says that some contacts may be sent again if the table fails after the calls', async () => {
		await collect('111');
		simulator.misbehave(() => (tables.enabled = false), { kind: 'throttle' });
		const parameters = { customAudienceId: byId('111'), force: true };
		const { output } = await run('sendCollected', parameters);
		expect(output[0]).toMatchObject({ received: 1, submitted: 1 });
		expect(String(output[0]?.warnings)).toMatch(/could not be updated/);
	});

	it('reports a rejected batch in its own words', async () => {
		await collect('111');
		simulator.misbehave(() => true, { kind: 'businessError', code: 'Audience.NotReady' });
		const parameters = { customAudienceId: byId('111'), force: true };
		const stopped = await run('sendCollected', parameters);
		expect(stopped.error?.message).toMatch(/^Alibaba Cloud rejected the request: /);
		expect(stopped.error?.description).toMatch(
			/\. They will be sent with the next list, or once enough contacts are waiting$/,
		);
		const { output } = await run('sendCollected', parameters, { onError: 'continue' });
		// What was not accepted is not called lost to the 100 rule as well.
		expect(output[0]?.warnings).toEqual([
			expect.stringMatching(/^1 batch was rejected: /),
			expect.stringMatching(/^The contacts of rejected batches are waiting in the Data Table/),
		]);
	});

	it('says one thing about when the contacts of a rejected batch are sent', async () => {
		await collect('111');
		simulator.misbehave(() => true, { kind: 'businessError', code: 'Audience.NotReady' });
		const parameters = { customAudienceId: byId('111'), collectUntil: 1 };
		const { output } = await run('sendCollected', parameters, { onError: 'continue' });
		expect(output[0]).toMatchObject({
			collecting: { next: expect.stringMatching(/, to be sent with the next run$/) },
			warnings: expect.arrayContaining([
				expect.stringMatching(/waiting in the Data Table\. They will be sent with the next run$/),
			]),
		});
	});

	it('returns a rejected batch, and a key that is rejected, through the error output as well', async () => {
		await collect('111');
		simulator.misbehave(1, { kind: 'businessError', code: 'Audience.NotReady' });
		const parameters = { customAudienceId: byId('111'), force: true };
		const rejected = await run('sendCollected', parameters, { onError: 'output' });
		expect(rejected.output).toMatchObject([{ collected: 1, submitted: 0 }]);
		expect(rejected.errorOutput).toEqual([
			{
				error: expect.stringMatching(/^Alibaba Cloud rejected the request.* are waiting in the /),
				details: { code: 'Audience.NotReady' },
			},
		]);
		const credential = { accessKeyId: '', accessKeySecret: 'x', endpoint: simulator.url };
		const more = { onError: 'output', credential } as const;
		const unsigned = await run('sendCollected', parameters, more);
		expect(unsigned.output).toMatchObject([{ collected: 1, submitted: 0 }]);
		expect(unsigned.errorOutput).toMatchObject([
			{ error: expect.stringContaining('AccessKey ID') },
		]);
		const sent = await run('sendCollected', parameters, { onError: 'output' });
		expect(sent).toMatchObject({ output: [{ submitted: 1 }], errorOutput: [] });
	});

	it('says what was sent to other audiences when a later one ends the run', async () => {
		await collect('111');
		await collect('222');
		const parameters = { audiences: 'all', force: true };
		simulator.misbehave(2, { kind: 'businessError', code: 'Audience.NotReady' });
		const { error } = await run('sendCollected', parameters);
		expect(error?.description).toMatch(/\. 1 contact was sent in this run$/);
	});

	it('says that an upload is open if only a part was accepted', async () => {
		while (tables.tables[0]?.rows.length !== 3) await collect('111');
		simulator.misbehave((call) => call > 1, { kind: 'businessError', code: 'NotReady' });
		const options = { force: true, batchSize: 1 };
		const parameters = { customAudienceId: byId('111'), ...options };
		const { output } = await run('sendCollected', parameters, { onError: 'continue' });
		expect(output[0]).toMatchObject({ submitted: 1, collected: 2, complete: false });
		expect(String(output[0]?.warnings)).toContain('The upload is not complete');
	});

	it("shows in an audience's row that no call could be made", async () => {
		await collect('111');
		const credential = { accessKeyId: '', accessKeySecret: 'x', endpoint: simulator.url };
		const parameters = { customAudienceId: byId('111'), force: true };
		const goesOn = await run('sendCollected', parameters, { credential, onError: 'continue' });
		expect(goesOn.output).toMatchObject([{ received: 1, collected: 1, submitted: 0 }]);
		expect((goesOn.output[0]?.warnings as string[]).at(-1)).toMatch(
			/^The credential can't be used: /,
		);
		const stopped = await run('sendCollected', parameters, { credential });
		expect(stopped.error).toMatchObject({
			message: expect.stringMatching(/^The credential can't be used: /),
			context: { code: 'no_credential' },
		});
		expect(stopped.error?.description).toBe('Open the credential and enter it');
	});

	it.each([
		['stop', 1],
		['continue', 2],
	] as const)(
		"continues after an unexpected error as 'On Error' says: %s",
		async (onError, calls) => {
			await collect('111');
			await collect('222');
			simulator.misbehave(() => true, { kind: 'throttle' }, 'AddCustomAudienceUser');
			const sleep = async () => await Promise.reject(new Error('odd'));
			const clock = { ...stillClock(), sleep };
			const parameters = { audiences: 'all', force: true };
			const { error, output } = await run('sendCollected', parameters, { clock, onError });
			expect(simulator.attempts).toHaveLength(calls);
			const told = 'Nothing more was sent: Error: odd';
			if (onError === 'stop') expect(error?.message).toBe(told);
			else
				expect(output.map((item) => item.error)).toEqual(
					Array(2).fill(expect.stringContaining(told)),
				);
		},
	);

	it('says that contacts were sent in the URL if the gateway reads only that', async () => {
		const server = await startSimulator({ ignoreBody: true });
		await collect('111');
		const parameters = { customAudienceId: byId('111'), force: true };
		const credential = { ...DEFAULT_KEY, endpoint: server.url };
		const { output } = await run('sendCollected', parameters, { credential });
		await server.close();
		expect(output[0]).toMatchObject({ submitted: 1 });
		expect(String(output[0]?.warnings)).toMatch(/so they were sent in the URL/);
	});
});
