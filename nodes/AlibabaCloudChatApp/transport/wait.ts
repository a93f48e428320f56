import { untilAborted } from '../abort';
import type { Clock } from './clock';

/**
 * Lets time pass.
 * @param ms milliseconds
 * @throws the signal's reason as soon as the execution is canceled
 */
export async function wait(
	ms: number,
	clock: Pick<Clock, 'sleep'>,
	signal?: AbortSignal,
): Promise<void> {
	signal?.throwIfAborted();
	await untilAborted(clock.sleep(ms), signal);
	signal?.throwIfAborted();
}
