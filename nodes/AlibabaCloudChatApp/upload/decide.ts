import type { HeldReason } from './ledger';

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
	/** With `more` and `set`, the upload spans several runs. */
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

type LeavesNobody =
	| Extract<Blocker, { code: 'nobody_to_send' }>
	| (Extract<Blocker, { code: 'under_minimum' }> & { size: 0 });

/** Whether nothing is sent because no contact can be, rather than too few. */
export function leavesNobody(blocker: Blocker): blocker is LeavesNobody {
	return (
		blocker.code === 'nobody_to_send' || (blocker.code === 'under_minimum' && blocker.size === 0)
	);
}

/** What happens to an upload. */
export type Decision =
	/** `withWaiting`: together with the contacts waiting for the audience. */
	| { kind: 'send'; withWaiting: boolean }
	/** Too few for now: they are stored, and sent later with others. */
	| { kind: 'collect' }
	/** A dry run. `blocker`: why a real run would send nothing; `collects`: a real run would store the contacts. */
	| { kind: 'dryRun'; blocker?: Blocker; collects?: true }
	| { kind: 'hold'; reason: HeldReason; blocker: Blocker }
	/** Like hold, but the run ends here when 'On Error' says so. */
	| { kind: 'stop'; blocker: Blocker };

/** Whether contacts below the minimum are stored. If an upload spans several runs, they never are. */
export function collectsFew({ underMinimum, lastBatch }: SendingRules): boolean {
	return underMinimum === 'collect' && lastBatch === 'auto';
}

/** Decides what happens to an upload. */
export function decide(counts: ContactCounts, rules: SendingRules): Decision {
	const blocker = blockerOf(counts, rules);
	const isFew = blocker?.code === 'under_minimum';
	const isCollected = isFew && collectsFew(rules);
	if (rules.dryRun) return isCollected ? collectingDryRun(counts) : { kind: 'dryRun', blocker };
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
	return decision.kind === 'dryRun' && !decision.blocker && !decision.collects;
}

function collectingDryRun({ contacts }: ContactCounts): Decision {
	if (contacts > 0) return { kind: 'dryRun', collects: true };
	return { kind: 'dryRun', blocker: { code: 'nobody_to_send' } };
}

export type TotalRules = Pick<SendingRules, 'lastBatch' | 'estimatedTotal'>;

/**
 * How many contacts the whole upload has, even if it spans several runs.
 * @param contacts of this run
 * @returns 0 when it is unknown
 */
export function sizeOf(contacts: number, { lastBatch, estimatedTotal }: TotalRules): number {
	return lastBatch === 'auto' ? contacts : estimatedTotal;
}

/**
 * The EstimatedNumTotal of an upload, never lower than the number of its users.
 * @param users that this run sends
 * @returns undefined when it is unknown, because the upload spans several runs
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

/** Meta matches 20–70% of an upload's users, and discards an upload with fewer than 100 matches. */
export const LOW_PERCENT = 20;
export const HIGH_PERCENT = 70;
export const FEWEST_MATCHES = 100;

/** The lowest and highest number of matches to expect. */
export interface Forecast {
	low: number;
	high: number;
}

/** The range of matches to expect in an upload with this number of contacts. */
export function expectedMatches(contacts: number): Forecast {
	return { low: percentOf(contacts, LOW_PERCENT), high: percentOf(contacts, HIGH_PERCENT) };
}

function percentOf(count: number, percent: number): number {
	return Math.floor((count * percent) / 100);
}
