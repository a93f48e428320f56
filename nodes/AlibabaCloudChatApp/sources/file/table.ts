import type { ByteSource } from './bytes';
import { isFilled } from './dialect';
import type { Encoding } from './encoding';
import { emptyFile, noRows, type FileFault } from './fault';
import type { Cells } from './rowParser';
import { rowsOf } from './rows';
import { textOf } from './text';

export interface TableOptions {
	/** Empty to find it. */
	separator: string;
	encoding: Encoding;
	/** Whether the first row holds the names of the columns. */
	headerRow: boolean;
	/** What becomes of rows that can't be read: the file's reading ends with their fault, or they are passed over. */
	brokenRows: 'stop' | 'skip';
}

/** Some of a table's rows. */
export interface TableChunk {
	/** The row with the names of the columns. */
	header?: Cells;
	separator: string;
	rows: Cells[];
	/** For each of the rows its number as spreadsheets count: from 1, with the names and empty lines. */
	numbers: number[];
	/** The numbers of rows that can't be read, each with the reason; their cell is the line itself. */
	broken: ReadonlyMap<number, FileFault>;
}

/**
 * A file as a table, in chunks; empty lines are left out.
 * @throws FileFault when it can't be read or has no row; what reading its bytes throws
 */
export async function* tableOf(
	file: ByteSource,
	options: TableOptions,
): AsyncGenerator<TableChunk> {
	const broken = new Map<number, FileFault>();
	const onBroken = (fault: FileFault, row: number) => {
		if (options.brokenRows === 'stop') throw fault;
		broken.set(row, fault);
	};
	const text = textOf(file, options.encoding);
	let header: Cells | undefined;
	let number = 0;
	let found = 0;
	for await (const chunk of rowsOf(text, { ...options, onBroken })) {
		const rows: Cells[] = [];
		const numbers: number[] = [];
		for (const row of chunk.rows) {
			number++;
			if (!isFilled(row)) continue;
			if (options.headerRow && !header) header = row;
			else {
				rows.push(row);
				numbers.push(number);
			}
		}
		found += rows.length;
		if (rows.length === 0) continue;
		yield { ...(header && { header }), separator: chunk.separator, rows, numbers, broken };
	}
	if (found === 0) throw header ? noRows() : emptyFile();
}
