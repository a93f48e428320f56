import type { IDataObject } from 'n8n-workflow';
import { createHash } from 'node:crypto';
import { type Message, messageText } from '../message';
import { ApiError, KeyRejections } from './apiError';
import {
	type Accepted,
	type CallResult,
	createCallOnce,
	type Connection,
	createRetrier,
} from './client';

/** The version of Chat App Message Service's API. */
export const CAMS_VERSION = '2020-06-06';

/**
 * Makes a call whose parameters are all in the query, repeats it while that can help, and throws if it isn't accepted.
 * @param fixIfLost for a call that must not be carried out twice: what to do if its response is lost
 * @throws ApiError; the cancel signal's reason when the execution is canceled
 */
export type CallWithRetries = (
	action: string,
	query: Record<string, string>,
	fixIfLost?: string,
) => Promise<Accepted>;

/**
 * Returns what makes the calls other than AddCustomAudienceUser: `CallOnce` with retries.
 * @param rejections what the run's other calls have shown about the key
 */
export function createCaller(
	connection: Connection,
	maxAttempts: number,
	rejections = new KeyRejections(),
): CallWithRetries {
	const { clock, cancelSignal } = connection;
	const callOnce = createCallOnce(connection);
	const withRetry = createRetrier({ maxAttempts, clock, cancelSignal });
	return async (action, query, fixIfLost) => {
		const known = rejections.find(action, query.CustSpaceId);
		if (known) throw known;
		const call = { action, version: CAMS_VERSION, query };
		const result = await withRetry(async () => makeFinalIfLost(await callOnce(call), fixIfLost));
		if (result.accepted) return result;
		rejections.note(result.error, action, query.CustSpaceId);
		throw result.error;
	};
}

/** The result; a call that may have been carried out, and must not be a second time, isn't repeated. */
function makeFinalIfLost(result: CallResult, fixIfLost: string | undefined): CallResult {
	if (fixIfLost === undefined || result.accepted || !result.error.responseLost) return result;
	return { accepted: false, error: result.error.with({ kind: 'rejected', fix: fixIfLost }) };
}

/** The Facebook Page that a call is about, and its channel. */
export interface FacebookPage {
	custSpaceId: string;
	pageId: string;
}

/** Filters for a list of audiences; empty values are ignored. */
export interface AudienceFilter {
	adAccountId?: string;
	customAudienceId?: string;
	name?: string;
}

/** Entries per call. */
export const PAGE_SIZE = 50;

/** The only kind of subscription token that belongs to custom audiences. */
const TOKEN_TYPE = 'customAudience';

const MAY_BE_CREATED =
	"The audience may have been created. Run again with 'Reuse Existing Audience' on to use it";

/** ListInstance: the account's Messenger channels. */
export function channelPages(call: CallWithRetries, size = PAGE_SIZE): FetchPage {
	return fetchByNumber(size, async (index) => {
		const query = { ChannelType: 'messenger', PageIndex: String(index), PageSize: String(size) };
		const response = await call('ListInstance', query);
		return { entries: entriesOf('ListInstance', response), total: response.body.TotalCount };
	});
}

/** ListPageAdAccount: the ad accounts of a Page; the call has no paging. */
export async function listAdAccounts(
	call: CallWithRetries,
	facebookPage: FacebookPage,
): Promise<IDataObject[]> {
	return entriesOf('ListPageAdAccount', await call('ListPageAdAccount', pageIds(facebookPage)));
}

/** ListCustomAudience: the custom audiences of a Page. The service may match names more loosely. */
export function audiencePages(
	call: CallWithRetries,
	facebookPage: FacebookPage,
	filter: AudienceFilter,
	size = PAGE_SIZE,
): FetchPage {
	const fetchPage = fetchByNumber(size, async (index) => {
		const response = await call('ListCustomAudience', {
			...pageIds(facebookPage),
			...(filter.adAccountId && { AdAccountId: filter.adAccountId }),
			...(filter.customAudienceId && { CustomAudienceId: filter.customAudienceId }),
			...(filter.name && { CustomAudienceName: filter.name }),
			Page: JSON.stringify({ Index: index, Size: size }),
		});
		return { entries: entriesOf('ListCustomAudience', response), total: response.body.Total };
	});
	// Another account's audience must never be taken for one of these, even if the service ignores a filter.
	const isWanted = (entry: IDataObject) =>
		isOf(entry.PageId, facebookPage.pageId) &&
		isOf(entry.AdAccountId, filter.adAccountId) &&
		isOf(entry.CustomAudienceId, filter.customAudienceId);
	return async (key) => {
		const page = await fetchPage(key);
		return { ...page, entries: page.entries.filter(isWanted) };
	};
}

/** Whether an entry's ID is the wanted one; without either, it counts as wanted. Meta also writes an account as act_ID. */
function isOf(given: unknown, wanted = ''): boolean {
	const id = textOf(given).replace(/^act_/, '');
	return id === '' || wanted === '' || id === wanted.replace(/^act_/, '');
}

/** CreateCustomAudience, to be filled by calls (`intf`). @returns its ID and the request's */
export async function createAudience(
	call: CallWithRetries,
	facebookPage: FacebookPage,
	audience: { adAccountId: string; name: string; description: string },
): Promise<{ customAudienceId: string; requestId: string }> {
	const query = {
		...pageIds(facebookPage),
		AdAccountId: audience.adAccountId,
		Name: audience.name,
		...(audience.description && { Description: audience.description }),
		UploadType: 'intf',
	};
	const { body, requestId } = await call('CreateCustomAudience', query, MAY_BE_CREATED);
	const customAudienceId = idOf(body.CustomAudienceId).trim();
	if (['', '0'].includes(customAudienceId)) throw withoutId(requestId);
	return { customAudienceId, requestId };
}

/** SyncMessengerSubscriptionToken. @param customAudienceId empty for all audiences of the Page */
export async function syncTokens(
	call: CallWithRetries,
	facebookPage: FacebookPage,
	customAudienceId: string,
): Promise<{ taskCode: string; requestId: string }> {
	const { body, requestId } = await call('SyncMessengerSubscriptionToken', {
		...pageIds(facebookPage),
		...(customAudienceId && { CustomAudienceId: customAudienceId }),
		TokenType: TOKEN_TYPE,
	});
	return { taskCode: idOf(body.TaskCode), requestId };
}

/** ListMessengerSubscriptionToken. @param size of a page, 1 to 1000 */
export function tokenPages(
	call: CallWithRetries,
	facebookPage: FacebookPage,
	customAudienceId: string,
	size: number,
): FetchPage {
	return async (key) => {
		const response = await call('ListMessengerSubscriptionToken', {
			...pageIds(facebookPage),
			...(customAudienceId && { CustomAudienceId: customAudienceId }),
			TokenType: TOKEN_TYPE,
			Limit: String(size),
			...(key && { PageKey: key }),
		});
		const next = idOf(response.body.NextPage) || undefined;
		return { entries: entriesOf('ListMessengerSubscriptionToken', response), next };
	};
}

function withoutId(requestId: string): ApiError {
	return new ApiError({
		kind: 'rejected',
		action: 'CreateCustomAudience',
		code: 'NoAudienceId',
		what: 'The request was accepted, but the response contains no audience ID',
		fix: MAY_BE_CREATED,
		requestId,
		httpStatus: 200,
		responseLost: true,
	});
}

/** An ID as a string; empty for what can't be one, such as a number with too many digits to be exact. */
export function idOf(value: unknown): string {
	return typeof value === 'string' || Number.isSafeInteger(value) ? String(value) : '';
}

function pageIds({ custSpaceId, pageId }: FacebookPage) {
	return { CustSpaceId: custSpaceId, PageId: pageId };
}

/**
 * The entries in a list's response; none when it has no `Data`.
 * @throws ApiError when `Data` is anything but a list of objects
 */
function entriesOf(action: string, { body, requestId }: Accepted): IDataObject[] {
	const data = body.Data ?? [];
	if (Array.isArray(data) && data.every(isEntry)) return data;
	throw new ApiError({
		kind: 'rejected',
		action,
		code: 'UnreadableList',
		what: 'The request was accepted, but the response contains no list',
		fix: "Run again later. If it happens again, report it to the node's maintainers with the request ID",
		requestId,
		httpStatus: 200,
		responseLost: false,
	});
}

function isEntry(value: unknown): value is IDataObject {
	return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** One page of a list. */
export interface ListPage {
	entries: IDataObject[];
	/** The key of the next page; absent on the last one. */
	next?: string;
	/** Number of entries that the service reported but didn't return; such a page is empty. */
	missing?: number;
}

/** @param key absent for the first page */
export type FetchPage = (key?: string) => Promise<ListPage>;

/**
 * Pages that are requested by their number, from 1, until there are as many entries as the service counts.
 * A service may return shorter pages than requested, so the entries are counted; the page's key contains both.
 */
function fetchByNumber(
	size: number,
	fetch: (index: number) => Promise<{ entries: IDataObject[]; total: unknown }>,
): FetchPage {
	return async (key = '1') => {
		const [index = 1, before = 0] = key.split('_').map(Number);
		const { entries, total: given } = await fetch(index);
		const total = countOf(given);
		const read = before + entries.length;
		// Without a total, a full page means that there may be more.
		const isMore = total === undefined ? entries.length >= size : read < total;
		if (!isMore) return { entries };
		if (entries.length === 0) return { entries, missing: (total ?? 0) - read };
		return { entries, next: `${index + 1}_${read}` };
	};
}

/** A string or number as trimmed text; empty for anything else. */
export function textOf(given: unknown): string {
	return typeof given === 'string' || typeof given === 'number' ? String(given).trim() : '';
}

/** A count as the API or an item gives it; undefined for anything else. */
export function countOf(value: unknown): number | undefined {
	const count = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	return Number.isSafeInteger(count) && (count as number) >= 0 ? (count as number) : undefined;
}

/** Thrown when a list can't be read to its end, though the service says there is more. */
class ListIncomplete extends Error implements Message {
	readonly code = 'list_unending';

	constructor(
		readonly what: string,
		readonly fix: string,
	) {
		super(what);
		this.message = messageText(this);
	}
}

/** A list that has more pages is considered endless. */
const MAX_PAGES = 1000;
/** More entries would not fit into n8n's memory. */
const MAX_ENTRIES = 1_000_000;

/**
 * Reads the pages of a list, one after the other.
 * @param fix what to do if the list can't be read to its end
 * @throws ListIncomplete when the service repeats itself or returns less than it counts
 */
export async function* walkPages(
	fetchPage: FetchPage,
	fix = 'Run again later',
): AsyncGenerator<ListPage> {
	const incomplete = (what: string) => new ListIncomplete(what, fix);
	const keys = new Set<string>();
	const digests = new Set<string>();
	let read = 0;
	let key: string | undefined;
	for (let count = 0; count < MAX_PAGES; count++) {
		const page = await fetchPage(key);
		// A service that ignores the page's number returns the same page without end.
		const digest = page.entries.length === 0 ? '' : digestOf(page.entries);
		if (digests.has(digest)) throw incomplete('The service returned the same page twice');
		if (digest !== '') digests.add(digest);
		if (page.missing !== undefined) {
			throw incomplete(`The service returned ${page.missing} fewer entries than it reported`);
		}
		read += page.entries.length;
		if (read > MAX_ENTRIES) {
			throw incomplete(`The list has more than ${MAX_ENTRIES} entries`);
		}
		yield page;
		if (page.next === undefined) return;
		if (keys.has(page.next)) throw incomplete('The service returned the same page key twice');
		keys.add(page.next);
		key = page.next;
	}
	throw incomplete(`The list has more than ${MAX_PAGES} pages`);
}

function digestOf(entries: IDataObject[]): string {
	return createHash('sha256').update(JSON.stringify(entries)).digest('base64');
}

const READ_LESS = "Run again later, or turn 'Return All' off and lower 'Limit'";

/**
 * The entries of a list.
 * @param limit the most entries to return; `Infinity` for all
 * @throws ListIncomplete
 */
export async function collectEntries(fetchPage: FetchPage, limit: number): Promise<IDataObject[]> {
	const entries: IDataObject[] = [];
	for await (const page of walkPages(fetchPage, READ_LESS)) {
		// Not spread: a page may have more entries than a call can have arguments.
		for (const entry of page.entries) entries.push(entry);
		if (entries.length >= limit) break;
	}
	return entries.slice(0, limit);
}
