import type { Audience } from '../../../submission/audience';
import type { BatchCall, SendBatch } from '../../../submission/delivery';
import { CAMS_VERSION, type CallApi } from '../../../transport/cams';
import type { RpcCall } from '../../../transport/client';
import type { Refusal } from '../../../transport/errors';
import type { createRetrier } from '../../../transport/retry';

/** What holds for the whole run: once a key, secret or permission is refused, no further call can be accepted. */
export interface RunState {
	accessRefused?: Refusal;
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
		if (run.accessRefused) {
			const refusal = { ...run.accessRefused, requestId: '' };
			return { accepted: false, refusal, tries: 0, answerLost: false };
		}
		const call = addCustomAudienceUser(audience, batch);
		const result = await withRetry(async () => await callApi(call));
		if (!result.accepted && result.refusal.kind === 'access') run.accessRefused = result.refusal;
		return result;
	};
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
	};
}
