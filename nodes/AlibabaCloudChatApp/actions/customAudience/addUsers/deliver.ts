import type { IExecuteFunctions } from 'n8n-workflow';
import type { Message } from '../../../message';
import { withAudienceLock } from '../../../submission/audienceLock';
import { HUNDRED_RULE } from '../../../submission/hundredRule';
import { submit } from '../../../submission/submit';
import { connectApi } from '../../../transport/cams';
import type { Connection } from '../../../transport/client';
import type { Clock } from '../../../transport/clock';
import { connectWith } from '../../../transport/connection';
import { redact } from '../../../transport/redact';
import { createRetrier } from '../../../transport/retry';
import type { OnError } from '../../output';
import { deliveryWarnings, unexpected } from './messages';
import { isAnyAccepted } from './present';
import { tellingProgress } from './progress';
import { batchSender, type RunState } from './sendBatch';
import { batchNotAccepted, cancelled, cannotGoOn } from './stopped';
import type { Ready, Submission } from './submission';

export interface Delivering {
	context: IExecuteFunctions;
	clock: Clock;
	onError: OnError;
}

type ReadySubmission = Submission & { ready: Ready };

/**
 * Sends submissions one after the other; their ledgers tell what became of them.
 * @throws NodeApiError or NodeOperationError when one is not accepted and 'On Error' is 'Stop Workflow', and when the
 * execution is cancelled
 */
export async function deliverAll(run: Delivering, submissions: ReadySubmission[]): Promise<void> {
	const { context, onError } = run;
	const state: RunState = {};
	for (const [finished, submission] of submissions.entries()) {
		const stop = await deliver(run, submission, state);
		if (context.getExecutionCancelSignal()?.aborted) {
			throw cancelled(context, submission, finished);
		}
		if (onError !== 'stop') continue;
		if (stop) throw cannotGoOn(context, stop);
		if (submission.ledger.delivery.batches.some(({ refusal }) => refusal)) {
			const notBegun = submissions.length - finished - 1;
			throw batchNotAccepted(context, submission, { finished, notBegun });
		}
	}
}

/** @returns why it could not go to its end, but for what the API refused */
async function deliver(
	run: Delivering,
	submission: ReadySubmission,
	state: RunState,
): Promise<Message | undefined> {
	const { ledger, ready } = submission;
	let stop: Message | undefined;
	try {
		stop = await send(run, submission, state);
	} catch (error) {
		stop = unexpected(error);
	}
	// What was not accepted can't be lost to the 100 rule.
	const warnings = isAnyAccepted(ledger)
		? submission.warnings
		: submission.warnings.filter(({ code }) => code !== HUNDRED_RULE);
	submission.warnings = warnings;
	if (ledger.delivery.batches.length > 0) {
		const { closes } = ready.plan;
		const severalRuns = ready.options.lastBatch !== 'auto';
		warnings.push(...deliveryWarnings(ledger.delivery, { closes, severalRuns }));
	}
	if (stop) {
		warnings.push(stop);
		ledger.settle({ status: 'failed', why: stop });
	}
	return stop;
}

async function send(
	run: Delivering,
	{ audience, ledger, ready }: ReadySubmission,
	state: RunState,
): Promise<Message | undefined> {
	const { context, clock } = run;
	const { options, users, refs, plan } = ready;
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
	const key = JSON.stringify([connection.origin, audience.custSpaceId, audience.customAudienceId]);
	const outgoing = {
		...{ users, refs, plan, ledger, now: () => clock.now() },
		stopAtRefusal: run.onError === 'stop',
	};
	const telling = tellingProgress(sendBatch, users.length, run);
	await withAudienceLock(key, cancelSignal, async () => await submit(outgoing, telling));
	return undefined;
}
