/** Why a call was given up: no complete answer came in time. */
export class DeadlineExceeded extends Error {}

/**
 * Runs a call that ends when its time is up or the execution is cancelled.
 * n8n's own timeout counts the silence between two bytes, so an answer that drips in would never end.
 * @param limits `timeout` in milliseconds
 * @throws DeadlineExceeded when time is up; what the call throws otherwise
 */
export async function withDeadline<T>(
	limits: { cancelSignal?: AbortSignal; timeout: number },
	call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
	const { cancelSignal, timeout } = limits;
	const controller = new AbortController();
	const timer = AbortSignal.timeout(timeout);
	const abort = () => controller.abort();
	let expire = abort;
	const expired = new Promise<never>((_resolve, reject) => {
		expire = () => {
			reject(new DeadlineExceeded());
			abort();
		};
	});
	timer.addEventListener('abort', expire);
	cancelSignal?.addEventListener('abort', abort);
	if (cancelSignal?.aborted) abort();
	try {
		return await Promise.race([call(controller.signal), expired]);
	} finally {
		timer.removeEventListener('abort', expire);
		cancelSignal?.removeEventListener('abort', abort);
	}
}
