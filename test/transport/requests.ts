import { type RequestApi, createApiRequester } from '../../nodes/AlibabaCloudChatApp/transport/api';
import { errorOfResponse } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import { KNOWN, type Simulator } from '../simulator/simulator';
import { connectionTo } from './connectionTo';

const { custSpaceId, pageId } = KNOWN;

/** The Page that the simulator knows, as the calls take it and as they send it. */
export const PAGE = { custSpaceId, pageId };
export const IDS = { CustSpaceId: custSpaceId, PageId: pageId };

/** A call that is accepted. */
export const LIST_CALL = { action: 'ListPageAdAccount', version: '2020-06-06', query: IDS };

/** What the simulator answers in its place. */
export const error = (status: number, code: string) => ({ kind: 'error', status, code }) as const;

/** The calls around AddCustomAudienceUser, each made once, and what of them reached the simulator. */
export function requestsTo(simulator: Simulator) {
	const request: RequestApi = async (...call) =>
		await createApiRequester(connectionTo(simulator), 1)(...call);
	const sent = () => simulator.requests.map(({ action, query }) => [action, query]);
	return { request, sent };
}

/** The RAM policy in a message about a missing permission. */
export function policyInMessage(): unknown {
	const request = { action: 'ListInstance', byRole: false, secrets: [], timeout: 1000 };
	const response = { status: 403, headers: {}, text: '' };
	const { reference } = errorOfResponse(response, { Code: 'NoPermission' }, request);
	return JSON.parse(reference.slice(reference.indexOf('{'), reference.lastIndexOf('}') + 1));
}
