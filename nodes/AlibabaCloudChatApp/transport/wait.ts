import type { Clock } from './clock';

/**
 * Lets time pass.
 * @param ms milliseconds
 * @throws the signal's reason as soon as the execution is cancelled
 */
export async function wait(
	ms: number,
	clock: Pick<Clock, 'sleep'>,
	signal?: AbortSignal,
): Promise<void> {
	if (!signal) return await clock.sleep(ms);
	signal.throwIfAborted();
	let stop = () => {};
	const cancelled = new Promise<void>((resolve) => {
		stop = resolve;
		signal.addEventListener('abort', stop);
	});
	await Promise.race([clock.sleep(ms), cancelled]);
	signal.removeEventListener('abort', stop);
	signal.throwIfAborted();
}
