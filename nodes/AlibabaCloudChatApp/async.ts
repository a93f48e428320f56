import { sleep } from 'n8n-workflow';
import { randomUUID } from 'node:crypto';

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

/** To be awaited again and again within long work. @throws the cancel signal's reason */
export type Pause = () => Promise<void>;

const LONGEST_MS = 25;
const ITEMS_A_SLICE = 200;

/**
 * A function that lets n8n do its other work whenever 25 ms have passed since it last could: n8n has one thread for all
 * its workflows, and would answer nobody while 100,000 contacts are cleaned.
 * @param sleep n8n's own; after 0 ms the other work has had its turn
 */
export function createPause(
	sleep: (ms: number) => Promise<void>,
	cancelSignal?: AbortSignal,
): Pause {
	let since = Date.now();
	return async () => {
		const past = Date.now() - since;
		// A clock that is set back must not keep n8n waiting.
		if (past >= 0 && past < LONGEST_MS) return;
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
	for (let start = 0; start < count; start += ITEMS_A_SLICE) {
		await pause();
		handleSlice(start, Math.min(count, start + ITEMS_A_SLICE), handle);
	}
}

// Apart, because a function that awaits isn't compiled to machine code between two awaits.
function handleSlice(start: number, end: number, handle: (index: number) => void): void {
	for (let index = start; index < end; index++) handle(index);
}

/** Time and randomness as the node uses them, to be handed in so that no test has to wait. */
export interface Clock {
	/** Milliseconds since 1970. */
	now(): number;
	/** @param ms milliseconds */
	sleep(ms: number): Promise<void>;
	/** A signal that is aborted when `ms` milliseconds have passed; real time when absent. */
	timer?(ms: number): AbortSignal;
	/** At least 0, below 1. */
	random(): number;
	/** A value that no other request has. */
	nonce(): string;
}

export const systemClock: Clock = {
	now: () => Date.now(),
	sleep,
	random: () => Math.random(),
	nonce: () => randomUUID(),
};

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
