import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
	UserError,
} from 'n8n-workflow';
import { type Clock, wait } from '../../async';
import {
	audiencePages,
	countOf,
	type FacebookPage,
	type CallWithRetries,
	syncTokens,
	textOf,
	walkPages,
} from '../../transport/api';
import { FEWEST_MATCHES, HIGH_PERCENT, LOW_PERCENT } from '../../upload/decide';
import { channelField, customAudienceField, pageField } from '../fields';
import { forEachItem, type OperationResult } from '../output';
import { facebookPageOf, idsReader, type ItemIds } from '../parameters';
import { DISCARDED } from './sending/messages';

/** The panel's fields of 'Get Match Result'. */
export const fields: INodeProperties[] = [
	channelField,
	pageField,
	{ ...customAudienceField, description: 'Audience whose matches to count' },
	{
		displayName: 'Wait Up To (Minutes)',
		name: 'waitUpTo',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 10,
		description: 'Maximum minutes to wait until the number stops changing; 0 reads it only once',
	},
];

const MINUTE = 60_000;
/** Minutes. */
const MAX_WAIT = 1440;

/**
 * Counts, for each audience in the input, how many people can be messaged and, after 'Add Users', how many of those
 * submitted were matched.
 */
export async function execute(context: IExecuteFunctions, clock: Clock): Promise<OperationResult> {
	const itemsOf = itemsByAudience(context);
	const cancelSignal = context.getExecutionCancelSignal();
	const run = { context, clock, isWrite: false, from: itemsOf };
	const counting = new Map<number, Promise<IDataObject>>();
	return await forEachItem(run, async ({ item, ids, call }) => {
		const atMost = readWait(context, item);
		const target = readIds(ids);
		const [first = item, ...others] = itemsOf(item);
		const already = counting.get(first);
		if (already) {
			// The result of an audience's first item is that of the others.
			await already;
			return [];
		}
		const input = [first, ...others].map((index) => context.getInputData()[index]?.json ?? {});
		const settings = { atMost, clock, cancelSignal };
		const counted = countMatches(
			call,
			target,
			readUploaded(input, target.customAudienceId),
			settings,
		);
		counting.set(first, counted);
		return [await counted];
	});
}

async function countMatches(
	call: CallWithRetries,
	target: ReturnType<typeof readIds>,
	{ before, ...uploaded }: Uploaded,
	settings: Omit<WaitSettings, 'before'>,
): Promise<IDataObject> {
	const { audience, ...reading } = await waitForTotal(call, target, { ...settings, before });
	const result = { ...reading, before, ...uploaded };
	return { ...target, ...describe(audience), ...countsOf(result), verdict: verdictOn(result) };
}

function describe(audience: IDataObject) {
	return {
		adAccountId: textOf(audience.AdAccountId),
		customAudienceName: textOf(audience.CustomAudienceName),
	};
}

// Null and not left out, so that every item has the same columns.
function countsOf(result: Result) {
	const { tokenTotal = null, before: tokenTotalBefore = null, submitted = null } = result;
	const { grown = null, matchRate = null } = growthOf(result);
	return { tokenTotal, tokenTotalBefore, grown, submitted, matchRate };
}

function readIds(ids: ItemIds) {
	return { ...facebookPageOf(ids), customAudienceId: ids.required('customAudienceId') };
}

/** For an item, the input items of its audience, including itself: an upload over several runs has several summaries. */
function itemsByAudience(context: IExecuteFunctions): (item: number) => number[] {
	const idsOf = idsReader(context);
	const groups = new Map<string, number[]>();
	const groupOf = context.getInputData().map((_, item) => {
		let key: string;
		try {
			key = JSON.stringify(readIds(idsOf(item)));
		} catch {
			// Reported when it is the item's turn.
			return [item];
		}
		const group = groups.get(key) ?? [];
		groups.set(key, group);
		group.push(item);
		return group;
	});
	return (item) => groupOf[item] ?? [item];
}

/** @returns milliseconds @throws UserError */
function readWait(context: IExecuteFunctions, item: number): number {
	const given: unknown = context.getNodeParameter('waitUpTo', item, 10);
	const minutes = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
	if (typeof minutes === 'number' && minutes >= 0 && minutes <= MAX_WAIT) {
		return Math.round(minutes * MINUTE);
	}
	throw new UserError(
		`'Wait Up To (Minutes)' must be a number from 0 to ${MAX_WAIT.toLocaleString('en-US')}`,
	);
}

/** What the input shows of the uploads to an audience. */
interface Uploaded {
	/** People in the audience before the first of them; undefined when it is unknown. */
	before?: number;
	/** How many contacts were submitted; undefined when the input doesn't show it. */
	submitted?: number;
	/** How many contacts were collected. */
	collected?: number;
}

/**
 * Reads the output of 'Add Users' or 'Send Collected Users': its summaries, of which an upload over several runs has more
 * than one, or its items for each contact.
 * @param items the input items of one audience
 */
function readUploaded(items: IDataObject[], customAudienceId: string): Uploaded {
	const uploaded: Uploaded = {};
	for (const item of items) {
		// A summary of another audience says nothing about this one.
		const { customAudienceId: of = customAudienceId } = item;
		if (String(of) !== customAudienceId) continue;
		const submitted = countSubmitted(item);
		if (submitted === undefined) continue;
		// A later upload's number says nothing about the contacts of one before it.
		if (!uploaded.submitted) uploaded.before ??= countOf(item.tokenTotalBefore);
		uploaded.submitted = (uploaded.submitted ?? 0) + submitted;
		const collected = statusOf(item) === 'collected' ? 1 : countOf(item.collected);
		if (collected) uploaded.collected = (uploaded.collected ?? 0) + collected;
	}
	return uploaded;
}

function countSubmitted(item: IDataObject): number | undefined {
	const own = countOf(item.submitted);
	if (own !== undefined) return own + countFromTable(item, own);
	const status = statusOf(item);
	if (typeof status !== 'string') return undefined;
	return status === 'submitted' ? 1 : 0;
}

/** The status of a contact in the output with one item per contact. */
function statusOf({ customAudience }: IDataObject): unknown {
	return (customAudience as IDataObject | null | undefined)?.status;
}

/** Waiting contacts that were sent together with the run's own. */
function countFromTable({ collecting, fields }: IDataObject, own: number): number {
	const waited = countOf((collecting as IDataObject | null | undefined)?.sentFromTable) ?? 0;
	// 'Send Collected Users' reads no fields: all that it submitted had waited.
	const hasNone = Object.keys((fields as IDataObject | null | undefined) ?? {}).length === 0;
	return hasNone && waited === own ? 0 : waited;
}

/** Milliseconds between two readings. */
const LONGEST_INTERVAL = 15_000;
const SHORTEST_INTERVAL = 50;
/** Readings in the whole wait: in a short one, the number could not be found stable otherwise. */
const READINGS = 20;
/** How many times in a row the number must be the same. */
const EQUAL_READINGS = 3;

/** How long to wait. */
interface WaitSettings {
	/** Milliseconds. */
	atMost: number;
	clock: Clock;
	cancelSignal?: AbortSignal;
	/** The number before the upload, which must change before it counts as stable; undefined if unknown. */
	before?: number;
}

/** The number of people in an audience who can be messaged, when the wait ends. */
interface TotalAfterWait {
	/** The audience as the API returns it. */
	audience: IDataObject;
	tokenTotal?: number;
	/** Whether the number had stopped changing. */
	isStable: boolean;
}

/**
 * Syncs the tokens and reads the number of people until it stays the same: nothing indicates when a sync is done. If it is
 * still what it was before the upload, it is read until time is up.
 * @throws ApiError; UserError when there is no such audience; the signal's reason when the execution is canceled
 */
async function waitForTotal(
	call: CallWithRetries,
	target: FacebookPage & { customAudienceId: string },
	{ atMost, clock, cancelSignal, before }: WaitSettings,
): Promise<TotalAfterWait> {
	await syncTokens(call, target, target.customAudienceId);
	const interval = Math.max(SHORTEST_INTERVAL, Math.min(LONGEST_INTERVAL, atMost / READINGS));
	let tokenTotal: number | undefined;
	let equal = 0;
	for (let waited = 0; ; waited += interval) {
		const audience = await readAudience(call, target);
		const total = countOf(audience.TokenTotal);
		equal = total === tokenTotal ? equal + 1 : 1;
		tokenTotal = total;
		const hasChanged = before === undefined || tokenTotal !== before;
		const isStable = equal >= EQUAL_READINGS;
		if ((isStable && hasChanged) || waited >= atMost) return { audience, tokenTotal, isStable };
		await wait(Math.min(interval, atMost - waited), clock, cancelSignal);
	}
}

/** @throws UserError when the Page has no such audience */
async function readAudience(
	call: CallWithRetries,
	target: FacebookPage & { customAudienceId: string },
): Promise<IDataObject> {
	const { customAudienceId } = target;
	const pages = audiencePages(call, target, { customAudienceId });
	for await (const { entries } of walkPages(pages)) {
		const found = entries.find((entry) => textOf(entry.CustomAudienceId) === customAudienceId);
		if (found) return found;
	}
	throw new UserError(
		"This custom audience wasn't found on the Page. Choose 'Custom Audience' in the node again, and check 'Page ID' and 'Channel'",
	);
}

/** An audience's people before and after an upload. */
interface Result {
	/** Undefined where it is unknown, like the others. */
	tokenTotal?: number;
	before?: number;
	submitted?: number;
	collected?: number;
	/** Whether the number had stopped changing when it was last read. */
	isStable: boolean;
}

/** How many people an upload added, and the share of those submitted. */
function growthOf({ tokenTotal, before, submitted }: Result): {
	grown?: number;
	matchRate?: number;
} {
	if (tokenTotal === undefined || before === undefined) return {};
	const grown = tokenTotal - before;
	if (!submitted) return { grown };
	return { grown, matchRate: Math.round((grown / submitted) * 10_000) / 10_000 };
}

const SAFE_SIZE = (FEWEST_MATCHES * 100) / LOW_PERCENT;

const CHECK =
	"check that phone numbers have a country code ('Default Country') and that emails are the ones people use on Facebook, or try the option 'Hash Contacts'";
const WITHIN_A_DAY = 'Matches appear within a day. If the upload is older, ';

/** A sentence on how many contacts of an upload were matched, and what to do. */
function verdictOn(result: Result): string {
	const { tokenTotal, before, submitted } = result;
	const { grown, matchRate } = growthOf(result);
	if (tokenTotal === undefined) {
		return "Alibaba Cloud didn't return the number of people for this audience. Run this again later";
	}
	const now = `${peopleInWords(tokenTotal)} can be messaged through this audience`;
	if (submitted === undefined) {
		return `${now}. To see how many contacts of an upload were matched, connect the summary of 'Add Users' to this node`;
	}
	if (submitted === 0) return `${now}. ${nothingSubmittedInWords(result)}`;
	if (grown === undefined || matchRate === undefined) {
		return `${now}. How many of the ${submitted} submitted contacts are among them is unknown, because the input doesn't contain the number of people from before the upload. In 'Add Users', set 'Output' to Summary, and give its key the RAM permission 'cams:ListCustomAudience'`;
	}
	if (grown <= 0) return noneMatchedInWords(submitted, { before: before ?? 0, grown });
	return `${matchedInWords(grown, submitted)} (${percentInWords(matchRate)})${judgmentInWords(grown, submitted, matchRate)}${result.isStable ? '' : '. The number may still change, so run this again later'}`;
}

function nothingSubmittedInWords({ collected = 0 }: Result): string {
	if (collected === 0) {
		return "Nothing was submitted in that run: 'invalidReasons' and 'warnings' in its summary show why";
	}
	return `Nothing was submitted in that run: ${collected === 1 ? '1 contact was' : `${collected} contacts were`} collected, and will be sent with others`;
}

function noneMatchedInWords(
	submitted: number,
	{ before, grown }: { before: number; grown: number },
): string {
	const than = before > 0 ? ` beyond the ${before} who could be messaged before` : '';
	const fewer = grown < 0 ? `, and ${-grown} of those no longer can be` : '';
	const already =
		before > 0 ? 'People who were in the audience before are not counted again. ' : '';
	if (submitted < SAFE_SIZE) {
		return `No one was matched${than}${fewer}: ${DISCARDED}, and only ${submitted} contacts were submitted. ${already}${WITHIN_A_DAY}send at least ${SAFE_SIZE} contacts together`;
	}
	return `No one was matched${than}${fewer}: of ${submitted} submitted contacts, fewer than ${FEWEST_MATCHES} were found, and ${DISCARDED}. ${already}${WITHIN_A_DAY}${CHECK}`;
}

function matchedInWords(grown: number, submitted: number): string {
	return `${grown} of ${submitted} ${grown === 1 ? 'was' : 'were'} matched`;
}

function judgmentInWords(grown: number, submitted: number, rate: number): string {
	if (grown > submitted) return ', more than were submitted: another upload is included';
	if (rate * 100 > HIGH_PERCENT) return ', more than usual';
	if (rate * 100 >= LOW_PERCENT) return ', as usual';
	return `, fewer than the usual ${LOW_PERCENT}–${HIGH_PERCENT}%. ${WITHIN_A_DAY}${CHECK}`;
}

function peopleInWords(count: number): string {
	return count === 1 ? '1 person' : `${count} people`;
}

function percentInWords(rate: number): string {
	return `${Math.round(rate * 100)}%`;
}
