import {
	NodeApiError,
	NodeOperationError,
	UserError,
	type IDataObject,
	type IExecuteFunctions,
} from 'n8n-workflow';
import { CallRefused } from '../transport/ask';
import { ListUnending } from '../transport/pages';
import { redact } from '../transport/redact';

interface Outcome {
	/** What happened. */
	message: string;
	/** How to mend it. */
	advice: string;
	/** Both in one. */
	sentence: string;
	/** For the error output: the code, and the request's ID where there is one. */
	details: IDataObject;
}

/** Why an operation did not succeed for an item, in words that hold no personal data and no secret. */
export function whatHappened(error: unknown): Outcome {
	if (error instanceof CallRefused) {
		const { message, code, hint, requestId, httpStatus } = error.refusal;
		// A code that n8n gave a connection belongs to the network, not to the answer.
		const from =
			httpStatus === undefined ? message : `${error.action} was not accepted: ${message}`;
		return outcome(`${from} (${code})`, hint, { code, ...(requestId && { requestId }) });
	}
	if (error instanceof ListUnending) {
		const advice = "Run again later, or switch 'Return All' off and lower 'Limit'";
		return outcome(error.message, advice, { code: 'list_unending' });
	}
	// The fields' and the credential's own sentences: what is wrong, then how to mend it.
	const [message = '', ...advice] = redact((error as Error).message).split('. ');
	return outcome(message, advice.join('. '), { code: 'parameter' });
}

function outcome(message: string, advice: string, details: IDataObject): Outcome {
	const sentence = advice === '' ? message : `${message}. ${advice}`;
	return { message, advice, sentence, details };
}

/** What a run ends with when an operation did not succeed for an item and 'On Error' is 'Stop Workflow'. */
export function nodeError(
	context: IExecuteFunctions,
	itemIndex: number,
	cause: unknown,
): NodeApiError | NodeOperationError {
	const { message, advice, details } = whatHappened(cause);
	const { requestId } = details;
	const description = [advice, requestId && `Request ID ${String(requestId)}`]
		.filter(Boolean)
		.join('. ');
	const error = asError(context, cause, message, { description, itemIndex });
	// n8n replaces a message that holds a code such as ECONNREFUSED by a general one of its own.
	error.message = message;
	error.messages = [];
	Object.assign(error.context, details);
	return error;
}

function asError(
	context: IExecuteFunctions,
	cause: unknown,
	message: string,
	options: { description: string; itemIndex: number },
): NodeApiError | NodeOperationError {
	if (!(cause instanceof CallRefused)) {
		const level = cause instanceof UserError ? 'warning' : 'error';
		return new NodeOperationError(context.getNode(), message, { ...options, level });
	}
	const { httpStatus } = cause.refusal;
	return new NodeApiError(
		context.getNode(),
		{ message },
		{ ...options, message, ...(httpStatus !== undefined && { httpCode: String(httpStatus) }) },
	);
}

/** What a run ends with when it is cancelled; n8n knows it by this word, in this spelling. */
export function canceled(context: IExecuteFunctions): NodeOperationError {
	return new NodeOperationError(context.getNode(), 'The execution was canceled');
}
