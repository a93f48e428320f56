import { ApiError } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import { bodyBytes } from '../../nodes/AlibabaCloudChatApp/upload/batches';
import { Ledger } from '../../nodes/AlibabaCloudChatApp/upload/ledger';
import {
	type BatchAnswer,
	type BatchCall,
	sendBatches,
} from '../../nodes/AlibabaCloudChatApp/upload/upload';

type Answer =
	| 'ok'
	| 'ok, response lost'
	| 'rejected'
	| 'rejected, response lost'
	| 'too large'
	| 'too large, response lost'
	| 'again';

function answerOf(answer: Answer, call: number): BatchAnswer {
	const made = { attempts: 1, responseLost: answer.endsWith('lost') };
	if (answer === 'again') return { accepted: false, again: true, ...made };
	const requestId = `r${call}`;
	if (answer.startsWith('ok')) return { accepted: true, requestId, startedAt: 0, ...made };
	const kind = answer.startsWith('rejected') ? 'rejected' : 'tooLarge';
	const facts = { code: 'x', what: 'x', fix: 'x', requestId, responseLost: made.responseLost };
	return { accepted: false, error: new ApiError({ kind, ...facts }), ...made };
}

/** Sends users named a, b, c … and returns each call as its users, with a dot after those that carry the last flag. */
async function run(
	users: string,
	answers: Answer[],
	settings: {
		batchSize?: number;
		maxBytes?: () => number | undefined;
		stopAtRejection?: boolean;
		completes?: boolean;
	} = {},
) {
	const { batchSize = 2, maxBytes, stopAtRejection = false, completes = true } = settings;
	const ledger = new Ledger();
	ledger.receive(users.length);
	const calls: string[] = [];
	const send = async ({ users: some, last }: BatchCall) => {
		calls.push(some.map(({ Email }) => Email).join('') + (last ? '.' : ''));
		return answerOf(answers[calls.length - 1] ?? 'ok', calls.length);
	};
	const plan = {
		users: [...users].map((Email) => ({ Email })),
		refs: [...users].map((_, ref) => ref),
		options: { batchSize },
		completes,
	};
	const sender = { send, maxBytes };
	await sendBatches(plan, ledger, { sender, stopAtRejection, now: () => 0 });
	return { calls, ledger, batches: ledger.batches, facts: ledger.facts };
}

test('an upload that a later run completes never carries the last flag', async () => {
	const answers: Answer[][] = [['ok', 'ok'], ['ok', 'rejected'], ['ok, response lost']];
	for (const some of answers) {
		const { calls, facts } = await run('abcd', some, { completes: false });
		expect(calls).toEqual(['ab', 'cd']);
		expect(facts.complete).toBe(false);
	}
});

test('completes with the last accepted batch, not with an earlier one', async () => {
	const { calls, batches, facts } = await run('abcdef', ['ok', 'ok', 'rejected']);
	expect(calls).toEqual(['ab', 'cd', 'ef.', 'cd.']);
	expect(facts).toMatchObject({ complete: true, completedWith: 2 });
	expect(batches.map(({ last, requestId, attempts }) => [last, requestId, attempts])).toEqual([
		[false, 'r1', 1],
		[true, 'r4', 2],
		[true, 'r3', 1],
	]);
});

test('completes with halves if the batch is too large now, since any user is enough for the flag', async () => {
	const { calls, batches, facts } = await run(
		'abcdefgh',
		['ok', 'rejected', 'too large', 'too large', 'ok'],
		{ batchSize: 4 },
	);
	expect(calls).toEqual(['abcd', 'efgh.', 'abcd.', 'ab.', 'a.']);
	expect(facts).toMatchObject({ complete: true, completedWith: 1 });
	expect(batches[0]).toMatchObject({ start: 0, end: 4, attempts: 4 });
});

test('notes that the call that completes the upload again may have been received twice', async () => {
	const answers: Answer[] = ['ok', 'rejected', 'too large, response lost'];
	const { facts } = await run('abc', answers);
	expect(facts).toMatchObject({ complete: true, lastResponseLost: true });
});

test.each<[string, Answer[], boolean]>([
	['its response was lost before it was accepted', ['ok', 'ok, response lost'], true],
	[
		'its response was lost, and it was rejected in the end',
		['ok', 'rejected, response lost'],
		true,
	],
	['nothing was lost', ['ok', 'rejected'], false],
	['a response to another call was lost', ['ok, response lost', 'ok'], false],
])('notes whether the last call may have been received twice: %s', async (_, answers, lost) => {
	const { facts } = await run('abc', answers);
	expect(facts).toMatchObject({ complete: true, lastResponseLost: lost });
});

test('completes in another placement if that is learned meanwhile', async () => {
	const { calls, batches, facts } = await run('abc', ['ok', 'rejected', 'again']);
	expect(calls).toEqual(['ab', 'c.', 'ab.', 'ab.']);
	expect(facts).toMatchObject({ complete: true, completedWith: 1 });
	expect(batches[0]?.attempts).toBe(3);
});

test('is not complete if even one user with the flag is rejected', async () => {
	const { calls, facts } = await run('abc', ['ok', 'rejected', 'too large', 'too large']);
	expect(calls).toEqual(['ab', 'c.', 'ab.', 'a.']);
	expect(facts.complete).toBe(false);
	expect(facts.completedWith).toBeUndefined();
});

test('after a call that was too large, no later one is larger than the half', async () => {
	const { calls } = await run('abcdefgh', ['too large'], { batchSize: 4 });
	expect(calls).toEqual(['abcd', 'ab', 'cd', 'ef', 'gh.']);
});

test('an odd batch is halved upwards, so that no one is left over', async () => {
	const { calls } = await run('abcde', ['too large'], { batchSize: 5 });
	expect(calls).toEqual(['abcde.', 'abc', 'de.']);
});

test('tries once, not for each user, whether one user fits', async () => {
	const { calls, batches, ledger } = await run('abcd', ['too large', 'too large']);
	expect(calls).toEqual(['ab', 'a']);
	expect(batches.map(({ start, end, attempts }) => [start, end, attempts])).toEqual([
		[0, 1, 2],
		[1, 3, 0],
		[3, 4, 0],
	]);
	expect(ledger.counts()).toMatchObject({ failed: 4, submitted: 0 });
	expect(batches[1]?.requestId).toBe('');
});

test.each([
	[4, 'abcd'],
	[3, 'abc'],
])(
	'only users of a call whose response was lost may have been received (batches of %s)',
	async (batchSize, lost) => {
		const { calls, batches, facts } = await run(
			'abcdef',
			['too large, response lost', 'rejected', 'rejected', 'rejected', 'rejected'],
			{ batchSize },
		);
		expect(calls).toEqual([lost, 'ab', 'cd', 'ef.']);
		expect(batches.map(({ mayBeReceived = false }) => mayBeReceived)).toEqual([true, true, false]);
		expect(facts.lastResponseLost).toBe(false);
	},
);

test('a call contains no more bytes than are allowed at the moment', async () => {
	const batchSize = 8;
	const two = bodyBytes([{ Email: 'a' }, { Email: 'b' }]);
	const { calls } = await run('abcdef', [], { batchSize, maxBytes: () => two });
	expect(calls).toEqual(['ab', 'cd', 'ef.']);
	const limits = [two, undefined];
	const changing = await run('abcdef', [], { batchSize, maxBytes: () => limits.shift() });
	expect(changing.calls).toEqual(['ab', 'cdef.']);
});

test('if the run ends at a rejected batch, nothing more is sent, but what was accepted is completed', async () => {
	const { calls, ledger } = await run('abcdef', ['ok', 'rejected'], { stopAtRejection: true });
	expect(calls).toEqual(['ab', 'cd', 'ab.']);
	expect(ledger.counts()).toMatchObject({ submitted: 2, failed: 2, held: 2 });
});

test('users of two calls whose responses were lost may have been received, beyond the smaller one', async () => {
	const { calls, batches } = await run(
		'abcdef',
		['too large, response lost', 'too large, response lost', ...Array<Answer>(6).fill('rejected')],
		{ batchSize: 4 },
	);
	expect(calls).toEqual(['abcd', 'ab', 'a', 'b', 'c', 'd', 'e', 'f.']);
	expect(batches.map(({ mayBeReceived = false }) => mayBeReceived)).toEqual([
		...[true, true, true, true],
		...[false, false],
	]);
});
