import type { IHttpRequestMethods, IHttpRequestOptions } from 'n8n-workflow';

/** One HTTP request. */
export interface HttpRequest {
	method: IHttpRequestMethods;
	url: string;
	headers: Record<string, string>;
	body?: Buffer;
	/** Ends the call when it takes too long or the execution is canceled. */
	signal: AbortSignal;
}

/** A complete response. */
export interface HttpResponse {
	status: number;
	/** Lowercase names. */
	headers: Record<string, unknown>;
	text: string;
}

/** Sends one HTTP call and resolves with any response, whatever its status; rejects when there is none. */
export type SendHttp = (call: HttpRequest) => Promise<HttpResponse>;

/** What n8n's HTTP helpers return if the full response is requested, with the body as a stream. */
interface FullResponse {
	statusCode: number;
	headers: Record<string, unknown>;
	body: unknown;
}

/** n8n's HTTP helper, as far as it is used here. */
export interface N8nHttpHelper {
	httpRequest(options: IHttpRequestOptions): Promise<unknown>;
}

/**
 * Sends with n8n's own HTTP helper, so that the instance's proxy and TLS settings apply.
 * A redirect is a response here: following a 307 would send all contacts to another host.
 */
export function throughN8n(helpers: N8nHttpHelper): SendHttp {
	return async ({ signal, headers, ...call }) =>
		await readResponse(
			await helpers.httpRequest({
				...call,
				headers: withInexactType(headers),
				abortSignal: signal,
				// n8n would give up after five minutes; here, the signal enforces the timeout.
				timeout: 0,
				encoding: 'stream',
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				disableFollowRedirect: true,
			}),
			signal,
		);
}

// n8n parses a form body when the content type is exactly the form's, and drops the result, which takes a fifth of the
// time of sending a full batch. A trailing space isn't part of the value (RFC 9110, 5.5), and n8n leaves the body alone.
function withInexactType(headers: Record<string, string>): Record<string, string> {
	const type = headers['content-type'];
	return type === undefined ? headers : { ...headers, 'content-type': `${type} ` };
}

/** n8n's older HTTP helper, the only one that a credential's test gets. */
export interface LegacyHelper {
	request(options: object): Promise<unknown>;
}

/**
 * Sends from a credential's test, with the same responses as `throughN8n`.
 * @param timeout milliseconds; this helper takes no signal, so its own timeout ends an abandoned call a second later
 */
export function throughLegacyN8n(helpers: LegacyHelper, timeout: number): SendHttp {
	return async ({ signal, url, ...call }) => {
		signal.throwIfAborted();
		const response = await helpers.request({
			...call,
			uri: url,
			timeout: timeout + 1000,
			resolveWithFullResponse: true,
			simple: false,
			followRedirect: false,
			useStream: true,
		});
		return await readResponse(response, signal);
	};
}

/** Bytes, decompressed. The API's longest response, a page of 1,000 tokens, is half as long. */
const MAX_BYTES = 1024 * 1024;

/** Thrown when a response is longer than any of the API's. */
export class ResponseTooLong extends Error {}

interface ByteStream extends AsyncIterable<Uint8Array> {
	destroy(): void;
}

/**
 * Reads a response of n8n's HTTP helpers, up to the length that the API's can have.
 * @param response a `FullResponse`; a body that isn't a stream of bytes counts as empty
 * @throws ResponseTooLong; the signal's reason if it is already aborted; what the stream throws if it breaks off, or is
 * destroyed because the signal is aborted meanwhile
 */
async function readResponse(response: unknown, signal: AbortSignal): Promise<HttpResponse> {
	const { statusCode, headers, body } = response as FullResponse;
	return { status: statusCode, headers, text: isStream(body) ? await readText(body, signal) : '' };
}

function isStream(body: unknown): body is ByteStream {
	return body !== null && typeof body === 'object' && Symbol.asyncIterator in body;
}

async function readText(body: ByteStream, signal: AbortSignal): Promise<string> {
	const stop = () => body.destroy();
	signal.addEventListener('abort', stop);
	const decoder = new TextDecoder();
	let text = '';
	let bytes = 0;
	try {
		// n8n's older helper takes no signal, and may return a response after the call was abandoned.
		signal.throwIfAborted();
		for await (const chunk of body) {
			bytes += chunk.length;
			if (bytes > MAX_BYTES) throw new ResponseTooLong();
			text += decoder.decode(chunk, { stream: true });
		}
		return text + decoder.decode();
	} finally {
		signal.removeEventListener('abort', stop);
		stop();
	}
}

/**
 * The JSON object in a response's text; undefined when there is none.
 * `__proto__` is omitted: whatever copies such an object key by key would change its prototype.
 */
export function parseObject(text: string): Record<string, unknown> | undefined {
	// A reviver costs time, so it is used only where it may be needed.
	const reviver = /__proto__|\\u00[567]/i.test(text) ? withoutPrototype : undefined;
	try {
		const value: unknown = JSON.parse(text, reviver);
		return value !== null && typeof value === 'object' && !Array.isArray(value)
			? (value as Record<string, unknown>)
			: undefined;
	} catch {
		// Not the API's JSON: the caller reports it as such, without quoting it.
		return undefined;
	}
}

function withoutPrototype(key: string, value: unknown): unknown {
	return key === '__proto__' ? undefined : value;
}
