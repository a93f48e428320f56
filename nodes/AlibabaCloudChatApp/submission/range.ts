import type { Range } from './batches';
import type { BatchAnswer, SendBatch, SubmissionPlan } from './delivery';

/** Makes the call for some of a submission's users. */
export function sendRange(plan: SubmissionPlan, range: Range, last: boolean, send: SendBatch) {
	const whole = range.start === 0 && range.end === plan.users.length;
	const users = whole ? plan.users : plan.users.slice(range.start, range.end);
	return send({ users, last, total: plan.total });
}

/** Whether half as many users may pass. */
export function isTooLarge(answer: BatchAnswer): answer is BatchAnswer & { accepted: false } {
	return !answer.accepted && answer.tooLarge;
}
