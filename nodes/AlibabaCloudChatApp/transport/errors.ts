import { DeadlineExceeded } from './deadline';
import { hintFor } from './hints';
import type { HttpAnswer } from './http';
import { redact, redactRequestId } from './redact';

/**
 * What a refusal means for what comes next: `throttled` and `temporary` calls are tried again, a `tooLarge` one in
 * halves; `access` (key, secret, permission) holds for every further call; `rejected` for this call alone.
 */
export type RefusalKind = 'throttled' | 'temporary' | 'tooLarge' | 'access' | 'rejected';

/** Why a call was not accepted, in words that hold no personal data and no secret. */
export interface Refusal {
	kind: RefusalKind;
	/** The API's code, e.g. `Throttling.User`; `Http502` or `ECONNRESET` where the API gave none. */
	code: string;
	/** What happened. */
	message: string;
	/** How to mend it. */
	hint: string;
	/** Empty when there was none. */
	requestId: string;
	httpStatus?: number;
	/** Milliseconds that the server asked to wait; never negative. */
	retryAfter?: (now: number) => number;
	/** The call may have been carried out though its answer never came. */
	answerLost: boolean;
}

const THROTTLED = /throttl/i;
const ACCESS =
	/^(InvalidAccessKey|SignatureDoesNotMatch|IncompleteSignature|InvalidSecurityToken|MissingSecurityToken|SecurityToken|InvalidTimeStamp|NoPermission|Forbidden|Unauthorized)/i;
const NEVER_SENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;
const CERTIFICATE = /CERT|TLS|SSL|LEAF_SIGNATURE/;

/** Reads an answer that isn't an acceptance. `body` is its JSON object, if it holds one; anything else is not quoted. */
export function refusalOfAnswer(
	answer: HttpAnswer,
	body: Record<string, unknown> | undefined,
	call: { action: string; secrets: string[] },
): Refusal {
	const { status } = answer;
	const fromApi = body?.Code !== undefined && body.Code !== 'OK';
	const code = fromApi ? redact(String(body.Code), call.secrets) : `Http${status}`;
	const message = fromApi
		? redact(String(body.Message ?? ''), call.secrets)
		: `The server answered with HTTP status ${status} and ${body ? 'JSON without a code' : 'no JSON'}`;
	const kind = kindOf(status, fromApi ? code : '');
	return {
		kind,
		code,
		message,
		hint: hintFor({ action: call.action, status, code: fromApi ? code : '', message }),
		requestId: redactRequestId(String(body?.RequestId ?? '')),
		httpStatus: status,
		retryAfter: retryAfter(answer.headers['retry-after']),
		// A gateway that answers for the API doesn't know whether the API got the call.
		answerLost: kind === 'temporary' && !fromApi,
	};
}

/** Reads why no complete answer came; only the error's code is looked at, since its message holds the URL. */
export function refusalOfNoAnswer(error: unknown, limits: { timeout: number }): Refusal {
	if (error instanceof DeadlineExceeded) {
		return {
			kind: 'temporary',
			code: 'Timeout',
			message: `No complete answer came within ${limits.timeout / 1000} seconds`,
			hint: "Try again later, or raise 'Timeout' in the node's options",
			requestId: '',
			answerLost: true,
		};
	}
	const code = networkCode(error);
	const untrusted = CERTIFICATE.test(code);
	return {
		kind: untrusted ? 'rejected' : 'temporary',
		code,
		message: untrusted
			? `The server's certificate is not trusted (${code})`
			: `The connection broke off or was never made (${code})`,
		hint: untrusted
			? 'If a proxy of your company opens TLS connections, give its certificate to n8n with NODE_EXTRA_CA_CERTS'
			: "Check that n8n reaches the internet and that the credential's 'Region' and 'Endpoint' are right, then run again",
		requestId: '',
		answerLost: !untrusted && !NEVER_SENT.test(code),
	};
}

function kindOf(status: number, code: string): RefusalKind {
	if (THROTTLED.test(code) || status === 429) return 'throttled';
	if (status === 413 || status === 414) return 'tooLarge';
	if (ACCESS.test(code) || (code !== '' && (status === 401 || status === 403))) return 'access';
	return status === 408 || status >= 500 ? 'temporary' : 'rejected';
}

function networkCode(error: unknown): string {
	for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 5; depth++) {
		const { code } = cause as Error & { code?: unknown };
		if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code)) return code;
		cause = cause.cause;
	}
	return 'NoAnswer';
}

// RFC 9110, 10.2.3: seconds, or a date.
function retryAfter(header: unknown): Refusal['retryAfter'] {
	if (typeof header !== 'string') return undefined;
	if (/^\d+$/.test(header.trim())) return () => Number(header) * 1000;
	const date = Date.parse(header);
	return Number.isNaN(date) ? undefined : (now) => Math.max(0, date - now);
}
