import type { IExecuteFunctions } from 'n8n-workflow';
import {
	accessKeyOf,
	type AlibabaCloudOpenApiCredential,
	camsOrigin,
	filled,
	stsOrigin,
} from '../../../credentials/credential';
import type { Connection } from './client';
import { type N8nHttpHelper, throughN8n } from './http';
import { assumeRole, type Role, roleKeySource } from './role';

/** What a connection needs of n8n's context, in a run or while a dropdown is filled. */
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
		arn: filled('Role ARN', credential.roleArn),
		sessionName: credential.roleSessionName?.trim() || 'n8n',
		externalId: credential.externalId?.trim() ?? '',
	};
	return { sts, role };
}
