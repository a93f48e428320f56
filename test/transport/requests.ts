import { type CallWithRetries, createCaller } from '../../nodes/AlibabaCloudChatApp/transport/api';
import { detailsOf, errorOfResponse } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import { KNOWN, PAGE_IDS, type Simulator } from '../simulator/simulator';
import { connectionTo } from './connectionTo';

const { custSpaceId, pageId } = KNOWN;

/** The Page that the simulator knows. */
export const PAGE = { custSpaceId, pageId };

/** A call that is accepted. */
export const LIST_CALL = { action: 'ListPageAdAccount', version: '2020-06-06', query: PAGE_IDS };

/** A fault of the simulator: it responds with this error. */
export const error = (status: number, code: string) => ({ kind: 'error', status, code }) as const;

/** Makes calls other than AddCustomAudienceUser, each once, and lists those that reached the simulator. */
export function requestsTo(simulator: Simulator) {
	const request: CallWithRetries = async (...call) =>
		await createCaller(connectionTo(simulator), 1)(...call);
	const sent = () => simulator.requests.map(({ action, query }) => [action, query]);
	return { request, sent };
}

/** The RAM policy in a message about a missing permission. */
export function policyInMessage(): unknown {
	const request = { action: 'ListInstance', isByRole: false, secrets: [], timeout: 1000 };
	const response = { status: 403, headers: {}, text: '' };
	const [policy = ''] = detailsOf(errorOfResponse(response, { Code: 'NoPermission' }, request));
	return JSON.parse(policy.slice(policy.indexOf('{')));
}
