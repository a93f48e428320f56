import type { Cleaned, FieldPaths, RawContact } from '../contacts/contact';
import type { ReasonCode } from '../contacts/reasons';

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
