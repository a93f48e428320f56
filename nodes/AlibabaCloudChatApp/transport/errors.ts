import { hintFor } from './hints';
import type { HttpAnswer } from './http';
import { readCode, redact, redactRequestId } from './redact';

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
	what: string;
	fix: string;
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
// Something on the way sent the call twice; the next try has a nonce of its own.
const NONCE_USED = /^SignatureNonceUsed/i;

/** Reads an answer that isn't an acceptance. `body` is its JSON object, if it holds one; anything else is not quoted. */
export function refusalOfAnswer(
	answer: HttpAnswer,
	body: Record<string, unknown> | undefined,
	call: { action: string; secrets: string[] },
): Refusal {
	const { status } = answer;
	const { action, secrets } = call;
	const fromApi = body?.Code !== undefined && body.Code !== 'OK';
	const apiCode = fromApi ? (readCode(body.Code, secrets) ?? '[hidden]') : '';
	const message = fromApi
		? redact(typeof body.Message === 'string' ? body.Message : '', secrets) || NO_REASON
		: notFromApi(status, body);
	const kind = kindOf(status, apiCode);
	return {
		kind,
		code: apiCode || `Http${status}`,
		message,
		hint: hintFor({ action, status, code: apiCode, message }),
		what: message,
		fix: hintFor({ action, status, code: apiCode, message }),
		requestId: redactRequestId(body?.RequestId),
		httpStatus: status,
		retryAfter: retryAfter(answer.headers['retry-after']),
		// What answers with such a status, or spoils a good answer, doesn't tell how far the call got.
		answerLost: kind === 'temporary' || (!fromApi && status >= 200 && status < 300),
	};
}

const NO_REASON = 'The call was refused without a reason';

function notFromApi(status: number, body: object | undefined): string {
	const what = body ? 'JSON that does not say what became of the call' : 'no JSON';
	return `The server answered with HTTP status ${status} and ${what}`;
}

function kindOf(status: number, code: string): RefusalKind {
	if (THROTTLED.test(code) || status === 429) return 'throttled';
	if (status === 413 || status === 414) return 'tooLarge';
	if (NONCE_USED.test(code)) return 'temporary';
	if (ACCESS.test(code) || (code !== '' && (status === 401 || status === 403))) return 'access';
	return status === 408 || status >= 500 ? 'temporary' : 'rejected';
}

// RFC 9110, 10.2.3: seconds, or a date.
function retryAfter(header: unknown): Refusal['retryAfter'] {
	if (typeof header !== 'string') return undefined;
	if (/^\s*\d+\s*$/.test(header)) return () => Number(header) * 1000;
	const date = /[a-z]/i.test(header) ? Date.parse(header) : NaN;
	return Number.isNaN(date) ? undefined : (now) => Math.max(0, date - now);
}
