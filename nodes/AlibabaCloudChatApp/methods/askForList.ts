import { NodeApiError, NodeOperationError, type ILoadOptionsFunctions } from 'n8n-workflow';
import { sentence } from '../message';
import type { Clock } from '../transport/clock';
import { connectWith } from '../transport/connection';
import { redact } from '../transport/redact';
import { CallRefused, type Refusal } from '../transport/refusal';
import { createRequest, type ApiRequest } from '../transport/request';

/** Milliseconds, and tries: a person waits before the open list. */
const TIMEOUT = 20_000;
const MAX_TRIES = 3;

const BY_ID = "You can also choose 'By ID' here and enter the ID";

/**
 * Runs what a list asks of the API.
 * @throws NodeApiError or NodeOperationError whose message alone says what is wrong and how to mend it, since the
 * list shows no more than that
 */
export async function askForList<T>(
	context: ILoadOptionsFunctions,
	clock: Clock,
	work: (request: ApiRequest) => Promise<T>,
): Promise<T> {
	try {
		const connection = await connectWith(context, { clock, timeout: TIMEOUT });
		return await work(createRequest(connection, MAX_TRIES));
	} catch (error) {
		if (!(error instanceof CallRefused)) {
			// What a field or the list lacks is told in words of our own; nobody knows what an error of n8n's may quote.
			const message = redact((error as Error).message);
			throw new NodeOperationError(context.getNode(), message, { description: BY_ID });
		}
		const { what, requestId, httpStatus } = error.refusal;
		const description = [BY_ID, requestId && `Request ID ${requestId}`].filter(Boolean).join('. ');
		throw new NodeApiError(
			context.getNode(),
			{ message: what },
			{
				message: sentenceOf(error.refusal),
				description,
				...(httpStatus !== undefined && { httpCode: String(httpStatus) }),
			},
		);
	}
}

/** What is wrong, and how to mend it; network codes stay out, since n8n would replace the whole sentence by its own. */
function sentenceOf(refusal: Refusal): string {
	const { kind, code, what, fix, httpStatus } = refusal;
	if (kind === 'key') return `${fix} (${code})`;
	if (kind === 'permission') return `${sentence(refusal)} (${code})`;
	if (code === 'Timeout') return sentence(refusal);
	return httpStatus === undefined ? fix : sentence({ what: `${what} (${code})`, fix });
}
