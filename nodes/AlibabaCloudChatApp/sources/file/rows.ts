import { peek } from './bytes';
import { dialectOf } from './dialect';
import { RowParser, type Cells, type OnBroken } from './rowParser';

export interface RowsOptions {
	/** Empty to find it. */
	separator: string;
	onBroken: OnBroken;
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
		const parser = new RowParser(dialect, options.onBroken);
		const { separator } = dialect;
		let { start } = dialect;
		for await (const piece of all) {
			for (const rows of parser.read(piece.slice(start))) yield { rows, separator };
			start = 0;
		}
		yield { rows: parser.end(), separator };
	} finally {
		await close();
	}
}
