import {
	BatchSender,
	type RunState,
} from '../../nodes/AlibabaCloudChatApp/actions/customAudience/sending/batchSender';
import type { CallResult } from '../../nodes/AlibabaCloudChatApp/transport/api';
import { ApiError } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import { createRetrier } from '../../nodes/AlibabaCloudChatApp/transport/retry';
import { UsersRoad } from '../../nodes/AlibabaCloudChatApp/transport/usersPlacement';
import { stillClock } from '../engine/stillClock';

const MINUTE = 60_000;
const audience = { custSpaceId: 'cams-1', pageId: '1', adAccountId: '2', customAudienceId: '3' };

const ACCEPTED: CallResult = { accepted: true, requestId: 'r', body: {} };

/** A sender whose calls take five minutes each, at a clock that begins at 0. */
function senderOf(run: RunState = {}, answer: CallResult = ACCEPTED, custSpaceId = 'cams-1') {
	let now = 0;
	let made = 0;
	const handedOver: string[] = [];
	const sender = new BatchSender({
		audience: { ...audience, custSpaceId },
		callApi: async ({ personal }) => {
			made++;
			now += 5 * MINUTE;
			handedOver.push(...(personal?.() ?? []));
			return answer;
		},
		withRetry: createRetrier({ maxTries: 1, clock: stillClock() }),
		placement: new UsersRoad('https://127.0.0.1', 'body'),
		now: () => now,
		run,
	});
	const users = [{ Email: 'ann@example.com' }, { Phone: '4915112345678' }];
	const batch = { users, last: false };
	return {
		send: async (until?: number) => await sender.send({ ...batch, until }),
		made: () => made,
		handedOver,
	};
}

test('a batch has started when its accepted attempt began', async () => {
	const { send } = senderOf();
	await send();
	await expect(send()).resolves.toMatchObject({ accepted: true, startedAt: 5 * MINUTE });
});

test.each([
	[0, 0],
	[1, 1],
])('with %i ms left in the upload window %i calls are made', async (until, calls) => {
	const { send, made } = senderOf();
	const answer = await send(until);
	expect(made()).toBe(calls);
	expect(answer).toMatchObject(
		calls === 0 ? { accepted: false, again: true, attempts: 0 } : { accepted: true, attempts: 1 },
	);
});

test.each<[string, (error: ApiError) => RunState, boolean]>([
	['a rejected key', (rejectedKey) => ({ rejectedKey }), false],
	['a channel that is not permitted', (r) => ({ notPermitted: new Map([['cams-1', r]]) }), false],
	['another channel that is not', (r) => ({ notPermitted: new Map([['cams-2', r]]) }), true],
])('no call is made with %s', async (_, stateOf, accepted) => {
	const error = new ApiError({
		kind: 'key',
		code: 'No',
		what: 'No',
		fix: '',
		requestId: 'R',
		answerLost: true,
	});
	const { send, made } = senderOf(stateOf(error));
	const answer = await send();
	expect(made()).toBe(accepted ? 1 : 0);
	if (accepted) return expect(answer).toMatchObject({ accepted });
	// It had no call, so no request and no lost answer of its own.
	const own = error.with({ requestId: '' });
	expect(answer).toEqual({ accepted: false, error: own, attempts: 0, responseLost: false });
});

test.each<[ApiError['kind'], string, number]>([
	['permission', 'cams-1', 1],
	['permission', 'cams-2', 2],
	['key', 'cams-2', 1],
	['rejected', 'cams-1', 2],
])(
	'after a rejection (%s), a call to the channel %s is made or not: %i',
	async (kind, channel, calls) => {
		const run: RunState = {};
		const facts = { code: 'No', what: 'No', fix: '', requestId: 'R', answerLost: false };
		const error = new ApiError({ kind, ...facts });
		const { send, made } = senderOf(run, { accepted: false, error });
		await send();
		const next = senderOf(run, ACCEPTED, channel);
		await next.send();
		expect(made() + next.made()).toBe(calls);
	},
);

test('a call hands over what must not be repeated in a message: every email and every number', async () => {
	const { send, handedOver } = senderOf();
	await send();
	expect(handedOver).toEqual(['ann@example.com', '4915112345678']);
});
