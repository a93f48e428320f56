import type { Message } from '../message';
import { wordsFor } from './fixes';
import type { HttpAnswer } from './http';
import type { Sent } from './quotes';
import { codeOf, shownCode, shownMessage, shownRequestId, withoutFullStop } from './shown';

/**
 * What a refusal means for what comes next: `throttled` and `temporary` calls are tried again, a `tooLarge` one in
 * halves; `key` (ID, secret, token) holds for every further call, `permission` for those of the same action on the same
 * channel; `rejected` for this call alone.
 */
export type RefusalKind =
	| 'throttled'
	| 'temporary'
	| 'tooLarge'
	| 'key'
	| 'permission'
	| 'rejected';

/**
 * Why a call was not accepted, in words that hold no personal data and no secret.
 * `code` is the API's, e.g. `Throttling.User`; `Http502` or `ECONNRESET` where the API gave none.
 */
export interface Refusal extends Message {
	kind: RefusalKind;
	/** `what` names the code itself. */
	namesCode?: true;
	/** The API's own message without its full stop, where `what` says it in other words. */
	said?: string;
	/** The API's own message as it came, where `what` is the same without its full stop. */
	verbatim?: string;
	/** Empty when there was none. */
	requestId: string;
	httpStatus?: number;
	/** Milliseconds that the server asked to wait; never negative. */
	retryAfter?: (now: number) => number;
	/** The call may have been carried out though its answer never came. */
	answerLost: boolean;
}

/** What happened, with the code for those who look it up. */
export function withCode({ what, code, namesCode }: Refusal): string {
	return namesCode ? what : `${what} (${code})`;
}

/** The API's own message for those who look it up, where `what` says it in other words; without a full stop. */
export function theirWords({ said }: Pick<Refusal, 'said'>): string[] {
	return said === undefined ? [] : [`Alibaba Cloud said: ${said}`];
}

/** The code of a call that got no complete answer in time. */
export const TIMEOUT = 'Timeout';

/** What the words about a refusal depend on beside the answer. */
export interface Asked extends Sent {
	action: string;
	/** Whether an assumed role's key signed the call. */
	ofRole: boolean;
}

/** Thrown where a call must be accepted for the work to go on. */
export class CallRefused extends Error {
	constructor(
		readonly action: string,
		readonly refusal: Refusal,
	) {
		super(refusal.what);
	}
}

const THROTTLED = /throttl|LimitControl/i;
const KEY =
	/^(InvalidAccessKey|SignatureDoesNotMatch|IncompleteSignature|InvalidSecurityToken|MissingSecurityToken|SecurityToken|InvalidTimeStamp)/i;
const PERMISSION = /^(NoPermission|Forbidden|Unauthorized|Ram\.PermissionDeny)/i;
// The service says so with any HTTP status, 200 too.
const TEMPORARY = /^(ServiceUnavailable|SystemError|SystemBusy)/i;
// Something on the way sent the call twice; the next try has a nonce of its own.
const NONCE_USED = /^SignatureNonceUsed/i;

/** Reads an answer that isn't an acceptance. `body` is its JSON object, if it holds one; anything else is not quoted. */
export function refusalOfAnswer(
	answer: HttpAnswer,
	body: Record<string, unknown> | undefined,
	asked: Asked,
): Refusal {
	const { status } = answer;
	const fromApi = body?.Code !== undefined && body.Code !== 'OK';
	const code = fromApi ? codeOf(body.Code) || UNREADABLE : '';
	const said = fromApi ? shownMessage(body.Message, asked) || NO_REASON : '';
	const clause = withoutFullStop(said);
	const isUnclear = body !== undefined && !fromApi;
	const words = wordsFor({ ...asked, status, code, said, isUnclear });
	const kind = kindOf(status, code);
	return {
		kind,
		code: fromApi ? shownCode(code, asked) : `Http${status}`,
		what: isUnclear ? UNCLEAR : (words.what ?? clause),
		fix: words.fix,
		...(said !== '' && (words.what === undefined ? { verbatim: said } : { said: clause })),
		requestId: shownRequestId(body?.RequestId, asked),
		httpStatus: status,
		retryAfter: retryAfter(answer.headers['retry-after']),
		// What answers with such a status, or spoils a good answer, doesn't tell how far the call got.
		answerLost: kind === 'temporary' || (!fromApi && status >= 200 && status < 300),
	};
}

/** Stands for a code that is none. */
const UNREADABLE = '?';
const NO_REASON = 'The call was refused without a reason';
const UNCLEAR = 'The server answered with JSON that does not say what became of the call';

function kindOf(status: number, code: string): RefusalKind {
	if (THROTTLED.test(code) || status === 429) return 'throttled';
	if (status === 413 || status === 414) return 'tooLarge';
	if (NONCE_USED.test(code)) return 'temporary';
	if (KEY.test(code) || (code !== '' && status === 401)) return 'key';
	if (PERMISSION.test(code) || (code !== '' && status === 403)) return 'permission';
	if (TEMPORARY.test(code)) return 'temporary';
	return status === 408 || status >= 500 ? 'temporary' : 'rejected';
}

// RFC 9110, 10.2.3: seconds, or a date.
function retryAfter(header: unknown): Refusal['retryAfter'] {
	if (typeof header !== 'string') return undefined;
	if (/^\s*\d+\s*$/.test(header)) return () => Number(header) * 1000;
	const date = /[a-z]/i.test(header) ? Date.parse(header) : NaN;
	return Number.isNaN(date) ? undefined : (now) => Math.max(0, date - now);
}
