import { contactColumns, type Mapping } from './columns';
import type { ByteSource, Encoding } from './decode';
import { emptyFile, noRows, unreadableRow } from './fileError';
import { openFile, type FileTable } from './openFile';
import { NO_ROWS, type Cells, type RowChunk } from './parse';
import { isReturned, withoutReasons } from './returned';

export interface TableOptions {
	/** Between a CSV file's cells; empty to find it. */
	separator: string;
	encoding: Encoding;
	/** Whether a row contains the column names. */
	headerRow: boolean;
	/** The sheet of a workbook or the file in an archive; empty for the first with contacts. */
	sheet: string;
	/** Whether rows that can't be read are skipped; else, reading ends with the first that may have swallowed others. */
	skipUnreadable: boolean;
	mapping: Mapping;
}

/** What is known of a table before its first row. */
export interface TableHead {
	format: 'csv' | 'xlsx';
	/** Absent when the table has no column names. */
	header?: Cells;
	/** Rows above the column names. */
	linesAbove: number;
	/** A workbook's sheet. */
	sheet?: string;
	/** Other sheets with contacts, which are not read. */
	otherSheets: string[];
	/** What a CSV file has between its cells. */
	separator?: string;
}

/** Some of a table's rows, and what is known of all of them. */
export interface TableChunk extends RowChunk {
	/** Absent with chunks before the first row. */
	head?: TableHead;
}

/**
 * A file's rows with contacts, in chunks, which may be empty; empty rows are left out.
 * @throws FileError when it can't be read or has no row; what reading its bytes throws
 */
export async function* tableOf(
	file: ByteSource,
	options: TableOptions,
): AsyncGenerator<TableChunk> {
	const opened = yield* openFile(file, options);
	try {
		const { table, otherSheets } = yield* chooseTable(opened.tables, options);
		const rows = table.rows();
		try {
			const begin = yield* beginning(rows);
			const at = options.headerRow ? headerIn(begin.rows, options.mapping).index : -1;
			const header = begin.rows[at];
			const { format } = opened;
			const comesBack = header !== undefined && isReturned(header);
			const before = (cells: Cells) => (comesBack ? withoutReasons(cells, header, format) : cells);
			const own = (chunk: RowChunk) => {
				const read = readable(chunk, options);
				return comesBack ? { ...read, rows: read.rows.map(before) } : read;
			};
			const head: TableHead = {
				format,
				...(header && { header: before(header) }),
				linesAbove: Math.max(0, at),
				...(format === 'xlsx' && { sheet: table.name }),
				otherSheets,
				...(begin.separator && { separator: begin.separator }),
			};
			if (begin.rows.length === 0) throw emptyFile();
			if (begin.rows.length === at + 1) throw noRows();
			yield { ...own(after(begin, at)), head };
			for await (const chunk of rows) yield { ...own(chunk), head };
		} finally {
			await rows.return(undefined);
		}
	} finally {
		await opened.close();
	}
}

/** Rows among which the column names are looked for. */
const HEADER_WITHIN = 30;
/** Rows that are looked at before any is read: names must be followed by contacts. */
const BEGINNING = 2 * HEADER_WITHIN;

/** Takes a table's first rows, as one chunk; there are no more when there are fewer than asked for. */
async function* beginning(rows: AsyncGenerator<RowChunk>): AsyncGenerator<RowChunk, RowChunk> {
	let begin: RowChunk = NO_ROWS;
	while (begin.rows.length < BEGINNING) {
		const { value, done } = await rows.next();
		if (done) break;
		begin = joined(begin, value);
		yield NO_ROWS;
	}
	return begin;
}

function joined(one: RowChunk, other: RowChunk): RowChunk {
	if (one.rows.length === 0) return other;
	return {
		...other,
		rows: [...one.rows, ...other.rows],
		numbers: [...one.numbers, ...other.numbers],
		unreadable: new Map([...(one.unreadable ?? []), ...(other.unreadable ?? [])]),
	};
}

function after({ rows, numbers, unreadable, ...rest }: RowChunk, at: number): RowChunk {
	const from = numbers[at + 1] ?? 0;
	return {
		...rest,
		rows: rows.slice(at + 1),
		numbers: numbers.slice(at + 1),
		unreadable: new Map([...(unreadable ?? [])].filter(([number]) => number >= from)),
	};
}

function readable(chunk: RowChunk, { skipUnreadable }: TableOptions): RowChunk {
	for (const row of chunk.unreadable?.values() ?? []) {
		if (!skipUnreadable && !row.alone) throw unreadableRow(row);
	}
	return chunk;
}

/** @see headerIn */
interface FoundHeader {
	index: number;
	/** 2: rows with contacts follow; 1: only the names are a contact's; 0: not even they are. */
	certainty: 0 | 1 | 2;
}

const LIKE_A_CONTACT = /@|\d(?:\D?\d){4}|^[0-9a-f]{32,64}$/i;

/** The first row that names an email or phone, and is followed by one; else the first that names one; else the first. */
function headerIn(rows: Cells[], mapping: Mapping): FoundHeader {
	let named: FoundHeader | undefined;
	for (const [index, row] of rows.slice(0, HEADER_WITHIN).entries()) {
		const columns = contactColumns(row, mapping);
		if (columns.length === 0) continue;
		const following = rows.findIndex((cells, at) => at > index && isAContact(cells, columns));
		if (following < 0) {
			named ??= { index, certainty: 1 };
			continue;
		}
		// A line such as '# email, phone' says what the column names below say again.
		const last = rows.slice(0, following).findLastIndex((cells) => {
			const own = contactColumns(cells, mapping);
			return columns.every((column) => own.includes(column));
		});
		return { index: last, certainty: 2 };
	}
	return named ?? { index: 0, certainty: 0 };
}

function isAContact(cells: Cells, columns: number[]): boolean {
	return columns.some((column) => LIKE_A_CONTACT.test(cells[column] ?? ''));
}

/** The first table with contacts that is not hidden, and the names of the others with contacts. */
async function* chooseTable(
	tables: FileTable[],
	{ headerRow, mapping }: TableOptions,
): AsyncGenerator<RowChunk, { table: FileTable; otherSheets: string[] }> {
	const [only] = tables;
	if (!only) throw emptyFile();
	if (tables.length === 1) return { table: only, otherSheets: [] };
	const looked: Array<{ table: FileTable; certainty: number }> = [];
	for (const table of tables) {
		const rows = table.rows();
		const { rows: first } = yield* beginning(rows);
		await rows.return(undefined);
		if (first.length === 0) continue;
		looked.push({ table, certainty: headerRow ? headerIn(first, mapping).certainty : 0 });
	}
	const best = Math.max(...looked.map(({ certainty }) => certainty));
	const chosen = looked.find(({ certainty }) => certainty === best);
	if (!chosen) throw emptyFile();
	const others = looked.filter((each) => each !== chosen && each.certainty === 2);
	return { table: chosen.table, otherSheets: others.map(({ table }) => table.name) };
}
