import {
	NodeOperationError,
	type IDataObject,
	type ILoadOptionsFunctions,
	type INodeListSearchItems,
	type INodeListSearchResult,
	type INodeType,
} from 'n8n-workflow';
import { audiencePages, channelPages, listAdAccounts } from '../transport/calls';
import type { Clock } from '../transport/clock';
import { walkPages, type FetchPage } from '../transport/pages';
import { askForList } from './askForList';
import { fieldAbove } from './fieldAbove';
import { adAccountItem, audienceItem, channelItem, matches, type ListItem } from './listItems';

const PAGE_SIZE = 50;
/** With a filter, pages are read until one holds a match, but no longer than this at a time. */
const MOST_PAGES = 20;

/** The lists of the panel's locators. They are filtered here: how the API matches a name is not documented. */
export function listSearch(clock: Clock): NonNullable<INodeType['methods']>['listSearch'] {
	return {
		async searchChannels(this: ILoadOptionsFunctions, filter, token) {
			const found = await askForList(this, clock, async (request) => {
				return await searchPages(channelPages(request, PAGE_SIZE), channelItem, filter, token);
			});
			return filled(this, found, filter || token, NO_CHANNEL);
		},
		async searchAdAccounts(this: ILoadOptionsFunctions, filter) {
			const page = pageOf(this);
			const entries = await askForList(
				this,
				clock,
				async (request) => await listAdAccounts(request, page),
			);
			const results = narrowed(entries, adAccountItem, filter);
			return filled(this, { results }, filter, NO_AD_ACCOUNT);
		},
		async searchCustomAudiences(this: ILoadOptionsFunctions, filter, token) {
			const page = pageOf(this);
			// The token operations and 'Get Result' have no ad account: theirs are all audiences of the Page.
			const byAdAccount =
				this.getCurrentNodeParameter('resource') !== 'subscriptionToken' &&
				this.getCurrentNodeParameter('operation') !== 'getResult';
			const adAccountId = byAdAccount ? fieldAbove(this, 'adAccountId') : undefined;
			const found = await askForList(this, clock, async (request) => {
				const pages = audiencePages(request, page, { adAccountId }, PAGE_SIZE);
				return await searchPages(pages, audienceItem, filter, token);
			});
			return filled(this, found, filter || token, NO_AUDIENCE);
		},
	};
}

type ToItem = (entry: IDataObject) => ListItem | undefined;

const NO_CHANNEL = {
	message: 'This account has no published Messenger channel in this region',
	description:
		"Add or publish one on the Channel Management page of Chat App Message Service, or check 'Region' in the credential",
};
const NO_AD_ACCOUNT = {
	message: 'This Page has no ad account that Alibaba Cloud knows of',
	description:
		"Check 'Channel' and 'Page ID', and that the Page's ad account is bound on the Channel Management page",
};
const NO_AUDIENCE = {
	message: 'There is no custom audience here yet',
	description: "Make one with the operation 'Create', or check 'Page ID' and 'Ad Account'",
};

function pageOf(context: ILoadOptionsFunctions) {
	return {
		custSpaceId: fieldAbove(context, 'custSpaceId'),
		pageId: fieldAbove(context, 'pageId'),
	};
}

async function searchPages(
	fetchPage: FetchPage,
	toItem: ToItem,
	filter: string | undefined,
	token: string | undefined,
): Promise<INodeListSearchResult> {
	let read = 0;
	const from: FetchPage = async (key) => await fetchPage(key ?? token);
	for await (const { entries, next } of walkPages(from)) {
		const results = narrowed(entries, toItem, filter);
		if (results.length > 0 || next === undefined || ++read >= MOST_PAGES) {
			return { results, paginationToken: next };
		}
	}
	return { results: [] };
}

/**
 * The list as it was found; one that is empty though nothing narrows it says why.
 * @param narrowedBy a filter, or the place where an earlier page ended
 * @throws NodeOperationError
 */
function filled(
	context: ILoadOptionsFunctions,
	found: INodeListSearchResult,
	narrowedBy: string | undefined,
	none: { message: string; description: string },
): INodeListSearchResult {
	if (found.results.length > 0 || narrowedBy) return found;
	throw new NodeOperationError(context.getNode(), none.message, { description: none.description });
}

function narrowed(entries: IDataObject[], toItem: ToItem, filter?: string): INodeListSearchItems[] {
	return entries
		.map(toItem)
		.filter((item) => item !== undefined)
		.filter(matches(filter))
		.map(({ name, value }) => ({ name, value }));
}
