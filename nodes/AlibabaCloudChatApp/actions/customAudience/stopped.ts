import { NodeApiError, NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import type { Account } from '../../submission/account';
import type { Refused, SentBatch } from '../../submission/delivery';
import { whyRefused } from '../../submission/report';
import type { Stop } from './stops';

/**
 * What a run ends with when a batch was not accepted and 'On Error' is 'Stop Workflow': what was accepted and what
 * was not, whether the submission is closed, and what to do now.
 * @param others submissions of the run that were finished before, those that were not begun, and whether earlier runs
 * sent parts of this one
 */
export function batchNotAccepted(
	context: IExecuteFunctions,
	account: Account,
	others: { finished: number; notBegun: number; severalRuns: boolean },
): NodeApiError {
	const { batches, lastAnswerLost } = account.delivery;
	const failed = batches.findIndex(({ refused }) => refused);
	const batch = batches[failed] as SentBatch;
	const refused = batch.refused as Refused;
	const notSent = account.contacts.items.length - batch.end;
	const description = [
		`${refused.hint}.`,
		acceptedSoFar(account, others.severalRuns),
		`Not accepted: ${users(sum([batch]))} in batch ${failed + 1}${notSent > 0 ? `, and ${users(notSent)} not sent` : ''}.`,
		lastAnswerLost || batch.mayBeReceived
			? 'An answer was lost, so these may have been received all the same.'
			: '',
		others.finished > 0 ? `Submissions finished before: ${others.finished}.` : '',
		others.notBegun > 0 ? `Submissions not begun: ${others.notBegun}.` : '',
		'Running again is safe: Meta counts each person once.',
		refused.httpStatus === undefined ? '' : `HTTP status ${refused.httpStatus}.`,
		batch.requestId === '' ? '' : `Request ID ${batch.requestId}.`,
		`Tries: ${batch.tries}.`,
	];
	const message = `Batch ${failed + 1} was not accepted: ${whyRefused(refused)}`;
	const error = new NodeApiError(
		context.getNode(),
		{ message },
		{
			description: description.filter((sentence) => sentence !== '').join(' '),
			itemIndex: account.contacts.items[batch.start],
			...(refused.httpStatus !== undefined && { httpCode: String(refused.httpStatus) }),
		},
	);
	error.context.code = refused.code;
	error.context.requestId = batch.requestId;
	return inOwnWords(error, message);
}

const NOT_CLOSED =
	'The submission is not closed, so Meta may discard what was accepted: run again with all its contacts.';

function acceptedSoFar({ delivery }: Account, severalRuns: boolean): string {
	const { batches, closed, closedAgainWith } = delivery;
	const accepted = batches.filter((sent) => !sent.refused);
	if (accepted.length === 0) {
		const doubt = batches.some(({ mayBeReceived }) => mayBeReceived);
		const none = doubt ? 'No user is known to be accepted.' : 'No user was accepted.';
		return severalRuns ? `${none} ${NOT_CLOSED}` : none;
	}
	const how = closedAgainWith === undefined ? '' : `, by sending batch ${closedAgainWith} again`;
	const state = closed ? `The submission is closed${how}.` : NOT_CLOSED;
	return `Accepted: ${users(sum(accepted))} in ${listOf(accepted, batches)}. ${state}`;
}

/** What a run ends with when it can't go on before anything is sent. */
export function cannotGoOn(context: IExecuteFunctions, reason: Stop): NodeOperationError {
	// What happened, then how to mend it.
	const [message = '', ...advice] = reason.message.split('. ');
	const error = new NodeOperationError(context.getNode(), message, {
		description: reason.description ?? advice.join('. '),
		itemIndex: reason.item,
	});
	error.context.code = reason.code;
	return inOwnWords(error, message);
}

/** What a run ends with when it is cancelled in n8n. */
export function cancelled(context: IExecuteFunctions, finished: number): NodeOperationError {
	// The engine tells a cancelled run from a failed one by this word, in this spelling.
	return new NodeOperationError(context.getNode(), 'The execution was canceled', {
		description: `Submissions finished before: ${finished}. The submission that was under way is not closed, so Meta may discard its contacts. Running again is safe: Meta counts each person once.`,
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

function users(count: number): string {
	return count === 1 ? '1 user' : `${count} users`;
}

function listOf(some: SentBatch[], all: SentBatch[]): string {
	const numbers = some.map((batch) => all.indexOf(batch) + 1);
	if (numbers.length === 1) return `batch ${numbers[0]}`;
	const inARow = numbers.every((number, index) => number === index + 1);
	return inARow ? `batches 1 to ${numbers.length}` : `batches ${numbers.join(', ')}`;
}
