import * as fc from 'fast-check';
import { Ledger } from '../../nodes/AlibabaCloudChatApp/upload/ledger';
import {
	type Outgoing,
	type SendBatch,
	submit,
} from '../../nodes/AlibabaCloudChatApp/upload/upload';

const REFUSED = { status: 'refused', reason: 'email_invalid' } as const;
const DUPLICATE = { status: 'duplicate' } as const;

/** Ten contacts: the first is refused, the second a duplicate, the others are to be sent two by two. */
function outgoing(): Outgoing {
	const ledger = new Ledger();
	ledger.receive(10);
	ledger.record(0, REFUSED);
	ledger.record(1, DUPLICATE);
	const refs = [2, 3, 4, 5, 6, 7, 8, 9];
	const users = refs.map((ref) => ({ Email: `user${ref}@example.com` }));
	const plan = { batchSize: 2, total: 8, closes: true };
	return { users, refs, plan, stopAtRefusal: false, ledger, now: Date.now };
}

const accepted = (call: number) =>
	({ accepted: true, requestId: `request-${call}`, tries: 1, answerLost: false }) as const;

test.each([1, 2, 3, 4])('names what was accepted when call %s throws', async (failing) => {
	let calls = 0;
	const send: SendBatch = async () => {
		if (++calls === failing) throw new Error('thrown');
		return accepted(calls);
	};
	const one = outgoing();
	await expect(submit(one, send)).rejects.toThrow('thrown');
	const before = 2 * (failing - 1);
	expect(one.ledger.counts()).toEqual({
		received: 10,
		submitted: before,
		collected: 0,
		duplicates: 1,
		refused: 1,
		failed: 0,
		held: 8 - before,
	});
	expect(one.ledger.delivery.closed).toBe(false);
	one.ledger.settle({ status: 'failed', why: { code: 'unexpected', what: 'x', fix: '' } });
	expect(one.ledger.counts()).toMatchObject({ submitted: before, failed: 8 - before, held: 0 });
	const fates = one.users
		.slice(0, 8)
		.map((_, user) => one.ledger.fateOf(one.refs.at(user) as number));
	expect(fates.map(({ status, batch }) => batch ?? status)).toEqual(
		[1, 1, 2, 2, 3, 3, 4, 4].map((batch) => (batch < failing ? batch : 'failed')),
	);
});

test.each([1, 2, 3, 4])('is written before what follows batch %s can throw', async (failing) => {
	const one = outgoing();
	const onBatch = async () => {
		if (one.ledger.delivery.batches.length === failing) throw new Error('thrown');
	};
	let calls = 0;
	await expect(submit({ ...one, onBatch }, async () => accepted(++calls))).rejects.toThrow(
		'thrown',
	);
	expect(one.ledger.counts()).toMatchObject({ submitted: 2 * failing, held: 8 - 2 * failing });
});

test('users that came from elsewhere go with the others and are not counted', async () => {
	const one = outgoing();
	const more = [...one.users.slice(0, 8), { Email: 'earlier@example.com' }];
	const sent: number[] = [];
	await submit({ ...one, users: more }, async ({ users }) => {
		sent.push(users.length);
		return accepted(sent.length);
	});
	expect(sent).toEqual([2, 2, 2, 2, 1]);
	expect(one.ledger.counts()).toMatchObject({ received: 10, submitted: 8 });
});

test('every contact is in one count, whatever is written in whatever order', () => {
	const outcome = fc.constantFrom(
		REFUSED,
		DUPLICATE,
		{ status: 'held', reason: 'stopped' } as const,
		{ status: 'failed', why: { code: 'x', what: 'x', fix: '' } } as const,
	);
	fc.assert(
		fc.property(
			fc.array(fc.tuple(fc.nat({ max: 19 }), outcome)),
			fc.option(outcome),
			(entries, rest) => {
				const ledger = new Ledger();
				ledger.receive(20);
				for (const [ref, one] of entries) ledger.record(ref, one);
				if (rest) ledger.settle(rest);
				const { received, ...counts } = ledger.counts();
				expect(received).toBe(20);
				expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(20);
				const last = new Map(entries);
				for (let ref = 0; ref < 20; ref++) {
					const expected = last.get(ref) ?? rest ?? { status: 'held' };
					expect(ledger.fateOf(ref).status).toBe(expected.status);
				}
			},
		),
		{ seed: 1 },
	);
});

test('what was not accepted gets another outcome, the rest stays', () => {
	const { ledger, refs } = outgoing();
	const error = { kind: 'rejected', code: 'X', what: 'x', fix: 'x', requestId: '' } as never;
	const range = { last: false, requestId: 'r', tries: 1 };
	ledger.recordBatch({ ...range, start: 0, end: 3 }, refs);
	ledger.recordBatch({ ...range, start: 3, end: 6, error }, refs);
	expect(ledger.counts()).toMatchObject({ submitted: 3, failed: 3, held: 2 });
	ledger.resettle({ status: 'collected' });
	expect(ledger.counts()).toMatchObject({ submitted: 3, collected: 3, failed: 0, held: 2 });
	expect([2, 5, 8].map((ref) => ledger.fateOf(ref).status)).toEqual([
		'submitted',
		'collected',
		'held',
	]);
});

test('tells refusals and dropped fields by reason, and the first that were refused', () => {
	const ledger = new Ledger();
	ledger.receive(6);
	ledger.record(0, REFUSED);
	ledger.record(2, REFUSED);
	ledger.record(3, { status: 'refused', reason: 'hash_md5' });
	ledger.record(5, { status: 'refused', reason: 'email_invalid' });
	ledger.record(4, { status: 'refused', reason: 'phone_ambiguous' });
	ledger.record(4, DUPLICATE);
	ledger.drop(1, 'phone_no_country');
	ledger.drop(4, 'phone_no_country');
	expect(ledger.refusals()).toEqual({ email_invalid: 3, hash_md5: 1 });
	expect(ledger.droppedFields()).toEqual({ phone_no_country: 2 });
	expect(ledger.firstRefused(2)).toEqual([
		{ ref: 0, reason: 'email_invalid' },
		{ ref: 2, reason: 'email_invalid' },
	]);
	expect(ledger.firstRefused(9)).toHaveLength(4);
	expect(Object.entries(ledger.fateOf(4))).toEqual([
		['status', 'duplicate'],
		['leftOut', 'phone_no_country'],
	]);
	expect(ledger.fateOf(0)).toEqual(REFUSED);
});
