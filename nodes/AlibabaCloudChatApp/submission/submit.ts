import { nextBatch, type Range } from './batches';
import {
	beginAnew,
	callOf,
	courseOf,
	giveUp,
	goesAgain,
	isTooLarge,
	limitsOf,
	noteBegin,
	type Course,
	type Outgoing,
	type TooLarge,
} from './course';
import type { BatchAnswer, SendBatch, SentBatch } from './delivery';
import { isOver } from './session';

/**
 * Sends a submission: its batches in order, one call after the other, the last flag once and at the end. Each batch is
 * in the ledger as soon as it has its answer.
 * A batch that is too large goes on in halves. When the last call is refused while others were accepted, the last
 * accepted batch goes again with the flag. What is left when the time of a session is up goes as a submission of its own.
 * @throws what `send` and `onBatch` throw; the ledger is true all the same
 */
export async function submit(outgoing: Outgoing, send: SendBatch): Promise<void> {
	const { users, refs, plan, ledger, now } = outgoing;
	const { delivery } = ledger;
	const course = courseOf(outgoing);
	for (let start = 0; start < users.length; ) {
		if (isOver(course.session, now())) beginAnew(course, outgoing, start);
		const batch = nextBatch(users, start, limitsOf(course, outgoing));
		const last = plan.closes && batch.end === users.length;
		const answer = course.givenUp ?? (await send(callOf(batch, last, course)));
		if (last) delivery.lastAnswerLost ||= answer.answerLost;
		if (goesAgain(course, batch, { answer, now: now() })) continue;
		if (isTooLarge(answer)) giveUp(course, answer, plan);
		if (last) delivery.closed = answer.accepted;
		const sent = sentBatch(batch, last, answer);
		sent.tries += course.triesBefore;
		if (sent.refusal && (answer.answerLost || start < course.lostUpTo)) sent.mayBeReceived = true;
		ledger.recordBatch(sent, refs);
		noteBegin(course, outgoing, answer);
		await outgoing.onBatch?.(sent);
		course.triesBefore = 0;
		start = batch.end;
		if (!answer.accepted && outgoing.stopAtRefusal) break;
	}
	if (plan.closes && !delivery.closed) await closeAgain(outgoing, course, send);
}

/** Sends the session's last accepted batch again with the last flag; nothing when it has none, or when it is over. */
async function closeAgain(outgoing: Outgoing, course: Course, send: SendBatch): Promise<void> {
	const { users, ledger, now } = outgoing;
	const { delivery } = ledger;
	const index = delivery.batches.findLastIndex(({ refusal }) => !refusal);
	const batch = delivery.batches[index];
	if (!batch || index < course.session.batchesBefore) return;
	let batchSize = batch.end - batch.start;
	while (!isOver(course.session, now())) {
		// Any of its users carries the flag as well as all of them.
		const again = nextBatch(users, batch.start, limitsOf({ batchSize }, outgoing));
		const answer = await send(callOf(again, true, course));
		delivery.lastAnswerLost ||= answer.answerLost;
		batch.tries += answer.tries;
		const isInHalves = isTooLarge(answer) && again.users.length > 1;
		if (isInHalves) batchSize = Math.ceil(again.users.length / 2);
		if (isInHalves || 'again' in answer) continue;
		if (!answer.accepted) return;
		delivery.closed = true;
		delivery.closedAgainWith = index + 1;
		batch.last = true;
		batch.requestId = answer.requestId;
		return;
	}
}

function sentBatch({ start, end }: Range, last: boolean, answer: BatchAnswer): SentBatch {
	const { tries } = answer;
	if (answer.accepted) return { start, end, last, requestId: answer.requestId, tries };
	const refusal = answer.refusal as TooLarge['refusal'];
	return { start, end, last, requestId: refusal.requestId, tries, refusal };
}
