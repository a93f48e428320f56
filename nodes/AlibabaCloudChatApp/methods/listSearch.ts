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
import { sentence } from '../message';
import {
	type ApiRequest,
	audiencePages,
	channelPages,
	createRequest,
	type FetchPage,
	listAdAccounts,
	walkPages,
} from '../transport/api';
import { ApiError } from '../transport/apiError';
import { connectWith } from '../transport/connection';
import { redact } from '../transport/redact';

/** Milliseconds, and tries: a person waits before the open list. */
const TIMEOUT = 20_000;
const MAX_TRIES = 3;

const BY_ID = "You can also choose 'By ID' here and enter the ID";

/**
 * Runs what a list asks of the API.
 * @throws NodeApiError or NodeOperationError whose message alone says what is wrong and how to mend it, since the
 * list shows no more than that
 */
export async function askForList<T>(
	context: ILoadOptionsFunctions,
	clock: Clock,
	work: (request: ApiRequest) => Promise<T>,
): Promise<T> {
	try {
		const connection = await connectWith(context, { clock, timeout: TIMEOUT });
		return await work(createRequest(connection, MAX_TRIES));
	} catch (error) {
		if (!(error instanceof ApiError)) {
			// What a field or the list lacks is told in words of our own; nobody knows what an error of n8n's may quote.
			const message = redact((error as Error).message);
			throw new NodeOperationError(context.getNode(), message, { description: BY_ID });
		}
		const { what, requestId, httpStatus } = error;
		const description = [BY_ID, requestId && `Request ID ${requestId}`].filter(Boolean).join('. ');
		throw new NodeApiError(
			context.getNode(),
			{ message: what },
			{
				message: sentenceOf(error),
				description,
				...(httpStatus !== undefined && { httpCode: String(httpStatus) }),
			},
		);
	}
}

/** What is wrong, and how to mend it; network codes stay out, since n8n would replace the whole sentence by its own. */
function sentenceOf(error: ApiError): string {
	const { kind, code, what, fix, httpStatus } = error;
	if (kind === 'key') return `${fix} (${code})`;
	if (kind === 'permission') return `${sentence(error)} (${code})`;
	if (code === 'Timeout') return sentence(error);
	return httpStatus === undefined ? fix : sentence({ what: `${what} (${code})`, fix });
}

/**
 * The ID in a field that a list depends on.
 * @throws NodeOperationError that says what to do when it is empty, no ID, or known only when the workflow runs
 */
export function fieldAbove(context: ILoadOptionsFunctions, name: IdName): string {
	const given: unknown = context.getCurrentNodeParameter(name);
	const label = ID_LABELS[name];
	const value = locatorValue(given);
	if (typeof value === 'string' && value.startsWith('=')) {
		throw new NodeOperationError(context.getNode(), `'${label}' holds an expression`, {
			description: `Its value is not known before the workflow runs, so there is no list for it. Choose 'By ID' here and enter the ID or an expression`,
		});
	}
	const id = readId(name, given);
	if (typeof id !== 'string') {
		throw new NodeOperationError(context.getNode(), id.what, { description: id.fix });
	}
	if (id === '') {
		throw new NodeOperationError(context.getNode(), `Fill in '${label}' first`, {
			description: `This list depends on '${label}', which is empty. You can also choose 'By ID' here and enter the ID`,
		});
	}
	return id;
}

/** One entry of a list, with its whole name to be searched by. */
export interface ListItem extends INodeListSearchItems {
	value: string;
	/** What is searched; the name that is shown may be shortened. */
	searched: string;
}

/** The open list shows a line of some 50 letters and cuts the rest off, with the figures behind the name. */
const MOST_WIDTH = 20;

// Chinese, Japanese and Korean, and pictures.
const WIDE =
	/[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\u{1f000}-\u{3ffff}]/u;

const RIGHT_TO_LEFT =
	/[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const MARKS_OF_DIRECTION = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A Messenger channel. A draft is none yet: nothing can be sent through it. */
export function channelItem(entry: IDataObject): ListItem | undefined {
	if (/^draft$/i.test(text(entry.State))) return undefined;
	// A direct customer's channel has no space of its own: there the instance's ID stands for it.
	const value = text(entry.CustSpaceId) || text(entry.InstanceId);
	return listItem(value, text(entry.InstanceName), [value, text(entry.State)]);
}

/** A Meta ad account. */
export function adAccountItem(entry: IDataObject): ListItem {
	const value = text(entry.AdAccountId);
	return listItem(value, text(entry.AdAccountName), [value, text(entry.Currency)]);
}

/** A custom audience, with how many of its people can be messaged. */
export function audienceItem(entry: IDataObject): ListItem {
	const value = text(entry.CustomAudienceId);
	const details = [statusInWords(text(entry.Status)), reachable(entry.TokenTotal), value];
	return listItem(value, text(entry.CustomAudienceName), details);
}

/** Whether an entry holds what a person typed, whatever its case, accents, width and ligatures: `grosse` finds `Größe`. */
export function matches(filter = ''): (item: ListItem) => boolean {
	const wanted = folded(filter.trim());
	return ({ searched }) => folded(searched).includes(wanted);
}

function folded(value: string): string {
	return deburr(value.normalize('NFKD')).toLowerCase();
}

function listItem(value: string, name: string, details: string[]): ListItem {
	const plain = name.replace(MARKS_OF_DIRECTION, '').trim();
	const shown = [isolated(shortened(plain)), ...details].filter(Boolean).join(' · ');
	return { name: shown, value, searched: [plain, ...details].join(' ') };
}

function shortened(name: string): string {
	const characters = [...name];
	let width = 0;
	const end = characters.findIndex((character) => {
		width += WIDE.test(character) ? 2 : 1;
		return width > MOST_WIDTH;
	});
	return end === -1 ? name : `${characters.slice(0, end).join('').trimEnd()}…`;
}

/** A name that is written from right to left would carry the figures behind it to its other side. */
function isolated(name: string): string {
	return RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name;
}

function reachable(total: unknown): string {
	if (text(total) === '') return '';
	if (Number(total) === 0) return 'nobody yet';
	const count = Number(total).toLocaleString('en-US');
	return count === '1' ? '1 person' : `${count} people`;
}

// Meta's words for a custom audience's `operation_status`: 200 and 'NONE' say that there is nothing to say.
function statusInWords(status: string): string {
	if (/^(?:|none|normal|200)$/i.test(status)) return '';
	if (status === '471') return 'flagged by Meta';
	return status.replace(/_/g, ' ').toLowerCase();
}

function text(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

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
