import { REASONS } from '../../../contacts/reasons';
import { sentence } from '../../../message';
import type { Ref } from '../../../sources/source';
import type { SentBatch } from '../../../submission/delivery';
import type { Ledger } from '../../../submission/ledger';
import type { Fate } from '../../../submission/outcome';
import { withCode } from '../../../transport/refusal';

/** Whether a contact leaves by the error output, to be mended or sent again. */
export function isGivenBack({ status }: Fate): boolean {
	return status === 'refused' || status === 'failed';
}

/** Why a contact was not sent, in a sentence. */
export function reasonOf(ledger: Ledger, ref: Ref): string {
	const outcome = ledger.outcomeOf(ref);
	switch (outcome.status) {
		case 'refused':
			return REASONS[outcome.reason];
		case 'failed':
			return sentence(outcome.why);
		case 'sent': {
			const { refusal } = ledger.delivery.batches[outcome.batch - 1] as SentBatch;
			if (refusal) return `The contact's batch was not accepted: ${withCode(refusal)}`;
		}
	}
	return 'The contact was not sent';
}
