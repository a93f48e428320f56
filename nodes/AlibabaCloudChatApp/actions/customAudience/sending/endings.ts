import { type IExecuteFunctions, NodeApiError, NodeOperationError } from 'n8n-workflow';
import { sentence } from '../../../message';
import { type ApiError, theirWords, withCode } from '../../../transport/apiError';
import type { Ledger } from '../../../upload/ledger';
import type { SentBatch } from '../../../upload/upload';
import { itemOf, type Ready, type Stop, type Submission } from '../addUsers/plan';
import { WAITS_AGAIN } from './messages';

/**
 * What a run ends with when a batch was not accepted and 'On Error' is 'Stop Workflow': what was accepted and what
 * was not, whether the submission is closed, and what to do now.
 * @param others submissions of the run that were finished before, and those that were not begun
 */
export function batchNotAccepted(
	context: IExecuteFunctions,
	submission: Submission & { ready: Ready },
	others: { finished: number; notBegun: number },
): NodeApiError {
	const { ledger, ready } = submission;
	const { batches } = ledger.delivery;
	const failed = batches.findIndex(({ error }) => error);
	const batch = batches[failed] as SentBatch;
	const rejected = batch.error as ApiError;
	const { httpStatus } = rejected;
	const message = `Batch ${failed + 1} was not accepted: ${withCode(rejected)}`;
	const error = new NodeApiError(
		context.getNode(),
		{ message },
		{
			description: [
				`${rejected.fix}.`,
				acceptedSoFar(ledger, isEndOfSeveralRuns(ready)),
				notAccepted(submission.ready, ledger, batch),
				...(others.finished > 0 ? [`Submissions finished before: ${others.finished}.`] : []),
				...(others.notBegun > 0 ? [`Submissions not begun: ${others.notBegun}.`] : []),
				...(submission.warnings.includes(WAITS_AGAIN) ? [`${sentence(WAITS_AGAIN)}.`] : []),
				'Running again is safe: Meta counts each person once.',
				...theirWords(rejected).map((words) => `${words}.`),
				...(httpStatus === undefined ? [] : [`HTTP status ${httpStatus}.`]),
				...(batch.requestId === '' ? [] : [`Request ID ${batch.requestId}.`]),
				`Tries: ${batch.tries}.`,
			].join(' '),
			itemIndex: itemOf(submission, ready.refs.at(batch.start) ?? 0),
			...(httpStatus !== undefined && { httpCode: String(httpStatus) }),
		},
	);
	error.context.code = rejected.code;
	error.context.requestId = batch.requestId;
	return inOwnWords(error, message);
}

function notAccepted({ users }: Ready, { delivery }: Ledger, batch: SentBatch): string {
	const notSent = users.length - batch.end;
	const rest = notSent > 0 ? `, and ${countOf(notSent)} not sent` : '';
	const failed = delivery.batches.indexOf(batch) + 1;
	const doubt =
		delivery.lastAnswerLost || batch.mayBeReceived
			? ' An answer was lost, so these may have been received all the same.'
			: '';
	return `Not accepted: ${countOf(sum([batch]))} in batch ${failed}${rest}.${doubt}`;
}

function isEndOfSeveralRuns({ options, plan }: Ready): boolean {
	return options.lastBatch !== 'auto' && plan.closes;
}

const NOT_CLOSED =
	'The submission is not closed: Meta keeps what was accepted and ends it by itself 90 minutes after its first batch. Run again with all its contacts to send the rest.';

function acceptedSoFar({ delivery }: Ledger, endOfSeveralRuns: boolean): string {
	const { batches, closed, closedAgainWith } = delivery;
	const accepted = batches.filter(({ error }) => !error);
	if (accepted.length === 0) {
		const doubt = batches.some(({ mayBeReceived }) => mayBeReceived);
		const none = doubt ? 'No user is known to be accepted.' : 'No user was accepted.';
		return endOfSeveralRuns ? `${none} ${NOT_CLOSED}` : none;
	}
	const how = closedAgainWith === undefined ? '' : `, by sending batch ${closedAgainWith} again`;
	const state = closed ? `The submission is closed${how}.` : NOT_CLOSED;
	return `Accepted: ${countOf(sum(accepted))} in ${listOf(accepted, batches)}. ${state}`;
}

/** What a run ends with when it can't go on before anything is sent. */
export function cannotGoOn(context: IExecuteFunctions, reason: Stop): NodeOperationError {
	const error = new NodeOperationError(context.getNode(), reason.what, {
		description: reason.fix,
		itemIndex: reason.item,
	});
	error.context.code = reason.code;
	return inOwnWords(error, reason.what);
}

/** What a run ends with when it is canceled in n8n. */
export function canceled(
	context: IExecuteFunctions,
	{ ledger }: Submission,
	finished: number,
): NodeOperationError {
	const { batches } = ledger.delivery;
	const accepted = batches.filter(({ error }) => !error);
	const sent =
		accepted.length === 0 ? 'Nothing' : `${countOf(sum(accepted))} in ${listOf(accepted, batches)}`;
	const state = ledger.delivery.closed
		? ''
		: ' It is not closed: Meta keeps what was accepted and ends it by itself 90 minutes after its first batch.';
	// The engine tells a canceled run from a failed one by this word, in this spelling.
	return new NodeOperationError(context.getNode(), 'The execution was canceled', {
		description: `Submissions finished before: ${finished}. Accepted of the submission that was under way: ${sent}.${state} Running again is safe: Meta counts each person once.`,
	});
}

// n8n replaces a message that holds a code such as ECONNREFUSED or a status such as 403 by a general one of its own.
function inOwnWords<E extends NodeApiError | NodeOperationError>(error: E, message: string): E {
	error.message = message;
	error.messages = [];
	return error;
}

function sum(batches: SentBatch[]): number {
	return batches.reduce((total, { start, end }) => total + end - start, 0);
}

function countOf(count: number): string {
	return count === 1 ? '1 user' : `${count} users`;
}

function listOf(some: SentBatch[], all: SentBatch[]): string {
	const numbers = some.map((batch) => all.indexOf(batch) + 1);
	if (numbers.length === 1) return `batch ${numbers[0]}`;
	const inARow = numbers.every((number, index) => number === index + 1);
	return inARow ? `batches 1 to ${numbers.length}` : `batches ${numbers.join(', ')}`;
}
