import type { IExecuteFunctions } from 'n8n-workflow';
import { camsOrigin, type AlibabaCloudApiCredential } from '../../../credentials/endpoint';
import type { Connection } from '../transport/client';
import type { Clock } from '../transport/clock';
import { throughN8n, type SendHttp } from '../transport/http';

/**
 * The way to CAMS with the node's credential.
 * @param timeout milliseconds one call may take
 * @throws UserError when the credential's endpoint is unusable; n8n's own when there is no credential
 */
export async function connect(
	context: IExecuteFunctions,
	clock: Clock,
	timeout: number,
): Promise<Connection> {
	const credential = await context.getCredentials<AlibabaCloudApiCredential>('alibabaCloudApi');
	return {
		key: credential,
		origin: camsOrigin(credential),
		sendHttp: wayOut(context),
		clock,
		cancelSignal: context.getExecutionCancelSignal(),
		timeout,
	};
}

function wayOut(context: IExecuteFunctions): SendHttp {
	return throughN8n(context.helpers);
}
