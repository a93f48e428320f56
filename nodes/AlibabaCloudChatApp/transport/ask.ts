import { CAMS_VERSION, connectApi, type Accepted, type CallResult } from './cams';
import type { Connection } from './client';
import type { Refusal } from './errors';
import { createRetrier } from './retry';

/** A call that was not accepted in the end. */
export class CallRefused extends Error {
	constructor(
		readonly action: string,
		readonly refusal: Refusal,
	) {
		super(refusal.message);
	}
}

/**
 * Makes one of the calls whose parameters are all in the query, again where that can help.
 * @param onceOnly for a call that must not be carried out twice: what to do when nobody knows whether it was
 * @throws CallRefused; the cancel signal's reason when the execution is cancelled
 */
export type Ask = (
	action: string,
	query: Record<string, string>,
	onceOnly?: string,
) => Promise<Accepted>;

/** The calls around AddCustomAudienceUser as a function. */
export function createAsk(connection: Connection, maxTries: number): Ask {
	const { clock, cancelSignal } = connection;
	const callApi = connectApi(connection);
	const withRetry = createRetrier({ maxTries, clock, cancelSignal });
	const refusedForGood = new Map<string, CallRefused>();
	return async (action, query, onceOnly) => {
		const before = refusedForGood.get(action);
		if (before) throw before;
		const call = { action, version: CAMS_VERSION, query };
		const result = await withRetry(async () => notAgain(await callApi(call), onceOnly));
		if (result.accepted) return result;
		const refused = new CallRefused(action, result.refusal);
		// Key, secret and permission will be no better for the next item.
		if (result.refusal.kind === 'access') refusedForGood.set(action, refused);
		throw refused;
	};
}

/** A result as it is, but for one whose call may have been carried out and must not be again. */
function notAgain(result: CallResult, onceOnly: string | undefined): CallResult {
	if (onceOnly === undefined || result.accepted || !result.refusal.answerLost) return result;
	return {
		accepted: false,
		refusal: { ...result.refusal, kind: 'rejected', hint: onceOnly, fix: onceOnly },
	};
}
