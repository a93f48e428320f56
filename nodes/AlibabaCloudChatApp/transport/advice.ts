import { ID_LABELS, type IdName, WHERE_TO_FIND } from '../ids';
import { sentence } from '../message';

/** The API's actions behind this node's operations and lists. */
export const ACTIONS = [
	'AddCustomAudienceUser',
	'CreateCustomAudience',
	'ListCustomAudience',
	'ListInstance',
	'ListMessengerSubscriptionToken',
	'ListPageAdAccount',
	'SyncMessengerSubscriptionToken',
];

/** The RAM policy that allows them all, as JSON to be pasted into the RAM console; with blanks, where n8n can break it. */
export const WHOLE_POLICY = JSON.stringify({
	Version: '1',
	Statement: [
		{ Effect: 'Allow', Action: ACTIONS.map((action) => `cams:${action}`), Resource: '*' },
	],
}).replaceAll(',', ', ');

/** The first that fits gives the sentence. */
const FIXES: Array<[code: RegExp, fix: string]> = [
	[
		/^InvalidAccessKey/i,
		"Alibaba Cloud does not know this key or it is disabled: check 'AccessKey ID' in the credential",
	],
	[
		/^(SignatureDoesNotMatch|IncompleteSignature)/i,
		"The secret does not belong to the key: enter 'AccessKey Secret' in the credential again",
	],
	[
		/SecurityToken.*Expired/i,
		"The temporary token has expired: enter a new key, secret and 'Security Token' in the credential",
	],
	[
		/^MissingSecurityToken/i,
		"This is a temporary key, which needs its token: enter 'Security Token' in the credential",
	],
	[
		/SecurityToken/i,
		"The temporary token does not belong to the key: enter key, secret and 'Security Token' of one and the same set in the credential",
	],
	[
		/^InvalidTimeStamp/i,
		'The clock of the n8n host is off by more than 15 minutes: set it right, e.g. by switching on time synchronization',
	],
];

const OF_ROLE =
	"The key that the role gave out is not accepted, and neither was a new one: check that the role of 'Role ARN' in the credential still exists and that no policy bars its sessions";

/**
 * What to do about a key that is refused; undefined when the code is about something else.
 * @param ofRole whether an assumed role's key signed the call
 */
export function keyFix(code: string, ofRole: boolean): string | undefined {
	if (ofRole && /^(InvalidAccessKey|SignatureDoesNotMatch|.*SecurityToken)/i.test(code))
		return OF_ROLE;
	return FIXES.find(([pattern]) => pattern.test(code))?.[1];
}

/** How the API calls each ID; an audience first, since messages about it name the others as well. */
const NAMES: Array<[IdName, string]> = [
	['customAudienceId', String.raw`(?:custom[\s_]*)?audience`],
	['adAccountId', String.raw`ad[\s_]*account`],
	['pageId', String.raw`page[\s_]*id|facebook page`],
	['custSpaceId', String.raw`cust[\s_]*space|channel`],
];

const NO_SUCH = String.raw`illegal|invalid|unknown|not\s*valid|not\s*(?:be\s*)?found|not\s*exist|n't\s*exist`;

const PATTERNS = NAMES.map(([name, called]): [IdName, RegExp] => [
	name,
	new RegExp(
		String.raw`(?:${called}).{0,30}?(?:${NO_SUCH})|(?:invalid|illegal|unknown|no such)\W{0,2}(?:${called})`,
		'i',
	),
]);

const THINGS: Record<IdName, string> = {
	custSpaceId: 'channel',
	pageId: 'Page',
	adAccountId: 'ad account',
	customAudienceId: 'custom audience',
};

const BELONGS: Partial<Record<IdName, string>> = {
	pageId: " and that it is the one behind 'Channel'",
	adAccountId: " and that it belongs to 'Page ID'",
	customAudienceId: " and that it belongs to 'Page ID' and 'Ad Account'",
};

/** Which of the IDs a service doesn't know, as far as its code or its message tells. */
export function refusedId(code: string, said: string): IdName | undefined {
	return PATTERNS.find(([, pattern]) => pattern.test(code) || pattern.test(said))?.[0];
}

/** What is told of an ID that a service doesn't know: what happened, and what to do. */
export function wordsForId(name: IdName): { what: string; fix: string } {
	return {
		what: `This ${THINGS[name]} wasn't found`,
		fix: `Check '${ID_LABELS[name]}' in the node${BELONGS[name] ?? ''}. ${WHERE_TO_FIND[name]}`,
	};
}

interface Refused {
	action: string;
	/** Whether an assumed role's key signed the call. */
	ofRole: boolean;
	/** HTTP status. */
	status: number;
	/** The API's code; empty when the answer wasn't the API's. */
	code: string;
	/** The API's own message. */
	said: string;
	/** What answered may be the API, but doesn't say what became of the call. */
	isUnclear?: boolean;
}

/** What is told of a refusal: what to do, and what happened where the answer itself doesn't say it for people. */
interface Words {
	what?: string;
	fix: string;
}

type Rule = [
	applies: (refused: Refused) => boolean,
	words: string | ((refused: Refused) => string | Words),
];

const byCode = (pattern: RegExp) => (refused: Refused) => pattern.test(refused.code);

/** The credential's field that says where the calls of an action go. */
export function endpointField(action: string): 'Endpoint' | 'STS Endpoint' {
	return action === 'AssumeRole' ? 'STS Endpoint' : 'Endpoint';
}

/** The first rule that applies gives the sentence. */
const RULES: Rule[] = [
	[
		(refused) =>
			/^(NoPermission|Forbidden|Unauthorized|Ram\.PermissionDeny)/i.test(refused.code) ||
			(refused.code !== '' && refused.status === 403),
		({ action }) => notPermitted(action),
	],
	[
		({ code, said }) =>
			/Users/.test(`${code} ${said}`) &&
			/missing|mandatory|required|null|empty/i.test(`${code} ${said}`),
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
		asAnswer('The call was too large', () => "Lower 'Batch Size' in the node's options"),
	],
	[
		({ status, code }) => status === 407 && code === '',
		asAnswer(
			'The proxy wants a login',
			() => 'Write it into HTTPS_PROXY as http://user:password@host:port for the n8n process',
		),
	],
	[
		({ status }) => status >= 300 && status < 400,
		asAnswer(
			'Something sends the calls elsewhere, and contacts are not sent after it',
			({ action }) => `Check the credential's '${endpointField(action)}' and the proxy`,
		),
	],
	[
		({ status }) => status === 429 || status === 408 || status >= 500,
		asAnswer(
			'Alibaba Cloud, or a gateway before it, is not available at the moment',
			() => 'Run again later',
		),
	],
	[
		({ code }) => code === '',
		asAnswer(
			"What answered is not Alibaba Cloud's API",
			({ action }) =>
				`Check the credential's 'Region' and '${endpointField(action)}', and the proxy`,
		),
	],
	[
		({ action, code, said }) =>
			action === 'CreateCustomAudience' && /limit|exceed|maximum|too many/i.test(`${code} ${said}`),
		() => ({
			what: 'The ad account has as many custom audiences as it may have',
			fix: 'Meta allows 500 made of lists of customers: delete one in Meta Ads Manager under Audiences, or choose another ad account',
		}),
	],
	[
		({ code, said }) => refusedId(code, said) !== undefined,
		({ code, said }) => wordsForId(refusedId(code, said) ?? 'customAudienceId'),
	],
];

/** What to do about a refused call, and what happened where the answer doesn't say it; without a full stop at the end. */
export function wordsFor(refused: Refused): Words {
	const key = keyFix(refused.code, refused.ofRole);
	const words = key ?? RULES.find(([applies]) => applies(refused))?.[1] ?? CHECK_IDS;
	const found = typeof words === 'string' ? words : words(refused);
	return typeof found === 'string' ? { fix: found } : found;
}

const CHECK_IDS = 'Check the IDs of channel, page, ad account and custom audience in the node';

/** What an answer says by its status alone, where nothing else is to be told first. */
function asAnswer(what: string, fixOf: (refused: Refused) => string) {
	return (refused: Refused): Words => {
		const fix = fixOf(refused);
		return refused.code === '' && !refused.isUnclear
			? { what, fix }
			: { fix: sentence({ what, fix }) };
	};
}

function notPermitted(action: string): string | Words {
	if (action === 'AssumeRole') {
		return "The key lacks the RAM permission 'sts:AssumeRole': add it to the RAM user's policy";
	}
	const permission = `RAM permission 'cams:${action}'`;
	return {
		what: `The key lacks the ${permission}`,
		fix: `Add the ${permission} to the policy of the RAM user or, with the kind RAM Role, of the role. All that this node may ever need, to paste into the RAM console at once: ${WHOLE_POLICY}`,
	};
}
