import { Ledger } from '../../nodes/AlibabaCloudChatApp/upload/ledger';
import {
	type BatchAnswer,
	type BatchCall,
	keepOpenSession,
	openSessionOf,
	SESSION_LENGTH,
	sessionOfRest,
	submit,
} from '../../nodes/AlibabaCloudChatApp/upload/upload';

const MINUTE = 60_000;
const error = { kind: 'rejected', code: 'x', what: 'x', fix: 'x', requestId: '' } as never;

/** Sends users two by two; each call takes the minutes given, before (`wait`) or after its try began. */
async function run(
	count: number,
	steps: Array<{ wait?: number; takes?: number; refused?: boolean }>,
	settings: { total?: number; sessionBegunAt?: number; closes?: boolean } = {},
) {
	const { total = count, closes = true, sessionBegunAt } = settings;
	let [minutes, late] = [0, 0];
	const calls: Array<[users: number, last: boolean, total: number | undefined, minute: number]> =
		[];
	const send = async ({ users, last, total: told, until }: BatchCall): Promise<BatchAnswer> => {
		const { wait = 0, takes = 0, refused } = steps.shift() ?? {};
		minutes += wait;
		if (until !== undefined && minutes * MINUTE >= until) {
			if (++late > 10) throw new Error('The same users go again without end');
			return { accepted: false, again: true, tries: 1, answerLost: false };
		}
		calls.push([users.length, last, told, minutes]);
		const begunAt = minutes * MINUTE;
		minutes += takes;
		const tries = { tries: 1, answerLost: false };
		if (refused) return { accepted: false, error, ...tries };
		return { accepted: true, requestId: `r${calls.length}`, begunAt, ...tries };
	};
	const users = Array.from({ length: count }, (_, n) => ({ Email: `user${n}@example.com` }));
	const ledger = new Ledger();
	ledger.receive(count);
	await submit(
		{
			users,
			refs: users.map((_, ref) => ref),
			plan: { batchSize: 2, total, closes },
			stopAtRefusal: false,
			ledger,
			sessionBegunAt,
			now: () => minutes * MINUTE,
		},
		send,
	);
	return { calls, ledger, delivery: ledger.delivery };
}

test('a session lasts 90 minutes', () => expect(SESSION_LENGTH).toBe(90 * MINUTE));

test('within its time a submission is one, with one total and one flag', async () => {
	const { calls, delivery } = await run(6, [{}, { wait: 45 }, { wait: 44.9 }]);
	expect(calls.map(([users, last, total]) => [users, last, total])).toEqual([
		[2, false, 6],
		[2, false, 6],
		[2, true, 6],
	]);
	expect(delivery.begunAnew).toEqual([]);
});

test('what is left after its time goes as a submission with a total and a flag of its own', async () => {
	const { calls, delivery, ledger } = await run(10, [{}, { wait: 89 }, { wait: 2 }]);
	expect(calls.map(([users, last, total]) => [users, last, total])).toEqual([
		[2, false, 10],
		[2, false, 10],
		[2, false, 6],
		[2, false, 6],
		[2, true, 6],
	]);
	expect(delivery).toMatchObject({ closed: true, begunAnew: [{ batch: 3, start: 4 }] });
	// The try that its time cut off belongs to the same users.
	expect(delivery.batches.map(({ tries }) => tries)).toEqual([1, 1, 2, 1, 1]);
	expect(ledger.counts()).toMatchObject({ submitted: 10 });
});

test('a batch whose answer comes after the end goes again with what is left', async () => {
	const { calls, delivery } = await run(6, [{}, { wait: 80, takes: 15 }]);
	expect(calls.map(([users, last, total]) => [users, last, total])).toEqual([
		[2, false, 6],
		[2, false, 6],
		[2, false, 4],
		[2, true, 4],
	]);
	expect(delivery.begunAnew).toEqual([{ batch: 2, start: 2 }]);
});

test('the time counts from the first batch that is accepted', async () => {
	const { delivery } = await run(6, [{ refused: true }, { wait: 100 }, { wait: 89 }]);
	expect(delivery.begunAnew).toEqual([]);
});

test('the time counts from when that batch went, not from its answer', async () => {
	const { delivery } = await run(4, [{ takes: 5 }, { wait: 86 }]);
	expect(delivery.begunAnew).toEqual([{ batch: 2, start: 2 }]);
});

test('as many sessions follow as it takes', async () => {
	const { delivery } = await run(6, [{}, { wait: 91 }, {}, { wait: 91 }]);
	expect(delivery.begunAnew).toEqual([
		{ batch: 2, start: 2 },
		{ batch: 3, start: 4 },
	]);
});

test('only a batch of the session that runs is sent again to close it', async () => {
	const over = await run(4, [{}, { wait: 91 }, { refused: true }]);
	expect(over.calls).toHaveLength(2);
	expect(over.delivery.closed).toBe(false);
	const late = await run(4, [{}, { refused: true, takes: 91 }]);
	expect(late.calls).toHaveLength(2);
});

test('goes on in the session of an earlier run, and anew when that is over', async () => {
	const within = await run(4, [{}], { sessionBegunAt: -80 * MINUTE, total: 100 });
	expect(within.delivery.begunAnew).toEqual([]);
	const over = await run(4, [{}], { sessionBegunAt: -90 * MINUTE, total: 100 });
	expect(over.delivery.begunAnew).toEqual([{ batch: 1, start: 0 }]);
});

test('an open session is kept until it is closed, and the oldest goes when there are 1,000', () => {
	for (let n = 0; n <= 1000; n++) keepOpenSession(`audience ${n}`, n);
	expect(openSessionOf('audience 0')).toBeUndefined();
	expect(openSessionOf('audience 1')).toBe(1);
	keepOpenSession('audience 1', 5);
	keepOpenSession('another', 6);
	expect(openSessionOf('audience 1')).toBe(5);
	expect(openSessionOf('audience 2')).toBeUndefined();
	keepOpenSession('audience 1', undefined);
	expect(openSessionOf('audience 1')).toBeUndefined();
	for (let n = 0; n <= 1000; n++) keepOpenSession(`audience ${n}`, undefined);
	keepOpenSession('another', undefined);
});

test.each([
	['what is left of the total', 10, 8, 6],
	['no less than there are users', 5, 8, 4],
	['nothing when nobody knows', undefined, 8, undefined],
])('the rest of a submission is told as %s', (_, total, users, rest) => {
	const session = sessionOfRest(
		{ batchSize: 2, closes: true, total },
		{ start: 4, users, batchesBefore: 2 },
	);
	expect(session).toEqual({ batchesBefore: 2, ...(rest !== undefined && { total: rest }) });
});
