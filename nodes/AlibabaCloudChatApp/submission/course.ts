import type { Refs } from '../sources/source';
import type { Batch, BatchLimits } from './batches';
import type { BatchAnswer, BatchCall, SentBatch, SubmissionPlan } from './delivery';
import type { Ledger } from './ledger';
import { endOf, isOver, sessionOfRest, type Session } from './session';
import type { UserList } from './users';

/** A submission that is ready to go. */
export interface Outgoing {
	users: UserList;
	/** For each user, its contact's place in the source; shorter than `users` where more were added from elsewhere. */
	refs: Refs;
	plan: SubmissionPlan;
	/** Whether nothing more is sent after a batch that was not accepted (the submission is closed all the same). */
	stopAtRefusal: boolean;
	ledger: Ledger;
	/** Milliseconds since 1970. */
	now(): number;
	/** Bytes of encoded users that one call may carry, asked before each; the plan's own limit where there is none. */
	room?(): number | undefined;
	/** When an earlier run began the session, in milliseconds since 1970. */
	sessionBegunAt?: number;
	/** Called when a batch has its answer, before the next one goes. */
	onBatch?(batch: SentBatch): Promise<void>;
}

/** What holds for the calls to come. */
export interface Course {
	session: Session;
	batchSize: number;
	/** Tries of the batch that is under way whose users had to go again. */
	triesBefore: number;
	/** Set once not even one user fits into a call. */
	givenUp?: BatchAnswer;
	/** Users before this place were in a call that has to go again, but an answer to one of its tries was lost. */
	lostUpTo: number;
}

/** How a submission begins. */
export function courseOf({ plan, ledger, sessionBegunAt }: Outgoing): Course {
	ledger.delivery.sessionBegunAt = sessionBegunAt;
	const session = { begunAt: sessionBegunAt, total: plan.total, batchesBefore: 0 };
	return { session, batchSize: plan.batchSize, triesBefore: 0, lostUpTo: 0 };
}

/** What the next call may carry. */
export function limitsOf(
	{ batchSize }: Pick<Course, 'batchSize'>,
	{ plan, room }: Outgoing,
): BatchLimits {
	return { batchSize, maxBytes: room?.() ?? plan.maxBytes };
}

/** The call for a batch, within the session. */
export function callOf({ users }: Batch, last: boolean, { session }: Course): BatchCall {
	return { users, last, total: session.total, until: endOf(session) };
}

/** Goes on with a session for what is left. */
export function beginAnew(course: Course, { plan, users, ledger }: Outgoing, start: number): void {
	const { delivery } = ledger;
	const batchesBefore = delivery.batches.length;
	delivery.begunAnew.push({ batch: batchesBefore + 1, start });
	delivery.sessionBegunAt = undefined;
	course.session = sessionOfRest(plan, { start, users: users.length, batchesBefore });
}

/** Keeps when the session began. */
export function noteBegin(
	{ session }: Course,
	{ ledger, now }: Outgoing,
	answer: BatchAnswer,
): void {
	if (answer.accepted) session.begunAt ??= answer.begunAt ?? now();
	ledger.delivery.sessionBegunAt = session.begunAt;
}

/** Whether a batch's users have to go again; notes in which calls. */
export function goesAgain(
	course: Course,
	{ users, end }: Batch,
	{ answer, now }: { answer: BatchAnswer; now: number },
): boolean {
	const isInHalves = isTooLarge(answer) && users.length > 1;
	// It came when the session dropped it already.
	const isLate = answer.accepted && isOver(course.session, now);
	if (!isInHalves && !isLate && !('again' in answer)) return false;
	// The limit holds for the batches to come as well.
	if (isInHalves) course.batchSize = Math.ceil(users.length / 2);
	course.triesBefore += answer.tries;
	if (answer.answerLost) course.lostUpTo = Math.max(course.lostUpTo, end);
	return true;
}

/** Sends nothing more: what takes not even one user takes nothing, and the others would be refused one by one. */
export function giveUp(course: Course, answer: TooLarge, plan: SubmissionPlan): void {
	const refusal = { ...answer.refusal, kind: 'rejected' as const, requestId: '' };
	course.givenUp ??= { accepted: false, refusal, tries: 0, answerLost: false };
	course.batchSize = plan.batchSize;
}

export type TooLarge = Extract<BatchAnswer, { accepted: false; refusal: object }>;

/** Whether half as many users may pass. */
export function isTooLarge(answer: BatchAnswer): answer is TooLarge {
	return !answer.accepted && answer.refusal?.kind === 'tooLarge';
}
