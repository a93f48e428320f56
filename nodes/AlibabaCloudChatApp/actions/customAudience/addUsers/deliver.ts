import type { Message } from '../../../message';
import { openStore, openTable } from '../collect/openStore';
import { collectFew } from '../collect/collectFew';
import { renewing } from '../collect/lease';
import { alone } from '../collect/oneSender';
import { sendWithWaiting } from '../collect/withWaiting';
import { deliveryWarnings, stillTrue, usersInQuery } from './deliveryMessages';
import { unexpected } from './messages';
import type { RunState } from './sendBatch';
import { batchNotAccepted, canceled, cannotGoOn } from './stopped';
import type { Ready, Submission } from './submission';
import { submitInTurn, type Delivering } from './submitting';

type ReadySubmission = Submission & { ready: Ready };

/**
 * Sends submissions one after the other; their ledgers tell what became of them.
 * @throws NodeApiError or NodeOperationError when one is not accepted and 'On Error' is 'Stop Workflow', and when the
 * execution is canceled
 */
export async function deliverAll(run: Delivering, submissions: ReadySubmission[]): Promise<void> {
	const { context, onError } = run;
	const state: RunState = {};
	for (const [finished, submission] of submissions.entries()) {
		const stop = await deliver(run, submission, state);
		if (context.getExecutionCancelSignal()?.aborted) {
			throw canceled(context, submission, finished);
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
	const warnings = stillTrue(submission.warnings, ledger.delivery);
	submission.warnings = warnings;
	if (ledger.delivery.batches.length > 0) {
		const { closes } = ready.plan;
		const severalRuns = ready.options.lastBatch !== 'auto';
		warnings.push(...deliveryWarnings(ledger.delivery, { closes, severalRuns }));
		const isLearned = ready.options.sendUsersIn === 'auto';
		if (isLearned && submission.found.usersSentIn === 'query') {
			warnings.push(usersInQuery(ledger.delivery, ready.plan.batchSize));
		}
	}
	if (stop) {
		warnings.push(stop);
		ledger.settle({ status: 'failed', why: stop });
	}
	return stop;
}

async function send(
	run: Delivering,
	submission: ReadySubmission,
	state: RunState,
): Promise<Message | undefined> {
	const { audience, ledger, ready, found, warnings } = submission;
	const { options, users, refs, plan, collect } = ready;
	const sender = { audience, options, state, found, warnings };
	const outgoing = { users, refs, plan, ledger };
	if (!collect && !options.oneSender) return await submitInTurn(run, sender, outgoing);

	const table = openTable(run.context, options.collectTable);
	const store = openStore(run, table, audience, options);
	const guarded = { store, sender: { ...sender, barred: renewing(store, run.clock) } };
	const way = collect === 'few' ? collectFew : collect === 'list' ? sendWithWaiting : alone;
	try {
		return await way(run, submission, guarded);
	} finally {
		if (table.notice) warnings.push(table.notice);
	}
}
