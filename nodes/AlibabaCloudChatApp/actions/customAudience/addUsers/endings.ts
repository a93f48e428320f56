import { type IExecuteFunctions, NodeApiError, type NodeOperationError } from 'n8n-workflow';
import { countOfContacts, sentence } from '../../../message';
import { type ApiError, quotesOf } from '../../../transport/apiError';
import type { BatchResult, Ledger } from '../../../upload/ledger';
import type { Plan, Upload } from '../../../upload/plan';
import { canceled, withOwnMessage } from '../../nodeErrors';
import { waitingAgain } from '../sending/messages';

const SAFE_TO_RERUN = 'Running again is safe: Meta counts each person once.';

/**
 * The error that ends a run when a batch was rejected and 'On Error' is 'Stop Workflow': what was accepted and what
 * was not, whether the upload is complete, and what to do now.
 * @param others uploads of the run that were finished before, and those that were not begun
 */
export function batchRejected(
	context: Pick<IExecuteFunctions, 'getNode'>,
	{ plan, ledger }: Upload,
	others: { finished: number; notBegun: number },
): NodeApiError {
	const { batches, facts } = ledger;
	const index = batches.findIndex(({ error }) => error);
	const batch = batches[index] as BatchResult;
	const error = batch.error as ApiError;
	const { httpStatus } = error;
	const message = error.what;
	const first = ledger.firstInBatch(index + 1);
	const ending = new NodeApiError(
		context.getNode(),
		{ message },
		{
			description: [
				`${error.fix}.`,
				acceptedSoFar(plan, ledger),
				notAccepted(ledger, batch),
				...(others.finished > 0 ? [`Uploads finished before this one: ${others.finished}.`] : []),
				...(others.notBegun > 0 ? [`Uploads not started: ${others.notBegun}.`] : []),
				...(facts.isWaitingAgain ? [`${sentence(waitingAgain(ledger))}.`] : []),
				SAFE_TO_RERUN,
				...quotesOf(error).map((quote) => `${quote}.`),
				...(httpStatus === undefined ? [] : [`HTTP status ${httpStatus}.`]),
				...(batch.requestId === '' ? [] : [`Request ID ${batch.requestId}.`]),
				`Attempts: ${batch.attempts}.`,
				`Code ${error.code}.`,
			].join(' '),
			itemIndex: first === undefined ? plan.items[0] : plan.source?.itemOf(first),
			...(httpStatus !== undefined && { httpCode: String(httpStatus) }),
		},
	);
	ending.context.code = error.code;
	ending.context.requestId = batch.requestId;
	return withOwnMessage(ending, message);
}

function notAccepted(ledger: Ledger, batch: BatchResult): string {
	const { batches, facts } = ledger;
	const notSent = ledger.contactsIn([{ start: batch.end, end: facts.users ?? batch.end }]);
	const rest = notSent > 0 ? `, and ${countOfContacts(notSent)} not sent` : '';
	const number = batches.indexOf(batch) + 1;
	const doubt =
		facts.lastResponseLost || batch.mayBeReceived
			? ' A response was lost, so these may still have been received.'
			: '';
	return `Not accepted: ${countOfContacts(ledger.contactsIn([batch]))} in batch ${number}${rest}.${doubt}`;
}

const OPEN =
	'is not complete: Meta keeps what was accepted, and ends the upload 90 minutes after its first batch.';
const NOT_COMPLETE_TEXT = `The upload ${OPEN} Run again with all its contacts to send the rest.`;

function acceptedSoFar({ options, completes }: Plan, ledger: Ledger): string {
	const { batches, facts } = ledger;
	const accepted = batches.filter(({ error }) => !error);
	if (accepted.length === 0) {
		const isUnknown = batches.some(({ mayBeReceived }) => mayBeReceived);
		const none = isUnknown
			? 'No contacts are known to have been accepted.'
			: 'No contacts were accepted.';
		const isEndOfSeveralRuns = options.lastBatch !== 'auto' && completes;
		return isEndOfSeveralRuns ? `${none} ${NOT_COMPLETE_TEXT}` : none;
	}
	const { complete, completedWith } = facts;
	const how = completedWith === undefined ? '' : `, by sending batch ${completedWith} again`;
	const state = complete ? `The upload is complete${how}.` : NOT_COMPLETE_TEXT;
	return `Accepted: ${countOfContacts(ledger.contactsIn(accepted))} in ${listOf(accepted, batches)}. ${state}`;
}

/** The error that ends a run when it is canceled in n8n during an upload. @param finished uploads before it */
export function canceledDuring(
	context: Pick<IExecuteFunctions, 'getNode'>,
	ledger: Ledger,
	finished: number,
): NodeOperationError {
	const { batches, facts } = ledger;
	const accepted = batches.filter(({ error }) => !error);
	const sent =
		accepted.length === 0
			? 'nothing'
			: `${countOfContacts(ledger.contactsIn(accepted))} in ${listOf(accepted, batches)}`;
	const state = facts.complete ? '' : ` It ${OPEN}`;
	return canceled(
		context,
		`Uploads finished before this one: ${finished}. Accepted from the current upload: ${sent}.${state} ${SAFE_TO_RERUN}`,
	);
}

function listOf(some: BatchResult[], all: BatchResult[]): string {
	const numbers = some.map((batch) => all.indexOf(batch) + 1);
	if (numbers.length === 1) return `batch ${numbers[0]}`;
	const isInARow = numbers.every((number, index) => number === index + 1);
	return isInARow ? `batches 1 to ${numbers.length}` : `batches ${numbers.join(', ')}`;
}
