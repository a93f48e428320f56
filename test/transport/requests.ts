import { type ApiRequest, createRequest } from '../../nodes/AlibabaCloudChatApp/transport/api';
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
	const request: ApiRequest = async (...call) =>
		await createRequest(connectionTo(simulator), 1)(...call);
	const sent = () => simulator.requests.map(({ action, query }) => [action, query]);
	return { request, sent };
}
