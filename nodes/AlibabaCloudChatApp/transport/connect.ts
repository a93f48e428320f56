import type { IExecuteFunctions } from 'n8n-workflow';
import { createHash } from 'node:crypto';
import {
	accessKeyOf,
	type AlibabaCloudOpenApiCredential,
	camsOrigin,
	requiredField,
	stsOrigin,
} from '../../../credentials/credential';
import type { AccessKey } from '../../../credentials/signing';
import { untilAborted } from '../async';
import { setLatest } from '../setLatest';
import type { ApiError } from './apiError';
import { createCallOnce, type Connection, currentKey, type KeySource } from './client';
import { type N8nHttpHelper, throughN8n } from './http';

/** The part of n8n's context that creates a connection, in a run or while a dropdown is filled. */
export interface ConnectionContext {
	getCredentials: IExecuteFunctions['getCredentials'];
	/** Absent where nothing can be canceled. */
	getExecutionCancelSignal?: IExecuteFunctions['getExecutionCancelSignal'];
	helpers: N8nHttpHelper;
}

/** What a connection needs besides the credential. */
export type ConnectionSettings = Pick<
	Connection,
	'sendHttp' | 'clock' | 'cancelSignal' | 'timeout'
>;

/**
 * A connection to CAMS with the node's credential; its calls end when the run is canceled.
 * @param settings `timeout` in milliseconds, per call
 * @throws UnusableValue when the credential is unusable; n8n's own error when there is none
 */
export async function connectWith(
	context: ConnectionContext,
	settings: Pick<ConnectionSettings, 'clock' | 'timeout'>,
): Promise<Connection> {
	const credential =
		await context.getCredentials<AlibabaCloudOpenApiCredential>('alibabaCloudOpenApi');
	const cancelSignal = context.getExecutionCancelSignal?.();
	const sendHttp = throughN8n(context.helpers);
	return connectionOf(credential, { ...settings, cancelSignal, sendHttp });
}

/**
 * The endpoint of the node's credential: scheme, host, and port.
 * @throws UnusableValue when its endpoint is unusable; n8n's own error when there is none
 */
export async function originWith(
	context: Pick<ConnectionContext, 'getCredentials'>,
): Promise<string> {
	return camsOrigin(
		await context.getCredentials<AlibabaCloudOpenApiCredential>('alibabaCloudOpenApi'),
	);
}

/**
 * A connection to CAMS with a credential of any kind; a role is assumed with the first call.
 * @throws UnusableValue when a field of the credential is empty or unusable
 */
function connectionOf(
	credential: AlibabaCloudOpenApiCredential,
	settings: ConnectionSettings,
): Connection {
	const connection = { ...settings, origin: camsOrigin(credential), key: accessKeyOf(credential) };
	if (credential.authType !== 'ramRole') return connection;
	const { sts, role } = stsOf(credential, settings);
	return { ...connection, key: roleKeySource(sts, role) };
}

/**
 * A connection to CAMS for which a role is assumed now, with a separate call: that shows whether the credential is valid.
 * @throws ApiError when the role can't be assumed; UnusableValue when a field of the credential is empty or unusable
 */
export async function freshConnectionOf(
	credential: AlibabaCloudOpenApiCredential,
	settings: ConnectionSettings,
): Promise<Connection> {
	const connection = connectionOf(credential, settings);
	if (credential.authType !== 'ramRole') return connection;
	const { sts, role } = stsOf(credential, settings);
	const { key } = await assumeRole(sts, role);
	return { ...connection, key };
}

function stsOf(credential: AlibabaCloudOpenApiCredential, settings: ConnectionSettings) {
	const sts: Connection = {
		...settings,
		origin: stsOrigin(credential),
		key: accessKeyOf(credential),
	};
	const role: Role = {
		arn: requiredField('Role ARN', credential.roleArn),
		sessionName: credential.roleSessionName?.trim() || 'n8n',
		externalId: credential.externalId?.trim() ?? '',
	};
	return { sts, role };
}

/** A RAM role to assume. */
interface Role {
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
async function assumeRole(connection: Connection, role: Role): Promise<AssumedKey> {
	const callOnce = createCallOnce(connection, (body) => keyIn(body) !== undefined);
	const result = await callOnce({
		action: 'AssumeRole',
		version: STS_VERSION,
		query: {
			RoleArn: role.arn,
			RoleSessionName: role.sessionName,
			...(role.externalId !== '' && { ExternalId: role.externalId }),
		},
	});
	if (!result.accepted) throw extendToFurtherCalls(result.error);
	return {
		key: keyIn(result.body) as AccessKey,
		expiresAt: expiryIn(result.body, connection.clock.now()),
	};
}

/** What STS rejects, it rejects for every further call too; and the call that needs the key wasn't made. */
function extendToFurtherCalls(error: ApiError): ApiError {
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
const MAX_ROLE_KEYS = 100;

interface RoleKey {
	assumed: Promise<AssumedKey>;
	/** Set as soon as the role is assumed. */
	key?: AccessKey;
	expiresAt: number;
}

/** This process's keys: a key lasts an hour, and STS allows few calls per second. */
const roleKeys = new Map<string, RoleKey>();

/**
 * A role's key, shared by all runs that use the credential and replaced before it expires.
 * @param connection to STS, with the key that may assume the role
 */
function roleKeySource(connection: Connection, role: Role): KeySource {
	const { clock, cancelSignal } = connection;
	// Other runs may wait for this call too, so one canceled execution must not end it.
	const uncanceled = { ...connection, cancelSignal: undefined };
	const usableKey = async (isUsable: (known: RoleKey) => boolean): Promise<AccessKey> => {
		const name = fingerprint(await currentKey(connection), connection.origin, role);
		const known = roleKeys.get(name);
		const used = known && isUsable(known) ? known : share(name, assumeRole(uncanceled, role));
		return (await untilAborted(used.assumed, cancelSignal)).key;
	};
	return {
		current: async () => await usableKey(({ expiresAt }) => expiresAt - EARLY > clock.now()),
		// Another run may have renewed it meanwhile.
		renewed: async (rejected) =>
			await usableKey(({ key }) => key?.securityToken !== rejected.securityToken),
	};
}

/** Shares a key with later runs. */
function share(name: string, assumed: Promise<AssumedKey>): RoleKey {
	const shared: RoleKey = { assumed, expiresAt: Infinity };
	setLatest(roleKeys, [[name, shared]], MAX_ROLE_KEYS);
	assumed.then(
		(known) => void Object.assign(shared, known),
		// Those who wait for it get the error; the next run assumes the role again.
		() => roleKeys.get(name) === shared && roleKeys.delete(name),
	);
	return shared;
}

/** Identifies a credential without keeping its secrets readable. */
function fingerprint(key: AccessKey, origin: string, role: Role): string {
	const parts = [origin, key.accessKeyId, key.accessKeySecret, role.arn, role.sessionName];
	const text = JSON.stringify([...parts, role.externalId]);
	return createHash('sha256').update(text).digest('hex');
}
