import type { IExecuteFunctions } from 'n8n-workflow';
import { UnusableValue } from '../../../../../credentials/credential';
import type { Pause } from '../../../async';
import type { FieldPaths } from '../../../contacts/contact';
import { REASONS } from '../../../contacts/reasons';
import { type Message, sentence } from '../../../message';
import { FileError } from '../../../sources/file/fileError';
import type { FileSource } from '../../../sources/file/fileSource';
import type { Ref } from '../../../sources/source';
import { originWith } from '../../../transport/connection';
import { UsersRoad } from '../../../transport/usersPlacement';
import type { Audience } from '../../../upload/audience';
import { decide, type Decision, type Facts, sizeOf, type Why } from '../../../upload/decide';
import { hundredRuleWarning } from '../../../upload/hundredRule';
import { Ledger } from '../../../upload/ledger';
import type { UserList } from '../../../upload/packedUsers';
import { type Collecting, describePlan, type DryRunPlan } from '../../../upload/summary';
import { survey, type Surveyed } from '../../../upload/survey';
import type { SubmissionPlan } from '../../../upload/upload';
import type { ItemsOfAudience } from '../../parameters';
import { roomFor } from '../sending/batchSender';
import {
	expressionNotEvaluated,
	fieldWarnings,
	noFieldFound,
	nothingThere,
	planWarnings,
	wouldCollect,
} from '../sending/messages';
import type { Found } from '../sending/send';
import { isMappedByHand, type OpenSource } from './contacts';
import { type AddUsersOptions, readCloses, readOptions } from './options';

/** Why a run can't go on, with the input item that shows it. */
export interface Stop extends Message {
	item?: number;
}

/** What is ready to be sent. */
export interface Ready extends Surveyed {
	plan: SubmissionPlan;
	options: AddUsersOptions;
	/** What waits for the audience goes along with a list; too few are stored first. Absent: without the table. */
	collect?: 'list' | 'few';
}

/** One audience's contacts on their way through a run. */
export interface Submission {
	audience: Audience;
	/** Absent where nobody told it. */
	audienceName?: string;
	/** The input items that its contacts come from: the contact `ref` is that of `items[ref]`, or all are the file's. */
	items: number[];
	/** Present when its contacts are the rows of a file. */
	file?: FileSource;
	ledger: Ledger;
	warnings: Message[];
	/** Where contacts had their fields; absent when none was looked at. */
	fields?: FieldPaths;
	/** What became known while it was sent. */
	found: Found;
	/** Absent when nothing is to be sent. */
	ready?: Ready;
	/** Present when the run can't go on as the person wants it to. */
	stop?: Stop;
	/** Only in a dry run. */
	preview?: DryRunPlan;
	/** Only when it had to do with the table. */
	collecting?: Collecting;
}

/** The input item that a contact came with. */
export function itemOf({ items, file }: Submission, ref: Ref): number | undefined {
	return file ? items[0] : items[ref];
}

/** Where a contact stands, as a message names it. */
export function placeOf({ items, file }: Submission, ref: Ref): string {
	return file ? `Row ${file.rowOf(ref)}` : `Item ${items[ref]}`;
}

const FIRST_REFUSED = 5;

/** Why nothing of a submission is sent. */
export function stopOf(why: Why, submission: Submission): Stop {
	switch (why.code) {
		case 'invalid_users':
			return invalidUsers(why.refused, submission);
		case 'under_minimum':
			return underMinimum(why, submission);
		case 'nobody_to_send':
			return {
				code: why.code,
				what: 'Nothing was sent: none of the contacts can be sent',
				fix: "The reasons are counted under 'refusals'; choose Users in the option 'Output' to see each contact's",
			};
	}
}

/** What every dry run says. */
export const DRY_RUN: Message = {
	code: 'dry_run',
	what: 'Dry run: nothing was sent',
	fix: "To send, take 'Dry Run' out of the options",
};

/** What a dry run says of a submission that a real run would not send. */
export function wouldNotSend(why: Why): Message {
	return { code: why.code, what: `A real run would send nothing: ${clauseOf(why)}`, fix: '' };
}

function invalidUsers(refused: number, submission: Submission): Stop {
	const first = submission.ledger.firstRefused(FIRST_REFUSED);
	const named = first.map(({ ref, reason }) => `${placeOf(submission, ref)}: ${REASONS[reason]}`);
	const more = refused - named.length;
	return {
		code: 'invalid_users',
		what: `Nothing was sent: ${clauseOf({ code: 'invalid_users', refused })}`,
		fix: [...named, ...(more > 0 ? [`And ${more} more.`] : [])].join(' '),
		item: itemOf(submission, first[0]?.ref ?? 0),
	};
}

function underMinimum(why: Extract<Why, { code: 'under_minimum' }>, { items }: Submission): Stop {
	const rule = hundredRuleWarning(why.size, why.minimum);
	return {
		code: why.code,
		what: `Nothing was sent: ${clauseOf(why)}`,
		fix: rule ? sentence(rule) : '',
		item: items[0],
	};
}

function clauseOf(why: Why): string {
	switch (why.code) {
		case 'invalid_users':
			return `${why.refused} of the contacts can't be sent`;
		case 'under_minimum': {
			const users = why.size === 1 ? '1 user is' : `${why.size} users are`;
			return `${users} fewer than 'Minimum Users' (${why.minimum})`;
		}
		case 'nobody_to_send':
			return 'none of the contacts can be sent';
	}
}

/** What a real run would send, in the calls that the endpoint's gateway takes as far as this process knows it. */
export async function previewOf(
	context: IExecuteFunctions,
	{ audience, plan, users }: { audience: Audience; plan: SubmissionPlan; users: UserList },
	{ facts, options }: { facts: Facts; options: AddUsersOptions },
): Promise<DryRunPlan> {
	// A dry run plans without a credential, too.
	const origin = await originWith(context).catch(() => '');
	const road = new UsersRoad(origin, options.sendUsersIn);
	const maxBytes = roomFor(road, audience, plan.total);
	return describePlan({ ...plan, maxBytes }, users, sizeOf(facts, options) || facts.users);
}

export interface Preparing {
	context: IExecuteFunctions;
	pause: Pause;
	/** Whether a contact is a row of an input item's file, and not the item itself. */
	inFiles: boolean;
	open: OpenSource;
}

/**
 * Everything about one submission that can be known before it is sent: its contacts, its plan, and whether it goes.
 * With 'On Error' Stop, a field's expression that can't be evaluated ends the run; otherwise it costs its contact.
 * @throws the cancel signal's reason
 */
export async function prepare(run: Preparing, group: ItemsOfAudience): Promise<Submission> {
	const { context } = run;
	const first = group.items[0] as number;
	const submission = newSubmission(group);
	if (group.unusable) return notPossible(run, submission, { ...group.unusable, item: first });
	const { ledger, warnings, items } = submission;
	try {
		const options = readOptions(context, first);
		const { source, users, removeDuplicates, warnings: seen } = run.open(submission, options);
		const settings = { ...options, removeDuplicates, pause: run.pause };
		const surveyed = await survey(source, settings, { ledger, users });
		const { refused } = ledger.counts();
		const closes = readCloses(context, options.lastBatch, items.at(-1) as number);
		const facts = { users: surveyed.users.length, refused, closes };
		const decision = decide(facts, options);
		carryOut(decision, submission, { options, facts, surveyed });
		if (decision.kind === 'preview') {
			const going = { audience: group.audience, plan: decision.plan, users: surveyed.users };
			submission.preview = await previewOf(context, going, { facts, options });
		}
		if (!run.inFiles && seen().length === 0) warnings.unshift(...notFound(context, ledger, first));
		warnings.push(...fieldWarnings(surveyed.seen), ...seen());
		submission.fields = surveyed.seen.commonest();
		return submission;
	} catch (error) {
		context.getExecutionCancelSignal()?.throwIfAborted();
		return notPossible(run, submission, { ...messageOf(error), item: itemIn(error) ?? first });
	}
}

/** What helps where no contact has anything in its fields. */
function notFound(context: IExecuteFunctions, ledger: Ledger, first: number): Message[] {
	const { received } = ledger.counts();
	if (ledger.refusals().no_email_or_phone !== received) return [];
	const json = context.getInputData()[first]?.json ?? {};
	return isMappedByHand(context) ? [nothingThere(json)] : noFieldFound(json);
}

interface Known {
	options: AddUsersOptions;
	facts: Facts;
	surveyed: Surveyed;
}

/** Does what was decided, but for sending. */
function carryOut(decision: Decision, submission: Submission, known: Known): void {
	const { ledger, warnings } = submission;
	const { options, facts, surveyed } = known;
	warnings.push(...planWarnings(decision, facts, options));
	switch (decision.kind) {
		case 'send':
			submission.ready = { ...surveyed, plan: decision.plan, options };
			if (decision.collects) submission.ready.collect = 'list';
			return;
		case 'collect':
			submission.ready = { ...surveyed, plan: decision.plan, options, collect: 'few' };
			if (facts.users === 0) warnings.push(stopOf({ code: 'nobody_to_send' }, submission));
			return;
		case 'preview':
			if (decision.why) warnings.push(wouldNotSend(decision.why));
			if (decision.collects) warnings.push(wouldCollect(facts.users, options));
			return ledger.settle({ status: 'held', reason: 'dry_run' });
		case 'hold':
			warnings.push(stopOf(decision.why, submission));
			return ledger.settle({ status: 'held', reason: decision.reason });
		case 'stop':
			submission.stop = stopOf(decision.why, submission);
			warnings.push(submission.stop);
			return ledger.settle({ status: 'held', reason: 'stopped' });
	}
}

/** A submission of which nothing can be sent, with the reason; the rows of a file that were read until then are failed. */
function notPossible(
	{ inFiles }: Preparing,
	submission: Submission,
	{ code, what, fix, item }: Stop,
): Submission {
	const stop: Stop = { code, what, fix, item };
	const ledger = inFiles ? submission.ledger : new Ledger();
	if (!inFiles) ledger.receive(submission.items.length);
	ledger.settle({ status: 'failed', why: stop });
	return { ...submission, ledger, stop, warnings: [stop] };
}

function newSubmission({ audience, name, items }: ItemsOfAudience): Submission {
	return { audience, audienceName: name, items, ledger: new Ledger(), warnings: [], found: {} };
}

/** An option out of its range, a file that can't be read, or an expression; the latter's message may quote the contact. */
function messageOf(error: unknown): Message {
	if (error instanceof UnusableValue) return error.told;
	if (error instanceof FileError) return { code: error.code, what: error.what, fix: error.fix };
	return expressionNotEvaluated(error as Error);
}

function itemIn(error: unknown): number | undefined {
	const { itemIndex } = (error as { context?: { itemIndex?: unknown } }).context ?? {};
	return typeof itemIndex === 'number' ? itemIndex : undefined;
}
