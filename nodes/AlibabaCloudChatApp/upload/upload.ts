import { Mutex } from 'async-mutex';
import { untilAborted } from '../async';
import type { User } from '../contacts/contact';
import type { Refs } from '../sources/source';
import type { ApiError } from '../transport/apiError';
import { type Batch, type BatchLimits, nextBatch, type Range } from './batches';
import type { Ledger } from './ledger';
import type { UserList } from './packedUsers';

export interface BatchCall {
	users: User[];
	/** BatchLastFlag. */
	last: boolean;
	/** EstimatedNumTotal; absent when nobody knows it. */
	total?: number;
	/** Milliseconds since 1970: no try may begin later. */
	until?: number;
}

/** What became of one call, its retries included. */
export type BatchAnswer = {
	/** 0 when no call was made, since an earlier answer showed that none can be accepted. */
	tries: number;
	/** A try may have been carried out though its answer never came. */
	answerLost: boolean;
} & (Accepted | { accepted: false; error: ApiError } | GoesAgain);

interface Accepted {
	accepted: true;
	requestId: string;
	/** When the try that was accepted began, in milliseconds since 1970; the time of its answer when left out. */
	begunAt?: number;
}

/** Nothing was taken, and the same users are to go again: what one call may carry has changed, or its time was up. */
interface GoesAgain {
	accepted: false;
	again: true;
	error?: undefined;
}

/** Makes the call for a batch, with its retries; throws only when the execution is canceled. */
export type SendBatch = (call: BatchCall) => Promise<BatchAnswer>;

/** The shape of a submission's calls. */
export interface SubmissionPlan extends BatchLimits {
	/** EstimatedNumTotal; absent when nobody knows it. */
	total?: number;
	/** The run's last batch carries the last flag. */
	closes: boolean;
}

/** A batch as it was sent in the end: users `start` to `end` of the submission. */
export interface SentBatch extends Range {
	last: boolean;
	requestId: string;
	tries: number;
	/** Absent when it was accepted. */
	error?: ApiError;
	/** It counts as not accepted, but an answer to one of its tries was lost. */
	mayBeReceived?: boolean;
}

/** What has become of a submission's calls so far. */
export interface Delivery {
	batches: SentBatch[];
	/** A call with the last flag was accepted. */
	closed: boolean;
	/** The batch (from 1) that went again with the last flag to close the submission. */
	closedAgainWith?: number;
	/** The last call may have been received twice, or received though it counts as not accepted. */
	lastAnswerLost: boolean;
	/** When the session that batches go into began, in milliseconds since 1970. */
	sessionBegunAt?: number;
	/** Where the time of a session was up: the first batch (from 1) and the first user of each further one. */
	begunAnew: Array<{ batch: number; start: number }>;
}

/** Whether a call was accepted so far. */
export function isAnyAccepted({ batches }: Delivery): boolean {
	return batches.some(({ error }) => !error);
}

/** Milliseconds: Meta ends a session so long after its first batch, and drops the batches that come later. */
export const SESSION_LENGTH = 90 * 60_000;

/**
 * What Meta takes as one upload. The API has no ID for it: it begins with the first batch that is accepted, and ends
 * with the last flag or when its time is up. What it took until then is kept.
 */
export interface Session {
	/** Milliseconds since 1970; absent until a batch is accepted. */
	begunAt?: number;
	/** EstimatedNumTotal of its batches; absent when nobody knows it. */
	total?: number;
	/** How many batches of the submission went before it. */
	batchesBefore: number;
}

/** By audience: when a session began that further runs go on with. */
const open = new Map<string, number>();
const MOST_OPEN = 1000;

/** When an earlier run of this process began the audience's session, in milliseconds since 1970. */
export function openSessionOf(audience: string): number | undefined {
	return open.get(audience);
}

/** Keeps the audience's session for further runs. @param begunAt undefined for none, or one that is closed */
export function keepOpenSession(audience: string, begunAt: number | undefined): void {
	open.delete(audience);
	if (begunAt === undefined) return;
	open.set(audience, begunAt);
	const [oldest] = open.keys();
	if (open.size > MOST_OPEN && oldest !== undefined) open.delete(oldest);
}

/** When a session drops what comes, in milliseconds since 1970; undefined while it has not begun. */
export function endOf({ begunAt }: Session): number | undefined {
	return begunAt === undefined ? undefined : begunAt + SESSION_LENGTH;
}

/** Whether a session drops what comes now. */
export function isOver(session: Session, now: number): boolean {
	const end = endOf(session);
	return end !== undefined && now >= end;
}

/**
 * The session for the rest of a submission whose time is up.
 * @param start the first of the users that are left
 */
export function sessionOfRest(
	{ total }: SubmissionPlan,
	left: { start: number; users: number; batchesBefore: number },
): Session {
	const { start, users, batchesBefore } = left;
	if (total === undefined) return { batchesBefore };
	return { batchesBefore, total: Math.max(total, users) - start };
}

const audiences = new Map<string, Mutex>();

/**
 * Runs `work` when no other submission of this process feeds the audience; those that wait go on in order.
 * CAMS has no session id: two runs at once would mix their batches.
 * @throws the signal's reason when the execution is canceled while it waits, and what `work` throws
 */
export async function withAudienceLock<T>(
	audience: string,
	cancelSignal: AbortSignal | undefined,
	work: () => Promise<T>,
): Promise<T> {
	const mutex = audiences.get(audience) ?? new Mutex();
	audiences.set(audience, mutex);
	const turn = mutex.acquire();
	try {
		await untilAborted(turn, cancelSignal);
		return await work();
	} finally {
		// Also when it was canceled while it waited: its turn passes on as soon as it comes.
		void turn.then((free) => {
			free();
			if (!mutex.isLocked()) audiences.delete(audience);
		});
	}
}

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
	const error = answer.error.with({ kind: 'rejected', requestId: '' });
	course.givenUp ??= { accepted: false, error, tries: 0, answerLost: false };
	course.batchSize = plan.batchSize;
}

export type TooLarge = Extract<BatchAnswer, { accepted: false; error: object }>;

/** Whether half as many users may pass. */
export function isTooLarge(answer: BatchAnswer): answer is TooLarge {
	return !answer.accepted && answer.error?.kind === 'tooLarge';
}

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
		if (sent.error && (answer.answerLost || start < course.lostUpTo)) sent.mayBeReceived = true;
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
	const index = delivery.batches.findLastIndex(({ error }) => !error);
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
	const error = answer.error as ApiError;
	return { start, end, last, requestId: error.requestId, tries, error };
}
