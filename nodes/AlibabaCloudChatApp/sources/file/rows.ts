import Papa from 'papaparse';
import { peek } from './bytes';
import { dialectOf, type Dialect } from './dialect';
import { longRow, openQuote, strayQuote, type FileFault } from './fault';

/** A file's row as it stands there. */
export type Cells = string[];

export interface RowsOptions {
	/** Empty to find it. */
	separator: string;
	/** Called with a row that can't be read: to throw, or to go on with the next line. */
	onBroken(fault: FileFault, row: number): void;
}

const LONGEST_ROW = 1_000_000;
/**
 * Characters that are parsed at a time. Of objects that mostly live on while the garbage collector comes by, V8 takes all
 * further ones for lasting: with 64 KiB of rows at a time, a million left 100 to 700 MB that it collects late.
 */
const PART = 8192;

interface Parsed {
	data: Cells[];
	errors: Array<{ code: string; row: number }>;
	meta: { cursor: number };
}

/** Some of a text's rows. */
export interface RowChunk {
	rows: Cells[];
	separator: string;
}

/** A text's rows, in chunks. An empty line is a row, and a row that can't be read is its first line, uncut. */
export async function* rowsOf(
	text: AsyncGenerator<string>,
	options: RowsOptions,
): AsyncGenerator<RowChunk> {
	const { first = '', all, close } = await peek(text);
	try {
		const dialect = dialectOf(first, options.separator);
		const reader = new RowReader(dialect, options);
		const { separator } = dialect;
		let { start } = dialect;
		for await (const piece of all) {
			for (const rows of reader.read(piece.slice(start))) yield { rows, separator };
			start = 0;
		}
		yield { rows: reader.end(), separator };
	} finally {
		await close();
	}
}

class RowReader {
	private readonly parser: Papa.Parser;
	/** What follows the last whole row. */
	private rest = '';
	private count = 0;

	constructor(
		private readonly dialect: Dialect,
		private readonly options: RowsOptions,
	) {
		const { separator, newline } = dialect;
		this.parser = new Papa.Parser({ delimiter: separator, newline });
	}

	/** The rows that end in the next piece of the text, in chunks. */
	*read(piece: string): Generator<Cells[]> {
		for (let start = 0, end; start < piece.length; start = end) {
			// A row that takes many parts is read from its beginning each time: in larger parts, that is seldom.
			end = start + Math.max(PART, this.rest.length);
			const rows = this.parse(piece.slice(start, end));
			while (this.rest.length > LONGEST_ROW) this.passOver(longRow(this.count + 1), rows);
			if (rows.length > 0) yield rows;
		}
	}

	end(): Cells[] {
		const { newline } = this.dialect;
		const rows = this.rest === '' ? [] : this.parse(newline);
		while (this.rest !== '') this.passOver(openQuote(this.count + 1), rows);
		return rows;
	}

	private parse(piece: string): Cells[] {
		const known = this.rest + piece;
		const { data, errors, meta } = this.parser.parse(known, 0, true) as Parsed;
		this.rest = known.slice(meta.cursor);
		if (errors.length > 0) this.look(errors, data);
		this.count += data.length;
		if (this.dialect.newline === '\n') data.forEach(withoutReturn);
		return data;
	}

	// A quotation mark too many within a line does no harm, but one that swallowed the next line has taken a contact.
	private look(errors: Parsed['errors'], data: Cells[]): void {
		for (const index of new Set(errors.map(({ row }) => row))) {
			const row = data[index];
			if (!row?.some((cell) => cell.includes(this.dialect.newline))) continue;
			const number = this.count + index + 1;
			this.options.onBroken(strayQuote(number), number);
		}
	}

	// One by one: a million characters may be more rows than a call takes arguments.
	private passOver(fault: FileFault, rows: Cells[]): void {
		rows.push(this.broken(fault));
		for (const row of this.parse('')) rows.push(row);
	}

	/** Takes one line off the rest. */
	private broken(fault: FileFault): Cells {
		this.options.onBroken(fault, ++this.count);
		const end = this.rest.indexOf(this.dialect.newline);
		const line = end < 0 ? this.rest : this.rest.slice(0, end);
		this.rest = end < 0 ? '' : this.rest.slice(end + 1);
		return [line];
	}
}

function withoutReturn(row: Cells): void {
	const last = row.length - 1;
	const cell = row[last] as string;
	if (cell.charCodeAt(cell.length - 1) === 0x0d) row[last] = cell.slice(0, -1);
}
