import type { ReasonCode } from '../contacts/reasons';
import { received, type Account, type Audience, type HeldReason } from './account';
import type { DryRunPlan } from './dryRun';
import type { Refused, SentBatch } from './delivery';

/** What became of one input item. */
export type Fate =
	| { status: 'submitted'; leftOut?: ReasonCode; batch: number; requestId: string }
	| { status: 'duplicate' }
	| { status: 'refused'; reason: ReasonCode }
	| { status: 'failed'; leftOut?: ReasonCode; batch?: number; requestId?: string; code: string }
	| { status: 'held'; reason: HeldReason; leftOut?: ReasonCode };

export interface BatchSummary {
	batch: number;
	users: number;
	last: boolean;
	status: 'accepted' | 'failed';
	requestId: string;
	tries: number;
	code?: string;
	message?: string;
}

export interface Summary extends Audience {
	received: number;
	submitted: number;
	duplicates: number;
	refused: number;
	failed: number;
	held: number;
	closed: boolean;
	dryRun?: true;
	plan?: DryRunPlan;
	batches: BatchSummary[];
	refusals: Partial<Record<ReasonCode, number>>;
	leftOut: Partial<Record<ReasonCode, number>>;
	warnings: string[];
}

/** The account of one submission in figures; received = submitted + duplicates + refused + failed + held. */
export function summarize(account: Account): Summary {
	const { contacts, delivery, unsent } = account;
	const users = { submitted: 0, failed: 0, held: 0 };
	let sent = 0;
	for (const batch of delivery.batches) {
		users[batch.refused ? 'failed' : 'submitted'] += batch.end - batch.start;
		sent += batch.end - batch.start;
	}
	users[unsent.status] += contacts.items.length - sent;
	return {
		...account.audience,
		received: received(contacts),
		submitted: users.submitted,
		duplicates: contacts.duplicates.length,
		refused: contacts.refused.length,
		failed: users.failed,
		held: users.held,
		closed: delivery.closed,
		...(account.plan && { dryRun: true as const, plan: account.plan }),
		batches: delivery.batches.map(summarizeBatch),
		refusals: tally(contacts.refused.map(({ reason }) => reason)),
		leftOut: tally(contacts.leftOut.values()),
		warnings: account.warnings,
	};
}

/** Writes the fate of each of the submission's input items into `fates`, which is indexed by input item. */
export function recordFates(account: Account, fates: Fate[]): void {
	const { contacts, delivery, unsent } = account;
	for (const { item, reason } of contacts.refused) fates[item] = { status: 'refused', reason };
	for (const item of contacts.duplicates) fates[item] = { status: 'duplicate' };
	const rest: Fate = unsent.status === 'held' ? unsent : { status: 'failed', code: unsent.code };
	for (const item of contacts.items) fates[item] = rest;
	delivery.batches.forEach((batch, index) => {
		const fate = fateOfBatch(batch, index + 1);
		for (let user = batch.start; user < batch.end; user++) {
			fates[contacts.items[user] as number] = fate;
		}
	});
	for (const [item, leftOut] of contacts.leftOut) {
		fates[item] = { ...(fates[item] as Fate), leftOut } as Fate;
	}
}

/** Why a batch was not accepted, in a clause that ends with the code. */
export function whyRefused({ message, code }: Refused): string {
	const sentence = message.replace(/\.$/, '');
	return sentence.endsWith(`(${code})`) ? sentence : `${sentence} (${code})`;
}

function fateOfBatch({ refused, requestId }: SentBatch, batch: number): Fate {
	if (!refused) return { status: 'submitted', batch, requestId };
	return { status: 'failed', batch, ...(requestId && { requestId }), code: refused.code };
}

function summarizeBatch(sent: SentBatch, index: number): BatchSummary {
	const { last, requestId, tries, refused } = sent;
	return {
		batch: index + 1,
		users: sent.end - sent.start,
		last,
		status: refused ? 'failed' : 'accepted',
		requestId,
		tries,
		...(refused && { code: refused.code, message: refused.message }),
	};
}

function tally(reasons: Iterable<ReasonCode>): Partial<Record<ReasonCode, number>> {
	const counts: Partial<Record<ReasonCode, number>> = {};
	for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
	return counts;
}
