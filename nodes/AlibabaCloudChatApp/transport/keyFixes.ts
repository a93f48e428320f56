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
