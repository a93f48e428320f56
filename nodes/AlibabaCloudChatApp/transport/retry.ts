import { type Clock, wait } from '../async';
import type { CallResult } from './client';

export interface RetryOptions {
	/** Attempts per call, at least 1. */
	maxTries: number;
	clock: Clock;
	cancelSignal?: AbortSignal;
}

/** The result of a call's last attempt. */
export type TriedResult = CallResult & {
	/** Attempts that were made. */
	tries: number;
	/** An attempt may have been carried out though its response never came. */
	responseLost: boolean;
};

/** Milliseconds. */
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;
/** A server that asks for more than ten minutes isn't waited for: an upload ends 90 minutes after its first batch. */
const LONGEST_RETRY_AFTER = 600_000;

/**
 * A function that makes calls, one after the other, each with more attempts while that can help.
 * Waits are exponential with full jitter and follow Retry-After. After a throttled call, all later ones wait for a
 * cooldown, which is halved by each call that is accepted at once.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function createRetrier({ clock, cancelSignal, maxTries }: RetryOptions) {
	let cooldown = 0;

	return async function withRetry(call: () => Promise<CallResult>): Promise<TriedResult> {
		let responseLost = false;
		if (cooldown > 0) await wait(cooldown, clock, cancelSignal);
		for (let tries = 1; ; tries++) {
			cancelSignal?.throwIfAborted();
			const result = await call();
			if (result.accepted) {
				if (tries === 1) cooldown = cooldown < FIRST_WAIT ? 0 : cooldown / 2;
				return { ...result, tries, responseLost };
			}
			const { kind, retryAfter, responseLost: isLost } = result.error;
			responseLost ||= isLost;
			if (kind === 'throttled')
				cooldown = Math.min(LONGEST_WAIT, Math.max(FIRST_WAIT, cooldown * 2));
			const requested = retryAfter?.(clock.now()) ?? 0;
			const canHelp =
				(kind === 'throttled' || kind === 'temporary') && requested <= LONGEST_RETRY_AFTER;
			if (!canHelp || tries >= maxTries) return { ...result, tries, responseLost };
			const backoff = clock.random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (tries - 1));
			await wait(Math.max(requested, backoff), clock, cancelSignal);
		}
	};
}
