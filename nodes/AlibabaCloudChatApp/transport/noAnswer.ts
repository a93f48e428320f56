import { DeadlineExceeded } from './deadline';
import type { Refusal } from './errors';

/** Reads why no complete answer came; only the error's code and class are looked at, since its message holds the URL. */
export function refusalOfNoAnswer(
	error: unknown,
	call: { action: string; timeout: number },
): Refusal {
	if (error instanceof DeadlineExceeded) {
		return {
			what: '',
			fix: '',
			kind: 'temporary',
			code: 'Timeout',
			message: `No complete answer came within ${call.timeout / 1000} seconds`,
			// Only Add Users has the option.
			hint:
				call.action === 'AddCustomAudienceUser'
					? "Try again later, or raise 'Timeout' in the node's options"
					: `Try again later. If it stays so: ${CHECK_NETWORK.replace(/^Check/, 'check')}`,
			requestId: '',
			answerLost: true,
		};
	}
	const code = codeOf(error);
	const { message, hint, later, sent } = CAUSES.find(({ codes }) => codes.test(code)) ?? BROKEN_OFF;
	return {
		what: '',
		fix: '',
		kind: later ? 'temporary' : 'rejected',
		code,
		message: `${message} (${code})`,
		hint,
		requestId: '',
		answerLost: sent,
	};
}

interface Cause {
	codes: RegExp;
	message: string;
	hint: string;
	/** A later try may go better. */
	later: boolean;
	/** The call may have reached the server. */
	sent: boolean;
}

const CHECK_NETWORK =
	"Check that n8n reaches the internet and that the credential's 'Region' and 'Endpoint' are right, then run again";
const BLOCKED = 'SsrfBlocked';
const UNEXPECTED = 'Unexpected';

const BROKEN_OFF = {
	message: 'The connection broke off',
	hint: CHECK_NETWORK,
	later: true,
	sent: true,
};

const CAUSES: Cause[] = [
	{
		codes: /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/,
		message: 'The connection was never made',
		hint: CHECK_NETWORK,
		later: true,
		sent: false,
	},
	{
		codes: /CERT|LEAF_SIGNATURE|UNABLE_TO_GET_CRL|INVALID_CA|PATH_LENGTH_EXCEEDED/,
		message: "The server's certificate is not trusted",
		hint: 'If a proxy of your company opens TLS connections, give its certificate to n8n with NODE_EXTRA_CA_CERTS',
		later: false,
		sent: false,
	},
	{
		codes: /^(EPROTO$|ERR_SSL_|ERR_TLS_)/,
		message: 'No TLS connection came about',
		hint: "Check that the credential's 'Endpoint' and the proxy settings of n8n name the right scheme and port",
		later: false,
		sent: false,
	},
	{
		codes: new RegExp(`^${BLOCKED}$`),
		message: "The n8n instance's own rules block this address",
		hint: "Ask the n8n administrator to allow the credential's endpoint in the SSRF protection",
		later: false,
		sent: false,
	},
	{
		// What Node says of a header or URL that it will not send.
		codes: /^ERR_(INVALID|UNESCAPED|HTTP_INVALID)_/,
		message: 'The call could not be built',
		hint: 'Enter key, secret and token in the credential again, without spaces or line breaks around them',
		later: false,
		sent: false,
	},
	{
		codes: new RegExp(`^${UNEXPECTED}$`),
		message: 'The call ended in a way that this node does not know',
		hint: "Report this to the node's maintainers, with the versions of n8n and of this node",
		later: false,
		sent: true,
	},
];

function codeOf(error: unknown): string {
	for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 5; depth++) {
		const { code, name } = cause as Error & { code?: unknown };
		if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code)) return code;
		if (name.startsWith(BLOCKED)) return BLOCKED;
		if (cause instanceof TypeError || cause instanceof RangeError) return UNEXPECTED;
		cause = cause.cause;
	}
	return 'NoAnswer';
}
