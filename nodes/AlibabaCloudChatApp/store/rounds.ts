import type { Pause } from '../async';
import type { User } from '../contacts/contact';
import { createDuplicateFilter } from '../contacts/duplicates';
import { type Range, usersIn } from '../upload/batches';
import type { UserList } from '../upload/packedUsers';
import { DAY_MS, isDue, type Rules } from './due';
import {
	beside,
	distinct,
	notAccepted,
	oldestSince,
	type Outcome,
	type State,
	type Store,
	type StoredUser,
	toLeave,
} from './store';
import { TableTrouble, troubleOf, troubleOrThrow } from './tableError';

/** A submission out of what a run brings and what the table holds: own users first, then waiting ones, then earlier ones. */
export interface Composed {
	users: UserList;
	own: number;
	/** The place of each claimed row's user; nothing for one that adds no identifier. */
	placeOf: Array<number | undefined>;
	fromTable: number;
	toppedUp: number;
}

const SLICE = 500;

/**
 * @param parts.earlier the latest first
 * @param settings.atLeast users; as many earlier ones are added as it takes
 * @throws what `pause` throws
 */
export async function compose(
	parts: { own: UserList; claimed: StoredUser[]; earlier: StoredUser[] },
	{ atLeast, pause }: { atLeast: number; pause: Pause },
): Promise<Composed> {
	const { own, claimed } = parts;
	// A list that is long enough by itself takes none, and isn't looked through for them.
	const earlier = own.length < atLeast ? parts.earlier : [];
	const isDuplicate = await filterAfter(own, [...claimed, ...earlier], pause);
	const more: User[] = [];
	const placeOf = claimed.map(({ user }) =>
		isDuplicate(user) ? undefined : own.length + more.push(user) - 1,
	);
	const fromTable = more.length;
	for (const { user } of earlier) {
		if (own.length + more.length >= atLeast) break;
		if (!isDuplicate(user)) more.push(user);
	}
	return {
		users: own.length === 0 ? more : joined(own, more),
		own: own.length,
		placeOf,
		fromTable,
		toppedUp: more.length - fromTable,
	};
}

/**
 * The claimed rows whose users were accepted, as ranges of ids. One that added no identifier counts as sent when all
 * were accepted.
 */
export function sentRows(
	{ users, placeOf }: Composed,
	claimed: StoredUser[],
	accepted: Range[],
): Array<{ from: number; to: number }> {
	const everything = usersIn(accepted) >= users.length;
	const ranges: Array<{ from: number; to: number }> = [];
	const isSent = (place?: number) =>
		place === undefined
			? everything
			: accepted.some(({ start, end }) => place >= start && place < end);
	const rows = claimed.map(({ row }, index) => ({ id: row.id, sent: isSent(placeOf[index]) }));
	let open: { from: number; to: number } | undefined;
	for (const { id, sent } of rows.sort((a, b) => a.id - b.id)) {
		if (!sent) open = undefined;
		else if (open) open.to = id;
		else ranges.push((open = { from: id, to: id }));
	}
	return ranges;
}

/** A duplicate filter that knows those of a list's identifiers that the table holds too: all would be a million texts. */
async function filterAfter(own: UserList, stored: StoredUser[], pause: Pause) {
	const isDuplicate = createDuplicateFilter();
	const emails = new Set(stored.map(({ user }) => user.Email));
	const phones = new Set(stored.map(({ user }) => user.Phone));
	const end = stored.length > 0 ? own.length : 0;
	for (let start = 0; start < end; start += SLICE) {
		await pause();
		for (const { Email, Phone } of own.slice(start, start + SLICE)) {
			if (Email !== undefined && emails.has(Email)) isDuplicate({ Email });
			if (Phone !== undefined && phones.has(Phone)) isDuplicate({ Phone });
		}
	}
	return isDuplicate;
}

function joined(first: UserList, second: User[]): UserList {
	const { length } = first;
	return {
		length: length + second.length,
		slice: (start, end) =>
			first
				.slice(Math.min(start, length), Math.min(end, length))
				.concat(second.slice(Math.max(0, start - length), Math.max(0, end - length))),
	};
}

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
