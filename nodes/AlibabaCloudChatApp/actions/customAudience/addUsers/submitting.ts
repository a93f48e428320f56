import type { IExecuteFunctions } from 'n8n-workflow';
import type { Message } from '../../../message';
import type { Audience } from '../../../submission/audience';
import { withAudienceLock } from '../../../submission/audienceLock';
import type { SendBatch } from '../../../submission/delivery';
import type { Outgoing } from '../../../submission/course';
import { submit } from '../../../submission/submit';
import { connectApi } from '../../../transport/cams';
import type { Connection } from '../../../transport/client';
import type { Clock } from '../../../transport/clock';
import { connectWith } from '../../../transport/connection';
import { redact } from '../../../transport/redact';
import { createRetrier } from '../../../transport/retry';
import type { OnError } from '../../output';
import { tellingProgress } from './progress';
import { batchSender, type RunState } from './sendBatch';

export interface Delivering {
	context: IExecuteFunctions;
	clock: Clock;
	onError: OnError;
}

/** What it takes to send to an audience. */
export interface Sender {
	audience: Audience;
	/** `timeout` in seconds. */
	options: { timeout: number; maxTries: number };
	state: RunState;
	/** Puts another guard before each call. */
	guard?(send: SendBatch): SendBatch;
}

/**
 * Sends users to an audience when no other submission of this process feeds it.
 * @returns why no call could be made
 * @throws the cancel signal's reason
 */
export async function submitInTurn(
	run: Delivering,
	{ audience, options, state, guard = (send) => send }: Sender,
	outgoing: Omit<Outgoing, 'stopAtRefusal' | 'now'>,
): Promise<Message | undefined> {
	const { context, clock, onError } = run;
	const cancelSignal = context.getExecutionCancelSignal();
	let connection: Connection;
	try {
		connection = await connectWith(context, { clock, timeout: options.timeout * 1000 });
	} catch (error) {
		const why = redact((error as Error).message);
		return { code: 'no_credential', what: `The credential can't be used: ${why}`, fix: '' };
	}
	const sendBatch = batchSender({
		audience,
		callApi: connectApi(connection),
		withRetry: createRetrier({ maxTries: options.maxTries, clock, cancelSignal }),
		run: state,
	});
	const telling = tellingProgress(guard(sendBatch), outgoing.users.length, run);
	const key = JSON.stringify([connection.origin, audience.custSpaceId, audience.customAudienceId]);
	const whole = { ...outgoing, now: () => clock.now(), stopAtRefusal: onError === 'stop' };
	await withAudienceLock(key, cancelSignal, async () => await submit(whole, telling));
	return undefined;
}
