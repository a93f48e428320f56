import type { Delivery } from '../../submission/delivery';

/** What a person should know about how a submission went, in sentences. */
export function deliveryWarnings(
	delivery: Delivery,
	plan: { closes: boolean; severalRuns: boolean },
): string[] {
	const failed = delivery.batches.filter(({ refused }) => refused).length;
	const accepted = delivery.batches.length - failed;
	const warnings: string[] = [];
	if (failed > 0) warnings.push(notAccepted(delivery, failed));
	if (delivery.closedAgainWith !== undefined) {
		warnings.push(
			`Batch ${delivery.closedAgainWith} was sent again as the last batch, to close the submission. Meta counts each person once`,
		);
	}
	if (delivery.lastAnswerLost) {
		warnings.push(
			delivery.closed
				? 'An answer to the last call was lost, so Alibaba Cloud may have received it twice. This does no harm: Meta counts each person once'
				: 'An answer to the last call was lost, so Alibaba Cloud may have received it although it counts as not accepted. Sending it again does no harm: Meta counts each person once',
		);
	}
	if (!delivery.lastAnswerLost && delivery.batches.some(({ mayBeReceived }) => mayBeReceived)) {
		warnings.push(
			'An answer was lost, so Alibaba Cloud may have received a batch that counts as not accepted. Sending it again does no harm: Meta counts each person once',
		);
	}
	if (plan.closes && !delivery.closed && (accepted > 0 || plan.severalRuns)) {
		warnings.push(NOT_CLOSED);
	}
	return warnings;
}

function notAccepted({ batches }: Delivery, failed: number): string {
	const which = failed === 1 ? '1 batch was' : `${failed} batches were`;
	const first = batches.find(({ refused }) => refused)?.refused;
	// Some hints end with that advice.
	const hint = first?.hint.replace(/[,:]? (then )?run again( later)?$/, '');
	return `${which} not accepted (${first?.code}): ${hint}. Then run again with these contacts; sending one twice does no harm`;
}

const NOT_CLOSED =
	'The submission is not closed, so Meta may discard what was accepted. Run again with all contacts of the submission; sending one twice does no harm';

export const TOTAL_UNKNOWN =
	"The submission spans several runs and 'Estimated Total' is not set, so Meta is told no total and 'Minimum Users' is not checked. Enter it in the options if you know it";

export const NOBODY_TO_SEND =
	"Nothing was sent: none of the contacts can be sent. The reasons are counted under 'refusals'; choose Users in the option 'Output' to see each contact's";

export const LEFT_OPEN =
	"This run was to close the submission but sends no contact, so the submission stays open and Meta may discard it. Run once more with at least one valid contact and 'Is Last Batch' true";
