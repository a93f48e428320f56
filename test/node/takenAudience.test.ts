import type { INodeParameters } from 'n8n-workflow';
import { ALL_IDS } from '../engine/knownIds';
import { runNode, type NodeRun } from '../engine/runNode';
import { useSimulator } from '../simulator/useSimulator';
import { Lasting } from '../store/lasting';

const MINUTE = 60_000;
const simulator = useSimulator();
let lasting: Lasting;
beforeEach(() => {
	lasting = new Lasting();
});

const people = (count: number) =>
	Array.from({ length: count }, (_, index) => ({ email: `u${index}@example.com` }));

async function addUsers(count: number, options: INodeParameters = {}, more: Partial<NodeRun> = {}) {
	return await runNode({
		simulator,
		operation: 'customAudience:addUsers',
		set: { ...ALL_IDS, ...options },
		items: people(count),
		...lasting.run,
		...more,
	});
}

/** As if a run on another worker had taken the audience. */
function takeOver(): void {
	const lease = lasting.tables.tables[0]?.rows.find(({ status }) => status === 'lease');
	const leaseUntil = new Date(lasting.now + 15 * MINUTE).toISOString();
	Object.assign(lease as object, { claim: 'another run', leaseUntil });
}

const WAYS: Array<[name: string, count: number, options: INodeParameters]> = [
	['a list', 120, {}],
	['a run with One Sender', 2, { underMinimum: 'warn', oneSender: true }],
];

describe.each(WAYS)('%s', (_, count, options) => {
	it('ends as canceled while another worker sends to its audience', async () => {
		await addUsers(count, options);
		takeOver();
		simulator.reset();
		const controller = new AbortController();
		const sleep = async () => {
			controller.abort();
			await new Promise<void>(() => {});
		};
		const { error } = await addUsers(count, options, {
			clock: { ...lasting.run.clock, sleep },
			cancelSignal: controller.signal,
		});
		expect(error?.message).toBe('The execution was canceled');
		expect(simulator.attempts).toEqual([]);
	});

	it.each([
		['keeps the audience while it waits for a busy service', false, 3, count],
		['makes no further attempt once another worker has taken over while it waited', true, 1, 0],
	])('%s', async (_name, isTaken, uploads, submitted) => {
		simulator.misbehave([1, 2], { kind: 'throttle', retryAfter: 600 });
		// A signature is good for a quarter of an hour.
		lasting.now -= 12 * MINUTE;
		const sleep = async (ms: number) => {
			lasting.now += ms;
			if (isTaken) takeOver();
			const lease = lasting.tables.tables[0]?.rows.find(({ status }) => status === 'lease');
			expect(Date.parse(String(lease?.leaseUntil))).toBeGreaterThan(lasting.now);
		};
		const { output } = await addUsers(count, options, {
			clock: { ...lasting.run.clock, sleep },
			onError: 'continue',
		});
		expect(simulator.attempts).toHaveLength(uploads);
		expect(output[0]).toMatchObject({ submitted });
	});

	it('makes no further call, even to complete, once another worker has taken over', async () => {
		simulator.misbehave(
			(call) => {
				lasting.now += 16 * MINUTE;
				if (call === 1) takeOver();
				return false;
			},
			{ kind: 'throttle' },
			'AddCustomAudienceUser',
		);
		const { output } = await addUsers(
			count,
			{ ...options, batchSize: Math.ceil(count / 2) },
			{
				onError: 'continue',
			},
		);
		expect(simulator.attempts).toHaveLength(1);
		expect(output[0]).toMatchObject({
			submitted: count / 2,
			complete: false,
			batches: [
				{ status: 'accepted' },
				{
					code: 'another_sender',
					message: 'Another run took over this audience because this one took too long',
					tries: 0,
				},
			],
		});
	});
});

it("a list that is canceled while it is sent isn't stored to be sent later", async () => {
	const controller = new AbortController();
	simulator.misbehave(2, { kind: 'throttle' });
	const sleep = async () => {
		controller.abort();
		await new Promise<void>(() => {});
	};
	const { error } = await addUsers(
		120,
		{ batchSize: 60 },
		{ clock: { ...lasting.run.clock, sleep }, cancelSignal: controller.signal },
	);
	expect(error?.message).toBe('The execution was canceled');
	const rows = lasting.tables.tables[0]?.rows.filter(({ status }) => status !== 'lease');
	expect(rows?.map(({ status }) => status)).toEqual(Array(60).fill('sent'));
});

it('contacts that could not be stored either stay failed', async () => {
	await addUsers(1);
	simulator.misbehave(
		() => {
			lasting.tables.enabled = false;
			return true;
		},
		{ kind: 'businessError', code: 'Audience.NotReady' },
	);
	const { output } = await addUsers(120, {}, { onError: 'continue' });
	expect(output[0]).toMatchObject({ received: 120, failed: 120, collected: 0 });
});
