import type { Pause } from '../../../pause';
import type { FileSource } from '../../../sources/file/fileSource';
import type { Cells } from '../../../sources/file/rowParser';
import type { TableChunk } from '../../../sources/file/table';
import { BYTE_ORDER_MARK, csvOf } from '../../../sources/file/writeCsv';
import type { Ledger } from '../../../submission/ledger';
import { isGivenBack, reasonOf } from './fates';

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
	for await (const chunk of file.table()) {
		await pause();
		const own = ownColumns(chunk.header);
		const returned = (chunk.header?.length ?? 0) > own;
		if (ref === 0) yield BYTE_ORDER_MARK + headerOf(chunk, own);
		const rows: Cells[] = [];
		for (const cells of chunk.rows) {
			if (ref === ledger.received) break;
			if (isGivenBack(ledger.fateOf(ref))) {
				rows.push([
					...filledUp(returned ? cells.slice(0, own) : cells, own),
					...reasons(ledger, ref),
				]);
			}
			ref++;
		}
		yield csvOf(rows, chunk.separator);
	}
}

/** How many columns a file has, but for those that it has from the time before, when it comes back mended. */
function ownColumns(header: Cells = []): number {
	const own = header.length - REASON_COLUMNS.length;
	return REASON_COLUMNS.every((name, at) => header[own + at] === name) ? own : header.length;
}

function headerOf({ header, separator }: TableChunk, own: number): string {
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
