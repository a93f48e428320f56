import {
	createPause,
	Deadline,
	DeadlineExceeded,
	forEachIndex,
} from '../nodes/AlibabaCloudChatApp/async';

const never = async () => await new Promise<never>(() => {});

/** A deadline whose time is up when a test says so. */
function limits() {
	const time = new AbortController();
	const canceling = new AbortController();
	const requested: number[] = [];
	const timer = (ms: number) => {
		requested.push(ms);
		return time.signal;
	};
	const { signal: cancelSignal } = canceling;
	return { time, canceling, requested, timeout: 1500, clock: { timer }, cancelSignal };
}

test.each<[string, Partial<ReturnType<typeof limits>>]>([
	['that may be canceled', {}],
	["that can't be canceled", { cancelSignal: undefined }],
])('a call that ignores its signal ends at the deadline, in a run %s', async (_name, set) => {
	const given = { ...limits(), ...set };
	const deadline = new Deadline(given);
	const call = deadline.enforce(never());
	expect(deadline.signal.aborted).toBe(false);
	given.time.abort();
	await expect(call).rejects.toBeInstanceOf(DeadlineExceeded);
	expect(given.requested).toEqual([1500]);
	expect(deadline.signal.aborted).toBe(true);
});

test('a call ends as soon as the run is canceled, with the reason', async () => {
	const given = limits();
	const deadline = new Deadline(given);
	const call = deadline.enforce(never());
	given.canceling.abort(new Error('stopped'));
	await expect(call).rejects.toThrow('stopped');
	expect(deadline.signal.reason).toEqual(new Error('stopped'));
});

test('a call that fails because its signal is aborted ends with the same error', async () => {
	const given = limits();
	const deadline = new Deadline(given);
	const failing = async () => {
		given.time.abort();
		throw new Error('aborted');
	};
	await expect(deadline.enforce(failing())).rejects.toBeInstanceOf(DeadlineExceeded);
});

test('no call begins in a run that was canceled', () => {
	const cancelSignal = AbortSignal.abort(new Error('stopped'));
	expect(() => new Deadline({ ...limits(), cancelSignal })).toThrow('stopped');
});

test("a call's own result and error are kept", async () => {
	await expect(new Deadline(limits()).enforce(Promise.resolve('done'))).resolves.toBe('done');
	const failed = new Deadline(limits()).enforce(Promise.reject(new Error('reset')));
	await expect(failed).rejects.toThrow('reset');
});

test('without a clock, the deadline is in real time', async () => {
	const late = new Deadline({ timeout: 1 }).enforce(never());
	await expect(late).rejects.toBeInstanceOf(DeadlineExceeded);
	const early = new Deadline({ timeout: 10_000 }).enforce(Promise.resolve('done'));
	await expect(early).resolves.toBe('done');
});

test('slow work on single items lets n8n do its other work after 25 ms', async () => {
	let now = 0;
	jest.spyOn(Date, 'now').mockImplementation(() => now);
	jest.spyOn(performance, 'now').mockImplementation(() => now);
	const blocks: number[] = [];
	let since = now;
	const pause = createPause(async () => {
		blocks.push(now - since);
		await new Promise(setImmediate);
		since = now;
	});
	const handled: number[] = [];
	await forEachIndex(30, pause, (index) => {
		now += 5;
		handled.push(index);
	});
	jest.restoreAllMocks();
	expect(handled).toEqual([...Array(30).keys()]);
	expect(blocks).toEqual([25, 25, 25, 25, 25]);
});
