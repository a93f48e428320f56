import type { Pause } from '../async';
import {
	cleanContact,
	type Cleaned,
	type CleaningOptions,
	createDuplicateFilter,
	type FieldPaths,
	hasSeveralAddresses,
	type InvalidContact,
	plainAddresses,
	type RawContact,
	type User,
	type ValidContact,
	withHash,
} from '../contacts/contact';
import type { Reach } from '../contacts/country';
import { pathWithoutNames } from '../contacts/keyName';
import type { ReasonCode } from '../contacts/reasons';
import { shownName } from '../redact';
import type { ContactSource, Refs } from '../sources/source';
import type { LedgerEntry, Ledger } from './ledger';
import { type GrowingUserList, Numbers, type UserList } from './packedUsers';

/** How many values of one kind of field were sent, or invalid, by reason. */
export interface FieldTally {
	sent: number;
	invalid: number;
	reasons: Map<ReasonCode, number>;
}

type Identifier = 'email' | 'phone';
type Combination = { at: FieldPaths; count: number };

// Far above the shapes that one run's items have; further ones are too rare to be the most common.
const COMBINATIONS_KEPT = 200;
/** Names that are counted separately: items that are keyed by a contact all have different ones. */
const NAMES_KEPT = 500;

/** Where an upload's contacts had their fields, and how many of their values were sent. */
export class FieldsSeen {
	readonly tallies: Record<Identifier, FieldTally> = { email: newTally(), phone: newTally() };
	/** Phones whose calling code was taken from their digits alone, by calling code. */
	readonly guessed = new Map<string, number>();
	private readonly optOutFields = new Map<string, number>();
	private readonly peopleFields = new Map<string, number>();
	/** Contacts so far. */
	private total = 0;
	/** Contacts with something in the field. */
	private readonly filled: Record<Identifier, number> = { email: 0, phone: 0 };
	private readonly unusedPaths: Record<Identifier, Map<string, number>> = {
		email: new Map(),
		phone: new Map(),
	};
	/** Items with nothing but an ID, by its path. */
	private readonly onlyIds = new Map<string, number>();
	private readonly combinations: Combination[] = [];
	private latest?: Combination;

	note(raw: RawContact, cleaned: Cleaned): void {
		this.total++;
		if (raw.email !== undefined) this.filled.email++;
		if (raw.phone !== undefined) this.filled.phone++;
		this.noteLeftovers(raw);
		const at = ('user' in cleaned && cleaned.at) || raw.at;
		if (at) this.notePaths(at);
		if ('reason' in cleaned) return this.noteReason(cleaned.reason);
		if (cleaned.user.Email !== undefined) this.tallies.email.sent++;
		if (cleaned.user.Phone !== undefined) this.tallies.phone.sent++;
		if (cleaned.dropped !== undefined) this.noteReason(cleaned.dropped);
		const { guessed } = cleaned;
		if (guessed !== undefined) add(this.guessed, guessed, 1);
	}

	/** Counts a contact who opted out. @param field in which the contact, or the same person elsewhere in the input, says so */
	noteOptOut(field: string): void {
		add(this.optOutFields, field, 1);
	}

	/** Contacts who opted out, by the field that says so, as messages show it. */
	get optedOut(): ReadonlyMap<string, number> {
		return byShownName(this.optOutFields);
	}

	/** Other people in the items, who may be contacts, by field, as messages show it. */
	get people(): ReadonlyMap<string, number> {
		return byShownName(this.peopleFields);
	}

	/** Paths with values that look like a field that fewer than half of the contacts have, the most common first. */
	unused(): Array<{ path: string; kind: Identifier; count: number; total: number }> {
		const { total } = this;
		const kinds: Identifier[] = ['email', 'phone'];
		return kinds
			.filter((kind) => this.filled[kind] * 2 < total)
			.flatMap((kind) => {
				const counts = byShownName(this.unusedPaths[kind]);
				return [...counts].map(([path, count]) => ({
					path,
					kind,
					count: Math.min(count, total),
					total,
				}));
			})
			.sort((a, b) => b.count - a.count);
	}

	/** The most common path of the IDs, if no item has anything else that leads to a contact. */
	onlyId(): string | undefined {
		const count = [...this.onlyIds.values()].reduce((sum, each) => sum + each, 0);
		if (count === 0 || count < this.total) return undefined;
		return [...byShownName(this.onlyIds)].sort(([, a], [, b]) => b - a)[0]?.[0];
	}

	/** The most common path of each field, as data paths. */
	commonest(): FieldPaths {
		return { ...this.mostOf('email'), ...this.mostOf('phone'), ...this.mostOf('country') };
	}

	// Most contacts have the same combination as the one before.
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

	private noteLeftovers({ others, unused, onlyId }: RawContact): void {
		if (others) for (const { field, count } of others) add(this.peopleFields, field, count);
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
		for (const { at, count } of this.combinations) {
			const path = at[field];
			if (path !== undefined) counts.set(path, (counts.get(path) ?? 0) + count);
		}
		const [path] = [...byShownName(counts)].sort(([, a], [, b]) => b - a)[0] ?? [];
		return path === undefined ? {} : { [field]: path };
	}
}

const OTHER_NAMES = '[other fields]';

/** Counts under a name; once there are many, under the name as messages show it, and finally under one for all others. */
function add(counts: Map<string, number>, given: string, count: number): void {
	let name = given;
	if (counts.size >= NAMES_KEPT && !counts.has(name)) name = shownPath(name);
	if (counts.size >= 2 * NAMES_KEPT && !counts.has(name)) name = OTHER_NAMES;
	counts.set(name, (counts.get(name) ?? 0) + count);
}

/** Counts by name as messages show it: different names can be the same once contacts in them are hidden. */
function byShownName(counts: Iterable<[string, number]>): Map<string, number> {
	const shown = new Map<string, number>();
	for (const [name, count] of counts) add(shown, shownPath(name), count);
	return shown;
}

function shownPath(path: string): string {
	return shownName(pathWithoutNames(path));
}

/** How many of an upload's contacts Meta lets a Page message. */
export class ReachTally {
	messageable = 0;
	unknown = 0;
	/** By country, ISO 3166 alpha-2. */
	readonly notMessageable = new Map<string, number>();

	note(reach: Reach): void {
		if (typeof reach === 'object') add(this.notMessageable, reach.country, 1);
		else this[reach]++;
	}

	/** Contacts who can't be messaged. */
	get notMessageableCount(): number {
		return [...this.notMessageable.values()].reduce((sum, each) => sum + each, 0);
	}
}

function newTally(): FieldTally {
	return { sent: 0, invalid: 0, reasons: new Map() };
}

function isSame(one: FieldPaths, other: FieldPaths): boolean {
	return one.email === other.email && one.phone === other.phone && one.country === other.country;
}

const SCANNED = 1000;
/** Hexadecimal digits of a hash that fit into a number: of two million identifiers, two hardly ever have the same. */
const DIGITS = 13;

/** Which emails and phones belong to one person: two contacts with one of them in common are the same person. */
class People {
	/** The number of each identifier, by the first digits of its hash. */
	private readonly numbers = new Map<number, number>();
	/** For each identifier, another one of the same person; the last one is its own. */
	private readonly next = new Numbers();

	/** Joins the people who have these identifiers. */
	join(identifiers: readonly string[]): void {
		if (identifiers.length < 2) return;
		const [first, ...others] = identifiers.map((each) => this.lastOf(this.numberOf(each)));
		for (const other of others) this.next.set(this.lastOf(other), this.lastOf(first as number));
	}

	/** A number that all identifiers of a person have in common; undefined for one that has no other. */
	personOf(identifier: string): number | undefined {
		const number = this.numbers.get(keyOf(identifier));
		return number === undefined ? undefined : this.lastOf(number);
	}

	private numberOf(identifier: string): number {
		const key = keyOf(identifier);
		const known = this.numbers.get(key);
		if (known !== undefined) return known;
		const number = this.next.length;
		this.next.push(number);
		this.numbers.set(key, number);
		return number;
	}

	private lastOf(number: number): number {
		let at = number;
		for (let next = this.at(at); next !== at; next = this.at(at)) {
			// Halves the way for the next search.
			this.next.set(at, this.at(next));
			at = next;
		}
		return at;
	}

	private at(number: number): number {
		return this.next.at(number) as number;
	}
}

function keyOf(identifier: string): number {
	return parseInt(withHash(identifier, 'sha256').slice(0, DIGITS), 16);
}

/** Why a contact with valid addresses isn't sent. */
const HAS_ADDRESSES = new Set<ReasonCode>(['country_not_messageable', 'no_consent']);

function hasUnsentAddress(contact: RawContact, cleaned: Cleaned): boolean {
	const hasBoth = contact.email !== undefined && contact.phone !== undefined;
	return ('reason' in cleaned && hasBoth) || hasSeveralAddresses(contact);
}

/**
 * The people in a run who opted out, and the fields in which they did: the same person may be in another row, or
 * in another file, without the flag, and with another address.
 */
export class OptOuts {
	/** By identifier, plain and as a hash. */
	private readonly fields = new Map<string, string>();
	/** Whether some came as hashes, so that plain ones must be hashed to be compared. */
	private isAnyHash = false;
	/** Whether contacts have addresses that aren't among the users. */
	private isAnyUnsent = false;
	private people?: People;
	/** By person, once all contacts were read again. */
	private fieldsOfPeople?: Map<number | undefined, string>;

	/** Whether all contacts are being read again. */
	get isReadingAgain(): boolean {
		return this.people !== undefined;
	}

	/** Notes what a contact says, and which addresses it has. */
	note(contact: RawContact, cleaned: Cleaned, options: CleaningOptions): void {
		const { optedOutBy } = cleaned;
		if (optedOutBy !== undefined) {
			const isLeftOut = 'reason' in cleaned && cleaned.remove;
			return this.add(isLeftOut || plainAddresses(contact, options), optedOutBy);
		}
		if ('reason' in cleaned && !HAS_ADDRESSES.has(cleaned.reason)) return;
		if (!this.people) this.isAnyUnsent ||= hasUnsentAddress(contact, cleaned);
		else if (!this.fieldsOfPeople) {
			const isWhole = 'user' in cleaned && !hasSeveralAddresses(contact);
			const users = isWhole ? [cleaned.user] : plainAddresses(contact, options);
			this.people.join(users.flatMap(identifiersOf));
		}
	}

	/** Adds all users of a person. */
	add(users: readonly User[], field: string): void {
		for (const identifier of users.flatMap(identifiersOf)) {
			const hash = withHash(identifier, 'sha256');
			this.isAnyHash ||= hash === identifier;
			this.fields.set(identifier, field).set(hash, field);
		}
	}

	/**
	 * Whether a person who opted out may be among the users, so that all contacts must be read again.
	 * @param lists the users of each upload
	 * @throws the cancel signal's reason
	 */
	async needsReading(lists: UserList[], pause: Pause): Promise<boolean> {
		if (this.fields.size === 0) return false;
		if (this.isAnyUnsent) return true;
		for (const users of lists) if (await this.isAnyIn(users, pause)) return true;
		return false;
	}

	/** To be called before all contacts are read again. */
	startReading(): void {
		this.people = new People();
	}

	/** To be called afterward: now it is known which contacts are the same person. @throws the cancel signal's reason */
	async finishReading(pause: Pause): Promise<void> {
		const fieldsOfPeople = new Map<number | undefined, string>();
		for (const [identifier, field] of this.fields) {
			const person = this.people?.personOf(identifier);
			if (person !== undefined) fieldsOfPeople.set(person, field);
			await pause();
		}
		this.fieldsOfPeople = fieldsOfPeople;
	}

	/** The field in which a user's person opted out; undefined if no one with one of its identifiers did. */
	fieldOf(user: User): string | undefined {
		if (this.fields.size === 0) return undefined;
		for (const identifier of identifiersOf(user)) {
			const field =
				this.fields.get(identifier) ??
				(this.isAnyHash ? this.fields.get(withHash(identifier, 'sha256')) : undefined) ??
				this.fieldsOfPeople?.get(this.people?.personOf(identifier));
			if (field !== undefined) return field;
		}
		return undefined;
	}

	/** Whether one of a list's users is such a person's. @throws the cancel signal's reason */
	async isAnyIn(users: UserList, pause: Pause): Promise<boolean> {
		const end = this.fields.size === 0 ? 0 : users.length;
		for (let start = 0; start < end; start += SCANNED) {
			const some = users.slice(start, start + SCANNED);
			if (some.some((user) => this.fieldOf(user) !== undefined)) return true;
			await pause();
		}
		return false;
	}
}

function identifiersOf({ Email, Phone }: User): string[] {
	return [Email, Phone].filter((each) => each !== undefined);
}

/** How contacts are cleaned, and which users are left out. */
export interface SurveyOptions extends CleaningOptions {
	removeDuplicates: boolean;
	/** People who opted out so far in this run; those found here are added. */
	optOuts?: OptOuts;
	/** Whether a user asked to be forgotten; absent where that is not known yet. */
	isForgotten?(user: User): boolean;
	pause: Pause;
}

const DUPLICATE: LedgerEntry = { status: 'duplicate' };
/** Contacts to clean before the first one is looked up among the duplicates: alternating takes a quarter longer. */
const BLOCK = 10_000;
/** For a list that keeps no objects: V8 collects them sooner if few exist at a time. */
const PACKED_BLOCK = 1;

/** What reading an upload's contacts found. */
export interface Surveyed {
	/** For each user, its contact: a contact's users follow each other. */
	refs: Refs;
	/** Contacts with users. */
	contacts: number;
	fields: FieldsSeen;
	reach: ReachTally;
	/** Users of people who opted out, whom the Data Table must not keep. */
	toRemove: User[];
}

/**
 * Cleans a source's contacts and decides which ones are users; the ledger records the others.
 * @param users gets the users, in the order of their source
 * @throws what reading the source throws; the cancel signal's reason
 */
export async function survey(
	source: Pick<ContactSource, 'open'>,
	options: SurveyOptions,
	{ ledger, users }: { ledger: Ledger; users: GrowingUserList },
): Promise<Surveyed> {
	const { optOuts } = options;
	const addsNothing = options.removeDuplicates ? createDuplicateFilter() : () => false;
	const refs = new Numbers();
	const fields = new FieldsSeen();
	const most = Array.isArray(users) ? BLOCK : PACKED_BLOCK;
	const reach = new ReachTally();
	const toRemove: User[] = [];
	let contacts = 0;
	let block: Cleaned[] = [];
	// Only if the Data Table may contain their people with other addresses, or plain ones instead of hashes.
	const keepsFound = options.hash !== 'none' || optOuts?.isReadingAgain;
	let found: RawContact[] = [];
	const addUser = (user: User, ref: number) => {
		if (addsNothing(user) || users.push(user) === false) return false;
		refs.push(ref);
		return true;
	};
	const assign = (cleaned: Cleaned, ref: number, raw?: RawContact) => {
		if ('reason' in cleaned) {
			toRemove.push(...usersToRemove(cleaned, raw, options));
			if (cleaned.optedOutBy !== undefined) fields.noteOptOut(cleaned.optedOutBy);
			return ledger.record(ref, invalid(cleaned.reason));
		}
		const { user, more = [], optedOutBy } = cleaned;
		const reason = reasonToLeaveOut(cleaned, options, { fields, toRemove, raw });
		if (reason !== undefined) return ledger.record(ref, invalid(reason));
		let isAdded = addUser(user, ref);
		for (const other of more) isAdded = addUser(other, ref) || isAdded;
		if (!isAdded) return ledger.record(ref, DUPLICATE);
		if (optedOutBy !== undefined) fields.noteOptOut(optedOutBy);
		contacts++;
		if (cleaned.reach) reach.note(cleaned.reach);
		if (cleaned.dropped) ledger.drop(ref, cleaned.dropped);
	};
	const assignBlock = () => {
		const first = ledger.received;
		ledger.receive(block.length);
		block.forEach((cleaned, index) => assign(cleaned, first + index, found[index]));
		block = [];
		found = [];
	};
	for await (const chunk of source.open()) {
		for (const contact of chunk) {
			const cleaned = cleanContact(contact, options);
			fields.note(contact, cleaned);
			optOuts?.note(contact, cleaned, options);
			block.push(cleaned);
			if (keepsFound) found.push(contact);
		}
		if (block.length >= most) assignBlock();
		await options.pause();
	}
	assignBlock();
	if (fields.onlyId() !== undefined) {
		for (let ref = 0; ref < ledger.received; ref++) ledger.record(ref, invalid('only_ids'));
	}
	return { refs, contacts, fields, reach, toRemove };
}

// Most contacts have one user, for whom no list is made.
const NO_MORE: User[] = [];

/**
 * Why a valid contact isn't sent: what the same person said elsewhere, or asked for earlier.
 * @param raw the contact as found, if the Data Table may contain its person with other addresses
 */
function reasonToLeaveOut(
	{ user, more = NO_MORE }: ValidContact,
	options: SurveyOptions,
	{ fields, toRemove, raw }: Pick<Surveyed, 'fields' | 'toRemove'> & { raw?: RawContact },
): ReasonCode | undefined {
	const { isForgotten, optedOut } = options;
	const optOuts = optedOut === 'send' ? undefined : options.optOuts;
	let field = optOuts?.fieldOf(user);
	for (const other of more) field ??= optOuts?.fieldOf(other);
	if (field !== undefined) {
		fields.noteOptOut(field);
		// The person's other address may be in a row by itself.
		optOuts?.add([user, ...more], field);
		toRemove.push(...storedAs([user, ...more], raw, options));
		return 'opted_out';
	}
	if (!isForgotten) return undefined;
	return isForgotten(user) || more.some((other) => isForgotten(other)) ? 'forgotten' : undefined;
}

/** Users of a contact that isn't sent whom the Data Table must not keep: it says no, or the same person does elsewhere. */
function usersToRemove(
	{ reason, remove = NO_MORE }: InvalidContact,
	raw: RawContact | undefined,
	options: SurveyOptions,
): User[] {
	if (!raw || remove.length > 0 || !HAS_ADDRESSES.has(reason)) return remove;
	const all = plainAddresses(raw, options);
	return all.some((user) => options.optOuts?.fieldOf(user) !== undefined) ? all : remove;
}

// The hash of a stored address is found by the address, but not the other way around.
function storedAs(users: User[], raw: RawContact | undefined, options: SurveyOptions): User[] {
	return raw ? plainAddresses(raw, options) : users;
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
