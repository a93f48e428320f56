import { errorPage, htmlPage, json, newRequestId, type ApiResponse } from './response';
import type { Delivery, Hostile } from './delivery';
import type { RecordedRequest } from './request';

/** How the server misbehaves. `received`: it counts the request's users first. */
export type Fault =
	| {
			kind: 'throttle';
			code?: string;
			status?: 400 | 429 | 503;
			/** Seconds, sent as Retry-After. */
			retryAfter?: number;
			received?: boolean;
	  }
	| { kind: 'error'; status: number; code: string; message?: string; received?: boolean }
	| { kind: 'businessError'; code: string; message?: string; received?: boolean }
	| { kind: 'html'; status: number; body?: string; retryAfter?: number; received?: boolean }
	| { kind: 'empty'; status: number; received?: boolean }
	| { kind: 'redirect'; status: 301 | 302 | 307; location: string; received?: boolean }
	| { kind: 'reset'; received?: boolean }
	| { kind: 'silence'; received?: boolean }
	/** Half of an OK response; received by default. */
	| { kind: 'cutOff'; received?: boolean }
	/** The usual OK response, with these fields replaced. */
	| { kind: 'fields'; fields: Record<string, unknown> }
	/** The usual response, late. */
	| { kind: 'slow'; ms: number }
	/** The usual response, once a test releases it. */
	| { kind: 'held'; until: Promise<unknown> }
	/** An endless or unreadable response. */
	| { kind: 'hostile'; how: Hostile; received?: boolean }
	/** A page that quotes the request's URL, headers, and body. */
	| { kind: 'echo'; status?: number; format?: 'html' | 'json'; received?: boolean }
	/** 200 with `Success: false`, its Message quoting the first user. */
	| { kind: 'quoteContact'; code?: string; received?: boolean };

/** Which requests: by their numbers from 1, or a function of them. */
export type RequestNumbers = number | number[] | ((n: number, action: string) => boolean);

interface Rule {
	matches: (n: number) => boolean;
	fault: Fault;
	action: string;
}

/** The faults that a test requested, and the request counts that decide when they occur. */
export class FaultPlan {
	private readonly rules: Rule[] = [];
	private readonly counts = new Map<string, number>();

	add(numbers: RequestNumbers, fault: Fault, action: string): void {
		const list = typeof numbers === 'number' ? [numbers] : numbers;
		const matches =
			typeof list === 'function'
				? (n: number): boolean => list(n, action)
				: (n: number): boolean => list.includes(n);
		this.rules.unshift({ matches, fault, action });
	}

	/** Counts a request for the action. @returns its fault, if it has one */
	next(action: string): Fault | undefined {
		const n = (this.counts.get(action) ?? 0) + 1;
		this.counts.set(action, n);
		return this.rules.find((rule) => rule.action === action && rule.matches(n))?.fault;
	}

	clear(): void {
		this.rules.length = 0;
		this.counts.clear();
	}
}

/** Whether the server counts a request's users before this fault. */
export function countsUsers(fault: Fault): boolean {
	if (fault.kind === 'slow' || fault.kind === 'held' || fault.kind === 'fields') return true;
	return fault.received ?? fault.kind === 'cutOff';
}

/**
 * What the client gets.
 * @param ok the response without the fault
 * @param body the request's body, for the page that echoes it
 */
export function deliveryWith(
	fault: Fault,
	ok: ApiResponse,
	request: RecordedRequest,
	body: Buffer,
): Delivery {
	switch (fault.kind) {
		case 'reset':
		case 'silence':
			return { kind: fault.kind };
		case 'hostile':
			return { kind: 'hostile', how: fault.how };
		case 'slow':
			return { kind: 'send', response: ok, delayMs: fault.ms };
		case 'held':
			return { kind: 'send', response: ok, until: fault.until };
		case 'fields': {
			const accepted = { Code: 'OK', Message: 'OK', Success: true, ...fault.fields };
			return { kind: 'send', response: { ...json(200, accepted, newRequestId()), code: 'OK' } };
		}
		case 'cutOff':
			return { kind: 'half', response: ok };
		default:
			return { kind: 'send', response: wrongResponse(fault, request, body) };
	}
}

type ResponseFault = Exclude<
	Fault,
	{ kind: 'reset' | 'silence' | 'slow' | 'held' | 'fields' | 'cutOff' | 'hostile' }
>;

function wrongResponse(fault: ResponseFault, request: RecordedRequest, body: Buffer): ApiResponse {
	const requestId = newRequestId();
	switch (fault.kind) {
		case 'throttle': {
			const { code = 'Throttling.User', status = 400, retryAfter } = fault;
			const message = 'Request was denied due to user flow control.';
			return retryAfterOf(failure(status, code, message, request), retryAfter);
		}
		case 'error':
			return failure(
				fault.status,
				fault.code,
				fault.message ?? 'The request did not succeed.',
				request,
			);
		case 'businessError': {
			const Message = fault.message ?? 'The business rejected the request.';
			return json(200, { Code: fault.code, Message, Success: false }, requestId);
		}
		case 'html': {
			const response =
				fault.body === undefined
					? errorPage(fault.status, 'Bad Gateway')
					: htmlPage(fault.status, fault.body);
			return retryAfterOf(response, fault.retryAfter);
		}
		case 'empty':
			return { status: fault.status, headers: {}, body: '', code: '', requestId: '' };
		case 'redirect':
			return { ...htmlPage(fault.status, ''), headers: { location: fault.location } };
		case 'echo':
			return echo(fault, request, body);
		case 'quoteContact': {
			const { Email, Phone } = request.users?.[0] ?? {};
			const Message = `The user ${[Email, Phone].filter(Boolean).join(' / ')} is not acceptable.`;
			return json(
				200,
				{ Code: fault.code ?? 'ParameterIllegal', Message, Success: false },
				requestId,
			);
		}
	}
}

function failure(
	status: number,
	Code: string,
	Message: string,
	request: RecordedRequest,
): ApiResponse {
	return json(status, { HostId: request.headers.host, Code, Message }, newRequestId());
}

function echo(
	fault: Extract<Fault, { kind: 'echo' }>,
	request: RecordedRequest,
	body: Buffer,
): ApiResponse {
	const { status = 500, format = 'html' } = fault;
	const sent = `${request.method} ${request.url} ${JSON.stringify(request.headers)} ${JSON.stringify(request.users ?? [])} ${body.toString()}`;
	if (format === 'json')
		return failure(status, 'InternalError', `The request was: ${sent}`, request);
	return htmlPage(
		status,
		`<html><body><h1>Something went wrong</h1><pre>${sent}</pre></body></html>`,
	);
}

function retryAfterOf(response: ApiResponse, seconds: number | undefined): ApiResponse {
	if (seconds === undefined) return response;
	return { ...response, headers: { ...response.headers, 'retry-after': String(seconds) } };
}
