import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';
import { sentence } from '../../../message';
import { createPause } from '../../../pause';
import type { Clock } from '../../../transport/clock';
import { canceled } from '../../itemOutcome';
import { onErrorOf, type OnError, type OperationResult } from '../../output';
import { groupByAudience } from '../audienceIds';
import { deliverAll } from './deliver';
import { contactOfItem, mappingFields } from './mapping';
import { UnusableValue } from './optionKinds';
import { expressionNotEvaluated, unexpected } from './messages';
import { optionsField } from './options';
import { prepare, type Preparing } from './prepare';
import { isAnyAccepted, present } from './present';
import { readOutput } from './readOptions';
import { cannotGoOn } from './stopped';
import type { Ready, Submission } from './submission';

export const fields: INodeProperties[] = [...mappingFields, optionsField];

/** The API answers "OK" long before Meta has matched anybody. */
const WHEN_MATCHED =
	"Submitted is not matched yet: matches show up within a day. To check, run 'Sync' and then 'Get Many' of 'Subscription Token', or look at 'tokenTotal' in 'Get Many' of 'Custom Audience'";

/** Sends the input's contacts to their audiences, each audience's as one submission, and accounts for every item. */
export async function execute(context: IExecuteFunctions, clock: Clock): Promise<OperationResult> {
	const onError = onErrorOf(context);
	const pause = createPause(sleep, context.getExecutionCancelSignal());
	// All are prepared before anything is sent, so that a run that can't go on has sent nothing.
	const submissions = await prepareAll({
		context,
		onError,
		pause,
		contactOf: contactOfItem(context),
	});
	const stop = submissions.find((submission) => submission.stop)?.stop;
	if (stop && onError === 'stop') throw cannotGoOn(context, stop);
	const output = outputOf(context, onError);
	await deliverAll({ context, clock, onError }, submissions.filter(isReady));
	showHints(context, submissions);
	return await present(submissions, context.getInputData(), { output, onError, pause });
}

async function prepareAll(run: Preparing): Promise<Submission[]> {
	const { context, pause } = run;
	try {
		const submissions: Submission[] = [];
		for (const group of await groupByAudience(context, pause)) {
			submissions.push(await prepare(run, group));
		}
		return submissions;
	} catch (error) {
		if (context.getExecutionCancelSignal()?.aborted) throw canceled(context);
		throw cannotGoOn(context, unexpected(error));
	}
}

function isReady(submission: Submission): submission is Submission & { ready: Ready } {
	return submission.ready !== undefined;
}

function showHints(context: IExecuteFunctions, submissions: Submission[]): void {
	const warnings = submissions.flatMap((submission) => submission.warnings.map(sentence));
	// Several submissions may say the same.
	for (const message of new Set(warnings)) {
		context.addExecutionHints({ message, type: 'warning', location: 'outputPane' });
	}
	if (submissions.some(({ ledger }) => isAnyAccepted(ledger))) {
		context.addExecutionHints({ message: WHEN_MATCHED, type: 'info', location: 'outputPane' });
	}
}

function outputOf(context: IExecuteFunctions, onError: OnError): 'summary' | 'users' {
	try {
		return readOutput(context);
	} catch (error) {
		const told =
			error instanceof UnusableValue ? error.told : expressionNotEvaluated(error as Error);
		if (onError === 'stop') throw cannotGoOn(context, told);
		// Nothing may throw here, and the figures are worth having in any form.
		return 'summary';
	}
}
