import type { IDataObject } from 'n8n-workflow';
import { ALL_IDS, byId, PAGE } from '../engine/knownIds';
import { type NodeRun, runNode } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { KNOWN } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';
import { Lasting } from '../store/lasting';
import { MemoryTables } from '../store/memoryTables';

const simulator = useSimulator();

it('a run that ends with a rejected batch counts the uploads before and after it', async () => {
	simulator.misbehave(2, { kind: 'error', status: 400, code: 'Invalid' }, 'AddCustomAudienceUser');
	const { error, calls } = await runNode({
		simulator,
		items: ['111', '222', '333', '444'].map((audience) => ({
			audience,
			email: `ann${audience}@example.com`,
		})),
		set: { customAudienceId: '={{ $json.audience }}' },
		clock: stillClock(),
	});
	expect(error?.description).toContain('Uploads finished before this one: 1.');
	expect(error?.description).toContain('Uploads not started: 2.');
	expect(calls.map(({ query }) => query.CustomAudienceId)).toEqual(['111', '222']);
});

it('a run that ends with an expression names the item that it failed for', async () => {
	const { error } = await runNode({
		simulator,
		items: [{ email: 'ann@example.com' }, { email: 'bob@example.com' }, { isOdd: true }],
		set: {
			mappingMode: 'defineBelow',
			emailField: "={{ $json.isOdd ? $('Nowhere').first().json.email : $json.email }}",
		},
		clock: stillClock(),
	});
	expect(error).toMatchObject({ context: { itemIndex: 2 } });
	expect(simulator.requests).toEqual([]);
});

it("an expression that can't be evaluated fails only its contact if the run continues", async () => {
	const { output, calls } = await runNode({
		simulator,
		items: [{ email: 'ann@example.com' }, { isOdd: true }],
		set: {
			mappingMode: 'defineBelow',
			emailField: "={{ $json.isOdd ? $('Nowhere').first().json.email : $json.email }}",
			underMinimum: 'warn',
			minimumUsers: 0,
		},
		onError: 'continue',
		clock: stillClock(),
	});
	expect(calls[0]?.users).toHaveLength(1);
	expect(output?.[0]?.warnings).toEqual([
		"An expression in the node can't be evaluated for item 1. Check 'Default Country', 'Consent Field', and the fields of 'Map Each Field Below'",
	]);
});

it("if no contact can be read, the names of fields aren't mentioned", async () => {
	const { output } = await runNode({
		simulator,
		items: [{ Kontakt: 'x' }],
		set: {
			mappingMode: 'defineBelow',
			emailField: "={{ $('Nowhere').first().json.email }}",
			underMinimum: 'warn',
		},
		onError: 'continue',
		clock: stillClock(),
	});
	expect(String(output?.[0]?.warnings)).toContain("can't be evaluated for item 0");
	expect(String(output?.[0]?.warnings)).not.toContain('Kontakt');
});

it('an operation that ends the run names the item that it failed for', async () => {
	const { error } = await runNode({
		simulator,
		operation: 'adAccount:getMany',
		set: { ...PAGE, pageId: '={{ $json.page }}' },
		items: [{ page: KNOWN.pageId }, { page: 'My Shop' }],
	});
	expect(error).toMatchObject({ context: { itemIndex: 1 } });
});

it("an operation that is canceled ends as canceled, whatever 'On Error' says", async () => {
	simulator.misbehave(() => true, { kind: 'throttle' }, 'ListPageAdAccount');
	const controller = new AbortController();
	const sleep = async () => {
		controller.abort();
		await new Promise<void>(() => {});
	};
	const { error } = await runNode({
		simulator,
		operation: 'adAccount:getMany',
		set: PAGE,
		items: [{}, {}],
		onError: 'continue',
		clock: { ...stillClock(), sleep },
		cancelSignal: controller.signal,
	});
	expect(error?.message).toBe('The execution was canceled');
	expect(simulator.requests).toHaveLength(1);
});

it("a run that is canceled before it sends ends as canceled, whatever 'On Error' says", async () => {
	const controller = new AbortController();
	const tables = new MemoryTables();
	jest.spyOn(tables, 'list').mockImplementation(() => {
		controller.abort();
		return [];
	});
	const { error } = await runNode({
		simulator,
		items: Array.from({ length: 100 }, (_, index) => ({ email: `u${index}@example.com` })),
		tables,
		onError: 'continue',
		clock: stillClock(),
		cancelSignal: controller.signal,
	});
	expect(error?.message).toBe('The execution was canceled');
	expect(simulator.requests).toEqual([]);
});

describe('a run whose contacts are stored says so when it ends', () => {
	const people = (count: number): IDataObject[] =>
		Array.from({ length: count }, (_, index) => ({ email: `u${index}@example.com` }));
	const addUsers = async ({ set, ...more }: Partial<NodeRun>, lasting = new Lasting()) =>
		await runNode({ simulator, set: { ...ALL_IDS, ...set }, ...lasting.run, ...more });

	it.each([
		['a list', 120, {}, '120 contacts are', 'list, or once enough contacts are waiting'],
		['a contact that makes enough', 1, { collectUntil: 1 }, '1 contact is', 'run'],
	])("with a credential that can't be used: %s", async (_, count, set, which, next) => {
		const { error } = await addUsers({ items: people(count), set, credential: null });
		expect(error?.message).toMatch(/^The credential can't be used/);
		expect(error?.description).toContain(
			`${which} waiting in the Data Table, to be sent with the next ${next}`,
		);
	});

	it('with a table that takes no more contacts, after another upload', async () => {
		const lasting = new Lasting();
		const insert = lasting.tables.insert.bind(lasting.tables);
		lasting.tables.insert = (id, rows) => {
			if (rows.some(({ status }) => status === 'waiting')) throw new Error('limit exceeded');
			return insert(id, rows);
		};
		const items = [
			...people(120).map((contact) => ({ ...contact, audience: '111' })),
			{ email: 'ann@example.com', audience: '222' },
			{ email: 'ann@example.com', audience: '333' },
		];
		const set = { customAudienceId: byId('={{ $json.audience }}') };
		const { error, calls } = await addUsers({ items, set }, lasting);
		expect(calls).toHaveLength(1);
		expect(error?.description).toContain(
			'Uploads finished before this one: 1. Uploads not started: 1',
		);
		expect(error?.description).not.toContain('waiting');
	});

	it('by being canceled', async () => {
		const controller = new AbortController();
		simulator.misbehave(() => true, { kind: 'throttle' }, 'AddCustomAudienceUser');
		const sleep = async () => {
			controller.abort();
			await new Promise<void>(() => {});
		};
		const { error } = await addUsers({
			items: people(1),
			set: { collectUntil: 1 },
			clock: { ...stillClock(), sleep },
			cancelSignal: controller.signal,
		});
		expect(error?.message).toBe('The execution was canceled');
		expect(error?.description).toBe(
			'Uploads finished before this one: 0. Accepted from the current upload: nothing. 1 contact is waiting in the Data Table, to be sent with the next run. Running again is safe: Meta counts each person once.',
		);
	});
});
