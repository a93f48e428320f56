import { call, callAction, IDS, send, signed, until, users } from './signedClient';
import { KNOWN, type Matching, PAGE_IDS, startSimulator } from './simulator';
import { useSimulator } from './useSimulator';

const simulator = useSimulator();

function upload(fields: Record<string, string> = {}, count = 1): ReturnType<typeof call> {
	return call(simulator, { query: { ...IDS, ...fields }, form: users(count) });
}

/** The simulator responds to the second call while the first one waits. */
async function uploadBoth(
	first: Record<string, string>,
	second: Record<string, string>,
): Promise<void> {
	const release = simulator.hold();
	const pending = upload(first);
	await until(() => simulator.requests.length === 1);
	await upload(second);
	release();
	await pending;
}

test("keeps an upload's users in order until its last flag", async () => {
	const total = { EstimatedNumTotal: '5' };
	const first = await upload({ ...total, BatchLastFlag: 'false' }, 2);
	await upload({ ...total, BatchLastFlag: 'true' }, 3);
	const emails = [0, 1, 0, 1, 2].map((n) => ({ Email: `user${n}@example.com` }));
	expect(simulator.uploads).toMatchObject([
		{ customAudienceId: IDS.CustomAudienceId, users: emails, complete: true, mixed: false },
	]);
	expect(simulator.uploads[0]?.batches).toMatchObject([
		{ last: false, total: 5, requestId: first.body.RequestId, acknowledged: true },
		{ last: true, total: 5, acknowledged: true },
	]);
});

test('starts another upload after the last flag, and for another audience', async () => {
	await upload({ BatchLastFlag: 'true', EstimatedNumTotal: '1' });
	await upload({ EstimatedNumTotal: '2' });
	await upload({ CustomAudienceId: 'another', EstimatedNumTotal: '3' });
	expect(simulator.uploads.map(({ complete, mixed }) => ({ complete, mixed }))).toEqual([
		{ complete: true, mixed: false },
		{ complete: false, mixed: false },
		{ complete: false, mixed: false },
	]);
});

test('notices that the total changes before a flag', async () => {
	await upload({ EstimatedNumTotal: '2' });
	await upload();
	expect(simulator.uploads).toMatchObject([{ mixed: true }]);
});

test('notices a second call while another one for the audience is active', async () => {
	await uploadBoth({}, {});
	expect(simulator.uploads).toMatchObject([{ mixed: true }]);
});

test('notices it even if the first call completed its upload', async () => {
	await uploadBoth({ BatchLastFlag: 'true' }, {});
	expect(simulator.uploads).toMatchObject([{ mixed: true }, { mixed: true }]);
});

test('counts calls at the same time for two audiences as two runs', async () => {
	await uploadBoth({}, { CustomAudienceId: 'another' });
	expect(simulator.uploads).toMatchObject([{ mixed: false }, { mixed: false }]);
});

test("doesn't count a rejected call as a second run", async () => {
	await uploadBoth({}, { BatchLastFlag: 'perhaps' });
	expect(simulator.uploads).toMatchObject([{ mixed: false }]);
});

test('counts many calls one after the other as one run', async () => {
	for (let n = 0; n < 20; n++) await upload();
	expect(simulator.uploads).toMatchObject([{ mixed: false }]);
});

test('records which responses a client that disconnected did not read', async () => {
	simulator.misbehave(1, { kind: 'slow', ms: 60_000 });
	const abort = new AbortController();
	const pending = send(simulator, signed(), abort.signal);
	await until(() => simulator.uploads.length === 1);
	abort.abort();
	await expect(pending).rejects.toThrow();
	await upload();
	expect(simulator.requests.map(({ acknowledged }) => acknowledged)).toEqual([false, true]);
	expect(simulator.uploads[0]?.batches.map((one) => one.acknowledged)).toEqual([false, true]);
});

test('forgets everything on reset', async () => {
	const { requests, uploads } = simulator;
	const request = signed();
	await send(simulator, request);
	simulator.reset();
	expect([requests, uploads]).toEqual([[], []]);
	expect((await send(simulator, request)).status).toBe(200);
	expect([requests.length, uploads.length]).toEqual([1, 1]);
});

test('reports each request when its connection is done with it', async () => {
	const seen: string[] = [];
	const watched = await startSimulator({
		onRequest: ({ action, status, acknowledged }) =>
			seen.push(`${action} ${status} ${acknowledged}`),
	});
	await call(watched);
	watched.misbehave(2, { kind: 'reset' });
	await expect(call(watched)).rejects.toThrow();
	await watched.close();
	expect(seen).toEqual(['AddCustomAudienceUser 200 true', 'AddCustomAudienceUser 0 false']);
});

/** The audience's total after uploads of the given sizes, before and after a sync. */
async function totals(matching: Matching, uploads: number[], laterMs = 0): Promise<unknown[]> {
	let now = Date.now();
	const simulator = await startSimulator({ matching, now: () => now });
	const total = async () =>
		(
			await callAction(simulator, 'ListCustomAudience', {
				...PAGE_IDS,
				CustomAudienceId: KNOWN.customAudienceId,
				Page: '{"Index":1,"Size":20}',
			})
		).Data[0]?.TokenTotal;
	for (const count of uploads) {
		await call(simulator, { query: { ...IDS, BatchLastFlag: 'true' }, form: users(count) });
	}
	const before = await total();
	const sync = { ...PAGE_IDS, TokenType: 'customAudience' };
	await callAction(simulator, 'SyncMessengerSubscriptionToken', sync);
	now += laterMs;
	const after = await total();
	await simulator.close();
	return [before, after];
}

test.each<[string, Matching, number[], number, number]>([
	['matches count after a sync', { rate: 0.2 }, [1000], 0, 210],
	['no one is matched at rate 0', { rate: 0 }, [1000], 0, 10],
	['an upload with fewer than 100 matches adds no one', { rate: 0.7 }, [142], 0, 10],
	['a person in several uploads counts once', { rate: 0.5 }, [400, 1000], 0, 510],
	[
		'before the delay is over, a sync has added no one',
		{ rate: 0.5, delayMs: 60_000 },
		[400],
		59_999,
		10,
	],
	['after the delay, it has added them', { rate: 0.5, delayMs: 60_000 }, [400], 60_000, 210],
])('%s', async (_, matching, uploads, laterMs, after) => {
	await expect(totals(matching, uploads, laterMs)).resolves.toEqual([10, after]);
});

describe('tokens of uploads', () => {
	const sync = { ...PAGE_IDS, TokenType: 'customAudience' };
	const people = Array.from({ length: 120 }, (_, n) => ({
		Phone: n < 20 ? `4915112345${100 + n}` : `1415555${1000 + n}`,
	}));
	const uploadTokens = async () => {
		await callAction(simulator, 'SyncMessengerSubscriptionToken', sync);
		const CustomAudienceId = KNOWN.customAudienceId;
		const query = { ...sync, CustomAudienceId, Limit: '1000' };
		const { Data } = await callAction(simulator, 'ListMessengerSubscriptionToken', query);
		return Data.filter(({ RecipientId }) => RecipientId === undefined);
	};

	test('have no recipient, no status, and no dates', async () => {
		simulator.match({ rate: 0.5 });
		await call(simulator, { query: { ...IDS, BatchLastFlag: 'true' }, form: users(400) });
		const tokens = await uploadTokens();
		expect(tokens).toHaveLength(200);
		expect(Object.keys(tokens[0] ?? {}).sort()).toEqual([
			'CustomAudienceId',
			'NotificationMessagesReoptin',
			'NotificationMessagesToken',
			'TopicTitle',
		]);
	});

	test('are given to people whom Meta knows, each once, by either identifier', async () => {
		const known = people.map((person, n) => ({ ...person, Email: `known${n}@example.com` }));
		simulator.match({ people: known });
		const Users = [
			...people.map(({ Phone }) => ({ Phone, Email: 'unknown@example.com' })),
			...known.map(({ Email }) => ({ Email })),
			{ Email: 'stranger@example.com' },
		];
		const form = { Users: JSON.stringify(Users) };
		await call(simulator, { query: { ...IDS, BatchLastFlag: 'true' }, form });
		expect(await uploadTokens()).toHaveLength(120);
	});

	test('are removed with a country and added again with it', async () => {
		simulator.match({ people });
		const form = { Users: JSON.stringify(people) };
		await call(simulator, { query: { ...IDS, BatchLastFlag: 'true' }, form });
		const counts: number[] = [];
		for (const notMessageable of [[], ['49'], ['49', '1'], ['1'], []]) {
			simulator.match({ people, notMessageable });
			counts.push((await uploadTokens()).length);
		}
		expect(counts).toEqual([120, 100, 0, 20, 120]);
	});
});
