import Papa from 'papaparse';
import { mayBeContact } from './columns';
import {
	LONGEST_ROW,
	longRow,
	openQuote,
	otherDelimiter,
	strayQuote,
	type UnreadableRow,
} from './fileError';
import { type Cells, NO_ROWS, type RowChunk } from './streams';

/** How a CSV text's cells are separated. */
interface Dialect {
	delimiter: string;
	/** How many cells most rows have. */
	width: number;
	/** Where the first row begins: after a line such as `sep=;`, which names the delimiter for Excel. */
	start: number;
}

/**
 * A CSV text's rows that are not empty, in chunks.
 * @param text in pieces, which may be empty
 * @param chosen the delimiter that the user chose; empty to detect it
 */
export async function* readCsvRows(
	text: AsyncIterable<string>,
	chosen: string,
): AsyncGenerator<RowChunk> {
	let parser: RowParser | undefined;
	for await (const piece of normalizeLineEnds(text)) {
		if (piece === '') yield NO_ROWS;
		else if (parser) yield* parser.read(piece);
		else {
			const dialect = dialectOf(piece, chosen);
			parser = new RowParser(dialect);
			yield* parser.read(piece.slice(dialect.start));
		}
	}
	if (parser) yield* parser.end();
}

// A CR alone ends a row in files from old Macs, and in files that were joined from several systems.
async function* normalizeLineEnds(text: AsyncIterable<string>): AsyncGenerator<string> {
	let held = '';
	for await (const piece of text) {
		const known = held + piece;
		held = known.endsWith('\r') ? '\r' : '';
		const whole = held ? known.slice(0, -1) : known;
		yield LONE_RETURN.test(whole) ? whole.replace(LONE_RETURNS, '\n') : whole;
	}
	if (held) yield '\n';
}

const LONE_RETURN = /\r(?!\n)/;
const LONE_RETURNS = /\r(?!\n)/g;

const DELIMITERS = [',', ';', '\t', '|'];
const SAMPLE_ROWS = 60;
const SEP_LINE = /^sep=(.)(?:\r?\n|$)/i;

/**
 * Finds the delimiter with which the most rows have the same number of cells. (Papa Parse's own detection compares each
 * of ten rows with the one before, and fails if there are lines above the column names.)
 */
function dialectOf(text: string, chosen: string): Dialect {
	const named = SEP_LINE.exec(text);
	const start = named?.[0].length ?? 0;
	const delimiters = chosen ? [chosen] : named ? [named[1] as string] : DELIMITERS;
	const samples = delimiters.map((delimiter) => ({
		delimiter,
		rows: parseText(text.slice(start), delimiter, SAMPLE_ROWS).filter((row) => !isEmpty(row)),
	}));
	const plain = findMostConsistent(samples);
	if (plain.width > 1) return { ...plain, start };
	// Some systems put each row in quotation marks as a whole: its only cell then contains the others.
	const unquoted = samples.map(({ delimiter, rows }) => ({
		delimiter,
		rows: rows.map((row) => parseText(row[0] ?? '', delimiter, 1)[0] ?? row),
	}));
	const { delimiter, width } = findMostConsistent(unquoted);
	const [header] = unquoted.find((sample) => sample.delimiter === delimiter)?.rows ?? [];
	return header?.length === width ? { delimiter, width, start } : { ...plain, start };
}

/**
 * The delimiter with which the largest share of the rows have the same number of cells, and that number; it is 1 if no
 * delimiter separates cells.
 */
function findMostConsistent(samples: Array<{ delimiter: string; rows: Cells[] }>) {
	let best = { delimiter: samples[0]?.delimiter ?? ',', share: 0, width: 1 };
	for (const { delimiter, rows } of samples) {
		const counts = new Map<number, number>();
		for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1);
		for (const [width, count] of counts) {
			const share = count / rows.length;
			if (width < 2 || share < best.share) continue;
			if (share > best.share || width > best.width) best = { delimiter, share, width };
		}
	}
	return best;
}

function parseText(text: string, delimiter: string, rows: number): Cells[] {
	const parser = new Papa.Parser({ delimiter, newline: '\n', preview: rows });
	return (parser.parse(text, 0, false) as { data: Cells[] }).data;
}

/** Whether a row is an empty line. */
function isEmpty(row: Cells): boolean {
	return row.length <= 1 && EMPTY.test(row[0] ?? '');
}

// DOS ended files with Ctrl+Z.
// eslint-disable-next-line no-control-regex
const EMPTY = /^[\s\x1a]*$/;

/**
 * Characters to parse at a time. V8 frees objects late once many of them survive a garbage collection: at 64 KiB,
 * a million rows left 250 MB.
 */
const PART = 8192;
/** Each search for the row after one that can't be read parses the remaining text: thousands would block n8n for hours. */
const MAX_CHARACTERS_SEARCHED = 1_000_000;
const LINES_PER_CHUNK = 500;

/** Why a row can't be read. */
type ReasonFor = (row: number) => UnreadableRow;
/** The rows that can't be read, by their index. */
type Reasons = Map<number, ReasonFor>;

interface Parsed {
	data: Cells[];
	errors: Array<{ row: number }>;
	meta: { cursor: number };
}

/** Parses the rows of text that comes in pieces. A row that can't be read is returned as its first line, in one cell. */
class RowParser {
	private readonly parser: Papa.Parser;
	/** The text after the last complete row. */
	private rest = '';
	private count = 0;

	constructor(private readonly dialect: Dialect) {
		this.parser = new Papa.Parser({ delimiter: dialect.delimiter, newline: '\n' });
	}

	/** The rows that end in the next piece of the text. */
	*read(piece: string): Generator<RowChunk> {
		for (let start = 0, end; start < piece.length; start = end) {
			// An incomplete row is parsed again from its beginning each time, so it is then extended by larger parts.
			end = start + Math.max(PART, this.rest.length);
			yield this.parse(piece.slice(start, end));
			yield* this.skip(longRow, () => this.rest.length <= LONGEST_ROW);
		}
	}

	*end(): Generator<RowChunk> {
		if (this.rest !== '') yield this.parse('\n');
		yield* this.skip(openQuote, () => this.rest === '');
	}

	private parse(piece: string): RowChunk {
		const rows = this.parseRows(piece);
		const reasons: Reasons = new Map();
		for (const index of rows.joinedByQuote) reasons.set(index, strayQuote);
		return this.chunkOf(rows.data, reasons);
	}

	/** Parses the complete rows in the rest and the piece, and notes those that a quotation mark joins with others. */
	private parseRows(piece: string): { data: Cells[]; joinedByQuote: number[] } {
		const known = this.rest + piece;
		const { data, errors, meta } = this.parser.parse(known, 0, true) as Parsed;
		this.rest = known.slice(meta.cursor);
		// An extra quotation mark within a line does no harm, but one that joins two lines loses a contact.
		const joinedByQuote = [...new Set(errors.map(({ row }) => row))].filter((index) =>
			data[index]?.some((cell) => cell.includes('\n')),
		);
		data.forEach(removeReturn);
		return { data, joinedByQuote };
	}

	/** Removes lines from the rest, which begins with a row that can't be read, and tries to parse again after each. */
	private *skip(reason: ReasonFor, isDone: () => boolean): Generator<RowChunk> {
		let searched = 0;
		while (!isDone()) {
			yield this.chunkOf([[this.takeLine()]], new Map([[0, reason]]));
			searched += this.rest.length;
			if (searched > MAX_CHARACTERS_SEARCHED) yield* this.readByLine(reason);
			else yield this.parse('');
		}
	}

	/** Reads the rest line by line: a quotation mark no longer reaches beyond its line. */
	private *readByLine(reason: ReasonFor): Generator<RowChunk> {
		let text = this.rest;
		while (text.includes('\n')) {
			const rows: Cells[] = [];
			const reasons: Reasons = new Map();
			let start = 0;
			let end = text.indexOf('\n') + 1;
			while (end > 0 && rows.length < LINES_PER_CHUNK) {
				this.rest = '';
				const [row] = this.parseRows(text.slice(start, end)).data;
				if (!row) reasons.set(rows.length, reason);
				rows.push(row ?? [this.takeLine()]);
				start = end;
				end = text.indexOf('\n', start) + 1;
			}
			text = text.slice(start);
			yield this.chunkOf(rows, reasons);
		}
		this.rest = text;
	}

	/** Removes one line from the rest. */
	private takeLine(): string {
		const end = this.rest.indexOf('\n');
		const line = end < 0 ? this.rest : this.rest.slice(0, end);
		this.rest = end < 0 ? '' : this.rest.slice(end + 1);
		return line.endsWith('\r') ? line.slice(0, -1) : line;
	}

	/** Numbers the rows and leaves out empty ones. */
	private chunkOf(all: Cells[], reasons: Reasons): RowChunk {
		const { delimiter, width } = this.dialect;
		const rows: Cells[] = [];
		const numbers: number[] = [];
		const unreadableRows = new Map<number, UnreadableRow>();
		for (const [index, each] of all.entries()) {
			const number = ++this.count;
			if (isEmpty(each)) continue;
			let row = each;
			const reason = reasons.get(index);
			if (reason) unreadableRows.set(number, reason(number));
			else if (width > 1 && each.length === 1) {
				row = cellsInQuotes(each, this.dialect);
				if (hasOtherDelimiter(row, this.dialect))
					unreadableRows.set(number, otherDelimiter(number));
			}
			rows.push(row);
			numbers.push(number);
		}
		return { rows, numbers, delimiter, ...(unreadableRows.size > 0 && { unreadableRows }) };
	}
}

function removeReturn(row: Cells): void {
	const last = row.length - 1;
	const cell = row[last] as string;
	if (cell.charCodeAt(cell.length - 1) === 0x0d) row[last] = cell.slice(0, -1);
}

/** The cells of a row that is quoted as a whole, as some systems write it. */
function cellsInQuotes(row: Cells, { delimiter, width }: Dialect): Cells {
	const cell = row[0] as string;
	if (!cell.includes(delimiter)) return row;
	const [cells] = parseText(cell, delimiter, 1);
	return cells?.length === width ? cells : row;
}

/** Whether another delimiter makes the row as wide as the others, and it contains a contact. */
function hasOtherDelimiter(row: Cells, { delimiter, width }: Dialect): boolean {
	if (row.length > 1 || !mayBeContact(row[0] as string)) return false;
	return DELIMITERS.some(
		(other) => other !== delimiter && parseText(row[0] as string, other, 1)[0]?.length === width,
	);
}
