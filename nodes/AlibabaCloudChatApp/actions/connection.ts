import type { IExecuteFunctions } from 'n8n-workflow';
import type { Connection } from '../transport/client';
import type { Clock } from '../transport/clock';
import { connectWith } from '../transport/connection';

/**
 * The way to CAMS for a run of the node; it ends when the run is cancelled.
 * @param timeout milliseconds one call may take
 * @throws UserError when the credential is unusable; n8n's own when there is no credential
 */
export async function connect(
	context: IExecuteFunctions,
	clock: Clock,
	timeout: number,
): Promise<Connection> {
	const cancelSignal = context.getExecutionCancelSignal();
	return await connectWith(context, { clock, cancelSignal, timeout });
}
