import { untilAborted } from '../abort';
import type { Clock } from './clock';

/** Why a call was given up: no complete answer came in time. */
export class DeadlineExceeded extends Error {}

/**
 * Runs a call that ends when its time is up or the execution is canceled, whether or not the call heeds its signal.
 * n8n's own timeout counts the silence between two bytes, so an answer that drips in would never end.
 * @param limits `timeout` in milliseconds
 * @throws DeadlineExceeded when time is up; the cancel signal's reason; what the call throws otherwise
 */
export async function withDeadline<T>(
	limits: { cancelSignal?: AbortSignal; timeout: number; clock?: Pick<Clock, 'timer'> },
	call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
	const { cancelSignal, timeout, clock } = limits;
	cancelSignal?.throwIfAborted();
	const controller = new AbortController();
	const timer = clock?.timer?.(timeout) ?? AbortSignal.timeout(timeout);
	const expire = () => controller.abort(new DeadlineExceeded());
	const cancel = () => controller.abort(cancelSignal?.reason);
	timer.addEventListener('abort', expire);
	cancelSignal?.addEventListener('abort', cancel);
	try {
		return await untilAborted(call(controller.signal), controller.signal);
	} finally {
		timer.removeEventListener('abort', expire);
		cancelSignal?.removeEventListener('abort', cancel);
	}
}
