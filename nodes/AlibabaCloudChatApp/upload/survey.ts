import type { Pause } from '../async';
import {
	allIdentifiers,
	cleanContact,
	type Cleaned,
	type CleaningOptions,
	createDuplicateFilter,
	hasSeveralIdentifiers,
	type InvalidContact,
	plainIdentifiers,
	type RawContact,
	type User,
	type ValidContact,
} from '../contacts/contact';
import type { ReasonCode } from '../contacts/reasons';
import type { ContactSource, Ref, Refs } from '../sources/source';
import type { Ledger, LedgerEntry } from './ledger';
import { REASONS_WITH_IDENTIFIERS, OptOuts } from './optOuts';
import { type GrowingUserList, Numbers } from './packedUsers';
import { FieldsSeen, ReachTally } from './tallies';

/** How contacts are cleaned, and which users are left out. */
export interface SurveyOptions extends CleaningOptions {
	removeDuplicates: boolean;
	/** People who opted out so far in this run; those found here are added. */
	optOuts?: OptOuts;
	/** Whether a user asked to be forgotten; absent where no one did, or where that is not known yet. */
	isForgotten?(user: User): boolean;
	/** Whether contacts' other identifiers are returned, to look up later who asked to be forgotten. */
	keepsIdentifiers?: boolean;
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
	/** All identifiers of contacts that have more than those that are sent; empty if they aren't kept. */
	identifiers: Map<Ref, User[]>;
	fields: FieldsSeen;
	reach: ReachTally;
	/** Users of people who opted out, whom the Data Table must not keep. */
	toRemove: User[];
}

/**
 * Cleans a source's contacts and decides which ones are users; the ledger records the others.
 * @param users gets the users, in the order of their source; `toRemove` those of people who opted out
 * @throws what reading the source throws; the cancel signal's reason
 */
export async function survey(
	source: Pick<ContactSource, 'open'>,
	options: SurveyOptions,
	{ ledger, users, toRemove }: { ledger: Ledger; users: GrowingUserList; toRemove: User[] },
): Promise<Surveyed> {
	const { optOuts } = options;
	const addsNothing = options.removeDuplicates ? createDuplicateFilter() : () => false;
	const refs = new Numbers();
	const fields = new FieldsSeen();
	const most = Array.isArray(users) ? BLOCK : PACKED_BLOCK;
	const reach = new ReachTally();
	const identifiers = new Map<Ref, User[]>();
	let contacts = 0;
	let block: Cleaned[] = [];
	const isFound = keptAsFound(options);
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
		noteIdentifiers(identifiers, { ref, raw }, options);
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
			if (isFound(contact)) found[block.length] = contact;
			block.push(cleaned);
		}
		if (block.length >= most) assignBlock();
		await options.pause();
	}
	assignBlock();
	if (fields.onlyId() !== undefined) {
		for (let ref = 0; ref < ledger.received; ref++) ledger.record(ref, invalid('only_ids'));
	}
	return { refs, contacts, identifiers, fields, reach, toRemove };
}

/** Which contacts are kept as found. */
function keptAsFound({ hash, optOuts, isForgotten, keepsIdentifiers }: SurveyOptions) {
	// The Data Table may contain their people with other identifiers, or plain ones instead of hashes.
	if (hash !== 'none' || optOuts?.isReadingAgain) return () => true;
	return isForgotten || keepsIdentifiers ? hasSeveralIdentifiers : () => false;
}

function noteIdentifiers(
	identifiers: Surveyed['identifiers'],
	{ ref, raw }: { ref: Ref; raw?: RawContact },
	options: SurveyOptions,
): void {
	if (!options.keepsIdentifiers || !raw || !hasSeveralIdentifiers(raw)) return;
	identifiers.set(ref, allIdentifiers(raw, options));
}

// Most contacts have one user, for whom no list is made.
const NO_MORE: User[] = [];

/**
 * Why a valid contact isn't sent: its person opted out in another contact, or asked earlier to be forgotten.
 * @param raw the contact as found, if it has other identifiers, or the Data Table may contain its person with others
 */
function reasonToLeaveOut(
	contact: ValidContact,
	options: SurveyOptions,
	{ fields, toRemove, raw }: Pick<Surveyed, 'fields' | 'toRemove'> & { raw?: RawContact },
): ReasonCode | undefined {
	const { user, more = NO_MORE } = contact;
	const { optedOut } = options;
	const optOuts = optedOut === 'send' ? undefined : options.optOuts;
	let field = optOuts?.fieldOf(user);
	for (const other of more) field ??= optOuts?.fieldOf(other);
	if (field !== undefined) {
		fields.noteOptOut(field);
		// The person's other identifier may be in a separate row.
		optOuts?.add([user, ...more], field);
		toRemove.push(...storedAs([user, ...more], raw, options));
		return 'opted_out';
	}
	return isOfForgotten(contact, options, raw) ? 'forgotten' : undefined;
}

/** Whether one of a contact's identifiers, sent or not, is of a person who asked to be forgotten. */
function isOfForgotten(
	{ user, more = NO_MORE }: ValidContact,
	options: SurveyOptions,
	raw: RawContact | undefined,
): boolean {
	const { isForgotten } = options;
	if (!isForgotten) return false;
	if (isForgotten(user) || more.some((other) => isForgotten(other))) return true;
	if (!raw || !hasSeveralIdentifiers(raw)) return false;
	return allIdentifiers(raw, options).some((other) => isForgotten(other));
}

/** Users of a contact that isn't sent whom the Data Table must not keep: it says no, or the same person does elsewhere. */
function usersToRemove(
	{ reason, remove = NO_MORE }: InvalidContact,
	raw: RawContact | undefined,
	options: SurveyOptions,
): User[] {
	if (!raw || remove.length > 0 || !REASONS_WITH_IDENTIFIERS.has(reason)) return remove;
	const all = plainIdentifiers(raw, options);
	return all.some((user) => options.optOuts?.fieldOf(user) !== undefined) ? all : remove;
}

// The hash of a stored identifier is found by the identifier, but not the other way around.
function storedAs(users: User[], raw: RawContact | undefined, options: SurveyOptions): User[] {
	return raw ? plainIdentifiers(raw, options) : users;
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
