import { AnswerTooLong } from './answerText';
import { DeadlineExceeded } from './deadline';
import { endpointField } from './fixes';
import { TIMEOUT, type Refusal } from './refusal';

/** Reads why no complete answer came; only the error's code and class are looked at, since its message holds the URL. */
export function refusalOfNetworkError(
	error: unknown,
	call: { action: string; timeout: number },
): Refusal {
	if (error instanceof DeadlineExceeded) {
		return {
			kind: 'temporary',
			code: TIMEOUT,
			what: `No complete answer came within ${call.timeout / 1000} seconds`,
			// Only Add Users has the option.
			fix:
				call.action === 'AddCustomAudienceUser'
					? "Try again later, or raise 'Timeout' in the node's options"
					: `Try again later. If it stays so, check ${reach(call.action)}, then run again`,
			requestId: '',
			answerLost: true,
		};
	}
	const code = codeOf(error);
	const cause = CAUSES.find(({ codes }) => codes.test(code)) ?? BROKEN_OFF;
	const { what, later, sent } = cause;
	const fix = cause.fix ?? `Check ${reach(call.action)}, then run again`;
	return {
		kind: later ? 'temporary' : 'rejected',
		code,
		what: `${what} (${code})`,
		namesCode: true,
		fix,
		requestId: '',
		answerLost: sent,
	};
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
function codeOf(error: unknown): string {
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
