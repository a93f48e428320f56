import { ApiError } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import { bodyBytes } from '../../nodes/AlibabaCloudChatApp/upload/batches';
import { Ledger } from '../../nodes/AlibabaCloudChatApp/upload/ledger';
import {
	type BatchAnswer,
	type BatchCall,
	submit,
} from '../../nodes/AlibabaCloudChatApp/upload/upload';

type Told =
	| 'ok'
	| 'ok, an answer lost'
	| 'refused'
	| 'refused, an answer lost'
	| 'too large'
	| 'too large, an answer lost'
	| 'goes again';

function answerOf(told: Told, call: number): BatchAnswer {
	const answerLost = told.endsWith('lost');
	if (told === 'goes again') return { accepted: false, again: true, tries: 1, answerLost };
	if (told.startsWith('ok')) return { accepted: true, requestId: `r${call}`, tries: 1, answerLost };
	const kind = told.startsWith('refused') ? 'rejected' : 'tooLarge';
	const facts = { code: 'x', what: 'x', fix: 'x', requestId: `r${call}`, answerLost };
	return { accepted: false, error: new ApiError({ kind, ...facts }), tries: 1, answerLost };
}

/** Sends users named a, b, c … and gives each call as its users, with a dot behind those that carry the last flag. */
async function run(
	users: string,
	told: Told[],
	settings: {
		batchSize?: number;
		maxBytes?: number;
		room?: () => number | undefined;
		stopAtRefusal?: boolean;
	} = {},
) {
	const { batchSize = 2, maxBytes, room, stopAtRefusal = false } = settings;
	const ledger = new Ledger();
	ledger.receive(users.length);
	const calls: string[] = [];
	const send = async ({ users: some, last }: BatchCall) => {
		calls.push(some.map(({ Email }) => Email).join('') + (last ? '.' : ''));
		return answerOf(told[calls.length - 1] ?? 'ok', calls.length);
	};
	await submit(
		{
			users: [...users].map((Email) => ({ Email })),
			refs: [...users].map((_, ref) => ref),
			plan: { batchSize, maxBytes, closes: true },
			room,
			stopAtRefusal,
			ledger,
			now: Date.now,
		},
		send,
	);
	return { calls, delivery: ledger.delivery, ledger };
}

test('closes again with the last batch that was accepted, not with an earlier one', async () => {
	const { calls, delivery } = await run('abcdef', ['ok', 'ok', 'refused']);
	expect(calls).toEqual(['ab', 'cd', 'ef.', 'cd.']);
	expect(delivery).toMatchObject({ closed: true, closedAgainWith: 2 });
	expect(delivery.batches.map(({ last, requestId, tries }) => [last, requestId, tries])).toEqual([
		[false, 'r1', 1],
		[true, 'r4', 2],
		[true, 'r3', 1],
	]);
});

test('closes again in halves when the batch has become too large, any user carrying the flag', async () => {
	const { calls, delivery } = await run(
		'abcdefgh',
		['ok', 'refused', 'too large', 'too large', 'ok'],
		{ batchSize: 4 },
	);
	expect(calls).toEqual(['abcd', 'efgh.', 'abcd.', 'ab.', 'a.']);
	expect(delivery).toMatchObject({ closed: true, closedAgainWith: 1 });
	expect(delivery.batches[0]).toMatchObject({ start: 0, end: 4, tries: 4 });
});

test('tells that the call that closes again may have been received twice', async () => {
	const told: Told[] = ['ok', 'refused', 'too large, an answer lost'];
	const { delivery } = await run('abc', told);
	expect(delivery).toMatchObject({ closed: true, lastAnswerLost: true });
});

test.each<[string, Told[], boolean]>([
	['its answer was lost before it was accepted', ['ok', 'ok, an answer lost'], true],
	['its answer was lost, and it was refused in the end', ['ok', 'refused, an answer lost'], true],
	['nothing was lost', ['ok', 'refused'], false],
	['an answer to another call was lost', ['ok, an answer lost', 'ok'], false],
])('tells whether the last call may have been received twice: %s', async (_, told, lost) => {
	const { delivery } = await run('abc', told);
	expect(delivery).toMatchObject({ closed: true, lastAnswerLost: lost });
});

test('closes again in another way when that way is learned meanwhile', async () => {
	const { calls, delivery } = await run('abc', ['ok', 'refused', 'goes again']);
	expect(calls).toEqual(['ab', 'c.', 'ab.', 'ab.']);
	expect(delivery).toMatchObject({ closed: true, closedAgainWith: 1 });
	expect(delivery.batches[0]?.tries).toBe(3);
});

test('stays open, and says so, when even one user with the flag is refused', async () => {
	const { calls, delivery } = await run('abc', ['ok', 'refused', 'too large', 'too large']);
	expect(calls).toEqual(['ab', 'c.', 'ab.', 'a.']);
	expect(delivery.closed).toBe(false);
	expect(delivery.closedAgainWith).toBeUndefined();
});

test('after a call that was too large no later one is larger than the half', async () => {
	const { calls } = await run('abcdefgh', ['too large'], { batchSize: 4 });
	expect(calls).toEqual(['abcd', 'ab', 'cd', 'ef', 'gh.']);
});

test('an odd batch is halved upwards, so that nobody is left over', async () => {
	const { calls } = await run('abcde', ['too large'], { batchSize: 5 });
	expect(calls).toEqual(['abcde.', 'abc', 'de.']);
});

test('asks once, not for each user, whether one user fits', async () => {
	const { calls, delivery, ledger } = await run('abcd', ['too large', 'too large']);
	expect(calls).toEqual(['ab', 'a']);
	expect(delivery.batches.map(({ start, end, tries }) => [start, end, tries])).toEqual([
		[0, 1, 2],
		[1, 3, 0],
		[3, 4, 0],
	]);
	expect(ledger.counts()).toMatchObject({ failed: 4, submitted: 0 });
	expect(delivery.batches[1]?.requestId).toBe('');
});

test.each([
	[4, 'abcd'],
	[3, 'abc'],
])(
	'only users of a call whose answer was lost may have been received (batches of %s)',
	async (batchSize, lost) => {
		const { calls, delivery } = await run(
			'abcdef',
			['too large, an answer lost', 'refused', 'refused', 'refused', 'refused'],
			{ batchSize },
		);
		expect(calls).toEqual([lost, 'ab', 'cd', 'ef.']);
		expect(delivery.batches.map(({ mayBeReceived = false }) => mayBeReceived)).toEqual([
			true,
			true,
			false,
		]);
		expect(delivery.lastAnswerLost).toBe(false);
	},
);

test('a call carries no more bytes than the plan allows, or than there is room for at the moment', async () => {
	const batchSize = 8;
	const two = bodyBytes([{ Email: 'a' }, { Email: 'b' }]);
	const { calls } = await run('abcdef', [], { batchSize, maxBytes: two });
	expect(calls).toEqual(['ab', 'cd', 'ef.']);
	const rooms = [two, undefined];
	const room = () => rooms.shift();
	const inRoom = await run('abcdef', [], { batchSize, maxBytes: 2 * two, room });
	expect(inRoom.calls).toEqual(['ab', 'cdef.']);
});

test('after a refusal nothing more is sent when the run ends there, but what was accepted is closed', async () => {
	const { calls, ledger } = await run('abcdef', ['ok', 'refused'], { stopAtRefusal: true });
	expect(calls).toEqual(['ab', 'cd', 'ab.']);
	expect(ledger.counts()).toMatchObject({ submitted: 2, failed: 2, held: 2 });
});

test('users of two calls whose answers were lost may have been received, beyond the smaller one', async () => {
	const { calls, delivery } = await run(
		'abcdef',
		['too large, an answer lost', 'too large, an answer lost', ...Array<Told>(6).fill('refused')],
		{ batchSize: 4 },
	);
	expect(calls).toEqual(['abcd', 'ab', 'a', 'b', 'c', 'd', 'e', 'f.']);
	expect(delivery.batches.map(({ mayBeReceived = false }) => mayBeReceived)).toEqual([
		...[true, true, true, true],
		...[false, false],
	]);
});
