/**
 * Waits for work that knows no signal of its own, but no longer than until the signal is aborted.
 * @throws the signal's reason as soon as it is aborted; what the work throws
 */
export async function untilAborted<T>(
	work: Promise<T>,
	signal: AbortSignal | undefined,
): Promise<T> {
	if (!signal) return await work;
	let abort = () => {};
	const aborted = new Promise<never>((_resolve, reject) => {
		abort = () => reject(signal.reason as Error);
	});
	if (signal.aborted) abort();
	signal.addEventListener('abort', abort);
	try {
		return await Promise.race([aborted, work]);
	} finally {
		signal.removeEventListener('abort', abort);
	}
}
