import { type Fate, fateOf, type Outcome } from '../../nodes/AlibabaCloudChatApp/upload/ledger';
import type { Delivery } from '../../nodes/AlibabaCloudChatApp/upload/upload';

const error = { kind: 'rejected', code: 'X', what: 'x', fix: 'x', requestId: '' } as never;
const range = { start: 0, end: 1, last: false, tries: 1 };
const delivery = {
	batches: [
		{ ...range, requestId: 'r1' },
		{ ...range, requestId: 'r2', error },
		{ ...range, requestId: '', error },
	],
} as unknown as Delivery;

test.each([
	[{ status: 'pending' }, { status: 'held', reason: 'stopped' }],
	[
		{ status: 'failed', why: { code: 'missing_id', what: '', fix: '' } },
		{ status: 'failed', code: 'missing_id' },
	],
	[
		{ status: 'sent', batch: 1 },
		{ status: 'submitted', batch: 1, requestId: 'r1' },
	],
	[
		{ status: 'sent', batch: 2 },
		{ status: 'failed', batch: 2, requestId: 'r2', code: 'X' },
	],
	[
		{ status: 'sent', batch: 3 },
		{ status: 'failed', batch: 3, code: 'X' },
	],
	[{ status: 'collected' }, { status: 'collected' }],
	[
		{ status: 'held', reason: 'dry_run' },
		{ status: 'held', reason: 'dry_run' },
	],
] as Array<[Outcome, Fate]>)('%j is told as %j', (outcome, fate) => {
	expect(fateOf(outcome, delivery)).toEqual(fate);
});
