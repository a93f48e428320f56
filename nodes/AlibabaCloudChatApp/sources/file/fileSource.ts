import type { RawContact } from '../../contacts/contact';
import type { ContactSource, Ref } from '../source';
import type { ByteSource } from './bytes';
import { namesOf, rowReader, type Mapping, type ReadRow } from './columns';
import { tableOf, type TableChunk, type TableOptions } from './table';

export interface FileSourceOptions extends TableOptions {
	mapping: Mapping;
}

/** What was seen while the file was read. */
export interface FileFacts {
	/** Rows with contacts so far. */
	rows: number;
	/** Rows that can't be read and were passed over: how many, and the first one's number and reason. */
	broken?: { count: number; what: string };
	/** Rows with more cells than there are columns: how many, and the first one's number. */
	wider?: { count: number; row: number };
}

const ROWS_A_PART = 20;

/** A file's rows as contacts, one a row. */
export class FileSource implements ContactSource {
	readonly facts: FileFacts = { rows: 0 };
	/** Where the numbers of rows run ahead of the contacts' places: from which contact on, and how far. */
	private readonly gaps: Array<{ from: Ref; ahead: number }> = [];

	constructor(
		private readonly file: ByteSource,
		private readonly options: FileSourceOptions,
	) {}

	/** All contacts, in order, in chunks. @throws FileFault; what reading the file throws */
	async *open(): AsyncGenerator<RawContact[]> {
		let read: ReadRow | undefined;
		let width = 0;
		this.gaps.length = 0;
		Object.assign(this.facts, { rows: 0, broken: undefined, wider: undefined });
		for await (const chunk of this.table()) {
			if (!read) {
				const names = namesOf(chunk.header, chunk.rows[0]?.length ?? 0);
				width = names.length;
				read = rowReader(names, this.options.mapping);
			}
			this.note(chunk, width);
			yield* contactsOf(chunk, read);
		}
	}

	/** The number of a contact's row, as spreadsheets count. */
	rowOf(ref: Ref): number {
		return ref + (this.gaps.findLast(({ from }) => from <= ref)?.ahead ?? 1);
	}

	/** The file's rows as they stand there, with their numbers; the same rows, in the same order, as its contacts. */
	table(): AsyncGenerator<TableChunk> {
		return tableOf(this.file, this.options);
	}

	private note({ rows, numbers, broken }: TableChunk, width: number): void {
		const { facts } = this;
		for (const [index, number] of numbers.entries()) {
			const from = facts.rows + index;
			if (number - from !== this.gaps.at(-1)?.ahead) this.gaps.push({ from, ahead: number - from });
		}
		facts.rows += rows.length;
		const [first] = broken.values();
		if (first) facts.broken = { count: broken.size, what: first.what };
		for (const [index, { length }] of rows.entries()) {
			if (length <= width) continue;
			facts.wider ??= { count: 0, row: numbers[index] as number };
			facts.wider.count++;
		}
	}
}

// In small parts, since what lives on while the garbage collector comes by is soon taken for lasting.
function* contactsOf(
	{ rows, numbers, broken }: TableChunk,
	read: ReadRow,
): Generator<RawContact[]> {
	for (let start = 0; start < rows.length; start += ROWS_A_PART) {
		const part = rows.slice(start, start + ROWS_A_PART);
		yield part.map((cells, index) =>
			broken.has(numbers[start + index] as number) ? {} : read(cells),
		);
	}
}
