import type { IDataObject, INodeParameters, INodeProperties } from 'n8n-workflow';
import { fields } from '../../nodes/AlibabaCloudChatApp/actions/customAudience/sendCollected/fields';
import { ALL_IDS, byId } from '../engine/knownIds';
import { runNamed, type OperationRun } from '../engine/runOperation';
import { stillClock } from '../engine/stillClock';
import { DEFAULT_KEY } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';
import { MemoryTables } from '../store/memoryTables';

const simulator = useSimulator();
let tables: MemoryTables;
let staticData: IDataObject;
beforeEach(() => {
	tables = new MemoryTables(() => Date.now());
	staticData = {};
});

const run = async (name: string, parameters: INodeParameters, more: Partial<OperationRun> = {}) =>
	await runNamed(simulator, `customAudience:${name}`, {
		parameters: { ...ALL_IDS, ...parameters },
		clock: stillClock(),
		tables,
		staticData,
		...more,
	});

const collect = async (customAudienceId: string) =>
	await run(
		'addUsers',
		{ customAudienceId: byId(customAudienceId) },
		{ items: [{ email: `ann${customAudienceId}@example.com` }] },
	);

const options = fields.find(({ name }) => name === 'options')?.options as INodeProperties[];

describe("'Send Collected Users'", () => {
	it.each(options.map(({ displayName, name }) => [displayName, name]))(
		"refuses the option '%s' by its name when its expression gives nothing",
		async (label, name) => {
			await collect('111');
			const { error } = await run('sendCollected', { options: { [name]: '={{ $json.nothing }}' } });
			expect(error?.message).toContain(`'${label}' `);
			expect(simulator.calls).toEqual([]);
		},
	);

	it("takes 'Audiences' without a value for no choice", async () => {
		const { error } = await run('sendCollected', { audiences: '={{ $json.nothing }}' });
		expect(error?.message).toContain("'Audiences' is not usable");
	});

	it('shows in the editor what waits, and what to know of what was sent, each once', async () => {
		await collect('111');
		await collect('222');
		const location = 'outputPane';
		const waits = await run('sendCollected', { audiences: 'all' });
		const next = waits.output[0]?.json.collecting as IDataObject;
		expect(waits.hints).toEqual([{ message: next.next, type: 'info', location }]);
		const sent = await run('sendCollected', { audiences: 'all', options: { force: true } });
		const message = expect.stringContaining('fewer than 100 matches');
		expect(sent.hints).toContainEqual({ message, type: 'warning', location });
		expect(sent.hints.filter(({ type }) => type === 'warning')).toHaveLength(1);
	});

	it('tells an audience that is not usable on the output that is chosen for it', async () => {
		const parameters = { pageId: '' };
		const goesOn = await run('sendCollected', parameters, { onError: 'continue' });
		expect(goesOn.output.map(({ json }) => json)).toEqual([
			{ error: expect.stringContaining('Page ID') },
		]);
		expect(goesOn.errorOutput).toEqual([]);
		const leaves = await run('sendCollected', parameters, { onError: 'output' });
		expect(leaves.output).toEqual([]);
		expect(leaves.errorOutput[0]?.json).toMatchObject({
			error: expect.stringContaining('Page ID'),
			details: { code: expect.stringMatching(/./) },
		});
	});

	it('makes one call with a key that is refused, however many audiences wait', async () => {
		await collect('111');
		await collect('222');
		const { output } = await run(
			'sendCollected',
			{ audiences: 'all', options: { force: true } },
			{
				credential: { ...DEFAULT_KEY, accessKeyId: 'LTAI5tNobody', endpoint: simulator.url },
				onError: 'continue',
			},
		);
		expect(simulator.uploads).toHaveLength(1);
		expect(output.map(({ json }) => json)).toMatchObject([{ collected: 1 }, { collected: 1 }]);
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
			{ audiences: 'all', options: { force: true } },
			{
				clock: { ...stillClock(), sleep },
				cancelSignal: controller.signal,
				onError: 'continue',
			},
		);
		expect(error?.message).toBe('The execution was canceled');
		expect(simulator.uploads).toHaveLength(1);
		const rows = tables.tables[0]?.rows.filter(({ status }) => status !== 'lease');
		expect(rows?.map(({ status }) => status)).toEqual(['waiting', 'waiting']);
	});
});
