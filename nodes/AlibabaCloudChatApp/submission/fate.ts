import type { Delivery, SentBatch } from './delivery';
import type { Fate, Outcome } from './outcome';

/** An outcome as it is told; that of a contact in a batch is what became of the batch. */
export function fateOf(outcome: Outcome, { batches }: Delivery): Fate {
	switch (outcome.status) {
		// Nothing that says otherwise has happened to it.
		case 'pending':
			return { status: 'held', reason: 'stopped' };
		case 'failed':
			return { status: 'failed', code: outcome.why.code };
		case 'sent':
			return batchFate(batches[outcome.batch - 1] as SentBatch, outcome.batch);
		default:
			return outcome;
	}
}

function batchFate({ refusal, requestId }: SentBatch, batch: number): Fate {
	if (!refusal) return { status: 'submitted', batch, requestId };
	return { status: 'failed', batch, ...(requestId && { requestId }), code: refusal.code };
}
