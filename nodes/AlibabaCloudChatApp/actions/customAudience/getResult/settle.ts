import { UserError, type IDataObject } from 'n8n-workflow';
import type { ApiRequest } from '../../../transport/request';
import { audiencePages, syncTokens, type PageOfChannel } from '../../../transport/calls';
import type { Clock } from '../../../transport/clock';
import { walkPages } from '../../../transport/pages';
import { wait } from '../../../transport/wait';
import { textOf } from '../../itemFields';
import { countOf } from './uploads';

/** Milliseconds between two readings. */
const LONGEST_PAUSE = 15_000;
const SHORTEST_PAUSE = 50;
/** Of the whole wait, so that a short one is not over before the number can have settled. */
const PAUSES = 20;
/** So many times in a row the number has to be the same. */
const EQUAL_READINGS = 3;
const PAGE_SIZE = 50;

export interface Patience {
	/** Milliseconds. */
	atMost: number;
	clock: Clock;
	cancelSignal?: AbortSignal;
	/** A number that has to be passed before the reading counts as settled; undefined when none is known. */
	before?: number;
}

export interface Settled {
	/** The audience as the API tells it. */
	audience: IDataObject;
	tokenTotal?: number;
	/** Whether the number had stopped moving. */
	settled: boolean;
}

/**
 * Has the tokens fetched anew and reads the audience's number until it stays the same: nothing tells when a sync is done.
 * A number that is still what it was before the upload is waited for to the end.
 * @throws CallRefused; UserError when there is no such audience; the signal's reason when the execution is canceled
 */
export async function settledTotal(
	request: ApiRequest,
	page: PageOfChannel & { customAudienceId: string },
	{ atMost, clock, cancelSignal, before }: Patience,
): Promise<Settled> {
	await syncTokens(request, page, page.customAudienceId);
	const pause = Math.max(SHORTEST_PAUSE, Math.min(LONGEST_PAUSE, atMost / PAUSES));
	let tokenTotal: number | undefined;
	let equal = 0;
	for (let waited = 0; ; waited += pause) {
		const audience = await readAudience(request, page);
		const total = countOf(audience.TokenTotal);
		equal = total === tokenTotal ? equal + 1 : 1;
		tokenTotal = total;
		const moved = before === undefined || tokenTotal !== before;
		const settled = equal >= EQUAL_READINGS;
		if (settled && moved) return { audience, tokenTotal, settled };
		if (waited >= atMost) return { audience, tokenTotal, settled };
		await wait(Math.min(pause, atMost - waited), clock, cancelSignal);
	}
}

/** @throws UserError when the Page has no such audience */
async function readAudience(
	request: ApiRequest,
	page: PageOfChannel & { customAudienceId: string },
): Promise<IDataObject> {
	const { customAudienceId } = page;
	const pages = audiencePages(request, page, { customAudienceId }, PAGE_SIZE);
	for await (const { entries } of walkPages(pages)) {
		const found = entries.find((entry) => textOf(entry.CustomAudienceId) === customAudienceId);
		if (found) return found;
	}
	throw new UserError(
		"This custom audience wasn't found on the Page. Choose 'Custom Audience' in the node again, and check 'Page ID' and 'Channel'",
	);
}
