import { type IDataObject, type IExecuteFunctions, type IWorkflowBase, sleep } from 'n8n-workflow';
import { type Clock, createPause, wait } from '../../../async';
import type { User } from '../../../contacts/contact';
import type { HashMode } from '../../../contacts/hash';
import { type Message, sentence } from '../../../message';
import type { Ref, Refs } from '../../../sources/source';
import { DataTable, type RunWorkflow, type TableMemory } from '../../../store/dataTable';
import type { Rules } from '../../../store/due';
import {
	type Round,
	type RoundUsers,
	sendList,
	sendWaiting,
	type UploadRound,
} from '../../../store/rounds';
import { audienceKey, type State, Store } from '../../../store/store';
import type { Table } from '../../../store/table';
import { TableError, toTableError, tableErrorOrThrow } from '../../../store/tableError';
import { ApiError } from '../../../transport/apiError';
import type { Audience } from '../../../upload/audience';
import type { Range } from '../../../upload/batches';
import { hundredRuleWarning } from '../../../upload/hundredRule';
import { Ledger, type Outcome } from '../../../upload/ledger';
import type { SubmissionPlan } from '../../../upload/upload';
import type { Ready, Submission } from '../addUsers/plan';
import { collectingReport, laterWarnings, tableLeftOut, WAITS_AGAIN } from './messages';
import { type Delivering, type Sender, submitInTurn } from './send';

/** Where a round's answers are written down. */
export interface RoundAccount {
	ledger: Ledger;
	/** Of the users that the run accounts for itself: the first ones. */
	refs: Refs;
	plan: SubmissionPlan;
}

/** Sends the rounds of a run; `ended` tells why one could not go to its end. */
export interface RoundSender {
	upload: UploadRound;
	ended: { stop?: Message; error?: unknown };
}

/** @param accountFor called once for each round, before it is sent */
export function roundSender(
	run: Delivering,
	sender: Sender,
	accountFor: (round: RoundUsers) => RoundAccount,
): RoundSender {
	const ended: RoundSender['ended'] = {};
	return {
		ended,
		async upload(round) {
			const account = accountFor(round);
			try {
				ended.stop = await submitInTurn(run, sender, { ...account, users: round.users });
			} catch (error) {
				// What was accepted until then is to be written down first.
				ended.error = error;
			}
			return acceptedIn(account.ledger);
		},
	};
}

/** A round that has only contacts of other runs. */
export interface Later {
	ledger: Ledger;
	/** What was to be told before it was sent. */
	warnings: Message[];
}

/** Opens the account of a round that has only contacts of other runs. */
export function laterAccount(
	later: Later[],
	plan: SubmissionPlan,
	warning?: Message,
): RoundAccount {
	const ledger = new Ledger();
	later.push({ ledger, warnings: warning ? [warning] : [] });
	return { ledger, refs: [], plan };
}

/** The plan of a submission of its own. */
export function planOf(
	{ batchSize, estimatedTotal }: { batchSize: number; estimatedTotal: number },
	{ users }: RoundUsers,
): SubmissionPlan {
	return { batchSize, closes: true, total: estimatedTotal || users.length };
}

function acceptedIn({ delivery }: Ledger): Range[] {
	return delivery.batches.filter(({ error }) => !error).map(({ start, end }) => ({ start, end }));
}

type Few = Submission & { ready: Ready };

const COLLECTED: Outcome = { status: 'collected' };
const DUPLICATE: Outcome = { status: 'duplicate' };

/**
 * Stores a run's few users, and sends what waits if it is time.
 * @returns why the users could not be stored, or why no call could be made
 * @throws the cancel signal's reason
 */
export async function collectFew(
	run: Delivering,
	submission: Few,
	{ store, sender }: { store: Store; sender: Sender },
): Promise<Message | undefined> {
	const { ready, warnings } = submission;
	let state: State;
	let own: Map<string, Ref>;
	try {
		const added = await store.add(ready.users.slice(0, ready.users.length));
		state = added.state;
		own = account(submission, added.isNew);
	} catch (error) {
		return notStored(submission, toTableError(error));
	}
	const rounds = sendRounds(run, submission, { sender, own });
	try {
		const sent = await sendWaiting(store, state, {
			...settingsOf(run, ready),
			upload: rounds.upload,
			isFirst: (user) => own.has(keyOf(user)),
			force: false,
		});
		tellOf(submission, sent.rounds, rounds.later);
		submission.collecting = collectingReport(run, { ...sent, rules: ready.options }, rounds.own());
	} catch (error) {
		// They are stored; only sending has to wait.
		warnings.push(toTableError(error));
		submission.collecting = collectingReport(run, { rounds: [], state, rules: ready.options });
	}
	if (rounds.ended.error) throw rounds.ended.error;
	return rounds.ended.stop;
}

/** @returns the users that were stored, to be found again among those of the table */
function account({ ledger, ready }: Few, isNew: boolean[]): Map<string, Ref> {
	const stored = new Map<string, Ref>();
	ready.users.slice(0, ready.users.length).forEach((user, index) => {
		const ref = ready.refs.at(index) as Ref;
		ledger.record(ref, isNew[index] ? COLLECTED : DUPLICATE);
		if (isNew[index] && !stored.has(keyOf(user))) stored.set(keyOf(user), ref);
	});
	return stored;
}

// Where there is no way to a table at all, they are held as with 'Hold'; any other trouble has a cause to be mended.
function notStored({ ledger, warnings }: Few, trouble: TableError): Message | undefined {
	if (trouble.code !== 'data_tables_unreachable') return trouble;
	warnings.push(trouble);
	ledger.settle({ status: 'held', reason: 'under_minimum' });
	return undefined;
}

function keyOf({ Email, Phone }: User): string {
	return JSON.stringify([Email, Phone]);
}

/** What holds for all rounds of a run. */
export function settingsOf(
	{ clock }: Pick<Delivering, 'clock'>,
	{ options }: { options: Rules & { keepDays: number } },
) {
	return { rules: options, keepDays: options.keepDays, now: () => clock.now() };
}

// The first round goes into the run's own account; a later one has only contacts of other runs.
function sendRounds(
	run: Delivering,
	submission: Few,
	{ sender, own }: { sender: Sender; own: Map<string, Ref> },
): RoundSender & { own(): number; later: Later[] } {
	const { ledger, warnings, ready } = submission;
	const { options } = ready;
	let refs: Ref[] | undefined;
	const later: Later[] = [];
	const rounds = roundSender(run, sender, (round) => {
		const plan = planOf(options, round);
		const rule = hundredRuleWarning(round.users.length, options.minimumUsers);
		if (refs) return laterAccount(later, plan, rule);
		if (rule) warnings.push(rule);
		refs = firstRefs(round.users.slice(0, own.size), own);
		submission.ready = { ...ready, users: round.users, refs, plan };
		return { ledger, refs, plan };
	});
	return { ...rounds, own: () => refs?.length ?? 0, later };
}

function firstRefs(users: User[], own: Map<string, Ref>): Ref[] {
	const refs: Ref[] = [];
	for (const user of users) {
		const ref = own.get(keyOf(user));
		if (ref === undefined) break;
		refs.push(ref);
	}
	return refs;
}

function tellOf({ ledger, warnings }: Few, rounds: Round[], later: Later[]): void {
	warnings.push(...laterWarnings(rounds, later));
	const isAnyRefused = ledger.delivery.batches.some(({ error }) => error);
	if (isAnyRefused) {
		ledger.resettle(COLLECTED);
		warnings.push(WAITS_AGAIN);
	}
}

/** Milliseconds between two looks whether the audience is free. */
const LOOK_EVERY = 2000;
/** Milliseconds; a lease ends by itself after 15 minutes. */
const RENEW_EVERY = 60_000;

/**
 * Waits until this run alone may send to the audience, over all workers.
 * @throws TableError; the cancel signal's reason
 */
export async function acquire(store: Store, clock: Clock, signal?: AbortSignal): Promise<State> {
	for (;;) {
		const state = await store.read();
		if (!state.busy && (await store.take(state))) return state;
		await wait(LOOK_EVERY, clock, signal);
	}
}

/**
 * A guard to be asked before each try of a call, which renews the lease, and says why there must be no more of them once
 * another run has taken it over. To be made before the lease is taken: a submission may have waited for its turn since then.
 */
export function renewing(store: Store, clock: Clock): () => Promise<ApiError | undefined> {
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

const LEASE_LOST = new ApiError({
	kind: 'rejected',
	code: 'another_sender',
	what: 'Another run has taken over this audience, since this one took too long',
	fix: 'Run again later',
	requestId: '',
	answerLost: false,
});

/**
 * Sends a submission while no other worker feeds its audience; without that guard where the table can't be reached.
 * @returns why no call could be made
 * @throws the cancel signal's reason
 */
export async function alone(
	run: Delivering,
	{ ready, ledger, warnings }: Submission & { ready: Ready },
	{ store, sender }: { store: Store; sender: Sender },
): Promise<Message | undefined> {
	const { context, clock } = run;
	const { users, refs, plan } = ready;
	const outgoing = { users, refs, plan, ledger };
	const held = await acquire(store, clock, context.getExecutionCancelSignal()).catch(
		tableErrorOrThrow,
	);
	if (held instanceof TableError) {
		warnings.push(notAlone(held));
		return await submitInTurn(run, { ...sender, barred: undefined }, outgoing);
	}
	try {
		return await submitInTurn(run, sender, outgoing);
	} finally {
		// A lease that can't be given back ends by itself.
		await store.release().catch(() => undefined);
	}
}

function notAlone(trouble: TableError): Message {
	return {
		code: trouble.code,
		what: "'One Sender Across Workers' had no effect, so a run on another worker may have mixed its batches with these",
		fix: sentence(trouble),
	};
}

/** The Data Table of that name, reached by sub-workflows that the node hands to n8n. */
export function openTable(context: IExecuteFunctions, name: string): Table {
	return new DataTable(name, runInline(context), memoryOf(context));
}

/** What a table holds for an audience, as this run sees it. */
export function openStore(
	run: { context: IExecuteFunctions; clock: Clock },
	table: Table,
	audience: Audience,
	{ collectUntil, hash }: { collectUntil: number; hash: HashMode },
): Store {
	const { context, clock } = run;
	const owner = `${context.getExecutionId()} ${clock.nonce()}`;
	const settings = { audience: audienceKey(audience), owner, enough: collectUntil, hash };
	return new Store(table, { ...settings, now: () => clock.now() });
}

// The sub-workflow belongs to the workflow that the node is in, and so to its project and its tables.
function runInline(context: IExecuteFunctions): RunWorkflow {
	return async (workflow, items) => {
		const parentExecution = {
			executionId: context.getExecutionId(),
			workflowId: context.getWorkflow().id as string,
		};
		const { data } = await context.executeWorkflow(
			{ code: workflow as unknown as IWorkflowBase },
			items.map((json) => ({ json: json as IDataObject })),
			undefined,
			{ parentExecution },
		);
		return (data[0] ?? []).map(({ json }) => json);
	};
}

const MEMORY = 'collectTables';

// n8n keeps it with the workflow: tables by name, nothing of what is in them.
function memoryOf(context: IExecuteFunctions): TableMemory {
	const data = context.getWorkflowStaticData('global');
	const known = (): IDataObject => (data[MEMORY] ?? {}) as IDataObject;
	return {
		idOf: (name) => {
			const id = known()[name];
			return typeof id === 'string' ? id : undefined;
		},
		remember: (name, id) => {
			if (known()[name] !== id) data[MEMORY] = { ...known(), [name]: id };
		},
	};
}

type List = Submission & { ready: Ready };

/**
 * Sends a list with what waits for its audience; without it where the table can't be reached.
 * @returns why no call could be made
 * @throws the cancel signal's reason
 */
export async function sendWithWaiting(
	run: Delivering,
	submission: List,
	{ store, sender }: { store: Store; sender: Sender },
): Promise<Message | undefined> {
	const { context, clock } = run;
	const { ledger, ready, warnings } = submission;
	const state = await acquire(store, clock, context.getExecutionCancelSignal()).catch(
		tableErrorOrThrow,
	);
	if (state instanceof TableError)
		return await sendAlone(run, submission, { sender, trouble: state });
	const later: Later[] = [];
	const rounds = roundSender(run, sender, (round) => {
		const rule = hundredRuleWarning(round.users.length, ready.options.minimumUsers);
		const plan = planOf(ready.options, round);
		if (ledger.delivery.batches.length > 0) return laterAccount(later, plan, rule);
		if (rule) warnings.push(rule);
		submission.ready = { ...ready, users: round.users, plan };
		return { ledger, refs: ready.refs, plan };
	});
	const cancelSignal = context.getExecutionCancelSignal();
	const pause = createPause(sleep, cancelSignal);
	// Who stops a run doesn't want its list to go later on.
	const own = { users: ready.users, pause, storesFailed: () => !cancelSignal?.aborted };
	const settings = { ...settingsOf(run, ready), upload: rounds.upload, run: own };
	// The table lets down only before anything is sent: what comes after is told by the rounds.
	const sent = await sendList(store, state, settings).catch(tableErrorOrThrow);
	if (sent instanceof TableError)
		return await sendAlone(run, submission, { sender, trouble: sent });
	tellOfWaiting(submission, sent.rounds, later);
	submission.collecting = collectingReport(run, { ...sent, rules: ready.options });
	if (rounds.ended.error) throw rounds.ended.error;
	return rounds.ended.stop;
}

async function sendAlone(
	run: Delivering,
	{ ready, ledger, warnings }: List,
	{ sender, trouble }: { sender: Sender; trouble: TableError },
): Promise<Message | undefined> {
	warnings.push(tableLeftOut(trouble));
	const { users, refs, plan, options } = ready;
	const rule = hundredRuleWarning(users.length, options.minimumUsers);
	if (rule) warnings.push(rule);
	return await submitInTurn(run, { ...sender, barred: undefined }, { users, refs, plan, ledger });
}

function tellOfWaiting({ ledger, warnings }: List, rounds: Round[], later: Later[]): void {
	warnings.push(...laterWarnings(rounds, later));
	if (!rounds[0]?.storedFailed) return;
	ledger.resettle({ status: 'collected' });
	ledger.settle({ status: 'collected' });
	warnings.push(WAITS_AGAIN);
}
