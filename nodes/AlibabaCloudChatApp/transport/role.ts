import { createHash } from 'node:crypto';
import type { AccessKey } from '../../../credentials/signing';
import { untilAborted } from '../async';
import type { ApiError } from './apiError';
import { connectApi, type Connection, currentKey, type KeySource } from './client';

/** A RAM role to assume. */
export interface Role {
	arn: string;
	/** The name of its calls in ActionTrail. */
	sessionName: string;
	/** Empty when the role's trust policy requires none. */
	externalId: string;
}

interface AssumedKey {
	key: AccessKey;
	/** Milliseconds since 1970. */
	expiresAt: number;
}

const STS_VERSION = '2015-04-01';

/**
 * Assumes a RAM role: one more signed call.
 * @param connection to STS, with the key that may assume the role
 * @throws ApiError
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
 */
export async function assumeRole(connection: Connection, role: Role): Promise<AssumedKey> {
	const callApi = connectApi(connection, (body) => keyIn(body) !== undefined);
	const result = await callApi({
		action: 'AssumeRole',
		version: STS_VERSION,
		query: {
			RoleArn: role.arn,
			RoleSessionName: role.sessionName,
			...(role.externalId !== '' && { ExternalId: role.externalId }),
		},
	});
	if (!result.accepted) throw forFurtherCalls(result.error);
	return {
		key: keyIn(result.body) as AccessKey,
		expiresAt: expiryIn(result.body, connection.clock.now()),
	};
}

/** What STS rejects, it rejects for every further call too; and the call that needs the key wasn't made. */
function forFurtherCalls(error: ApiError): ApiError {
	const { kind } = error;
	const isFinal = kind === 'rejected' || kind === 'permission';
	return error.with({ kind: isFinal ? 'key' : kind, responseLost: false });
}

/** The key in a response, if there is one: successful responses of STS have neither `Code` nor `Success`. */
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

/** Milliseconds: no session is shorter than 15 minutes, and one without a requested duration lasts an hour. */
const SHORTEST_SESSION = 15 * 60_000;
const LONGEST_SESSION = 60 * 60_000;

function expiryIn({ Credentials: given }: Record<string, unknown>, now: number): number {
	const expiresAt = Date.parse(String((given as Record<string, unknown>).Expiration));
	// A key without a readable end would be kept after its end.
	return Number.isNaN(expiresAt)
		? now + SHORTEST_SESSION
		: Math.min(expiresAt, now + LONGEST_SESSION);
}

/** Milliseconds: a key is replaced this long before it expires, so that no call is made with an expired one. */
const EARLY = 5 * 60_000;
const MAX_KEPT = 100;

/** Kept in this process: a key lasts an hour, and STS allows few calls per second. */
const kept = new Map<string, Kept>();

interface Kept {
	assumed: Promise<AssumedKey>;
	/** Set as soon as the role is assumed. */
	key?: AccessKey;
	expiresAt: number;
}

/**
 * A role's key, shared by all runs that use the credential and replaced before it expires.
 * @param connection to STS, with the key that may assume the role
 */
export function roleKeySource(connection: Connection, role: Role): KeySource {
	const { clock, cancelSignal } = connection;
	// Other runs may wait for this call too, so one canceled execution must not end it.
	const shared = { ...connection, cancelSignal: undefined };
	const usableKey = async (isUsable: (entry: Kept) => boolean): Promise<AccessKey> => {
		const name = fingerprint(await currentKey(connection), connection.origin, role);
		const known = kept.get(name);
		const used = known && isUsable(known) ? known : keep(name, assumeRole(shared, role));
		return (await untilAborted(used.assumed, cancelSignal)).key;
	};
	return {
		current: async () => await usableKey(({ expiresAt }) => expiresAt - EARLY > clock.now()),
		// Another run may have renewed it meanwhile.
		renewed: async (rejected) =>
			await usableKey(({ key }) => key?.securityToken !== rejected.securityToken),
	};
}

function keep(name: string, assumed: Promise<AssumedKey>): Kept {
	const entry: Kept = { assumed, expiresAt: Infinity };
	kept.delete(name);
	kept.set(name, entry);
	const [oldest] = kept.keys();
	if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
	assumed.then(
		(known) => void Object.assign(entry, known),
		// Those who wait for it get the error; the next run assumes the role again.
		() => kept.get(name) === entry && kept.delete(name),
	);
	return entry;
}

/** Identifies a credential without keeping its secrets readable. */
function fingerprint(key: AccessKey, origin: string, role: Role): string {
	const parts = [origin, key.accessKeyId, key.accessKeySecret, role.arn, role.sessionName];
	const text = JSON.stringify([...parts, role.externalId]);
	return createHash('sha256').update(text).digest('hex');
}
