import type {
	IBinaryData,
	IBinaryKeyData,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
} from 'n8n-workflow';
import { forEachIndex, type Pause } from '../../../async';
import { REASONS } from '../../../contacts/reasons';
import { type Message, sentence } from '../../../message';
import type { FileSource } from '../../../sources/file/fileSource';
import type { Cells } from '../../../sources/file/parse';
import type { TableHead } from '../../../sources/file/table';
import { BYTE_ORDER_MARK, csvOf } from '../../../sources/file/writeCsv';
import type { Ref } from '../../../sources/source';
import { withCode } from '../../../transport/apiError';
import type { Fate, Ledger } from '../../../upload/ledger';
import { summarize } from '../../../upload/summary';
import { isAnyAccepted, type SentBatch } from '../../../upload/upload';
import type { ErrorRow, OnError, OperationResult, OutputRow } from '../../output';
import type { Submission } from './plan';

/** Whether a contact leaves by the error output, to be mended or sent again. */
export function isGivenBack({ status }: Fate): boolean {
	return status === 'refused' || status === 'failed';
}

/** Why a contact was not sent, in a sentence. */
export function reasonOf(ledger: Ledger, ref: Ref): string {
	const outcome = ledger.outcomeOf(ref);
	switch (outcome.status) {
		case 'refused':
			return REASONS[outcome.reason];
		case 'failed':
			return sentence(outcome.why);
		case 'sent': {
			const { error } = ledger.delivery.batches[outcome.batch - 1] as SentBatch;
			if (error) return `The contact's batch was not accepted: ${withCode(error)}`;
		}
	}
	return 'The contact was not sent';
}

/**
 * The output of 'Add Users': a row for each submission or for each input item.
 * With an error output, refused and failed contacts leave by it, whatever the output.
 */
export async function present(
	submissions: Submission[],
	input: INodeExecutionData[],
	settings: { output: 'summary' | 'users'; onError: OnError; pause: Pause },
): Promise<OperationResult> {
	const { output, onError, pause } = settings;
	const sent = submissions.some(({ ledger }) => isAnyAccepted(ledger.delivery));
	const rows: OutputRow[] = output === 'summary' ? submissions.map(summaryRow) : [];
	if (output === 'summary' && onError !== 'errorOutput') return { rows, sent };

	const placeOf = placesOfItems(submissions, input.length);
	const errors: ErrorRow[] = [];
	await forEachIndex(input.length, pause, (item) => {
		const { ledger, ref } = placeOf[item] as Place;
		const fate = ledger.fateOf(ref);
		if (onError === 'errorOutput' && isGivenBack(fate)) {
			errors.push({ error: reasonOf(ledger, ref), details: { ...fate }, from: item });
		} else if (output === 'users') {
			rows.push({ json: { ...input[item]?.json, customAudience: { ...fate } }, from: item });
		}
	});
	return { rows, errors, sent };
}

/** The API answers "OK" long before Meta has matched anybody. */
export const WHEN_MATCHED =
	"Submitted is not matched yet: matches show up within a day. To check, run 'Get Result' behind this node a day later";

/** When collected contacts go; nothing where none wait and users were sent. */
export function nextOf({ collecting, ledger }: Submission): string[] {
	if (!collecting || (collecting.waiting === 0 && isAnyAccepted(ledger.delivery))) return [];
	return [collecting.next];
}

/** A submission in figures. */
export function summaryRow(submission: Submission): OutputRow {
	const { audience, audienceName, ledger, items, found, preview, collecting, warnings, fields } =
		submission;
	const told = { audienceName, found, plan: preview, collecting, warnings, fields };
	const summary = summarize(audience, ledger, told);
	return { json: summary as unknown as IDataObject, from: items };
}

interface Place {
	ledger: Ledger;
	ref: Ref;
}

function placesOfItems(submissions: Submission[], length: number): Place[] {
	const places = new Array<Place>(length);
	for (const { ledger, items } of submissions) {
		items.forEach((item, ref) => (places[item] = { ledger, ref }));
	}
	return places;
}

const COLUMNS = ['row', 'status', 'reason', 'batch', 'requestId', 'leftOut'];
const ROWS_A_PART = 1000;

/** What became of each row of a file, as CSV in UTF-8: `account.csv`. */
export async function* accountOf(
	file: FileSource,
	ledger: Ledger,
	pause: Pause,
): AsyncGenerator<string> {
	yield BYTE_ORDER_MARK + csvOf([COLUMNS], ',');
	for (let start = 0; start < ledger.received; start += ROWS_A_PART) {
		await pause();
		const rows: unknown[][] = [];
		for (let ref = start; ref < Math.min(ledger.received, start + ROWS_A_PART); ref++) {
			const { status, reason, code, batch, requestId, leftOut } = ledger.fateOf(ref);
			rows.push([file.rowOf(ref), status, reason ?? code, batch, requestId, leftOut]);
		}
		yield csvOf(rows, ',');
	}
}

/** What a row that comes back says in two columns of its own. */
const REASON_COLUMNS = ['reason', 'advice'];

/**
 * The rows of a file that were refused or not accepted, as they stand there, with a column `reason` and one that says
 * what to do, as CSV in UTF-8: `refused.csv`. The file is read once more.
 */
export async function* refusedRowsOf(
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
			if (isGivenBack(ledger.fateOf(ref))) {
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

/** How many columns a file has, but for those that it has from the time before, when it comes back mended. */
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
	const { reason, code } = ledger.fateOf(ref);
	return [String(reason ?? code), reasonOf(ledger, ref)];
}

interface Presenting {
	context: IExecuteFunctions;
	output: 'summary' | 'users';
	onError: OnError;
	pause: Pause;
}

/**
 * The output of 'Add Users' for files: a row for each, with 'Users' output together with the file `account.csv`.
 * The rows that were not sent are the file `refused.csv`: with an error output it leaves there, whatever the output.
 */
export async function presentFiles(
	submissions: Submission[],
	presenting: Presenting,
): Promise<OperationResult> {
	const rows: OutputRow[] = [];
	const errors: ErrorRow[] = [];
	for (const submission of submissions) {
		const isErrorOutput = presenting.onError === 'errorOutput';
		const binary: IBinaryKeyData = {};
		if (presenting.output === 'users') Object.assign(binary, await account(submission, presenting));
		if (isErrorOutput || presenting.output === 'users') {
			const refused = await refusedRows(submission, presenting);
			const error = isErrorOutput ? errorRow(submission, refused) : undefined;
			if (error) errors.push(error);
			else Object.assign(binary, refused);
		}
		const row = summaryRow(submission);
		rows.push(Object.keys(binary).length > 0 ? { ...row, binary } : row);
	}
	return { rows, errors, sent: submissions.some(({ ledger }) => isAnyAccepted(ledger.delivery)) };
}

function errorRow(
	{ ledger, items, stop }: Submission,
	binary: IBinaryKeyData | undefined,
): ErrorRow | undefined {
	const { refused, failed } = ledger.counts();
	const from = items[0] as number;
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
	return `${rows} not sent. Correct what 'refused.csv' holds, with the reason beside each row, and send it again`;
}

async function account(
	submission: Submission,
	{ context, pause }: Presenting,
): Promise<IBinaryKeyData | undefined> {
	const { file, ledger } = submission;
	if (!file) return undefined;
	const texts = accountOf(file, ledger, pause);
	const account = await written('account.csv', texts, { submission, context });
	return account && { account };
}

async function refusedRows(
	submission: Submission,
	{ context, pause }: Presenting,
): Promise<IBinaryKeyData | undefined> {
	const { file, ledger } = submission;
	const { refused, failed } = ledger.counts();
	if (!file || refused + failed === 0) return undefined;
	const texts = refusedRowsOf(file, ledger, pause);
	const rows = await written('refused.csv', texts, { submission, context });
	return rows && { refused: rows };
}

/** A file of the output. What can't be written is told: by now the contacts are sent. */
async function written(
	name: string,
	texts: AsyncIterable<string>,
	{ submission, context }: { submission: Submission; context: IExecuteFunctions },
): Promise<IBinaryData | undefined> {
	const parts: Buffer[] = [];
	try {
		for await (const text of texts) parts.push(Buffer.from(text));
	} catch {
		context.getExecutionCancelSignal()?.throwIfAborted();
		// Where the file's reading ended early before, it ends there again.
		if (!submission.stop) submission.warnings.push(notWritten(name));
	}
	try {
		return await context.helpers.prepareBinaryData(Buffer.concat(parts), name, 'text/csv');
	} catch {
		submission.warnings.push(notWritten(name));
		return undefined;
	}
}

function notWritten(name: string): Message {
	return {
		code: 'file_not_written',
		what: `'${name}' could not be written in full`,
		fix: 'The counts of this summary are right all the same',
	};
}
