import type { User } from '../contacts/contact';
import type { Refusal } from '../transport/refusal';
import type { BatchLimits, Range } from './batches';

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
} & (Accepted | { accepted: false; refusal: Refusal } | GoesAgain);

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
	refusal?: undefined;
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
	refusal?: Refusal;
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
	return batches.some(({ refusal }) => !refusal);
}
