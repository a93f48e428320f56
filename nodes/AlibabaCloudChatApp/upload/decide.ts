import type { HashMode, User } from '../contacts/contact';
import type { Message } from '../message';
import type { ContactSource } from '../sources/source';
import type { HeldReason, Ledger, TableProblem } from './ledger';
import type { UserList } from './packedUsers';
import type { SummarizedPlan } from './summary';
import type { UploadPlan } from './upload';

/** The counts that decide whether an upload is sent. */
export interface ContactCounts {
	/** Contacts that can be sent. */
	contacts: number;
	/** Contacts that can't. */
	invalid: number;
	/** The path of an ID, if the items contain nothing else about a contact. */
	onlyId?: string;
}

/** The options that decide whether an upload is sent. */
export interface SendingRules {
	dryRun: boolean;
	/** 0 when it is unknown. */
	estimatedTotal: number;
	invalidContacts: 'skip' | 'stop';
	/** With `more` and `set` the upload spans several runs. */
	lastBatch: 'auto' | 'more' | 'set';
	minimumUsers: number;
	underMinimum: 'collect' | 'hold' | 'stop' | 'warn';
}

/** Why nothing is sent. */
export type Blocker =
	| { code: 'only_ids'; path: string }
	| { code: 'invalid_users'; invalid: number }
	| { code: 'under_minimum'; size: number; minimum: number }
	| { code: 'nobody_to_send' };

/** What happens to an upload. */
export type Decision =
	/** `withWaiting`: together with the contacts that wait for the audience. */
	| { kind: 'send'; withWaiting: boolean }
	/** Too few for now: they are stored, and sent with others. */
	| { kind: 'collect' }
	/** A dry run; `blocker`: why a real run would send nothing; `collects`: it would store the users. */
	| { kind: 'preview'; blocker?: Blocker; collects?: true }
	| { kind: 'hold'; reason: HeldReason; blocker: Blocker }
	/** Like hold, but the run ends here when 'On Error' says so. */
	| { kind: 'stop'; blocker: Blocker };

/** Whether contacts below the minimum are stored; those of an upload over several runs never are. */
export function collectsFew({ underMinimum, lastBatch }: SendingRules): boolean {
	return underMinimum === 'collect' && lastBatch === 'auto';
}

/** Whether an upload is sent. */
export function decide(counts: ContactCounts, rules: SendingRules): Decision {
	const blocker = blockerOf(counts, rules);
	const isFew = blocker?.code === 'under_minimum';
	const isCollected = isFew && collectsFew(rules);
	if (rules.dryRun) return isCollected ? collectingPreview(counts) : { kind: 'preview', blocker };
	if (isCollected) return { kind: 'collect' };
	if (isFew && rules.underMinimum !== 'stop') {
		return { kind: 'hold', reason: 'under_minimum', blocker };
	}
	if (blocker) return { kind: 'stop', blocker };
	if (counts.contacts > 0) return { kind: 'send', withWaiting: collectsFew(rules) };
	return { kind: 'hold', reason: 'stopped', blocker: { code: 'nobody_to_send' } };
}

/** Whether a decision is a dry run whose contacts a real run would send now. */
export function wouldBeSent(decision: Decision): boolean {
	return decision.kind === 'preview' && !decision.blocker && !decision.collects;
}

function collectingPreview({ contacts }: ContactCounts): Decision {
	if (contacts > 0) return { kind: 'preview', collects: true };
	return { kind: 'preview', blocker: { code: 'nobody_to_send' } };
}

type TotalRules = Pick<SendingRules, 'lastBatch' | 'estimatedTotal'>;

/**
 * How many contacts the whole upload has, which may span several runs.
 * @param contacts of this run
 * @returns 0 when it is unknown
 */
export function sizeOf(contacts: number, { lastBatch, estimatedTotal }: TotalRules): number {
	return lastBatch === 'auto' ? contacts : estimatedTotal;
}

/**
 * The EstimatedNumTotal of an upload, never lower than its users.
 * @param users that this run sends
 * @returns undefined when it is unknown, since the upload spans several runs
 */
export function totalOf(
	users: number,
	{ lastBatch, estimatedTotal }: TotalRules,
): number | undefined {
	if (lastBatch !== 'auto' && estimatedTotal === 0) return undefined;
	return Math.max(users, estimatedTotal) || undefined;
}

function blockerOf(counts: ContactCounts, rules: SendingRules): Blocker | undefined {
	const { contacts, invalid, onlyId } = counts;
	if (onlyId !== undefined) return { code: 'only_ids', path: onlyId };
	if (rules.invalidContacts === 'stop' && invalid > 0) return { code: 'invalid_users', invalid };
	const size = sizeOf(contacts, rules);
	const isKnown = rules.lastBatch === 'auto' || size > 0;
	const isFew = isKnown && size < rules.minimumUsers && rules.underMinimum !== 'warn';
	return isFew ? { code: 'under_minimum', size, minimum: rules.minimumUsers } : undefined;
}

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
	/** What is done with contacts who said no to marketing. */
	optedOut?: 'leaveOut' | 'send';
	/** Whether other workers are kept from sending to the audience. */
	oneSender?: boolean;
}

/** Where an upload's contacts come from, and the audience they are sent to. */
export interface Origin extends SummarizedPlan {
	/** Input items, in input order. */
	items: number[];
	/** Absent when the contacts come from the Data Table. */
	source?: ContactSource;
	/** What went wrong with the table while the upload was planned. */
	tableProblems?: TableProblem[];
}

/** What is known about an upload before it is sent; it never changes. */
export interface Plan extends Origin, UploadPlan {
	options: UploadOptions;
	users: UserList;
	/** Users beyond one per contact, with 'Addresses' All of Them; absent for none. */
	extraRows?: number;
	/** Users of people who said no to marketing, whom the Data Table must not keep. */
	toRemove?: User[];
	decision: Decision;
	/** The node that gets the contacts of items with only IDs, where their system is known. */
	contactNode?: string;
	/** The first item's fields, if no contact has an email or phone. */
	noFields?: NoFields;
}

/** What an item contains instead of an email or phone. */
export interface NoFields {
	/** Names of its fields, without those that may contain personal data. */
	names: string[];
	/** Whether it has no field at all. */
	isEmpty: boolean;
	/** How the fields are mapped: `none` by hand, without an email or phone field. */
	mapping: 'automatic' | 'byHand' | 'none';
	/** Whether the item came with a file. */
	hasFile: boolean;
}

/** An upload that could not be planned, so none of its contacts can be sent. */
export interface FailedPlan extends Origin {
	failure: Message;
	/** The input item to report it for. */
	failedItem: number;
	/** People who opted out, to be removed from the Data Table even if nothing can be sent. */
	removal?: Pick<Plan, 'options' | 'toRemove'>;
}

/** What a run sends to one audience: the plan never changes, the ledger records what happens. */
export interface Upload<P extends Origin = Plan> {
	plan: P;
	ledger: Ledger;
}

/** An upload, planned or not. */
export type AnyUpload = Upload<Plan | FailedPlan>;
