import type { IDataObject } from 'n8n-workflow';
import { createHash } from 'node:crypto';
import type { AccessKey } from '../../../credentials/signing';
import { type Message, sentence } from '../message';
import { ApiError, errorOfResponse, errorOfNetwork, shownRequestId } from './apiError';
import { type Connection, currentKey, openClient, type RpcCall, type SendCall } from './client';
import { type HttpAnswer, parseObject } from './http';
import { createRetrier } from './retry';

export const CAMS_VERSION = '2020-06-06';

export interface Accepted {
	accepted: true;
	requestId: string;
	body: Record<string, unknown>;
}

export type CallResult = Accepted | { accepted: false; error: ApiError };

/** Makes one call, once, and tells what became of it; throws only when the execution is canceled. */
export type CallApi = (call: RpcCall) => Promise<CallResult>;

/** Whether the JSON of an answer with HTTP status 200 says that the call was accepted. */
type IsAcceptance = (body: Record<string, unknown>) => boolean;

const isAcceptance: IsAcceptance = ({ Success, Code }) => Success === true && Code === 'OK';

/** The API as a function: `Code`/`Success`, statuses, bodies that aren't JSON and silence are all told as results. */
export function connectApi(connection: Connection, accepts = isAcceptance): CallApi {
	let client: Promise<SendCall> | undefined;
	const callWith = async (key: AccessKey, call: RpcCall): Promise<CallResult> => {
		const send = await (client ??= openClient(connection));
		return read(await send(call, key), { accepts, connection, call, key });
	};
	return async (call) => {
		try {
			const key = await currentKey(connection);
			const result = await callWith(key, call);
			if (result.accepted || !('renewed' in connection.key) || !isDead(result.error)) {
				return result;
			}
			return await callWith(await connection.key.renewed(key), call);
		} catch (error) {
			connection.cancelSignal?.throwIfAborted();
			if (error instanceof ApiError) return { accepted: false, error };
			const { timeout } = connection;
			return { accepted: false, error: errorOfNetwork(error, { ...call, timeout }) };
		}
	};
}

/** Whether the key itself is refused, so that another one may be accepted. */
function isDead({ kind, code }: ApiError): boolean {
	return kind === 'key' && /^InvalidAccessKey|SecurityToken/i.test(code);
}

function read(
	answer: HttpAnswer,
	asked: { accepts: IsAcceptance; connection: Connection; call: RpcCall; key: AccessKey },
): CallResult {
	const { accepts, connection, call, key } = asked;
	const body = parseObject(answer.text);
	const secrets = [key.accessKeySecret, key.securityToken ?? ''];
	const sent = { secrets, personal: call.personal };
	if (answer.status === 200 && body && accepts(body)) {
		return { accepted: true, requestId: shownRequestId(body.RequestId, sent), body };
	}
	const { action } = call;
	const ofRole = 'renewed' in connection.key;
	const error = errorOfResponse(answer, body, { ...sent, action, ofRole });
	return { accepted: false, error };
}

/**
 * Makes one of the calls whose parameters are all in the query, again where that can help.
 * @param onceOnly for a call that must not be carried out twice: what to do when nobody knows whether it was
 * @throws ApiError; the cancel signal's reason when the execution is canceled
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
	let rejectedKey: ApiError | undefined;
	const notPermitted = new Map<string, ApiError>();
	return async (action, query, onceOnly) => {
		// A space of an ISV's customer has rights of its own.
		const scope = JSON.stringify([action, query.CustSpaceId]);
		const before = rejectedKey ?? notPermitted.get(scope);
		if (before) throw before.with({ action });
		const call = { action, version: CAMS_VERSION, query };
		const result = await withRetry(async () => notAgain(await callApi(call), onceOnly));
		if (result.accepted) return result;
		if (result.error.kind === 'key') rejectedKey = result.error;
		if (result.error.kind === 'permission') notPermitted.set(scope, result.error);
		throw result.error;
	};
}

/** A result as it is, but for one whose call may have been carried out and must not be again. */
function notAgain(result: CallResult, onceOnly: string | undefined): CallResult {
	if (onceOnly === undefined || result.accepted || !result.error.answerLost) return result;
	return { accepted: false, error: result.error.with({ kind: 'rejected', fix: onceOnly }) };
}

/**
 * The entries of a list's answer; none when it has no `Data` at all.
 * @throws ApiError when `Data` is anything but a list of objects
 */
export function entriesOf(action: string, { body, requestId }: Accepted): IDataObject[] {
	const data = body.Data ?? [];
	if (Array.isArray(data) && data.every(isObject)) return data;
	throw new ApiError({
		action,
		kind: 'rejected',
		code: 'UnreadableList',
		what: 'The answer says that all is well, but holds no list',
		fix: "Run again later. If it stays so, report this to the node's maintainers with the request ID",
		requestId,
		httpStatus: 200,
		answerLost: false,
	});
}

function isObject(value: unknown): value is IDataObject {
	return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/**
 * Pages that are asked for by their number, from 1, until there are as many entries as the service counts.
 * A service may give fewer a page than it is asked for, so what was read is counted; both stand in the page's key.
 */
export function byNumber(
	size: number,
	fetch: (index: number) => Promise<{ entries: IDataObject[]; total: unknown }>,
): FetchPage {
	return async (key = '1') => {
		const [index = 1, before = 0] = key.split('_').map(Number);
		const { entries, total: given } = await fetch(index);
		const total = wholeNumber(given);
		const read = before + entries.length;
		// Without a total, a full page is the sign that there may be more.
		const isMore = total === undefined ? entries.length >= size : read < total;
		if (!isMore) return { entries };
		if (entries.length === 0) return { entries, missing: (total ?? 0) - read };
		return { entries, next: `${index + 1}_${read}` };
	};
}

function wholeNumber(value: unknown): number | undefined {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	return Number.isSafeInteger(number) && (number as number) >= 0 ? (number as number) : undefined;
}

/** One page of a list. */
export interface Page {
	entries: IDataObject[];
	/** What to ask the next page by; absent on the last one. */
	next?: string;
	/** How many entries the service counts but does not give; such a page is empty. */
	missing?: number;
}

/** @param key absent for the first page */
export type FetchPage = (key?: string) => Promise<Page>;

/** Why a list was not read to its end, though the service says there is more. */
export class ListIncomplete extends Error {
	readonly told: Message;

	constructor(what: string) {
		const fix = "Run again later, or switch 'Return All' off and lower 'Limit'";
		const told = { code: 'list_unending', what, fix };
		super(sentence(told));
		this.told = told;
	}
}

const MOST_PAGES = 1000;
/** More would not fit into n8n's memory. */
const MOST_ENTRIES = 1_000_000;

/**
 * The pages of a list, one after the other.
 * @throws ListIncomplete when the service sends in circles
 */
export async function* walkPages(fetchPage: FetchPage): AsyncGenerator<Page> {
	const asked = new Set<string>();
	const seen = new Set<string>();
	let read = 0;
	let key: string | undefined;
	for (let count = 0; count < MOST_PAGES; count++) {
		const page = await fetchPage(key);
		// A service that ignores the page's number gives the same page without end.
		const text = page.entries.length === 0 ? '' : digest(page.entries);
		if (seen.has(text)) throw new ListIncomplete('The service gave one page twice');
		if (text !== '') seen.add(text);
		if (page.missing !== undefined) {
			throw new ListIncomplete(`The service gave ${page.missing} entries fewer than it counts`);
		}
		read += page.entries.length;
		if (read > MOST_ENTRIES) {
			throw new ListIncomplete(`The list has more than ${MOST_ENTRIES} entries`);
		}
		yield page;
		if (page.next === undefined) return;
		if (asked.has(page.next)) throw new ListIncomplete('The service gave one page key twice');
		asked.add(page.next);
		key = page.next;
	}
	throw new ListIncomplete(`The list has more than ${MOST_PAGES} pages`);
}

function digest(entries: IDataObject[]): string {
	return createHash('sha256').update(JSON.stringify(entries)).digest('base64');
}

/**
 * The entries of a list.
 * @param limit how many at most; `Infinity` for all
 * @throws ListIncomplete
 */
export async function collectEntries(fetchPage: FetchPage, limit: number): Promise<IDataObject[]> {
	const entries: IDataObject[] = [];
	for await (const page of walkPages(fetchPage)) {
		// Not spread: a page may hold more than a call takes arguments.
		for (const entry of page.entries) entries.push(entry);
		if (entries.length >= limit) break;
	}
	return entries.slice(0, limit);
}

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
	if (customAudienceId === '') throw withoutId(requestId);
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

function withoutId(requestId: string): ApiError {
	return new ApiError({
		kind: 'rejected',
		action: 'CreateCustomAudience',
		code: 'NoAudienceId',
		what: 'The answer says that all is well, but gives no ID of the audience',
		fix: MAY_BE_CREATED,
		requestId,
		httpStatus: 200,
		answerLost: true,
	});
}

/** An ID as a text; empty for what can't be one. */
function idOf(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function ids({ custSpaceId, pageId }: PageOfChannel) {
	return { CustSpaceId: custSpaceId, PageId: pageId };
}
