import type { User } from '../contacts/contact';
import type { Pause } from '../pause';
import type { Range } from '../submission/batches';
import type { UserList } from '../submission/users';
import { compose, sentRows, type Composed } from './composing';
import { distinct, oldestSince, type StoredUser } from './contactRows';
import { beside, notAccepted, toLeave } from './leaving';
import { DAY_MS, isDue, type Rules } from './due';
import type { State } from './state';
import type { Outcome, Store } from './store';
import { troubleOf, type TableTrouble } from './trouble';

/** Sends a submission, and tells which of its users were accepted. */
export type Deliver = (composed: Composed) => Promise<Range[]>;

export interface Sending {
	rules: Rules;
	/** Days after which sent contacts are forgotten. */
	keepDays: number;
	/** Milliseconds since 1970. */
	now(): number;
	deliver: Deliver;
	/** Which of the waiting users come first in the submission: those that the run brought itself. */
	isFirst?(user: User): boolean;
}

/** What a run brings itself. */
export interface Own {
	own: UserList;
	pause: Pause;
	/** Whether those of them that were not accepted are to wait; they are unless it says no. */
	keeps?(): boolean;
}

/** What a round of sending came to. */
export interface Round {
	composed: Composed;
	accepted: Range[];
	/** What the table holds afterward. */
	state: State;
	/** Why what became of it could not be written down. */
	trouble?: TableTrouble;
	/** Whether the run's own users that were not accepted wait now. */
	kept: boolean;
}

/**
 * Sends one submission under a lease that is held already, and writes down what became of it.
 * @param round.force whether it goes though it isn't time
 * @throws what `deliver` throws; the claimed contacts wait again then
 */
export async function sendRound(
	store: Store,
	state: State,
	round: Sending & Own & { force: boolean },
): Promise<Round> {
	const { own, force } = round;
	let outcome: Outcome = { sent: [], leave: [], keep: [] };
	let accepted: Range[] = [];
	let refused: User[] = [];
	let finished = false;
	try {
		const { claimed, earlier, composed } = await gather(store, state, round);
		if (force || isTime(composed, claimed, round)) {
			accepted = await round.deliver(composed);
			if (round.keeps?.() ?? true) refused = notAccepted(own, accepted);
			outcome = {
				sent: sentRows(composed, claimed, accepted),
				leave: toLeave(own, accepted, {
					...there(claimed, earlier, round),
					most: round.rules.collectUntil,
				}),
				keep: beside(claimed, refused),
			};
		}
		finished = true;
		const after = await finish(store, state, outcome);
		return { composed, accepted, ...after, kept: refused.length > 0 && !after.trouble };
	} finally {
		// The lease ends by itself, and the claims with it; but others would wait for that.
		if (!finished) await finish(store, state, outcome);
	}
}

// Who is soon forgotten is left anew, or late contacts would have nobody to go with.
function there(
	claimed: StoredUser[],
	earlier: StoredUser[],
	{ keepDays, now }: Pick<Sending, 'keepDays' | 'now'>,
) {
	const soonForgotten = now() - (keepDays * DAY_MS) / 2;
	const isKept = ({ row }: StoredUser) => Date.parse(row.sentAt ?? '') >= soonForgotten;
	return { claimed, earlier: earlier.filter(isKept) };
}

async function gather(store: Store, state: State, round: Sending & Own) {
	const { own, rules, pause } = round;
	const forgetBefore = round.now() - round.keepDays * DAY_MS;
	const found = await store.claim(state, forgetBefore);
	const isFirst = ({ user }: StoredUser) => round.isFirst?.(user) ?? false;
	const claimed = [...found.filter(isFirst), ...found.filter((one) => !isFirst(one))];
	const short = own.length + distinct(claimed).length < rules.collectUntil;
	const earlier = short || own.length > 0 ? await store.earlier() : [];
	const parts = { own, claimed, earlier: rules.topUp ? earlier : [] };
	const composed = await compose(parts, { atLeast: rules.collectUntil, pause });
	return { claimed, earlier, composed };
}

// What was sent is sent, though the table can't be written to any more: its rows go again when the lease has run out.
async function finish(
	store: Store,
	state: State,
	outcome: Outcome,
): Promise<{ state: State; trouble?: TableTrouble }> {
	try {
		return { state: await store.finish(outcome) };
	} catch (error) {
		return { state: { ...state, busy: true }, trouble: troubleOf(error) };
	}
}

// Looked at again under the lease: another run may have sent most of them meanwhile.
function isTime(
	composed: Composed,
	claimed: StoredUser[],
	{ rules, now }: Pick<Sending, 'rules' | 'now'>,
): boolean {
	const waiting = {
		users: composed.fromTable,
		...oldestSince(claimed, now()),
		earlier: composed.toppedUp,
		busy: false,
	};
	return isDue(waiting, rules, now());
}
