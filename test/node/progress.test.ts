import {
	tellingProgress,
	tellingRows,
	watchingTime,
} from '../../nodes/AlibabaCloudChatApp/actions/customAudience/sending/send';
import type { Message } from '../../nodes/AlibabaCloudChatApp/message';
import { ApiError } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import { Pace } from '../../nodes/AlibabaCloudChatApp/transport/pace';
import type { BatchAnswer, Delivery } from '../../nodes/AlibabaCloudChatApp/upload/upload';
import { stillClock } from '../engine/stillClock';

const ACCEPTED: BatchAnswer = { accepted: true, requestId: '1', tries: 1, answerLost: false };
const REFUSED: BatchAnswer = {
	accepted: false,
	error: new ApiError({
		kind: 'rejected',
		code: 'Sentinel',
		what: '',
		fix: '',
		requestId: '',
		answerLost: false,
	}),
	tries: 1,
	answerLost: false,
};

/** What is told of the calls, each of `size` users and so many milliseconds after the one before it. */
async function told(calls: Array<{ size: number; after: number; answer?: BatchAnswer }>) {
	const logged: string[] = [];
	const shown: string[] = [];
	let now = 0;
	let answer = ACCEPTED;
	const logger = { info: (message: string) => logged.push(message) };
	const context = { logger, sendMessageToUI: (message: string) => shown.push(message) } as never;
	const clock = { ...stillClock(), now: () => now };
	const send = tellingProgress(async () => answer, 100, { context, clock });
	for (const call of calls) {
		now += call.after;
		answer = call.answer ?? ACCEPTED;
		const users = Array.from({ length: call.size }, () => ({ Email: 'mary@example.com' }));
		expect(await send({ users, last: false })).toBe(answer);
	}
	expect(shown).toEqual(logged);
	return logged;
}

test('tells the running count of a long submission, at most once a second', async () => {
	const calls = [900, 100, 500, 499, 1].map((after) => ({ size: 20, after }));
	expect(await told(calls)).toEqual(['40 of 100 users accepted', '100 of 100 users accepted']);
});

test('says nothing of a short submission', async () => {
	expect(await told([{ size: 100, after: 999 }])).toEqual([]);
});

test('counts what was accepted, and a batch that goes again only once', async () => {
	const calls = [
		{ size: 50, after: 1000, answer: REFUSED },
		{ size: 50, after: 0 },
		{ size: 50, after: 1000 },
		{ size: 50, after: 1000 },
	];
	expect(await told(calls)).toEqual([
		'50 of 100 users accepted',
		'100 of 100 users accepted',
		'100 of 100 users accepted',
	]);
});

test('says nothing of a batch that was not accepted', async () => {
	const calls = [
		{ size: 50, after: 1000, answer: REFUSED },
		{ size: 50, after: 1000 },
	];
	expect(await told(calls)).toEqual(['50 of 100 users accepted']);
});

test.each([
	['the last batch, accepted', true, ACCEPTED, 90, 0],
	['the last batch, refused', true, REFUSED, 80, 1],
	['a batch', false, ACCEPTED, 80, 1],
	['an earlier batch', false, ACCEPTED, 79, 0],
])(
	'80 minutes after the first batch, %s is told of once',
	async (_, last, answer, minute, times) => {
		const warnings: Message[] = [];
		const context = { logger: { warn: () => {} }, sendMessageToUI: () => {} } as never;
		const delivery = { sessionBegunAt: 60_000 } as Delivery;
		const pace = new Pace('a gateway');
		const clock = { ...stillClock(), now: () => (minute + 1) * 60_000 };
		const send = watchingTime(async () => answer, { delivery, warnings, pace }, { context, clock });
		await send({ users: [], last });
		await send({ users: [], last });
		expect(warnings.map(({ code }) => code)).toEqual(Array(times).fill('time_nearly_up'));
	},
);

test('tells how many rows of a file were read, at most once a second', async () => {
	const logged: string[] = [];
	let now = 0;
	const logger = { info: (message: string) => logged.push(message) };
	const context = { logger, sendMessageToUI: () => undefined } as never;
	const chunks = [999, 1, 600, 399, 2];
	const source = {
		async *open() {
			for (const after of chunks) {
				now += after;
				yield await Promise.resolve([{}, {}]);
			}
		},
	};
	const rows = tellingRows(source, { context, clock: { ...stillClock(), now: () => now } });
	let read = 0;
	for await (const chunk of rows.open()) read += chunk.length;
	expect(read).toBe(10);
	expect(logged).toEqual(['4 rows read', '10 rows read']);
});
