import { type IDataObject, type IExecuteFunctions, UserError } from 'n8n-workflow';
import type {
	Ready,
	Submission,
} from '../../nodes/AlibabaCloudChatApp/actions/customAudience/addUsers/plan';
import {
	batchNotAccepted,
	canceled,
	cannotGoOn,
} from '../../nodes/AlibabaCloudChatApp/actions/customAudience/sending/endings';
import { WAITS_AGAIN } from '../../nodes/AlibabaCloudChatApp/actions/customAudience/sending/messages';
import { nodeError, whatHappened } from '../../nodes/AlibabaCloudChatApp/actions/nodeErrors';
import { ApiError } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import { Ledger } from '../../nodes/AlibabaCloudChatApp/upload/ledger';
import type { SentBatch } from '../../nodes/AlibabaCloudChatApp/upload/upload';
import { makeNode } from '../engine/makeNode';

const context = { getNode: () => makeNode('Node', 'x') } as unknown as IExecuteFunctions;

const REJECTED = new ApiError({
	kind: 'rejected',
	code: 'Full',
	what: 'The audience is full',
	fix: 'Empty it',
	requestId: 'R-1',
	httpStatus: 200,
	answerLost: false,
});

/** Batches of so many users each; those of `refused` (from 1) were not accepted. */
function submission(sizes: number[], refused: number[], more: IDataObject = {}) {
	const ledger = new Ledger();
	let start = 0;
	sizes.forEach((size, index) => {
		const isRefused = refused.includes(index + 1);
		const batch = { start, end: start + size, last: false, requestId: `R-${index + 1}`, tries: 2 };
		ledger.delivery.batches.push(isRefused ? { ...batch, error: REJECTED } : batch);
		start += size;
	});
	const refs = Array.from({ length: 10 }, (_, ref) => ref);
	const ready = {
		users: { length: 10 },
		refs,
		options: { lastBatch: 'auto' },
		plan: { closes: true },
	};
	const items = refs.map((ref) => 100 + ref);
	return { ledger, ready, items, warnings: [], ...more } as unknown as Submission & {
		ready: Ready;
	};
}

const ALONE = { finished: 0, notBegun: 0 };
const OPEN =
	'The submission is not closed: Meta keeps what was accepted and ends it by itself 90 minutes after its first batch. Run again with all its contacts to send the rest.';

describe('a batch that was not accepted', () => {
	it('is told with what was accepted before it, and what to do', () => {
		const error = batchNotAccepted(context, submission([4, 3], [2]), ALONE);
		expect(error.message).toBe('Batch 2 was not accepted: The audience is full (Full)');
		expect(error.messages).toEqual([]);
		expect(error.description).toBe(
			`Empty it. Accepted: 4 users in batch 1. ${OPEN} Not accepted: 3 users in batch 2, and 3 users not sent. Running again is safe: Meta counts each person once. HTTP status 200. Request ID R-2. Tries: 2.`,
		);
		expect(error.context).toMatchObject({ code: 'Full', requestId: 'R-2', itemIndex: 104 });
		expect(error.httpCode).toBe('200');
	});

	it('is told with nothing that is not known', () => {
		const one = submission([1], [1]);
		const [batch] = one.ledger.delivery.batches as [SentBatch];
		batch.requestId = '';
		batch.error = REJECTED.with({ httpStatus: undefined });
		batch.end = 10;
		const error = batchNotAccepted(context, one, ALONE);
		expect(error.description).toBe(
			'Empty it. No user was accepted. Not accepted: 10 users in batch 1. Running again is safe: Meta counts each person once. Tries: 2.',
		);
		expect(error.httpCode).toBeNull();
	});

	it.each<[string, Partial<Submission['ledger']['delivery']>, string]>([
		['closed', { closed: true }, 'The submission is closed.'],
		[
			'closed again',
			{ closed: true, closedAgainWith: 3 },
			'The submission is closed, by sending batch 3 again.',
		],
		['open', {}, OPEN],
	])('leaves the submission %s', (_, delivery, state) => {
		const one = submission([1, 1, 1, 1], [2]);
		Object.assign(one.ledger.delivery, delivery);
		const { description } = batchNotAccepted(context, one, ALONE);
		expect(description).toContain(
			`Accepted: 3 users in batches 1, 3, 4. ${state} Not accepted: 1 user in`,
		);
	});

	it('names accepted batches in a row by the first and the last', () => {
		const { description } = batchNotAccepted(context, submission([1, 1, 1], [3]), ALONE);
		expect(description).toContain('Accepted: 2 users in batches 1 to 2. ');
	});

	it('may have been received, where an answer was lost', () => {
		const DOUBT = ' An answer was lost, so these may have been received all the same.';
		const one = submission([10], [1]);
		(one.ledger.delivery.batches[0] as SentBatch).mayBeReceived = true;
		expect(batchNotAccepted(context, one, ALONE).description).toContain(
			`No user is known to be accepted. Not accepted: 10 users in batch 1.${DOUBT} Running`,
		);
		const halved = submission([5, 5], [1, 2]);
		(halved.ledger.delivery.batches[1] as SentBatch).mayBeReceived = true;
		expect(batchNotAccepted(context, halved, ALONE).description).toContain('No user is known');
		const last = submission([10], [1]);
		last.ledger.delivery.lastAnswerLost = true;
		expect(batchNotAccepted(context, last, ALONE).description).toContain(`in batch 1.${DOUBT}`);
	});

	it.each([
		['auto', true, false],
		['set', true, true],
		['set', false, false],
	])(
		'of several runs (%s, closes: %j) leaves the submission open: %j',
		(lastBatch, closes, open) => {
			const one = submission([10], [1]);
			Object.assign(one.ready, { options: { lastBatch }, plan: { closes } });
			const { description } = batchNotAccepted(context, one, ALONE);
			expect(description).toContain(open ? `No user was accepted. ${OPEN} Not` : 'accepted. Not');
		},
	);

	it('is told with the submissions around it, what waits and what the API said', () => {
		const one = submission([10], [1], { warnings: [WAITS_AGAIN] });
		(one.ledger.delivery.batches[0] as SentBatch).error = REJECTED.with({ said: 'full up' });
		const { description } = batchNotAccepted(context, one, { finished: 1, notBegun: 2 });
		expect(description).toContain(
			'in batch 1. Submissions finished before: 1. Submissions not begun: 2. The contacts that were not accepted wait in the Data Table. They go with the next run. Running again is safe: Meta counts each person once. Alibaba Cloud said: full up. HTTP',
		);
	});
});

describe('a canceled run', () => {
	const SAFE = 'Running again is safe: Meta counts each person once.';
	it.each([
		[submission([2, 2, 1], [3]), false, '4 users in batches 1 to 2'],
		[submission([2], []), true, '2 users in batch 1'],
		[submission([2], [1]), false, 'Nothing'],
	])('tells what was accepted of the submission that was under way: %#', (one, closed, sent) => {
		one.ledger.delivery.closed = closed;
		const error = canceled(context, one, 3);
		expect(error.message).toBe('The execution was canceled');
		const open = ` It is not closed: Meta keeps what was accepted and ends it by itself 90 minutes after its first batch.`;
		expect(error.description).toBe(
			`Submissions finished before: 3. Accepted of the submission that was under way: ${sent}.${closed ? '' : open} ${SAFE}`,
		);
	});
});

test('a code such as ECONNREFUSED in a sentence does not make n8n say its own instead', () => {
	const what = 'The host refused the connection (ECONNREFUSED)';
	const error = cannotGoOn(context, { code: 'no', what, fix: 'Mend it', item: 3 });
	expect(error).toMatchObject({ message: what, messages: [], description: 'Mend it' });
	expect(error.context).toMatchObject({ code: 'no', itemIndex: 3 });
	const refused = REJECTED.with({ what, httpStatus: undefined });
	const ofItem = nodeError(context, 2, refused);
	expect(ofItem).toMatchObject({ message: `${what} (Full)`, messages: [] });
});

describe('an operation that did not succeed for an item', () => {
	it('ends the run with what the API refused', () => {
		const error = nodeError(context, 2, REJECTED.with({ action: 'Create', said: 'full up' }));
		expect(error).toMatchObject({
			name: 'NodeApiError',
			message: 'Create was not accepted: The audience is full (Full)',
			description: 'Empty it. Alibaba Cloud said: full up. Request ID R-1',
			httpCode: '200',
			context: { itemIndex: 2, code: 'Full', requestId: 'R-1' },
		});
		const unknown = REJECTED.with({ requestId: '', httpStatus: undefined });
		const bare = nodeError(context, 2, unknown);
		expect(bare).toMatchObject({ description: 'Empty it', httpCode: null });
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

	it('says nothing that an error quotes of a person', () => {
		expect(whatHappened(new Error('no mary@example.com')).told.what).not.toContain('mary@');
	});
});
