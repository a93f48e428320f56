import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * A test's function for work that never waits: without a turn of the event loop, Jest wouldn't notice that its timeout
 * is over. The bound is that timeout, many times what the work takes, so a busy machine doesn't fail it; what a slow
 * pattern or a loop in a loop takes does.
 */
export function endsInTime<T extends unknown[]>(work: (...args: T) => void) {
	return async (...args: T): Promise<void> => {
		work(...args);
		await nextTurn();
	};
}
