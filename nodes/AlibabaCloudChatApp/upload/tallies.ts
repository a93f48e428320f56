import type { Cleaned, FieldPaths, Contact } from '../contacts/contact';
import { pathWithoutNames } from '../contacts/keyName';
import type { Reach } from '../contacts/reach';
import type { ReasonCode } from '../contacts/reasons';
import { shownName } from '../redact';
import type { IdentifierKind } from '../contacts/text';

/** How many values of one kind of field are valid, how many are invalid, and for which reasons. */
export interface FieldTally {
	valid: number;
	invalid: number;
	reasons: Map<ReasonCode, number>;
}

type Combination = { paths: FieldPaths; count: number };

// Far more than the items in one run have. Any further ones are too rare to be the most common.
const COMBINATIONS_KEPT = 200;
/** How many names are counted separately. In items keyed by email or phone, every name is different. */
const NAMES_KEPT = 500;

/** Where the fields of an upload's contacts were found, and how many of their values are valid. */
export class FieldsSeen {
	readonly tallies: Record<IdentifierKind, FieldTally> = { email: newTally(), phone: newTally() };
	/** The number of phones whose country was guessed from their digits alone, by calling code. */
	readonly guessed = new Map<string, number>();
	private readonly optOutFields = new Map<string, number>();
	private readonly peopleFields = new Map<string, number>();
	/** The number of contacts so far. */
	total = 0;
	/** Contacts for which 'Default Country' returned no country. */
	withoutCountry = 0;
	/** The number of contacts in which the field isn't empty. */
	private readonly filled: Record<IdentifierKind, number> = { email: 0, phone: 0 };
	private readonly unusedPaths: Record<IdentifierKind, Map<string, number>> = {
		email: new Map(),
		phone: new Map(),
	};
	/** The number of items with only an ID, by its path. */
	private readonly onlyIds = new Map<string, number>();
	private readonly combinations: Combination[] = [];
	private latest?: Combination;

	note(contact: Contact, cleaned: Cleaned): void {
		this.total++;
		if (contact.email !== undefined) this.filled.email++;
		if (contact.phone !== undefined) this.filled.phone++;
		if (contact.hasUnknownDefaultCountry) this.withoutCountry++;
		this.noteLeftovers(contact);
		const paths = ('user' in cleaned && cleaned.paths) || contact.paths;
		if (paths) this.notePaths(paths);
		if ('reason' in cleaned) return this.noteReason(cleaned.reason);
		if (cleaned.user.Email !== undefined) this.tallies.email.valid++;
		if (cleaned.user.Phone !== undefined) this.tallies.phone.valid++;
		if (cleaned.dropped !== undefined) this.noteReason(cleaned.dropped);
		const { guessed } = cleaned;
		if (guessed !== undefined) add(this.guessed, guessed, 1);
	}

	/**
	 * Counts a contact who opted out.
	 * @param field the field of the opt-out, in this or another contact of the same person
	 */
	noteOptOut(field: string): void {
		add(this.optOutFields, field, 1);
	}

	/** The number of contacts who opted out, by the field of the opt-out as messages show it. */
	get optedOut(): ReadonlyMap<string, number> {
		return groupByShownName(this.optOutFields);
	}

	/** The number of other people in the items who may be contacts, by field as messages show it. */
	get people(): ReadonlyMap<string, number> {
		return groupByShownName(this.peopleFields);
	}

	/**
	 * Paths of values that look like an email or a phone but aren't used, if fewer than half of the contacts have that
	 * field; the most common path first.
	 */
	unused(): Array<{ path: string; kind: IdentifierKind; count: number; total: number }> {
		const { total } = this;
		const kinds: IdentifierKind[] = ['email', 'phone'];
		return kinds
			.filter((kind) => this.filled[kind] * 2 < total)
			.flatMap((kind) => {
				const counts = groupByShownName(this.unusedPaths[kind]);
				return [...counts].map(([path, count]) => ({
					path,
					kind,
					count: Math.min(count, total),
					total,
				}));
			})
			.sort((a, b) => b.count - a.count);
	}

	/** The most common path of the IDs, if all items have only an ID. */
	onlyId(): string | undefined {
		const count = [...this.onlyIds.values()].reduce((sum, each) => sum + each, 0);
		if (count === 0 || count < this.total) return undefined;
		return [...groupByShownName(this.onlyIds)].sort(([, a], [, b]) => b - a)[0]?.[0];
	}

	/** The most common data path of each field. */
	mostCommonPaths(): FieldPaths {
		return { ...this.mostOf('email'), ...this.mostOf('phone'), ...this.mostOf('country') };
	}

	// Most contacts have the same combination as the one before.
	private notePaths(paths: FieldPaths): void {
		if (!this.latest || !isSame(this.latest.paths, paths)) {
			this.latest = this.combinations.find((each) => isSame(each.paths, paths));
			if (!this.latest && this.combinations.length < COMBINATIONS_KEPT) {
				this.latest = { paths, count: 0 };
				this.combinations.push(this.latest);
			}
		}
		if (this.latest) this.latest.count++;
	}

	private noteLeftovers({ otherPeople, unused, onlyId }: Contact): void {
		if (otherPeople)
			for (const { field, count } of otherPeople) add(this.peopleFields, field, count);
		if (onlyId !== undefined) add(this.onlyIds, onlyId, 1);
		if (unused) for (const { path, kind } of unused) add(this.unusedPaths[kind], path, 1);
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
		for (const { paths, count } of this.combinations) {
			const path = paths[field];
			if (path !== undefined) counts.set(path, (counts.get(path) ?? 0) + count);
		}
		const [path] = [...groupByShownName(counts)].sort(([, a], [, b]) => b - a)[0] ?? [];
		return path === undefined ? {} : { [field]: path };
	}
}

const OTHER_NAMES = '[other fields]';

/**
 * Adds to a name's count. Once there are many names, it counts by the name as messages show it, and finally under one
 * name for all others.
 */
function add(counts: Map<string, number>, given: string, count: number): void {
	let name = given;
	if (counts.size >= NAMES_KEPT && !counts.has(name)) name = shownPath(name);
	if (counts.size >= 2 * NAMES_KEPT && !counts.has(name)) name = OTHER_NAMES;
	counts.set(name, (counts.get(name) ?? 0) + count);
}

/** Counts by the name as messages show it: different names can become the same when the contacts in them are hidden. */
function groupByShownName(counts: Iterable<[string, number]>): Map<string, number> {
	const shown = new Map<string, number>();
	for (const [name, count] of counts) add(shown, shownPath(name), count);
	return shown;
}

function shownPath(path: string): string {
	return shownName(pathWithoutNames(path));
}

/** How many of an upload's contacts a Page may message under Meta's rules. */
export class ReachTally {
	messageable = 0;
	unknown = 0;
	/** By country, ISO 3166 alpha-2. */
	readonly notMessageable = new Map<string, number>();

	note(reach: Reach): void {
		if (typeof reach === 'object') add(this.notMessageable, reach.country, 1);
		else this[reach]++;
	}

	/** The number of contacts who can't be messaged. */
	get notMessageableCount(): number {
		return [...this.notMessageable.values()].reduce((sum, each) => sum + each, 0);
	}
}

function newTally(): FieldTally {
	return { valid: 0, invalid: 0, reasons: new Map() };
}

function isSame(one: FieldPaths, other: FieldPaths): boolean {
	return one.email === other.email && one.phone === other.phone && one.country === other.country;
}
