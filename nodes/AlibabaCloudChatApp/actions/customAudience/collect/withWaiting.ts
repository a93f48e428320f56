import { sleep } from 'n8n-workflow';
import type { Message } from '../../../message';
import { createPause } from '../../../pause';
import type { Round } from '../../../store/round';
import { sendList } from '../../../store/sending';
import type { Store } from '../../../store/store';
import { TableTrouble, troubleOrThrow } from '../../../store/trouble';
import { hundredRuleWarning } from '../../../submission/hundredRule';
import type { Ready, Submission } from '../addUsers/submission';
import { submitInTurn, type Delivering, type Sender } from '../addUsers/submitting';
import { settingsOf } from './collectFew';
import { acquire } from './lease';
import { collectingReport, laterWarnings, tableLeftOut, WAITS_AGAIN } from './report';
import { laterAccount, planOf, roundSender, type Later } from './roundSender';

type List = Submission & { ready: Ready };

/**
 * Sends a list with what waits for its audience; without it where the table can't be reached.
 * @returns why no call could be made
 * @throws the cancel signal's reason
 */
export async function sendWithWaiting(
	run: Delivering,
	submission: List,
	{ store, sender }: { store: Store; sender: Sender },
): Promise<Message | undefined> {
	const { context, clock } = run;
	const { ledger, ready, warnings } = submission;
	const state = await acquire(store, clock, context.getExecutionCancelSignal()).catch(
		troubleOrThrow,
	);
	if (state instanceof TableTrouble)
		return await sendAlone(run, submission, { sender, trouble: state });
	const later: Later[] = [];
	const rounds = roundSender(run, sender, (composed) => {
		const rule = hundredRuleWarning(composed.users.length, ready.options.minimumUsers);
		const plan = planOf(ready.options, composed);
		if (ledger.delivery.batches.length > 0) return laterAccount(later, plan, rule);
		if (rule) warnings.push(rule);
		submission.ready = { ...ready, users: composed.users, plan };
		return { ledger, refs: ready.refs, plan };
	});
	const cancelSignal = context.getExecutionCancelSignal();
	const pause = createPause(sleep, cancelSignal);
	// Who stops a run doesn't want its list to go later on.
	const own = { own: ready.users, pause, keeps: () => !cancelSignal?.aborted };
	const settings = { ...settingsOf(run, ready), deliver: rounds.deliver, ...own };
	// The table lets down only before anything is sent: what comes after is told by the rounds.
	const sent = await sendList(store, state, settings).catch(troubleOrThrow);
	if (sent instanceof TableTrouble)
		return await sendAlone(run, submission, { sender, trouble: sent });
	tellOf(submission, sent.rounds, later);
	submission.collecting = collectingReport(run, { ...sent, rules: ready.options });
	if (rounds.ended.error) throw rounds.ended.error;
	return rounds.ended.stop;
}

async function sendAlone(
	run: Delivering,
	{ ready, ledger, warnings }: List,
	{ sender, trouble }: { sender: Sender; trouble: TableTrouble },
): Promise<Message | undefined> {
	warnings.push(tableLeftOut(trouble));
	const { users, refs, plan, options } = ready;
	const rule = hundredRuleWarning(users.length, options.minimumUsers);
	if (rule) warnings.push(rule);
	return await submitInTurn(run, { ...sender, barred: undefined }, { users, refs, plan, ledger });
}

function tellOf({ ledger, warnings }: List, rounds: Round[], later: Later[]): void {
	warnings.push(...laterWarnings(rounds, later));
	if (!rounds[0]?.kept) return;
	ledger.resettle({ status: 'collected' });
	ledger.settle({ status: 'collected' });
	warnings.push(WAITS_AGAIN);
}
