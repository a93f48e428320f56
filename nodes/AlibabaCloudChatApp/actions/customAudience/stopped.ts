import { NodeApiError, NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import type { Account } from '../../submission/account';
import type { Refused, SentBatch } from '../../submission/submit';

/**
 * What a run ends with when a batch was not accepted and 'On Error' is 'Stop Workflow': what was accepted and what
 * was not, whether the submission is closed, and what to do now.
 */
export function batchNotAccepted(
	context: IExecuteFunctions,
	account: Account,
	finishedBefore: number,
): NodeApiError {
	const { batches, closed } = account.delivery;
	const failed = batches.findIndex(({ refused }) => refused);
	const batch = batches[failed] as SentBatch;
	const refused = batch.refused as Refused;
	const accepted = batches.filter((sent) => !sent.refused);
	const notSent = account.contacts.items.length - batch.end;
	const description = [
		`${refused.hint}.`,
		accepted.length === 0
			? 'No user was accepted.'
			: `Accepted: ${users(sum(accepted))} in ${listOf(accepted, batches)}. The submission is ${closed ? 'closed' : 'not closed'}.`,
		`Not accepted: ${users(sum([batch]))} in batch ${failed + 1}${notSent > 0 ? `, and ${users(notSent)} not sent` : ''}.`,
		finishedBefore > 0 ? `Submissions finished before: ${finishedBefore}.` : '',
		'Running again is safe: Meta counts each person once.',
		refused.httpStatus === undefined ? '' : `HTTP status ${refused.httpStatus}.`,
		batch.requestId === '' ? '' : `Request ID ${batch.requestId}.`,
		`Tries: ${batch.tries}.`,
	];
	const message = `Batch ${failed + 1} was not accepted: ${refused.message} (${refused.code})`;
	const error = new NodeApiError(
		context.getNode(),
		{ message },
		{
			message,
			description: description.filter((sentence) => sentence !== '').join(' '),
			itemIndex: account.contacts.items[batch.start],
			...(refused.httpStatus !== undefined && { httpCode: String(refused.httpStatus) }),
		},
	);
	// n8n puts sentences of its own in place of a message that holds a code such as ECONNREFUSED.
	error.message = message;
	error.context.code = refused.code;
	error.context.requestId = batch.requestId;
	return error;
}

/** What a run ends with when it can't go on before anything is sent. */
export function cannotGoOn(
	context: IExecuteFunctions,
	reason: { code: string; message: string; description?: string; item?: number },
): NodeOperationError {
	// What happened, then how to mend it.
	const [message = '', ...advice] = reason.message.split('. ');
	const error = new NodeOperationError(context.getNode(), message, {
		description: reason.description ?? advice.join('. '),
		itemIndex: reason.item,
	});
	error.context.code = reason.code;
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
	return numbers.length === 1 ? `batch ${numbers[0]}` : `batches ${numbers.join(', ')}`;
}
