import type { ReasonCode } from '../contacts/reasons';
import type { User } from '../contacts/contact';
import type { DryRunPlan } from './dryRun';
import type { Delivery } from './delivery';

/** The four IDs that make a submission: items that differ in one of them form another. */
export interface Audience {
	custSpaceId: string;
	pageId: string;
	adAccountId: string;
	customAudienceId: string;
}

/** The contacts of one submission, sorted; every input item is in exactly one of `items`, `refused`, `duplicates`. */
export interface Contacts {
	/** The users to send, in input order. */
	users: User[];
	/** For each user, the input item it came from. */
	items: number[];
	refused: Array<{ item: number; reason: ReasonCode }>;
	duplicates: number[];
	/** By input item: why its other field was left out. */
	leftOut: Map<number, ReasonCode>;
}

export type HeldReason = 'under_minimum' | 'dry_run' | 'stopped';

/** The fate of the users that are in no batch. */
export type Unsent =
	| { status: 'held'; reason: HeldReason }
	| { status: 'failed'; code: string; message: string };

/** All that is known of a submission when its run ends. */
export interface Account {
	audience: Audience;
	contacts: Contacts;
	delivery: Delivery;
	unsent: Unsent;
	/** Only in a dry run. */
	plan?: DryRunPlan;
	warnings: string[];
}

export const NOTHING_SENT: Delivery = { batches: [], closed: false, lastAnswerLost: false };

/** How many input items the submission was given. */
export function received(contacts: Contacts): number {
	return contacts.items.length + contacts.refused.length + contacts.duplicates.length;
}
