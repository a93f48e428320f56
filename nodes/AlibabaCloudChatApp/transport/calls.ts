import type { IDataObject } from 'n8n-workflow';
import type { FetchPage } from './pages';
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
		const { body } = await request('ListInstance', query);
		return { entries: entriesOf(body), total: body.TotalCount };
	});
}

/** ListPageAdAccount: the ad accounts of a Page; the call knows no paging. */
export async function listAdAccounts(
	request: ApiRequest,
	page: PageOfChannel,
): Promise<IDataObject[]> {
	const { body } = await request('ListPageAdAccount', ids(page));
	return entriesOf(body);
}

/** ListCustomAudience: the custom audiences of a Page. */
export function audiencePages(
	request: ApiRequest,
	page: PageOfChannel,
	filter: AudienceFilter,
	size: number,
): FetchPage {
	return byNumber(size, async (index) => {
		const { body } = await request('ListCustomAudience', {
			...ids(page),
			...(filter.adAccountId && { AdAccountId: filter.adAccountId }),
			...(filter.customAudienceId && { CustomAudienceId: filter.customAudienceId }),
			...(filter.name && { CustomAudienceName: filter.name }),
			Page: JSON.stringify({ Index: index, Size: size }),
		});
		return { entries: entriesOf(body), total: body.Total };
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
	return { customAudienceId: String(body.CustomAudienceId ?? ''), requestId };
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
	return { taskCode: String(body.TaskCode ?? ''), requestId };
}

/** ListMessengerSubscriptionToken. @param size of a page, 1 to 1000 */
export function tokenPages(
	request: ApiRequest,
	page: PageOfChannel,
	customAudienceId: string,
	size: number,
): FetchPage {
	return async (key) => {
		const { body } = await request('ListMessengerSubscriptionToken', {
			...ids(page),
			...(customAudienceId && { CustomAudienceId: customAudienceId }),
			TokenType: TOKEN_TYPE,
			Limit: String(size),
			...(key && { PageKey: key }),
		});
		const next =
			typeof body.NextPage === 'string' && body.NextPage !== '' ? body.NextPage : undefined;
		return { entries: entriesOf(body), next };
	};
}

function ids({ custSpaceId, pageId }: PageOfChannel) {
	return { CustSpaceId: custSpaceId, PageId: pageId };
}

function entriesOf({ Data }: Record<string, unknown>): IDataObject[] {
	return Array.isArray(Data) ? (Data as IDataObject[]) : [];
}

/** Pages that are asked for by their number, from 1. */
function byNumber(
	size: number,
	fetch: (index: number) => Promise<{ entries: IDataObject[]; total: unknown }>,
): FetchPage {
	return async (key = '1') => {
		const index = Number(key);
		const { entries, total } = await fetch(index);
		// Without a total, a full page is the sign that there may be more.
		const isMore = typeof total === 'number' ? index * size < total : entries.length >= size;
		return { entries, ...(isMore && entries.length > 0 && { next: String(index + 1) }) };
	};
}
