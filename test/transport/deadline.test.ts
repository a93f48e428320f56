import { getEventListeners } from 'node:events';
import { DeadlineExceeded, withDeadline } from '../../nodes/AlibabaCloudChatApp/async';

const never = async () => await new Promise<never>(() => {});

/** A deadline whose time is up when a test says so. */
function limits() {
	const time = new AbortController();
	const canceling = new AbortController();
	const asked: number[] = [];
	const timer = (ms: number) => {
		asked.push(ms);
		return time.signal;
	};
	return {
		time,
		canceling,
		asked,
		timeout: 1500,
		clock: { timer },
		cancelSignal: canceling.signal,
	};
}

test.each<[string, Partial<ReturnType<typeof limits>>]>([
	['with a run that may be canceled', {}],
	['without one', { cancelSignal: undefined }],
])('a call that heeds no signal is given up when its time is up, %s', async (_name, set) => {
	const given = { ...limits(), ...set };
	let signal: AbortSignal | undefined;
	const call = withDeadline(given, async (its) => {
		signal = its;
		return await never();
	});
	given.time.abort();
	await expect(call).rejects.toBeInstanceOf(DeadlineExceeded);
	expect(given.asked).toEqual([1500]);
	expect(signal?.reason).toBeInstanceOf(DeadlineExceeded);
});

test('a call is given up as soon as the run is canceled, and told why', async () => {
	const given = limits();
	let signal: AbortSignal | undefined;
	const call = withDeadline(given, async (its) => {
		signal = its;
		return await never();
	});
	given.canceling.abort(new Error('stopped'));
	await expect(call).rejects.toThrow('stopped');
	expect(signal?.reason).toEqual(new Error('stopped'));
});

test('no call is made in a run that was canceled', async () => {
	const call = jest.fn(never);
	const cancelSignal = AbortSignal.abort(new Error('stopped'));
	await expect(withDeadline({ ...limits(), cancelSignal }, call)).rejects.toThrow('stopped');
	expect(call).not.toHaveBeenCalled();
});

test.each([
	['went well', async () => 'done'],
	['failed', async () => await Promise.reject(new Error('reset'))],
])('a call that %s leaves nothing behind, and its signal alone', async (_name, work) => {
	const given = limits();
	let signal: AbortSignal | undefined;
	const ended = withDeadline(given, async (its) => {
		signal = its;
		return await work();
	});
	await ended.catch(() => {});
	expect(getEventListeners(given.time.signal, 'abort')).toEqual([]);
	expect(getEventListeners(given.canceling.signal, 'abort')).toEqual([]);
	given.time.abort();
	expect(signal?.aborted).toBe(false);
});

test('without a clock of its own a call has real time', async () => {
	await expect(withDeadline({ timeout: 1 }, never)).rejects.toBeInstanceOf(DeadlineExceeded);
	await expect(withDeadline({ timeout: 10_000 }, async () => 'done')).resolves.toBe('done');
});
