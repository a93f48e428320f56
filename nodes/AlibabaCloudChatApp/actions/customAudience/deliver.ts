import type { IExecuteFunctions } from 'n8n-workflow';
import type { Account } from '../../submission/account';
import type { SubmissionPlan } from '../../submission/delivery';
import { submit } from '../../submission/submit';
import { inTurn } from '../../submission/turns';
import { connectApi } from '../../transport/cams';
import type { Connection } from '../../transport/client';
import type { Clock } from '../../transport/clock';
import { redact } from '../../transport/redact';
import { createRetrier } from '../../transport/retry';
import { connect } from '../connection';
import type { OnError } from '../output';
import type { Prepared, ReadySubmission } from './prepareSubmission';
import { tellingProgress } from './progress';
import { batchSender, type RunState } from './sendBatch';
import { batchNotAccepted, cancelled, cannotGoOn } from './stopped';
import { deliveryWarnings } from './warnings';

export interface Delivering {
	context: IExecuteFunctions;
	clock: Clock;
	onError: OnError;
}

type Ready = Prepared & { ready: ReadySubmission };

/**
 * Sends submissions one after the other and writes into their accounts what became of them.
 * @throws NodeApiError or NodeOperationError when one is not accepted and 'On Error' is 'Stop Workflow', and when the
 * execution is cancelled
 */
export async function deliverAll(run: Delivering, submissions: Ready[]): Promise<void> {
	const { context, onError } = run;
	const cancelSignal = context.getExecutionCancelSignal();
	const state: RunState = {};
	for (const [finished, submission] of submissions.entries()) {
		const { account } = submission;
		try {
			await deliver(run, submission, state);
		} catch (error) {
			if (cancelSignal?.aborted) throw cancelled(context, finished);
			notDelivered(account, 'unexpected', `Nothing more was sent: ${redact(String(error))}`);
		}
		if (onError !== 'stop') continue;
		if (account.unsent.status === 'failed') throw cannotGoOn(context, account.unsent);
		if (account.delivery.batches.some(({ refused }) => refused)) {
			const notBegun = submissions.length - finished - 1;
			const { options, plan } = submission.ready;
			const severalRuns = options.lastBatch !== 'auto' && plan.closes;
			throw batchNotAccepted(context, account, { finished, notBegun, severalRuns });
		}
	}
}

async function deliver(run: Delivering, { account, ready }: Ready, state: RunState): Promise<void> {
	const { context, clock, onError } = run;
	const { options } = ready;
	const cancelSignal = context.getExecutionCancelSignal();
	let connection: Connection;
	try {
		connection = await connect(context, clock, options.timeout);
	} catch (error) {
		const why = redact((error as Error).message);
		notDelivered(account, 'no_credential', `The credential can't be used: ${why}`);
		return;
	}
	const { audience } = account;
	const send = batchSender({
		audience,
		callApi: connectApi(connection),
		withRetry: createRetrier({ maxTries: options.maxTries, clock, cancelSignal }),
		run: state,
	});
	const plan: SubmissionPlan = { ...ready.plan, stopAtRefusal: onError === 'stop' };
	const key = JSON.stringify([connection.origin, audience.custSpaceId, audience.customAudienceId]);
	const telling = tellingProgress(send, plan.users.length, run);
	account.delivery = await inTurn(key, cancelSignal, async () => await submit(plan, telling));
	const severalRuns = options.lastBatch !== 'auto';
	account.warnings.push(...deliveryWarnings(account.delivery, { ...plan, severalRuns }));
}

function notDelivered(account: Account, code: string, message: string): void {
	account.unsent = { status: 'failed', code, message };
	account.warnings.push(message);
}
