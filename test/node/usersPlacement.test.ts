import type { IDataObject } from 'n8n-workflow';
import { runNode, type NodeRun } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { startSimulator, type Simulator, type SimulatorOptions } from '../simulator/simulator';

let simulator: Simulator;
afterEach(() => simulator.close());

async function gateway(options: SimulatorOptions = {}) {
	simulator = await startSimulator({ ignoreBody: true, ...options });
}

const people = (count: number) =>
	Array.from({ length: count }, (_, n) => ({
		email: `somebody.${n}@example.com`,
		phone: `+14155${String(100_000 + n)}`,
	}));

async function run(count: number, set: IDataObject = {}, more: Partial<NodeRun> = {}) {
	return await runNode({
		simulator,
		items: people(count),
		set: { underMinimum: 'warn', ...set },
		clock: stillClock(),
		...more,
	});
}

const summaryOf = ({ output }: Awaited<ReturnType<typeof run>>) => output?.[0] as IDataObject;
const uploaded = () => simulator.uploads.flatMap(({ users }) => users).length;
const codes = () => simulator.attempts.map(({ code, status }) => code || status);
const longest = () => Math.max(...simulator.attempts.map(({ url }) => url.length));

describe('a gateway that reads users only in the query', () => {
	it('gets the same batch again in the URL, and then the rest of the run', async () => {
		await gateway();
		const result = await run(300);
		const summary = summaryOf(result);
		expect(summary).toMatchObject({
			submitted: 300,
			failed: 0,
			complete: true,
		});
		expect(uploaded()).toBe(300);
		const [rejected, ...others] = result.calls;
		expect(rejected).toMatchObject({ code: 'MissingUsers', users: [] });
		expect(others.length).toBeGreaterThan(4);
		expect(others.every(({ code, users }) => code === 'OK' && users.length > 0)).toBe(true);
		expect(others.map(({ query }) => query.BatchLastFlag)).toEqual(
			others.map((_, index) => String(index === others.length - 1)),
		);
		expect(new Set(result.calls.map(({ query }) => query.EstimatedNumTotal))).toEqual(
			new Set(['300']),
		);
		expect(simulator.uploads).toMatchObject([{ complete: true, mixed: false }]);
		expect(longest()).toBeLessThanOrEqual(6 * 1024);
		// The try that showed it belongs to the first batch.
		expect((summary.batches as IDataObject[])[0]).toMatchObject({ tries: 2, status: 'accepted' });
	});

	it('is known to the process from then on', async () => {
		await gateway();
		await run(120);
		simulator.reset();
		expect(summaryOf(await run(120))).toMatchObject({ submitted: 120 });
		expect(codes()).not.toContain('MissingUsers');
	});

	it('is reported in one warning', async () => {
		await gateway();
		const warnings = summaryOf(await run(600)).warnings as string[];
		expect(warnings).toEqual([
			expect.stringMatching(/URL, in \d+ requests instead of 1\. TLS encrypts/),
		]);
	});

	it('accepts 10,000 users in little more than a hundred calls', async () => {
		await gateway();
		const contacts = people(10_000).map(({ email }) => ({ email }));
		await run(0, {}, { items: contacts });
		expect(uploaded()).toBe(10_000);
		expect(simulator.attempts.length).toBeGreaterThan(80);
		expect(simulator.attempts.length).toBeLessThan(190);
	});

	it('with a smaller limit gets calls of half the size, and the limit is remembered', async () => {
		await gateway({ maxUrlBytes: 2000 });
		expect(summaryOf(await run(120))).toMatchObject({ submitted: 120, complete: true });
		expect(codes().filter((code) => code === 414)).toHaveLength(2);
		expect(simulator.uploads).toMatchObject([{ complete: true, mixed: false }]);
		simulator.reset();
		await run(120);
		expect(codes().filter((code) => code !== 'OK')).toEqual([]);
	});

	it("isn't sent the query if 'Request Body' is chosen", async () => {
		await gateway();
		const { error } = await run(120, { sendUsersIn: 'body' });
		expect(error).toMatchObject({ code: 'MissingUsers' });
		expect(error?.description).toMatch(/'Send Contacts In'.*Automatic/);
		expect(simulator.attempts).toHaveLength(1);
	});

	it("isn't sent a body if 'URL' is chosen, without a warning", async () => {
		await gateway();
		const summary = summaryOf(await run(600, { sendUsersIn: 'query' }));
		expect(summary).toMatchObject({ submitted: 600, warnings: [] });
		expect(simulator.attempts.every(({ bodyBytes }) => bodyBytes === 0)).toBe(true);
	});

	it('is considered in a dry run, once it is known or chosen', async () => {
		await gateway();
		const planned = async (set: IDataObject) => {
			const { plan } = summaryOf(await run(300, { ...set, dryRun: true })) as { plan: IDataObject };
			return (plan.batches as IDataObject[]).map(({ users, last }) => [users, last]);
		};
		expect(await planned({})).toEqual([[300, true]]);
		const chosen = await planned({ sendUsersIn: 'query' });
		await run(300);
		expect(await planned({})).toEqual(chosen);
		expect(await planned({ sendUsersIn: 'body' })).toEqual([[300, true]]);
		const sent = simulator.attempts.filter(({ code }) => code === 'OK');
		expect(chosen).toEqual(
			sent.map(({ users, query }) => [users?.length, query.BatchLastFlag === 'true']),
		);
	});

	it('completes the upload with a batch that fits its URL if the last one is rejected', async () => {
		await gateway();
		await run(120);
		simulator.reset();
		simulator.misbehave(3, { kind: 'businessError', code: 'Audience.NotReady' });
		const summary = summaryOf(await run(90, { batchSize: 30 }, { onError: 'continue' }));
		expect(summary).toMatchObject({ submitted: 60, failed: 30, complete: true });
		expect(simulator.attempts.at(-1)?.query.BatchLastFlag).toBe('true');
	});

	it('can throttle the calls, and every batch is still accepted', async () => {
		await gateway();
		simulator.misbehave((n) => n % 3 === 0, { kind: 'throttle', retryAfter: 2 });
		const clock = stillClock();
		expect(summaryOf(await run(400, {}, { clock }))).toMatchObject({ submitted: 400, failed: 0 });
		expect(clock.waits.filter((ms) => ms >= 2000).length).toBeGreaterThan(1);
	});
});

it('a gateway that reads users nowhere is reported, and the body is tried first again', async () => {
	await gateway();
	const missing = { kind: 'error', status: 400, code: 'MissingUsers' } as const;
	simulator.misbehave(() => true, missing);
	const { error } = await run(10);
	expect(error).toMatchObject({ code: 'MissingUsers' });
	expect(simulator.attempts).toHaveLength(2);
	simulator.reset();
	await run(10);
	expect(simulator.attempts[0]?.bodyBytes).toBeGreaterThan(0);
});

it('a gateway that reads the body gets it in one call', async () => {
	await gateway({ ignoreBody: false });
	expect(summaryOf(await run(600))).toMatchObject({ warnings: [] });
	expect(simulator.attempts).toHaveLength(1);
	expect(simulator.attempts[0]?.url).not.toContain('Users');
});

describe('the number of people before the upload', () => {
	const known = {
		custSpaceId: 'cams-simulator1',
		pageId: '100000000000001',
		adAccountId: '300000000000001',
		customAudienceId: '500000000000001',
	};
	const lists = () => simulator.requests.filter(({ action }) => action === 'ListCustomAudience');

	it('is noted in the summary, by one call', async () => {
		await gateway({ ignoreBody: false });
		expect(summaryOf(await run(120, known))).toMatchObject({
			tokenTotalBefore: 10,
			submitted: 120,
		});
		expect(lists()).toHaveLength(1);
	});

	it.each([
		['the key may not list', { kind: 'error', status: 403, code: 'NoPermission' }],
		['the list is broken', { kind: 'html', status: 502 }],
		['nothing answers', { kind: 'reset' }],
	] as const)('is left out if %s, and the upload continues', async (_, fault) => {
		await gateway({ ignoreBody: false });
		simulator.misbehave(() => true, fault, 'ListCustomAudience');
		const summary = summaryOf(await run(600, known));
		expect(summary).toMatchObject({ submitted: 600, warnings: [] });
		expect(summary).not.toHaveProperty('tokenTotalBefore');
		expect(lists()).toHaveLength(1);
	});

	it.each([{ dryRun: true }, { underMinimum: 'hold' }])(
		'is left out if nothing is sent (%o)',
		async (set) => {
			await gateway();
			const summary = summaryOf(await run(20, { ...known, ...set }));
			expect(summary).not.toHaveProperty('tokenTotalBefore');
			expect(simulator.attempts).toEqual([]);
		},
	);
});
