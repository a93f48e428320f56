import { cleanContact, type Cleaned, type CleaningOptions } from '../contacts/contact';
import { createDuplicateFilter } from '../contacts/duplicates';
import type { ReasonCode } from '../contacts/reasons';
import type { Pause } from '../pause';
import type { ContactSource, Refs } from '../sources/source';
import { FieldsSeen } from './fieldsSeen';
import type { Ledger } from './ledger';
import { Numbers } from './numbers';
import type { Outcome } from './outcome';
import type { GrowingUserList, UserList } from './users';

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
