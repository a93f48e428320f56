import type { State } from '../../../store/state';
import type { Store } from '../../../store/store';
import type { SendBatch } from '../../../submission/delivery';
import type { Clock } from '../../../transport/clock';
import type { Refusal } from '../../../transport/refusal';
import { wait } from '../../../transport/wait';

/** Milliseconds between two looks whether the audience is free. */
const LOOK_EVERY = 2000;
/** Milliseconds; a lease ends by itself after 15 minutes. */
const RENEW_EVERY = 60_000;

/**
 * Waits until this run alone may send to the audience, over all workers.
 * @throws TableTrouble; the cancel signal's reason
 */
export async function acquire(store: Store, clock: Clock, signal?: AbortSignal): Promise<State> {
	for (;;) {
		const state = await store.look();
		if (!state.busy && (await store.take(state))) return state;
		await wait(LOOK_EVERY, clock, signal);
	}
}

/**
 * A guard that renews the lease between calls, and makes no more of them once another run has taken it over.
 * To be made before the lease is taken: a submission may have waited for its turn since then.
 */
export function renewing(store: Store, clock: Clock): (send: SendBatch) => SendBatch {
	let renewed = clock.now();
	return (send) => {
		let isHeld = true;
		return async (call) => {
			if (isHeld && clock.now() - renewed >= RENEW_EVERY) {
				renewed = clock.now();
				// A table that can't be asked says nothing about the lease.
				isHeld = await store.renew().catch(() => true);
			}
			if (!isHeld) return { accepted: false, refusal: LEASE_LOST, tries: 0, answerLost: false };
			return await send(call);
		};
	};
}

const LEASE_LOST = {
	kind: 'rejected',
	code: 'another_sender',
	what: 'Another run has taken over this audience, since this one took too long',
	fix: 'Run again later',
	requestId: '',
	answerLost: false,
} as Refusal;
