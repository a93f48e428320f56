import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { Clock } from '../../../async';
import { ID_LABELS, type IdName, WHERE_TO_FIND } from '../../../ids';
import type { Message } from '../../../message';
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
import { textOf } from '../../parameters';
import type { Submission } from './plan';

const PAGE_SIZE = 50;
/** Milliseconds, and tries: a dry run is a person who waits. */
const TIMEOUT = 20_000;
const MAX_TRIES = 2;
/** A run may feed many audiences, and a dry run needn't read them all. */
const MOST_AUDIENCES = 20;

const NOT_CHECKED: Message = {
	code: 'ids_not_checked',
	what: 'The IDs were not checked, since the key or the connection allows no reading',
	fix: "The first real run tells whether they are right; the credential's own test tells about the key",
};

/**
 * Looks up the IDs of the submissions of a dry run by reading, where the key may list, and warns of those that are not
 * there. It also learns what the audiences are called.
 * @throws the cancel signal's reason
 */
export async function checkIds(
	{ context, clock }: { context: IExecuteFunctions; clock: Clock },
	submissions: Submission[],
): Promise<void> {
	const previews = submissions.filter(({ preview }) => preview).slice(0, MOST_AUDIENCES);
	if (previews.length === 0) return;
	const cancelSignal = context.getExecutionCancelSignal();
	const check = await connectWith(context, { clock, timeout: TIMEOUT }).then(
		(connection) => checkOf(createRequest(connection, MAX_TRIES)),
		() => undefined,
	);
	for (const submission of previews) {
		const found = await check?.(submission.audience).catch(() => undefined);
		cancelSignal?.throwIfAborted();
		submission.audienceName ??= found?.name;
		submission.warnings.push(...(found?.warnings ?? [NOT_CHECKED]));
	}
}

interface Checked {
	warnings: Message[];
	name?: string;
}

function checkOf(request: ApiRequest): (audience: Audience) => Promise<Checked> {
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
		if (!all && !accounts && !audiences) return { warnings: [NOT_CHECKED] };
		const missing: Array<IdName | false> = [
			isMissing(all, ['CustSpaceId', 'InstanceId'], custSpaceId) && 'custSpaceId',
			accounts === 'refused' && 'pageId',
			isMissing(accounts, ['AdAccountId'], adAccountId) && 'adAccountId',
			isMissing(audiences, ['CustomAudienceId'], customAudienceId) && 'customAudienceId',
		];
		const [first] = Array.isArray(audiences) ? audiences : [];
		const name = textOf(first?.CustomAudienceName);
		const warnings = missing.filter((id) => id !== false).map(notFound);
		return { warnings, ...(name && { name }) };
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

function notFound(name: IdName): Message {
	const what = `'${ID_LABELS[name]}' holds an ID that this key does not find`;
	return { code: 'unknown_id', what, fix: WHERE_TO_FIND[name] };
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
	let reading: Promise<T> | undefined;
	return async () => await (reading ??= read());
}
