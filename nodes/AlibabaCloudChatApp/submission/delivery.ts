import type { User } from '../contacts/contact';
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
	/** It counts as refused, but an answer to one of its tries was lost. */
	mayBeReceived?: boolean;
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
