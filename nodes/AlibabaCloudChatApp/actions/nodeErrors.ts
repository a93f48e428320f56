import {
	type IDataObject,
	type IExecuteFunctions,
	NodeApiError,
	NodeOperationError,
	UserError,
} from 'n8n-workflow';
import { type Message, messageIn } from '../message';
import { ApiError, detailsOf } from '../transport/apiError';
import { redact } from '../redact';

interface Happened {
	message: Message;
	/** For the error output: the code, and the request's ID where there is one. */
	details: IDataObject;
}

/** Why an operation did not succeed for an item, in words that contain no personal data and no secret. */
export function whatHappened(error: unknown): Happened {
	if (error instanceof ApiError) {
		const { what, fix, code, requestId } = error;
		return { message: { code, what, fix }, details: { code, ...(requestId && { requestId }) } };
	}
	// Any other error may quote contacts.
	const unknown = { code: 'parameter', what: redact((error as Error).message), fix: '' };
	const message = messageIn(error) ?? unknown;
	return { message, details: { code: message.code } };
}

/** The error that ends a run when an operation fails for an item and 'On Error' is 'Stop Workflow'. */
export function nodeError(
	context: Pick<IExecuteFunctions, 'getNode'>,
	itemIndex: number,
	cause: unknown,
): NodeApiError | NodeOperationError {
	const { message, details } = whatHappened(cause);
	const { code, requestId } = details;
	const quotes = cause instanceof ApiError ? detailsOf(cause) : [];
	const description = [
		message.fix,
		...quotes,
		requestId && `Request ID ${String(requestId)}`,
		cause instanceof ApiError && `Code ${String(code)}`,
	]
		.filter(Boolean)
		.join('. ');
	const error = toNodeError(context, cause, message.what, { description, itemIndex });
	Object.assign(error.context, details);
	return withOwnMessage(error, message.what);
}

function toNodeError(
	context: Pick<IExecuteFunctions, 'getNode'>,
	cause: unknown,
	message: string,
	options: { description: string; itemIndex: number },
): NodeApiError | NodeOperationError {
	if (!(cause instanceof ApiError)) {
		const level = cause instanceof UserError ? 'warning' : 'error';
		return new NodeOperationError(context.getNode(), message, { ...options, level });
	}
	const { httpStatus } = cause;
	return new NodeApiError(
		context.getNode(),
		{ message },
		{ ...options, message, ...(httpStatus !== undefined && { httpCode: String(httpStatus) }) },
	);
}

/**
 * The error with its own message: n8n replaces one that contains a code such as ECONNREFUSED or a status such as 403 with
 * a general one.
 */
export function withOwnMessage<E extends NodeApiError | NodeOperationError>(
	error: E,
	message: string,
): E {
	error.message = message;
	error.messages = [];
	return error;
}

/** Why contacts can't be sent, with the input item that shows it. */
export interface Failure extends Message {
	item?: number;
}

/** The error that ends a run that can't continue. */
export function cannotContinue(
	context: Pick<IExecuteFunctions, 'getNode'>,
	failure: Failure,
): NodeOperationError {
	const { code, what, fix, item } = failure;
	const error = new NodeOperationError(context.getNode(), what, {
		description: fix,
		itemIndex: item,
	});
	error.context.code = code;
	return withOwnMessage(error, what);
}

/** The error that ends a run when it is canceled; n8n recognizes it by this word, in this spelling. */
export function canceled(
	context: Pick<IExecuteFunctions, 'getNode'>,
	description?: string,
): NodeOperationError {
	return new NodeOperationError(context.getNode(), 'The execution was canceled', { description });
}

/** The node has no credential that can be used. */
export function noCredential(error: unknown): Message {
	const known = messageIn(error);
	const what = known?.what ?? redact((error as Error).message).replace(/\.$/, '');
	const fix = known?.fix ?? 'Choose one in the node';
	return { code: 'no_credential', what: `The credential can't be used: ${what}`, fix };
}

/** Why parameters or contacts can't be read; an error that isn't this node's comes from an expression, and may quote a contact. */
export function cannotRead(error: unknown): Message {
	return (
		messageIn(error) ?? {
			code: 'parameter',
			what: `An expression in the node can't be evaluated (${redact((error as Error).message)})`,
			fix: 'Check the fields and options that contain an expression',
		}
	);
}

/** What to report for an error that nothing else explains. */
export function unexpected(error: unknown): Message {
	return {
		code: 'unexpected',
		what: `Nothing more was sent: ${redact(String(error))}`,
		fix: "Report this to the node's maintainers, with the versions of n8n and of this node",
	};
}
