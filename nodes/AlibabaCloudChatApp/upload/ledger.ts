import type { ReasonCode } from '../contacts/reasons';
import type { Message } from '../message';
import type { Ref, Refs } from '../sources/source';
import { Numbers } from './packedUsers';
import type { Delivery, SentBatch } from './upload';

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

/** An outcome as it is told; that of a contact in a batch is what became of the batch. */
export function fateOf(outcome: Outcome, { batches }: Delivery): Fate {
	switch (outcome.status) {
		// Nothing that says otherwise has happened to it.
		case 'pending':
			return { status: 'held', reason: 'stopped' };
		case 'failed':
			return { status: 'failed', code: outcome.why.code };
		case 'sent':
			return batchFate(batches[outcome.batch - 1] as SentBatch, outcome.batch);
		default:
			return outcome;
	}
}

function batchFate({ error, requestId }: SentBatch, batch: number): Fate {
	if (!error) return { status: 'submitted', batch, requestId };
	return { status: 'failed', batch, ...(requestId && { requestId }), code: error.code };
}

const PENDING: Outcome = { status: 'pending' };

/**
 * The account of one submission's contacts, written as things happen, so that it is true whenever a run ends.
 * A contact takes one small number: a million of them are 4 MB.
 */
export class Ledger {
	readonly delivery: Delivery = {
		batches: [],
		closed: false,
		lastAnswerLost: false,
		begunAnew: [],
	};
	/** For each contact, its outcome's place in `outcomes`. */
	private readonly places = new Numbers();
	private readonly outcomes: Outcome[] = [PENDING];
	private readonly placeOf = new Map<Outcome, number>([[PENDING, 0]]);
	private readonly tally: number[] = [0];
	private readonly dropped = new Map<Ref, ReasonCode>();

	/** How many contacts came in. */
	get received(): number {
		return this.places.length;
	}

	/** Takes contacts in; nothing has become of them yet. */
	receive(count: number): void {
		for (let index = 0; index < count; index++) this.places.push(0);
		this.tally[0] = (this.tally[0] as number) + count;
	}

	/** Writes what became of one contact. The same object for many contacts takes one place. */
	record(ref: Ref, outcome: Outcome): void {
		this.move(ref, this.place(outcome));
	}

	/** Writes what becomes of all contacts whose outcome is still open. */
	settle(outcome: Outcome): void {
		if (this.tally[0] === 0) return;
		const place = this.place(outcome);
		for (let ref = 0; ref < this.places.length; ref++) {
			if (this.places.at(ref) === 0) this.move(ref, place);
		}
	}

	/** Notes why a contact's other field was dropped. */
	drop(ref: Ref, reason: ReasonCode): void {
		this.dropped.set(ref, reason);
	}

	/**
	 * Writes down a batch with its answer.
	 * @param refs of the submission's users, by their place; users beyond its end came from elsewhere and aren't counted
	 */
	recordBatch(batch: SentBatch, refs: Refs): void {
		const place = this.place({ status: 'sent', batch: this.delivery.batches.push(batch) });
		const end = Math.min(batch.end, refs.length);
		for (let user = batch.start; user < end; user++) this.move(refs.at(user) as Ref, place);
	}

	/** Writes anew what becomes of the contacts whose batches were not accepted. */
	resettle(outcome: Outcome): void {
		const place = this.place(outcome);
		for (let ref = 0; ref < this.places.length; ref++) {
			const before = this.outcomeOf(ref);
			if (before.status === 'sent' && fateOf(before, this.delivery).status === 'failed') {
				this.move(ref, place);
			}
		}
	}

	outcomeOf(ref: Ref): Outcome {
		return this.outcomes[this.places.at(ref) as number] as Outcome;
	}

	fateOf(ref: Ref): Fate {
		const fate = fateOf(this.outcomeOf(ref), this.delivery);
		const leftOut = this.dropped.get(ref);
		if (leftOut === undefined) return fate;
		const { status, ...rest } = fate;
		return { status, leftOut, ...rest };
	}

	counts(): Counts {
		const counts: Counts = { ...NO_COUNTS, received: this.received };
		this.outcomes.forEach((outcome, place) => {
			const { status } = fateOf(outcome, this.delivery);
			counts[status === 'duplicate' ? 'duplicates' : status] += this.tally[place] as number;
		});
		return counts;
	}

	/** How many contacts were refused, by reason. */
	refusals(): Partial<Record<ReasonCode, number>> {
		const counts: Partial<Record<ReasonCode, number>> = {};
		this.outcomes.forEach((outcome, place) => {
			const count = this.tally[place] as number;
			if (outcome.status !== 'refused' || count === 0) return;
			counts[outcome.reason] = (counts[outcome.reason] ?? 0) + count;
		});
		return counts;
	}

	/** How many contacts lost their other field, by reason. */
	droppedFields(): Partial<Record<ReasonCode, number>> {
		const counts: Partial<Record<ReasonCode, number>> = {};
		for (const reason of this.dropped.values()) counts[reason] = (counts[reason] ?? 0) + 1;
		return counts;
	}

	/** The first contacts that were refused, `most` of them at the most. */
	firstRefused(most: number): Array<{ ref: Ref; reason: ReasonCode }> {
		const found: Array<{ ref: Ref; reason: ReasonCode }> = [];
		for (let ref = 0; ref < this.received && found.length < most; ref++) {
			const outcome = this.outcomeOf(ref);
			if (outcome.status === 'refused') found.push({ ref, reason: outcome.reason });
		}
		return found;
	}

	private place(outcome: Outcome): number {
		const known = this.placeOf.get(outcome);
		if (known !== undefined) return known;
		const place = this.outcomes.push(outcome) - 1;
		this.placeOf.set(outcome, place);
		this.tally.push(0);
		return place;
	}

	private move(ref: Ref, place: number): void {
		const before = this.places.at(ref) as number;
		this.tally[before] = (this.tally[before] as number) - 1;
		this.tally[place] = (this.tally[place] as number) + 1;
		this.places.set(ref, place);
	}
}
