import { html, json, newRequestId, page, type Answer } from './answer';
import type { CallNumbers, Fault, RecordedRequest } from './contract';
import type { Hostile } from './hostile';

/** How an answer goes out. */
export type Delivery =
	| { kind: 'send'; answer: Answer; delayMs?: number; until?: Promise<unknown> }
	| { kind: 'half'; answer: Answer }
	| { kind: 'reset' }
	| { kind: 'silence' }
	| { kind: 'hostile'; how: Hostile };

interface Rule {
	matches: (n: number) => boolean;
	fault: Fault;
	action: string;
}

/** The faults that were asked for, and the count of calls that decides when. */
export class FaultPlan {
	private readonly rules: Rule[] = [];
	private readonly counts = new Map<string, number>();

	add(numbers: CallNumbers, fault: Fault, action: string): void {
		const list = typeof numbers === 'number' ? [numbers] : numbers;
		const matches =
			typeof list === 'function'
				? (n: number): boolean => list(n, action)
				: (n: number): boolean => list.includes(n);
		this.rules.unshift({ matches, fault, action });
	}

	/** Counts a call of the action, and tells its fault if it has one. */
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

/** Whether the server counts the users of a call before this fault. */
export function isReceived(fault: Fault): boolean {
	if (fault.kind === 'slow' || fault.kind === 'held') return true;
	return fault.received ?? fault.kind === 'cutOff';
}

/**
 * Decides what the client sees.
 * @param ok the answer it would have got
 * @param body the request's body, for the page that echoes it
 */
export function disturb(fault: Fault, ok: Answer, call: RecordedRequest, body: Buffer): Delivery {
	switch (fault.kind) {
		case 'reset':
		case 'silence':
			return { kind: fault.kind };
		case 'hostile':
			return { kind: 'hostile', how: fault.how };
		case 'slow':
			return { kind: 'send', answer: ok, delayMs: fault.ms };
		case 'held':
			return { kind: 'send', answer: ok, until: fault.until };
		case 'cutOff':
			return { kind: 'half', answer: ok };
		default:
			return { kind: 'send', answer: wrongAnswer(fault, call, body) };
	}
}

type AnswerFault = Exclude<
	Fault,
	{ kind: 'reset' | 'silence' | 'slow' | 'held' | 'cutOff' | 'hostile' }
>;

function wrongAnswer(fault: AnswerFault, call: RecordedRequest, body: Buffer): Answer {
	const requestId = newRequestId();
	switch (fault.kind) {
		case 'throttle': {
			const { code = 'Throttling.User', status = 400, retryAfter } = fault;
			const message = 'Request was denied due to user flow control.';
			return retryAfterOf(failure(status, code, message, call), retryAfter);
		}
		case 'error':
			return failure(
				fault.status,
				fault.code,
				fault.message ?? 'The request did not succeed.',
				call,
			);
		case 'businessError': {
			const Message = fault.message ?? 'The business refused the request.';
			return json(200, { Code: fault.code, Message, Success: false }, requestId);
		}
		case 'html': {
			const answer =
				fault.body === undefined
					? html(fault.status, 'Bad Gateway')
					: page(fault.status, fault.body);
			return retryAfterOf(answer, fault.retryAfter);
		}
		case 'empty':
			return { status: fault.status, headers: {}, body: '', code: '', requestId: '' };
		case 'redirect':
			return { ...page(fault.status, ''), headers: { location: fault.location } };
		case 'echo':
			return echo(fault, call, body);
		case 'quoteContact': {
			const { Email, Phone } = call.users?.[0] ?? {};
			const Message = `The user ${[Email, Phone].filter(Boolean).join(' / ')} is not acceptable.`;
			return json(
				200,
				{ Code: fault.code ?? 'ParameterIllegal', Message, Success: false },
				requestId,
			);
		}
	}
}

function failure(status: number, Code: string, Message: string, call: RecordedRequest): Answer {
	return json(status, { HostId: call.headers.host, Code, Message }, newRequestId());
}

function echo(
	fault: Extract<Fault, { kind: 'echo' }>,
	call: RecordedRequest,
	body: Buffer,
): Answer {
	const { status = 500, format = 'html' } = fault;
	const sent = `${call.method} ${call.url} ${JSON.stringify(call.headers)} ${JSON.stringify(call.users ?? [])} ${body.toString()}`;
	if (format === 'json') return failure(status, 'InternalError', `The request was: ${sent}`, call);
	return page(status, `<html><body><h1>Something went wrong</h1><pre>${sent}</pre></body></html>`);
}

function retryAfterOf(answer: Answer, seconds: number | undefined): Answer {
	if (seconds === undefined) return answer;
	return { ...answer, headers: { ...answer.headers, 'retry-after': String(seconds) } };
}
