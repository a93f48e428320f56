import type { IncomingMessage } from 'node:http';
import type { RecordedRequest } from './contract';
import { splitUrl } from './gateway';
import { audienceKey } from './ledger';

const MAX_URL_BYTES = 16 * 1024;

/** The record of a call as it stands before the checks. */
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

/** The audience is known before the body is, if the query names it: two uploads at once are seen while both still arrive. */
export function audienceOf(call: RecordedRequest, maxUrlBytes?: number): string {
	if (isTooLong(call, maxUrlBytes)) return '';
	try {
		return audienceKey(Object.fromEntries(splitUrl(call.url).query));
	} catch {
		return '';
	}
}

/** Whether the gateway in front of the API refuses the URL. */
export function isTooLong(call: RecordedRequest, maxUrlBytes = MAX_URL_BYTES): boolean {
	return call.url.length > maxUrlBytes;
}
