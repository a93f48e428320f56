import { UserError } from 'n8n-workflow';
import {
	batchRejected,
	canceledDuring,
} from '../../nodes/AlibabaCloudChatApp/actions/customAudience/addUsers/present';
import {
	cannotContinue,
	nodeError,
	whatHappened,
} from '../../nodes/AlibabaCloudChatApp/actions/nodeErrors';
import { itemSource } from '../../nodes/AlibabaCloudChatApp/sources/source';
import { ApiError } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import { type BatchResult, Ledger } from '../../nodes/AlibabaCloudChatApp/upload/ledger';
import type { Plan, Upload } from '../../nodes/AlibabaCloudChatApp/upload/plan';
import { makeNode } from '../engine/makeNode';
import { planWith } from './planWith';

const context = { getNode: () => makeNode('Node', 'x') };

const REJECTED = new ApiError({
	kind: 'rejected',
	code: 'Full',
	what: 'The audience is full',
	fix: 'Empty it',
	requestId: 'R-1',
	httpStatus: 200,
	responseLost: false,
});

/** Ten contacts in batches of so many users each; those of `rejected` (from 1) were rejected. */
function upload(sizes: number[], rejected: number[], more: Partial<Plan> = {}): Upload {
	const ledger = new Ledger();
	ledger.receive(10);
	ledger.facts.userCount = 10;
	const refs = Array.from({ length: 10 }, (_, ref) => ref);
	let start = 0;
	sizes.forEach((size, index) => {
		const error = rejected.includes(index + 1) ? { error: REJECTED } : {};
		const requestId = `R-${index + 1}`;
		const batch = { start, end: start + size, last: false, requestId, attempts: 2, ...error };
		ledger.recordBatch(batch, refs);
		start += size;
	});
	const items = refs.map((ref) => 100 + ref);
	const source = itemSource(items, () => ({}));
	return { plan: planWith({ items, refs, source, ...more }), ledger };
}

const ALONE = { finished: 0, notStarted: 0 };
const OPEN =
	'The upload is not complete: Meta keeps what was accepted, and ends the upload 90 minutes after its first batch. Run again with all its contacts to send the rest.';

describe('a rejected batch', () => {
	it('ends the run with what was accepted before it, and what to do', () => {
		const error = batchRejected(context, upload([4, 3], [2]), ALONE);
		expect(error.message).toBe('The audience is full');
		expect(error.messages).toEqual([]);
		expect(error.description).toBe(
			`Empty it. Accepted: 4 contacts in batch 1. ${OPEN} Not accepted: 3 contacts in batch 2, and 3 contacts not sent. Running again is safe: Meta counts each person once. HTTP status 200. Request ID R-2. Attempts: 2. Code Full.`,
		);
		expect(error.context).toMatchObject({ code: 'Full', requestId: 'R-2', itemIndex: 104 });
		expect(error.httpCode).toBe('200');
	});

	it('is reported without what is unknown', () => {
		const one = upload([10], [1]);
		const [batch] = one.ledger.batches as [BatchResult];
		batch.requestId = '';
		batch.error = REJECTED.with({ httpStatus: undefined });
		const error = batchRejected(context, one, ALONE);
		expect(error.description).toBe(
			'Empty it. No contacts were accepted. Not accepted: 10 contacts in batch 1. Running again is safe: Meta counts each person once. Attempts: 2. Code Full.',
		);
		expect(error.httpCode).toBeNull();
	});

	it('names the first input item if all of its contacts came from the table', () => {
		const { plan } = upload([], []);
		const ledger = new Ledger();
		ledger.recordBatch(
			{ start: 0, end: 5, last: true, requestId: '', attempts: 1, error: REJECTED },
			[],
		);
		expect(batchRejected(context, { plan, ledger }, ALONE).context.itemIndex).toBe(100);
	});

	it('counts contacts where each has several addresses', () => {
		const one = upload([4, 2], [2]);
		one.ledger.contactAt = (place) => Math.floor(place / 2);
		const { description } = batchRejected(context, one, ALONE);
		expect(description).toContain('Accepted: 2 contacts in batch 1.');
		expect(description).toContain('1 contact in batch 2, and 2 contacts not sent.');
		const { description: canceledWith } = canceledDuring(context, one.ledger, 0);
		expect(canceledWith).toContain('Accepted from the current upload: 2 contacts in batch 1.');
	});

	it('is reported with how the upload was completed', () => {
		const one = upload([2, 1], [2]);
		Object.assign(one.ledger.facts, { complete: true, completedWith: 1 });
		expect(batchRejected(context, one, ALONE).description).toContain(
			'Accepted: 2 contacts in batch 1. The upload is complete, by sending batch 1 again. Not accepted: 1 contact in batch 2, and 7 contacts not sent.',
		);
		one.ledger.facts.completedWith = undefined;
		expect(batchRejected(context, one, ALONE).description).toContain('is complete. Not');
	});

	it.each([
		[[1, 1, 1], [2], 'batches 1, 3'],
		[[1, 1, 1], [3], 'batches 1 to 2'],
	])('lists what was accepted: batches of %j without %j', (sizes, rejected, list) => {
		const { description } = batchRejected(context, upload(sizes, rejected), ALONE);
		expect(description).toContain(`Accepted: 2 contacts in ${list}. `);
	});

	it('may have been received if a response was lost', () => {
		const DOUBT = ' A response was lost, so these may still have been received.';
		const one = upload([10], [1]);
		(one.ledger.batches[0] as BatchResult).mayBeReceived = true;
		expect(batchRejected(context, one, ALONE).description).toContain(
			`No contacts are known to have been accepted. Not accepted: 10 contacts in batch 1.${DOUBT} Running`,
		);
		const halved = upload([5, 5], [1, 2]);
		(halved.ledger.batches[1] as BatchResult).mayBeReceived = true;
		expect(batchRejected(context, halved, ALONE).description).toContain('No contacts are known');
		const last = upload([10], [1]);
		last.ledger.facts.lastResponseLost = true;
		expect(batchRejected(context, last, ALONE).description).toContain(`in batch 1.${DOUBT}`);
	});

	it.each([
		['auto', true, false],
		['set', true, true],
		['set', false, false],
	] as const)(
		'of several runs (%s, completes: %j) leaves the upload open: %j',
		(lastBatch, completes, open) => {
			const one = upload([10], [1]);
			const plan = planWith({ ...one.plan, completes }, { lastBatch });
			const { description } = batchRejected(context, { ...one, plan }, ALONE);
			expect(description).toContain(
				open ? `No contacts were accepted. ${OPEN} Not` : 'accepted. Not',
			);
		},
	);

	it("is reported with the other uploads, what waits, and the API's own message", () => {
		const one = upload([10], [1]);
		one.ledger.facts.failedAreWaiting = true;
		(one.ledger.batches[0] as BatchResult).error = REJECTED.with({ apiMessage: 'full up' });
		const { description } = batchRejected(context, one, { finished: 1, notStarted: 2 });
		expect(description).toContain(
			'in batch 1. Uploads finished before this one: 1. Uploads not started: 2. The contacts of rejected batches are waiting in the Data Table. They will be sent with the next list, or once enough contacts are waiting. Running again is safe: Meta counts each person once. Alibaba Cloud said: full up. HTTP',
		);
	});
});

describe('a canceled run', () => {
	const SAFE = 'Running again is safe: Meta counts each person once.';
	it.each([
		[upload([2, 2, 1], [3]), false, '4 contacts in batches 1 to 2'],
		[upload([2], []), true, '2 contacts in batch 1'],
		[upload([2], [1]), false, 'nothing'],
	])('ends with what was accepted from the current upload: %#', ({ ledger }, complete, sent) => {
		ledger.facts.complete = complete;
		const error = canceledDuring(context, ledger, 3);
		expect(error.message).toBe('The execution was canceled');
		const open =
			sent === 'nothing'
				? ' It is not complete.'
				: ' It is not complete: Meta keeps what was accepted, and ends the upload 90 minutes after its first batch.';
		expect(error.description).toBe(
			`Uploads finished before this one: 3. Accepted from the current upload: ${sent}.${complete ? '' : open} ${SAFE}`,
		);
	});
});

test("n8n doesn't replace a message with a code such as ECONNREFUSED by its own", () => {
	const what = 'The host refused the connection (ECONNREFUSED)';
	const error = cannotContinue(context, { code: 'no', what, fix: 'Fix it', item: 3 });
	expect(error).toMatchObject({ message: what, messages: [], description: 'Fix it' });
	expect(error.context).toMatchObject({ code: 'no', itemIndex: 3 });
	const refused = REJECTED.with({ what, httpStatus: undefined });
	const ofItem = nodeError(context, 2, refused);
	expect(ofItem).toMatchObject({ message: what, messages: [] });
});

describe('an operation that failed for an item', () => {
	it('ends the run with what the API returned', () => {
		const error = nodeError(context, 2, REJECTED.with({ action: 'Create', apiMessage: 'full up' }));
		expect(error).toMatchObject({
			name: 'NodeApiError',
			message: 'The audience is full',
			description: 'Empty it. Alibaba Cloud said: full up. Request ID R-1. Code Full',
			httpCode: '200',
			context: { itemIndex: 2, code: 'Full', requestId: 'R-1' },
		});
		const unknown = REJECTED.with({ requestId: '', httpStatus: undefined });
		const bare = nodeError(context, 2, unknown);
		expect(bare).toMatchObject({ description: 'Empty it. Code Full', httpCode: null });
		expect(bare.context).not.toHaveProperty('requestId');
	});

	it.each([
		['warning', new UserError('Fill it in')],
		['error', new Error('Odd')],
	])('ends the run with what is wrong with a field, as a %s', (level, cause) => {
		const error = nodeError(context, 2, cause);
		expect(error).toMatchObject({ message: cause.message, level, description: undefined });
		expect(error.context).toMatchObject({ code: 'parameter', itemIndex: 2 });
	});

	it("doesn't repeat what an error quotes from a contact", () => {
		expect(whatHappened(new Error('no mary@example.com')).message.what).not.toContain('mary@');
	});
});
