import type { IHttpRequestMethods, IHttpRequestOptions } from 'n8n-workflow';

/** Bytes, unpacked. The longest answer of the API, a page of 1,000 tokens, has half of that. */
const MOST_BYTES = 1024 * 1024;

/** Why an answer was not read to its end. */
export class AnswerTooLong extends Error {}

interface ByteStream extends AsyncIterable<Uint8Array> {
	destroy(): void;
}

/**
 * Reads an answer's body as n8n's HTTP helpers give it, and no more of it than an answer can have.
 * @param body a stream of bytes; anything else counts as empty
 * @throws AnswerTooLong; what the stream throws when it breaks off, or is destroyed as the signal is aborted; the signal's
 * reason when it was before
 */
export async function readText(body: unknown, signal: AbortSignal): Promise<string> {
	if (!isStream(body)) return '';
	const stop = () => body.destroy();
	signal.addEventListener('abort', stop);
	const decoder = new TextDecoder();
	let [text, bytes] = ['', 0];
	try {
		// n8n's older helper, which knows no signal, gives an answer that nobody waits for any more.
		signal.throwIfAborted();
		for await (const chunk of body) {
			bytes += chunk.length;
			if (bytes > MOST_BYTES) throw new AnswerTooLong();
			text += decoder.decode(chunk, { stream: true });
		}
		return text + decoder.decode();
	} finally {
		signal.removeEventListener('abort', stop);
		stop();
	}
}

function isStream(body: unknown): body is ByteStream {
	return body !== null && typeof body === 'object' && Symbol.asyncIterator in body;
}

// As a pattern, since it never parts the two halves of a character.
const PIECES = /[^]{1,30000}/gu;

/**
 * A form as the bytes of a body: the same as those of the SDK's own form, which is put together sign by sign and takes half
 * the time of sending a batch. It is encoded in pieces, since V8 keeps texts of more than 128 KB until it tidies up
 * everything: the bodies of a million users took 100 MB.
 * @throws URIError at half a character
 */
export function formBody(form: Record<string, string>): Buffer {
	const pieces = Object.entries(form).flatMap(([name, value], index) => [
		`${index > 0 ? '&' : ''}${encodeURIComponent(name)}=`,
		...(value.match(PIECES) ?? []).map((piece) => encodeURIComponent(piece)),
	]);
	const body = Buffer.allocUnsafeSlow(pieces.reduce((bytes, { length }) => bytes + length, 0));
	let end = 0;
	for (const piece of pieces) end += body.write(piece, end, 'latin1');
	return body;
}

/** No answer of the API is nested deeper than a few levels; what walks through a deeper one might not come back. */
const DEEPEST = 64;

/** The JSON object in a text; undefined when it holds none, or one that is nested beyond reason. */
export function parseObject(text: string): Record<string, unknown> | undefined {
	if (isTooDeep(text)) return undefined;
	try {
		const value: unknown = JSON.parse(text, withoutPrototype(text));
		return value !== null && typeof value === 'object' && !Array.isArray(value)
			? (value as Record<string, unknown>)
			: undefined;
	} catch {
		// Not the API's JSON: the caller tells it as such, without quoting it.
		return undefined;
	}
}

// Whatever copies such an object key by key would change its prototype. A reviver costs time, so only where it may be needed.
function withoutPrototype(text: string) {
	if (!/__proto__|\\u00[567]/i.test(text)) return undefined;
	return (key: string, value: unknown) => (key === '__proto__' ? undefined : value);
}

function isTooDeep(text: string): boolean {
	let depth = 0;
	let inString = false;
	for (let at = 0; at < text.length; at++) {
		const sign = text[at];
		if (inString) {
			if (sign === '\\') at++;
			else if (sign === '"') inString = false;
		} else if (sign === '"') inString = true;
		else if (sign === '{' || sign === '[') {
			if (++depth > DEEPEST) return true;
		} else if (sign === '}' || sign === ']') depth--;
	}
	return false;
}

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

/** n8n's older HTTP helper, the only one that a credential's test is given. */
export interface LegacyHelper {
	request(options: object): Promise<unknown>;
}

/**
 * The way out for a credential's test; it answers as `throughN8n` does.
 * @param timeout milliseconds. This helper knows no signal, so a call that was given up ends a second later by itself.
 */
export function throughLegacyN8n(helpers: LegacyHelper, timeout: number): SendHttp {
	return async ({ signal, url, ...call }) => {
		signal.throwIfAborted();
		const response = (await helpers.request({
			...call,
			uri: url,
			timeout: timeout + 1000,
			resolveWithFullResponse: true,
			simple: false,
			followRedirect: false,
			useStream: true,
		})) as FullResponse;
		return await answerOf(response, signal);
	};
}
