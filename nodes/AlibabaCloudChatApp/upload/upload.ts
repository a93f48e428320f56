import { Mutex } from 'async-mutex';
import { untilAborted } from '../async';
import type { User } from '../contacts/contact';
import { setLatest } from '../setLatest';
import type { ApiError } from '../transport/apiError';
import { type Batch, leaveOut, nextBatch } from './batches';
import type { BatchResult, Ledger } from './ledger';
import type { BatchPlan } from './plan';

/** One batch, and the parameters of its call. */
export interface BatchCall {
	users: User[];
	/** BatchLastFlag. */
	last: boolean;
	/** EstimatedNumTotal; absent when it is unknown. */
	total?: number;
	/** The time after which no attempt may begin, in milliseconds since 1970. */
	until?: number;
}

/** The answer to a batch, after its retries. */
export type BatchAnswer = {
	/** 0 if no request was made: none could be accepted, or the lease or the upload window was over. */
	attempts: number;
	/** Whether an attempt may have succeeded although its response never arrived. */
	responseLost: boolean;
} & (
	| {
			accepted: true;
			requestId: string;
			/** When the accepted attempt began, in milliseconds since 1970. */
			startedAt: number;
	  }
	| { accepted: false; error: ApiError }
	/**
	 * Nothing was accepted, and the same users have to be sent again: the limits for a call changed, it was too late, or
	 * one of the users must now be left out.
	 */
	| { accepted: false; again: true }
);

/** Sends the batches of an upload. */
export interface BatchSender {
	/** Sends a batch, with its retries. @throws only when the execution is canceled */
	send(batch: BatchCall): Promise<BatchAnswer>;
	/** How many bytes of encoded users one call may currently contain; undefined for the API's own limit. */
	maxBytes?(total?: number): number | undefined;
}

/** Meta ends an upload this long after its first batch, and discards batches that come later. */
export const WINDOW_MINUTES = 90;
const WINDOW_MS = WINDOW_MINUTES * 60_000;

/** How a run sends an upload. */
export interface UploadSettings {
	sender: BatchSender;
	/** Whether to stop after a rejected batch. An upload with accepted batches is still completed. */
	stopAtRejection: boolean;
	/** Milliseconds since 1970. */
	now(): number;
	/** Whether a user asked to be forgotten after the upload was planned; absent if no one did. */
	isForgotten?(user: User): boolean;
}

/**
 * Sends an upload: its batches in order, one call at a time, with the last flag only on the final one. Each batch is
 * recorded in the ledger as soon as its answer arrives.
 * A batch that is too large is sent in halves. If the last call is rejected but others were accepted, the last accepted
 * batch is sent again with the flag. What is left after the upload window becomes a separate upload.
 * @param ledger `facts.windowStartedAt`: when an earlier run began the upload
 * @throws what `sender` throws; the ledger is still accurate
 */
export function sendBatches(
	plan: BatchPlan,
	ledger: Ledger,
	settings: UploadSettings,
): Promise<void> {
	return new BatchLoop(plan, ledger, settings).run();
}

class BatchLoop {
	/** Users per call from now on. */
	private batchSize: number;
	/** EstimatedNumTotal of the batches in the current upload window. */
	private total?: number;
	/** How many batches were sent before the current upload window. */
	private batchesBefore = 0;
	/** Earlier attempts to send the current batch's users, which have to be sent again. */
	private attemptsBefore = 0;
	/** A call with users before this index may have been received although its response was lost; they are sent again. */
	private lostUpTo = 0;
	/** Set once not even one user fits into a call. */
	private givenUp?: BatchAnswer;

	constructor(
		private readonly plan: BatchPlan,
		private readonly ledger: Ledger,
		private readonly settings: UploadSettings,
	) {
		this.batchSize = plan.options.batchSize;
		this.total = plan.total;
		ledger.facts.userCount = plan.users.length;
		ledger.facts.contactCount = plan.users.length - (plan.extraUserCount ?? 0);
		ledger.contactAt = plan.contactAt;
	}

	async run(): Promise<void> {
		const { users, completes } = this.plan;
		const { facts } = this.ledger;
		for (let start = 0; start < users.length; ) {
			if (this.isWindowOver) this.restartWindow(start);
			const batch = this.batchFrom(start, this.batchSize);
			const result =
				batch.users.length === 0 ? this.recordLeftOut(batch) : await this.sendBatch(batch);
			if (result === 'again') continue;
			start = batch.end;
			if (result === 'rejected' && this.settings.stopAtRejection) break;
		}
		if (completes && !facts.complete) await this.completeAgain();
	}

	private async sendBatch(batch: Batch): Promise<'again' | 'accepted' | 'rejected'> {
		const { users, completes } = this.plan;
		const { facts } = this.ledger;
		const last = completes && batch.end === users.length;
		const answer = this.givenUp ?? (await this.settings.sender.send(this.callOf(batch, { last })));
		if (last) facts.lastResponseLost ||= answer.responseLost;
		if (this.prepareToSendAgain(batch, answer)) return 'again';
		this.record(batch, { last, answer });
		return answer.accepted ? 'accepted' : 'rejected';
	}

	/** Records a batch whose users are all left out. */
	private recordLeftOut({ leftOut = [] }: Batch): 'leftOut' {
		this.ledger.recordLeftOut(leftOut, this.plan.refs);
		return 'leftOut';
	}

	/** When Meta starts to discard batches, in milliseconds since 1970; undefined until one is accepted. */
	private get windowEnd(): number | undefined {
		const { windowStartedAt } = this.ledger.facts;
		return windowStartedAt === undefined ? undefined : windowStartedAt + WINDOW_MS;
	}

	private get isWindowOver(): boolean {
		return this.settings.now() >= (this.windowEnd ?? Infinity);
	}

	/** Makes the remaining users a separate upload. */
	private restartWindow(start: number): void {
		const { facts, batches } = this.ledger;
		const { total, users } = this.plan;
		this.batchesBefore = batches.length;
		facts.restarts.push({ batch: batches.length + 1, start });
		facts.windowStartedAt = undefined;
		if (total !== undefined) this.total = Math.max(total, users.length) - start;
	}

	private batchFrom(start: number, batchSize: number): Batch {
		const maxBytes = this.settings.sender.maxBytes?.(this.total);
		const { users, contactAt } = this.plan;
		const batch = nextBatch(users, start, { batchSize, maxBytes, contactAt });
		const { isForgotten } = this.settings;
		return isForgotten ? leaveOut(batch, isForgotten, contactAt) : batch;
	}

	private callOf({ users }: Batch, { last }: { last: boolean }): BatchCall {
		return { users, last, total: this.total, until: this.windowEnd };
	}

	/** Prepares to send a batch's users again if that is needed. @returns whether it is */
	private prepareToSendAgain({ users, end }: Batch, answer: BatchAnswer): boolean {
		const isHalved = isTooLarge(answer) && users.length > 1;
		// It came too late, so Meta discarded it.
		const isLate = answer.accepted && this.isWindowOver;
		if (!isHalved && !isLate && !('again' in answer)) return false;
		// The limit also applies to later batches.
		if (isHalved) this.batchSize = Math.ceil(users.length / 2);
		this.attemptsBefore += answer.attempts;
		if (answer.responseLost) this.lostUpTo = Math.max(this.lostUpTo, end);
		return true;
	}

	private record(
		{ start, end, leftOut }: Batch,
		{ last, answer }: { last: boolean; answer: BatchAnswer },
	): void {
		const { facts } = this.ledger;
		if (isTooLarge(answer)) this.giveUp(answer);
		if (last) facts.complete = answer.accepted;
		const attempts = answer.attempts + this.attemptsBefore;
		this.attemptsBefore = 0;
		const result: BatchResult = { start, end, last, attempts, requestId: '' };
		if (leftOut) result.leftOut = leftOut;
		if (answer.accepted) {
			result.requestId = answer.requestId;
			facts.windowStartedAt ??= answer.startedAt;
		} else if ('error' in answer) {
			result.error = answer.error;
			result.requestId = answer.error.requestId;
			if (answer.responseLost || start < this.lostUpTo) result.mayBeReceived = true;
		}
		this.ledger.recordBatch(result, this.plan.refs);
	}

	/** Sends nothing more: if a call with one user is too large, all other calls would be rejected as well. */
	private giveUp({ error }: TooLarge): void {
		const rejected = error.with({ kind: 'rejected', requestId: '' });
		this.givenUp ??= { accepted: false, error: rejected, attempts: 0, responseLost: false };
		this.batchSize = this.plan.options.batchSize;
	}

	/**
	 * Sends the last accepted batch of the current upload window again with the last flag, if there is one and time is
	 * left.
	 */
	private async completeAgain(): Promise<void> {
		const { facts, batches } = this.ledger;
		const index = batches.findLastIndex(({ error }) => !error);
		const batch = batches[index];
		if (!batch || index < this.batchesBefore) return;
		let batchSize = batch.end - batch.start;
		while (!this.isWindowOver) {
			// Any of the batch's users is enough to send the flag.
			const again = this.batchFrom(batch.start, batchSize);
			if (again.users.length === 0) return;
			const answer = await this.settings.sender.send(this.callOf(again, { last: true }));
			facts.lastResponseLost ||= answer.responseLost;
			batch.attempts += answer.attempts;
			const isHalved = isTooLarge(answer) && again.users.length > 1;
			if (isHalved) batchSize = Math.ceil(again.users.length / 2);
			if (isHalved || 'again' in answer) continue;
			if (!answer.accepted) return;
			facts.complete = true;
			facts.completedWith = index + 1;
			batch.last = true;
			batch.requestId = answer.requestId;
			return;
		}
	}
}

type TooLarge = Extract<BatchAnswer, { error: object }>;

/** Whether half as many users may be accepted. */
function isTooLarge(answer: BatchAnswer): answer is TooLarge {
	return 'error' in answer && answer.error.kind === 'tooLarge';
}

/** The upload window of an upload that isn't complete, kept for the runs that send its other batches. */
export interface UploadWindow {
	/** When its first accepted batch began, in milliseconds since 1970. */
	startedAt: number;
	/** Users accepted in it so far. */
	users: number;
}

/** By audience, for all runs of this process. */
const openWindows = new Map<string, UploadWindow>();
const MAX_OPEN = 1000;

/** The upload window that an earlier run in this process left open for the audience. */
export function openWindowOf(audience: string): UploadWindow | undefined {
	return openWindows.get(audience);
}

/**
 * Keeps the audience's upload window for later runs.
 * @param window undefined if there is none, or the upload is complete
 */
export function keepOpenWindow(audience: string, window: UploadWindow | undefined): void {
	if (window === undefined) openWindows.delete(audience);
	else setLatest(openWindows, [[audience, window]], MAX_OPEN);
}

const locks = new Map<string, Mutex>();

/**
 * Waits until this process isn't sending another upload to the audience. Waiting uploads continue in order.
 * The API has no ID for an upload, so the batches of two simultaneous uploads would be mixed up.
 * @returns a function that lets the next one continue
 * @throws the signal's reason if the execution is canceled while waiting
 */
export async function lockAudience(
	audience: string,
	cancelSignal: AbortSignal | undefined,
): Promise<() => void> {
	const mutex = locks.get(audience) ?? new Mutex();
	locks.set(audience, mutex);
	const turn = mutex.acquire();
	const release = () => {
		// This also handles an upload that was canceled while waiting: its turn ends as soon as it comes.
		void turn.then((free) => {
			free();
			if (!mutex.isLocked()) locks.delete(audience);
		});
	};
	let isMine = false;
	try {
		await untilAborted(turn, cancelSignal);
		isMine = true;
		return release;
	} finally {
		if (!isMine) release();
	}
}
