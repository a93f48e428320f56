import type { IDataObject } from 'n8n-workflow';
import type { Audience, IdName } from '../../../ids';
import type { Message } from '../../../message';
import {
	audiencePages,
	channelPages,
	collectEntries,
	createApiRequester,
	listAdAccounts,
	type RequestApi,
	textOf,
} from '../../../transport/api';
import { ApiError, KeyRejections } from '../../../transport/apiError';
import { connectWith } from '../../../transport/connection';
import type { Upload } from '../../../upload/plan';
import { noCredential } from '../../nodeErrors';
import type { Run } from '../sending/run';

/** Milliseconds and attempts for each call: a dry run has a person waiting, and a webhook's caller gives up sooner. */
const PATIENCE = { dryRun: [20_000, 2], other: [3_000, 1] } as const;
/** A run may send to many audiences, and not all have to be read. */
const MOST_AUDIENCES = 20;

/**
 * Looks up the IDs in dry runs, in manual runs, and, since nothing else would show that they are wrong, when an audience's
 * first contact was stored. The ledgers record IDs that aren't found, a key that is rejected, and the audiences' names.
 * @throws the cancel signal's reason
 */
export async function checkIds({ context, clock }: Run, uploads: Upload[]): Promise<void> {
	const isManual = context.getMode() === 'manual';
	const wanted = uploads.filter((upload) => isToCheck(upload, isManual));
	const toCheck = wanted.slice(0, MOST_AUDIENCES);
	for (const { ledger } of wanted.slice(MOST_AUDIENCES)) ledger.facts.ids = 'beyondLimit';
	if (toCheck.length === 0) return;
	const cancelSignal = context.getExecutionCancelSignal();
	const isDryRun = toCheck.some(({ plan }) => plan.decision.kind === 'dryRun');
	const [timeout, maxAttempts] = PATIENCE[isDryRun ? 'dryRun' : 'other'];
	const rejections = new KeyRejections();
	let failure: Message | undefined;
	const check = await connectWith(context, { clock, timeout }).then(
		(connection) => checkOf(createApiRequester(connection, maxAttempts, rejections)),
		(error: unknown) => void (failure = noCredential(error)),
	);
	for (const { plan, ledger } of toCheck) {
		const found = await check?.(plan.audience).catch(() => undefined);
		cancelSignal?.throwIfAborted();
		failure ??= rejections.find('AddCustomAudienceUser', undefined);
		ledger.facts.ids = found?.missing ?? 'unchecked';
		ledger.facts.keyFailure = failure;
		ledger.facts.audienceName = found?.name;
	}
}

function isToCheck({ plan: { decision }, ledger }: Upload, isManual: boolean): boolean {
	if (decision.kind === 'dryRun') return true;
	const { submitted, collected } = ledger.counts();
	if (isManual) return submitted + collected > 0;
	return decision.kind === 'collect' && collected > 0 && ledger.facts.isFirstStored === true;
}

interface Checked {
	missing: IdName[];
	name?: string;
}

function checkOf(request: RequestApi): (audience: Audience) => Promise<Checked | undefined> {
	const channels = once(async () => {
		return await listed(async () => await collectEntries(channelPages(request), Infinity));
	});
	return async (audience) => {
		const { adAccountId, customAudienceId } = audience;
		const accounts = await listed(async () => await listAdAccounts(request, audience));
		const pages = audiencePages(request, audience, { adAccountId, customAudienceId });
		const audiences = await listed(async () => await collectEntries(pages, Infinity));
		const all = await channels();
		if (!all && !accounts && !audiences) return undefined;
		const [first] = Array.isArray(audiences) ? audiences : [];
		const name = textOf(first?.CustomAudienceName);
		const missing = missingIn({ channels: all, accounts, audiences }, audience);
		return { missing, ...(name && { name }) };
	};
}

interface Lists {
	channels: Listed;
	/** The Page's ad accounts. */
	accounts: Listed;
	/** The audiences with this ID. */
	audiences: Listed;
}

/** The IDs that aren't found. If the service rejects a list, the ID above it is wrong, as far as that one is known. */
function missingIn({ channels, accounts, audiences }: Lists, audience: Audience): IdName[] {
	const { custSpaceId, adAccountId, customAudienceId } = audience;
	const isChannelMissing = isMissing(channels, ['CustSpaceId', 'InstanceId'], custSpaceId);
	const isPageRejected = accounts === 'rejected' || (!accounts && audiences === 'rejected');
	const hasNoAccount = isEmpty(accounts);
	const isAudienceRejected = Array.isArray(accounts) && audiences === 'rejected';
	const missing: Array<IdName | false> = [
		isChannelMissing && 'custSpaceId',
		(isPageRejected || hasNoAccount) && !isChannelMissing && 'pageId',
		isMissing(accounts, ['AdAccountId'], adAccountId) && 'adAccountId',
		!hasNoAccount &&
			(isAudienceRejected || isMissing(audiences, ['CustomAudienceId'], customAudienceId)) &&
			'customAudienceId',
	];
	return missing.filter((id) => id !== false);
}

/** Entries of a list; 'rejected' when the service doesn't know an ID; undefined where the list can't be read. */
type Listed = IDataObject[] | 'rejected' | undefined;

async function listed(read: () => Promise<IDataObject[]>): Promise<Listed> {
	try {
		return await read();
	} catch (error) {
		// What a proxy responds says nothing about an ID.
		return error instanceof ApiError && error.isAboutIds ? 'rejected' : undefined;
	}
}

function isMissing(found: Listed, keys: string[], id: string): boolean {
	return (
		Array.isArray(found) && !found.some((entry) => keys.some((key) => textOf(entry[key]) === id))
	);
}

// A Page that has no ad account can't be used; a wrong ID looks the same, and no audience is found with it.
function isEmpty(found: Listed): boolean {
	return Array.isArray(found) && found.length === 0;
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
	let reading: Promise<T> | undefined;
	return async () => await (reading ??= read());
}
