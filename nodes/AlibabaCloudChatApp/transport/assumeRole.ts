import type { AccessKey } from '../../../credentials/signing';
import { connectApi } from './cams';
import type { Connection } from './client';
import type { Refusal } from './errors';
import { KeyRefused } from './keyRefused';

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
 * @throws KeyRefused
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
 */
export async function assumeRole(connection: Connection, role: Role): Promise<AssumedKey> {
	const result = await connectApi(connection)({
		action: 'AssumeRole',
		version: STS_VERSION,
		query: {
			RoleArn: role.arn,
			RoleSessionName: role.sessionName,
			...(role.externalId !== '' && { ExternalId: role.externalId }),
		},
	});
	if (!result.accepted) throw new KeyRefused(forRole(result.refusal, role));
	const given = result.body.Credentials as Record<string, unknown>;
	return {
		key: {
			accessKeyId: String(given.AccessKeyId),
			accessKeySecret: String(given.AccessKeySecret),
			securityToken: String(given.SecurityToken),
		},
		expiresAt: Date.parse(String(given.Expiration)),
	};
}

/** The refusal in the role's own words; what STS rejects, it rejects for every further call too. */
function forRole(refusal: Refusal, { arn }: Role): Refusal {
	const kind = refusal.kind === 'rejected' ? 'access' : refusal.kind;
	return { ...refusal, kind, hint: hintFor(refusal, arn), fix: hintFor(refusal, arn) };
}

function hintFor({ code, hint }: Refusal, arn: string): string {
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
	return hint.replace("'Endpoint'", "'STS Endpoint'");
}
