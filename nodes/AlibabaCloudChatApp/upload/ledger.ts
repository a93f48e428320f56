import type { ReasonCode } from '../contacts/reasons';
import type { Message } from '../message';
import type { Ref, Refs } from '../sources/source';
import type { ApiError } from '../transport/apiError';
import type { Audience } from '../ids';
import { partsOf, type RangeSent, countUsers } from './batches';
import { NumberList } from './packedUsers';

/** Why a valid contact isn't sent. */
export type HeldReason = 'under_minimum' | 'dry_run' | 'stopped';

/** A contact's entry in the ledger. The contacts in one batch share an entry. */
export type LedgerEntry =
	| { status: 'pending' }
	| { status: 'duplicate' }
	/** Stored, to be sent later with others. */
	| { status: 'collected' }
	| { status: 'invalid'; reason: ReasonCode }
	| { status: 'held'; reason: HeldReason }
	| { status: 'failed'; failure: Message }
	/** In a batch (from 1), whose result is also the contact's. */
	| { status: 'batched'; batch: number };

/** The result for a contact, as the output shows it. */
export interface ContactResult {
	status: 'submitted' | 'collected' | 'duplicate' | 'invalid' | 'failed' | 'held';
	reason?: ReasonCode | HeldReason;
	/** Why its other field was dropped. */
	droppedField?: ReasonCode;
	/** From 1. */
	batch?: number;
	requestId?: string;
	code?: string;
}

/** How many contacts have each status; they add up to `received`. */
export interface Counts {
	received: number;
	submitted: number;
	collected: number;
	duplicates: number;
	invalid: number;
	failed: number;
	held: number;
}

/** A batch as it was finally sent: the upload's users from `start` up to, but not including, `end`. */
export interface BatchResult extends RangeSent {
	last: boolean;
	/** Empty when there was none. */
	requestId: string;
	attempts: number;
	/** Absent when it was accepted. */
	error?: ApiError;
	/** The batch counts as rejected, but may have been received, because the response to an attempt was lost. */
	mayBeReceived?: true;
}

/** What the Data Table contains for an audience after a run, and what was sent from it. */
export interface Collecting {
	/** Contacts that are waiting now. */
	waiting: number;
	/** Contacts in the upload that were waiting in the table. */
	sentFromTable: number;
	/** Previously sent contacts that were sent again to fill up the upload. */
	toppedUp: number;
	/** Contacts of this run that stay in the table, to fill up later uploads. */
	keptForTopUp: number;
	/** What happens next, as a sentence. */
	next: string;
}

/** A problem with the Data Table, and its effect on the upload. */
export interface TableProblem {
	kind:
		| 'other'
		/** The waiting contacts were not sent with the upload. */
		| 'waitingLeftOut'
		/** What was sent could not be recorded. */
		| 'outdated'
		/** Other workers could not be kept from sending to the audience. */
		| 'notExclusive'
		/** The list of people who asked to be forgotten could not be read. */
		| 'forgottenUnknown'
		/** People who opted out may still be in it. */
		| 'notRemoved';
	message: Message;
}

/** What happened to an upload as a whole. */
export interface Facts {
	/** Users of the upload, including those from the table; absent until it is sent. */
	userCount?: number;
	/** The contacts that these users belong to. */
	contactCount?: number;
	/** How many of the users, the first ones, are the run's, and how many, the last ones, were sent before; absent without the table. */
	usersFrom?: { run: number; topUp: number };
	/** Whether a call with the last flag was accepted. */
	complete: boolean;
	/** The batch (from 1) that was sent again with the last flag to complete the upload. */
	completedWith?: number;
	/** Whether the last call may have been received twice, or may have been received although it counts as rejected. */
	lastResponseLost: boolean;
	/** When the current upload window began, in milliseconds since 1970. */
	windowStartedAt?: number;
	/** Each further upload window: its first batch (from 1) and first user. */
	restarts: Array<{ batch: number; start: number }>;
	/** Why no call could be made, or no further one. */
	failure?: Message;
	/** People in the audience before the upload; absent if the key isn't allowed to list audiences. */
	tokenTotalBefore?: number;
	/** Where the calls contained the users; absent if no call was made. */
	usersIn?: 'body' | 'query';
	/**
	 * The IDs that can't be found with the key; 'unchecked' if the lists can't be read; 'beyondLimit' if the run has too
	 * many audiences to look up; absent if there was nothing to look up.
	 */
	ids?: 'unchecked' | 'beyondLimit' | Array<keyof Audience>;
	/** Why nothing can be sent with the credential, if that was found while looking up the IDs. */
	keyFailure?: Message;
	/** The audience's name, if it was looked up. */
	audienceName?: string;
	/** Only when the table was used. */
	collecting?: Collecting;
	tableProblems: TableProblem[];
	/** The IDs of rows that can't be read, one for each waiting contact. */
	unreadableRowIds?: number[];
	/** Whether the audience's first contact was stored. */
	isFirstStored?: true;
	/** Whether the contacts that weren't accepted are waiting in the table again. */
	failedAreWaiting?: true;
	/** Whether the next run sends what is waiting in the table. */
	areWaitingDue?: boolean;
	/** Later uploads in the same run, with only contacts from the table. */
	laterLedgers: Ledger[];
	/** Files of the output that could not be written in full. */
	unwrittenFiles: string[];
}

const PENDING: LedgerEntry = { status: 'pending' };
/** The entries that several modules record. */
export const COLLECTED: LedgerEntry = { status: 'collected' };
export const DUPLICATE: LedgerEntry = { status: 'duplicate' };
export const FORGOTTEN: LedgerEntry = { status: 'invalid', reason: 'forgotten' };

/**
 * The result for each contact and batch of one upload, recorded as things happen, so it is accurate whenever a run
 * ends. Each contact is stored as one small number: a million contacts take 4 MB.
 */
export class Ledger {
	/** In the order they were sent. */
	readonly batches: BatchResult[] = [];
	readonly facts: Facts = {
		complete: false,
		lastResponseLost: false,
		restarts: [],
		tableProblems: [],
		laterLedgers: [],
		unwrittenFiles: [],
	};
	/** Returns the contact that the user at an index of the upload belongs to; absent if each contact has one user. */
	contactAt: ((index: number) => number) | undefined;
	/** The number of users left out of their batches because they asked to be forgotten. */
	leftOutCount = 0;
	/** For each contact, the index of its entry. */
	private readonly indexes = new NumberList();
	private readonly entries: LedgerEntry[] = [PENDING];
	private readonly indexOf = new Map<LedgerEntry, number>([[PENDING, 0]]);
	private readonly tally: number[] = [0];
	private readonly dropped = new Map<Ref, ReasonCode>();

	/** How many contacts were received. */
	get received(): number {
		return this.indexes.length;
	}

	get isAnyAccepted(): boolean {
		return this.batches.some(({ error }) => !error);
	}

	get isAnyRejected(): boolean {
		return this.batches.some(({ error }) => error);
	}

	/** Adds contacts, all pending. */
	receive(count: number): void {
		for (let index = 0; index < count; index++) this.indexes.push(0);
		this.tally[0] = (this.tally[0] as number) + count;
	}

	/** Records a contact's status. An object that is recorded for many contacts is stored once. */
	record(ref: Ref, entry: LedgerEntry): void {
		this.move(ref, this.index(entry));
	}

	/** Records the status of all contacts that are still pending. */
	recordPending(entry: LedgerEntry): void {
		if (this.tally[0] === 0) return;
		const index = this.index(entry);
		for (let ref = 0; ref < this.received; ref++) {
			if (this.indexes.at(ref) === 0) this.move(ref, index);
		}
	}

	/** Records why a contact's other field was dropped. */
	recordDropped(ref: Ref, reason: ReasonCode): void {
		this.dropped.set(ref, reason);
	}

	/**
	 * Records a batch's result. A contact with users in several batches gets the result of the first one.
	 * @param refs of the upload's users; users beyond its end came from the table and aren't counted
	 */
	recordBatch(batch: BatchResult, refs: Refs): void {
		const index = this.index({ status: 'batched', batch: this.batches.push(batch) });
		const end = Math.min(batch.end, refs.length);
		for (let user = batch.start; user < end; user++) {
			const ref = refs.at(user) as Ref;
			if (user === 0 || refs.at(user - 1) !== ref) this.move(ref, index);
		}
		this.recordLeftOut(batch.leftOut ?? [], refs);
	}

	/** Records that users are in no batch, because they asked to be forgotten. @param indexes in the upload */
	recordLeftOut(indexes: readonly number[], refs: Refs): void {
		this.leftOutCount += indexes.length;
		for (const index of indexes)
			if (index < refs.length) this.record(refs.at(index) as Ref, FORGOTTEN);
	}

	/** The number of contacts that the users in the ranges belong to, without those left out. */
	contactsIn(ranges: RangeSent[]): number {
		const { contactAt } = this;
		if (!contactAt) return countUsers(ranges);
		const contacts = new Set<number>();
		for (const { start, end } of ranges.flatMap(partsOf)) {
			for (let index = start; index < end; index++) contacts.add(contactAt(index));
		}
		return contacts.size;
	}

	/** Replaces the status of the contacts whose batches were rejected. */
	recordRejected(entry: LedgerEntry): void {
		const index = this.index(entry);
		for (let ref = 0; ref < this.received; ref++) {
			const before = this.entryOf(ref);
			if (before.status === 'batched' && this.batches[before.batch - 1]?.error)
				this.move(ref, index);
		}
	}

	entryOf(ref: Ref): LedgerEntry {
		return this.entries[this.indexes.at(ref) as number] as LedgerEntry;
	}

	resultOf(ref: Ref): ContactResult {
		const { status, ...rest } = this.resultOfEntry(this.entryOf(ref));
		const droppedField = this.dropped.get(ref);
		return { status, ...(droppedField && { droppedField }), ...rest };
	}

	counts(): Counts {
		const counts: Counts = {
			received: this.received,
			submitted: 0,
			collected: 0,
			duplicates: 0,
			invalid: 0,
			failed: 0,
			held: 0,
		};
		this.entries.forEach((entry, index) => {
			const { status } = this.resultOfEntry(entry);
			counts[status === 'duplicate' ? 'duplicates' : status] += this.tally[index] as number;
		});
		return counts;
	}

	/** How many contacts are invalid, by reason. */
	invalidReasons(): Partial<Record<ReasonCode, number>> {
		const counts: Partial<Record<ReasonCode, number>> = {};
		this.entries.forEach((entry, index) => {
			const count = this.tally[index] as number;
			if (entry.status !== 'invalid' || count === 0) return;
			counts[entry.reason] = (counts[entry.reason] ?? 0) + count;
		});
		return counts;
	}

	/** How many contacts lost their other field, by reason. */
	droppedFields(): Partial<Record<ReasonCode, number>> {
		const counts: Partial<Record<ReasonCode, number>> = {};
		for (const reason of this.dropped.values()) counts[reason] = (counts[reason] ?? 0) + 1;
		return counts;
	}

	/** The first invalid contacts, up to `most`. */
	firstInvalid(most: number): Array<{ ref: Ref; reason: ReasonCode }> {
		const found: Array<{ ref: Ref; reason: ReasonCode }> = [];
		for (let ref = 0; ref < this.received && found.length < most; ref++) {
			const entry = this.entryOf(ref);
			if (entry.status === 'invalid') found.push({ ref, reason: entry.reason });
		}
		return found;
	}

	/** The first contact of a batch (from 1); undefined when all its users came from the table. */
	firstInBatch(batch: number): Ref | undefined {
		for (let ref = 0; ref < this.received; ref++) {
			const entry = this.entryOf(ref);
			if (entry.status === 'batched' && entry.batch === batch) return ref;
		}
		return undefined;
	}

	private resultOfEntry(entry: LedgerEntry): ContactResult {
		switch (entry.status) {
			// The run ended before the contact was processed.
			case 'pending':
				return { status: 'held', reason: 'stopped' };
			case 'failed':
				return { status: 'failed', code: entry.failure.code };
			case 'batched':
				return this.resultOfBatch(entry.batch);
			default:
				return entry;
		}
	}

	private resultOfBatch(batch: number): ContactResult {
		const { error, requestId } = this.batches[batch - 1] as BatchResult;
		if (!error) return { status: 'submitted', batch, requestId };
		return { status: 'failed', batch, ...(requestId && { requestId }), code: error.code };
	}

	private index(entry: LedgerEntry): number {
		const known = this.indexOf.get(entry);
		if (known !== undefined) return known;
		const index = this.entries.push(entry) - 1;
		this.indexOf.set(entry, index);
		this.tally.push(0);
		return index;
	}

	private move(ref: Ref, index: number): void {
		const before = this.indexes.at(ref) as number;
		this.tally[before] = (this.tally[before] as number) - 1;
		this.tally[index] = (this.tally[index] as number) + 1;
		this.indexes.set(ref, index);
	}
}
