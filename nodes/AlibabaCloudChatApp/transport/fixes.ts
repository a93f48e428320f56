import { WHOLE_POLICY } from './ramPolicy';

interface Refused {
	action: string;
	/** Whether an assumed role's key signed the call. */
	ofRole: boolean;
	/** HTTP status. */
	status: number;
	/** The API's code; empty when the answer wasn't the API's. */
	code: string;
	what: string;
}

type Rule = [applies: (refused: Refused) => boolean, fix: string | ((refused: Refused) => string)];

const byCode = (pattern: RegExp) => (refused: Refused) => pattern.test(refused.code);

/** The credential's field that says where the calls of an action go. */
export function endpointField(action: string): 'Endpoint' | 'STS Endpoint' {
	return action === 'AssumeRole' ? 'STS Endpoint' : 'Endpoint';
}

/** The first rule that applies gives the sentence. */
const RULES: Rule[] = [
	[
		({ ofRole, code }) =>
			ofRole && /^(InvalidAccessKey|SignatureDoesNotMatch|.*SecurityToken)/i.test(code),
		"The key that the role gave out is not accepted, and neither was a new one: check that the role of 'Role ARN' in the credential still exists and that no policy bars its sessions",
	],
	[
		byCode(/^InvalidAccessKey/i),
		"Alibaba Cloud does not know this key or it is disabled: check 'AccessKey ID' in the credential",
	],
	[
		byCode(/^(SignatureDoesNotMatch|IncompleteSignature)/i),
		"The secret does not belong to the key: enter 'AccessKey Secret' in the credential again",
	],
	[
		byCode(/SecurityToken.*Expired/i),
		"The temporary token has expired: enter a new key, secret and 'Security Token' in the credential",
	],
	[
		byCode(/^MissingSecurityToken/i),
		"This is a temporary key, which needs its token: enter 'Security Token' in the credential",
	],
	[
		byCode(/SecurityToken/i),
		"The temporary token does not belong to the key: enter key, secret and 'Security Token' of one and the same set in the credential",
	],
	[
		byCode(/^InvalidTimeStamp/i),
		'The clock of the n8n host is off by more than 15 minutes: set it right, e.g. by switching on time synchronisation',
	],
	[
		(refused) =>
			/^(NoPermission|Forbidden|Unauthorized|Ram\.PermissionDeny)/i.test(refused.code) ||
			(refused.code !== '' && refused.status === 403),
		({ action }) =>
			action === 'AssumeRole'
				? "The key lacks the RAM permission 'sts:AssumeRole': add it to the RAM user's policy"
				: `The key lacks the RAM permission 'cams:${action}': add it to the policy of the RAM user or, with the kind RAM Role, of the role. All that this node may ever need, to paste into the RAM console at once: ${WHOLE_POLICY}`,
	],
	[
		({ code, what }) =>
			/Users/.test(`${code} ${what}`) &&
			/missing|mandatory|required|null|empty/i.test(`${code} ${what}`),
		"The gateway did not see the users: set 'Send Users In' in the node's options to Automatic. If it is that already, check that no proxy on the way drops parts of a call, and report this to the node's maintainers with the request ID",
	],
	[
		byCode(/^Product\.Unsubscri/i),
		'Chat App Message Service is not active for this account: open it in the Alibaba Cloud console and activate it',
	],
	[
		byCode(/throttl|LimitControl/i),
		({ action }) =>
			action === 'AddCustomAudienceUser'
				? "Alibaba Cloud asked to slow down: run again later, or raise 'Max Tries' in the node's options"
				: 'Alibaba Cloud asked to slow down: run again later',
	],
	[
		({ status }) => status === 413 || status === 414,
		"The call was too large: lower 'Batch Size' in the node's options",
	],
	[
		({ status, code }) => status === 407 && code === '',
		'The proxy wants a login: write it into HTTPS_PROXY as http://user:password@host:port for the n8n process',
	],
	[
		({ status }) => status >= 300 && status < 400,
		({ action }) =>
			`Something sends the calls elsewhere, and contacts are not sent after it: check the credential's '${endpointField(action)}' and the proxy`,
	],
	[
		({ status }) => status === 429 || status === 408 || status >= 500,
		'The service or a gateway before it is not available at the moment: run again later',
	],
	[
		({ code }) => code === '',
		({ action }) =>
			`What answered is not Alibaba Cloud's API: check the credential's 'Region' and '${endpointField(action)}', and the proxy`,
	],
];

/** What to do about a refused call, in one sentence without a full stop. */
export function fixFor(refused: Refused): string {
	const rule = RULES.find(([applies]) => applies(refused));
	if (!rule) return 'Check the IDs of channel, page, ad account and custom audience in the node';
	const [, fix] = rule;
	return typeof fix === 'string' ? fix : fix(refused);
}
