import { type IExecuteFunctions, type INodeProperties, sleep } from 'n8n-workflow';
import { UnusableValue } from '../../../../credentials/credential';
import { type Clock, createPause } from '../../async';
import { type Message, sentence } from '../../message';
import { type Round, sendWaiting } from '../../store/rounds';
import { type State, waitingAudiences } from '../../store/store';
import type { Table } from '../../store/table';
import { TableError } from '../../store/tableError';
import { withCode } from '../../transport/apiError';
import type { Audience } from '../../upload/audience';
import { hundredRuleWarning } from '../../upload/hundredRule';
import { Ledger, type Outcome } from '../../upload/ledger';
import { isAnyAccepted } from '../../upload/upload';
import { audienceFields } from '../fields';
import { canceled } from '../nodeErrors';
import { boolean, choice, optionsField, readOptionsOf } from '../optionKinds';
import {
	type ErrorRow,
	type OnError,
	onErrorOf,
	type OperationResult,
	type OutputRow,
} from '../output';
import { groupByAudience, type ItemsOfAudience } from '../parameters';
import { ADVANCED, COLLECTIONS, OPTIONS, SMALL_UPLOADS } from './addUsers/options';
import type { Submission } from './addUsers/plan';
import { nextOf, summaryRow, WHEN_MATCHED } from './addUsers/present';
import type { RunState } from './sending/batchSender';
import { openStore, openTable, planOf, renewing, roundSender, settingsOf } from './sending/collect';
import { cannotGoOn } from './sending/endings';
import {
	collectingReport,
	expressionNotEvaluated,
	roundWarnings,
	tableTroubleLater,
	unexpected,
	usersInQuery,
	WAITS_AGAIN,
} from './sending/messages';
import type { Delivering, Found } from './sending/send';

const audiences = choice({
	displayName: 'Audiences',
	default: 'one',
	choices: {
		one: ['One Audience', 'The audience chosen below'],
		all: ['All Audiences of the Table', 'Every audience with waiting contacts'],
	},
	description: 'Audiences whose collected contacts are sent',
});

const { underMinimum: _never, minimumUsers, ...SMALL } = SMALL_UPLOADS;
const { batchSize, maxTries, timeout } = ADVANCED;

/** The options of each collection of the panel. */
const GROUPS = {
	options: {
		force: boolean({
			displayName: 'Force',
			default: true,
			absent: false,
			description:
				'Whether to send all waiting contacts now, even if they are not due. Meta discards an upload with fewer than 100 matches.',
		}),
		hash: OPTIONS.hash,
	},
	smallUploads: {
		...SMALL,
		minimumUsers: {
			...minimumUsers,
			property: {
				...minimumUsers.property,
				description: 'Smallest upload without a warning; 0 turns the warning off',
			},
		},
	},
	advanced: { batchSize, maxTries, timeout },
};

export type SendOptions = ReturnType<typeof readSendOptions>;

export const fields: INodeProperties[] = [
	{ ...audiences.property, name: 'audiences' },
	...audienceFields.map((field) => ({
		...field,
		displayOptions: { show: { audiences: ['one'] } },
	})),
	optionsField(COLLECTIONS.options, GROUPS.options),
	optionsField(COLLECTIONS.smallUploads, GROUPS.smallUploads),
	optionsField(COLLECTIONS.advanced, GROUPS.advanced),
];

/** @throws UnusableValue that names the option */
export function readSendOptions(context: IExecuteFunctions) {
	return {
		...readOptionsOf(context, { name: 'options', options: GROUPS.options }, 0),
		...readOptionsOf(context, { name: 'smallUploads', options: GROUPS.smallUploads }, 0),
		...readOptionsOf(context, { name: 'advanced', options: GROUPS.advanced }, 0),
	};
}

/** @throws UnusableValue when it is neither */
export function readAudiences(context: IExecuteFunctions): 'one' | 'all' {
	return audiences.read(context.getNodeParameter('audiences', 0, 'one'));
}

const COLLECTED: Outcome = { status: 'collected' };

export interface SentAudience {
	/** One for each submission; one that tells what waits when there was none. */
	submissions: Submission[];
	/** Why no call could be made. */
	stop?: Message;
}

/**
 * Sends what waits for an audience, if it is time.
 * @throws TableError; the cancel signal's reason
 */
export async function sendAudience(
	run: Delivering,
	of: { table: Table; audience: Audience; options: SendOptions; items: number[] },
	runState: RunState,
): Promise<SentAudience> {
	const { audience, options, items } = of;
	const submissions: Submission[] = [];
	const store = openStore(run, of.table, audience, options);
	const found: Found = {};
	const sender = { audience, options, found, state: runState, barred: renewing(store, run.clock) };
	const rounds = roundSender(run, sender, (round) => {
		const ledger = new Ledger();
		ledger.receive(round.fromTable);
		const rule = hundredRuleWarning(round.users.length, options.minimumUsers);
		submissions.push({ audience, items, ledger, found, warnings: rule ? [rule] : [] });
		const refs = Array.from({ length: round.fromTable }, (_, ref) => ref);
		return { ledger, refs, plan: planOf({ ...options, estimatedTotal: 0 }, round) };
	});
	const settings = { ...settingsOf(run, { options }), upload: rounds.upload };
	const sent = await sendWaiting(store, await store.read(), { ...settings, force: options.force });
	if (rounds.ended.error) throw rounds.ended.error;
	if (submissions.length === 0) submissions.push(nothingSent(of, sent.state));
	const delivered = sent.rounds.filter(({ users }) => users.users.length > 0);
	submissions.forEach((submission, index) => {
		tellOf(submission, delivered[index]);
		if (found.usersSentIn === 'query' && submission.ledger.delivery.batches.length > 0) {
			submission.warnings.push(usersInQuery(submission.ledger.delivery, options.batchSize));
		}
		const told = { rounds: delivered.slice(index, index + 1), state: sent.state, rules: options };
		submission.collecting = collectingReport(run, told);
	});
	const { stop } = rounds.ended;
	if (stop) submissions.at(-1)?.warnings.push(stop);
	return { submissions, ...(stop && { stop }) };
}

function nothingSent(
	of: { audience: Audience; items: number[]; options: SendOptions },
	state: State,
): Submission {
	const ledger = new Ledger();
	ledger.receive(state.waiting);
	ledger.settle(COLLECTED);
	const warnings = of.options.force && state.busy ? [NOT_FORCED] : [];
	return { audience: of.audience, items: of.items, ledger, found: {}, warnings };
}

const NOT_FORCED: Message = {
	code: 'another_sender',
	what: "Another run is sending to this audience, so 'Force' had no effect",
	fix: 'Run again when that run has ended; if n8n was ended under it, in 15 minutes',
};

function tellOf(submission: Submission, round?: Round): void {
	const { ledger } = submission;
	const warnings = roundWarnings(submission);
	submission.warnings = warnings;
	if (round?.tableError) warnings.push(tableTroubleLater(round.tableError));
	if (ledger.delivery.batches.some(({ error }) => error)) warnings.push(WAITS_AGAIN);
	ledger.resettle(COLLECTED);
	ledger.settle(COLLECTED);
}

/** Without it a run that puts out nothing looks as if it had gone wrong. */
const NOBODY_WAITS = 'Nothing was sent: no contacts wait in the Data Table';

/** What became of one audience. */
export interface Part {
	/** The input items that asked for it. */
	items: number[];
	submissions?: Submission[];
	/** Why it did not go as it was to. */
	failure?: Message;
}

/**
 * The output of 'Send Collected Users': a row for each submission, and for an audience of which nothing went, one that
 * tells what waits.
 * @throws NodeOperationError with 'Stop Workflow', when something did not go
 */
export function present(
	{ context, onError }: { context: IExecuteFunctions; onError: OnError },
	parts: Part[],
): OperationResult {
	const submissions = parts.flatMap((part) => part.submissions ?? []);
	const sent = submissions.some(({ ledger }) => isAnyAccepted(ledger.delivery));
	for (const { items, failure } of parts) {
		if (failure && onError === 'stop') throw cannotGoOn(context, { ...failure, item: items[0] });
	}
	const error = submissions.flatMap(({ ledger }) => errorsIn(ledger.delivery))[0];
	if (error && onError === 'stop') throw cannotGoOn(context, error);
	showHints(context, submissions);
	if (sent) inform(context, WHEN_MATCHED);
	if (parts.length === 0) inform(context, NOBODY_WAITS);

	const rows: OutputRow[] = submissions.map(summaryRow);
	const errors: ErrorRow[] = [];
	for (const { items, failure, submissions: told } of parts) {
		if (!failure || told) continue;
		const error = sentence(failure);
		for (const from of items) {
			if (onError === 'errorOutput') errors.push({ error, details: { code: failure.code }, from });
			else rows.push({ json: { error }, from });
		}
	}
	return { rows, errors, sent };
}

function errorsIn({ batches }: Submission['ledger']['delivery']): Message[] {
	return batches.flatMap(({ error }, index) => {
		if (!error) return [];
		const what = `Batch ${index + 1} was not accepted: ${withCode(error)}`;
		return [{ code: error.code, what, fix: `${error.fix}. ${sentence(WAITS_AGAIN)}` }];
	});
}

function showHints(context: IExecuteFunctions, submissions: Submission[]): void {
	const warnings = submissions.flatMap((submission) => submission.warnings.map(sentence));
	for (const message of new Set(warnings)) {
		context.addExecutionHints({ message, type: 'warning', location: 'outputPane' });
	}
	for (const message of new Set(submissions.flatMap(nextOf))) inform(context, message);
}

function inform(context: IExecuteFunctions, message: string): void {
	context.addExecutionHints({ message, type: 'info', location: 'outputPane' });
}

interface Work {
	options: SendOptions;
	table: Table;
	groups: ItemsOfAudience[];
}

/** Sends the users that 'Add Users' has collected, each audience's as one submission, if it is time. */
export async function execute(context: IExecuteFunctions, clock: Clock): Promise<OperationResult> {
	const run = { context, clock, onError: onErrorOf(context) };
	const work = await prepare(context);
	const items = context.getInputData().map((_, item) => item);
	if ('what' in work) return present(run, [{ items, failure: work }]);
	const parts: Part[] = [];
	const state: RunState = {};
	for (const group of work.groups) {
		const part = await sendGroup(run, { ...work, group }, state);
		parts.push(part);
		if (part.failure && run.onError === 'stop') break;
	}
	// Nobody waits in a table that was just made.
	const { notice } = work.table;
	return present(run, notice ? [{ items, failure: notice }] : parts);
}

async function prepare(context: IExecuteFunctions): Promise<Work | Message> {
	try {
		const options = readSendOptions(context);
		const table = openTable(context, options.collectTable);
		if (readAudiences(context) === 'one') {
			const pause = createPause(sleep, context.getExecutionCancelSignal());
			return { options, table, groups: await groupByAudience(context, pause) };
		}
		const items = context.getInputData().map((_, item) => item);
		const audiences = await waitingAudiences(table);
		return { options, table, groups: audiences.map((audience) => ({ audience, items })) };
	} catch (error) {
		return whyOf(error, expressionNotEvaluated);
	}
}

async function sendGroup(
	run: Delivering,
	{ options, table, group }: Work & { group: ItemsOfAudience },
	state: RunState,
): Promise<Part> {
	const { audience, items, unusable } = group;
	if (unusable) return { items, failure: unusable };
	try {
		const { submissions, stop } = await sendAudience(
			run,
			{ table, audience, options, items },
			state,
		);
		return { items, submissions, failure: stop };
	} catch (error) {
		if (run.context.getExecutionCancelSignal()?.aborted) throw canceled(run.context);
		return { items, failure: whyOf(error, unexpected) };
	}
}

function whyOf(error: unknown, otherwise: (error: Error) => Message): Message {
	if (error instanceof UnusableValue) return error.told;
	return error instanceof TableError ? error : otherwise(error as Error);
}
