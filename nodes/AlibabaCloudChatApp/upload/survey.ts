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
import type { LedgerEntry, Ledger } from './ledger';
import { type GrowingUserList, Numbers } from './packedUsers';

/** How many values of one kind of field were sent, or invalid, by reason. */
export interface FieldTally {
	sent: number;
	invalid: number;
	reasons: Map<ReasonCode, number>;
}

type Field = 'email' | 'phone';
type Combination = { at: FieldPaths; count: number };

// Far above the shapes that one run's items have; further ones are too rare to be the most common.
const COMBINATIONS_KEPT = 200;

/** Where an upload's contacts had their fields, and how many of their values were sent. */
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

	/** The most common path of each field, as data paths. */
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
		tally.invalid++;
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
	return { sent: 0, invalid: 0, reasons: new Map() };
}

function isSame(one: FieldPaths, other: FieldPaths): boolean {
	return one.email === other.email && one.phone === other.phone && one.country === other.country;
}

export interface SurveyOptions extends CleaningOptions {
	removeDuplicates: boolean;
	pause: Pause;
}

const DUPLICATE: LedgerEntry = { status: 'duplicate' };
/** Contacts that are all cleaned before any is looked up among the duplicates: taking turns costs a quarter more. */
const BLOCK = 10_000;
/** For a list that keeps no objects: they are gone before the garbage collector takes them for lasting ones. */
const PACKED_BLOCK = 1;

/**
 * Cleans a source's contacts and decides which ones are users; the ledger records the others.
 * @param users gets the users, in the order of their source
 * @returns for each user, its contact; and where the contacts had their fields
 * @throws what reading the source throws; the cancel signal's reason
 */
export async function survey(
	source: Pick<ContactSource, 'open'>,
	options: SurveyOptions,
	{ ledger, users }: { ledger: Ledger; users: GrowingUserList },
): Promise<{ refs: Refs; fields: FieldsSeen }> {
	const addsNothing = options.removeDuplicates ? createDuplicateFilter() : () => false;
	const refs = new Numbers();
	const fields = new FieldsSeen();
	const most = Array.isArray(users) ? BLOCK : PACKED_BLOCK;
	let block: Cleaned[] = [];
	const sortBlock = () => {
		let ref = ledger.received;
		ledger.receive(block.length);
		for (const cleaned of block) {
			if ('reason' in cleaned) ledger.record(ref, invalid(cleaned.reason));
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
			fields.note(contact, cleaned);
			block.push(cleaned);
		}
		if (block.length >= most) sortBlock();
		await options.pause();
	}
	sortBlock();
	return { refs, fields };
}

const entries = new Map<ReasonCode, LedgerEntry>();

/** One object for each reason, so that the ledger keeps it once. */
function invalid(reason: ReasonCode): LedgerEntry {
	const known = entries.get(reason);
	if (known) return known;
	const entry: LedgerEntry = { status: 'invalid', reason };
	entries.set(reason, entry);
	return entry;
}
