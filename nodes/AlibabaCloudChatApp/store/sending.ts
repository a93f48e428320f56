import { usersIn } from '../submission/batches';
import { isDue } from './due';
import { sendRound, type Own, type Round, type Sending } from './round';
import type { State } from './state';
import type { Store } from './store';
import { TableTrouble, troubleOrThrow } from './trouble';

/** What a run sent, and what the table holds afterward. */
export interface Sent {
	rounds: Round[];
	state: State;
}

/**
 * Sends what waits if it is time, again and again as long as it is time anew: what came while the audience was taken
 * has nobody else to send it. Nothing more goes after a call that was not accepted.
 * @param force sends what is there in any case
 */
export async function sendWaiting(
	store: Store,
	state: State,
	sending: Sending & { force: boolean },
): Promise<Sent> {
	return await goOn(store, { rounds: [], state }, sending);
}

/**
 * Sends the users that a run brings, with those that wait, under a lease that is held already; then what came meanwhile,
 * if it is time.
 * @throws what `deliver` throws; the claimed contacts wait again then
 */
export async function sendList(store: Store, state: State, sending: Sending & Own): Promise<Sent> {
	const round = await sendRound(store, state, { ...sending, force: true });
	const sent = { rounds: [round], state: round.state };
	return isThrough(round) ? await goOn(store, sent, { ...sending, force: false }) : sent;
}

async function goOn(
	store: Store,
	sent: Sent,
	{ force, ...sending }: Sending & { force: boolean },
): Promise<Sent> {
	let { rounds, state } = sent;
	for (let forced = force; ; ) {
		const due = isDue(state, sending.rules, sending.now()) || (forced && state.users > 0);
		if (!due || state.busy) return { rounds, state };
		const going = takeAndSend(store, state, { ...sending, force: forced });
		const last = rounds.at(-1);
		const round = last ? await going.catch(troubleOrThrow) : await going;
		if (!round) return { rounds, state: { ...state, busy: true } };
		// What went before it went all the same.
		if (round instanceof TableTrouble) {
			return { rounds: [...rounds.slice(0, -1), { ...(last as Round), trouble: round }], state };
		}
		rounds = [...rounds, round];
		// What one round could not claim was there as well.
		forced &&= !state.isWhole;
		state = round.state;
		if (!isThrough(round)) return { rounds, state };
	}
}

/** @returns nothing where another run was quicker */
async function takeAndSend(
	store: Store,
	state: State,
	sending: Sending & { force: boolean },
): Promise<Round | undefined> {
	if (!(await store.take(state))) return undefined;
	return await sendRound(store, state, { ...sending, own: [], pause: async () => {} });
}

function isThrough({ composed, accepted, trouble }: Round): boolean {
	const users = usersIn(accepted);
	return users > 0 && users >= composed.users.length && !trouble;
}
