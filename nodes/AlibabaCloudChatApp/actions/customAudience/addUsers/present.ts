import {
	type IBinaryData,
	type IBinaryKeyData,
	type IDataObject,
	type IExecuteFunctions,
	NodeApiError,
	type NodeOperationError,
} from 'n8n-workflow';
import { forEachIndex, type Pause } from '../../../async';
import { REASONS } from '../../../contacts/reasons';
import { countOfContacts, type Message, messageText } from '../../../message';
import { FileSource, type FileChunk } from '../../../sources/file/fileSource';
import {
	csvFile,
	returnedHeader,
	returnedRow,
	type RowsToWrite,
	type ReturnedFile,
	xlsxFile,
} from '../../../sources/file/returnedFile';
import type { Ref } from '../../../sources/source';
import { type ApiError, detailsOf, withCode } from '../../../transport/apiError';
import type { BatchResult, ContactResult, Ledger } from '../../../upload/ledger';
import type { AnyUpload, Plan, Upload } from '../../../upload/plan';
import { summarize } from '../../../upload/summary';
import { canceled, withOwnMessage } from '../../nodeErrors';
import { type ErrorRow, type OperationResult, type OutputRow, showHints } from '../../output';
import { fieldsOfEntry } from '../contacts';
import { hintsOf, originIn } from '../sending/hints';
import { failedWaiting, failureOf, KEPT_BY_META, messagesOf, whenSent } from '../sending/messages';
import type { Run } from '../sending/run';

/** How the output is presented. */
interface OutputSettings {
	source: 'items' | 'file';
	output: 'summary' | 'users';
	/** Why choices for the whole run could not be read. */
	failures: Message[];
}

/**
 * The output of 'Add Users': an item for each upload or for each contact, and the hints next to it.
 * With an error output, that is where invalid and failed contacts are returned, whatever 'Output' is.
 */
export async function present(
	run: Run,
	uploads: AnyUpload[],
	settings: OutputSettings,
): Promise<OperationResult> {
	const { context, onError } = run;
	const { source, output, failures } = settings;
	const presentContacts = source === 'file' ? presentFiles : presentItems;
	const presented = await presentContacts(run, uploads, settings);
	const isManual = context.getMode() === 'manual';
	const isListed = output === 'users';
	showHints(context, hintsOf(uploads, failures, { isManual, isListed, onError }));
	const rows =
		output === 'summary' && isToolCall(context)
			? presented.rows.map((row) => ({ ...row, json: shortenSummary(row.json) }))
			: presented.rows;
	// In a second run, a contact that was stored by the first one would be a duplicate.
	const isChanged = ({ ledger }: AnyUpload) =>
		ledger.isAnyAccepted || ledger.counts().collected > 0;
	return { ...presented, rows, changed: uploads.some(isChanged) };
}

// n8n before 2.3.6 doesn't report it.
function isToolCall(context: Partial<Pick<IExecuteFunctions, 'isToolExecution'>>): boolean {
	return context.isToolExecution?.() === true;
}

const NOT_FOR_AGENTS = new Set([
	'custSpaceId',
	'pageId',
	'adAccountId',
	'batches',
	'fields',
	'reach',
]);

/** A summary without what an AI agent can't use: an agent reads, and pays for, every word. */
function shortenSummary(summary: IDataObject): IDataObject {
	return Object.fromEntries(Object.entries(summary).filter(([key]) => !NOT_FOR_AGENTS.has(key)));
}

async function presentItems(
	{ context, onError, pause }: Run,
	uploads: AnyUpload[],
	{ output, failures }: OutputSettings,
): Promise<OperationResult> {
	const rows = output === 'summary' ? uploads.map((upload) => summaryRow(upload, failures)) : [];
	if (output === 'summary' && onError !== 'errorOutput') return { rows };

	const input = context.getInputData();
	const readers = contactsByItem(uploads, input.length);
	const errors: ErrorRow[] = [];
	await forEachIndex(input.length, pause, (item) => {
		readers[item]?.(item, ({ ledger, ref, entry }) => {
			const result = ledger.resultOf(ref);
			if (onError === 'errorOutput' && isForErrorOutput(result)) {
				const { droppedField: _kept, ...details } = result;
				const error = reasonOf(ledger, ref);
				errors.push({ error, details, from: item, ...(entry && { contact: entry }) });
			} else if (output === 'users') {
				const { customAudience: _replaced, ...contact } = entry ?? input[item]?.json ?? {};
				// n8n's table shows the keys in this order.
				rows.push({ json: { customAudience: { ...result }, ...contact }, from: item });
			}
		});
	});
	return { rows, errors };
}

/** A contact of the output; `entry`: its entry, if its item is a page. */
interface OutputContact {
	ledger: Ledger;
	ref: Ref;
	entry?: IDataObject;
}

type VisitContacts = (item: number, each: (contact: OutputContact) => void) => void;

/** For each input item, what reads its contacts; items are read in order. */
function contactsByItem(uploads: AnyUpload[], length: number): VisitContacts[] {
	const readers = new Array<VisitContacts>(length);
	for (const { plan, ledger } of uploads) {
		const { items, source } = plan;
		let ref = 0;
		const itemOf = (at: Ref) => source?.itemOf(at) ?? items[at];
		const read: VisitContacts = (item, each) => {
			for (; ref < ledger.received && itemOf(ref) === item; ref++) {
				const given = source?.entryOf?.(ref);
				const entry = given === undefined ? undefined : fieldsOfEntry(given);
				each({ ledger, ref, entry });
			}
		};
		for (const item of items) readers[item] = read;
	}
	return readers;
}

/** Whether a contact is returned through the error output, to be fixed or sent again. */
function isForErrorOutput({ status }: ContactResult): boolean {
	return status === 'invalid' || status === 'failed';
}

/** Why a contact was not sent, in a sentence. */
function reasonOf(ledger: Ledger, ref: Ref): string {
	const recorded = ledger.entryOf(ref);
	if (recorded.status === 'invalid') return REASONS[recorded.reason];
	if (recorded.status === 'failed') return messageText(recorded.failure);
	const error =
		recorded.status === 'batched' ? ledger.batches[recorded.batch - 1]?.error : undefined;
	return error
		? `The contact's batch was rejected: ${withCode(error)}`
		: 'The contact was not sent';
}

/** An upload's summary. */
function summaryRow(upload: AnyUpload, failures: Message[]): OutputRow {
	const { plan, ledger } = upload;
	const summary = summarize(plan, ledger, withFailures(messagesOf(upload), failures));
	return { json: summary as unknown as IDataObject, from: plan.items };
}

// An expression that can't be evaluated is reported by the upload, too.
function withFailures(messages: Message[], failures: Message[]): Message[] {
	const known = new Set(messages.map(({ what }) => what));
	return [...messages, ...failures.filter(({ what }) => !known.has(what))];
}

const RESULT_COLUMNS = ['row', 'status', 'reason', 'batch', 'requestId', 'droppedField'];
const ROWS_PER_PART = 1000;

/** The result for each row of a file. */
async function* resultRows(file: FileSource, ledger: Ledger, pause: Pause): RowsToWrite {
	yield [RESULT_COLUMNS];
	for (let start = 0; start < ledger.received; start += ROWS_PER_PART) {
		await pause();
		const rows: unknown[][] = [];
		for (let ref = start; ref < Math.min(ledger.received, start + ROWS_PER_PART); ref++) {
			const { status, reason, code, batch, requestId, droppedField } = ledger.resultOf(ref);
			rows.push([file.rowOf(ref), status, reason ?? code, batch, requestId, droppedField]);
		}
		yield rows;
	}
}

/** The rows of a file that are invalid or failed, with the reason and what to do. The file is read once more. */
async function* invalidRows(file: FileSource, ledger: Ledger, pause: Pause): RowsToWrite {
	let first = 0;
	let hasHeader = false;
	for await (const chunk of file.rows()) {
		await pause();
		if (!chunk.head) continue;
		const { header = [] } = chunk.head;
		if (!hasHeader && header.length > 0) yield [returnedHeader(header)];
		hasHeader = true;
		yield invalidIn(chunk, first, ledger);
		first += chunk.rows.length;
		// If reading the file ended early before, it would end there again.
		if (first >= ledger.received) return;
	}
}

/** The rows of a chunk that are returned. @param first its first contact */
function invalidIn(
	{ head, rows, numbers, unreadableRows }: FileChunk,
	first: Ref,
	ledger: Ledger,
): string[][] {
	const width = head?.header?.length ?? 0;
	return rows.slice(0, ledger.received - first).flatMap((cells, index) => {
		const ref = first + index;
		const result = ledger.resultOf(ref);
		if (!isForErrorOutput(result)) return [];
		const problem = unreadableRows?.get(numbers[index] as number);
		const advice = problem ? messageText(problem) : reasonOf(ledger, ref);
		return [returnedRow(cells, width, [String(result.reason ?? result.code), advice])];
	});
}

/**
 * The output of 'Add Users' for files: an item for each file; with 'Output' One Item per Contact, also the file `results.csv`.
 * The rows that were not sent are in the file `invalid.csv`, or `invalid.xlsx` for a workbook. With an error output, that is
 * where it is returned, whatever 'Output' is.
 */
async function presentFiles(
	run: Run,
	uploads: AnyUpload[],
	{ output, failures }: OutputSettings,
): Promise<OperationResult> {
	const rows: OutputRow[] = [];
	const errors: ErrorRow[] = [];
	const isErrorOutput = run.onError === 'errorOutput';
	for (const upload of uploads) {
		const binary: IBinaryKeyData = {};
		if (output === 'users') Object.assign(binary, await resultsFile(run, upload));
		if (isErrorOutput || output === 'users') {
			const file = await invalidFile(run, upload);
			const error = isErrorOutput ? errorRow(upload, file) : undefined;
			if (error) errors.push(error);
			else Object.assign(binary, file);
		}
		const row = summaryRow(upload, failures);
		rows.push(Object.keys(binary).length > 0 ? { ...row, binary } : row);
	}
	return { rows, errors };
}

function errorRow(upload: AnyUpload, binary: IBinaryKeyData | undefined): ErrorRow | undefined {
	const { plan, ledger } = upload;
	const failure = failureOf(upload);
	const { invalid, failed, held } = ledger.counts();
	const from = plan.items[0] as number;
	if (failure && !binary) {
		const status = held > 0 ? 'held' : 'failed';
		return { error: messageText(failure), details: { status, code: failure.code }, from };
	}
	if (!binary) return undefined;
	const status = failed > 0 ? 'failed' : 'invalid';
	return {
		error: failure ? messageText(failure) : notSentInWords(invalid + failed),
		details: { status, ...(failure && { code: failure.code }) },
		from,
		binary,
	};
}

function notSentInWords(count: number): string {
	const rows = count === 1 ? '1 row of the file was' : `${count} rows of the file were`;
	return `${rows} not sent. Correct the returned file, where each row has its reason, and send that file`;
}

async function resultsFile(
	run: Run,
	{ plan: { source }, ledger }: AnyUpload,
): Promise<IBinaryKeyData | undefined> {
	if (!(source instanceof FileSource)) return undefined;
	const file = csvFile('results.csv', resultRows(source, ledger, run.pause));
	const results = await writeFile(file, run, ledger);
	return results && { results };
}

async function invalidFile(run: Run, upload: AnyUpload): Promise<IBinaryKeyData | undefined> {
	const { plan, ledger } = upload;
	const { source } = plan;
	const { invalid: count, failed } = ledger.counts();
	if (!(source instanceof FileSource) || count + failed === 0) return undefined;
	const { format, delimiter, sheet } = source.facts.head ?? {};
	const rows = invalidRows(source, ledger, run.pause);
	const file =
		format === 'xlsx'
			? xlsxFile('invalid.xlsx', rows, sheet)
			: csvFile('invalid.csv', rows, delimiter);
	const invalid = await writeFile(file, run, ledger);
	return invalid && { invalid };
}

/** A file of the output. If it can't be written in full, that is only reported, since the contacts are already sent. */
async function writeFile(
	{ name, mimeType, bytes, isUsableInPart }: ReturnedFile,
	{ context }: Run,
	ledger: Ledger,
): Promise<IBinaryData | undefined> {
	const parts: Uint8Array[] = [];
	try {
		for await (const some of bytes) parts.push(some);
	} catch {
		context.getExecutionCancelSignal()?.throwIfAborted();
		ledger.facts.unwrittenFiles.push(name);
		if (!isUsableInPart) return undefined;
	}
	try {
		return await context.helpers.prepareBinaryData(Buffer.concat(parts), name, mimeType);
	} catch {
		ledger.facts.unwrittenFiles.push(name);
		return undefined;
	}
}

/** How many other uploads of the run were finished before one, and how many were not started. */
type OtherUploads = Record<'finished' | 'notStarted', number>;

function othersInWords({ finished, notStarted }: OtherUploads): string[] {
	return [
		...(finished > 0 ? [`Uploads finished before this one: ${finished}.`] : []),
		...(notStarted > 0 ? [`Uploads not started: ${notStarted}.`] : []),
	];
}

const SAFE_TO_RERUN = 'Running again is safe: Meta counts each person once.';

/**
 * The error that ends a run when a batch was rejected and 'On Error' is 'Stop Workflow': what was accepted and what
 * was not, whether the upload is complete, and what to do now.
 */
export function batchRejected(
	context: Pick<IExecuteFunctions, 'getNode'>,
	{ plan, ledger }: Upload,
	others: OtherUploads,
): NodeApiError {
	const { batches, facts } = ledger;
	const index = batches.findIndex(({ error }) => error);
	const batch = batches[index] as BatchResult;
	const error = batch.error as ApiError;
	const { httpStatus } = error;
	const message = error.what;
	const first = ledger.firstInBatch(index + 1);
	const ending = new NodeApiError(
		context.getNode(),
		{ message },
		{
			description: [
				`${error.fix}.`,
				...(ledger.received === 0 ? [ONLY_FROM_TABLE] : []),
				acceptedSoFar(plan, ledger),
				notAccepted(ledger, batch),
				...othersInWords(others),
				...(facts.failedAreWaiting ? [`${messageText(failedWaiting(ledger))}.`] : []),
				SAFE_TO_RERUN,
				...detailsOf(error).map((quote) => `${quote}.`),
				...(httpStatus === undefined ? [] : [`HTTP status ${httpStatus}.`]),
				...(batch.requestId === '' ? [] : [`Request ID ${batch.requestId}.`]),
				`Attempts: ${batch.attempts}.`,
				`Code ${error.code}.`,
			].join(' '),
			itemIndex: first === undefined ? plan.items[0] : plan.source?.itemOf(first),
			...(httpStatus !== undefined && { httpCode: String(httpStatus) }),
		},
	);
	ending.context.code = error.code;
	ending.context.requestId = batch.requestId;
	return withOwnMessage(ending, message);
}

const ONLY_FROM_TABLE =
	'This upload had only contacts from the Data Table; those of this run were sent before.';

/** Why a run ends when no further call can be made, with what was accepted and how many contacts are waiting. */
export function withProgress(
	{ plan, ledger }: Upload,
	failure: Message,
	others: OtherUploads,
): Message {
	const details = [
		...(ledger.isAnyAccepted ? [acceptedSoFar(plan, ledger), SAFE_TO_RERUN] : []),
		...collectedInWords(ledger),
		...othersInWords(others),
	];
	if (details.length === 0) return failure;
	return { ...failure, fix: `${failure.fix}. ${details.join(' ').replace(/\.$/, '')}` };
}

/** Where the collected contacts are, as at most one sentence. */
function collectedInWords(ledger: Ledger): string[] {
	const { collected } = ledger.counts();
	if (collected === 0) return [];
	const are = collected === 1 ? 'is' : 'are';
	return [
		`${countOfContacts(collected)} ${are} waiting in the Data Table, to be sent ${whenSent(ledger.facts)}.`,
	];
}

function notAccepted(ledger: Ledger, batch: BatchResult): string {
	const { batches, facts } = ledger;
	const after = { start: batch.end, end: facts.userCount ?? batch.end };
	const notSent = ledger.contactsIn([after]);
	const rest =
		notSent > 0 ? `, and ${countOfContacts(notSent)} not sent${originIn(ledger, after)}` : '';
	const doubt =
		facts.lastResponseLost || batch.mayBeReceived
			? ' A response was lost, so these may still have been received.'
			: '';
	const count = countOfContacts(ledger.contactsIn([batch]));
	return `Not accepted: ${count} in batch ${batches.indexOf(batch) + 1}${originIn(ledger, batch)}${rest}.${doubt}`;
}

const STAYS_OPEN = `is not complete: ${KEPT_BY_META}.`;
const SEND_THE_REST = `The upload ${STAYS_OPEN} Run again with all its contacts to send the rest.`;

function acceptedSoFar({ options, completes }: Plan, ledger: Ledger): string {
	const { batches, facts } = ledger;
	const accepted = acceptedInWords(ledger);
	if (accepted === undefined) {
		const isUnknown = batches.some(({ mayBeReceived }) => mayBeReceived);
		const none = isUnknown
			? 'No contacts are known to have been accepted.'
			: 'No contacts were accepted.';
		const isEndOfSeveralRuns = options.lastBatch !== 'auto' && completes;
		return isEndOfSeveralRuns ? `${none} ${SEND_THE_REST}` : none;
	}
	const { complete, completedWith } = facts;
	const how = completedWith === undefined ? '' : `, by sending batch ${completedWith} again`;
	const state = complete ? `The upload is complete${how}.` : SEND_THE_REST;
	return `Accepted: ${accepted}. ${state}`;
}

/** The error that ends a run when it is canceled in n8n during an upload. @param finished uploads before it */
export function canceledDuring(
	context: Pick<IExecuteFunctions, 'getNode'>,
	ledger: Ledger,
	finished: number,
): NodeOperationError {
	const accepted = acceptedInWords(ledger);
	const waiting = collectedInWords(ledger);
	const isOpen = !ledger.facts.complete && (accepted !== undefined || waiting.length === 0);
	const sentences = [
		`Uploads finished before this one: ${finished}.`,
		`Accepted from the current upload: ${accepted ?? 'nothing'}.`,
		...(isOpen ? [accepted === undefined ? 'It is not complete.' : `It ${STAYS_OPEN}`] : []),
		...waiting,
		SAFE_TO_RERUN,
	];
	return canceled(context, sentences.join(' '));
}

/** The accepted contacts, such as "20 contacts in batches 1 to 2"; undefined if there are none. */
function acceptedInWords(ledger: Ledger): string | undefined {
	const { batches } = ledger;
	const accepted = batches.filter(({ error }) => !error);
	if (accepted.length === 0) return undefined;
	return `${countOfContacts(ledger.contactsIn(accepted))} in ${listOf(accepted, batches)}`;
}

function listOf(some: BatchResult[], all: BatchResult[]): string {
	const numbers = some.map((batch) => all.indexOf(batch) + 1);
	if (numbers.length === 1) return `batch ${numbers[0]}`;
	const isInARow = numbers.every((number, index) => number === index + 1);
	return isInARow ? `batches 1 to ${numbers.length}` : `batches ${numbers.join(', ')}`;
}
