import * as fc from 'fast-check';
import {
	type ContactResult,
	Ledger,
	type LedgerEntry,
} from '../../nodes/AlibabaCloudChatApp/upload/ledger';
import { type BatchSender, sendBatches } from '../../nodes/AlibabaCloudChatApp/upload/upload';
import type { BatchPlan } from '../../nodes/AlibabaCloudChatApp/upload/plan';

const INVALID = { status: 'invalid', reason: 'email_invalid' } as const;
const DUPLICATE = { status: 'duplicate' } as const;

/** Ten contacts: the first is invalid, the second a duplicate, the others are to be sent two by two. */
function upload(): { plan: BatchPlan; ledger: Ledger } {
	const ledger = new Ledger();
	ledger.receive(10);
	ledger.record(0, INVALID);
	ledger.record(1, DUPLICATE);
	const refs = [2, 3, 4, 5, 6, 7, 8, 9];
	const users = refs.map((ref) => ({ Email: `user${ref}@example.com` }));
	const plan = { users, refs, options: { batchSize: 2 }, total: 8, completes: true };
	return { plan, ledger };
}

const accepted = (call: number) =>
	({
		accepted: true,
		requestId: `request-${call}`,
		startedAt: 0,
		attempts: 1,
		responseLost: false,
	}) as const;

const to = (send: BatchSender['send']) => ({
	sender: { send },
	stopAtRejection: false,
	now: () => 0,
});

test.each([1, 2, 3, 4])('names what was accepted when call %s throws', async (failing) => {
	let calls = 0;
	const send = async () => {
		if (++calls === failing) throw new Error('thrown');
		return accepted(calls);
	};
	const one = upload();
	await expect(sendBatches(one.plan, one.ledger, to(send))).rejects.toThrow('thrown');
	const before = 2 * (failing - 1);
	expect(one.ledger.counts()).toEqual({
		received: 10,
		submitted: before,
		collected: 0,
		duplicates: 1,
		invalid: 1,
		failed: 0,
		held: 8 - before,
	});
	expect(one.ledger.facts.complete).toBe(false);
	one.ledger.recordPending({
		status: 'failed',
		failure: { code: 'unexpected', what: 'x', fix: '' },
	});
	expect(one.ledger.counts()).toMatchObject({ submitted: before, failed: 8 - before, held: 0 });
	const results = one.plan.users
		.slice(0, 8)
		.map((_, user) => one.ledger.resultOf(one.plan.refs.at(user) as number));
	expect(results.map(({ status, batch }) => batch ?? status)).toEqual(
		[1, 1, 2, 2, 3, 3, 4, 4].map((batch) => (batch < failing ? batch : 'failed')),
	);
});

test('users from the table are sent with the others and are not counted', async () => {
	const { plan, ledger } = upload();
	const users = [...plan.users.slice(0, 8), { Email: 'earlier@example.com' }];
	const sent: number[] = [];
	const send: BatchSender['send'] = async (batch) => {
		sent.push(batch.users.length);
		return accepted(sent.length);
	};
	await sendBatches({ ...plan, users }, ledger, to(send));
	expect(sent).toEqual([2, 2, 2, 2, 1]);
	expect(ledger.counts()).toMatchObject({ received: 10, submitted: 8 });
	expect(ledger.facts.userCount).toBe(9);
});

test('every contact is in one count, whatever is recorded in any order', () => {
	const entry = fc.constantFrom(
		INVALID,
		DUPLICATE,
		{ status: 'held', reason: 'stopped' } as const,
		{ status: 'failed', failure: { code: 'x', what: 'x', fix: '' } } as const,
	);
	fc.assert(
		fc.property(
			fc.array(fc.tuple(fc.nat({ max: 19 }), entry)),
			fc.option(entry),
			(entries, rest) => {
				const ledger = new Ledger();
				ledger.receive(20);
				for (const [ref, one] of entries) ledger.record(ref, one);
				if (rest) ledger.recordPending(rest);
				const { received, ...counts } = ledger.counts();
				expect(received).toBe(20);
				expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(20);
				const last = new Map(entries);
				for (let ref = 0; ref < 20; ref++) {
					const expected = last.get(ref) ?? rest ?? { status: 'held' };
					expect(ledger.resultOf(ref).status).toBe(expected.status);
				}
			},
		),
		{ seed: 1 },
	);
});

test('contacts of rejected batches get another status, the others keep theirs', () => {
	const { ledger, plan } = upload();
	const { refs } = plan;
	const error = { kind: 'rejected', code: 'X', what: 'x', fix: 'x', requestId: '' } as never;
	const range = { last: false, requestId: 'r', attempts: 1 };
	ledger.recordBatch({ ...range, start: 0, end: 3 }, refs);
	ledger.recordBatch({ ...range, start: 3, end: 6, error }, refs);
	expect(ledger.counts()).toMatchObject({ submitted: 3, failed: 3, held: 2 });
	expect([1, 2, 3].map((batch) => ledger.firstInBatch(batch))).toEqual([2, 5, undefined]);
	ledger.recordRejected({ status: 'collected' });
	expect(ledger.counts()).toMatchObject({ submitted: 3, collected: 3, failed: 0, held: 2 });
	expect([2, 5, 8].map((ref) => ledger.resultOf(ref).status)).toEqual([
		'submitted',
		'collected',
		'held',
	]);
});

test('a contact whose users are in two batches has the result of the first one', () => {
	const ledger = new Ledger();
	ledger.receive(3);
	const refs = [0, 1, 1, 2];
	const batch = { last: false, attempts: 1 };
	const error = { kind: 'rejected', code: 'X', what: 'x', fix: 'x', requestId: '' } as never;
	ledger.recordBatch({ ...batch, start: 0, end: 2, requestId: 'first' }, refs);
	ledger.recordBatch({ ...batch, start: 2, end: 4, requestId: 'second', error }, refs);
	expect([0, 1, 2].map((ref) => ledger.resultOf(ref).status)).toEqual([
		'submitted',
		'submitted',
		'failed',
	]);
});

test('counts invalid contacts and dropped fields by reason, and finds the first invalid ones', () => {
	const ledger = new Ledger();
	ledger.receive(6);
	ledger.record(0, INVALID);
	ledger.record(2, INVALID);
	ledger.record(3, { status: 'invalid', reason: 'hash_md5' });
	ledger.record(5, { status: 'invalid', reason: 'email_invalid' });
	ledger.record(4, { status: 'invalid', reason: 'phone_ambiguous' });
	ledger.record(4, DUPLICATE);
	ledger.recordDropped(1, 'phone_no_country');
	ledger.recordDropped(4, 'phone_no_country');
	expect(ledger.invalidReasons()).toEqual({ email_invalid: 3, hash_md5: 1 });
	expect(ledger.droppedFields()).toEqual({ phone_no_country: 2 });
	expect(ledger.firstInvalid(2)).toEqual([
		{ ref: 0, reason: 'email_invalid' },
		{ ref: 2, reason: 'email_invalid' },
	]);
	expect(ledger.firstInvalid(9)).toHaveLength(4);
	expect(Object.entries(ledger.resultOf(4))).toEqual([
		['status', 'duplicate'],
		['droppedField', 'phone_no_country'],
	]);
	expect(ledger.resultOf(0)).toEqual(INVALID);
});

describe('the result for a contact', () => {
	const error = { kind: 'rejected', code: 'X', what: 'x', fix: 'x', requestId: '' } as never;
	const batch = { start: 0, end: 0, last: false, attempts: 1 };

	it.each<[LedgerEntry, ContactResult]>([
		[{ status: 'pending' }, { status: 'held', reason: 'stopped' }],
		[
			{ status: 'failed', failure: { code: 'missing_id', what: '', fix: '' } },
			{ status: 'failed', code: 'missing_id' },
		],
		[
			{ status: 'batched', batch: 1 },
			{ status: 'submitted', batch: 1, requestId: 'r1' },
		],
		[
			{ status: 'batched', batch: 2 },
			{ status: 'failed', batch: 2, requestId: 'r2', code: 'X' },
		],
		[
			{ status: 'batched', batch: 3 },
			{ status: 'failed', batch: 3, code: 'X' },
		],
		[{ status: 'collected' }, { status: 'collected' }],
		[
			{ status: 'held', reason: 'dry_run' },
			{ status: 'held', reason: 'dry_run' },
		],
	])('of the entry %j is %j', (entry, result) => {
		const ledger = new Ledger();
		ledger.receive(1);
		ledger.recordBatch({ ...batch, requestId: 'r1' }, []);
		ledger.recordBatch({ ...batch, requestId: 'r2', error }, []);
		ledger.recordBatch({ ...batch, requestId: '', error }, []);
		ledger.record(0, entry);
		expect(ledger.resultOf(0)).toEqual(result);
	});
});
