import type { ReasonCode } from '../contacts/reasons';
import { sentence, type Message } from '../message';
import type { Audience } from './audience';
import type { SentBatch } from './delivery';
import type { DryRunPlan } from './dryRun';
import type { Ledger } from './ledger';
import type { Counts } from './outcome';

export interface BatchSummary {
	batch: number;
	users: number;
	last: boolean;
	status: 'accepted' | 'failed';
	requestId: string;
	tries: number;
	code?: string;
	message?: string;
}

export interface Summary extends Audience, Counts {
	closed: boolean;
	dryRun?: true;
	plan?: DryRunPlan;
	batches: BatchSummary[];
	refusals: Partial<Record<ReasonCode, number>>;
	leftOut: Partial<Record<ReasonCode, number>>;
	warnings: string[];
}

/** One submission in figures; received = submitted + duplicates + refused + failed + held. */
export function summarize(
	audience: Audience,
	ledger: Ledger,
	told: { plan?: DryRunPlan; warnings: Message[] },
): Summary {
	const { batches, closed } = ledger.delivery;
	return {
		...audience,
		...ledger.counts(),
		closed,
		...(told.plan && { dryRun: true as const, plan: told.plan }),
		batches: batches.map(summarizeBatch),
		refusals: ledger.refusals(),
		leftOut: ledger.droppedFields(),
		warnings: told.warnings.map(sentence),
	};
}

function summarizeBatch(sent: SentBatch, index: number): BatchSummary {
	const { start, end, last, requestId, tries, refusal } = sent;
	return {
		batch: index + 1,
		users: end - start,
		last,
		status: refusal ? 'failed' : 'accepted',
		requestId,
		tries,
		...(refusal && { code: refusal.code, message: refusal.what }),
	};
}
