import type { IHttpRequestMethods, IHttpRequestOptions } from 'n8n-workflow';
import { readText } from './answerText';

export interface HttpCall {
	method: IHttpRequestMethods;
	url: string;
	headers: Record<string, string>;
	body?: Buffer;
	/** Ends the call, when it takes too long or the execution is canceled. */
	signal: AbortSignal;
}

export interface HttpAnswer {
	status: number;
	/** Lower-case names. */
	headers: Record<string, unknown>;
	text: string;
}

/** Sends one HTTP call and resolves with any answer, whatever its status; rejects when there is none. */
export type SendHttp = (call: HttpCall) => Promise<HttpAnswer>;

/** What n8n's HTTP helpers give back when they are asked for all of it, with the body as a stream. */
export interface FullResponse {
	statusCode: number;
	headers: Record<string, unknown>;
	body: unknown;
}

interface N8nHttpHelper {
	httpRequest(options: IHttpRequestOptions): Promise<unknown>;
}

/**
 * n8n's own HTTP helper as the way out, so that the instance's proxy and TLS settings apply.
 * A redirect is an answer here: a 307 would hand all contacts to another host.
 */
export function throughN8n(helpers: N8nHttpHelper): SendHttp {
	return async ({ signal, headers, ...call }) => {
		const response = (await helpers.httpRequest({
			...call,
			headers: unparsed(headers),
			abortSignal: signal,
			// n8n would give up after five minutes of its own accord; the signal keeps the time here.
			timeout: 0,
			encoding: 'stream',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
		})) as FullResponse;
		return await answerOf(response, signal);
	};
}

/** @throws as `readText` */
export async function answerOf(
	{ statusCode, headers, body }: FullResponse,
	signal: AbortSignal,
): Promise<HttpAnswer> {
	return { status: statusCode, headers, text: await readText(body, signal) };
}

// n8n parses a form body when the content type is exactly the form's, and drops the result: a fifth of the time that
// sending a full batch takes. A blank behind it isn't part of the value (RFC 9110, 5.5), and n8n leaves the body alone.
function unparsed(headers: Record<string, string>): Record<string, string> {
	const type = headers['content-type'];
	return type === undefined ? headers : { ...headers, 'content-type': `${type} ` };
}
