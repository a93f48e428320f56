import type { Pause } from '../async';
import type { User } from '../contacts/contact';
import { createDuplicateFilter } from '../contacts/duplicates';
import { type Range, usersIn } from '../upload/batches';
import type { UserList } from '../upload/packedUsers';
import { DAY_MS, isDue, type Rules } from './due';
import { distinct, oldestSince, type StoredUser } from './rows';
import type { RoundResult, State, Store } from './store';
import { TableError, tableErrorOrThrow, toTableError } from './tableError';

/** One round's users: the run's own first, then those that waited, then previously sent ones. */
export interface RoundUsers {
	users: UserList;
	/** How many of them the run brought. */
	fromRun: number;
	/** How many of them waited. */
	fromTable: number;
	/** How many of them were sent before. */
	toppedUp: number;
}

/** Uploads a round's users. @returns which of them were accepted */
export type UploadRound = (round: RoundUsers) => Promise<Range[]>;

/** How a run sends contacts from the table. */
export interface RoundSettings {
	rules: Rules;
	/** Days after which sent contacts are deleted. */
	keepDays: number;
	/** Milliseconds since 1970. */
	now(): number;
	upload: UploadRound;
	/** Which waiting users are sent first: those that the run stored. */
	isFirst?(user: User): boolean;
}

/** What a run brings itself. */
export interface RunUsers {
	users: UserList;
	pause: Pause;
	/** Whether those that were not accepted are to wait in the table; true if absent. */
	storesFailed?(): boolean;
}

/** One upload from the table. */
export interface Round {
	users: RoundUsers;
	accepted: Range[];
	/** Why its result could not be saved in the table. */
	tableError?: TableError;
	/** Whether the run's users that were not accepted wait in the table now. */
	storedFailed: boolean;
}

/** What a run sent, and what the table contains afterward. */
export interface SentRounds {
	rounds: Round[];
	state: State;
}

/**
 * Sends what waits if it is due, and again as long as it is: a run that stored contacts while the audience was busy left
 * them to this one. Stops after a batch that was not accepted.
 * @param settings.force sends what is there in any case
 * @throws TableError before anything is sent; what `upload` throws, after the claimed contacts wait again
 */
export async function sendWaiting(
	store: Store,
	state: State,
	settings: RoundSettings & { force: boolean },
): Promise<SentRounds> {
	return await sendMore(store, { rounds: [], state }, settings);
}

/**
 * Sends the users that a run brings, with those that wait, under a lease that the run holds; then what arrived meanwhile,
 * if it is due.
 * @throws TableError before anything is sent; what `upload` throws, after the claimed contacts wait again
 */
export async function sendList(
	store: Store,
	state: State,
	settings: RoundSettings & { run: RunUsers },
): Promise<SentRounds> {
	const { round, state: after } = await sendRound(store, state, { ...settings, force: true });
	const sent = { rounds: [round], state: after };
	return isComplete(round) ? await sendMore(store, sent, { ...settings, force: false }) : sent;
}

async function sendMore(
	store: Store,
	sent: SentRounds,
	settings: RoundSettings & { force: boolean },
): Promise<SentRounds> {
	let { rounds, state } = sent;
	for (let { force } = settings; ; ) {
		const due = isDue(state, settings.rules, settings.now()) || (force && state.waiting > 0);
		if (!due || state.busy) return { rounds, state };
		const sending = takeAndSend(store, state, { ...settings, force });
		const last = rounds.at(-1);
		const next = last ? await sending.catch(tableErrorOrThrow) : await sending;
		if (!next) return { rounds, state: { ...state, busy: true } };
		// The rounds before it were sent nevertheless.
		if (next instanceof TableError) {
			return { rounds: [...rounds.slice(0, -1), { ...(last as Round), tableError: next }], state };
		}
		rounds = [...rounds, next.round];
		// Rows beyond what one round can claim were there from the start, so they are forced as well.
		force &&= !state.isWhole;
		state = next.state;
		if (!isComplete(next.round)) return { rounds, state };
	}
}

async function takeAndSend(
	store: Store,
	state: State,
	settings: RoundSettings & { force: boolean },
): Promise<{ round: Round; state: State } | undefined> {
	if (!(await store.take(state))) return undefined;
	return await sendRound(store, state, { ...settings, run: NO_USERS });
}

const NO_USERS: RunUsers = { users: [], pause: async () => {} };

type RoundToSend = RoundSettings & { run: RunUsers; force: boolean };

/** Sends one round under a lease that the run holds, and saves its result. */
async function sendRound(
	store: Store,
	state: State,
	round: RoundToSend,
): Promise<{ round: Round; state: State }> {
	const { run, force } = round;
	let result: RoundResult = { sent: [], kept: [], waiting: [] };
	let accepted: Range[] = [];
	let failed: User[] = [];
	let saved = false;
	try {
		const { claimed, previouslySent, users } = await gather(store, state, round);
		if (force || isStillDue(users, claimed, round)) {
			accepted = await round.upload(users);
			if (run.storesFailed?.() ?? true) failed = failedUsers(run.users, accepted);
			const known = [...claimed, ...keptLongEnough(previouslySent, round)];
			result = {
				sent: acceptedRows(users, claimed, accepted),
				kept: usersToKeep(run.users, accepted, { known, enough: round.rules.collectUntil }),
				waiting: newUsers(claimed, failed),
			};
		}
		saved = true;
		const after = await save(store, state, result);
		const storedFailed = failed.length > 0 && !after.tableError;
		const { tableError } = after;
		return {
			round: { users, accepted, storedFailed, ...(tableError && { tableError }) },
			state: after.state,
		};
	} finally {
		// Without it, the lease and the claims would end too, but others would have to wait for that.
		if (!saved) await save(store, state, result);
	}
}

// What was sent stays sent even if the table can't be changed any more: its rows are sent again when the lease has ended.
async function save(
	store: Store,
	state: State,
	result: RoundResult,
): Promise<{ state: State; tableError?: TableError }> {
	try {
		return { state: await store.finish(result) };
	} catch (error) {
		return { state: { ...state, busy: true }, tableError: toTableError(error) };
	}
}

// Checked again under the lease: another run may have sent most of them meanwhile.
function isStillDue(
	users: RoundUsers,
	claimed: StoredUser[],
	{ rules, now }: Pick<RoundSettings, 'rules' | 'now'>,
): boolean {
	const state = {
		waiting: users.fromTable,
		...oldestSince(claimed, now()),
		previouslySent: users.toppedUp,
		busy: false,
	};
	return isDue(state, rules, now());
}

function isComplete({ users, accepted, tableError }: Round): boolean {
	const count = usersIn(accepted);
	return count > 0 && count >= users.users.length && !tableError;
}

interface PlacedUsers extends RoundUsers {
	/** Each claimed row's place among the users; undefined if it adds no identifier. */
	placeOf: Array<number | undefined>;
}

async function gather(store: Store, state: State, round: RoundToSend) {
	const { run, rules } = round;
	const found = await store.claim(state, round.now() - round.keepDays * DAY_MS);
	const isFirst = ({ user }: StoredUser) => round.isFirst?.(user) ?? false;
	const claimed = [...found.filter(isFirst), ...found.filter((one) => !isFirst(one))];
	const isShort = run.users.length + distinct(claimed).length < rules.collectUntil;
	const previouslySent = isShort || run.users.length > 0 ? await store.previouslySent() : [];
	const users = await combine(run, claimed, {
		topUp: rules.topUp ? previouslySent : [],
		atLeast: rules.collectUntil,
	});
	return { claimed, previouslySent, users };
}

async function combine(
	{ users: fromRun, pause }: RunUsers,
	claimed: StoredUser[],
	{ topUp, atLeast }: { topUp: StoredUser[]; atLeast: number },
): Promise<PlacedUsers> {
	// A list that is long enough isn't searched for them.
	const previouslySent = fromRun.length < atLeast ? topUp : [];
	const isDuplicate = await filterKnowing(fromRun, [...claimed, ...previouslySent], pause);
	const more: User[] = [];
	const placeOf = claimed.map(({ user }) =>
		isDuplicate(user) ? undefined : fromRun.length + more.push(user) - 1,
	);
	const fromTable = more.length;
	for (const { user } of previouslySent) {
		if (fromRun.length + more.length >= atLeast) break;
		if (!isDuplicate(user)) more.push(user);
	}
	return {
		users: fromRun.length === 0 ? more : joined(fromRun, more),
		fromRun: fromRun.length,
		placeOf,
		fromTable,
		toppedUp: more.length - fromTable,
	};
}

const SLICE = 500;

/** A duplicate filter that knows those identifiers of a list that are also stored; all would be a million texts. */
async function filterKnowing(list: UserList, stored: StoredUser[], pause: Pause) {
	const isDuplicate = createDuplicateFilter();
	const emails = new Set(stored.map(({ user }) => user.Email));
	const phones = new Set(stored.map(({ user }) => user.Phone));
	const end = stored.length > 0 ? list.length : 0;
	for (let start = 0; start < end; start += SLICE) {
		await pause();
		for (const { Email, Phone } of list.slice(start, start + SLICE)) {
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

/** The claimed rows whose users were accepted, as ranges of ids. A row that adds no identifier counts if all were. */
function acceptedRows(
	{ users, placeOf }: PlacedUsers,
	claimed: StoredUser[],
	accepted: Range[],
): RoundResult['sent'] {
	const isAll = usersIn(accepted) >= users.length;
	const isAccepted = (place?: number) =>
		place === undefined ? isAll : accepted.some(({ start, end }) => place >= start && place < end);
	const rows = claimed.map(({ row }, index) => ({
		id: row.id,
		sent: isAccepted(placeOf[index]),
	}));
	const ranges: RoundResult['sent'] = [];
	let last: RoundResult['sent'][number] | undefined;
	for (const { id, sent } of rows.sort((a, b) => a.id - b.id)) {
		if (!sent) last = undefined;
		else if (last) last.to = id;
		else ranges.push((last = { from: id, to: id }));
	}
	return ranges;
}

// Contacts that will be deleted soon are stored again, or late contacts would have no one to be sent with.
function keptLongEnough(
	previouslySent: StoredUser[],
	{ keepDays, now }: Pick<RoundSettings, 'keepDays' | 'now'>,
): StoredUser[] {
	const halfTime = now() - (keepDays * DAY_MS) / 2;
	return previouslySent.filter(({ row }) => Date.parse(row.sentAt ?? '') >= halfTime);
}

/** The last accepted users of a list, until the table has enough for a late contact to be sent with. */
function usersToKeep(
	list: UserList,
	accepted: Range[],
	{ known, enough }: { known: StoredUser[]; enough: number },
): User[] {
	const isKnown = createDuplicateFilter();
	let missing = enough - known.filter(({ user }) => !isKnown(user)).length;
	const kept: User[] = [];
	for (const { start, end } of [...accepted].reverse()) {
		const last = Math.min(end, list.length);
		for (let at = last - 1; at >= start && missing > 0; at--) {
			const [user] = list.slice(at, at + 1);
			if (!user || isKnown(user)) continue;
			kept.push(user);
			missing--;
		}
	}
	return kept.reverse();
}

/** The most users of a failed list that are stored: n8n's tables have little space. */
const MOST_STORED = 10_000;

/** The users of a list whose batches were not accepted; none if they are more than the table should take. */
function failedUsers(list: UserList, accepted: Range[]): User[] {
	const gaps: Range[] = [];
	let at = 0;
	for (const { start, end } of [...accepted, { start: list.length, end: list.length }]) {
		gaps.push({ start: at, end: Math.max(at, Math.min(start, list.length)) });
		at = Math.max(at, end);
	}
	if (usersIn(gaps) > MOST_STORED) return [];
	return gaps.flatMap(({ start, end }) => (end > start ? list.slice(start, end) : []));
}

/** The users that add an identifier to those of the rows: a contact that waits is not stored again. */
function newUsers(rows: StoredUser[], users: User[]): User[] {
	const isKnown = createDuplicateFilter();
	for (const { user } of rows) isKnown(user);
	return users.filter((user) => !isKnown(user));
}
