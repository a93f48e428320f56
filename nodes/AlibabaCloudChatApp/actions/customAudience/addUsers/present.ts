import type { IBinaryData, IBinaryKeyData, IDataObject } from 'n8n-workflow';
import { forEachIndex, type Pause } from '../../../async';
import { REASONS } from '../../../contacts/reasons';
import { type Message, sentence } from '../../../message';
import { FileSource } from '../../../sources/file/fileSource';
import type { Cells } from '../../../sources/file/parse';
import type { TableHead } from '../../../sources/file/table';
import { BYTE_ORDER_MARK, csvOf } from '../../../sources/file/writeCsv';
import type { Ref } from '../../../sources/source';
import { withCode } from '../../../transport/apiError';
import type { FailedPlan, Plan, Upload } from '../../../upload/decide';
import type { ContactResult, Ledger } from '../../../upload/ledger';
import { summarize } from '../../../upload/summary';
import { type ErrorRow, type OperationResult, type OutputRow, showHints } from '../../output';
import { hintsOf, messagesOf, stopOf } from '../sending/messages';
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
	const isManual = run.context.getMode() === 'manual';
	showHints(run.context, hintsOf(uploads, settings.unusable, { isManual }));
	return { ...presented, sent: uploads.some(({ ledger }) => ledger.isAnyAccepted) };
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
		readers[item]?.(item, (ledger, ref) => {
			const result = ledger.resultOf(ref);
			if (onError === 'errorOutput' && isReturned(result)) {
				errors.push({ error: reasonOf(ledger, ref), details: { ...result }, from: item });
			} else if (output === 'users') {
				rows.push({ json: { ...input[item]?.json, customAudience: { ...result } }, from: item });
			}
		});
	});
	return { rows, errors };
}

type ReadContacts = (item: number, each: (ledger: Ledger, ref: Ref) => void) => void;

/** For each input item, what reads its contacts; items are read in order. */
function contactsByItem(uploads: AnyUpload[], length: number): ReadContacts[] {
	const readers = new Array<ReadContacts>(length);
	for (const { plan, ledger } of uploads) {
		const { items, source } = plan;
		let ref = 0;
		const itemOf = (at: Ref) => source?.itemOf(at) ?? items[at];
		const read: ReadContacts = (item, each) => {
			for (; ref < ledger.received && itemOf(ref) === item; ref++) each(ledger, ref);
		};
		for (const item of items) readers[item] = read;
	}
	return readers;
}

/** Whether a contact is returned through the error output, to be fixed or sent again. */
function isReturned({ status }: ContactResult): boolean {
	return status === 'refused' || status === 'failed';
}

/** Why a contact was not sent, in a sentence. */
function reasonOf(ledger: Ledger, ref: Ref): string {
	const entry = ledger.entryOf(ref);
	if (entry.status === 'refused') return REASONS[entry.reason];
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

const COLUMNS = ['row', 'status', 'reason', 'batch', 'requestId', 'leftOut'];
const ROWS_A_PART = 1000;

/** The result for each row of a file, as CSV in UTF-8: `account.csv`. */
async function* resultsOf(file: FileSource, ledger: Ledger, pause: Pause): AsyncGenerator<string> {
	yield BYTE_ORDER_MARK + csvOf([COLUMNS], ',');
	for (let start = 0; start < ledger.received; start += ROWS_A_PART) {
		await pause();
		const rows: unknown[][] = [];
		for (let ref = start; ref < Math.min(ledger.received, start + ROWS_A_PART); ref++) {
			const { status, reason, code, batch, requestId, leftOut } = ledger.resultOf(ref);
			rows.push([file.rowOf(ref), status, reason ?? code, batch, requestId, leftOut]);
		}
		yield csvOf(rows, ',');
	}
}

/** The columns that are added to a returned row. */
const REASON_COLUMNS = ['reason', 'advice'];

/**
 * The rows of a file that are invalid or failed, as in the file, with a column for the reason and one for what to do, as
 * CSV in UTF-8: `refused.csv`. The file is read once more.
 */
async function* invalidRowsOf(
	file: FileSource,
	ledger: Ledger,
	pause: Pause,
): AsyncGenerator<string> {
	let ref = 0;
	for await (const { head, rows: all } of file.table()) {
		await pause();
		if (!head) continue;
		const own = ownColumns(head.header);
		const returned = (head.header?.length ?? 0) > own;
		if (ref === 0) yield BYTE_ORDER_MARK + headerOf(head, own);
		const rows: Cells[] = [];
		for (const cells of all) {
			if (ref === ledger.received) break;
			if (isReturned(ledger.resultOf(ref))) {
				rows.push([
					...filledUp(returned ? cells.slice(0, own) : cells, own),
					...reasons(ledger, ref),
				]);
			}
			ref++;
		}
		yield csvOf(rows, head.separator ?? ',');
	}
}

/** How many columns a file has, without those that were added when it was returned before. */
function ownColumns(header: Cells = []): number {
	const own = header.length - REASON_COLUMNS.length;
	return REASON_COLUMNS.every((name, at) => header[own + at] === name) ? own : header.length;
}

function headerOf({ header, separator = ',' }: TableHead, own: number): string {
	return header ? csvOf([[...header.slice(0, own), ...REASON_COLUMNS]], separator) : '';
}

function filledUp(cells: Cells, own: number): Cells {
	const missing = Math.max(0, own - cells.length);
	return [...cells, ...Array<string>(missing).fill('')];
}

function reasons(ledger: Ledger, ref: number): Cells {
	const { reason, code } = ledger.resultOf(ref);
	return [String(reason ?? code), reasonOf(ledger, ref)];
}

/**
 * The output of 'Add Users' for files: an item for each, with Output set to Users together with the file `account.csv`.
 * The rows that were not sent are the file `refused.csv`: with an error output it is returned there, whatever the output.
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
			const invalid = await invalidFile(run, upload);
			const error = isErrorOutput ? errorRow(upload, invalid) : undefined;
			if (error) errors.push(error);
			else Object.assign(binary, invalid);
		}
		const row = summaryRow(upload, unusable);
		rows.push(Object.keys(binary).length > 0 ? { ...row, binary } : row);
	}
	return { rows, errors };
}

function errorRow(upload: AnyUpload, binary: IBinaryKeyData | undefined): ErrorRow | undefined {
	const { plan, ledger } = upload;
	const stop = stopOf(upload);
	const { refused, failed } = ledger.counts();
	const from = plan.items[0] as number;
	if (stop && !binary)
		return { error: sentence(stop), details: { status: 'failed', code: stop.code }, from };
	if (!binary) return undefined;
	const status = failed > 0 ? 'failed' : 'refused';
	return {
		error: stop ? sentence(stop) : notSent(refused + failed),
		details: { status, refused, failed, ...(stop && { code: stop.code }) },
		from,
		binary,
	};
}

function notSent(count: number): string {
	const rows = count === 1 ? '1 row of the file was' : `${count} rows of the file were`;
	return `${rows} not sent. Correct what 'refused.csv' contains, with the reason beside each row, and send it again`;
}

async function resultsFile(
	run: Run,
	{ plan: { source }, ledger }: AnyUpload,
): Promise<IBinaryKeyData | undefined> {
	if (!(source instanceof FileSource)) return undefined;
	const account = await written('account.csv', resultsOf(source, ledger, run.pause), {
		run,
		ledger,
	});
	return account && { account };
}

async function invalidFile(run: Run, upload: AnyUpload): Promise<IBinaryKeyData | undefined> {
	const { plan, ledger } = upload;
	const { source } = plan;
	const { refused, failed } = ledger.counts();
	if (!(source instanceof FileSource) || refused + failed === 0) return undefined;
	const texts = invalidRowsOf(source, ledger, run.pause);
	// Where reading the file ended early before, it ends there again.
	const endsEarly = stopOf(upload) !== undefined;
	const rows = await written('refused.csv', texts, { run, ledger, endsEarly });
	return rows && { refused: rows };
}

/** A file of the output. One that can't be written in full is only reported: by now the contacts are sent. */
async function written(
	name: string,
	texts: AsyncIterable<string>,
	{ run, ledger, endsEarly }: { run: Run; ledger: Ledger; endsEarly?: boolean },
): Promise<IBinaryData | undefined> {
	const { context } = run;
	const { unwrittenFiles } = ledger.facts;
	const parts: Buffer[] = [];
	try {
		for await (const text of texts) parts.push(Buffer.from(text));
	} catch {
		context.getExecutionCancelSignal()?.throwIfAborted();
		if (!endsEarly) unwrittenFiles.push(name);
	}
	try {
		return await context.helpers.prepareBinaryData(Buffer.concat(parts), name, 'text/csv');
	} catch {
		unwrittenFiles.push(name);
		return undefined;
	}
}
