import type { IDataObject } from 'n8n-workflow';
import { byNumber, entriesOf } from './entries';
import type { FetchPage } from './pages';
import { CallRefused, type Refusal } from './refusal';
import type { ApiRequest } from './request';

/** The Facebook Page that a call is about, and the channel it is behind. */
export interface PageOfChannel {
	custSpaceId: string;
	pageId: string;
}

/** What may narrow a list of audiences; empty values don't. */
export interface AudienceFilter {
	adAccountId?: string;
	customAudienceId?: string;
	name?: string;
}

/** The only kind of subscription token that belongs to custom audiences. */
const TOKEN_TYPE = 'customAudience';

const MAY_BE_CREATED =
	"Nobody knows whether the audience was made. Run again: with 'Create or Use Existing' on, one that was made is used";

/** ListInstance: the account's Messenger channels. */
export function channelPages(request: ApiRequest, size: number): FetchPage {
	return byNumber(size, async (index) => {
		const query = { ChannelType: 'messenger', PageIndex: String(index), PageSize: String(size) };
		const answer = await request('ListInstance', query);
		return { entries: entriesOf('ListInstance', answer), total: answer.body.TotalCount };
	});
}

/** ListPageAdAccount: the ad accounts of a Page; the call knows no paging. */
export async function listAdAccounts(
	request: ApiRequest,
	page: PageOfChannel,
): Promise<IDataObject[]> {
	return entriesOf('ListPageAdAccount', await request('ListPageAdAccount', ids(page)));
}

/** ListCustomAudience: the custom audiences of a Page. */
export function audiencePages(
	request: ApiRequest,
	page: PageOfChannel,
	filter: AudienceFilter,
	size: number,
): FetchPage {
	return byNumber(size, async (index) => {
		const answer = await request('ListCustomAudience', {
			...ids(page),
			...(filter.adAccountId && { AdAccountId: filter.adAccountId }),
			...(filter.customAudienceId && { CustomAudienceId: filter.customAudienceId }),
			...(filter.name && { CustomAudienceName: filter.name }),
			Page: JSON.stringify({ Index: index, Size: size }),
		});
		return { entries: entriesOf('ListCustomAudience', answer), total: answer.body.Total };
	});
}

/** CreateCustomAudience, to be filled by calls (`intf`). @returns its ID and the request's */
export async function createAudience(
	request: ApiRequest,
	page: PageOfChannel,
	audience: { adAccountId: string; name: string; description: string },
): Promise<{ customAudienceId: string; requestId: string }> {
	const query = {
		...ids(page),
		AdAccountId: audience.adAccountId,
		Name: audience.name,
		...(audience.description && { Description: audience.description }),
		UploadType: 'intf',
	};
	const { body, requestId } = await request('CreateCustomAudience', query, MAY_BE_CREATED);
	const customAudienceId = idOf(body.CustomAudienceId);
	if (customAudienceId === '') throw new CallRefused('CreateCustomAudience', withoutId(requestId));
	return { customAudienceId, requestId };
}

/** SyncMessengerSubscriptionToken. @param customAudienceId empty for all audiences of the Page */
export async function syncTokens(
	request: ApiRequest,
	page: PageOfChannel,
	customAudienceId: string,
): Promise<{ taskCode: string; requestId: string }> {
	const { body, requestId } = await request('SyncMessengerSubscriptionToken', {
		...ids(page),
		...(customAudienceId && { CustomAudienceId: customAudienceId }),
		TokenType: TOKEN_TYPE,
	});
	return { taskCode: idOf(body.TaskCode), requestId };
}

/** ListMessengerSubscriptionToken. @param size of a page, 1 to 1000 */
export function tokenPages(
	request: ApiRequest,
	page: PageOfChannel,
	customAudienceId: string,
	size: number,
): FetchPage {
	return async (key) => {
		const answer = await request('ListMessengerSubscriptionToken', {
			...ids(page),
			...(customAudienceId && { CustomAudienceId: customAudienceId }),
			TokenType: TOKEN_TYPE,
			Limit: String(size),
			...(key && { PageKey: key }),
		});
		const next = idOf(answer.body.NextPage) || undefined;
		return { entries: entriesOf('ListMessengerSubscriptionToken', answer), next };
	};
}

function withoutId(requestId: string): Refusal {
	return {
		kind: 'rejected',
		code: 'NoAudienceId',
		what: 'The answer says that all is well, but gives no ID of the audience',
		fix: MAY_BE_CREATED,
		requestId,
		httpStatus: 200,
		answerLost: true,
	};
}

/** An ID as a text; empty for what can't be one. */
function idOf(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function ids({ custSpaceId, pageId }: PageOfChannel) {
	return { CustSpaceId: custSpaceId, PageId: pageId };
}
