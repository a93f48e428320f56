import { ApiBatchSender } from '../../nodes/AlibabaCloudChatApp/actions/customAudience/sending/send';
import { type CallResult, createRetrier } from '../../nodes/AlibabaCloudChatApp/transport/client';
import { ApiError, KeyRejections } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import { UsersPlacement } from '../../nodes/AlibabaCloudChatApp/transport/usersPlacement';
import { stillClock } from '../engine/stillClock';

const MINUTE = 60_000;
const audience = { custSpaceId: 'cams-1', pageId: '1', adAccountId: '2', customAudienceId: '3' };

const ACCEPTED: CallResult = { accepted: true, requestId: 'r', body: {} };

/** A sender whose calls take five minutes each, at a clock that begins at 0. */
function senderOf(
	rejections = new KeyRejections(),
	answer: CallResult = ACCEPTED,
	custSpaceId = 'cams-1',
) {
	let now = 0;
	let made = 0;
	const passed: string[] = [];
	const sender = new ApiBatchSender({
		audience: { ...audience, custSpaceId },
		callOnce: async ({ personal }) => {
			made++;
			now += 5 * MINUTE;
			passed.push(...(personal?.() ?? []));
			return answer;
		},
		withRetry: createRetrier({ maxAttempts: 1, clock: stillClock() }),
		placement: new UsersPlacement('https://127.0.0.1', 'body'),
		now: () => now,
		rejections,
	});
	const users = [{ Email: 'ann@example.com' }, { Phone: '4915112345678' }];
	const batch = { users, last: false };
	return {
		send: async (until?: number) => await sender.send({ ...batch, until }),
		made: () => made,
		passed,
	};
}

test('a batch starts when its accepted attempt begins', async () => {
	const { send } = senderOf();
	await send();
	await expect(send()).resolves.toMatchObject({ accepted: true, startedAt: 5 * MINUTE });
});

test.each([
	[0, 0],
	[1, 1],
])('with %i ms left in the upload window, %i calls are made', async (until, calls) => {
	const { send, made } = senderOf();
	const answer = await send(until);
	expect(made()).toBe(calls);
	expect(answer).toMatchObject(
		calls === 0 ? { accepted: false, again: true, attempts: 0 } : { accepted: true, attempts: 1 },
	);
});

test.each<[ApiError['kind'], string, number]>([
	['permission', 'cams-1', 1],
	['permission', 'cams-2', 2],
	['key', 'cams-2', 1],
	['rejected', 'cams-1', 2],
])(
	'after an error of kind %s and a call to the channel %s, %i calls were made',
	async (kind, channel, calls) => {
		const rejections = new KeyRejections();
		const facts = { code: 'No', what: 'No', fix: '', requestId: 'R', responseLost: false };
		const error = new ApiError({ kind, ...facts });
		const { send, made } = senderOf(rejections, { accepted: false, error });
		await send();
		const next = senderOf(rejections, ACCEPTED, channel);
		const answer = await next.send();
		expect(made() + next.made()).toBe(calls);
		// Without a call, there is no request and no lost response.
		if (calls === 1) {
			const none = { attempts: 0, responseLost: false };
			expect(answer).toMatchObject({ error: { kind, requestId: '' }, ...none });
		}
	},
);

test('a call names every email and number that no message may repeat', async () => {
	const { send, passed } = senderOf();
	await send();
	expect(passed).toEqual(['ann@example.com', '4915112345678']);
});
