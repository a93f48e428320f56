import { DeadlineExceeded } from '../async';
import type { IdName } from '../ids';
import type { Message } from '../message';
import { codeIn, type Sent, shownCode, shownMessage, shownRequestId } from '../redact';
import { ADD_USERS, adviceOn, type ApiErrorKind, type FailedCall } from './advice';
import { type HttpResponse, ResponseTooLong } from './http';

/** The API's actions that this node's operations and lists call. */
const ACTIONS = [
	ADD_USERS,
	'CreateCustomAudience',
	'ListCustomAudience',
	'ListInstance',
	'ListMessengerSubscriptionToken',
	'ListPageAdAccount',
	'SyncMessengerSubscriptionToken',
];

/** The RAM policy that allows them all, as JSON to paste into the RAM console; with spaces, so that n8n can wrap it. */
const WHOLE_POLICY = JSON.stringify({
	Version: '1',
	Statement: [
		{ Effect: 'Allow', Action: ACTIONS.map((action) => `cams:${action}`), Resource: '*' },
	],
}).replaceAll(',', ', ');

/** The facts of a failed call, without personal data and secrets. */
interface ApiErrorFacts extends Message {
	kind: ApiErrorKind;
	/** The API's action, e.g. `ListInstance`; absent where no call was made. */
	action?: string;
	/** The API's own message; empty or absent when there is none. */
	apiMessage?: string;
	/** Empty when there is none. */
	requestId: string;
	httpStatus?: number;
	/** The ID that the service doesn't know. */
	unknownId?: IdName;
	/** The service rejected the request's content, and so probably an ID. */
	isAboutIds?: true;
	/** Milliseconds that the server asked to wait, from the present time (milliseconds since 1970) on; never negative. */
	retryAfter?: (now: number) => number;
	/** The call may have been carried out though its response never came. */
	responseLost: boolean;
}

/**
 * A failed call: returned where the caller decides what comes next, thrown where a call must be accepted.
 * `code` is the API's, e.g. `Throttling.User`; `Http502` or `ECONNRESET` where the API sent none. `what` and `fix` are in
 * plain words.
 */
export class ApiError extends Error implements ApiErrorFacts {
	readonly kind!: ApiErrorKind;

	readonly action?: string;

	readonly code!: string;

	readonly what!: string;

	readonly fix!: string;

	readonly apiMessage?: string;

	readonly requestId!: string;

	readonly httpStatus?: number;

	readonly unknownId?: IdName;

	readonly isAboutIds?: true;

	readonly retryAfter?: (now: number) => number;

	readonly responseLost!: boolean;

	constructor(facts: ApiErrorFacts) {
		super(facts.what);
		Object.assign(this, facts);
	}

	/** The same error with some facts changed. */
	with(changes: Partial<ApiErrorFacts>): ApiError {
		return new ApiError({ ...this, ...changes });
	}

	/** The API's own message, without its period; empty when there is none, or when `what` contains it. */
	get quote(): string {
		const apiMessage = this.apiMessage?.replace(/\.$/, '') ?? '';
		return apiMessage === '' || this.what.endsWith(apiMessage)
			? ''
			: `Alibaba Cloud said: ${apiMessage}`;
	}

	/** Code, HTTP status, and request ID, as far as there are any. */
	get codes(): string {
		const { code, httpStatus, requestId } = this;
		const codes = [
			!/^(Http\d|Timeout$)/.test(code) && code,
			httpStatus !== undefined && `HTTP ${httpStatus}`,
			requestId && `request ID ${requestId}`,
		];
		return codes.filter(Boolean).join(', ');
	}
}

/** What happened, with the code. */
export function withCode({ what, code }: ApiError): string {
	return `${what} (${code})`;
}

/** What comes after the advice: the policy that a key needs, and the API's own message; without periods. */
export function detailsOf({ kind, quote }: Pick<ApiError, 'kind' | 'quote'>): string[] {
	const policy = `A policy with all permissions that this node uses: ${WHOLE_POLICY}`;
	return [...(kind === 'permission' ? [policy] : []), ...(quote === '' ? [] : [quote])];
}

/** What the text about a failed call depends on besides the response. */
export interface RequestFacts extends Sent {
	action: string;
	/** The key of an assumed role signed the call. */
	isByRole: boolean;
	/** Milliseconds that the call could take. */
	timeout: number;
}

/**
 * Reads a response that isn't an acceptance.
 * @param body its JSON object, if it contains one; anything else isn't quoted
 */
export function errorOfResponse(
	{ status, headers }: HttpResponse,
	body: Record<string, unknown> | undefined,
	request: RequestFacts,
): ApiError {
	// An 'OK' without the rest of an acceptance is no error code, however it is written.
	const isFromApi = body?.Code !== undefined && !/^\s*ok\s*$/i.test(String(body.Code));
	const source = isFromApi ? 'api' : body && status < 300 ? 'unclear' : 'other';
	const code = isFromApi ? codeIn(body.Code) : '';
	const apiMessage = isFromApi ? shownMessage(body.Message, request) : '';
	return new ApiError({
		...adviceOn({ ...request, source, code, status, apiMessage }),
		action: request.action,
		code: isFromApi ? shownCode(code, request) : `Http${status}`,
		apiMessage,
		requestId: shownRequestId(body?.RequestId, request),
		httpStatus: status,
		retryAfter: readRetryAfter(headers['retry-after']),
	});
}

// RFC 9110, 10.2.3: seconds, or a date.
function readRetryAfter(header: unknown): ApiErrorFacts['retryAfter'] {
	if (typeof header !== 'string') return undefined;
	if (/^\s*\d+\s*$/.test(header)) return () => Number(header) * 1000;
	const date = /[a-z]/i.test(header) ? Date.parse(header) : NaN;
	return Number.isNaN(date) ? undefined : (now) => Math.max(0, date - now);
}

/**
 * Reads why no complete response came. Only the error's code and class are used, since its message contains the URL.
 */
export function errorOfNetwork(
	error: unknown,
	request: Pick<RequestFacts, 'action' | 'timeout'>,
): ApiError {
	const code = error instanceof DeadlineExceeded ? 'Timeout' : networkCodeOf(error);
	const call: FailedCall = {
		...request,
		source: 'network',
		code,
		status: 0,
		apiMessage: '',
		isByRole: false,
	};
	return new ApiError({ ...adviceOn(call), action: request.action, code, requestId: '' });
}

const UNEXPECTED = new Set<string | undefined>(['TypeError', 'RangeError', 'URIError']);

// n8n's errors are recognized by name: those of its helper and its streams may be of classes from another context.
function networkCodeOf(error: unknown): string {
	let cause = error as ErrorLike | null | undefined;
	for (let depth = 0; typeof cause === 'object' && cause !== null && depth < 5; depth++) {
		const { code, name } = cause;
		if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code)) return code;
		if (cause instanceof ResponseTooLong) return 'ResponseTooLong';
		if (name?.startsWith('SsrfBlocked')) return 'SsrfBlocked';
		if (UNEXPECTED.has(name)) return 'Unexpected';
		cause = cause.cause;
	}
	return 'NoResponse';
}

interface ErrorLike {
	code?: unknown;
	name?: string;
	cause?: ErrorLike;
}

/** What a run knows about its key: that it is rejected, or which actions it may not call. */
export class KeyRejections {
	private key?: ApiError;

	private readonly permissions = new Map<string, ApiError>();

	/**
	 * Why a call to an action would be rejected again.
	 * @param custSpaceId the space of an ISV's customer has its own permissions
	 */
	find(action: string, custSpaceId: string | undefined): ApiError | undefined {
		const known = this.key ?? this.permissions.get(permissionKey(action, custSpaceId));
		return known?.with({ action, requestId: '' });
	}

	/** Notes an error if it applies to further calls. */
	note(error: ApiError, action: string, custSpaceId: string | undefined): void {
		if (error.kind === 'key') this.key = error;
		if (error.kind === 'permission') {
			this.permissions.set(permissionKey(action, custSpaceId), error);
		}
	}
}

function permissionKey(action: string, custSpaceId: string | undefined): string {
	return JSON.stringify([action, custSpaceId]);
}
