import { sentence } from '../message';
import { keyFix } from './keyFixes';
import { WHOLE_POLICY } from './ramPolicy';
import { refusedId, wordsForId } from './refusedId';

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
