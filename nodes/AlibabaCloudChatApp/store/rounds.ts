import type { Pause } from '../async';
import { createDuplicateFilter, type User } from '../contacts/contact';
import { countUsers, type Range } from '../upload/batches';
import type { UserList } from '../upload/packedUsers';
import {
	groupByContact,
	type CollectRules,
	countContacts,
	DAY_MS,
	distinct,
	isDue,
	oldestSince,
	type StoredUser,
	type TableState,
} from './state';
import type { RoundResult, Store } from './store';
import { TableError, tableErrorOrThrow } from './table';

/** One round's users: the run's own first, then those that were waiting, then previously sent ones. */
export interface RoundUsers {
	users: UserList;
	/** How many of the users came from the run's input. */
	ownUserCount: number;
	/** How many of the users were waiting. */
	waitingUserCount: number;
	/** How many of the users were sent before, and are sent again to fill up the upload. */
	topUpUserCount: number;
	/** Which contact the user at an index belongs to: users with the same number belong to one. */
	contactAt(index: number): number;
}

/** Uploads a round's users. @returns which of them were accepted */
export type UploadRound = (gathered: RoundUsers) => Promise<Range[]>;

/** How a run sends contacts from the table. */
export interface RoundSettings {
	rules: CollectRules;
	/** Days after which sent contacts are deleted; 0: none of them are kept. */
	keepDays: number;
	/** Milliseconds since 1970. */
	now(): number;
	upload: UploadRound;
	/** Which waiting users are sent first: those that the run stored. */
	isFirst?(user: User): boolean;
}

/** A run's own users. */
export interface OwnUsers {
	users: UserList;
	/** Which contact the user at an index belongs to, ascending from 0; each is its own contact if absent. */
	contactAt?(index: number): number;
	pause: Pause;
	/** Whether to store those that were not accepted as waiting in the table; true if absent. */
	storesFailed?(): boolean;
}

/** One upload from the table. */
export interface Round {
	gathered: RoundUsers;
	accepted: Range[];
	/** Whether all were accepted, except for people who asked to be forgotten in the meantime. */
	isAllAccepted: boolean;
	/** Why its result could not be saved in the table. */
	tableError?: TableError;
	/** Whether the run's users that were not accepted are waiting in the table now. */
	areFailedStored: boolean;
	/** How many of the run's contacts stay in the table as previously sent. */
	kept: number;
}

/** What a run sent, and what the table contains afterward. */
export interface SentRounds {
	rounds: Round[];
	state: TableState;
}

/**
 * Sends the waiting contacts if they are due, and repeats this, because runs that stored contacts while the audience was
 * busy left them to this one. Stops after a batch that was not accepted.
 * @param settings `force`: whether to send waiting contacts even if they aren't due
 * @throws TableError before anything is sent; what `upload` throws, after the claimed contacts are set back to waiting
 */
export async function sendWaiting(
	store: Store,
	state: TableState,
	settings: RoundSettings & { force: boolean },
): Promise<SentRounds> {
	return await sendMore(store, { rounds: [], state }, settings);
}

/**
 * Sends a run's own users, together with the waiting ones, under a lease that the run holds; then those that arrived
 * meanwhile, if they are due.
 * @throws TableError before anything is sent; what `upload` throws, after the claimed contacts are set back to waiting
 */
export async function sendList(
	store: Store,
	state: TableState,
	settings: RoundSettings & { own: OwnUsers },
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
	let { force } = settings;
	for (;;) {
		const due = isDue(state, settings.rules, settings.now()) || (force && state.waiting > 0);
		if (!due || state.isBusy) return { rounds, state };
		const sending = acquireAndSend(store, state, { ...settings, force });
		const last = rounds.at(-1);
		const next = last ? await sending.catch(tableErrorOrThrow) : await sending;
		if (!next) return { rounds, state: { ...state, isBusy: true } };
		// The rounds before it were still sent.
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

async function acquireAndSend(
	store: Store,
	state: TableState,
	settings: RoundSettings & { force: boolean },
): Promise<{ round: Round; state: TableState } | undefined> {
	if (!(await store.tryToAcquire(state))) return undefined;
	return await sendRound(store, state, { ...settings, own: NO_USERS });
}

/** The most users of a failed list that are stored: n8n's tables have little space. */
const MAX_STORED = 10_000;

const NO_USERS: OwnUsers = { users: [], pause: async () => {} };

type RoundToSend = RoundSettings & { own: OwnUsers; force: boolean };

/** Sends one round under a lease that the run holds, and saves its result. */
async function sendRound(
	store: Store,
	state: TableState,
	settings: RoundToSend,
): Promise<{ round: Round; state: TableState }> {
	const { own, force, keepDays } = settings;
	let result: RoundResult = { sent: [], toKeep: [], toWait: [] };
	let accepted: Range[] = [];
	let failed: User[][] = [];
	let isAllAccepted = false;
	let isSaved = false;
	try {
		const { claimed, previouslySent, users } = await gather(store, state, settings);
		if (force || isStillDue(users, claimed, settings)) {
			accepted = await settings.upload(users);
			const isForgotten = (user: User) => store.isForgotten(user);
			if (own.storesFailed?.() ?? true) {
				const isExcluded = (user: User) => store.isExcluded(user);
				failed = failedContacts(own, accepted).filter((contact) => !contact.some(isExcluded));
			}
			isAllAccepted = coversAll(users, accepted, isForgotten);
			result = {
				sent: acceptedRows(users, claimed, { accepted, isAllAccepted }),
				toKeep: contactsToKeep(settings, accepted, [
					...claimed,
					...notDeletedSoon(previouslySent, settings),
				]),
				toWait: withNewIdentifiers(claimed, failed),
				keepsNone: keepDays === 0,
			};
		}
		isSaved = true;
		const { tableError, isStored, kept, state: after } = await store.finish(result);
		return {
			round: {
				gathered: users,
				accepted,
				isAllAccepted,
				areFailedStored: failed.length > 0 && (isStored || result.toWait.length === 0),
				kept,
				...(tableError && { tableError }),
			},
			state: after ?? { ...state, isBusy: true },
		};
	} finally {
		// Otherwise, other runs would have to wait until the lease expires.
		if (!isSaved) await store.finish(result);
	}
}

// Checked again under the lease: another run may have sent most of them in the meantime.
function isStillDue(
	users: GatheredUsers,
	claimed: StoredUser[],
	{ rules, now }: Pick<RoundSettings, 'rules' | 'now'>,
): boolean {
	const { waiting, previouslySentCount } = users;
	const state = { waiting, ...oldestSince(claimed, now()), previouslySentCount, isBusy: false };
	return isDue(state, rules, now());
}

function isComplete({ accepted, isAllAccepted, tableError }: Round): boolean {
	return accepted.length > 0 && isAllAccepted && !tableError;
}

function coversAll(
	{ users, contactAt }: RoundUsers,
	accepted: Range[],
	isForgotten: (user: User) => boolean,
): boolean {
	const gaps = gapsIn(accepted, users.length);
	if (countUsers(gaps) > MAX_STORED) return false;
	// A contact with several users is left out as a whole.
	return gaps.every(({ start, end }) => {
		const found = users.slice(start, end);
		const forgotten = new Set(
			found.flatMap((user, at) => (isForgotten(user) ? contactAt(start + at) : [])),
		);
		return found.every((_, at) => forgotten.has(contactAt(start + at)));
	});
}

/** The ranges between the given ones, which are in order, up to an end. */
function gapsIn(ranges: Range[], length: number): Range[] {
	const gaps: Range[] = [];
	let at = 0;
	for (const { start, end } of [...ranges, { start: length, end: length }]) {
		gaps.push({ start: at, end: Math.max(at, Math.min(start, length)) });
		at = Math.max(at, end);
	}
	return gaps;
}

interface GatheredUsers extends RoundUsers {
	/** Each claimed row's index among the users; undefined if it adds no identifier. */
	indexes: Array<number | undefined>;
	/** Contacts that were waiting, and contacts that were sent before. */
	waiting: number;
	previouslySentCount: number;
}

async function gather(store: Store, state: TableState, settings: RoundToSend) {
	const { own, rules } = settings;
	const found = groupByContact(
		await store.claim(state, settings.now() - settings.keepDays * DAY_MS),
	);
	const isFirst = (contact: StoredUser[]) =>
		contact.every(({ user }) => settings.isFirst?.(user) ?? false);
	const claimed = [...found.filter(isFirst), ...found.filter((one) => !isFirst(one))].flat();
	const contacts = countOwnContacts(own) + countContacts(distinct(claimed));
	const isShort = contacts < rules.collectUntil;
	const previouslySent = isShort || own.users.length > 0 ? await store.readPreviouslySent() : [];
	const users = await combine(own, claimed, {
		previouslySent: rules.topUp ? previouslySent : [],
		atLeast: rules.collectUntil,
	});
	return { claimed, previouslySent, users };
}

async function combine(
	own: OwnUsers,
	claimed: StoredUser[],
	{ previouslySent, atLeast }: { previouslySent: StoredUser[]; atLeast: number },
): Promise<GatheredUsers> {
	const { users: ownUsers, pause } = own;
	const ownCount = countOwnContacts(own);
	// A list that is long enough needs none, so it isn't compared with them.
	const candidates = ownCount < atLeast ? previouslySent : [];
	const isDuplicate = await createFilterKnowing(ownUsers, [...claimed, ...candidates], pause);
	const added: StoredUser[] = [];
	const indexes = claimed.map((one) =>
		isDuplicate(one.user) ? undefined : ownUsers.length + added.push(one) - 1,
	);
	const waitingUserCount = added.length;
	const waiting = countContacts(added);
	let count = ownCount + waiting;
	for (const contact of groupByContact(candidates)) {
		if (count >= atLeast) break;
		const users = contact.filter(({ user }) => !isDuplicate(user));
		if (users.length > 0) count++;
		added.push(...users);
	}
	const more = added.map(({ user }) => user);
	return {
		users: ownUsers.length === 0 ? more : joinLists(ownUsers, more),
		ownUserCount: ownUsers.length,
		indexes,
		waitingUserCount,
		topUpUserCount: added.length - waitingUserCount,
		waiting,
		previouslySentCount: count - ownCount - waiting,
		contactAt: numberContactsOf(own, added),
	};
}

function countOwnContacts({ users: { length }, contactAt }: OwnUsers): number {
	return length > 0 && contactAt ? contactAt(length - 1) + 1 : length;
}

function numberContactsOf(own: OwnUsers, added: StoredUser[]): (index: number) => number {
	const { length } = own.users;
	const first = countOwnContacts(own);
	const numbers = groupByContact(added).flatMap((users, index) => users.map(() => first + index));
	return (index) =>
		index < length ? (own.contactAt?.(index) ?? index) : (numbers[index - length] as number);
}

const SLICE = 500;

/** A duplicate filter with those identifiers of a list that are also stored; all of them could be a million strings. */
async function createFilterKnowing(list: UserList, stored: StoredUser[], pause: Pause) {
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

function joinLists(first: UserList, second: User[]): UserList {
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
	{ indexes }: GatheredUsers,
	claimed: StoredUser[],
	{ accepted, isAllAccepted }: Pick<Round, 'accepted' | 'isAllAccepted'>,
): RoundResult['sent'] {
	const isAccepted = (index?: number) =>
		index === undefined
			? isAllAccepted
			: accepted.some(({ start, end }) => index >= start && index < end);
	const rows = claimed.map(({ row }, index) => ({
		id: row.id,
		sent: isAccepted(indexes[index]),
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

// Contacts that will be deleted soon are replaced; otherwise, too few would be left to fill up later uploads.
function notDeletedSoon(
	previouslySent: StoredUser[],
	{ keepDays, now }: Pick<RoundSettings, 'keepDays' | 'now'>,
): StoredUser[] {
	const halfTime = now() - (keepDays * DAY_MS) / 2;
	return previouslySent.filter(({ row }) => Date.parse(row.sentAt ?? '') >= halfTime);
}

/** The last accepted contacts of a list: as many as the table still needs to fill up any later upload. */
function contactsToKeep(settings: RoundToSend, accepted: Range[], stored: StoredUser[]): User[][] {
	if (settings.keepDays === 0 || !settings.rules.topUp) return [];
	const isKnown = createDuplicateFilter();
	const isNew = (user: User) => !isKnown(user);
	const inTable = countContacts(stored.filter(({ user }) => isNew(user)));
	let missing = settings.rules.collectUntil - inTable;
	const kept: User[][] = [];
	for (const contact of walkContactsBackward(settings.own, accepted)) {
		if (missing <= 0) break;
		const users = contact.filter(isNew);
		if (users.length === 0) continue;
		kept.push(users);
		missing--;
	}
	return kept.reverse();
}

/** A list's contacts in some ranges, the last one first. */
function* walkContactsBackward(own: OwnUsers, ranges: Range[]): Generator<User[]> {
	let users: User[] = [];
	let contact: number | undefined;
	for (const { start, end } of [...ranges].reverse()) {
		for (let index = Math.min(end, own.users.length) - 1; index >= start; index--) {
			const next = own.contactAt?.(index) ?? index;
			if (next !== contact && users.length > 0) {
				yield users;
				users = [];
			}
			contact = next;
			users = [...own.users.slice(index, index + 1), ...users];
		}
	}
	if (users.length > 0) yield users;
}

/** The contacts of a list whose batches were not accepted; none if they are more than the table should take. */
function failedContacts(own: OwnUsers, accepted: Range[]): User[][] {
	const gaps = gapsIn(accepted, own.users.length);
	if (countUsers(gaps) > MAX_STORED) return [];
	return [...walkContactsBackward(own, gaps)].reverse();
}

/** The contacts that add an identifier to those of the rows: a waiting contact is not stored again. */
function withNewIdentifiers(rows: StoredUser[], contacts: User[][]): User[][] {
	const isKnown = createDuplicateFilter();
	for (const { user } of rows) isKnown(user);
	return contacts.filter((users) => users.filter((user) => !isKnown(user)).length > 0);
}
