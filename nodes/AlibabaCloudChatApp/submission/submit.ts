import type { Ref } from '../sources/source';
import { nextBatch, type Range } from './batches';
import type { BatchAnswer, SendBatch, SentBatch, SubmissionPlan } from './delivery';
import type { Ledger } from './ledger';
import type { UserList } from './users';

/** A submission that is ready to go. */
export interface Outgoing {
	users: UserList;
	/** For each user, its contact's place in the source; shorter than `users` where more were added from elsewhere. */
	refs: ArrayLike<Ref>;
	plan: SubmissionPlan;
	/** Whether nothing more is sent after a batch that was not accepted (the submission is closed all the same). */
	stopAtRefusal: boolean;
	ledger: Ledger;
	/** Called when a batch has its answer, before the next one goes. */
	onBatch?(batch: SentBatch): Promise<void>;
}

/** What holds for the calls to come. */
interface Course {
	batchSize: number;
	/** Tries of calls that were too large for the batch that is under way. */
	triesBefore: number;
	/** Set once not even one user fits into a call. */
	givenUp?: BatchAnswer;
	/** Users before this place were in a call that was too large, but an answer to one of its tries was lost. */
	lostUpTo: number;
}

/**
 * Sends a submission: its batches in order, one call after the other, the last flag once and at the end. Each batch is
 * in the ledger as soon as it has its answer.
 * A batch that is too large goes on in halves. When the last call is refused while others were accepted, the last
 * accepted batch goes again with the flag.
 * @throws what `send` and `onBatch` throw; the ledger is true all the same
 */
export async function submit(outgoing: Outgoing, send: SendBatch): Promise<void> {
	const { users, refs, plan, ledger } = outgoing;
	const { delivery } = ledger;
	const course: Course = { batchSize: plan.batchSize, triesBefore: 0, lostUpTo: 0 };
	for (let start = 0; start < users.length; ) {
		const batch = nextBatch(users, start, course.batchSize);
		const last = plan.closes && batch.end === users.length;
		const call = { users: batch.users, last, total: plan.total };
		const answer = course.givenUp ?? (await send(call));
		if (last) delivery.lastAnswerLost ||= answer.answerLost;
		if (isTooLarge(answer) && batch.users.length > 1) {
			halve(course, batch, answer);
			continue;
		}
		if (isTooLarge(answer)) giveUp(course, answer, plan);
		if (last) delivery.closed = answer.accepted;
		const sent = sentBatch(batch, last, answer);
		sent.tries += course.triesBefore;
		if (sent.refusal && (answer.answerLost || start < course.lostUpTo)) sent.mayBeReceived = true;
		ledger.recordBatch(sent, refs);
		await outgoing.onBatch?.(sent);
		course.triesBefore = 0;
		start = batch.end;
		if (!answer.accepted && outgoing.stopAtRefusal) break;
	}
	if (plan.closes && !delivery.closed) await closeAgain(outgoing, send);
}

// The limit holds for the batches to come as well.
function halve(course: Course, { start, end }: Range, answer: BatchAnswer): void {
	course.batchSize = Math.ceil((end - start) / 2);
	course.triesBefore += answer.tries;
	if (answer.answerLost) course.lostUpTo = Math.max(course.lostUpTo, end);
}

// What takes not even one user takes nothing: the others would be refused one by one.
function giveUp(course: Course, answer: TooLarge, plan: SubmissionPlan): void {
	const refusal = { ...answer.refusal, kind: 'rejected' as const, requestId: '' };
	course.givenUp ??= { accepted: false, refusal, tries: 0, answerLost: false };
	course.batchSize = plan.batchSize;
}

/** Sends the last accepted batch again with the last flag; nothing when no batch was accepted. */
async function closeAgain({ users, plan, ledger }: Outgoing, send: SendBatch): Promise<void> {
	const { delivery } = ledger;
	const index = delivery.batches.findLastIndex(({ refusal }) => !refusal);
	const batch = delivery.batches[index];
	if (!batch) return;
	for (let { end } = batch; ; ) {
		const again = users.slice(batch.start, end);
		const answer = await send({ users: again, last: true, total: plan.total });
		delivery.lastAnswerLost ||= answer.answerLost;
		batch.tries += answer.tries;
		if (isTooLarge(answer) && again.length > 1) {
			// Any of its users carries the flag as well as all of them.
			end = batch.start + Math.ceil(again.length / 2);
			continue;
		}
		if (!answer.accepted) return;
		delivery.closed = true;
		delivery.closedAgainWith = index + 1;
		batch.last = true;
		batch.requestId = answer.requestId;
		return;
	}
}

type TooLarge = Extract<BatchAnswer, { accepted: false }>;

/** Whether half as many users may pass. */
function isTooLarge(answer: BatchAnswer): answer is TooLarge {
	return !answer.accepted && answer.refusal.kind === 'tooLarge';
}

function sentBatch({ start, end }: Range, last: boolean, answer: BatchAnswer): SentBatch {
	const { tries } = answer;
	if (answer.accepted) return { start, end, last, requestId: answer.requestId, tries };
	const { refusal } = answer;
	return { start, end, last, requestId: refusal.requestId, tries, refusal };
}
