import type { IDataObject } from 'n8n-workflow';
import type { IdName } from '../../../ids';
import {
	type ApiRequest,
	audiencePages,
	channelPages,
	collectEntries,
	createRequest,
	listAdAccounts,
} from '../../../transport/api';
import { ApiError } from '../../../transport/apiError';
import { connectWith } from '../../../transport/connection';
import type { Audience } from '../../../upload/audience';
import type { Upload } from '../../../upload/decide';
import { textOf } from '../../parameters';
import type { Run } from '../sending/send';

const PAGE_SIZE = 50;
/** Milliseconds, and tries: a dry run is a person who waits. */
const TIMEOUT = 20_000;
const MAX_TRIES = 2;
/** A run may feed many audiences, and a dry run needn't read them all. */
const MOST_AUDIENCES = 20;

/**
 * Looks up the IDs of a dry run's uploads, where the key may list; the ledgers record those that are not found, and
 * what the audiences are called.
 * @throws the cancel signal's reason
 */
export async function checkIds({ context, clock }: Run, uploads: Upload[]): Promise<void> {
	const previews = uploads
		.filter(({ plan }) => plan.decision.kind === 'preview')
		.slice(0, MOST_AUDIENCES);
	if (previews.length === 0) return;
	const cancelSignal = context.getExecutionCancelSignal();
	const check = await connectWith(context, { clock, timeout: TIMEOUT }).then(
		(connection) => checkOf(createRequest(connection, MAX_TRIES)),
		() => undefined,
	);
	for (const { plan, ledger } of previews) {
		const found = await check?.(plan.audience).catch(() => undefined);
		cancelSignal?.throwIfAborted();
		ledger.facts.ids = found?.missing ?? 'unchecked';
		ledger.facts.audienceName = found?.name;
	}
}

interface Checked {
	missing: IdName[];
	name?: string;
}

function checkOf(request: ApiRequest): (audience: Audience) => Promise<Checked | undefined> {
	const channels = once(async () => {
		return await listed(
			async () => await collectEntries(channelPages(request, PAGE_SIZE), Infinity),
		);
	});
	return async (audience) => {
		const { custSpaceId, adAccountId, customAudienceId } = audience;
		const accounts = await listed(async () => await listAdAccounts(request, audience));
		const pages = audiencePages(request, audience, { adAccountId, customAudienceId }, PAGE_SIZE);
		const audiences = await listed(async () => await collectEntries(pages, Infinity));
		const all = await channels();
		if (!all && !accounts && !audiences) return undefined;
		const missing: Array<IdName | false> = [
			isMissing(all, ['CustSpaceId', 'InstanceId'], custSpaceId) && 'custSpaceId',
			accounts === 'refused' && 'pageId',
			isMissing(accounts, ['AdAccountId'], adAccountId) && 'adAccountId',
			isMissing(audiences, ['CustomAudienceId'], customAudienceId) && 'customAudienceId',
		];
		const [first] = Array.isArray(audiences) ? audiences : [];
		const name = textOf(first?.CustomAudienceName);
		return { missing: missing.filter((id) => id !== false), ...(name && { name }) };
	};
}

/** Entries of a list; 'refused' when the service knows no such place; undefined where nobody can tell. */
type Listed = IDataObject[] | 'refused' | undefined;

async function listed(read: () => Promise<IDataObject[]>): Promise<Listed> {
	try {
		return await read();
	} catch (error) {
		const isRefused = error instanceof ApiError && error.kind === 'rejected';
		return isRefused ? 'refused' : undefined;
	}
}

function isMissing(found: Listed, keys: string[], id: string): boolean {
	return (
		Array.isArray(found) && !found.some((entry) => keys.some((key) => textOf(entry[key]) === id))
	);
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
	let reading: Promise<T> | undefined;
	return async () => await (reading ??= read());
}
