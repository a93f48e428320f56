import { errorOfResponse } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import { type CallResult, createRetrier } from '../../nodes/AlibabaCloudChatApp/transport/client';
import type { HttpResponse } from '../../nodes/AlibabaCloudChatApp/transport/http';
import { stillClock } from '../engine/stillClock';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const OK: CallResult = { accepted: true, requestId: '1', body: {} };

function rejected(
	status: number,
	headers: HttpResponse['headers'] = {},
	body?: { Code: string },
): CallResult {
	const call = {
		action: 'AddCustomAudienceUser',
		isByRole: false,
		secrets: [],
		timeout: 1000,
	};
	return { accepted: false, error: errorOfResponse({ status, headers, text: '' }, body, call) };
}

const busy = rejected(502);
const throttled = rejected(400, {}, { Code: 'Throttling.User' });

function retrier(maxAttempts: number, random = 1, cancelSignal?: AbortSignal) {
	const waits: number[] = [];
	const clock = {
		now: () => NOW,
		sleep: async (ms: number) => void waits.push(ms),
		random: () => random,
		nonce: () => '',
	};
	const withRetry = createRetrier({ maxAttempts, clock, cancelSignal });
	const answers = async (...results: CallResult[]) => {
		let attempts = 0;
		const result = await withRetry(async () => {
			attempts++;
			return results.shift() ?? OK;
		});
		return { ...result, attempts };
	};
	return { answers, waits };
}

test('waits up to 1, 2, 4 … 30 seconds, each with full jitter', async () => {
	const { answers, waits } = retrier(8);
	await expect(answers(...Array<CallResult>(9).fill(busy))).resolves.toMatchObject({
		accepted: false,
		attempts: 8,
	});
	expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
	const half = retrier(3, 0.5);
	await half.answers(busy, busy);
	expect(half.waits).toEqual([500, 1000]);
});

test.each([
	['seconds', '7', 7000],
	['a date', 'Thu, 01 Jan 2026 00:00:09 GMT', 9000],
	['a date that is past', 'Wed, 31 Dec 2025 00:00:00 GMT', 0],
	['nothing that can be read', '-1.5', 0],
])('obeys Retry-After in %s', async (_kind, value, ms) => {
	const { answers, waits } = retrier(3, 0);
	await expect(answers(rejected(503, { 'retry-after': value }))).resolves.toMatchObject({
		attempts: 2,
	});
	expect(waits).toEqual([ms]);
});

test('waits no less than without Retry-After if that asks for less', async () => {
	const { answers, waits } = retrier(4);
	const soon = rejected(503, { 'retry-after': '3' });
	await answers(soon, soon, soon);
	expect(waits).toEqual([3000, 3000, 4000]);
});

test('does not wait for a server that asks for more than ten minutes', async () => {
	const { answers, waits } = retrier(3);
	await expect(answers(rejected(503, { 'retry-after': '601' }))).resolves.toMatchObject({
		accepted: false,
		attempts: 1,
	});
	expect(waits).toEqual([]);
	await answers(rejected(503, { 'retry-after': '600' }));
	expect(waits).toEqual([600_000]);
});

test('waits before each call after a throttled one, until calls are accepted at once', async () => {
	const { answers, waits } = retrier(5, 0);
	await answers(throttled, throttled);
	expect(waits.splice(0)).toEqual([0, 0]);
	await answers();
	await answers();
	await answers();
	await answers();
	expect(waits).toEqual([2000, 1000, 500]);
});

test("doesn't wait before further calls if the server was only unavailable", async () => {
	const { answers, waits } = retrier(5, 0);
	await answers(busy);
	await answers();
	expect(waits).toEqual([0]);
});

test.each([400, 401, 403, 404, 409, 413, 414, 307, 200])(
	'does not try again after HTTP %s',
	async (status) => {
		const { answers } = retrier(5);
		await expect(answers(rejected(status))).resolves.toMatchObject({
			accepted: false,
			attempts: 1,
		});
	},
);

test.each([408, 429, 500, 502, 503, 504])('tries again after HTTP %s', async (status) => {
	const { answers } = retrier(5);
	await expect(answers(rejected(status))).resolves.toMatchObject({ accepted: true, attempts: 2 });
});

test('reports that a response was lost before the call was accepted', async () => {
	await expect(retrier(5).answers(busy)).resolves.toMatchObject({
		accepted: true,
		responseLost: true,
	});
	await expect(retrier(5).answers(throttled)).resolves.toMatchObject({ responseLost: false });
});

test('ends a wait at once when the execution is canceled', async () => {
	const controller = new AbortController();
	const clock = {
		now: () => NOW,
		sleep: () => new Promise<void>(() => {}),
		random: () => 1,
		nonce: () => '',
	};
	const withRetry = createRetrier({ maxAttempts: 5, clock, cancelSignal: controller.signal });
	const call = jest.fn(async () => busy);
	const waiting = withRetry(call);
	await new Promise(setImmediate);
	controller.abort(new Error('stopped'));
	await expect(waiting).rejects.toThrow('stopped');
	expect(call).toHaveBeenCalledTimes(1);
});

// Longer than the node's own longest wait, and the longest that it waits at all.
test.each([31, 600])('waits %i seconds when the server asks for them', async (seconds) => {
	const clock = stillClock();
	const results = [rejected(503, { 'retry-after': String(seconds) })];
	const withRetry = createRetrier({ maxAttempts: 2, clock });
	await withRetry(async () => results.shift() ?? { accepted: true, requestId: '', body: {} });
	expect(clock.waits).toEqual([seconds * 1000]);
});

test('an execution that is already canceled makes no call', async () => {
	const call = jest.fn(async () => throttled);
	const cancelSignal = AbortSignal.abort(new Error('stopped'));
	const withRetry = createRetrier({ maxAttempts: 1, clock: stillClock(), cancelSignal });
	await expect(withRetry(call)).rejects.toThrow('stopped');
	expect(call).not.toHaveBeenCalled();
});

test('canceling ends the wait before a call that follows a throttled one', async () => {
	const controller = new AbortController();
	const sleep = async () => {
		controller.abort(new Error('stopped'));
		await new Promise<void>(() => {});
	};
	const call = jest.fn(async () => throttled);
	const withRetry = createRetrier({
		maxAttempts: 1,
		clock: { ...stillClock(), sleep },
		cancelSignal: controller.signal,
	});
	await withRetry(call);
	await expect(withRetry(call)).rejects.toThrow('stopped');
	expect(call).toHaveBeenCalledTimes(1);
});
