import { nextBatch, type Range } from './batches';
import { closeAgain, noteLastCall } from './closing';
import type { BatchAnswer, Delivery, SendBatch, SentBatch, SubmissionPlan } from './delivery';
import { isTooLarge, sendRange } from './range';

/**
 * Sends a submission: its batches in order, one call after the other, the last flag once and at the end.
 * A batch that is too large goes on in halves. When the last call is refused while others were accepted, the last
 * accepted batch goes again with the flag, because Meta discards a submission that stays open.
 */
export async function submit(plan: SubmissionPlan, send: SendBatch): Promise<Delivery> {
	const delivery: Delivery = { batches: [], closed: false, lastAnswerLost: false };
	let { batchSize } = plan;
	let triesBefore = 0;
	let givenUp: BatchAnswer | undefined;
	// Users before this place were in a call that was too large, but an answer to one of its tries was lost.
	let lostUpTo = 0;
	for (let start = 0; start < plan.users.length; ) {
		const range = nextBatch(plan.users, start, batchSize);
		const last = plan.closes && range.end === plan.users.length;
		const answer: BatchAnswer = givenUp ?? (await sendRange(plan, range, last, send));
		const size = range.end - range.start;
		if (isTooLarge(answer) && size > 1) {
			// The limit holds for the batches to come as well.
			batchSize = Math.ceil(size / 2);
			triesBefore += answer.tries;
			if (answer.answerLost) {
				lostUpTo = Math.max(lostUpTo, range.end);
				delivery.lastAnswerLost ||= last;
			}
			continue;
		}
		if (isTooLarge(answer) && !givenUp) {
			// What takes not even one user takes nothing: the others would be refused one by one.
			givenUp = { ...answer, tooLarge: false, requestId: '', tries: 0, answerLost: false };
			batchSize = plan.batchSize;
		}
		const sent = sentBatch(range, last, answer, triesBefore);
		if (sent.refused && (answer.answerLost || range.start < lostUpTo)) sent.mayBeReceived = true;
		delivery.batches.push(sent);
		if (last) noteLastCall(delivery, answer);
		triesBefore = 0;
		start = range.end;
		if (!answer.accepted && plan.stopAtRefusal) break;
	}
	if (plan.closes && !delivery.closed) await closeAgain(plan, delivery, send);
	return delivery;
}

function sentBatch(
	range: Range,
	last: boolean,
	answer: BatchAnswer,
	triesBefore: number,
): SentBatch {
	const { requestId, tries } = answer;
	const sent: SentBatch = { ...range, last, requestId, tries: tries + triesBefore };
	if (!answer.accepted) {
		const { code, message, hint, httpStatus } = answer;
		sent.refused = { code, message, hint, httpStatus };
	}
	return sent;
}
