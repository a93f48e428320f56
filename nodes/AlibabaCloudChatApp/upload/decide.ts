import type { HeldReason } from './ledger';
import type { SubmissionPlan } from './upload';

/** What is known of a submission before it is sent. */
export interface Facts {
	/** Users that can be sent. */
	users: number;
	/** Contacts that can't. */
	refused: number;
	/** Whether the run's last batch is to close the submission. */
	closes: boolean;
}

/** What the person wants. */
export interface Wishes {
	batchSize: number;
	dryRun: boolean;
	/** 0 when nobody knows it. */
	estimatedTotal: number;
	invalidContacts: 'skip' | 'stop';
	/** With `more` and `set` the submission spans several runs. */
	lastBatch: 'auto' | 'more' | 'set';
	minimumUsers: number;
	underMinimum: 'collect' | 'hold' | 'stop' | 'warn';
}

/** Why a submission doesn't go. */
export type Why =
	| { code: 'invalid_users'; refused: number }
	| { code: 'under_minimum'; size: number; minimum: number }
	| { code: 'nobody_to_send' };

export type Decision =
	/** `collects`: what waits for the audience goes along. */
	| { kind: 'send'; plan: SubmissionPlan; collects: boolean }
	/** Too few for now: they are stored, and go with others. */
	| { kind: 'collect'; plan: SubmissionPlan }
	/** A dry run; `why`: what would keep a real one from sending; `collects`: it would store the users. */
	| { kind: 'preview'; plan: SubmissionPlan; why?: Why; collects?: true }
	| { kind: 'hold'; reason: HeldReason; why: Why }
	/** Like hold, but the run ends here when 'On Error' says so. */
	| { kind: 'stop'; why: Why };

/** Whether a submission goes, and in which calls. */
export function decide(facts: Facts, wishes: Wishes): Decision {
	const plan = planOf(facts, wishes);
	const why = obstacle(facts, wishes);
	const collects = wishes.underMinimum === 'collect' && wishes.lastBatch === 'auto';
	if (collects && why?.code === 'under_minimum') {
		if (!wishes.dryRun) return { kind: 'collect', plan };
		if (facts.users > 0) return { kind: 'preview', plan, collects: true };
		return { kind: 'preview', plan, why: { code: 'nobody_to_send' } };
	}
	if (wishes.dryRun) return { kind: 'preview', plan, ...(why && { why }) };
	if (why?.code === 'under_minimum' && wishes.underMinimum !== 'stop') {
		return { kind: 'hold', reason: 'under_minimum', why };
	}
	if (why) return { kind: 'stop', why };
	if (facts.users > 0) return { kind: 'send', plan, collects };
	return { kind: 'hold', reason: 'stopped', why: { code: 'nobody_to_send' } };
}

/**
 * How many users the whole submission has, which may span several runs.
 * @returns 0 when nobody knows
 */
export function sizeOf(facts: Facts, { lastBatch, estimatedTotal }: Wishes): number {
	return lastBatch === 'auto' ? facts.users : estimatedTotal;
}

function planOf(facts: Facts, wishes: Wishes): SubmissionPlan {
	const { batchSize, estimatedTotal, lastBatch } = wishes;
	const total = estimatedTotal || (lastBatch === 'auto' ? facts.users : 0);
	return { batchSize, closes: facts.closes, ...(total > 0 && { total }) };
}

function obstacle(facts: Facts, wishes: Wishes): Why | undefined {
	if (wishes.invalidContacts === 'stop' && facts.refused > 0) {
		return { code: 'invalid_users', refused: facts.refused };
	}
	const size = sizeOf(facts, wishes);
	const isKnown = wishes.lastBatch === 'auto' || size > 0;
	const isFew = isKnown && size < wishes.minimumUsers && wishes.underMinimum !== 'warn';
	return isFew ? { code: 'under_minimum', size, minimum: wishes.minimumUsers } : undefined;
}
