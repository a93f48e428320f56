import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { Clock, Pause } from '../../../async';
import type { Audience, IdName } from '../../../ids';
import type { Message } from '../../../message';
import { removeUsers } from '../../../store/forgotten';
import { toTableError } from '../../../store/table';
import {
	audiencePages,
	channelPages,
	collectEntries,
	createCaller,
	listAdAccounts,
	type CallWithRetries,
	textOf,
} from '../../../transport/api';
import { ADD_USERS } from '../../../transport/advice';
import { ApiError, KeyRejections } from '../../../transport/apiError';
import { connectWith } from '../../../transport/connect';
import type { UserList } from '../../../upload/packedUsers';
import { type AnyUpload, isPlanned, type Plan, removalOf, type Upload } from '../../../upload/plan';
import { OptOuts } from '../../../upload/optOuts';
import { canceled, cannotContinue, cannotRead, noCredential, unexpected } from '../../nodeErrors';
import { differenceFinder } from '../../optionKinds';
import type { OperationResult } from '../../output';
import { groupByAudience, groupByItem, itemsOf, type ItemsOfAudience } from '../../parameters';
import {
	collect,
	noteStored,
	openAudienceTable,
	sendExclusively,
	sendWithWaiting,
} from '../sending/collect';
import { failureOf, MAX_AUDIENCES_CHECKED } from '../sending/messages';
import { forgottenPeople, openTable, type Run, startRun } from '../sending/run';
import { send } from '../sending/send';
import {
	fileOpener,
	itemOpener,
	MAPPING_MODE,
	mappingFields,
	readSource,
	sourceFields,
} from '../contacts';
import { SAME_IN_RUN, SAME_IN_UPLOAD, optionFields, readOutput } from '../options';
import { checkCountries, planUpload } from './planUpload';
import { batchRejected, canceledDuring, present, withProgress } from './present';

/** The panel's fields of 'Add Users'. */
export const fields: INodeProperties[] = [...sourceFields, ...mappingFields, ...optionFields];

/**
 * Sends the input's contacts to their audiences, each audience's or each file's as one upload, with a result for every
 * item or row.
 */
export async function execute(context: IExecuteFunctions, clock: Clock): Promise<OperationResult> {
	const run = startRun(context, clock);
	const failures: Message[] = [];
	const source = readChoiceOr('items', run, readSource, failures);
	// Every upload is planned before anything is sent, so a run that can't continue has sent nothing.
	const uploads = await planAll(run, source);
	const planned = uploads.filter(isPlanned);
	// Opt-outs also count in a run that ends here, and where nothing can be sent.
	for (const upload of uploads) await removeOptedOut(run, upload);
	const failure = uploads.map(failureOf).find((found) => found);
	if (failure && run.onError === 'stop') throw cannotContinue(context, failure);
	const output = readChoiceOr('summary', run, readOutput, failures);
	const toSend = planned.filter(isToSend);
	let isAtEnd = false;
	try {
		await sendAll(run, toSend);
		isAtEnd = true;
	} finally {
		if (!isAtEnd) noteStored(run, toSend);
	}
	await checkIds(run, planned);
	return await present(run, uploads, { source, output, failures });
}

/** What the person chose for the whole run, or `fallback` if it can't be read and the run continues. */
function readChoiceOr<T>(
	fallback: NoInfer<T>,
	{ context, onError }: Run,
	read: (context: IExecuteFunctions) => T,
	failures: Message[],
): T {
	try {
		return read(context);
	} catch (error) {
		const failure = cannotRead(error);
		if (onError === 'stop') throw cannotContinue(context, failure);
		failures.push(failure);
		return fallback;
	}
}

async function planAll(run: Run, source: 'items' | 'file'): Promise<AnyUpload[]> {
	const { context, pause } = run;
	try {
		const isFile = source === 'file';
		const open = isFile ? fileOpener(run) : itemOpener(run);
		const groups = isFile ? groupByItem(context) : await groupByAudience(context, pause);
		await noteDifferences(run, groups, { isFile });
		const optOuts = new OptOuts();
		const plan = async (group: ItemsOfAudience) =>
			await planUpload(run, group, { open, isFile, optOuts });
		const uploads: AnyUpload[] = [];
		for (const group of groups) uploads.push(await plan(group));
		const planAgain = async (index: number) => await plan(groups[index] as ItemsOfAudience);
		await leaveOutOptedOut(uploads, optOuts, { planAgain, pause });
		return checkCountries(uploads);
	} catch (error) {
		if (context.getExecutionCancelSignal()?.aborted) throw canceled(context);
		throw cannotContinue(context, unexpected(error));
	}
}

/**
 * Plans uploads again without the people who opted out in another row, item, or file, maybe with another email or phone:
 * who is the same person is known only after all contacts have been read twice.
 * @param uploads changed in place
 */
async function leaveOutOptedOut(
	uploads: AnyUpload[],
	optOuts: OptOuts,
	{ planAgain, pause }: { planAgain(index: number): Promise<AnyUpload>; pause: Pause },
): Promise<void> {
	const isAnyLeftOut = uploads
		.filter(isPlanned)
		.some(({ plan }) => plan.options.optedOut !== 'send');
	if (!isAnyLeftOut || !(await optOuts.needsReading(uploads.map(plannedUsers), pause))) return;
	optOuts.startReading();
	for (const index of uploads.keys()) uploads[index] = await planAgain(index);
	await optOuts.finishReading(pause);
	for (const [index, upload] of uploads.entries()) {
		const isAffected = await optOuts.isAnyIn(plannedUsers(upload), pause);
		if (isAffected) uploads[index] = await planAgain(index);
	}
}

/** Notes why nothing can be sent where items differ in what is read at the first one only. */
async function noteDifferences(
	{ context, pause }: Run,
	groups: ItemsOfAudience[],
	{ isFile }: { isFile: boolean },
): Promise<void> {
	const sameInRun = isFile ? SAME_IN_RUN : { ...MAPPING_MODE, ...SAME_IN_RUN };
	const difference = await differenceFinder(context, sameInRun, pause)(itemsOf(context));
	const find = differenceFinder(context, SAME_IN_UPLOAD, pause);
	for (const group of groups) group.failure ??= difference ?? (await find(group.items));
}

function plannedUsers({ plan }: AnyUpload): UserList {
	return plan.users ?? [];
}

function isToSend({ plan: { decision } }: Upload): boolean {
	return decision.kind === 'send' || decision.kind === 'collect';
}

/**
 * Sends uploads one after the other; their ledgers record what happened.
 * @throws NodeApiError or NodeOperationError when one is rejected and 'On Error' is 'Stop Workflow', and when the
 * execution is canceled
 */
async function sendAll(run: Run, uploads: Upload[]): Promise<void> {
	const { context, onError } = run;
	for (const [finished, upload] of uploads.entries()) {
		const { plan, ledger } = upload;
		const { facts } = ledger;
		try {
			await sendOrCollect(run, upload);
		} catch (error) {
			facts.failure = unexpected(error);
		}
		if (facts.failure) ledger.recordPending({ status: 'failed', failure: facts.failure });
		if (context.getExecutionCancelSignal()?.aborted) {
			throw canceledDuring(context, ledger, finished);
		}
		if (onError !== 'stop') continue;
		const notStarted = uploads.length - finished - 1;
		const parts = [upload, ...facts.laterLedgers.map((later) => ({ plan, ledger: later }))];
		for (const [before, part] of parts.entries()) {
			const others = { finished: finished + before, notStarted };
			const { failure } = part.ledger.facts;
			if (failure) throw cannotContinue(context, withProgress(part, failure, others));
			if (part.ledger.isAnyRejected) throw batchRejected(context, part, others);
		}
	}
}

/** Removes people who opted out from the Data Table, so that no later upload is filled up with them. */
async function removeOptedOut(run: Run, upload: AnyUpload): Promise<void> {
	const { options, usersToRemove = [] } = removalOf(upload) ?? {};
	if (!options || usersToRemove.length === 0) return;
	const { tableProblems } = upload.ledger.facts;
	forgottenPeople(run, options).noteOptedOut(usersToRemove);
	try {
		const table = openTable(run.context, options);
		await removeUsers(table, usersToRemove);
		if (table.message) tableProblems.push({ kind: 'other', message: table.message });
	} catch (error) {
		const tableError = toTableError(error);
		// Without Data Tables, no one is stored.
		if (tableError.code !== 'data_tables_unreachable') {
			tableProblems.push({ kind: 'notRemoved', message: tableError });
		}
	}
}

async function sendOrCollect(run: Run, upload: Upload): Promise<void> {
	const sendWithTable = senderWithTable(upload.plan);
	if (!sendWithTable) return await send(run, upload);
	const table = openTable(run.context, upload.plan.options);
	try {
		await sendWithTable(run, upload, openAudienceTable(run, table, upload.plan));
	} finally {
		const { tableProblems } = upload.ledger.facts;
		if (table.message) tableProblems.push({ kind: 'other', message: table.message });
	}
}

/** What sends an upload with the help of the Data Table; undefined if it doesn't need the table. */
function senderWithTable({ decision, options }: Plan) {
	if (decision.kind === 'collect') return collect;
	if (decision.kind === 'send' && decision.withWaiting) return sendWithWaiting;
	return options.oneSender ? sendExclusively : undefined;
}

/** For each call, in milliseconds: a dry run has a person waiting, and a webhook's caller gives up sooner. */
const CHECK_LIMITS = {
	dryRun: { timeout: 20_000, maxAttempts: 2 },
	other: { timeout: 3_000, maxAttempts: 1 },
};

/**
 * Looks up the IDs in dry runs, in manual runs, and, since nothing else would show that they are wrong, when an audience's
 * first contact was stored. The ledgers record IDs that aren't found, a key that is rejected, and the audiences' names.
 * @throws the cancel signal's reason
 */
async function checkIds({ context, clock }: Run, uploads: Upload[]): Promise<void> {
	const isManual = context.getMode() === 'manual';
	const wanted = uploads.filter((upload) => isToCheck(upload, { isManual }));
	const toCheck = wanted.slice(0, MAX_AUDIENCES_CHECKED);
	for (const { ledger } of wanted.slice(MAX_AUDIENCES_CHECKED)) ledger.facts.ids = 'beyondLimit';
	if (toCheck.length === 0) return;
	const cancelSignal = context.getExecutionCancelSignal();
	const isDryRun = toCheck.some(({ plan }) => plan.decision.kind === 'dryRun');
	const { timeout, maxAttempts } = CHECK_LIMITS[isDryRun ? 'dryRun' : 'other'];
	const rejections = new KeyRejections();
	let keyFailure: Message | undefined;
	let check: ReturnType<typeof idChecker> | undefined;
	try {
		const connection = await connectWith(context, { clock, timeout });
		check = idChecker(createCaller(connection, maxAttempts, rejections));
	} catch (error) {
		keyFailure = noCredential(error);
	}
	for (const { plan, ledger } of toCheck) {
		const found = await check?.(plan.audience).catch(() => undefined);
		cancelSignal?.throwIfAborted();
		keyFailure ??= rejections.find(ADD_USERS, undefined);
		ledger.facts.ids = found?.missing ?? 'unchecked';
		ledger.facts.keyFailure = keyFailure;
		ledger.facts.audienceName = found?.name;
	}
}

function isToCheck(
	{ plan: { decision }, ledger }: Upload,
	{ isManual }: { isManual: boolean },
): boolean {
	if (decision.kind === 'dryRun') return true;
	const { submitted, collected, duplicates } = ledger.counts();
	if (isManual) return submitted + collected + duplicates > 0;
	return decision.kind === 'collect' && collected > 0 && ledger.facts.isFirstStored === true;
}

interface CheckedIds {
	missing: IdName[];
	name?: string;
}

function idChecker(call: CallWithRetries): (audience: Audience) => Promise<CheckedIds | undefined> {
	const channels = callOnlyOnce(async () => {
		return await tryToList(async () => await collectEntries(channelPages(call), Infinity));
	});
	return async (audience) => {
		const { adAccountId, customAudienceId } = audience;
		const accounts = await tryToList(async () => await listAdAccounts(call, audience));
		const pages = audiencePages(call, audience, { adAccountId, customAudienceId });
		const audiences = await tryToList(async () => await collectEntries(pages, Infinity));
		const all = await channels();
		const missing = missingIn({ channels: all, accounts, audiences }, audience);
		// No other ID is known to be wrong, but only a list of audiences shows whether this one exists.
		if (!audiences && missing.length === 0) return undefined;
		const own = entryWith(audiences, ['CustomAudienceId'], customAudienceId);
		const name = textOf(own?.CustomAudienceName);
		return { missing, ...(name && { name }) };
	};
}

interface ListedEntries {
	channels: Listed;
	/** The Page's ad accounts. */
	accounts: Listed;
	/** The audiences with this ID. */
	audiences: Listed;
}

/**
 * The IDs that aren't found. If the service rejects a list, the Page's ID is wrong, or the audience's if the Page's ad
 * accounts were listed.
 */
function missingIn({ channels, accounts, audiences }: ListedEntries, audience: Audience): IdName[] {
	const { custSpaceId, adAccountId, customAudienceId } = audience;
	const isChannelMissing = isMissing(channels, ['CustSpaceId', 'InstanceId'], custSpaceId);
	const isPageRejected = accounts === 'rejected' || (!accounts && audiences === 'rejected');
	// A Page without an ad account can't be used; a wrong ID looks the same. No audience is found with either.
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

async function tryToList(read: () => Promise<IDataObject[]>): Promise<Listed> {
	try {
		return await read();
	} catch (error) {
		// What a proxy responds says nothing about an ID.
		return error instanceof ApiError && error.isAboutIds ? 'rejected' : undefined;
	}
}

function isMissing(found: Listed, keys: string[], id: string): boolean {
	return Array.isArray(found) && !entryWith(found, keys, id);
}

function entryWith(found: Listed, keys: string[], id: string): IDataObject | undefined {
	if (!Array.isArray(found)) return undefined;
	return found.find((entry) => keys.some((key) => textOf(entry[key]) === id));
}

function isEmpty(found: Listed): boolean {
	return Array.isArray(found) && found.length === 0;
}

function callOnlyOnce<T>(read: () => Promise<T>): () => Promise<T> {
	let reading: Promise<T> | undefined;
	return async () => await (reading ??= read());
}
