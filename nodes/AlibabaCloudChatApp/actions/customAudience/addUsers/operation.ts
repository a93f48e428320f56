import { type IExecuteFunctions, type INodeProperties, sleep } from 'n8n-workflow';
import { UnusableValue } from '../../../../../credentials/credential';
import { type Clock, createPause } from '../../../async';
import { type Message, sentence } from '../../../message';
import { isAnyAccepted } from '../../../upload/upload';
import { canceled } from '../../nodeErrors';
import { onErrorOf, type OperationResult } from '../../output';
import { eachItem, groupByAudience } from '../../parameters';
import { cannotGoOn } from '../sending/endings';
import { expressionNotEvaluated, unexpected } from '../sending/messages';
import { deliverAll } from '../sending/send';
import { checkIds } from './checkIds';
import {
	contactOfItem,
	mappingFields,
	openFile,
	openItems,
	readSource,
	sourceFields,
} from './contacts';
import { optionFields, readOutput } from './options';
import { DRY_RUN, prepare, type Preparing, type Ready, type Submission } from './plan';
import { nextOf, present, presentFiles, WHEN_MATCHED } from './present';

export const fields: INodeProperties[] = [...sourceFields, ...mappingFields, ...optionFields];

const TO_TRY = "To check the connection, turn on 'Dry Run'";

/**
 * Sends the input's contacts to their audiences, each audience's or each file's as one submission, and accounts for every
 * item or row.
 */
export async function execute(context: IExecuteFunctions, clock: Clock): Promise<OperationResult> {
	const onError = onErrorOf(context);
	const pause = createPause(sleep, context.getExecutionCancelSignal());
	const told: Message[] = [];
	const source = chosenOr(context, readSource, { instead: 'items', told });
	// All are prepared before anything is sent, so that a run that can't go on has sent nothing.
	const submissions = await prepareAll({
		context,
		pause,
		inFiles: source === 'file',
		open: source === 'file' ? openFile(context, clock) : openItems(contactOfItem(context), onError),
	});
	const stop = submissions.find((submission) => submission.stop)?.stop;
	if (stop && onError === 'stop') throw cannotGoOn(context, stop);
	const output = chosenOr(context, readOutput, { instead: 'summary', told });
	for (const { warnings } of submissions) {
		// Where an expression can't be evaluated, all of a submission's options can't.
		warnings.push(...told.filter(({ what }) => !warnings.some((one) => one.what === what)));
	}
	await checkIds({ context, clock }, submissions);
	await deliverAll({ context, clock, onError }, submissions.filter(isReady));
	const presenting = { output, onError, pause };
	const result =
		source === 'file'
			? await presentFiles(submissions, { context, ...presenting })
			: await present(submissions, context.getInputData(), presenting);
	showHints(context, submissions);
	return result;
}

async function prepareAll(run: Preparing): Promise<Submission[]> {
	const { context, inFiles, pause } = run;
	try {
		const submissions: Submission[] = [];
		const groups = inFiles ? eachItem(context) : await groupByAudience(context, pause);
		for (const group of groups) submissions.push(await prepare(run, group));
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
	const messages = submissions.flatMap(({ warnings }) => warnings);
	// Several submissions may say the same.
	const told = new Map(messages.map((message) => [sentence(message), message.code]));
	for (const [message, code] of told) {
		const type = code === DRY_RUN.code ? 'info' : 'warning';
		context.addExecutionHints({ message, type, location: 'outputPane' });
	}
	const isManual = context.getMode() === 'manual';
	for (const message of new Set(submissions.flatMap((one) => whatWaits(one, isManual)))) {
		context.addExecutionHints({ message, type: 'info', location: 'outputPane' });
	}
	if (submissions.some(({ ledger }) => isAnyAccepted(ledger.delivery))) {
		context.addExecutionHints({ message: WHEN_MATCHED, type: 'info', location: 'outputPane' });
	}
}

/** What the person chose for the whole run; `instead` when that is unusable and nothing may throw, and why is told. */
function chosenOr<T>(
	context: IExecuteFunctions,
	read: (context: IExecuteFunctions) => T,
	{ instead, told }: { instead: NoInfer<T>; told: Message[] },
): T {
	try {
		return read(context);
	} catch (error) {
		const why =
			error instanceof UnusableValue ? error.told : expressionNotEvaluated(error as Error);
		if (onErrorOf(context) === 'stop') throw cannotGoOn(context, why);
		told.push(why);
		return instead;
	}
}

function whatWaits(submission: Submission, isManual: boolean): string[] {
	const isToTry = isManual && !isAnyAccepted(submission.ledger.delivery);
	return nextOf(submission).map((next) => (isToTry ? `${next}. ${TO_TRY}` : next));
}
