import type { AccessKey } from '../../../credentials/signing';
import { connectApi } from './cams';
import type { Connection } from './client';
import { CallRefused, type Refusal } from './refusal';

export interface Role {
	arn: string;
	/** How the calls are named in ActionTrail. */
	sessionName: string;
	/** Empty when the role's trust policy asks for none. */
	externalId: string;
}

export interface AssumedKey {
	key: AccessKey;
	/** Milliseconds since 1970. */
	expiresAt: number;
}

const STS_VERSION = '2015-04-01';

/**
 * Takes on a RAM role: one more signed call on the road of all others.
 * @param connection to STS, with the key that may assume the role
 * @throws CallRefused
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
 */
export async function assumeRole(connection: Connection, role: Role): Promise<AssumedKey> {
	const result = await connectApi(
		connection,
		(body) => keyIn(body) !== undefined,
	)({
		action: 'AssumeRole',
		version: STS_VERSION,
		query: {
			RoleArn: role.arn,
			RoleSessionName: role.sessionName,
			...(role.externalId !== '' && { ExternalId: role.externalId }),
		},
	});
	if (!result.accepted) throw new CallRefused('AssumeRole', forRole(result.refusal, role));
	return {
		key: keyIn(result.body) as AccessKey,
		expiresAt: expiry(result.body, connection.clock.now()),
	};
}

/** The key of an answer, if it holds one: STS answers have neither `Code` nor `Success` when they are good. */
function keyIn({ Credentials: given }: Record<string, unknown>): AccessKey | undefined {
	const { AccessKeyId, AccessKeySecret, SecurityToken } = { ...(given as object) } as Record<
		string,
		unknown
	>;
	const parts = [AccessKeyId, AccessKeySecret, SecurityToken];
	if (!parts.every((part) => typeof part === 'string' && part !== '')) return undefined;
	const [accessKeyId, accessKeySecret, securityToken] = parts as [string, string, string];
	return { accessKeyId, accessKeySecret, securityToken };
}

/** Milliseconds: no session is shorter than 15 minutes, and one that is asked for without a duration lasts an hour. */
const SHORTEST = 15 * 60_000;
const LONGEST = 60 * 60_000;

function expiry({ Credentials: given }: Record<string, unknown>, now: number): number {
	const told = Date.parse(String((given as Record<string, unknown>).Expiration));
	// A key without an end that can be read would be kept after its death.
	return Number.isNaN(told) ? now + SHORTEST : Math.min(told, now + LONGEST);
}

/** The refusal in the role's own words; what STS rejects, it rejects for every further call too. */
function forRole(refusal: Refusal, { arn }: Role): Refusal {
	const kind = refusal.kind === 'rejected' || refusal.kind === 'permission' ? 'key' : refusal.kind;
	// The call that needs the key was not made.
	return { ...refusal, kind, fix: fixFor(refusal, arn), answerLost: false };
}

function fixFor({ code, fix }: Refusal, arn: string): string {
	if (/^(NoPermission|Forbidden)/i.test(code)) {
		return `The role ${arn} can't be assumed: give the key's RAM user the permission 'sts:AssumeRole', name that user in the role's trust policy, and check 'External ID' in the credential`;
	}
	if (/^EntityNotExist|RoleArn/i.test(code)) {
		return `There is no role ${arn}: check 'Role ARN' in the credential`;
	}
	if (/RoleSessionName/i.test(code)) {
		return "The name is not accepted: enter 2 to 64 letters, digits and .@-_ as 'Role Session Name' in the credential";
	}
	// The rest is about key and secret, or about the way there.
	return fix;
}
