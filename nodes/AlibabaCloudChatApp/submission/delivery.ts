import type { User } from '../contacts/contact';
import type { Refusal } from '../transport/refusal';
import type { Range } from './batches';

export interface BatchCall {
	users: User[];
	/** BatchLastFlag. */
	last: boolean;
	/** EstimatedNumTotal; absent when nobody knows it. */
	total?: number;
}

/** What became of one call, its retries included. */
export type BatchAnswer = {
	/** 0 when no call was made, since an earlier answer showed that none can be accepted. */
	tries: number;
	/** A try may have been carried out though its answer never came. */
	answerLost: boolean;
} & ({ accepted: true; requestId: string } | { accepted: false; refusal: Refusal });

/** Makes the call for a batch, with its retries; throws only when the execution is cancelled. */
export type SendBatch = (call: BatchCall) => Promise<BatchAnswer>;

/** The shape of a submission's calls. */
export interface SubmissionPlan {
	/** Users a call at most. */
	batchSize: number;
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
}
