import type { User } from '../../../contacts/contact';
import type { Audience } from '../../../ids';
import { CAMS_VERSION } from '../../../transport/api';
import { ApiError, type KeyRejections } from '../../../transport/apiError';
import type { CallApi, CallResult, createRetrier, RpcCall } from '../../../transport/client';
import type { UsersPlacement } from '../../../transport/usersPlacement';
import { bodyBytes, usersBody } from '../../../upload/batches';
import type { BatchAnswer, BatchCall, BatchCaller } from '../../../upload/upload';

const ACTION = 'AddCustomAudienceUser';

/** Called before each attempt; returns why no further attempt may be made, or undefined. */
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
	/** Asked before each attempt, last of all: whether one of the users must not be sent anymore. */
	isAnyForgotten?(users: User[]): Promise<boolean>;
	/** Called with the number of users when a batch is accepted. */
	onAccepted?(users: number): void;
}

/** Sends an upload's batches to AddCustomAudienceUser, each with its retries. */
export class BatchSender implements BatchCaller {
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
		const attempts = new Attempts(this.settings, this.callOf(batch), batch);
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
		if (attempts.mustChange || placement.learn(result.error, sent)) {
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

const MUST_CHANGE = new ApiError({
	kind: 'rejected',
	code: '',
	what: '',
	fix: '',
	requestId: '',
	responseLost: false,
});

/** The attempts for one batch; none starts too late, if the guard objects, or with a person who asked to be forgotten. */
class Attempts {
	count = 0;
	/** When the latest one began, in milliseconds since 1970. */
	startedAt = 0;
	/** Whether the same batch can't be sent again. */
	mustChange = false;

	constructor(
		private readonly settings: BatchSenderSettings,
		private readonly call: RpcCall,
		private readonly batch: BatchCall,
	) {}

	async next(): Promise<CallResult> {
		const { callApi, guard, isAnyForgotten, now } = this.settings;
		const { until = Infinity, users } = this.batch;
		const blocked = await guard?.();
		if (blocked) return { accepted: false, error: blocked };
		this.mustChange = (await isAnyForgotten?.(users)) ?? false;
		this.startedAt = now();
		this.mustChange ||= this.startedAt >= until;
		if (this.mustChange) return { accepted: false, error: MUST_CHANGE };
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
