import { ID_LABELS, type IdName, WHERE_TO_FIND } from '../ids';

/**
 * What a failed call means for what comes next: `throttled` and `temporary` calls are made again, a `tooLarge` one in
 * halves; `key` (ID, secret, token) applies to every further call, `permission` to those of the same action on the same
 * channel; `rejected` for this call alone.
 */
export type ApiErrorKind =
	| 'throttled'
	| 'temporary'
	| 'tooLarge'
	| 'key'
	| 'permission'
	| 'rejected';

/** How a call failed. */
export interface FailedCall {
	action: string;
	/**
	 * `network`: no complete response came. `other`: something that isn't the API responded. `unclear`: what may be the API
	 * responded, but not whether the call was accepted. `api`: the API rejected the call.
	 */
	source: 'network' | 'other' | 'unclear' | 'api';
	/** The API's code, e.g. `NoPermission`; the connection's, e.g. `ECONNREFUSED`; empty when there is none. */
	code: string;
	/** HTTP; 0 when no response came. */
	status: number;
	/** The API's own message; empty when there is none. */
	apiMessage: string;
	/** The key of an assumed role signed the call. */
	isByRole: boolean;
	/** Milliseconds that the call could take. */
	timeout: number;
}

/** What a failed call means, in plain words; `what` and `fix` without their last period. */
export interface Advice {
	kind: ApiErrorKind;
	what: string;
	/** At most two sentences and 240 characters. */
	fix: string;
	/** The ID that the service doesn't know. */
	unknownId?: IdName;
	/** The service rejected the request's content, and so probably an ID. */
	isAboutIds?: true;
	/** The call may have been carried out. */
	responseLost: boolean;
}

/** A case of failure: it applies when its action does, and one of its patterns, if it has any. */
interface Case {
	action?: string;
	/** Applies only to an assumed role's key. */
	isByRole?: true;
	code?: RegExp;
	status?: RegExp;
	/** Matches the code or the API's message. */
	text?: RegExp;
	kind: ApiErrorKind;
	what: string;
	fix: string;
	/** For 'Add Users', which has an option that helps. */
	fixOfAddUsers?: string;
	/** The ID that the service doesn't know. */
	unknownId?: IdName;
	isAboutIds?: true;
	/** By default, only a temporary failure doesn't show whether the call was carried out. */
	responseLost?: boolean;
}

/** Meta's limit for custom audiences. */
export const MAX_AUDIENCES_PER_ACCOUNT = 500;

/** The call that sends users. */
export const ADD_USERS = 'AddCustomAudienceUser';
const ASSUME_ROLE = 'AssumeRole';

const CHECK_CONNECTION =
	"check that n8n can reach the internet and that 'Region' and '{endpoint}' in the credential are correct";
const CHECK_ENDPOINT = "Check 'Region' and '{endpoint}' in the credential, and the proxy";
const NOT_AVAILABLE = 'Alibaba Cloud, or a gateway in front of it, is not available at the moment';
const NOT_THE_API = "The server that responded is not Alibaba Cloud's API";
const TOO_LARGE: Case = {
	status: /^41[34]$/,
	kind: 'tooLarge',
	what: 'The request was too large',
	fix: "Lower 'Contacts per Request' under Advanced",
};

const NO_SUCH = String.raw`illegal|invalid|unknown|not\s*valid|not\s*(?:be\s*)?found|not\s*exist|n't\s*exist`;

/** An ID that the service doesn't know. @param called how the API may call it, as a pattern */
function unknownIdCase(name: IdName, called: string): Case {
	const text = String.raw`(?:${called}).{0,30}?(?:${NO_SUCH})|(?:invalid|illegal|unknown|no such)\W{0,2}(?:${called})`;
	return {
		text: new RegExp(text, 'i'),
		kind: 'rejected',
		what: `This ${THINGS[name]} wasn't found`,
		unknownId: name,
		isAboutIds: true,
		fix: `Check '${ID_LABELS[name]}' in the node${BELONGS[name] ?? ''}. ${WHERE_TO_FIND[name]}`,
	};
}

const THINGS: Record<IdName, string> = {
	custSpaceId: 'channel',
	pageId: 'Page',
	adAccountId: 'ad account',
	customAudienceId: 'custom audience',
};

const BELONGS: Partial<Record<IdName, string>> = {
	pageId: ", and that it belongs to 'Channel'",
	adAccountId: ", and that it belongs to 'Page ID'",
	customAudienceId: ", and that it belongs to 'Page ID' and 'Ad Account'",
};

/** The first case that applies counts. */
const CASES: Record<FailedCall['source'], Case[]> = {
	network: [
		{
			code: /^Timeout$/,
			kind: 'temporary',
			what: 'No complete response came within {seconds} seconds',
			fix: `Run again later. If it happens again, ${CHECK_CONNECTION}`,
			fixOfAddUsers: "Run again later, or raise 'Timeout (Seconds)' under Advanced",
		},
		{
			code: /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/,
			kind: 'temporary',
			what: "The server couldn't be reached",
			fix: `Run again later. If it happens again, ${CHECK_CONNECTION}`,
			responseLost: false,
		},
		{
			code: /CERT|LEAF_SIGNATURE|UNABLE_TO_GET_CRL|INVALID_CA|PATH_LENGTH_EXCEEDED/,
			kind: 'rejected',
			what: "The server's certificate isn't trusted",
			fix: "If your company's proxy inspects TLS connections, add its certificate to n8n with NODE_EXTRA_CA_CERTS",
		},
		{
			code: /^(EPROTO$|ERR_SSL_|ERR_TLS_)/,
			kind: 'rejected',
			what: "The TLS connection couldn't be established",
			fix: "Check the scheme and port in '{endpoint}' in the credential and in n8n's proxy settings",
		},
		{
			code: /^SsrfBlocked$/,
			kind: 'rejected',
			what: 'The settings of this n8n instance block the address',
			fix: "Ask the n8n administrator to allow the credential's '{endpoint}' in the SSRF protection",
		},
		{
			// Node's words for a header or URL that it won't send.
			code: /^ERR_(INVALID|UNESCAPED|HTTP_INVALID)_/,
			kind: 'rejected',
			what: "The request couldn't be built",
			fix: "Enter 'AccessKey ID', 'AccessKey Secret', and 'Security Token' in the credential again, without spaces or line breaks",
		},
		{
			code: /^ResponseTooLong$/,
			kind: 'rejected',
			what: "The response is too long to come from Alibaba Cloud's API",
			fix: CHECK_ENDPOINT,
			responseLost: true,
		},
		{
			code: /^Unexpected$/,
			kind: 'rejected',
			what: 'The request ended unexpectedly',
			fix: "Report this to the node's maintainers, with the versions of n8n and of this node",
			responseLost: true,
		},
		{
			kind: 'temporary',
			what: 'The connection was interrupted',
			fix: `Run again later. If it happens again, ${CHECK_CONNECTION}`,
		},
	],
	other: [
		TOO_LARGE,
		{
			status: /^407$/,
			kind: 'rejected',
			what: 'The proxy requires a login',
			fix: 'Set HTTPS_PROXY for n8n to http://user:password@host:port',
		},
		{
			status: /^3/,
			kind: 'rejected',
			what: "The server redirects requests, and contacts aren't sent to another server",
			fix: CHECK_ENDPOINT,
		},
		{
			status: /^429$/,
			kind: 'throttled',
			what: NOT_AVAILABLE,
			fix: 'Run again later',
		},
		{
			status: /^(408|[5-9]..)$/,
			kind: 'temporary',
			what: NOT_AVAILABLE,
			fix: 'Run again later',
		},
		{
			// A proxy may have spoiled the response to an accepted call.
			status: /^2/,
			kind: 'rejected',
			what: NOT_THE_API,
			fix: CHECK_ENDPOINT,
			responseLost: true,
		},
		{ kind: 'rejected', what: NOT_THE_API, fix: CHECK_ENDPOINT },
	],
	unclear: [
		{
			kind: 'rejected',
			what: 'The response does not show whether the request was accepted',
			fix: CHECK_ENDPOINT,
			responseLost: true,
		},
	],
	// The service uses some of these codes with any HTTP status, even 200.
	api: [
		{
			code: /throttl|LimitControl/i,
			status: /^429$/,
			kind: 'throttled',
			what: 'Alibaba Cloud is limiting the rate of requests',
			fix: 'Run again later',
			fixOfAddUsers: "Run again later, or raise 'Attempts per Request' under Advanced",
		},
		TOO_LARGE,
		{
			// The next attempt has its own nonce.
			code: /^SignatureNonceUsed/i,
			kind: 'temporary',
			what: 'The request arrived twice',
			fix: 'Run again later',
		},
		{
			isByRole: true,
			code: /^(InvalidAccessKey|SignatureDoesNotMatch|(Invalid|Missing)?SecurityToken)/i,
			kind: 'key',
			what: 'Alibaba Cloud rejected the key that the RAM role provided, and a renewed one as well',
			fix: "Check that the role in 'Role ARN' in the credential still exists and that no policy denies its sessions",
		},
		{
			code: /^InvalidAccessKey/i,
			kind: 'key',
			what: "The AccessKey doesn't exist or is disabled",
			fix: "Check 'AccessKey ID' in the credential",
		},
		{
			code: /^(SignatureDoesNotMatch|IncompleteSignature)/i,
			kind: 'key',
			what: 'The AccessKey Secret is incorrect',
			fix: "Enter 'AccessKey Secret' in the credential again",
		},
		{
			code: /^(Invalid)?SecurityToken.*Expired/i,
			kind: 'key',
			what: 'The security token has expired',
			fix: "Enter a new 'AccessKey ID', 'AccessKey Secret', and 'Security Token' in the credential",
		},
		{
			code: /^MissingSecurityToken/i,
			kind: 'key',
			what: 'The AccessKey is temporary and needs its security token',
			fix: "Enter 'Security Token' in the credential",
		},
		{
			code: /^(Invalid)?SecurityToken/i,
			kind: 'key',
			what: "The security token doesn't belong to the AccessKey",
			fix: "Enter 'AccessKey ID', 'AccessKey Secret', and 'Security Token' from the same response in the credential",
		},
		{
			code: /^InvalidTimeStamp/i,
			kind: 'key',
			what: "The n8n server's clock is off by more than 15 minutes",
			fix: 'Correct it, for example by turning on time synchronization',
		},
		{
			status: /^401$/,
			kind: 'key',
			what: 'Alibaba Cloud rejects the AccessKey',
			fix: "Check 'AccessKey ID' and 'AccessKey Secret' in the credential",
		},
		{
			action: ASSUME_ROLE,
			code: /^(NoPermission|Forbidden|Unauthorized|Ram\.PermissionDeny)/i,
			status: /^403$/,
			kind: 'permission',
			what: "The AccessKey isn't allowed to assume the RAM role",
			fix: "Give its RAM user the permission 'sts:AssumeRole' and name that user in the role's trust policy. Check 'Role ARN' and 'External ID' in the credential",
		},
		{
			code: /^(NoPermission|Forbidden|Unauthorized|Ram\.PermissionDeny)/i,
			status: /^403$/,
			kind: 'permission',
			what: "The key lacks the RAM permission 'cams:{action}'",
			fix: "Add 'cams:{action}' to the policy of the RAM user or, with RAM Role authentication, of the role",
		},
		{
			code: /^(ServiceUnavailable|SystemError|SystemBusy)/i,
			status: /^(408|[5-9]..)$/,
			kind: 'temporary',
			what: NOT_AVAILABLE,
			fix: 'Run again later',
		},
		{
			text: /Users.*(missing|mandatory|required|null|empty)|(Missing|missing|mandatory|required|empty).*Users/,
			kind: 'rejected',
			what: "Alibaba Cloud's gateway didn't find the contacts in the request",
			fix: "Set 'Send Contacts In' under Advanced to Automatic. If it already is, check that no proxy drops parts of requests",
		},
		{
			code: /^Product\.Unsubscri/i,
			kind: 'rejected',
			what: 'Chat App Message Service is not active for this account',
			fix: 'Activate it in the Alibaba Cloud console',
		},
		{
			action: 'CreateCustomAudience',
			text: /limit|exceed|maximum|too many/i,
			kind: 'rejected',
			what: 'The ad account has as many custom audiences as Meta allows',
			fix: `Delete one in Meta Ads Manager under Audiences, or choose another ad account. Meta allows ${MAX_AUDIENCES_PER_ACCOUNT} per ad account`,
		},
		{
			action: ASSUME_ROLE,
			code: /^EntityNotExist|RoleArn/i,
			kind: 'rejected',
			what: "The RAM role doesn't exist",
			fix: "Check 'Role ARN' in the credential",
		},
		{
			action: ASSUME_ROLE,
			code: /RoleSessionName/i,
			kind: 'rejected',
			what: "The name of the role's session isn't valid",
			fix: "Enter 2 to 64 letters, digits, or .@-_ as 'Role Session Name' in the credential",
		},
		{
			action: ASSUME_ROLE,
			kind: 'rejected',
			what: "The RAM role can't be assumed",
			fix: "Check 'Role ARN' and 'External ID' in the credential",
		},
		{
			code: /^(InvalidAction|InvalidVersion)/i,
			kind: 'rejected',
			what: "This endpoint doesn't provide Chat App Message Service",
			fix: "Check 'Region' and '{endpoint}' in the credential",
		},
		// An audience first, since messages about it name the other IDs as well.
		unknownIdCase('customAudienceId', String.raw`(?:custom[\s_]*)?audience`),
		unknownIdCase('adAccountId', String.raw`ad[\s_]*account`),
		unknownIdCase('pageId', String.raw`page[\s_]*id|facebook page`),
		unknownIdCase('custSpaceId', String.raw`cust[\s_]*space|channel`),
		{
			kind: 'rejected',
			what: 'Alibaba Cloud rejected the request{: apiMessage}',
			isAboutIds: true,
			fix: 'Check the IDs in the node',
			fixOfAddUsers: "Check 'Channel', 'Page ID', 'Ad Account', and 'Custom Audience' in the node",
		},
	],
};

/** What a failed call means and what to do about it. */
export function adviceOn(call: FailedCall): Advice {
	const found = CASES[call.source].find((one) => applies(one, call)) as Case;
	const { kind, what, fix, fixOfAddUsers, unknownId, isAboutIds } = found;
	const { responseLost = kind === 'temporary' } = found;
	const isAddUsers = call.action === ADD_USERS;
	return {
		kind,
		what: fillIn(what, call),
		fix: fillIn((isAddUsers && fixOfAddUsers) || fix, call),
		...(unknownId && { unknownId }),
		...(isAboutIds && { isAboutIds }),
		responseLost,
	};
}

function applies(one: Case, { action, code, status, apiMessage, isByRole }: FailedCall): boolean {
	if (one.isByRole && !isByRole) return false;
	if (one.action !== undefined && one.action !== action) return false;
	if (!one.code && !one.status && !one.text) return true;
	return (
		one.code?.test(code) ||
		one.status?.test(String(status)) ||
		[code, apiMessage].some((text) => one.text?.test(text))
	);
}

function fillIn(template: string, { action, apiMessage, timeout }: FailedCall): string {
	return template
		.replaceAll('{: apiMessage}', apiMessage && `: ${apiMessage.replace(/\.$/, '')}`)
		.replaceAll('{action}', action)
		.replaceAll('{endpoint}', action === ASSUME_ROLE ? 'STS Endpoint' : 'Endpoint')
		.replaceAll('{seconds}', String(timeout / 1000));
}
