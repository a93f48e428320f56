import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * A test function that fails if work, which never waits, takes longer than Jest's timeout: without a turn of the event
 * loop, Jest wouldn't notice. The timeout is many times what the work takes, so that the test fails on a slow pattern or a
 * nested loop, but not on a busy machine.
 */
export function endsInTime<T extends unknown[]>(work: (...args: T) => void) {
	return async (...args: T): Promise<void> => {
		work(...args);
		await nextTurn();
	};
}
