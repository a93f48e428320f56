import type { Audience } from '../../../submission/audience';
import type { BatchCall, SendBatch } from '../../../submission/delivery';
import { CAMS_VERSION, type CallApi } from '../../../transport/cams';
import type { RpcCall } from '../../../transport/client';
import type { Refusal } from '../../../transport/refusal';
import type { createRetrier } from '../../../transport/retry';

/** What holds for the rest of a run. */
export interface RunState {
	/** No further call can be accepted with this key. */
	keyRefused?: Refusal;
	/** By channel, since the spaces of an ISV's customers have rights of their own. */
	notPermitted?: Map<string, Refusal>;
}

/** A function that sends a submission's batches to AddCustomAudienceUser, each with its retries. */
export function batchSender(options: {
	audience: Audience;
	callApi: CallApi;
	withRetry: ReturnType<typeof createRetrier>;
	run: RunState;
}): SendBatch {
	const { audience, callApi, withRetry, run } = options;
	return async (batch) => {
		const before = run.keyRefused ?? run.notPermitted?.get(audience.custSpaceId);
		if (before) {
			const refusal = { ...before, requestId: '' };
			return { accepted: false, refusal, tries: 0, answerLost: false };
		}
		const call = addCustomAudienceUser(audience, batch);
		const result = await withRetry(async () => await callApi(call));
		if (!result.accepted) note(run, audience, result.refusal);
		return result;
	};
}

function note(run: RunState, { custSpaceId }: Audience, refusal: Refusal): void {
	if (refusal.kind === 'key') run.keyRefused = refusal;
	if (refusal.kind === 'permission') (run.notPermitted ??= new Map()).set(custSpaceId, refusal);
}

// `Users` goes into the body: as a URL it would be too long for the gateway, and end up in logs.
function addCustomAudienceUser(audience: Audience, batch: BatchCall): RpcCall {
	return {
		action: 'AddCustomAudienceUser',
		version: CAMS_VERSION,
		query: {
			CustSpaceId: audience.custSpaceId,
			PageId: audience.pageId,
			AdAccountId: audience.adAccountId,
			CustomAudienceId: audience.customAudienceId,
			...(batch.total !== undefined && { EstimatedNumTotal: String(batch.total) }),
			BatchLastFlag: String(batch.last),
		},
		form: { Users: JSON.stringify(batch.users) },
		personal: () => valuesOf(batch),
	};
}

function* valuesOf({ users }: BatchCall): Generator<string> {
	for (const { Email, Phone } of users) {
		if (Email !== undefined) yield Email;
		if (Phone !== undefined) yield Phone;
	}
}
