import { createHash } from 'node:crypto';
import type { AccessKey } from '../../../credentials/signing';
import { untilAborted } from '../async';
import { connectApi } from './api';
import type { ApiError } from './apiError';
import { type Connection, currentKey, type KeySource } from './client';

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
 * @throws ApiError
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
	if (!result.accepted) throw forRole(result.error, role);
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
function forRole(error: ApiError, { arn }: Role): ApiError {
	const kind = error.kind === 'rejected' || error.kind === 'permission' ? 'key' : error.kind;
	// The call that needs the key was not made.
	return error.with({ kind, fix: fixFor(error, arn), answerLost: false });
}

function fixFor({ code, fix }: ApiError, arn: string): string {
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

/** Milliseconds: a key is given up this long before it expires, so that no call is under way with a dead one. */
const EARLY = 5 * 60_000;
const MOST_KEPT = 100;

/** What is kept in this process: a key lasts an hour, and STS allows few calls a second. */
const kept = new Map<string, Kept>();

interface Kept {
	assumed: Promise<AssumedKey>;
	/** Known as soon as it is assumed. */
	key?: AccessKey;
	expiresAt: number;
}

/**
 * A key that is renewed by itself: assumed once for all that use the credential at a time, and anew before it expires.
 * @param connection to STS, with the key that may assume the role
 */
export function roleKeySource(connection: Connection, role: Role): KeySource {
	const { clock, cancelSignal } = connection;
	// Others may wait for this call too, so that one canceled execution must not end it.
	const shared = { ...connection, cancelSignal: undefined };
	const entry = async (isUsable: (entry: Kept) => boolean): Promise<AccessKey> => {
		const name = fingerprint(await currentKey(connection), connection.origin, role);
		const known = kept.get(name);
		const used = known && isUsable(known) ? known : keep(name, assumeRole(shared, role));
		return (await untilAborted(used.assumed, cancelSignal)).key;
	};
	return {
		current: async () => await entry(({ expiresAt }) => expiresAt - EARLY > clock.now()),
		// Others may have renewed it meanwhile.
		renewed: async (refused) =>
			await entry(({ key }) => key?.securityToken !== refused.securityToken),
	};
}

function keep(name: string, assumed: Promise<AssumedKey>): Kept {
	const entry: Kept = { assumed, expiresAt: Infinity };
	kept.delete(name);
	kept.set(name, entry);
	const [oldest] = kept.keys();
	if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
	assumed.then(
		(known) => void Object.assign(entry, known),
		// Whoever waits for it is told; the next one asks anew.
		() => kept.get(name) === entry && kept.delete(name),
	);
	return entry;
}

/** Tells credentials apart without keeping their secrets readable. */
function fingerprint(key: AccessKey, origin: string, role: Role): string {
	const parts = [origin, key.accessKeyId, key.accessKeySecret, role.arn, role.sessionName];
	const text = JSON.stringify([...parts, role.externalId]);
	return createHash('sha256').update(text).digest('hex');
}
