import { sleep } from 'n8n-workflow';
import { randomUUID } from 'node:crypto';

/**
 * Waits for work without its own signal, but only until the signal is aborted.
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

/** Awaited at short intervals within long work. @throws the cancel signal's reason */
export type Pause = () => Promise<void>;

const LONGEST_BLOCK_MS = 25;
const SLICE_SIZE = 200;

/**
 * A function that lets n8n do its other work after every 25 ms: n8n has one thread for all its workflows, and wouldn't
 * respond to anyone while 100,000 contacts are cleaned.
 * @param sleep n8n's own; after 0 ms, the other work has had its turn
 */
export function createPause(
	sleep: (ms: number) => Promise<void>,
	cancelSignal?: AbortSignal,
): Pause {
	let since = Date.now();
	return async () => {
		const elapsed = Date.now() - since;
		// A clock that is set back must not keep n8n waiting.
		if (elapsed >= 0 && elapsed < LONGEST_BLOCK_MS) return;
		await sleep(0);
		cancelSignal?.throwIfAborted();
		since = Date.now();
	};
}

/** Calls `handle` with 0 up to, but not including, `count`, with pauses when they are due. */
export async function forEachIndex(
	count: number,
	pause: Pause,
	handle: (index: number) => void,
): Promise<void> {
	for (let next = 0; next < count; ) {
		await pause();
		next = handleSlice(next, Math.min(count, next + SLICE_SIZE), handle);
	}
}

/**
 * Handles the items of a slice until there are no more or time is up. Separate, because a function that awaits isn't
 * compiled to machine code between two awaits.
 * @returns the first index that wasn't handled
 */
function handleSlice(start: number, end: number, handle: (index: number) => void): number {
	const startedAt = Date.now();
	let index = start;
	do handle(index++);
	while (index < end && Date.now() - startedAt < LONGEST_BLOCK_MS);
	return index;
}

/** Time and randomness as the node uses them, passed in so that no test has to wait. */
export interface Clock {
	/** Milliseconds since 1970. */
	now(): number;
	/** @param ms milliseconds */
	sleep(ms: number): Promise<void>;
	/** A signal that is aborted after `ms` milliseconds; real time when absent. */
	timer?(ms: number): AbortSignal;
	/** At least 0, below 1. */
	random(): number;
	/** A value that no other request has. */
	nonce(): string;
}

/** The machine's own time and randomness. */
export const systemClock: Clock = {
	now: () => Date.now(),
	sleep,
	random: () => Math.random(),
	nonce: () => randomUUID(),
};

/** Thrown when no complete response came in time. */
export class DeadlineExceeded extends Error {}

/**
 * The end of one call: its time is up or the execution is canceled. n8n's own timeout counts the silence between two
 * bytes, so a response that trickles in would never end.
 */
export class Deadline {
	/** Aborted at the deadline. */
	readonly signal: AbortSignal;

	private readonly timer: AbortSignal;

	/**
	 * @param limits `timeout` in milliseconds
	 * @throws the cancel signal's reason when the execution is canceled already
	 */
	constructor(
		private readonly limits: {
			cancelSignal?: AbortSignal;
			timeout: number;
			clock?: Pick<Clock, 'timer'>;
		},
	) {
		const { cancelSignal, timeout, clock } = limits;
		cancelSignal?.throwIfAborted();
		this.timer = clock?.timer?.(timeout) ?? AbortSignal.timeout(timeout);
		this.signal = cancelSignal ? AbortSignal.any([this.timer, cancelSignal]) : this.timer;
	}

	/**
	 * Waits for work until the deadline, even if the work ignores the signal.
	 * @throws DeadlineExceeded when time is up; the cancel signal's reason; what the work throws otherwise
	 */
	async enforce<T>(work: Promise<T>): Promise<T> {
		return await untilAborted(work, this.signal).catch(async (error: unknown) => {
			// Work that listens to the signal may fail first, with its own error.
			this.limits.cancelSignal?.throwIfAborted();
			return await Promise.reject(this.timer.aborted ? new DeadlineExceeded() : error);
		});
	}
}

/**
 * Waits.
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
