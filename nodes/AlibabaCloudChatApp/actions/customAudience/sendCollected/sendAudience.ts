import type { Message } from '../../../message';
import type { Round } from '../../../store/round';
import { sendWaiting } from '../../../store/sending';
import type { State } from '../../../store/state';
import type { Table } from '../../../store/table';
import type { Audience } from '../../../submission/audience';
import { hundredRuleWarning } from '../../../submission/hundredRule';
import { Ledger } from '../../../submission/ledger';
import type { Outcome } from '../../../submission/outcome';
import type { RunState } from '../addUsers/sendBatch';
import { usersInQuery } from '../addUsers/deliveryMessages';
import type { Submission } from '../addUsers/submission';
import type { Delivering, Found } from '../addUsers/submitting';
import { settingsOf } from '../collect/collectFew';
import { renewing } from '../collect/lease';
import { openStore } from '../collect/openStore';
import { collectingReport, roundWarnings, tableTroubleLater, WAITS_AGAIN } from '../collect/report';
import { planOf, roundSender } from '../collect/roundSender';
import type { SendOptions } from './fields';

const COLLECTED: Outcome = { status: 'collected' };

export interface SentAudience {
	/** One for each submission; one that tells what waits when there was none. */
	submissions: Submission[];
	/** Why no call could be made. */
	stop?: Message;
}

/**
 * Sends what waits for an audience, if it is time.
 * @throws TableTrouble; the cancel signal's reason
 */
export async function sendAudience(
	run: Delivering,
	of: { table: Table; audience: Audience; options: SendOptions; items: number[] },
	runState: RunState,
): Promise<SentAudience> {
	const { audience, options, items } = of;
	const submissions: Submission[] = [];
	const store = openStore(run, of.table, audience, options);
	const found: Found = {};
	const sender = { audience, options, found, state: runState, barred: renewing(store, run.clock) };
	const rounds = roundSender(run, sender, (composed) => {
		const ledger = new Ledger();
		ledger.receive(composed.fromTable);
		const rule = hundredRuleWarning(composed.users.length, options.minimumUsers);
		submissions.push({ audience, items, ledger, found, warnings: rule ? [rule] : [] });
		const refs = Array.from({ length: composed.fromTable }, (_, ref) => ref);
		return { ledger, refs, plan: planOf({ ...options, estimatedTotal: 0 }, composed) };
	});
	const settings = { ...settingsOf(run, { options }), deliver: rounds.deliver };
	const sent = await sendWaiting(store, await store.look(), { ...settings, force: options.force });
	if (rounds.ended.error) throw rounds.ended.error;
	if (submissions.length === 0) submissions.push(nothingSent(of, sent.state));
	const delivered = sent.rounds.filter(({ composed }) => composed.users.length > 0);
	submissions.forEach((submission, index) => {
		tellOf(submission, delivered[index]);
		if (found.usersSentIn === 'query' && submission.ledger.delivery.batches.length > 0) {
			submission.warnings.push(usersInQuery(submission.ledger.delivery, options.batchSize));
		}
		const told = { rounds: delivered.slice(index, index + 1), state: sent.state, rules: options };
		submission.collecting = collectingReport(run, told);
	});
	const { stop } = rounds.ended;
	if (stop) submissions.at(-1)?.warnings.push(stop);
	return { submissions, ...(stop && { stop }) };
}

function nothingSent(
	of: { audience: Audience; items: number[]; options: SendOptions },
	state: State,
): Submission {
	const ledger = new Ledger();
	ledger.receive(state.users);
	ledger.settle(COLLECTED);
	const warnings = of.options.force && state.busy ? [NOT_FORCED] : [];
	return { audience: of.audience, items: of.items, ledger, found: {}, warnings };
}

const NOT_FORCED: Message = {
	code: 'another_sender',
	what: "Another run is sending to this audience, so 'Force' had no effect",
	fix: 'Run again when that run has ended; if n8n was ended under it, in 15 minutes',
};

function tellOf(submission: Submission, round?: Round): void {
	const { ledger } = submission;
	const warnings = roundWarnings(submission);
	submission.warnings = warnings;
	if (round?.trouble) warnings.push(tableTroubleLater(round.trouble));
	if (ledger.delivery.batches.some(({ refusal }) => refusal)) warnings.push(WAITS_AGAIN);
	ledger.resettle(COLLECTED);
	ledger.settle(COLLECTED);
}
