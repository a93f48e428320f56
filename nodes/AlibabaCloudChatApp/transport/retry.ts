import { type Clock, wait } from '../async';
import type { CallResult } from './api';

export interface RetryOptions {
	/** How often one call is made at most, at least 1. */
	maxTries: number;
	clock: Clock;
	cancelSignal?: AbortSignal;
}

/** What became of a call in the end, after how many tries. */
export type TriedResult = CallResult & {
	tries: number;
	/** An earlier try may have been carried out though its answer never came. */
	answerLost: boolean;
};

/** Milliseconds. */
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;
/** A server that asks for more than ten minutes is not waited for: a submission ends 90 minutes after its first batch. */
const LONGEST_RETRY_AFTER = 600_000;

/**
 * A function that makes calls, one after the other, each tried again while that can help.
 * Waits are exponential with full jitter and obey Retry-After; after a throttled call all later ones keep a cooldown,
 * halved by each call that goes through at once.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function createRetrier(options: RetryOptions) {
	const { clock, cancelSignal, maxTries } = options;
	let cooldown = 0;

	return async function withRetry(call: () => Promise<CallResult>): Promise<TriedResult> {
		let answerLost = false;
		if (cooldown > 0) await wait(cooldown, clock, cancelSignal);
		for (let tries = 1; ; tries++) {
			cancelSignal?.throwIfAborted();
			const result = await call();
			if (result.accepted) {
				if (tries === 1) cooldown = cooldown < FIRST_WAIT ? 0 : cooldown / 2;
				return { ...result, tries, answerLost };
			}
			const { kind, retryAfter } = result.error;
			answerLost ||= result.error.answerLost;
			if (kind === 'throttled')
				cooldown = Math.min(LONGEST_WAIT, Math.max(FIRST_WAIT, cooldown * 2));
			const asked = retryAfter?.(clock.now()) ?? 0;
			const canHelp =
				(kind === 'throttled' || kind === 'temporary') && asked <= LONGEST_RETRY_AFTER;
			if (!canHelp || tries >= maxTries) return { ...result, tries, answerLost };
			const backoff = clock.random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (tries - 1));
			await wait(Math.max(asked, backoff), clock, cancelSignal);
		}
	};
}
