import { isNamedOptedOut } from '../../contacts/consentNames';
import type { Contact } from '../../contacts/contact';
import { type ContactSource, countUpTo, type Ref, type SourceFacts } from '../source';
import {
	certaintyOf,
	headerIn,
	type Mapping,
	namesOf,
	type ReadRow,
	rowReader,
	ROWS_SEARCHED,
	secondTableIn,
	titledNames,
} from './columns';
import type { Encoding } from './encoding';
import { emptyFile, noRows, errorForRow } from './fileError';
import { type FileSheet, openFile, optedOutFile, optedOutList } from './openFile';
import { isReturned, withoutReasons } from './returnedFile';
import { type ByteSource, type Cells, NO_ROWS, type RowChunk } from './streams';

/** What was noticed while the file was read. */
export interface FileFacts extends SourceFacts {
	/** Rows so far, each of which is a contact or can't be read. */
	rows: number;
	/** What is known about the table once its first row has been read. */
	head?: FileHead;
}

/** How a file is read, and where it came from. */
export interface FileSourceOptions extends FileOptions {
	/** The input item that has the file. */
	item: number;
	/** The column that shows whether a contact agreed; absent for none. */
	consentField?: string;
	/** Called with the number of rows read so far. */
	onRows?(rows: number): void;
}

const ROWS_PER_PART = 20;

/** A file's rows as contacts, one a row. */
export class FileSource implements ContactSource {
	readonly facts: FileFacts = { rows: 0 };
	/** Where row numbers skip rows: the first contact after each gap, and how far its row number is ahead of its index. */
	private readonly gaps = { from: [] as Ref[], ahead: [] as number[] };

	constructor(
		private readonly file: ByteSource,
		private readonly options: FileSourceOptions,
	) {}

	/** All contacts, in order, in chunks. @throws FileError; what reading the file throws */
	async *open(): AsyncGenerator<Contact[]> {
		let reader: { read: ReadRow; width: number } | undefined;
		this.gaps.from.length = this.gaps.ahead.length = 0;
		const { facts } = this;
		Object.assign(facts, {
			rows: 0,
			head: undefined,
			unreadableRows: undefined,
			wideRows: undefined,
		});
		for await (const chunk of this.rows()) {
			if (chunk.head && !facts.head) {
				const { sheet, otherSheets, rowsAbove, header = [] } = chunk.head;
				const secondTable = secondTableIn(header);
				Object.assign(facts, { head: chunk.head, sheet, otherSheets, rowsAbove, secondTable });
			}
			if (chunk.rows.length > 0) reader ??= this.readerOf(chunk);
			this.note(chunk, reader?.width ?? 0);
			this.options.onRows?.(facts.rows);
			if (reader && chunk.rows.length > 0) yield* readRows(chunk, reader.read);
			else yield [];
		}
	}

	itemOf(): number {
		return this.options.item;
	}

	locationOf(ref: Ref): string {
		return `Row ${this.rowOf(ref)}`;
	}

	/** The number of a contact's row, as spreadsheets count. */
	rowOf(ref: Ref): number {
		const { from, ahead } = this.gaps;
		const count = countUpTo(ref, from.length, (index) => from[index]);
		return ref + (ahead[count - 1] ?? 1);
	}

	/** The file's rows as written, with their numbers, one for each contact and in the same order. */
	rows(): AsyncGenerator<FileChunk> {
		return readFileRows(this.file, this.options);
	}

	private readerOf({ head, rows }: FileChunk): { read: ReadRow; width: number } {
		const { mapping, consentField } = this.options;
		const { header, above } = head ?? {};
		const names = namesOf(header, rows[0]?.length ?? 0);
		const titled = header && above ? namesOf(titledNames(header, above), 0) : names;
		return { read: rowReader(names, mapping, consentField, titled), width: names.length };
	}

	private note({ rows, numbers, unreadableRows }: RowChunk, width: number): void {
		const { facts, gaps } = this;
		for (const [index, number] of numbers.entries()) {
			const from = facts.rows + index;
			if (number - from === gaps.ahead.at(-1)) continue;
			gaps.from.push(from);
			gaps.ahead.push(number - from);
		}
		facts.rows += rows.length;
		for (const { what } of unreadableRows?.values() ?? []) {
			facts.unreadableRows ??= { count: 0, what };
			facts.unreadableRows.count++;
		}
		for (const [index, { length }] of rows.entries()) {
			if (length <= width) continue;
			facts.wideRows ??= { count: 0, row: numbers[index] as number };
			facts.wideRows.count++;
		}
	}
}

const UNREADABLE: Contact = { reason: 'row_unreadable' };

// In small parts: V8 frees objects late once many of them survive a garbage collection.
function* readRows(
	{ rows, numbers, unreadableRows }: RowChunk,
	read: ReadRow,
): Generator<Contact[]> {
	for (let start = 0; start < rows.length; start += ROWS_PER_PART) {
		const part = rows.slice(start, start + ROWS_PER_PART);
		yield part.map((cells, index) =>
			unreadableRows?.has(numbers[start + index] as number) ? UNREADABLE : read(cells),
		);
	}
}

/** How a file's rows are read. */
export interface FileOptions {
	/** The delimiter between a CSV file's cells; empty to detect it. */
	delimiter: string;
	encoding: Encoding;
	/** Whether the file has column names. */
	headerRow: boolean;
	/** The sheet of a workbook or the file in an archive; empty for the first with contacts. */
	sheet: string;
	/** Whether unreadable rows that may contain others are skipped; otherwise, the first one ends the run. */
	skipUnreadable: boolean;
	mapping: Mapping;
}

/** What is known about a table before its first row. */
export interface FileHead {
	format: 'csv' | 'xlsx';
	/** Absent when the table has no column names. */
	header?: Cells;
	/** Rows above the column names. */
	rowsAbove: number;
	/** The row directly above the column names. */
	above?: Cells;
	/** A workbook's sheet. */
	sheet?: string;
	/** Other sheets with contacts, which are not read. */
	otherSheets: string[];
	/** The delimiter of a CSV file's cells. */
	delimiter?: string;
}

/** Some of a table's rows, and what is known about the table. */
export interface FileChunk extends RowChunk {
	/** Absent in chunks before the first row. */
	head?: FileHead;
}

/**
 * A file's rows with contacts, in chunks, which may be empty; empty rows are left out.
 * @throws FileError when it can't be read or has no rows; what reading its bytes throws
 */
async function* readFileRows(file: ByteSource, options: FileOptions): AsyncGenerator<FileChunk> {
	rejectOptedOutFile(file, options);
	const opened = yield* openFile(file, options);
	try {
		const { table, otherSheets } = yield* chooseSheet(opened.sheets, options);
		rejectOptedOutSheet(table, options);
		const rows = table.rows();
		try {
			const first = yield* readBeginning(rows);
			const headerAt = options.headerRow ? headerIn(first.rows, options.mapping).index : -1;
			if (first.rows.length === 0) throw emptyFile();
			if (first.rows.length === headerAt + 1) throw noRows();
			const header = first.rows[headerAt];
			const { format } = opened;
			const wasReturned = header !== undefined && isReturned(header);
			const originalRow = (cells: Cells) =>
				wasReturned ? withoutReasons(cells, header, format) : cells;
			const original = (chunk: RowChunk) =>
				wasReturned ? { ...chunk, rows: chunk.rows.map(originalRow) } : chunk;
			const head: FileHead = {
				format,
				...(header && { header: originalRow(header) }),
				rowsAbove: Math.max(0, headerAt),
				...(isDirectlyAbove(first, headerAt) && { above: first.rows[headerAt - 1] }),
				...(format === 'xlsx' && { sheet: table.name }),
				otherSheets,
				...(first.delimiter && { delimiter: first.delimiter }),
			};
			yield* untilUnreadable({ ...original(rowsAfter(first, headerAt)), head }, options);
			for await (const chunk of rows) yield* untilUnreadable({ ...original(chunk), head }, options);
		} finally {
			await rows.return(undefined);
		}
	} finally {
		await opened.close();
	}
}

/** Rows to examine before the first contact is read, since contacts must follow the column names. */
const BEGINNING_ROWS = 2 * ROWS_SEARCHED;

/** Reads a table's first rows as one chunk: fewer than `BEGINNING_ROWS` if there are no more. */
async function* readBeginning(rows: AsyncGenerator<RowChunk>): AsyncGenerator<RowChunk, RowChunk> {
	let begin: RowChunk = NO_ROWS;
	while (begin.rows.length < BEGINNING_ROWS) {
		const { value, done } = await rows.next();
		if (done) break;
		begin = joinChunks(begin, value);
		yield NO_ROWS;
	}
	return begin;
}

function joinChunks(one: RowChunk, other: RowChunk): RowChunk {
	if (one.rows.length === 0) return other;
	return {
		...one,
		...other,
		rows: [...one.rows, ...other.rows],
		numbers: [...one.numbers, ...other.numbers],
		unreadableRows: new Map([...(one.unreadableRows ?? []), ...(other.unreadableRows ?? [])]),
	};
}

function rowsAfter({ rows, numbers, unreadableRows, ...rest }: RowChunk, at: number): RowChunk {
	const from = numbers[at + 1] ?? 0;
	return {
		...rest,
		rows: rows.slice(at + 1),
		numbers: numbers.slice(at + 1),
		unreadableRows: new Map([...(unreadableRows ?? [])].filter(([number]) => number >= from)),
	};
}

function isDirectlyAbove({ numbers }: RowChunk, at: number): boolean {
	return at > 0 && numbers[at - 1] === (numbers[at] as number) - 1;
}

/**
 * A chunk, or its rows before the first one that can't be read and isn't to be skipped.
 * @throws FileError for that row
 */
function* untilUnreadable(chunk: FileChunk, { skipUnreadable }: FileOptions): Generator<FileChunk> {
	const { rows, numbers, unreadableRows } = chunk;
	for (const [number, row] of unreadableRows ?? []) {
		if (skipUnreadable || row.isAlone) continue;
		// Rows before it may contain contacts who opted out.
		const end = numbers.indexOf(number);
		yield { ...chunk, rows: rows.slice(0, end), numbers: numbers.slice(0, end) };
		throw errorForRow(row);
	}
	yield chunk;
}

/** @throws FileError when no sheet is chosen, and the file's name says that its contacts said no to marketing */
function rejectOptedOutFile({ name = '' }: ByteSource, { sheet }: FileOptions): void {
	if (sheet.trim() === '' && isNamedOptedOut(name)) throw optedOutFile(name);
}

/** @throws FileError when no sheet is chosen, and this one's name says that its contacts said no to marketing */
function rejectOptedOutSheet({ name }: FileSheet, { sheet }: FileOptions): void {
	if (sheet.trim() === '' && isNamedOptedOut(name)) throw optedOutList('sheet', name);
}

/** The table most likely to contain contacts (the first one of several), and the names of the others with contacts. */
async function* chooseSheet(
	tables: FileSheet[],
	{ headerRow, mapping }: FileOptions,
): AsyncGenerator<RowChunk, { table: FileSheet; otherSheets: string[] }> {
	const [first] = tables;
	if (!first) throw emptyFile();
	if (tables.length === 1) return { table: first, otherSheets: [] };
	const examined: Array<{ table: FileSheet; certainty: number }> = [];
	for (const table of tables) {
		const rows = table.rows();
		const { rows: beginning } = yield* readBeginning(rows);
		await rows.return(undefined);
		if (beginning.length === 0) continue;
		const certainty = headerRow ? headerIn(beginning, mapping).certainty : certaintyOf(beginning);
		examined.push({ table, certainty });
	}
	const best = Math.max(...examined.map(({ certainty }) => certainty));
	const chosen = examined.find(({ certainty }) => certainty === best);
	if (!chosen) throw emptyFile();
	const others = examined.filter((each) => each !== chosen && each.certainty === 2);
	return { table: chosen.table, otherSheets: others.map(({ table }) => table.name) };
}
