import type { HashMode, User } from '../contacts/contact';
import type { Message } from '../message';
import type { ContactSource, Ref } from '../sources/source';
import type { Decision, TotalRules } from './decide';
import type { Ledger, TableProblem } from './ledger';
import type { UserList } from './packedUsers';
import type { SummarizedPlan } from './summary';
import type { BatchPlan } from './upload';

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

/** Where an upload's contacts come from, and the audience they are sent to. */
export interface UploadInput extends SummarizedPlan {
	/** Input items, in input order. */
	items: number[];
	/** Absent when the contacts come from the Data Table. */
	source?: ContactSource;
	/** Problems with the table while the upload was planned. */
	tableProblems?: TableProblem[];
}

/** What is known about an upload before it is sent; it never changes. */
export interface Plan extends UploadInput, BatchPlan {
	options: UploadOptions;
	users: UserList;
	/**
	 * All identifiers of contacts that have more than the ones sent, so the store can find out who asked to be forgotten.
	 */
	identifiers?: ReadonlyMap<Ref, User[]>;
	/** The number of users beyond one per contact, if 'Addresses' is All of Them; absent for none. */
	extraUsers?: number;
	/** Users of people who opted out, whom the Data Table must not keep. */
	toRemove?: User[];
	decision: Decision;
	/** The node that gets the contacts for items with only IDs, if their system is known. */
	contactNode?: string;
	/** The first item's fields, if no contact has an email or a phone. */
	noFields?: NoFields;
}

/** What an item contains instead of an email or a phone. */
export interface NoFields {
	/** Names of its fields, without those that may contain personal data. */
	names: string[];
	/** Whether it has no field at all. */
	isEmpty: boolean;
	/** How the fields are mapped. `none`: by hand, but neither an email nor a phone field is set. */
	mapping: 'automatic' | 'byHand' | 'none';
	/** Whether the item came with a file. */
	hasFile: boolean;
}

/** An upload that couldn't be planned, so none of its contacts can be sent. */
export interface FailedPlan extends UploadInput {
	failure: Message;
	/** The input item for which the failure is reported. */
	failedItem: number;
	/** People who opted out, to be removed from the Data Table even if nothing can be sent. */
	removal?: Pick<Plan, 'options' | 'toRemove'>;
}

/** What a run sends to one audience: the plan never changes, the ledger records what happens. */
export interface Upload<P extends UploadInput = Plan> {
	plan: P;
	ledger: Ledger;
}

/** An upload, planned or not. */
export type AnyUpload = Upload<Plan | FailedPlan>;
