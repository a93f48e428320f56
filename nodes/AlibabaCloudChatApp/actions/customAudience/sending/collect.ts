import { type User, withHash } from '../../../contacts/contact';
import type { Audience } from '../../../ids';
import type { Ref, Refs } from '../../../sources/source';
import {
	type Round,
	type RoundUsers,
	sendList,
	sendWaiting,
	type UploadRound,
} from '../../../store/rounds';
import { isDue, nextSentence } from '../../../store/state';
import { type Added, audienceKeyOf, Store, type TableState } from '../../../store/store';
import { type Table, TableError, tableErrorOrThrow, toTableError } from '../../../store/table';
import { ApiError } from '../../../transport/apiError';
import { partsOf, type Range } from '../../../upload/batches';
import { totalOf } from '../../../upload/decide';
import {
	COLLECTED,
	type Collecting,
	DUPLICATE,
	FORGOTTEN,
	Ledger,
	type LedgerEntry,
} from '../../../upload/ledger';
import type { Plan, Upload } from '../../../upload/plan';
import { forgottenPeople, keepForRerun, type Run } from './run';
import { type Guard, send } from './send';

/** An audience's contacts in the table, and the guard that keeps its lease. */
export interface AudienceTable {
	store: Store;
	guard: Guard;
}

/** Opens what the table contains for an upload's audience. */
export function openAudienceTable(
	run: Run,
	table: Table,
	plan: Pick<Plan, 'audience' | 'audienceName' | 'options'>,
): AudienceTable {
	const { context, clock } = run;
	const { collectTable, collectUntil, hash } = plan.options;
	// A sub-workflow belongs to the workflow that runs it, so only its own runs may store together.
	const key = JSON.stringify([context.getWorkflow().id, collectTable]);
	const settings = {
		audienceKey: audienceKeyOf(plan.audience),
		audienceName: plan.audienceName,
		owner: `${context.getExecutionId()} ${clock.nonce()}`,
		collectUntil,
		hash,
		now: () => clock.now(),
		group: { key, cancelSignal: context.getExecutionCancelSignal() },
	};
	const store = new Store(table, settings, forgottenPeople(run, plan.options));
	const isLeaseHeld = store.leaseKeeper();
	return { store, guard: async () => ((await isLeaseHeld()) ? undefined : LEASE_LOST) };
}

/** Sends the rounds of a run, each as an upload. */
export class RoundSender {
	/** One for each round that was sent. */
	readonly uploads: Upload[] = [];
	/** Why a round could not be finished. */
	private error?: unknown;

	/** @param uploadOf called once for each round, before it is sent; `index` from 0 */
	constructor(
		private readonly run: Run,
		private readonly guard: Guard,
		private readonly uploadOf: (gathered: RoundUsers, index: number) => Upload,
	) {}

	readonly uploadRound: UploadRound = async (gathered) => {
		const upload = this.uploadOf(gathered, this.uploads.length);
		this.uploads.push(upload);
		const { plan, ledger } = upload;
		ledger.facts.usersFrom = { run: plan.refs.length, topUp: gathered.topUpUserCount };
		try {
			await send(this.run, upload, this.guard);
		} catch (error) {
			// Thrown later, since what was accepted until then is recorded first.
			this.error = error;
		}
		return acceptedRanges(upload.ledger);
	};

	/** @throws the cancel signal's reason, when a round was canceled */
	throwIfCanceled(): void {
		if (this.error) throw this.error;
	}
}

function acceptedRanges({ batches }: Ledger): Range[] {
	return batches.filter(({ error }) => !error).flatMap(partsOf);
}

/** The plan of a round. @param refs of its first users */
export function planOfRound(plan: Plan, gathered: RoundUsers, refs: Refs): Plan {
	const { users, contactAt } = gathered;
	const extraUserCount = users.length - contactsBefore(gathered, users.length);
	const total = totalOf(users.length, plan.options);
	return {
		...plan,
		users,
		refs,
		extraUserCount,
		contactAt: extraUserCount > 0 ? contactAt : undefined,
		total,
	};
}

/** The number of contacts among a round's users before an index. */
export function contactsBefore({ contactAt }: RoundUsers, index: number): number {
	return index === 0 ? 0 : contactAt(index - 1) + 1;
}

/** The settings of all rounds of a run. */
export function roundSettings({ clock }: Run, { options }: Pick<Plan, 'options'>) {
	return { rules: options, keepDays: options.keepDays, now: () => clock.now() };
}

// The run's own contacts are in the first round alone; later ones have only contacts from the table.
function senderForRun(
	run: Run,
	{ plan, ledger }: Upload,
	{ guard, refsOf }: { guard: Guard; refsOf(gathered: RoundUsers): Refs },
): RoundSender {
	return new RoundSender(run, guard, (gathered, index) => {
		if (index === 0) return { plan: planOfRound(plan, gathered, refsOf(gathered)), ledger };
		const later = new Ledger();
		later.facts.tokenTotalBefore = ledger.facts.tokenTotalBefore;
		ledger.facts.laterLedgers.push(later);
		return { plan: planOfRound(plan, gathered, []), ledger: later };
	});
}

/**
 * Stores the users of an upload that is too small, and sends the waiting contacts if they are due.
 * @throws the cancel signal's reason
 */
export async function collect(
	run: Run,
	upload: Upload,
	{ store, guard }: AudienceTable,
): Promise<void> {
	const found = await storeUsers(run, upload, store);
	if (!found) return;
	const { plan, ledger } = upload;
	const { facts } = ledger;
	const { state, refsOfStored } = found;
	const storedContactCount = ledger.counts().collected;
	let storedUserCount = 0;
	const refsOf = (gathered: RoundUsers) => {
		const most = Math.min(gathered.waitingUserCount, refsOfStored.size);
		const refs = findRefs(gathered.users.slice(0, most), refsOfStored);
		storedUserCount = refs.length;
		return refs;
	};
	const sender = senderForRun(run, upload, { guard, refsOf });
	try {
		const sent = await sendWaiting(store, state, {
			...roundSettings(run, plan),
			upload: sender.uploadRound,
			isFirst: (user) => refsOfStored.has(keyOf(user)),
			force: false,
		});
		recordRounds(ledger, sent.rounds);
		recordTable(run, upload, { ...sent, storedUserCount, storedContactCount });
		if (ledger.isAnyRejected) recordFailedWaiting(ledger);
	} catch (error) {
		// They are stored; only sending has to wait.
		facts.tableProblems.push({ kind: 'other', message: toTableError(error) });
		recordTable(run, upload, { rounds: [], state, storedContactCount });
	}
	sender.throwIfCanceled();
}

/** What the table contains after a run stored its users, and their contacts by `keyOf`, to be found again among the rows. */
interface StoredUsers {
	state: TableState;
	refsOfStored: Map<string, Ref>;
}

/** @returns undefined if nothing was stored, or what else is waiting is unknown */
async function storeUsers(
	run: Run,
	upload: Upload,
	store: Store,
): Promise<StoredUsers | undefined> {
	const { plan, ledger } = upload;
	const { facts } = ledger;
	try {
		const contacts = usersByContact(plan);
		const added = await store.add(
			contacts.map(({ users }) => users),
			contacts.map(({ ref }) => plan.allUsers?.get(ref) ?? []),
		);
		const refsOfStored = recordAdded(run, upload, { contacts, added });
		const { state, tableError } = added;
		if (tableError) facts.tableProblems.push({ kind: 'other', message: tableError });
		if (!state) return undefined;
		const stored = ledger.counts().collected;
		const isFirst = state.waiting <= stored && state.previouslySentCount === 0;
		if (stored > 0 && isFirst) facts.isFirstStored = true;
		return { state, refsOfStored };
	} catch (error) {
		recordNotStored(ledger, toTableError(error));
		return undefined;
	}
}

/** A contact of the run, with its users. */
interface ContactUsers {
	ref: Ref;
	users: User[];
}

function usersByContact({ users, refs }: Plan): ContactUsers[] {
	const contacts: ContactUsers[] = [];
	users.slice(0, users.length).forEach((user, index) => {
		const ref = refs.at(index) as Ref;
		const latest = contacts.at(-1);
		if (latest?.ref === ref) latest.users.push(user);
		else contacts.push({ ref, users: [user] });
	});
	return contacts;
}

const OPTED_OUT: LedgerEntry = { status: 'invalid', reason: 'opted_out' };

/** Records which contacts were stored. @returns the contact of each stored user, by `keyOf` */
function recordAdded(
	{ storedBefore }: Run,
	{ plan: { audience }, ledger }: Upload,
	{ contacts, added: { isNew, isForgotten } }: { contacts: ContactUsers[]; added: Added },
): Map<string, Ref> {
	const refsOfStored = new Map<string, Ref>();
	contacts.forEach(({ ref, users }, index) => {
		if (isForgotten[index]) return ledger.record(ref, FORGOTTEN);
		const added = users.filter((user) => !refsOfStored.has(keyOf(user)));
		const isOwn = isNew[index] || added.some((user) => storedBefore.has(keyIn(audience, user)));
		ledger.record(ref, isOwn ? COLLECTED : DUPLICATE);
		if (isOwn) for (const user of added) refsOfStored.set(keyOf(user), ref);
	});
	return refsOfStored;
}

// Without any table, contacts are held as with 'Hold'; any other problem can be fixed.
function recordNotStored(ledger: Ledger, tableError: TableError): void {
	const { facts } = ledger;
	if (tableError.code !== 'data_tables_unreachable') {
		facts.failure = tableError;
		return;
	}
	facts.tableProblems.push({ kind: 'other', message: tableError });
	ledger.recordPending({ status: 'held', reason: 'under_minimum' });
}

function keyOf({ Email, Phone }: User): string {
	return JSON.stringify([Email, Phone]);
}

// It outlasts the run, so it is a hash.
function keyIn(audience: Audience, user: User): string {
	return withHash(audienceKeyOf(audience) + keyOf(user), 'sha256');
}

/** Notes what a run that ends with an error has stored: if n8n starts it again, these contacts are its own, not duplicates. */
export function noteStored(run: Run, uploads: Upload[]): void {
	const stored = uploads.flatMap(({ plan, ledger }) => {
		if (plan.decision.kind !== 'collect') return [];
		const contacts = usersByContact(plan).filter(
			({ ref }) => ledger.resultOf(ref).status === 'collected',
		);
		return contacts.flatMap(({ users }) => users.map((user) => keyIn(plan.audience, user)));
	});
	keepForRerun(run, stored);
}

function findRefs(users: User[], refsOfStored: Map<string, Ref>): Ref[] {
	const refs: Ref[] = [];
	for (const user of users) {
		const ref = refsOfStored.get(keyOf(user));
		if (ref === undefined) break;
		refs.push(ref);
	}
	return refs;
}

function recordRounds({ facts }: Ledger, rounds: Round[]): void {
	for (const { isAnyRejected, facts: later } of facts.laterLedgers) {
		if (isAnyRejected || later.failure) later.failedAreWaiting = true;
	}
	for (const { tableError } of rounds) {
		if (tableError) facts.tableProblems.push({ kind: 'outdated', message: tableError });
	}
}

function recordFailedWaiting(ledger: Ledger): void {
	ledger.recordRejected(COLLECTED);
	ledger.facts.failedAreWaiting = true;
}

interface TableChange {
	rounds: Round[];
	state: TableState;
	/** How many of the first round's waiting users were stored by this run. */
	storedUserCount?: number;
	/** How many contacts the run stored. */
	storedContactCount?: number;
}

/** Records what the table contains after an upload, and what was sent from it. */
export function recordTable(
	run: Run,
	{ plan, ledger: { facts } }: Upload,
	change: TableChange,
): void {
	facts.collecting = collectingOf(run, plan, change);
	const areWaitingDue = isDue(change.state, plan.options, run.clock.now());
	for (const part of [facts, ...facts.laterLedgers.map((later) => later.facts)]) {
		part.areWaitingDue = areWaitingDue;
	}
	const { unreadableRowIds } = change.state;
	if (unreadableRowIds.length > 0) facts.unreadableRowIds = unreadableRowIds;
}

/** What a summary shows of the table; undefined if none of its contacts are waiting, were stored, or were sent. */
function collectingOf(
	{ clock, context }: Run,
	{ options }: Pick<Plan, 'options'>,
	change: TableChange,
): Collecting | undefined {
	const { rounds, state, storedUserCount = 0, storedContactCount = 0 } = change;
	let sentFromTable = 0;
	let toppedUp = 0;
	let keptForTopUp = 0;
	rounds.forEach(({ gathered, accepted, kept }, index) => {
		const start = gathered.ownUserCount + (index === 0 ? storedUserCount : 0);
		const end = gathered.ownUserCount + gathered.waitingUserCount;
		sentFromTable += countAccepted(gathered, accepted, { start, end });
		const topUp = { start: end, end: end + gathered.topUpUserCount };
		toppedUp += countAccepted(gathered, accepted, topUp);
		keptForTopUp += kept;
	});
	const { waiting } = state;
	if (storedContactCount + waiting + sentFromTable + toppedUp + keptForTopUp === 0)
		return undefined;
	const when = { now: clock.now(), timeZone: context.getTimezone() };
	const next = nextSentence(state, options, when);
	return { waiting, sentFromTable, toppedUp, keptForTopUp, next };
}

/** The number of contacts in a range of users with at least one accepted user. */
function countAccepted({ contactAt }: RoundUsers, accepted: Range[], range: Range): number {
	const contacts = new Set<number>();
	for (const { start, end } of accepted) {
		const to = Math.min(end, range.end);
		for (let index = Math.max(start, range.start); index < to; index++) {
			contacts.add(contactAt(index));
		}
	}
	return contacts.size;
}

/**
 * Sends a list together with the contacts waiting for its audience; alone if the table can't be reached.
 * @throws the cancel signal's reason
 */
export async function sendWithWaiting(
	run: Run,
	upload: Upload,
	{ store, guard }: AudienceTable,
): Promise<void> {
	const { plan, ledger } = upload;
	const { facts } = ledger;
	const cancelSignal = run.context.getExecutionCancelSignal();
	const sendAlone = async (tableError: TableError) => {
		facts.tableProblems.push({ kind: 'waitingLeftOut', message: tableError });
		await send(run, upload);
	};
	const state = await store.acquire(run.clock, cancelSignal).catch(tableErrorOrThrow);
	if (state instanceof TableError) return await sendAlone(state);
	const sender = senderForRun(run, upload, { guard, refsOf: () => plan.refs });
	// It throws only before anything is sent; later problems are in the rounds.
	const sent = await sendList(store, state, {
		...roundSettings(run, plan),
		upload: sender.uploadRound,
		own: {
			users: plan.users,
			contactAt: plan.contactAt,
			pause: run.pause,
			// A person who cancels a run doesn't want its list to be sent later.
			storesFailed: () => !cancelSignal?.aborted,
		},
	}).catch(tableErrorOrThrow);
	if (sent instanceof TableError) return await sendAlone(sent);
	recordRounds(ledger, sent.rounds);
	if (sent.rounds[0]?.areFailedStored) {
		recordExcluded(upload, store);
		recordFailedWaiting(ledger);
		ledger.recordPending(COLLECTED);
	}
	recordTable(run, upload, sent);
	sender.throwIfCanceled();
}

/** Records the contacts that the table didn't store with the others, because they were forgotten or opted out. */
function recordExcluded({ plan: { users, refs }, ledger }: Upload, store: Store): void {
	for (let index = 0; index < users.length; index++) {
		const ref = refs.at(index) as Ref;
		const isUnsent = ledger.entryOf(ref).status === 'pending';
		if (!isUnsent && ledger.resultOf(ref).status !== 'failed') continue;
		const [user = {}] = users.slice(index, index + 1);
		if (store.isForgotten(user)) ledger.record(ref, FORGOTTEN);
		else if (store.isExcluded(user)) ledger.record(ref, OPTED_OUT);
	}
}

/**
 * Sends an upload while no other worker sends to its audience; without that guard if the table can't be reached.
 * @throws the cancel signal's reason
 */
export async function sendExclusively(
	run: Run,
	upload: Upload,
	{ store, guard }: AudienceTable,
): Promise<void> {
	const { clock, context } = run;
	const acquired = await store
		.acquire(clock, context.getExecutionCancelSignal())
		.catch(tableErrorOrThrow);
	if (acquired instanceof TableError) {
		upload.ledger.facts.tableProblems.push({ kind: 'notExclusive', message: acquired });
		return await send(run, upload);
	}
	try {
		await send(run, upload, guard);
	} finally {
		// A lease that can't be released expires.
		await store.release().catch(() => undefined);
	}
}

const LEASE_LOST = new ApiError({
	kind: 'rejected',
	code: 'another_sender',
	what: 'Another run took over this audience because this one took too long',
	fix: 'Run again later',
	requestId: '',
	responseLost: false,
});
