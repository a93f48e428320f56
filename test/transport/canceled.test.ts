import { Readable } from 'node:stream';
import type { CallResult } from '../../nodes/AlibabaCloudChatApp/transport/api';
import { errorOfResponse } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import { readText } from '../../nodes/AlibabaCloudChatApp/transport/http';
import { createRetrier } from '../../nodes/AlibabaCloudChatApp/transport/retry';
import { stillClock } from '../engine/stillClock';

const asked = { action: 'ListInstance', ofRole: false, secrets: [] };
const throttled: CallResult = {
	accepted: false,
	error: errorOfResponse({ status: 429, headers: {}, text: '' }, undefined, asked),
};

test('an execution that was canceled before makes no call', async () => {
	const call = jest.fn(async () => throttled);
	const cancelSignal = AbortSignal.abort(new Error('stopped'));
	const withRetry = createRetrier({ maxTries: 1, clock: stillClock(), cancelSignal });
	await expect(withRetry(call)).rejects.toThrow('stopped');
	expect(call).not.toHaveBeenCalled();
});

test('canceling ends the wait that calls keep after a throttled one', async () => {
	const controller = new AbortController();
	const sleep = async () => {
		controller.abort(new Error('stopped'));
		await new Promise<void>(() => {});
	};
	const call = jest.fn(async () => throttled);
	const withRetry = createRetrier({
		maxTries: 1,
		clock: { ...stillClock(), sleep },
		cancelSignal: controller.signal,
	});
	await withRetry(call);
	await expect(withRetry(call)).rejects.toThrow('stopped');
	expect(call).toHaveBeenCalledTimes(1);
});

test('an answer is read no further when the call is given up', async () => {
	const controller = new AbortController();
	const body = new Readable({ read() {} });
	const reading = readText(body, controller.signal);
	controller.abort();
	expect(body.destroyed).toBe(true);
	await expect(reading).rejects.toThrow();
});
