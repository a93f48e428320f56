import { DeadlineExceeded } from '../async';
import type { Message } from '../message';
import { endpointField, wordsFor } from './advice';
import { AnswerTooLong, type HttpAnswer } from './http';
import { quotes, redact, type Sent, withoutCalculation } from './redact';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ID = /^(?=.*\d)[\w-]{6,64}$/;
const CODE = /^[\w.:-]{1,100}$/;
const HIDDEN = '[hidden]';
/** Shorter ones are no phone numbers, and most request IDs hold some. */
const SHORTEST_NUMBER = 8;
const LONG_DIGITS = new RegExp(`\\d{${SHORTEST_NUMBER}}`);

/** What a service says, as far as it may be shown; empty when it says nothing. */
export function shownMessage(value: unknown, sent: Sent): string {
	if (typeof value !== 'string') return '';
	if (quotes(withoutCalculation(value), sent)) {
		return 'The call was refused with a message that repeats what was sent, so it is not shown';
	}
	return redact(value, sent.secrets);
}

/** What a service says, as a clause that a sentence of ours can hold. */
export function withoutFullStop(message: string): string {
	return message.replace(/\.$/, '');
}

/** A request ID when it looks like one and repeats nothing that was sent; empty when it is no text. */
export function shownRequestId(value: unknown, sent: Sent): string {
	if (typeof value !== 'string' || value === '') return '';
	return isHarmlessId(value, sent) ? value : HIDDEN;
}

function isHarmlessId(value: string, sent: Sent): boolean {
	if (!UUID.test(value)) return ID.test(value) && redact(value) === value && !quotes(value, sent);
	const digits = value.replaceAll('-', '');
	const bytes = Buffer.from(digits, 'hex');
	if (bytes.every((byte) => byte >= 0x20 && byte < 0x7f)) return false;
	// Ten thousand contacts are looked up only in an ID that could hold a number.
	if (!LONG_DIGITS.test(digits)) return !sent.secrets.includes(value);
	for (const one of sent.personal?.() ?? []) {
		if (one.length >= SHORTEST_NUMBER && digits.includes(one)) return false;
	}
	return !sent.secrets.includes(value);
}

/** The code of an answer as the rules read it; empty for what is none. */
export function codeOf(value: unknown): string {
	if (typeof value !== 'string' && typeof value !== 'number') return '';
	const code = String(value);
	return CODE.test(code) ? code : '';
}

/** A code that may be shown, when it repeats nothing that was sent. */
export function shownCode(code: string, sent: Sent): string {
	if (!CODE.test(code) || redact(code, sent.secrets) !== code) return HIDDEN;
	return quotes(code, sent) ? HIDDEN : code;
}

/**
 * What a refusal means for what comes next: `throttled` and `temporary` calls are tried again, a `tooLarge` one in
 * halves; `key` (ID, secret, token) holds for every further call, `permission` for those of the same action on the same
 * channel; `rejected` for this call alone.
 */
export type ApiErrorKind =
	| 'throttled'
	| 'temporary'
	| 'tooLarge'
	| 'key'
	| 'permission'
	| 'rejected';

/** The facts of a failed call, in words that contain no personal data and no secret. */
interface ApiErrorFacts extends Message {
	kind: ApiErrorKind;
	/** The API's action, e.g. `ListInstance`; absent where no call was made. */
	action?: string;
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
	/** The call may have been carried out though its response never came. */
	answerLost: boolean;
}

/**
 * A failed call: returned where the caller decides what comes next, thrown where a call must be accepted.
 * `code` is the API's, e.g. `Throttling.User`; `Http502` or `ECONNRESET` where the API gave none.
 */
export class ApiError extends Error implements ApiErrorFacts {
	readonly kind: ApiErrorKind;

	readonly action?: string;

	readonly code: string;

	readonly what: string;

	readonly fix: string;

	readonly namesCode?: true;

	readonly said?: string;

	readonly verbatim?: string;

	readonly requestId: string;

	readonly httpStatus?: number;

	readonly retryAfter?: (now: number) => number;

	readonly answerLost: boolean;

	constructor(facts: ApiErrorFacts) {
		super(facts.what);
		this.kind = facts.kind;
		this.action = facts.action;
		this.code = facts.code;
		this.what = facts.what;
		this.fix = facts.fix;
		this.namesCode = facts.namesCode;
		this.said = facts.said;
		this.verbatim = facts.verbatim;
		this.requestId = facts.requestId;
		this.httpStatus = facts.httpStatus;
		this.retryAfter = facts.retryAfter;
		this.answerLost = facts.answerLost;
	}

	/** The same error with some facts changed. */
	with(changes: Partial<ApiErrorFacts>): ApiError {
		return new ApiError({ ...this, ...changes });
	}
}

/** What happened, with the code for those who look it up. */
export function withCode({ what, code, namesCode }: ApiError): string {
	return namesCode ? what : `${what} (${code})`;
}

/** The API's own message for those who look it up, where `what` says it in other words; without a full stop. */
export function theirWords({ said }: Pick<ApiError, 'said'>): string[] {
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

const THROTTLED = /throttl|LimitControl/i;
const KEY =
	/^(InvalidAccessKey|SignatureDoesNotMatch|IncompleteSignature|InvalidSecurityToken|MissingSecurityToken|SecurityToken|InvalidTimeStamp)/i;
const PERMISSION = /^(NoPermission|Forbidden|Unauthorized|Ram\.PermissionDeny)/i;
// The service says so with any HTTP status, 200 too.
const TEMPORARY = /^(ServiceUnavailable|SystemError|SystemBusy)/i;
// Something on the way sent the call twice; the next try has a nonce of its own.
const NONCE_USED = /^SignatureNonceUsed/i;

/** Reads an answer that isn't an acceptance. `body` is its JSON object, if it holds one; anything else is not quoted. */
export function errorOfResponse(
	answer: HttpAnswer,
	body: Record<string, unknown> | undefined,
	asked: Asked,
): ApiError {
	const { status } = answer;
	const fromApi = body?.Code !== undefined && body.Code !== 'OK';
	const code = fromApi ? codeOf(body.Code) || UNREADABLE : '';
	const said = fromApi ? shownMessage(body.Message, asked) || NO_REASON : '';
	const clause = withoutFullStop(said);
	const isUnclear = body !== undefined && !fromApi;
	const words = wordsFor({ ...asked, status, code, said, isUnclear });
	const kind = kindOf(status, code);
	return new ApiError({
		kind,
		action: asked.action,
		code: fromApi ? shownCode(code, asked) : `Http${status}`,
		what: isUnclear ? UNCLEAR : (words.what ?? clause),
		fix: words.fix,
		...(said !== '' && (words.what === undefined ? { verbatim: said } : { said: clause })),
		requestId: shownRequestId(body?.RequestId, asked),
		httpStatus: status,
		retryAfter: retryAfter(answer.headers['retry-after']),
		// What answers with such a status, or spoils a good answer, doesn't tell how far the call got.
		answerLost: kind === 'temporary' || (!fromApi && status >= 200 && status < 300),
	});
}

/** Stands for a code that is none. */
const UNREADABLE = '?';
const NO_REASON = 'The call was refused without a reason';
const UNCLEAR = 'The server answered with JSON that does not say what became of the call';

function kindOf(status: number, code: string): ApiErrorKind {
	if (THROTTLED.test(code) || status === 429) return 'throttled';
	if (status === 413 || status === 414) return 'tooLarge';
	if (NONCE_USED.test(code)) return 'temporary';
	if (KEY.test(code) || (code !== '' && status === 401)) return 'key';
	if (PERMISSION.test(code) || (code !== '' && status === 403)) return 'permission';
	if (TEMPORARY.test(code)) return 'temporary';
	return status === 408 || status >= 500 ? 'temporary' : 'rejected';
}

// RFC 9110, 10.2.3: seconds, or a date.
function retryAfter(header: unknown): ApiError['retryAfter'] {
	if (typeof header !== 'string') return undefined;
	if (/^\s*\d+\s*$/.test(header)) return () => Number(header) * 1000;
	const date = /[a-z]/i.test(header) ? Date.parse(header) : NaN;
	return Number.isNaN(date) ? undefined : (now) => Math.max(0, date - now);
}

/** Reads why no complete answer came; only the error's code and class are looked at, since its message holds the URL. */
export function errorOfNetwork(
	error: unknown,
	call: { action: string; timeout: number },
): ApiError {
	if (error instanceof DeadlineExceeded) {
		return new ApiError({
			kind: 'temporary',
			action: call.action,
			code: TIMEOUT,
			what: `No complete answer came within ${call.timeout / 1000} seconds`,
			// Only Add Users has the option.
			fix:
				call.action === 'AddCustomAudienceUser'
					? "Try again later, or raise 'Timeout' in the node's options"
					: `Try again later. If it stays so, check ${reach(call.action)}, then run again`,
			requestId: '',
			answerLost: true,
		});
	}
	const code = networkCodeOf(error);
	const cause = CAUSES.find(({ codes }) => codes.test(code)) ?? BROKEN_OFF;
	const { what, later, sent } = cause;
	const fix = cause.fix ?? `Check ${reach(call.action)}, then run again`;
	return new ApiError({
		action: call.action,
		kind: later ? 'temporary' : 'rejected',
		code,
		what: `${what} (${code})`,
		namesCode: true,
		fix,
		requestId: '',
		answerLost: sent,
	});
}

interface Cause {
	codes: RegExp;
	what: string;
	/** Absent where the way to the server is to be checked. */
	fix?: string;
	/** A later try may go better. */
	later: boolean;
	/** The call may have reached the server. */
	sent: boolean;
}

function reach(action: string): string {
	return `that n8n reaches the internet and that the credential's 'Region' and '${endpointField(action)}' are right`;
}

const BLOCKED = 'SsrfBlocked';
const TOO_LONG = 'AnswerTooLong';
const UNEXPECTED = 'Unexpected';
const UNEXPECTED_KINDS = new Set<string | undefined>(['TypeError', 'RangeError', 'URIError']);

const BROKEN_OFF: Omit<Cause, 'codes'> = {
	what: 'The connection broke off',
	later: true,
	sent: true,
};

const CAUSES: Cause[] = [
	{
		codes: /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/,
		what: 'The connection was never made',
		later: true,
		sent: false,
	},
	{
		codes: /CERT|LEAF_SIGNATURE|UNABLE_TO_GET_CRL|INVALID_CA|PATH_LENGTH_EXCEEDED/,
		what: "The server's certificate is not trusted",
		fix: 'If a proxy of your company opens TLS connections, give its certificate to n8n with NODE_EXTRA_CA_CERTS',
		later: false,
		sent: false,
	},
	{
		codes: /^(EPROTO$|ERR_SSL_|ERR_TLS_)/,
		what: 'The TLS connection could not be set up',
		fix: "Check that the credential's 'Endpoint' and the proxy settings of n8n name the right scheme and port",
		later: false,
		sent: false,
	},
	{
		codes: new RegExp(`^${BLOCKED}$`),
		what: "The n8n instance's own rules block this address",
		fix: "Ask the n8n administrator to allow the credential's endpoint in the SSRF protection",
		later: false,
		sent: false,
	},
	{
		// What Node says of a header or URL that it will not send.
		codes: /^ERR_(INVALID|UNESCAPED|HTTP_INVALID)_/,
		what: 'The call could not be built',
		fix: 'Enter key, secret and token in the credential again, without spaces or line breaks around them',
		later: false,
		sent: false,
	},
	{
		codes: new RegExp(`^${TOO_LONG}$`),
		what: 'The server answered with more than this API ever says',
		fix: "What answered is not Alibaba Cloud's API: check the credential's endpoint, and the proxy",
		later: false,
		sent: true,
	},
	{
		codes: new RegExp(`^${UNEXPECTED}$`),
		what: 'The call ended in a way that this node does not know',
		fix: "Report this to the node's maintainers, with the versions of n8n and of this node",
		later: false,
		sent: true,
	},
];

// By names and not by classes: what n8n's helper and its streams throw may come from another context.
function networkCodeOf(error: unknown): string {
	let cause = error as ErrorLike | null | undefined;
	for (let depth = 0; typeof cause === 'object' && cause !== null && depth < 5; depth++) {
		const { code, name } = cause;
		if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code)) return code;
		if (cause instanceof AnswerTooLong) return TOO_LONG;
		if (name?.startsWith(BLOCKED)) return BLOCKED;
		if (UNEXPECTED_KINDS.has(name)) return UNEXPECTED;
		cause = cause.cause;
	}
	return 'NoAnswer';
}

interface ErrorLike {
	code?: unknown;
	name?: string;
	cause?: ErrorLike;
}
