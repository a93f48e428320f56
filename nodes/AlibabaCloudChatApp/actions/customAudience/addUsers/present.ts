import type { IBinaryData, IBinaryKeyData, IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { forEachIndex, type Pause } from '../../../async';
import { REASONS } from '../../../contacts/reasons';
import { type Message, sentence } from '../../../message';
import { FileSource } from '../../../sources/file/fileSource';
import {
	csvFile,
	returnedHeader,
	returnedRow,
	type RowsToWrite,
	type WrittenFile,
	xlsxFile,
} from '../../../sources/file/returned';
import type { Ref } from '../../../sources/source';
import { withCode } from '../../../transport/apiError';
import type { FailedPlan, Plan, Upload } from '../../../upload/decide';
import type { ContactResult, Ledger } from '../../../upload/ledger';
import { summarize } from '../../../upload/summary';
import { type ErrorRow, type OperationResult, type OutputRow, showHints } from '../../output';
import { hintsOf } from '../sending/hints';
import { messagesOf, stopOf } from '../sending/messages';
import type { Run } from '../sending/send';

/**
 * The output of 'Add Users': an item for each upload or for each contact, and the hints beside it.
 * With an error output, invalid and failed contacts are returned there, whatever the output.
 * @param unusable choices for the whole run that could not be used
 */
export async function present(
	run: Run,
	uploads: AnyUpload[],
	settings: { source: 'items' | 'file'; output: 'summary' | 'users'; unusable: Message[] },
): Promise<OperationResult> {
	const presented =
		settings.source === 'file'
			? await presentFiles(run, uploads, settings)
			: await presentItems(run, uploads, settings);
	const { context, onError } = run;
	const isManual = context.getMode() === 'manual';
	showHints(
		context,
		hintsOf(uploads, settings.unusable, {
			isManual,
			isListed: settings.output === 'users',
			onError,
		}),
	);
	const rows =
		settings.output === 'summary' && isToolCall(context)
			? presented.rows.map((row) => ({ ...row, json: shortened(row.json) }))
			: presented.rows;
	return { ...presented, rows, sent: uploads.some(({ ledger }) => ledger.isAnyAccepted) };
}

// n8n before 2.3.6 doesn't show it.
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
function shortened(summary: IDataObject): IDataObject {
	return Object.fromEntries(Object.entries(summary).filter(([key]) => !NOT_FOR_AGENTS.has(key)));
}

type AnyUpload = Upload<Plan | FailedPlan>;

interface Presenting {
	output: 'summary' | 'users';
	unusable: Message[];
}

async function presentItems(
	{ context, onError, pause }: Run,
	uploads: AnyUpload[],
	{ output, unusable }: Presenting,
): Promise<OperationResult> {
	const rows = output === 'summary' ? uploads.map((upload) => summaryRow(upload, unusable)) : [];
	if (output === 'summary' && onError !== 'errorOutput') return { rows };

	const input = context.getInputData();
	const readers = contactsByItem(uploads, input.length);
	const errors: ErrorRow[] = [];
	await forEachIndex(input.length, pause, (item) => {
		readers[item]?.(item, ({ ledger, ref, entry }) => {
			const result = ledger.resultOf(ref);
			if (onError === 'errorOutput' && isReturned(result)) {
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

/** A contact of the output; `entry`: what it is in its item, if that is a page. */
interface Presented {
	ledger: Ledger;
	ref: Ref;
	entry?: IDataObject;
}

type ReadContacts = (item: number, each: (contact: Presented) => void) => void;

/** For each input item, what reads its contacts; items are read in order. */
function contactsByItem(uploads: AnyUpload[], length: number): ReadContacts[] {
	const readers = new Array<ReadContacts>(length);
	for (const { plan, ledger } of uploads) {
		const { items, source } = plan;
		let ref = 0;
		const itemOf = (at: Ref) => source?.itemOf(at) ?? items[at];
		const read: ReadContacts = (item, each) => {
			for (; ref < ledger.received && itemOf(ref) === item; ref++) {
				each({ ledger, ref, entry: asObject(source?.entryOf?.(ref)) });
			}
		};
		for (const item of items) readers[item] = read;
	}
	return readers;
}

// What is no object has no fields.
function asObject(entry: unknown): IDataObject | undefined {
	if (entry === undefined) return undefined;
	return typeof entry === 'object' && entry !== null ? (entry as IDataObject) : {};
}

/** Whether a contact is returned through the error output, to be fixed or sent again. */
function isReturned({ status }: ContactResult): boolean {
	return status === 'invalid' || status === 'failed';
}

/** Why a contact was not sent, in a sentence. */
function reasonOf(ledger: Ledger, ref: Ref): string {
	const entry = ledger.entryOf(ref);
	if (entry.status === 'invalid') return REASONS[entry.reason];
	if (entry.status === 'failed') return sentence(entry.why);
	const error = entry.status === 'sent' ? ledger.batches[entry.batch - 1]?.error : undefined;
	return error
		? `The contact's batch was rejected: ${withCode(error)}`
		: 'The contact was not sent';
}

/** An upload in figures. */
function summaryRow(upload: AnyUpload, unusable: Message[]): OutputRow {
	const { plan, ledger } = upload;
	const summary = summarize(plan, ledger, withUnusable(messagesOf(upload), unusable));
	return { json: summary as unknown as IDataObject, from: plan.items };
}

// Where an expression can't be evaluated, all of an upload's options can't.
function withUnusable(messages: Message[], unusable: Message[]): Message[] {
	const known = new Set(messages.map(({ what }) => what));
	return [...messages, ...unusable.filter(({ what }) => !known.has(what))];
}

const COLUMNS = ['row', 'status', 'reason', 'batch', 'requestId', 'droppedField'];
const ROWS_A_PART = 1000;

/** The result for each row of a file. */
async function* resultRows(file: FileSource, ledger: Ledger, pause: Pause): RowsToWrite {
	yield [COLUMNS];
	for (let start = 0; start < ledger.received; start += ROWS_A_PART) {
		await pause();
		const rows: unknown[][] = [];
		for (let ref = start; ref < Math.min(ledger.received, start + ROWS_A_PART); ref++) {
			const { status, reason, code, batch, requestId, droppedField } = ledger.resultOf(ref);
			rows.push([file.rowOf(ref), status, reason ?? code, batch, requestId, droppedField]);
		}
		yield rows;
	}
}

/** The rows of a file that are invalid or failed, with the reason and what to do. The file is read once more. */
async function* invalidRows(file: FileSource, ledger: Ledger, pause: Pause): RowsToWrite {
	let ref = 0;
	let hasHeader = false;
	for await (const { head, rows, numbers, unreadable } of file.table()) {
		await pause();
		if (!head) continue;
		const { header = [] } = head;
		if (!hasHeader && header.length > 0) yield [returnedHeader(header)];
		hasHeader = true;
		const returned: string[][] = [];
		for (const [index, cells] of rows.entries()) {
			const result = ledger.resultOf(ref);
			if (isReturned(result)) {
				const why = unreadable?.get(numbers[index] as number);
				const advice = why ? sentence(why) : reasonOf(ledger, ref);
				const reason = String(result.reason ?? result.code);
				returned.push(returnedRow(cells, header.length, [reason, advice]));
			}
			ref++;
			if (ref === ledger.received) break;
		}
		yield returned;
		// Where reading the file ended early before, it would end there again.
		if (ref === ledger.received) return;
	}
}

/**
 * The output of 'Add Users' for files: an item for each, with Output set to Users together with the file `results.csv`.
 * The rows that were not sent are the file `invalid.csv`, or `invalid.xlsx` for a workbook: with an error output it is
 * returned there, whatever the output.
 */
async function presentFiles(
	run: Run,
	uploads: AnyUpload[],
	{ output, unusable }: Presenting,
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
		const row = summaryRow(upload, unusable);
		rows.push(Object.keys(binary).length > 0 ? { ...row, binary } : row);
	}
	return { rows, errors };
}

function errorRow(upload: AnyUpload, binary: IBinaryKeyData | undefined): ErrorRow | undefined {
	const { plan, ledger } = upload;
	const stop = stopOf(upload);
	const { invalid, failed } = ledger.counts();
	const from = plan.items[0] as number;
	if (stop && !binary)
		return { error: sentence(stop), details: { status: 'failed', code: stop.code }, from };
	if (!binary) return undefined;
	const status = failed > 0 ? 'failed' : 'invalid';
	return {
		error: stop ? sentence(stop) : notSent(invalid + failed),
		details: { status, ...(stop && { code: stop.code }) },
		from,
		binary,
	};
}

function notSent(count: number): string {
	const rows = count === 1 ? '1 row of the file was' : `${count} rows of the file were`;
	return `${rows} not sent. Correct the returned file, where each row has its reason, and send that file`;
}

async function resultsFile(
	run: Run,
	{ plan: { source }, ledger }: AnyUpload,
): Promise<IBinaryKeyData | undefined> {
	if (!(source instanceof FileSource)) return undefined;
	const file = csvFile('results.csv', resultRows(source, ledger, run.pause));
	const results = await written(file, run, ledger);
	return results && { results };
}

async function invalidFile(run: Run, upload: AnyUpload): Promise<IBinaryKeyData | undefined> {
	const { plan, ledger } = upload;
	const { source } = plan;
	const { invalid: count, failed } = ledger.counts();
	if (!(source instanceof FileSource) || count + failed === 0) return undefined;
	const { format, separator, sheet } = source.facts.head ?? {};
	const rows = invalidRows(source, ledger, run.pause);
	const file =
		format === 'xlsx'
			? xlsxFile('invalid.xlsx', rows, sheet)
			: csvFile('invalid.csv', rows, separator);
	const invalid = await written(file, run, ledger);
	return invalid && { invalid };
}

/** A file of the output. One that can't be written in full is only reported: by now the contacts are sent. */
async function written(
	{ name, mimeType, bytes, isUsableInPart }: WrittenFile,
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
