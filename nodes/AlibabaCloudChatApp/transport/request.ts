import { CAMS_VERSION, connectApi, type Accepted, type CallResult } from './cams';
import type { Connection } from './client';
import { CallRefused } from './refusal';
import { createRetrier } from './retry';

/**
 * Makes one of the calls whose parameters are all in the query, again where that can help.
 * @param onceOnly for a call that must not be carried out twice: what to do when nobody knows whether it was
 * @throws CallRefused; the cancel signal's reason when the execution is canceled
 */
export type ApiRequest = (
	action: string,
	query: Record<string, string>,
	onceOnly?: string,
) => Promise<Accepted>;

/** The calls around AddCustomAudienceUser as a function. */
export function createRequest(connection: Connection, maxTries: number): ApiRequest {
	const { clock, cancelSignal } = connection;
	const callApi = connectApi(connection);
	const withRetry = createRetrier({ maxTries, clock, cancelSignal });
	// Key, secret and permission will be no better for the next item.
	let keyRefused: CallRefused | undefined;
	const notPermitted = new Map<string, CallRefused>();
	return async (action, query, onceOnly) => {
		// A space of an ISV's customer has rights of its own.
		const scope = JSON.stringify([action, query.CustSpaceId]);
		const before = keyRefused ?? notPermitted.get(scope);
		if (before) throw new CallRefused(action, before.refusal);
		const call = { action, version: CAMS_VERSION, query };
		const result = await withRetry(async () => notAgain(await callApi(call), onceOnly));
		if (result.accepted) return result;
		const refused = new CallRefused(action, result.refusal);
		if (result.refusal.kind === 'key') keyRefused = refused;
		if (result.refusal.kind === 'permission') notPermitted.set(scope, refused);
		throw refused;
	};
}

/** A result as it is, but for one whose call may have been carried out and must not be again. */
function notAgain(result: CallResult, onceOnly: string | undefined): CallResult {
	if (onceOnly === undefined || result.accepted || !result.refusal.answerLost) return result;
	return { accepted: false, refusal: { ...result.refusal, kind: 'rejected', fix: onceOnly } };
}
