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
