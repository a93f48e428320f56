import type { User } from '../contacts/contact';
import { nextBatch, type Range } from './batches';

export interface BatchCall {
	users: User[];
	/** BatchLastFlag. */
	last: boolean;
	/** EstimatedNumTotal; absent when nobody knows it. */
	total?: number;
}

/** What became of one call, its retries included. */
export type BatchAnswer = {
	requestId: string;
	/** 0 when no call was made, since an earlier answer showed that none can be accepted. */
	tries: number;
	/** A try may have been carried out though its answer never came. */
	answerLost: boolean;
} & ({ accepted: true } | ({ accepted: false; tooLarge: boolean } & Refused));

export interface Refused {
	code: string;
	message: string;
	/** How to mend it. */
	hint: string;
	httpStatus?: number;
}

export type SendBatch = (call: BatchCall) => Promise<BatchAnswer>;

export interface SubmissionPlan {
	users: User[];
	/** Users a call at most. */
	batchSize: number;
	total?: number;
	/** The run's last batch carries the last flag. */
	closes: boolean;
	/** Whether nothing more is sent after a batch that was not accepted (the submission is closed all the same). */
	stopAtRefusal: boolean;
}

/** A batch as it was sent in the end: users `start` to `end` of the plan. */
export interface SentBatch extends Range {
	last: boolean;
	requestId: string;
	tries: number;
	/** Absent when it was accepted. */
	refused?: Refused;
}

export interface Delivery {
	batches: SentBatch[];
	/** A call with the last flag was accepted. */
	closed: boolean;
	/** The batch (from 1) that went again with the last flag to close the submission. */
	closedAgainWith?: number;
	/** The last call may have been received twice, or received though it counts as refused. */
	lastAnswerLost: boolean;
}

/**
 * Sends a submission: its batches in order, one call after the other, the last flag once and at the end.
 * A batch that is too large goes on in halves. When the last call is refused while others were accepted, the last
 * accepted batch goes again with the flag, because Meta discards a submission that stays open.
 */
export async function submit(plan: SubmissionPlan, send: SendBatch): Promise<Delivery> {
	const delivery: Delivery = { batches: [], closed: false, lastAnswerLost: false };
	let { batchSize } = plan;
	let triesBefore = 0;
	for (let start = 0; start < plan.users.length; ) {
		const range = nextBatch(plan.users, start, batchSize);
		const last = plan.closes && range.end === plan.users.length;
		const answer = await sendRange(plan, range, last, send);
		const size = range.end - range.start;
		if (!answer.accepted && answer.tooLarge && size > 1) {
			// The limit holds for the batches to come as well.
			batchSize = Math.ceil(size / 2);
			triesBefore += answer.tries;
			continue;
		}
		delivery.batches.push(sentBatch(range, last, answer, triesBefore));
		if (last) noteLastCall(delivery, answer);
		triesBefore = 0;
		start = range.end;
		if (!answer.accepted && plan.stopAtRefusal) break;
	}
	if (plan.closes && !delivery.closed) await closeAgain(plan, delivery, send);
	return delivery;
}

function sendRange(plan: SubmissionPlan, range: Range, last: boolean, send: SendBatch) {
	const whole = range.start === 0 && range.end === plan.users.length;
	const users = whole ? plan.users : plan.users.slice(range.start, range.end);
	return send({ users, last, total: plan.total });
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

function noteLastCall(delivery: Delivery, answer: BatchAnswer): void {
	delivery.closed = answer.accepted;
	delivery.lastAnswerLost ||= answer.answerLost;
}

async function closeAgain(
	plan: SubmissionPlan,
	delivery: Delivery,
	send: SendBatch,
): Promise<void> {
	const index = delivery.batches.findLastIndex((batch) => !batch.refused);
	const batch = delivery.batches[index];
	if (!batch) return;
	const answer = await sendRange(plan, batch, true, send);
	noteLastCall(delivery, answer);
	batch.tries += answer.tries;
	if (!answer.accepted) return;
	batch.last = true;
	batch.requestId = answer.requestId;
	delivery.closedAgainWith = index + 1;
}
