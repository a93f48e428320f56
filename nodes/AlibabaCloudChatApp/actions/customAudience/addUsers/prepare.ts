import type { IExecuteFunctions } from 'n8n-workflow';
import { UnusableValue } from '../../../../../credentials/unusableValue';
import type { Message } from '../../../message';
import type { Pause } from '../../../pause';
import { FileFault } from '../../../sources/file/fault';
import { decide, type Decision, type Facts } from '../../../submission/decide';
import { Ledger } from '../../../submission/ledger';
import { survey, type Surveyed } from '../../../submission/survey';
import type { ItemsOfAudience } from '../audienceIds';
import { fieldWarnings, noFieldFound, nothingThere } from './fieldWarnings';
import { isMappedByHand } from './mapping';
import { expressionNotEvaluated, planWarnings, wouldCollect } from './messages';
import type { OpenSource } from './openSource';
import { previewOf } from './preview';
import { readCloses, readOptions, type AddUsersOptions } from './readOptions';
import type { Stop, Submission } from './submission';
import { stopOf, wouldNotSend } from './stops';

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
	if (error instanceof FileFault) return { code: error.code, what: error.what, fix: error.fix };
	return expressionNotEvaluated(error as Error);
}

function itemIn(error: unknown): number | undefined {
	const { itemIndex } = (error as { context?: { itemIndex?: unknown } }).context ?? {};
	return typeof itemIndex === 'number' ? itemIndex : undefined;
}
