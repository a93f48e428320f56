import * as fc from 'fast-check';
import { ApiBatchSender } from '../../nodes/AlibabaCloudChatApp/actions/customAudience/sending/send';
import type { User } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { KeyRejections } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import { createCallOnce, createRetrier } from '../../nodes/AlibabaCloudChatApp/transport/client';
import { UsersPlacement } from '../../nodes/AlibabaCloudChatApp/transport/usersPlacement';
import { Ledger } from '../../nodes/AlibabaCloudChatApp/upload/ledger';
import { summarize } from '../../nodes/AlibabaCloudChatApp/upload/summary';
import { sendBatches } from '../../nodes/AlibabaCloudChatApp/upload/upload';
import { MEETINGS, type ModelCall, modelServer } from './modelServer';
import { clockWithoutWaiting } from './runCase';
import { runsOf } from './share';

const RUNS = runsOf(1000);
const AUDIENCE = { custSpaceId: 'space', pageId: '1', adAccountId: '2', customAudienceId: '3' };

const inputs = fc.record({
	count: fc.integer({ min: 1, max: 24 }),
	batchSize: fc.integer({ min: 1, max: 12 }),
	maxTries: fc.integer({ min: 1, max: 4 }),
	completes: fc.boolean(),
	usersIn: fc.constantFrom('body' as const, 'query' as const),
	stopAtRejection: fc.boolean(),
	/** Half of all calls go well. */
	meetings: fc.array(fc.oneof(fc.constant('ok' as const), fc.constantFrom(...MEETINGS)), {
		maxLength: 60,
	}),
	mostUsers: fc.oneof(
		{ weight: 3, arbitrary: fc.constant(100) },
		{ arbitrary: fc.nat({ max: 8 }), weight: 1 },
	),
});
type Input = typeof inputs extends fc.Arbitrary<infer T> ? T : never;

interface Delivered {
	ledger: Ledger;
	calls: ModelCall[];
}

let runs = 0;

async function deliver(input: Input): Promise<Delivered> {
	const { sendHttp, calls } = modelServer(input.meetings, input.mostUsers);
	const clock = clockWithoutWaiting();
	const key = { accessKeyId: 'id', accessKeySecret: 'secret' };
	// What is learned of an endpoint must not reach another run.
	const origin = `https://cams${++runs}.example.com`;
	const placement = new UsersPlacement(origin, input.usersIn);
	const sender = new ApiBatchSender({
		audience: AUDIENCE,
		callOnce: createCallOnce({ key, origin, sendHttp, clock, timeout: 60_000 }),
		withRetry: createRetrier({ maxAttempts: input.maxTries, clock }),
		rejections: new KeyRejections(),
		placement,
		now: () => clock.now(),
	});
	const { count, batchSize, completes, stopAtRejection } = input;
	const users = usersOf(input);
	const ledger = new Ledger();
	ledger.receive(count);
	const refs = [...users.keys()];
	const plan = { users, refs, options: { batchSize }, total: count, completes };
	const now = () => clock.now();
	await sendBatches(plan, ledger, { sender, stopAtRejection, now });
	return { ledger, calls };
}

function usersOf({ count }: Input): User[] {
	return Array.from({ length: count }, (_, index) => ({ Email: `user${index}@example.com` }));
}

function checkServer(input: Input, { ledger: { batches, facts }, calls }: Delivered) {
	const { count, completes, maxTries, usersIn } = input;
	const acknowledged = calls.filter((call) => call.acknowledged);
	const flags = acknowledged.filter(({ last }) => last);
	expect(flags.length).toBeLessThanOrEqual(1);
	expect(facts.complete).toBe(flags.length === 1);
	if (flags.length === 1) expect(calls.at(-1)).toBe(flags[0]);
	if (!completes) expect(calls.some(({ last }) => last)).toBe(false);
	const hidden = calls.filter((call) => call.last && call.counted && !call.acknowledged).length;
	if (hidden > 0) expect(facts.lastResponseLost).toBe(true);
	const isForbidden = batches.some(({ error }) => error?.code === 'NoPermission');
	if (completes && !facts.complete && acknowledged.length > 0 && !isForbidden) {
		expect(calls.at(-1)?.last).toBe(true);
	}
	expect(calls.every(({ total }) => total === String(count))).toBe(true);
	expect(new Set(calls.map(({ nonce }) => nonce)).size).toBe(calls.length);
	calls.forEach(({ tooLarge, users }, index) => {
		const later = calls.slice(index + 1).filter(({ last }) => !last || !facts.completedWith);
		// In a URL it is the bytes that are halved, down to a least length, so that a few users may stay in.
		const most = usersIn === 'query' ? users.length - 1 : Math.ceil(users.length / 2);
		if (tooLarge) expect(later.every((call) => call.users.length <= Math.max(1, most))).toBe(true);
	});
	for (const { attempts } of batches) expect(attempts).toBeLessThanOrEqual(maxTries * 12);
}

function checkAccount(input: Input, { ledger, calls }: Delivered) {
	const users = usersOf(input);
	let next = 0;
	for (const { start, end } of ledger.batches) {
		expect(start).toBe(next);
		expect(end).toBeGreaterThan(start);
		next = end;
	}
	if (!input.stopAtRejection || !ledger.isAnyRejected) expect(next).toBe(users.length);
	expect(ledger.batches.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(calls.length);
	const told = new Set(
		calls
			.filter((call) => call.acknowledged)
			.flatMap((call) => call.users.map(({ Email }) => Email)),
	);
	expect(users.map((_, ref) => ledger.resultOf(ref).status === 'submitted')).toEqual(
		users.map(({ Email }) => told.has(Email)),
	);
	const { received, submitted, failed, held, batches } = summarize(
		{ audience: AUDIENCE },
		ledger,
		[],
	);
	expect(submitted).toBe(told.size);
	expect(submitted + failed + held).toBe(received);
	const accepted = batches.filter(({ status }) => status === 'accepted');
	expect(accepted.reduce((sum, batch) => sum + batch.users, 0)).toBe(submitted);
}

test(`keeps every invariant in ${RUNS} runs with random faults and inputs`, async () => {
	// SEED=n runs again what a run with that seed printed.
	const seed = Number(process.env.SEED ?? 1);
	process.stdout.write(`random faults: ${RUNS} runs with seed ${seed}\n`);
	await fc.assert(
		fc.asyncProperty(inputs, async (input) => {
			const result = await deliver(input);
			checkServer(input, result);
			checkAccount(input, result);
		}),
		{ numRuns: RUNS, seed },
	);
}, 60_000);
