import type { IExecuteFunctions } from 'n8n-workflow';
import type { AlibabaCloudApiCredential } from '../../../credentials/credential';
import type { Connection } from '../transport/client';
import type { Clock } from '../transport/clock';
import { connectionOf } from '../transport/connection';
import { throughN8n } from '../transport/http';

/**
 * The way to CAMS with the node's credential.
 * @param timeout milliseconds one call may take
 * @throws UserError when the credential is unusable; n8n's own when there is no credential
 */
export async function connect(
	context: IExecuteFunctions,
	clock: Clock,
	timeout: number,
): Promise<Connection> {
	const credential = await context.getCredentials<AlibabaCloudApiCredential>('alibabaCloudApi');
	return connectionOf(credential, {
		sendHttp: throughN8n(context.helpers),
		clock,
		cancelSignal: context.getExecutionCancelSignal(),
		timeout,
	});
}
