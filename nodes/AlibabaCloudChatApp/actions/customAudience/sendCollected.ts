import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { Clock } from '../../async';
import { countOfContacts, type Message, messageIn, messageText } from '../../message';
import { sendWaiting } from '../../store/rounds';
import { LEASE_MINUTES } from '../../store/sharing';
import { type TableState, waitingAudiences } from '../../store/store';
import type { Table } from '../../store/table';
import { COLLECTED, Ledger } from '../../upload/ledger';
import type { Plan, Upload } from '../../upload/plan';
import { summarize } from '../../upload/summary';
import { audienceFields } from '../fields';
import { canceled, cannotContinue, cannotRead, type Failure, unexpected } from '../nodeErrors';
import {
	boolean,
	keyByPath,
	choice,
	differenceFinder,
	optionsField,
	readOptionsOf,
} from '../optionKinds';
import { type ErrorRow, type OperationResult, type OutputRow, showHints } from '../output';
import { groupByAudience, itemsOf, type ItemsOfAudience } from '../parameters';
import { ADVANCED, OPTIONS, PANEL_COLLECTIONS, SMALL_UPLOADS } from './options';
import {
	contactsBefore,
	openAudienceTable,
	planOfRound,
	recordTable,
	RoundSender,
	roundSettings,
} from './sending/collect';
import { hintsOf } from './sending/hints';
import { DISCARDED, failedWaiting, messagesOf } from './sending/messages';
import { openTable, type Run, startRun } from './sending/run';
import type { Guard } from './sending/send';

const audiences = choice({
	displayName: 'Audiences',
	default: 'one',
	choices: {
		one: ['One Audience', 'The audience chosen below'],
		all: ['All Audiences in the Table', 'Every audience with waiting contacts'],
	},
	description: 'Audiences whose collected contacts to send',
});

const { underMinimum: _never, minimumUsers, ...SMALL } = SMALL_UPLOADS;
const { batchSize, maxTries, timeout } = ADVANCED;

/** The options of each collection of the panel. */
const SEND_OPTIONS = {
	options: {
		force: boolean({
			displayName: 'Force',
			default: true,
			absent: false,
			description: `Whether to send all waiting contacts now, even if they are not due. ${DISCARDED}.`,
		}),
		hash: OPTIONS.hash,
	},
	smallUploads: {
		...SMALL,
		minimumUsers: {
			...minimumUsers,
			property: {
				...minimumUsers.property,
				description: 'Smaller uploads always get a warning; 0 turns all such warnings off',
			},
		},
	},
	advanced: { batchSize, maxTries, timeout },
};

const SAME_FOR_ALL = {
	audiences,
	...keyByPath('options', SEND_OPTIONS.options),
	...keyByPath('smallUploads', SEND_OPTIONS.smallUploads),
	...keyByPath('advanced', SEND_OPTIONS.advanced),
};

type SendOptions = ReturnType<typeof readSendOptions>;

/** The panel's fields of 'Send Collected Users'. */
export const fields: INodeProperties[] = [
	{ ...audiences.property, name: 'audiences' },
	...audienceFields.map((field) => ({
		...field,
		displayOptions: { show: { audiences: ['one'] } },
	})),
	optionsField(PANEL_COLLECTIONS.options, SEND_OPTIONS.options),
	optionsField(PANEL_COLLECTIONS.smallUploads, SEND_OPTIONS.smallUploads),
	optionsField(PANEL_COLLECTIONS.advanced, SEND_OPTIONS.advanced),
];

/** @throws UnusableValue that names the option */
function readSendOptions(context: IExecuteFunctions) {
	return {
		...readOptionsOf(context, { name: 'options', options: SEND_OPTIONS.options }, 0),
		...readOptionsOf(context, { name: 'smallUploads', options: SEND_OPTIONS.smallUploads }, 0),
		...readOptionsOf(context, { name: 'advanced', options: SEND_OPTIONS.advanced }, 0),
	};
}

/** @throws UnusableValue when it is neither */
function readAudiences(context: IExecuteFunctions): 'one' | 'all' {
	return audiences.read(context.getNodeParameter('audiences', 0, 'one'));
}

/** Sends the contacts that 'Add Users' has collected, each audience's as one upload, if they are due. */
export async function execute(context: IExecuteFunctions, clock: Clock): Promise<OperationResult> {
	const run = startRun(context, clock);
	const work = await prepare(run);
	const items = itemsOf(context);
	if ('failure' in work) return toResult(run, [{ items, uploads: [], failure: work.failure }]);
	const parts: AudienceResult[] = [];
	for (const group of work.groups) {
		const part = await sendGroup(run, work, group);
		parts.push(part);
		if (part.failure && run.onError === 'stop') break;
	}
	return toResult(run, withNotice(work.table.message, parts, items));
}

/** Adds what happened to the table to the parts; if the table used now has no waiting contacts, only the notice is returned. */
function withNotice(
	notice: Message | undefined,
	parts: AudienceResult[],
	items: number[],
): AudienceResult[] {
	if (!notice) return parts;
	const waited = parts.flatMap(({ uploads }) => uploads).find(({ ledger }) => ledger.received > 0);
	if (!waited) return [{ items, uploads: [], failure: notice }];
	waited.ledger.facts.tableProblems.push({ kind: 'other', message: notice });
	return parts;
}

interface PreparedRun {
	options: SendOptions;
	table: Table;
	groups: ItemsOfAudience[];
}

async function prepare({ context, pause }: Run): Promise<PreparedRun | { failure: Failure }> {
	try {
		const items = itemsOf(context);
		const difference = await differenceFinder(context, SAME_FOR_ALL, pause)(items);
		if (difference) return { failure: difference };
		const options = readSendOptions(context);
		const table = openTable(context, options);
		if (readAudiences(context) === 'one') {
			return { options, table, groups: await groupByAudience(context, pause) };
		}
		const found = await waitingAudiences(table);
		return { options, table, groups: found.map((each) => ({ ...each, items })) };
	} catch (error) {
		return { failure: cannotRead(error) };
	}
}

/** The result for one audience. */
interface AudienceResult {
	/** The input items that asked for it. */
	items: number[];
	/** One for each round that was sent; if there was none, one that shows what is waiting. */
	uploads: Upload[];
	/** Why it was not sent as planned. */
	failure?: Failure;
}

async function sendGroup(
	run: Run,
	work: PreparedRun,
	group: ItemsOfAudience,
): Promise<AudienceResult> {
	const { items, failure } = group;
	if (failure) return { items, uploads: [], failure };
	try {
		const uploads = await sendAudience(run, work, group);
		return { items, uploads, failure: uploads.at(-1)?.ledger.facts.failure };
	} catch (error) {
		if (run.context.getExecutionCancelSignal()?.aborted) throw canceled(run.context);
		return { items, uploads: [], failure: messageIn(error) ?? unexpected(error) };
	}
}

/**
 * Sends the contacts waiting for an audience, if they are due.
 * @throws TableError; the cancel signal's reason
 */
async function sendAudience(
	run: Run,
	{ table, options }: PreparedRun,
	{ audience, name, items }: ItemsOfAudience,
): Promise<Upload[]> {
	const plan: Plan = {
		audience,
		audienceName: name,
		items,
		users: [],
		refs: [],
		completes: true,
		decision: { kind: 'send', withWaiting: true },
		options: { ...options, sendUsersIn: 'auto', lastBatch: 'auto', estimatedTotal: 0 },
	};
	const { store, guard } = openAudienceTable(run, table, plan);
	const sender = senderForAudience(run, plan, guard);
	const { uploads } = sender;
	const sent = await sendWaiting(store, await store.read(), {
		...roundSettings(run, plan),
		upload: sender.uploadRound,
		force: options.force,
	});
	sender.throwIfCanceled();
	const { state } = sent;
	if (uploads.length === 0) return [nothingSent(run, plan, { state, force: options.force })];
	const sentRounds = sent.rounds.filter(({ gathered }) => gathered.users.length > 0);
	uploads.forEach((upload, index) => {
		const { ledger } = upload;
		const { facts } = ledger;
		const rounds = sentRounds.slice(index, index + 1);
		for (const { tableError } of rounds) {
			if (tableError) facts.tableProblems.push({ kind: 'outdated', message: tableError });
		}
		if (ledger.isAnyRejected) facts.failedAreWaiting = true;
		ledger.recordRejected(COLLECTED);
		ledger.recordPending(COLLECTED);
		recordTable(run, upload, { rounds, state });
	});
	return uploads;
}

function senderForAudience(run: Run, plan: Plan, guard: Guard): RoundSender {
	const sender: RoundSender = new RoundSender(run, guard, (gathered) => {
		const ledger = new Ledger();
		ledger.receive(contactsBefore(gathered, gathered.waitingUserCount));
		ledger.facts.tokenTotalBefore = sender.uploads[0]?.ledger.facts.tokenTotalBefore;
		const refs = Array.from({ length: gathered.waitingUserCount }, (_, index) =>
			gathered.contactAt(index),
		);
		return { plan: planOfRound(plan, gathered, refs), ledger };
	});
	return sender;
}

function nothingSent(
	run: Run,
	plan: Plan,
	{ state, force }: { state: TableState; force: boolean },
): Upload {
	const ledger = new Ledger();
	ledger.receive(state.waiting);
	ledger.recordPending(COLLECTED);
	const { facts } = ledger;
	if (force && state.isBusy) facts.tableProblems.push({ kind: 'other', message: NOT_FORCED });
	recordTable(run, { plan, ledger }, { rounds: [], state });
	return { plan, ledger };
}

const NOT_FORCED: Message = {
	code: 'another_sender',
	what: "Another run is sending to this audience, so 'Force' had no effect",
	fix: `Run again when that run has ended, or in ${LEASE_MINUTES} minutes if n8n stopped during that run`,
};

/** Without it, a run that returns nothing looks as if it had gone wrong. */
const NO_ONE_WAITS: Message = {
	code: 'no_one_waits',
	what: 'Nothing was sent: no contacts are waiting in the Data Table',
	fix: '',
	level: 'info',
};

/**
 * The output of 'Send Collected Users': an item for each upload, and for an audience to which nothing was sent, one that
 * shows what is waiting.
 * @throws NodeOperationError with 'Stop Workflow', when something was not sent
 */
function toResult({ context, onError }: Run, parts: AudienceResult[]): OperationResult {
	const uploads = parts.flatMap((part) => part.uploads);
	if (onError === 'stop') throwFirst(context, parts);
	const isNoneWaiting = parts.every(
		({ uploads: own, failure }) => !failure && own.every(({ ledger }) => isNothingIn(ledger)),
	);
	showHints(
		context,
		hintsOf(uploads, isNoneWaiting ? [NO_ONE_WAITS] : [], {
			isManual: false,
			isListed: false,
			onError,
		}),
	);

	const rows: OutputRow[] = uploads.map((upload) => ({
		json: { ...summarize(upload.plan, upload.ledger, messagesOf(upload)) },
		from: upload.plan.items,
	}));
	const errors: ErrorRow[] = [];
	for (const { items, failure, uploads: shown } of parts) {
		const why = failure ?? rejectionIn(shown);
		// With 'Continue', the summary's warnings say what happened to an upload.
		if (!why || (shown.length > 0 && onError !== 'errorOutput')) continue;
		const error = messageText(why);
		for (const from of items) {
			if (onError === 'errorOutput') errors.push({ error, details: { code: why.code }, from });
			else rows.push({ json: { error }, from });
		}
	}
	return { rows, errors, changed: uploads.some(({ ledger }) => ledger.isAnyAccepted) };
}

/** Why the first batch was rejected, if one was. */
function rejectionIn(uploads: Upload[]): Message | undefined {
	for (const { ledger } of uploads) {
		const error = ledger.batches.find((batch) => batch.error)?.error;
		if (!error) continue;
		const { code, what, fix } = error;
		return { code, what, fix: [fix, messageText(failedWaiting(ledger))].join('. ') };
	}
	return undefined;
}

function isNothingIn({ received, facts }: Ledger): boolean {
	return received === 0 && facts.unreadableRowIds === undefined;
}

function throwFirst(context: IExecuteFunctions, parts: AudienceResult[]): void {
	const ledgers = parts.flatMap(({ uploads }) => uploads.map(({ ledger }) => ledger));
	for (const { items, failure } of parts) {
		if (!failure) continue;
		const fix = [failure.fix, ...acceptedIn(ledgers)].filter(Boolean).join('. ');
		throw cannotContinue(context, { item: items[0], ...failure, fix });
	}
	const rejection = rejectionIn(parts.flatMap(({ uploads }) => uploads));
	if (!rejection) return;
	const fix = [rejection.fix, ...acceptedIn(ledgers)].join('. ');
	throw cannotContinue(context, { ...rejection, fix });
}

/** What was sent nevertheless, so that the error doesn't look as if nothing was. */
function acceptedIn(ledgers: Ledger[]): string[] {
	const accepted = ledgers.reduce((sum, ledger) => sum + ledger.counts().submitted, 0);
	if (accepted === 0) return [];
	return [`${countOfContacts(accepted)} ${accepted === 1 ? 'was' : 'were'} sent in this run`];
}
