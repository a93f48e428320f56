import Papa from 'papaparse';
import type { Dialect } from './dialect';
import { longRow, openQuote, strayQuote, type FileFault } from './fault';

/** A file's row as it stands there. */
export type Cells = string[];

/** Called with a row that can't be read: to throw, or to go on with the next line. */
export type OnBroken = (fault: FileFault, row: number) => void;

const LONGEST_ROW = 1_000_000;
/**
 * Characters that are parsed at a time. Of objects that mostly live on while the garbage collector comes by, V8 takes all
 * further ones for lasting: with 64 KiB of rows at a time, a million left 250 MB that it collects late.
 */
const PART = 8192;
/** Each look for a row behind a broken one goes through all the rest: of thousands, they would hold n8n up for hours. */
const MOST_LOOKED_THROUGH = 5_000_000;

type FaultOf = (row: number) => FileFault;

interface Parsed {
	data: Cells[];
	errors: Array<{ code: string; row: number }>;
	meta: { cursor: number };
}

/** Takes the rows out of a text that comes in pieces. A row that can't be read is its first line, uncut. */
export class RowParser {
	private readonly parser: Papa.Parser;
	/** What follows the last whole row. */
	private rest = '';
	private count = 0;

	constructor(
		private readonly dialect: Dialect,
		private readonly onBroken: OnBroken,
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
			this.passOver(longRow, { rows, until: () => this.rest.length <= LONGEST_ROW });
			if (rows.length > 0) yield rows;
		}
	}

	end(): Cells[] {
		const { newline } = this.dialect;
		const rows = this.rest === '' ? [] : this.parse(newline);
		this.passOver(openQuote, { rows, until: () => this.rest === '' });
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
			this.onBroken(strayQuote(number), number);
		}
	}

	/** Takes lines off the rest, which begins with a row that can't be read, and reads on behind each. */
	private passOver(faultOf: FaultOf, { rows, until }: { rows: Cells[]; until(): boolean }): void {
		for (let looked = 0; !until(); ) {
			rows.push(this.broken(faultOf(this.count + 1)));
			looked += this.rest.length;
			if (looked > MOST_LOOKED_THROUGH) this.readLines(faultOf, rows);
			else this.readOn('', rows);
		}
	}

	/** Reads the rest's lines, each on its own: a quotation mark no longer reaches beyond its line. */
	private readLines(faultOf: FaultOf, rows: Cells[]): void {
		const text = this.rest;
		let start = 0;
		for (;;) {
			const end = text.indexOf(this.dialect.newline, start) + 1;
			if (end === 0) break;
			this.rest = '';
			this.readOn(text.slice(start, end), rows);
			if (this.rest !== '') rows.push(this.broken(faultOf(this.count + 1)));
			start = end;
		}
		this.rest = text.slice(start);
	}

	// One by one: a million characters may be more rows than a call takes arguments.
	private readOn(piece: string, rows: Cells[]): void {
		for (const row of this.parse(piece)) rows.push(row);
	}

	/** Takes one line off the rest. */
	private broken(fault: FileFault): Cells {
		this.onBroken(fault, ++this.count);
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
