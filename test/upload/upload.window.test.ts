import { Ledger } from '../../nodes/AlibabaCloudChatApp/upload/ledger';
import {
	type BatchAnswer,
	type BatchCall,
	keepOpenWindow,
	openWindowOf,
	sendBatches,
} from '../../nodes/AlibabaCloudChatApp/upload/upload';

const MINUTE = 60_000;
const error = { kind: 'rejected', code: 'x', what: 'x', fix: 'x', requestId: '' } as never;

/** Sends users two by two; each call takes the minutes given, before (`wait`) or after its attempt began. */
async function run(
	count: number,
	steps: Array<{ wait?: number; takes?: number; rejected?: boolean }>,
	settings: { total?: number; windowStartedAt?: number; completes?: boolean } = {},
) {
	const { total = count, completes = true, windowStartedAt } = settings;
	let [minutes, late] = [0, 0];
	const calls: Array<[users: number, last: boolean, total: number | undefined, minute: number]> =
		[];
	const send = async ({ users, last, total: told, until }: BatchCall): Promise<BatchAnswer> => {
		const { wait = 0, takes = 0, rejected } = steps.shift() ?? {};
		minutes += wait;
		const made = { attempts: 1, responseLost: false };
		if (until !== undefined && minutes * MINUTE >= until) {
			if (++late > 10) throw new Error('The same users are sent again without end');
			return { accepted: false, again: true, ...made };
		}
		calls.push([users.length, last, told, minutes]);
		const startedAt = minutes * MINUTE;
		minutes += takes;
		if (rejected) return { accepted: false, error, ...made };
		return { accepted: true, requestId: `r${calls.length}`, startedAt, ...made };
	};
	const users = Array.from({ length: count }, (_, n) => ({ Email: `user${n}@example.com` }));
	const ledger = new Ledger();
	ledger.receive(count);
	ledger.facts.windowStartedAt = windowStartedAt;
	const refs = users.map((_, ref) => ref);
	const plan = { users, refs, options: { batchSize: 2 }, total, completes };
	const now = () => minutes * MINUTE;
	await sendBatches(plan, ledger, { sender: { send }, stopAtRejection: false, now });
	return { calls, ledger, batches: ledger.batches, facts: ledger.facts };
}

test('within its window an upload is one, with one total and one flag', async () => {
	const { calls, facts } = await run(6, [{}, { wait: 45 }, { wait: 44.9 }]);
	expect(calls.map(([users, last, total]) => [users, last, total])).toEqual([
		[2, false, 6],
		[2, false, 6],
		[2, true, 6],
	]);
	expect(facts.restarts).toEqual([]);
});

test('what is left after the window is a separate upload with its own total and flag', async () => {
	const { calls, facts, batches, ledger } = await run(10, [{}, { wait: 89 }, { wait: 2 }]);
	expect(calls.map(([users, last, total]) => [users, last, total])).toEqual([
		[2, false, 10],
		[2, false, 10],
		[2, false, 6],
		[2, false, 6],
		[2, true, 6],
	]);
	expect(facts).toMatchObject({ complete: true, restarts: [{ batch: 3, start: 4 }] });
	// The attempt that came too late belongs to the same users.
	expect(batches.map(({ attempts }) => attempts)).toEqual([1, 1, 2, 1, 1]);
	expect(ledger.counts()).toMatchObject({ submitted: 10 });
});

test('a batch whose response comes after the window is sent again with what is left', async () => {
	const { calls, facts } = await run(6, [{}, { wait: 80, takes: 15 }]);
	expect(calls.map(([users, last, total]) => [users, last, total])).toEqual([
		[2, false, 6],
		[2, false, 6],
		[2, false, 4],
		[2, true, 4],
	]);
	expect(facts.restarts).toEqual([{ batch: 2, start: 2 }]);
});

test.each([
	['just before its end counts', 9.99, 2],
	['at its end is sent again', 10, 3],
	['just after its end is sent again', 10.01, 3],
])('a response %s', async (_, takes, calls) => {
	const result = await run(4, [{}, { wait: 80, takes }]);
	expect(result.calls).toHaveLength(calls);
	expect(result.facts.restarts).toHaveLength(calls - 2);
});

test('the window begins with the first accepted batch', async () => {
	const { facts } = await run(6, [{ rejected: true }, { wait: 100 }, { wait: 89 }]);
	expect(facts.restarts).toEqual([]);
});

test('the window begins when that batch was sent, not with its response', async () => {
	const { facts } = await run(4, [{ takes: 5 }, { wait: 86 }]);
	expect(facts.restarts).toEqual([{ batch: 2, start: 2 }]);
});

test('as many windows follow as needed', async () => {
	const { facts } = await run(6, [{}, { wait: 91 }, {}, { wait: 91 }]);
	expect(facts.restarts).toEqual([
		{ batch: 2, start: 2 },
		{ batch: 3, start: 4 },
	]);
});

test('only a batch of the current window is sent again to complete the upload', async () => {
	const over = await run(4, [{}, { wait: 91 }, { rejected: true }]);
	expect(over.calls).toHaveLength(2);
	expect(over.facts.complete).toBe(false);
	const late = await run(4, [{}, { rejected: true, takes: 91 }]);
	expect(late.calls).toHaveLength(2);
});

test('continues in the window of an earlier run, and starts another when that is over', async () => {
	const within = await run(4, [{}], { windowStartedAt: -80 * MINUTE, total: 100 });
	expect(within.facts.restarts).toEqual([]);
	const over = await run(4, [{}], { windowStartedAt: -90 * MINUTE, total: 100 });
	expect(over.facts.restarts).toEqual([{ batch: 1, start: 0 }]);
});

test('an open window is kept until the upload is complete, and the oldest is dropped when there are 1,000', () => {
	const begun = (startedAt: number) => ({ startedAt, users: 1 });
	for (let n = 0; n <= 1000; n++) keepOpenWindow(`audience ${n}`, begun(n));
	expect(openWindowOf('audience 0')).toBeUndefined();
	expect(openWindowOf('audience 1')).toEqual(begun(1));
	keepOpenWindow('audience 1', begun(5));
	keepOpenWindow('another', begun(6));
	expect(openWindowOf('audience 1')).toEqual(begun(5));
	expect(openWindowOf('audience 2')).toBeUndefined();
	keepOpenWindow('audience 1', undefined);
	expect(openWindowOf('audience 1')).toBeUndefined();
	for (let n = 0; n <= 1000; n++) keepOpenWindow(`audience ${n}`, undefined);
	keepOpenWindow('another', undefined);
});

test.each([
	['what is left of the total', 10, 4, 8],
	['no less than there are users', 3, 4, 2],
	['nothing when it is unknown', undefined, 4, undefined],
])('the total of what is left after the window is %s', async (_, total, count, rest) => {
	const { calls } = await run(count, [{}, { wait: 91 }], { total });
	expect(calls.at(-1)?.[2]).toBe(total === undefined ? count - 2 : rest);
});
