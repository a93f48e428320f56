import { type CallApi, type CallResult, CAMS_VERSION } from '../../../transport/api';
import { ApiError } from '../../../transport/apiError';
import type { RpcCall } from '../../../transport/client';
import type { createRetrier } from '../../../transport/retry';
import type { UsersIn, UsersRoad } from '../../../transport/usersPlacement';
import type { Audience } from '../../../upload/audience';
import { bodyBytes } from '../../../upload/batches';
import type { BatchAnswer, BatchCall, SendBatch } from '../../../upload/upload';

/** What holds for the rest of a run. */
export interface RunState {
	/** No further call can be accepted with this key. */
	rejectedKey?: ApiError;
	/** By channel, since the spaces of an ISV's customers have rights of their own. */
	notPermitted?: Map<string, ApiError>;
}

/** What it takes to send batches. */
export interface BatchSending {
	audience: Audience;
	callApi: CallApi;
	withRetry: ReturnType<typeof createRetrier>;
	/** Where `Users` goes. */
	road: UsersRoad;
	/** Milliseconds since 1970. */
	now(): number;
	run: RunState;
	/** Asked before each try: why no more of them may be made. */
	barred?(): Promise<ApiError | undefined>;
}

/** A function that sends a submission's batches to AddCustomAudienceUser, each with its retries. */
export function batchSender(sending: BatchSending): SendBatch {
	const { audience, callApi, withRetry, road, now, run, barred } = sending;
	return async (batch) => {
		const before = run.rejectedKey ?? run.notPermitted?.get(audience.custSpaceId);
		if (before) {
			const error = before.with({ requestId: '' });
			return { accepted: false, error, tries: 0, answerLost: false };
		}
		const { usersIn } = road;
		const call = addCustomAudienceUser(audience, batch, usersIn);
		const tries = inTime(async () => await callApi(call), { now, barred, until: batch.until });
		const result = await withRetry(tries.next);
		const told = { tries: tries.count, answerLost: result.answerLost };
		if (result.accepted) return { ...result, ...told, begunAt: tries.begunAt };
		const sent = { usersIn, users: batch.users.length, urlBytes: urlBytes(audience, batch) };
		if (tries.isTimeUp || road.learn(result.error, sent)) return { ...GOES_AGAIN, ...told };
		note(run, audience, result.error);
		return { accepted: false, error: result.error, ...told };
	};
}

/** Bytes of encoded users that one call to an audience may carry; undefined when only the body's own limit holds. */
export function roomFor(road: UsersRoad, audience: Audience, total?: number): number | undefined {
	return road.room(parametersOf(audience, { total, last: false }));
}

const GOES_AGAIN = { accepted: false, again: true } satisfies Partial<BatchAnswer>;
const TIME_UP = new ApiError({
	kind: 'rejected',
	code: '',
	what: '',
	fix: '',
	requestId: '',
	answerLost: false,
});

/** Tries that are counted, and of which none begins after `until`, or when they are barred. */
function inTime(
	callOnce: () => Promise<CallResult>,
	{ now, barred, until = Infinity }: Pick<BatchSending, 'now' | 'barred'> & { until?: number },
) {
	const tries = {
		count: 0,
		begunAt: 0,
		isTimeUp: false,
		async next(): Promise<CallResult> {
			const error = await barred?.();
			if (error) return { accepted: false, error };
			tries.begunAt = now();
			tries.isTimeUp = tries.begunAt >= until;
			if (tries.isTimeUp) return { accepted: false, error: TIME_UP };
			tries.count++;
			return await callOnce();
		},
	};
	return tries;
}

function note(run: RunState, { custSpaceId }: Audience, error: ApiError): void {
	if (error.kind === 'key') run.rejectedKey = error;
	if (error.kind === 'permission') (run.notPermitted ??= new Map()).set(custSpaceId, error);
}

function addCustomAudienceUser(audience: Audience, batch: BatchCall, usersIn: UsersIn): RpcCall {
	const Users = JSON.stringify(batch.users);
	const query = parametersOf(audience, batch);
	const personal = () => valuesOf(batch);
	const call = { action: 'AddCustomAudienceUser', version: CAMS_VERSION, personal };
	// As a URL, thousands of users would be too long for a gateway, and end up in logs on the way.
	return usersIn === 'body'
		? { ...call, query, form: { Users } }
		: { ...call, query: { ...query, Users } };
}

function parametersOf(audience: Audience, { total, last }: Pick<BatchCall, 'total' | 'last'>) {
	return {
		CustSpaceId: audience.custSpaceId,
		PageId: audience.pageId,
		AdAccountId: audience.adAccountId,
		CustomAudienceId: audience.customAudienceId,
		...(total !== undefined && { EstimatedNumTotal: String(total) }),
		BatchLastFlag: String(last),
	};
}

function urlBytes(audience: Audience, batch: BatchCall): number {
	const others = new URLSearchParams(parametersOf(audience, batch)).toString();
	return `/?${others}&`.length + bodyBytes(batch.users);
}

function* valuesOf({ users }: BatchCall): Generator<string> {
	for (const { Email, Phone } of users) {
		if (Email !== undefined) yield Email;
		if (Phone !== undefined) yield Phone;
	}
}
