import deburr from 'lodash/deburr';
import {
	type IDataObject,
	type ILoadOptionsFunctions,
	type INodeListSearchItems,
	type INodeListSearchResult,
	type INodeType,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';
import type { Clock } from '../async';
import { ID_LABELS, type IdName, locatorValue, readId } from '../ids';
import { messageIn, messageText } from '../message';
import { redact } from '../redact';
import {
	audiencePages,
	channelPages,
	createCaller,
	type FetchPage,
	listAdAccounts,
	type CallWithRetries,
	textOf,
	walkPages,
} from '../transport/api';
import { ApiError } from '../transport/apiError';
import { connectWith } from '../transport/connect';

/** Milliseconds, and attempts: a person waits for the open list. */
const TIMEOUT = 20_000;
const MAX_ATTEMPTS = 3;

/** With a filter, pages are read until one contains a match, but only so many at a time. */
const MAX_PAGES_READ = 20;

const BY_ID = "You can also choose 'By ID' and enter the ID";

/** The lists of the panel's locators. They are filtered here: how the API matches a name is not documented. */
export function listSearch(clock: Clock): NonNullable<INodeType['methods']>['listSearch'] {
	return {
		async searchChannels(this: ILoadOptionsFunctions, filter, token) {
			const found = await load(this, clock, async (call) => {
				return await searchPages(channelPages(call), channelItem, filter, token);
			});
			return requireResults(this, found, filter || token, NO_CHANNEL);
		},
		async searchAdAccounts(this: ILoadOptionsFunctions, filter) {
			const facebookPage = facebookPageAbove(this);
			const entries = await load(
				this,
				clock,
				async (call) => await listAdAccounts(call, facebookPage),
			);
			const results = narrowList(entries, adAccountItem, filter);
			return requireResults(this, { results }, filter, NO_AD_ACCOUNT);
		},
		async searchCustomAudiences(this: ILoadOptionsFunctions, filter, token) {
			const facebookPage = facebookPageAbove(this);
			// The token operations and 'Get Match Result' have no ad account: they list all audiences of the Page.
			const byAdAccount =
				this.getCurrentNodeParameter('resource') !== 'subscriptionToken' &&
				this.getCurrentNodeParameter('operation') !== 'getResult';
			const adAccountId = byAdAccount ? idAbove(this, 'adAccountId') : undefined;
			const found = await load(this, clock, async (call) => {
				const pages = audiencePages(call, facebookPage, { adAccountId });
				return await searchPages(pages, audienceItem, filter, token);
			});
			return requireResults(this, found, filter || token, NO_AUDIENCE);
		},
	};
}

const NO_CHANNEL =
	"This account has no published Messenger channel in this region. Publish one on the Channel Management page, or check 'Region' in the credential";
const NO_AD_ACCOUNT =
	"This Page has no ad account in Alibaba Cloud. Bind one on the Channel Management page, or check 'Channel' and 'Page ID'";
const NO_AUDIENCE =
	"There is no custom audience yet. Create one with the operation 'Create', or check 'Page ID' and 'Ad Account'";

/**
 * Reads what a list needs from the API.
 * @throws NodeApiError or NodeOperationError whose message alone says what to do: the list shows no description
 */
async function load<T>(
	context: ILoadOptionsFunctions,
	clock: Clock,
	read: (call: CallWithRetries) => Promise<T>,
): Promise<T> {
	try {
		const connection = await connectWith(context, { clock, timeout: TIMEOUT });
		return await read(createCaller(connection, MAX_ATTEMPTS));
	} catch (error) {
		if (error instanceof ApiError) {
			const { what, httpStatus } = error;
			// n8n replaces a message that contains a code such as ECONNREFUSED with a general one.
			const codes = httpStatus === undefined ? '' : ` (${error.codes})`;
			throw new NodeApiError(
				context.getNode(),
				{ message: what },
				{
					message: `${messageText(error)}${codes}`,
					description: BY_ID,
					...(httpStatus !== undefined && { httpCode: String(httpStatus) }),
				},
			);
		}
		// Any other error may quote the credential.
		const known = messageIn(error);
		const message = known ? messageText(known) : redact((error as Error).message);
		throw new NodeOperationError(context.getNode(), message, { description: BY_ID });
	}
}

function facebookPageAbove(context: ILoadOptionsFunctions) {
	return {
		custSpaceId: idAbove(context, 'custSpaceId'),
		pageId: idAbove(context, 'pageId'),
	};
}

/**
 * The ID in a field that a list depends on.
 * @throws NodeOperationError when it is empty, isn't an ID, or is known only when the workflow runs
 */
function idAbove(context: ILoadOptionsFunctions, name: IdName): string {
	const given: unknown = context.getCurrentNodeParameter(name);
	const label = ID_LABELS[name];
	const value = locatorValue(given);
	const errorWith = (message: string) =>
		new NodeOperationError(context.getNode(), message, { description: BY_ID });
	if (typeof value === 'string' && value.startsWith('=')) {
		throw errorWith(
			`'${label}' contains an expression, whose value isn't known yet. Choose 'By ID' and enter the ID or an expression`,
		);
	}
	const id = readId(name, given);
	if (typeof id !== 'string') throw errorWith(messageText(id));
	if (id === '') throw errorWith(`Fill in '${label}' first. ${BY_ID}`);
	return id;
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
		const results = narrowList(entries, toItem, filter);
		if (results.length > 0 || next === undefined || ++read >= MAX_PAGES_READ) {
			return { results, paginationToken: next };
		}
	}
	return { results: [] };
}

/**
 * The list that was found; an empty one only if a filter narrows it, or if there may be more.
 * @param narrowedBy a filter, or where an earlier page ended
 * @throws NodeOperationError
 */
function requireResults(
	context: ILoadOptionsFunctions,
	found: INodeListSearchResult,
	narrowedBy: string | undefined,
	message: string,
): INodeListSearchResult {
	if (found.results.length > 0 || found.paginationToken !== undefined || narrowedBy) return found;
	throw new NodeOperationError(context.getNode(), message, { description: BY_ID });
}

/** One entry of a list. */
interface ListItem extends INodeListSearchItems {
	value: string;
	/** The text to search: unlike the name, it contains the whole ID. */
	searched: string;
}

type ToItem = (entry: IDataObject) => ListItem | undefined;

function narrowList(entries: IDataObject[], toItem: ToItem, filter = ''): INodeListSearchItems[] {
	const wanted = foldText(filter.trim());
	return entries
		.map(toItem)
		.filter((item) => item !== undefined)
		.filter(({ searched }) => foldText(searched).includes(wanted))
		.map(({ name, value }) => ({ name, value }));
}

/** Text without case, accents, width, and ligatures: `grosse` finds `Größe`. */
function foldText(value: string): string {
	return deburr(value.normalize('NFKD')).toLowerCase();
}

/** A Messenger channel. Nothing can be sent through a draft. */
function channelItem(entry: IDataObject): ListItem | undefined {
	if (/^draft$/i.test(textOf(entry.State))) return undefined;
	// A direct customer's channel has no space: the instance's ID is used instead.
	const value = textOf(entry.CustSpaceId) || textOf(entry.InstanceId);
	return listItem(value, textOf(entry.InstanceName), [value, textOf(entry.State)]);
}

/** A Meta ad account. */
function adAccountItem(entry: IDataObject): ListItem {
	const value = textOf(entry.AdAccountId);
	return listItem(value, textOf(entry.AdAccountName), [value, textOf(entry.Currency)]);
}

/** A custom audience, with the number of people who can be messaged. */
function audienceItem(entry: IDataObject): ListItem {
	const value = textOf(entry.CustomAudienceId);
	const end = value.length > 4 ? `…${value.slice(-4)}` : value;
	const details = [statusText(textOf(entry.Status)), peopleText(entry.TokenTotal), end];
	return listItem(value, textOf(entry.CustomAudienceName), details);
}

const RIGHT_TO_LEFT =
	/[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const DIRECTION_MARKS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

function listItem(value: string, name: string, details: string[]): ListItem {
	const plain = name.replace(DIRECTION_MARKS, '').trim();
	// A name that is written from right to left would move the details to its other side.
	const isolated = RIGHT_TO_LEFT.test(plain) ? `\u2068${plain}\u2069` : plain;
	const shown = [isolated, ...details].filter(Boolean).join(' · ');
	return { name: shown, value, searched: [plain, ...details, value].join(' ') };
}

function peopleText(total: unknown): string {
	const count = textOf(total) === '' ? NaN : Number(total);
	if (!(count >= 0)) return '';
	if (count === 0) return 'no one yet';
	return count === 1 ? '1 person' : `${count.toLocaleString('en-US')} people`;
}

// Meta's words for a custom audience's `operation_status`: 200 and 'NONE' mean that there is nothing to say.
function statusText(status: string): string {
	if (/^(?:|none|normal|200)$/i.test(status)) return '';
	if (status === '471') return 'flagged by Meta';
	return status.replace(/_/g, ' ').toLowerCase();
}
