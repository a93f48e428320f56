import type { BatchAnswer, Delivery, SendBatch, SubmissionPlan } from './delivery';
import { isTooLarge, sendRange } from './range';

/** Keeps what the call with the last flag came to. */
export function noteLastCall(delivery: Delivery, answer: BatchAnswer): void {
	delivery.closed = answer.accepted;
	delivery.lastAnswerLost ||= answer.answerLost;
}

/** Sends the last accepted batch again with the last flag; nothing when no batch was accepted. */
export async function closeAgain(
	plan: SubmissionPlan,
	delivery: Delivery,
	send: SendBatch,
): Promise<void> {
	const index = delivery.batches.findLastIndex((batch) => !batch.refused);
	const batch = delivery.batches[index];
	if (!batch) return;
	let { end } = batch;
	for (;;) {
		const answer = await sendRange(plan, { start: batch.start, end }, true, send);
		noteLastCall(delivery, answer);
		batch.tries += answer.tries;
		const size = end - batch.start;
		if (isTooLarge(answer) && size > 1) {
			// Any of its users carries the flag as well as all of them.
			end = batch.start + Math.ceil(size / 2);
			continue;
		}
		if (!answer.accepted) return;
		batch.last = true;
		batch.requestId = answer.requestId;
		delivery.closedAgainWith = index + 1;
		return;
	}
}
