import type { Pause } from '../async';
import {
	cleanContact,
	type Cleaned,
	type CleaningOptions,
	type FieldPaths,
	type RawContact,
} from '../contacts/contact';
import { createDuplicateFilter } from '../contacts/duplicates';
import type { ReasonCode } from '../contacts/reasons';
import type { ContactSource, Refs } from '../sources/source';
import type { Ledger, Outcome } from './ledger';
import { type GrowingUserList, Numbers, type UserList } from './packedUsers';

/** How the values of one kind of field fared: sent, or not, by reason. */
export interface FieldTally {
	sent: number;
	refused: number;
	reasons: Map<ReasonCode, number>;
}

type Field = 'email' | 'phone';
type Combination = { at: FieldPaths; count: number };

// Far above the shapes that one run's items have; further ones are too rare to be the commonest.
const COMBINATIONS_KEPT = 200;

/** Where a submission's contacts had their fields, and how these fared. */
export class FieldsSeen {
	readonly tallies: Record<Field, FieldTally> = { email: newTally(), phone: newTally() };
	/** Phones whose calling code was taken from their digits alone, by calling code. */
	readonly guessed = new Map<string, number>();
	private readonly combinations: Combination[] = [];
	private latest?: Combination;

	note(raw: RawContact, cleaned: Cleaned): void {
		const at = ('user' in cleaned && cleaned.at) || raw.at;
		if (at) this.notePaths(at);
		if ('reason' in cleaned) return this.noteReason(cleaned.reason);
		if (cleaned.user.Email !== undefined) this.tallies.email.sent++;
		if (cleaned.user.Phone !== undefined) this.tallies.phone.sent++;
		if (cleaned.dropped !== undefined) this.noteReason(cleaned.dropped);
		const { guessed } = cleaned;
		if (guessed !== undefined) this.guessed.set(guessed, (this.guessed.get(guessed) ?? 0) + 1);
	}

	/** Whether no contact had any field. */
	get isEmpty(): boolean {
		return this.combinations.length === 0;
	}

	/** The commonest path of each field, as data paths. */
	commonest(): FieldPaths {
		return { ...this.mostOf('email'), ...this.mostOf('phone'), ...this.mostOf('country') };
	}

	// Contacts of a run share a few combinations, mostly with the one before.
	private notePaths(at: FieldPaths): void {
		if (!this.latest || !isSame(this.latest.at, at)) {
			this.latest = this.combinations.find((each) => isSame(each.at, at));
			if (!this.latest && this.combinations.length < COMBINATIONS_KEPT) {
				this.latest = { at, count: 0 };
				this.combinations.push(this.latest);
			}
		}
		if (this.latest) this.latest.count++;
	}

	private noteReason(reason: ReasonCode): void {
		const field = reason.startsWith('email') ? 'email' : reason.startsWith('phone') ? 'phone' : '';
		if (field === '') return;
		const tally = this.tallies[field];
		tally.refused++;
		tally.reasons.set(reason, (tally.reasons.get(reason) ?? 0) + 1);
	}

	private mostOf(field: keyof FieldPaths): FieldPaths {
		const counts = new Map<string, number>();
		for (const { at, count } of this.combinations) {
			const path = at[field];
			if (path !== undefined) counts.set(path, (counts.get(path) ?? 0) + count);
		}
		const [path] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
		return path === undefined ? {} : { [field]: path };
	}
}

function newTally(): FieldTally {
	return { sent: 0, refused: 0, reasons: new Map() };
}

function isSame(one: FieldPaths, other: FieldPaths): boolean {
	return one.email === other.email && one.phone === other.phone && one.country === other.country;
}

export interface SurveyOptions extends CleaningOptions {
	removeDuplicates: boolean;
	pause: Pause;
}

/** The users of a submission, for each its contact's place in the source, and where their fields were. */
export interface Surveyed {
	users: UserList;
	refs: Refs;
	seen: FieldsSeen;
}

const DUPLICATE: Outcome = { status: 'duplicate' };
/** Contacts that are all cleaned before any is looked up among the duplicates: taking turns costs a quarter more. */
const BLOCK = 10_000;
/** For a list that keeps no objects: they are gone before the garbage collector takes them for lasting ones. */
const PACKED_BLOCK = 1;

/**
 * Cleans a source's contacts and sorts out who is to be sent; the ledger learns of the others.
 * @param users takes the users, in the order of their source
 * @throws what reading the source throws; the cancel signal's reason
 */
export async function survey(
	source: ContactSource,
	options: SurveyOptions,
	{ ledger, users }: { ledger: Ledger; users: GrowingUserList },
): Promise<Surveyed> {
	const addsNothing = options.removeDuplicates ? createDuplicateFilter() : () => false;
	const refs = new Numbers();
	const seen = new FieldsSeen();
	const most = Array.isArray(users) ? BLOCK : PACKED_BLOCK;
	let block: Cleaned[] = [];
	const sortBlock = () => {
		let ref = ledger.received;
		ledger.receive(block.length);
		for (const cleaned of block) {
			if ('reason' in cleaned) ledger.record(ref, refused(cleaned.reason));
			else if (addsNothing(cleaned.user) || users.push(cleaned.user) === false) {
				ledger.record(ref, DUPLICATE);
			} else {
				refs.push(ref);
				if (cleaned.dropped) ledger.drop(ref, cleaned.dropped);
			}
			ref++;
		}
		block = [];
	};
	for await (const chunk of source.open()) {
		for (const contact of chunk) {
			const cleaned = cleanContact(contact, options);
			seen.note(contact, cleaned);
			block.push(cleaned);
		}
		if (block.length >= most) sortBlock();
		await options.pause();
	}
	sortBlock();
	return { users, refs, seen };
}

const outcomes = new Map<ReasonCode, Outcome>();

/** One object a reason, so that the ledger takes one place for it. */
function refused(reason: ReasonCode): Outcome {
	const known = outcomes.get(reason);
	if (known) return known;
	const outcome: Outcome = { status: 'refused', reason };
	outcomes.set(reason, outcome);
	return outcome;
}
