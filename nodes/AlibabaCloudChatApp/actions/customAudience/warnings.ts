import type { Delivery } from '../../submission/submit';

/** What a person should know about how a submission went, in sentences. */
export function deliveryWarnings(delivery: Delivery, plan: { closes: boolean }): string[] {
	const warnings: string[] = [];
	const failed = delivery.batches.filter(({ refused }) => refused).length;
	const accepted = delivery.batches.length - failed;
	if (failed > 0) {
		const which = failed === 1 ? '1 batch was' : `${failed} batches were`;
		warnings.push(
			`${which} not accepted. Run again with these contacts; sending one twice does no harm`,
		);
	}
	if (delivery.closedAgainWith !== undefined) {
		warnings.push(
			`Batch ${delivery.closedAgainWith} was sent again with the last flag to close the submission. Meta counts each person once`,
		);
	}
	if (delivery.lastAnswerLost) {
		warnings.push(
			'An answer to the last call was lost, so Alibaba Cloud may have received it twice. This does no harm: Meta counts each person once',
		);
	}
	if (plan.closes && !delivery.closed && accepted > 0) {
		warnings.push(
			'The submission is not closed, so Meta may discard what was accepted. Run again with all contacts of the submission; sending one twice does no harm',
		);
	}
	return warnings;
}

export const TOTAL_UNKNOWN =
	"The submission spans several runs and 'Estimated Total' is not set, so Meta is told no total. Enter it in the options if you know it";

export const LEFT_OPEN =
	"This run was to close the submission but has no contact that can be sent, so the submission stays open and Meta may discard it. Run once more with at least one valid contact and 'Is Last Batch' true";
