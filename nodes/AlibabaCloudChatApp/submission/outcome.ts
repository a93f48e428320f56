import type { ReasonCode } from '../contacts/reasons';
import type { Message } from '../message';

export type HeldReason = 'under_minimum' | 'dry_run' | 'stopped';

/** What became of a contact; one in a batch shares the outcome with all others of its batch. */
export type Outcome =
	| { status: 'pending' }
	| { status: 'duplicate' }
	/** Stored: it goes with others when there are enough of them. */
	| { status: 'collected' }
	| { status: 'refused'; reason: ReasonCode }
	| { status: 'held'; reason: HeldReason }
	| { status: 'failed'; why: Message }
	| { status: 'sent'; batch: number };

/** The same as it is told; `batch` counts from 1. */
export interface Fate {
	status: 'submitted' | 'collected' | 'duplicate' | 'refused' | 'failed' | 'held';
	reason?: ReasonCode | HeldReason;
	/** Why its other field was dropped. */
	leftOut?: ReasonCode;
	batch?: number;
	requestId?: string;
	code?: string;
}

/** How many contacts have each fate; they add up to `received`. */
export interface Counts {
	received: number;
	submitted: number;
	collected: number;
	duplicates: number;
	refused: number;
	failed: number;
	held: number;
}

export const NO_COUNTS: Readonly<Counts> = {
	received: 0,
	submitted: 0,
	collected: 0,
	duplicates: 0,
	refused: 0,
	failed: 0,
	held: 0,
};
