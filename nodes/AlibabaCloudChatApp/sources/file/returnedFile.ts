import { writeXlsxStream } from 'hucre';
import Papa from 'papaparse';
import { MAX_CELL_LENGTH } from './cellText';
import { tooLarge } from './fileError';
import type { Cells } from './streams';

/** What makes spreadsheets read a CSV as UTF-8. */
const BYTE_ORDER_MARK = '\ufeff';
/** Two more columns of a returned file: why each row wasn't sent, and what to do. */
const REASON_COLUMNS = ['reason', 'advice'];
const MB = 2 ** 20;
/** n8n keeps the whole file in memory while it stores it. */
const MAX_BYTES = 256 * MB;

/** A file in the output. */
export interface ReturnedFile {
	name: string;
	mimeType: string;
	/** Reading them throws a FileError if there are too many. */
	bytes: AsyncIterable<Uint8Array>;
	/** Whether the bytes before an error are still a usable file. */
	isUsableInPart: boolean;
}

/** Rows in chunks, the column names first. */
export type RowsToWrite = AsyncIterable<unknown[][]>;

/** A CSV file in UTF-8. */
export function csvFile(name: string, rows: RowsToWrite, delimiter = ','): ReturnedFile {
	return {
		name,
		mimeType: 'text/csv',
		bytes: limitBytes(csvBytes(rows, delimiter)),
		isUsableInPart: true,
	};
}

/** An Excel workbook with one sheet, in which every cell is text: no phone number becomes a number. */
export function xlsxFile(name: string, rows: RowsToWrite, sheet = ''): ReturnedFile {
	const bytes = writeXlsxStream(cellsOf(rows), {
		name: SHEET_NAME.test(sheet) ? sheet : 'Contacts',
	});
	return {
		name,
		mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
		bytes: limitBytes(bytes),
		isUsableInPart: false,
	};
}

async function* limitBytes(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	let length = 0;
	for await (const some of bytes) {
		length += some.length;
		if (length > MAX_BYTES) throw tooLarge(`The file would be larger than ${MAX_BYTES / MB} MB`);
		yield some;
	}
}

async function* csvBytes(rows: RowsToWrite, delimiter: string): AsyncGenerator<Uint8Array> {
	let mark = BYTE_ORDER_MARK;
	for await (const chunk of rows) {
		const cells = chunk.map((row) => Array.from(row, protectCell));
		const text = Papa.unparse(cells, { delimiter, newline: '\r\n' });
		yield Buffer.from(chunk.length > 0 ? `${mark}${text}\r\n` : '');
		if (chunk.length > 0) mark = '';
	}
}

// A spreadsheet evaluates a cell that begins like a formula, unless it is only a number or a phone number.
const FORMULA = /^'*[=+\-@\t\r]/;
const PLAIN_NUMBER = /^[+-]?[\d ().,/-]*$/;

function protectCell(cell: unknown): unknown {
	if (typeof cell !== 'string' || !FORMULA.test(cell) || PLAIN_NUMBER.test(cell)) return cell;
	return `'${cell}`;
}

function unprotectCell(cell: string): string {
	return cell.startsWith("'") && FORMULA.test(cell) && !PLAIN_NUMBER.test(cell.slice(1))
		? cell.slice(1)
		: cell;
}

const SHEET_NAME = /^(?!')[^\\/?*[\]:]{1,31}(?<!')$/;

async function* cellsOf(rows: RowsToWrite): AsyncGenerator<Array<string | null>> {
	for await (const chunk of rows) {
		for (const row of chunk) yield Array.from(row, (cell) => xlsxText(String(cell ?? '')) || null);
	}
}

// Text that looks like an escaped character is escaped itself.
function xlsxText(text: string): string {
	return text.slice(0, MAX_CELL_LENGTH).replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_');
}

/** The column names of a file that is returned. */
export function returnedHeader(header: Cells): string[] {
	return [...Array.from(header, (name) => name ?? ''), ...REASON_COLUMNS];
}

/** A row that is returned: as in the file, followed by the reason and the advice. */
export function returnedRow(
	cells: Cells,
	width: number,
	why: [reason: string, advice: string],
): string[] {
	const length = Math.max(width, cells.length);
	return [...Array.from({ length }, (_, column) => cells[column] ?? ''), ...why];
}

/** Whether a file was returned by this node, and is now sent again. */
export function isReturned(header: Cells): boolean {
	const first = header.length - REASON_COLUMNS.length;
	return first > 0 && REASON_COLUMNS.every((name, at) => header[first + at] === name);
}

/** A row of a returned file as it was in the original file. */
export function withoutReasons(cells: Cells, header: Cells, format: 'csv' | 'xlsx'): Cells {
	const original = cells.slice(0, header.length - REASON_COLUMNS.length);
	return format === 'csv' ? original.map(unprotectCell) : original;
}
