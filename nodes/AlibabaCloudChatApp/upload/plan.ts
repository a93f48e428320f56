import type { HashMode, User } from '../contacts/contact';
import type { Audience } from '../ids';
import type { Message } from '../message';
import type { ContactSource, Ref, Refs } from '../sources/source';
import type { Decision, Forecast, TotalRules } from './decide';
import type { Ledger } from './ledger';
import type { UserList } from './packedUsers';
import type { FieldsSeen, ReachTally } from './tallies';

/** The options of an upload. */
export interface UploadOptions extends TotalRules {
	batchSize: number;
	maxTries: number;
	/** Seconds. */
	timeout: number;
	sendUsersIn: 'auto' | 'body' | 'query';
	minimumUsers: number;
	collectTable: string;
	collectUntil: number;
	collectHours: number;
	topUp: boolean;
	keepDays: number;
	hash: HashMode;
	/** What to do with contacts who opted out. */
	optedOut?: 'leaveOut' | 'send';
	/** Whether other workers are kept from sending to the audience. */
	oneSender?: boolean;
}

/** What a real run would send. */
export interface Preview {
	batches: Array<{ batch: number; users: number; bytes: number; last: boolean }>;
	/** EstimatedNumTotal; absent if it wouldn't be sent. */
	estimatedTotal?: number;
	expectedMatches: Forecast;
	/** The first few users, masked. */
	sample: User[];
}

/** What a summary shows of an upload's plan. */
export interface SummarizedPlan {
	audience: Audience;
	audienceName?: string;
	/** Where the contacts' fields were found; absent if no contact was read. */
	fields?: FieldsSeen;
	users?: UserList;
	/** The number of users beyond one per contact. */
	extraUserCount?: number;
	/** Who can be messaged; absent when no contact was read. */
	reach?: ReachTally;
	/** Only in a dry run. */
	preview?: Preview;
	/** Where the contacts come from; absent if it couldn't be opened. */
	source?: Pick<ContactSource, 'facts'>;
}

/** Where an upload's contacts come from, and the audience they are sent to. */
export interface UploadInput extends SummarizedPlan {
	/** Input items, in input order. */
	items: number[];
	/** Absent when the contacts come from the Data Table. */
	source?: ContactSource;
}

/** The part of a plan that decides an upload's calls. */
export interface BatchPlan {
	users: UserList;
	/** The contact of each user; shorter than `users` if more were added from the table. */
	refs: Refs;
	/** The number of users beyond one per contact; absent for none. */
	extraUserCount?: number;
	/** The contact that the user at an index belongs to, ascending from 0; absent if each contact has one user. */
	contactAt?(index: number): number;
	/** EstimatedNumTotal; absent when it is unknown. */
	total?: number;
	/** Whether the run's last batch has the last flag. */
	completes: boolean;
	/** `batchSize`: users per call. */
	options: { batchSize: number };
}

/** What is known about an upload before it is sent; it never changes. */
export interface Plan extends UploadInput, BatchPlan {
	options: UploadOptions;
	users: UserList;
	/**
	 * Users with all identifiers of contacts that have more than the ones sent, so the store can find out who asked to be forgotten.
	 */
	allUsers?: ReadonlyMap<Ref, User[]>;
	/** Users of people who opted out or didn't consent, whom the Data Table must not keep. */
	usersToRemove?: User[];
	decision: Decision;
	/** The node that gets the contacts for items with only IDs, if their system is known. */
	contactNode?: string;
	/** The first item, if no contact has an email or a phone. */
	itemWithoutContact?: ItemWithoutContact;
}

/** What is known about an item without an email or a phone. */
export interface ItemWithoutContact {
	/** Names of its fields, without those that may contain personal data. */
	names: string[];
	/** Whether it has no field at all. */
	isEmpty: boolean;
	/** How the fields are mapped. `none`: by hand, but neither an email nor a phone field is set. */
	mapping: 'automatic' | 'byHand' | 'none';
	/** Whether the item came with a file, or a file's text is in one of its fields. */
	file: 'none' | 'binary' | 'text';
}

/** An upload that couldn't be planned, so none of its contacts can be sent. */
export interface FailedPlan extends UploadInput {
	failure: Message;
	/** The input item for which the failure is reported. */
	failedItem: number;
	/** People who opted out, to be removed from the Data Table even if nothing can be sent. */
	removal?: Pick<Plan, 'options' | 'usersToRemove'>;
}

/** What a run sends to one audience: the plan never changes, the ledger records what happens. */
export interface Upload<P extends UploadInput = Plan> {
	plan: P;
	ledger: Ledger;
}

/** An upload, planned or not. */
export type AnyUpload = Upload | Upload<FailedPlan>;

/** Whether an upload was planned; if not, none of its contacts can be sent. */
export function isPlanned(upload: AnyUpload): upload is Upload {
	return 'decision' in upload.plan;
}

/** Who is to be removed from the Data Table because they opted out; undefined in a dry run, or if it couldn't be read. */
export function removalOf(upload: AnyUpload): FailedPlan['removal'] {
	if (!isPlanned(upload)) return upload.plan.removal;
	const { decision, options, usersToRemove } = upload.plan;
	return decision.kind === 'dryRun' ? undefined : { options, usersToRemove };
}
