import type { Audience } from '../../../ids';
import { CAMS_VERSION } from '../../../transport/api';
import { ApiError, type KeyRejections } from '../../../transport/apiError';
import type { CallApi, CallResult, createRetrier, RpcCall } from '../../../transport/client';
import type { UsersPlacement } from '../../../transport/usersPlacement';
import { bodyBytes, usersBody } from '../../../upload/batches';
import type { BatchAnswer, BatchCall, Sender } from '../../../upload/upload';

const ACTION = 'AddCustomAudienceUser';

/** Asked before each attempt: why no more may be made; undefined if they may. */
export type Guard = () => Promise<ApiError | undefined>;

/** What it takes to send batches. */
export interface BatchSenderSettings {
	audience: Audience;
	callApi: CallApi;
	withRetry: ReturnType<typeof createRetrier>;
	placement: UsersPlacement;
	/** Milliseconds since 1970. */
	now(): number;
	/** What the run knows about its key. */
	rejections: KeyRejections;
	guard?: Guard;
	/** Called with the number of users when a batch is accepted. */
	onAccepted?(users: number): void;
}

/** Sends an upload's batches to AddCustomAudienceUser, each with its retries. */
export class BatchSender implements Sender {
	constructor(private readonly settings: BatchSenderSettings) {}

	maxBytes(total?: number): number | undefined {
		const { placement, audience } = this.settings;
		return maxUserBytes(placement, audience, total);
	}

	async send(batch: BatchCall): Promise<BatchAnswer> {
		const { audience, placement, withRetry, rejections } = this.settings;
		const known = rejections.find(ACTION, audience.custSpaceId);
		if (known) return { accepted: false, error: known, attempts: 0, responseLost: false };
		const { usersIn } = placement;
		const attempts = new Attempts(this.settings, this.callOf(batch), batch.until);
		const result = await withRetry(() => attempts.next());
		const made = { attempts: attempts.count, responseLost: result.responseLost };
		if (result.accepted) {
			this.settings.onAccepted?.(batch.users.length);
			const { requestId } = result;
			return { accepted: true, requestId, startedAt: attempts.startedAt, ...made };
		}
		const { length } = batch.users;
		const query = parametersOf(audience, batch);
		const sent = { usersIn, users: length, bytes: bodyBytes(batch.users), query };
		if (attempts.isTooLate || placement.learn(result.error, sent)) {
			return { accepted: false, again: true, ...made };
		}
		rejections.note(result.error, ACTION, audience.custSpaceId);
		return { accepted: false, error: result.error, ...made };
	}

	private callOf(batch: BatchCall): RpcCall {
		const { audience, placement } = this.settings;
		const query = parametersOf(audience, batch);
		const call = {
			action: ACTION,
			version: CAMS_VERSION,
			personal: () => valuesOf(batch),
		};
		// With thousands of users, a URL would be too long for gateways, and it appears in logs.
		return placement.usersIn === 'body'
			? { ...call, query, body: usersBody(batch.users) }
			: { ...call, query: { ...query, Users: JSON.stringify(batch.users) } };
	}
}

/** Bytes of encoded users that one call to an audience may carry; undefined for the API's own limit. */
export function maxUserBytes(
	placement: UsersPlacement,
	audience: Audience,
	total?: number,
): number | undefined {
	return placement.maxBytes(parametersOf(audience, { total, last: false }));
}

const TOO_LATE = new ApiError({
	kind: 'rejected',
	code: '',
	what: '',
	fix: '',
	requestId: '',
	responseLost: false,
});

/** The attempts for one batch; none begins too late or against the guard. */
class Attempts {
	count = 0;
	/** When the latest one began, in milliseconds since 1970. */
	startedAt = 0;
	isTooLate = false;

	constructor(
		private readonly settings: Pick<BatchSenderSettings, 'callApi' | 'guard' | 'now'>,
		private readonly call: RpcCall,
		private readonly until = Infinity,
	) {}

	async next(): Promise<CallResult> {
		const { callApi, guard, now } = this.settings;
		const blocked = await guard?.();
		if (blocked) return { accepted: false, error: blocked };
		this.startedAt = now();
		this.isTooLate = this.startedAt >= this.until;
		if (this.isTooLate) return { accepted: false, error: TOO_LATE };
		this.count++;
		return await callApi(this.call);
	}
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

function* valuesOf({ users }: BatchCall): Generator<string> {
	for (const { Email, Phone } of users) {
		if (Email !== undefined) yield Email;
		if (Phone !== undefined) yield Phone;
	}
}
