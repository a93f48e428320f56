import type { Message } from '../../../message';
import type { Refs } from '../../../sources/source';
import type { Composed } from '../../../store/composing';
import type { Deliver } from '../../../store/round';
import type { Range } from '../../../submission/batches';
import type { SubmissionPlan } from '../../../submission/delivery';
import { Ledger } from '../../../submission/ledger';
import { submitInTurn, type Delivering, type Sender } from '../addUsers/submitting';

/** Where a round's answers are written down. */
export interface RoundAccount {
	ledger: Ledger;
	/** Of the users that the run accounts for itself: the first ones. */
	refs: Refs;
	plan: SubmissionPlan;
}

/** Sends the rounds of a run; `ended` tells why one could not go to its end. */
export interface RoundSender {
	deliver: Deliver;
	ended: { stop?: Message; error?: unknown };
}

/** @param accountFor called once for each round, before it is sent */
export function roundSender(
	run: Delivering,
	sender: Sender,
	accountFor: (composed: Composed) => RoundAccount,
): RoundSender {
	const ended: RoundSender['ended'] = {};
	return {
		ended,
		async deliver(composed) {
			const account = accountFor(composed);
			try {
				ended.stop = await submitInTurn(run, sender, { ...account, users: composed.users });
			} catch (error) {
				// What was accepted until then is to be written down first.
				ended.error = error;
			}
			return acceptedIn(account.ledger);
		},
	};
}

/** A round that has only contacts of other runs. */
export interface Later {
	ledger: Ledger;
	/** What was to be told before it was sent. */
	warnings: Message[];
}

/** Opens the account of a round that has only contacts of other runs. */
export function laterAccount(
	later: Later[],
	plan: SubmissionPlan,
	warning?: Message,
): RoundAccount {
	const ledger = new Ledger();
	later.push({ ledger, warnings: warning ? [warning] : [] });
	return { ledger, refs: [], plan };
}

/** The plan of a submission of its own. */
export function planOf(
	{ batchSize, estimatedTotal }: { batchSize: number; estimatedTotal: number },
	{ users }: Composed,
): SubmissionPlan {
	return { batchSize, closes: true, total: estimatedTotal || users.length };
}

function acceptedIn({ delivery }: Ledger): Range[] {
	return delivery.batches
		.filter(({ refusal }) => !refusal)
		.map(({ start, end }) => ({ start, end }));
}
