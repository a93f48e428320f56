import type { IncomingMessage } from 'node:http';
import { parseForm, type Pair } from './parameters';
import { audienceKey, type User } from './uploads';

/** A request as it arrived; `query`, `form`, and `users` are filled in only after its signature is checked. */
export interface RecordedRequest {
	action: string;
	query: Record<string, string>;
	/** Parameters from a form body, without Users. */
	form: Record<string, string>;
	users?: User[];
	/** The status sent; 0 if none was (reset, silence). */
	status: number;
	/** `OK`, or the Code of the rejection; empty if the response has none (HTML, reset, …). */
	code: string;
	method: string;
	/** Path and query, raw. */
	url: string;
	headers: Record<string, string>;
	bodyBytes: number;
	/** The full response was written to the client. */
	acknowledged: boolean;
	/** Milliseconds since 1970, by the simulator's clock. */
	at: number;
}

/** Records a request before any check. */
export function record(request: IncomingMessage, at: number): RecordedRequest {
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value);
	return {
		action: headers['x-acs-action'] ?? '',
		query: {},
		form: {},
		status: 0,
		code: '',
		method: request.method ?? '',
		url: request.url ?? '',
		headers,
		bodyBytes: 0,
		acknowledged: false,
		at,
	};
}

/** Splits a URL. @throws Rejection if the query isn't percent-encoded UTF-8 */
export function splitUrl(url: string): { path: string; query: Pair[] } {
	const at = url.indexOf('?');
	return at < 0
		? { path: url, query: [] }
		: { path: url.slice(0, at), query: parseForm(url.slice(at + 1)) };
}

/** The audience that the query names: known before the body arrives, so two uploads at once are noticed while both arrive. */
export function audienceOf(url: string): string {
	try {
		return audienceKey(Object.fromEntries(splitUrl(url).query));
	} catch {
		return '';
	}
}

/**
 * Reads a request's body.
 * @returns its length in bytes, and its bytes unless it is too long; a long body is still read to its end, so that the
 * client sees the response
 * @throws Error if the client disconnects first
 */
export async function readBody(
	request: IncomingMessage,
	maxBytes: number,
): Promise<{ length: number; bytes?: Buffer }> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		length += chunk.length;
		if (length <= maxBytes) chunks.push(chunk);
		else chunks.length = 0;
	}
	return length <= maxBytes ? { length, bytes: Buffer.concat(chunks) } : { length };
}
