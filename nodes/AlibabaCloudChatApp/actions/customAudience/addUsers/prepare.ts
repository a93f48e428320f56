import type { IExecuteFunctions } from 'n8n-workflow';
import type { RawContact } from '../../../contacts/contact';
import type { Message } from '../../../message';
import type { Pause } from '../../../pause';
import { itemSource } from '../../../sources/items';
import { decide, sizeOf, type Decision, type Facts } from '../../../submission/decide';
import { describePlan } from '../../../submission/dryRun';
import { Ledger } from '../../../submission/ledger';
import { survey, type Surveyed } from '../../../submission/survey';
import type { OnError } from '../../output';
import type { ItemsOfAudience } from '../audienceIds';
import { expressionNotEvaluated, notReadable, planWarnings } from './messages';
import { UnusableValue } from './optionKinds';
import { readCloses, readOptions, type AddUsersOptions } from './readOptions';
import type { Submission } from './submission';
import { stopOf, wouldNotSend } from './stops';

export interface Preparing {
	context: IExecuteFunctions;
	onError: OnError;
	pause: Pause;
	contactOf: (item: number) => RawContact;
}

/**
 * Everything about one submission that can be known before it is sent: its contacts, its plan, and whether it goes.
 * With 'On Error' Stop, a field's expression that can't be evaluated ends the run; otherwise it costs its contact.
 * @throws the cancel signal's reason
 */
export async function prepare(run: Preparing, group: ItemsOfAudience): Promise<Submission> {
	const { context } = run;
	const first = group.items[0] as number;
	if (group.unusable) return notPossible(group, { ...group.unusable, item: first });
	const submission = newSubmission(group);
	const { ledger, warnings, items } = submission;
	try {
		const options = readOptions(context, first);
		const source = itemSource(items, run.contactOf, run.onError !== 'stop');
		const settings = { ...options, pause: run.pause };
		const surveyed = await survey(source, settings, { ledger, users: [] });
		const { refused } = ledger.counts();
		const closes = readCloses(context, options.lastBatch, items.at(-1) as number);
		const facts = { users: surveyed.users.length, refused, closes };
		carryOut(decide(facts, options), submission, { options, facts, surveyed });
		if (source.unreadable.length > 0) warnings.push(notReadable(source.unreadable));
		return submission;
	} catch (error) {
		context.getExecutionCancelSignal()?.throwIfAborted();
		return notPossible(group, { ...unusable(error), item: itemIn(error) ?? first });
	}
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
			return;
		case 'preview': {
			const size = sizeOf(facts, options) || facts.users;
			submission.preview = describePlan(decision.plan, surveyed.users, size);
			if (decision.why) warnings.push(wouldNotSend(decision.why));
			return ledger.settle({ status: 'held', reason: 'dry_run' });
		}
		case 'hold':
			warnings.push(stopOf(decision.why, submission));
			return ledger.settle({ status: 'held', reason: decision.reason });
		case 'stop':
			submission.stop = stopOf(decision.why, submission);
			warnings.push(submission.stop);
			return ledger.settle({ status: 'held', reason: 'stopped' });
	}
}

/** A submission of which nothing can be sent, with the reason. */
function notPossible(group: ItemsOfAudience, stop: Message & { item: number }): Submission {
	const submission = newSubmission(group);
	submission.ledger.receive(group.items.length);
	submission.ledger.settle({ status: 'failed', why: stop });
	return { ...submission, stop, warnings: [stop] };
}

function newSubmission({ audience, name, items }: ItemsOfAudience): Submission {
	return { audience, audienceName: name, items, ledger: new Ledger(), warnings: [] };
}

/** An option out of its range, or an expression that can't be evaluated; the latter's message may quote the contact. */
function unusable(error: unknown): Message {
	return error instanceof UnusableValue ? error.told : expressionNotEvaluated(error as Error);
}

function itemIn(error: unknown): number | undefined {
	const { itemIndex } = (error as { context?: { itemIndex?: unknown } }).context ?? {};
	return typeof itemIndex === 'number' ? itemIndex : undefined;
}
