import type { Pause } from '../async';
import {
	allUsersOf,
	cleanContact,
	type Cleaned,
	type CleaningOptions,
	createDuplicateFilter,
	hasSeveralIdentifiers,
	type InvalidContact,
	plainUsersOf,
	type Contact,
	type User,
	type ValidContact,
} from '../contacts/contact';
import type { ReasonCode } from '../contacts/reasons';
import type { ContactSource, Ref, Refs } from '../sources/source';
import { DUPLICATE, type Ledger, type LedgerEntry } from './ledger';
import { REASONS_WITH_IDENTIFIERS, OptOuts } from './optOuts';
import { type GrowingUserList, NumberList } from './packedUsers';
import { FieldsSeen, ReachTally } from './tallies';

/** How contacts are cleaned, and which users are left out. */
export interface SurveyOptions extends CleaningOptions {
	removeDuplicates: boolean;
	/** People who have opted out so far in this run; those found here are added. */
	optOuts?: OptOuts;
	/** Whether a user asked to be forgotten; absent if no one did, or if that isn't known yet. */
	isForgotten?(user: User): boolean;
	/** Whether contacts' other identifiers are also returned, to look up later who asked to be forgotten. */
	keepsAllUsers?: boolean;
	pause: Pause;
}

/** How many contacts are cleaned before they are checked for duplicates: alternating takes 25% longer. */
const BLOCK = 10_000;
/** For a list that doesn't keep the user objects: V8 frees them sooner if few exist at a time. */
const PACKED_BLOCK = 1;

/** What was found in an upload's contacts. */
export interface Surveyed {
	/** The contact of each user. A contact's users are consecutive. */
	refs: Refs;
	/** The number of contacts with users. */
	contacts: number;
	/** Users with all identifiers of contacts that have more than the ones sent; empty if they aren't kept. */
	allUsers: Map<Ref, User[]>;
	fields: FieldsSeen;
	reach: ReachTally;
	/** Users of people who opted out or didn't consent, whom the Data Table must not keep. */
	usersToRemove: User[];
}

/**
 * Cleans a source's contacts and decides which ones are users; the ledger records the others.
 * @param users receives the users, in the source's order; `usersToRemove` receives those of people who opted out
 * @throws what reading the source throws; the cancel signal's reason
 */
export async function survey(
	source: Pick<ContactSource, 'open'>,
	options: SurveyOptions,
	{
		ledger,
		users,
		usersToRemove,
	}: { ledger: Ledger; users: GrowingUserList; usersToRemove: User[] },
): Promise<Surveyed> {
	const { optOuts } = options;
	const addsNothing = options.removeDuplicates ? createDuplicateFilter() : () => false;
	const refs = new NumberList();
	const fields = new FieldsSeen();
	const blockSize = Array.isArray(users) ? BLOCK : PACKED_BLOCK;
	const reach = new ReachTally();
	const allUsers = new Map<Ref, User[]>();
	let contacts = 0;
	let block: Cleaned[] = [];
	const isKept = createKeptFilter(options);
	let kept: Contact[] = [];
	const addUser = (user: User, ref: number) => {
		if (addsNothing(user) || users.push(user) === false) return false;
		refs.push(ref);
		return true;
	};
	const assign = (cleaned: Cleaned, ref: number, contact?: Contact) => {
		if ('reason' in cleaned) {
			usersToRemove.push(...findUsersToRemove(cleaned, contact, options));
			if (cleaned.optedOutBy !== undefined) fields.noteOptOut(cleaned.optedOutBy);
			return ledger.record(ref, invalidEntry(cleaned.reason));
		}
		const { user, more = [], optedOutBy } = cleaned;
		const reason = reasonToLeaveOut(cleaned, options, { fields, usersToRemove, contact });
		if (reason !== undefined) return ledger.record(ref, invalidEntry(reason));
		let isAdded = addUser(user, ref);
		for (const other of more) isAdded = addUser(other, ref) || isAdded;
		if (!isAdded) return ledger.record(ref, DUPLICATE);
		noteAllUsers(allUsers, { ref, contact }, options);
		if (optedOutBy !== undefined) fields.noteOptOut(optedOutBy);
		contacts++;
		if (cleaned.reach) reach.note(cleaned.reach);
		if (cleaned.dropped) ledger.recordDropped(ref, cleaned.dropped);
	};
	const assignBlock = () => {
		const first = ledger.received;
		ledger.receive(block.length);
		block.forEach((cleaned, index) => assign(cleaned, first + index, kept[index]));
		block = [];
		kept = [];
	};
	for await (const chunk of source.open()) {
		for (const contact of chunk) {
			const cleaned = cleanContact(contact, options);
			fields.note(contact, cleaned);
			optOuts?.note(contact, cleaned, options);
			if (isKept(contact)) kept[block.length] = contact;
			block.push(cleaned);
		}
		if (block.length >= blockSize) assignBlock();
		await options.pause();
	}
	assignBlock();
	if (fields.onlyId() !== undefined) {
		for (let ref = 0; ref < ledger.received; ref++) ledger.record(ref, invalidEntry('only_ids'));
	}
	return { refs, contacts, allUsers, fields, reach, usersToRemove };
}

/** Returns a function that decides whether a contact is also kept as found. */
function createKeptFilter({ hash, optOuts, isForgotten, keepsAllUsers }: SurveyOptions) {
	// The Data Table may contain the same people with other identifiers, or with plain ones instead of hashes.
	if (hash !== 'none' || optOuts?.isReadingAgain) return () => true;
	return isForgotten || keepsAllUsers ? hasSeveralIdentifiers : () => false;
}

function noteAllUsers(
	allUsers: Surveyed['allUsers'],
	{ ref, contact }: { ref: Ref; contact?: Contact },
	options: SurveyOptions,
): void {
	if (!options.keepsAllUsers || !contact || !hasSeveralIdentifiers(contact)) return;
	allUsers.set(ref, allUsersOf(contact, options));
}

// Most contacts have only one user, so they all share one empty list.
const NO_MORE: User[] = [];

/**
 * Why a valid contact isn't sent: the same person opted out in another contact, or asked to be forgotten.
 * @param contact as it was found, if it has other identifiers, or the Data Table may contain the person with others
 */
function reasonToLeaveOut(
	cleaned: ValidContact,
	options: SurveyOptions,
	{
		fields,
		usersToRemove,
		contact,
	}: Pick<Surveyed, 'fields' | 'usersToRemove'> & { contact?: Contact },
): ReasonCode | undefined {
	const { user, more = NO_MORE } = cleaned;
	const { optedOut } = options;
	const optOuts = optedOut === 'send' ? undefined : options.optOuts;
	let field = optOuts?.fieldOf(user);
	for (const other of more) field ??= optOuts?.fieldOf(other);
	if (field !== undefined) {
		fields.noteOptOut(field);
		// The person's other identifier may be in a separate row.
		optOuts?.add([user, ...more], field);
		usersToRemove.push(...toStoredUsers([user, ...more], contact, options));
		return 'opted_out';
	}
	return isOfForgotten(cleaned, options, contact) ? 'forgotten' : undefined;
}

/** Whether one of a contact's identifiers, sent or not, belongs to a person who asked to be forgotten. */
function isOfForgotten(
	{ user, more = NO_MORE }: ValidContact,
	options: SurveyOptions,
	contact: Contact | undefined,
): boolean {
	const { isForgotten } = options;
	if (!isForgotten) return false;
	if (isForgotten(user) || more.some((other) => isForgotten(other))) return true;
	if (!contact || !hasSeveralIdentifiers(contact)) return false;
	return allUsersOf(contact, options).some((other) => isForgotten(other));
}

/** The users that the Data Table must not keep, if an unsent contact opted out, or the same person did elsewhere. */
function findUsersToRemove(
	{ reason, usersToRemove = NO_MORE }: InvalidContact,
	contact: Contact | undefined,
	options: SurveyOptions,
): User[] {
	if (!contact || usersToRemove.length > 0 || !REASONS_WITH_IDENTIFIERS.has(reason))
		return usersToRemove;
	const all = plainUsersOf(contact, options);
	return all.some((user) => options.optOuts?.fieldOf(user) !== undefined) ? all : usersToRemove;
}

// A plain identifier also finds its hash in the Data Table, but a hash doesn't find the plain identifier.
function toStoredUsers(
	users: User[],
	contact: Contact | undefined,
	options: SurveyOptions,
): User[] {
	return contact ? plainUsersOf(contact, options) : users;
}

const entries = new Map<ReasonCode, LedgerEntry>();

/** One shared object for each reason, so the ledger stores it once. */
function invalidEntry(reason: ReasonCode): LedgerEntry {
	const known = entries.get(reason);
	if (known) return known;
	const entry: LedgerEntry = { status: 'invalid', reason };
	entries.set(reason, entry);
	return entry;
}
