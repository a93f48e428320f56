import type { State } from '../../../store/state';
import type { Store } from '../../../store/store';
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
 * A guard to be asked before each try of a call, which renews the lease, and says why there must be no more of them once
 * another run has taken it over. To be made before the lease is taken: a submission may have waited for its turn since then.
 */
export function renewing(store: Store, clock: Clock): () => Promise<Refusal | undefined> {
	let renewed = clock.now();
	let isHeld = true;
	return async () => {
		if (isHeld && clock.now() - renewed >= RENEW_EVERY) {
			renewed = clock.now();
			// A table that can't be asked says nothing about the lease.
			isHeld = await store.renew().catch(() => true);
		}
		return isHeld ? undefined : LEASE_LOST;
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
