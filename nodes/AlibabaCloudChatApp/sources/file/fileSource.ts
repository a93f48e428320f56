import type { RawContact } from '../../contacts/contact';
import type { ContactSource, Ref, SourceFacts } from '../source';
import type { ByteSource } from './decode';
import { namesOf, rowReader, type ReadRow } from './columns';
import type { RowChunk } from './parse';
import { tableOf, type TableChunk, type TableHead, type TableOptions } from './fileTable';

/** What was seen while the file was read. */
export interface FileFacts extends SourceFacts {
	/** Rows with contacts so far. */
	rows: number;
	/** What is known since the first row. */
	head?: TableHead;
}

export interface FileSourceOptions extends TableOptions {
	/** The input item that has the file. */
	item: number;
	/** The column that says whether a contact agreed; absent for none. */
	consentField?: string;
	/** Called with the number of rows read so far. */
	onRows?(rows: number): void;
}

const ROWS_A_PART = 20;

/** A file's rows as contacts, one a row. */
export class FileSource implements ContactSource {
	readonly facts: FileFacts = { rows: 0 };
	/** Where the numbers of rows run ahead of the contacts' places: from which contact on, and how far. */
	private readonly gaps = { from: [] as Ref[], ahead: [] as number[] };

	constructor(
		private readonly file: ByteSource,
		private readonly options: FileSourceOptions,
	) {}

	/** All contacts, in order, in chunks. @throws FileError; what reading the file throws */
	async *open(): AsyncGenerator<RawContact[]> {
		let read: ReadRow | undefined;
		let width = 0;
		this.gaps.from.length = this.gaps.ahead.length = 0;
		const { facts } = this;
		Object.assign(facts, { rows: 0, head: undefined, unreadable: undefined, wider: undefined });
		for await (const chunk of this.table()) {
			if (chunk.head && !facts.head) {
				const { sheet, otherSheets, linesAbove } = chunk.head;
				Object.assign(facts, { head: chunk.head, sheet, otherSheets, linesAbove });
			}
			if (!read && chunk.rows.length > 0) {
				const names = namesOf(chunk.head?.header, chunk.rows[0]?.length ?? 0);
				width = names.length;
				read = rowReader(names, this.options.mapping, this.options.consentField);
			}
			this.note(chunk, width);
			this.options.onRows?.(facts.rows);
			if (read && chunk.rows.length > 0) yield* contactsOf(chunk, read);
			else yield [];
		}
	}

	itemOf(): number {
		return this.options.item;
	}

	placeOf(ref: Ref): string {
		return `Row ${this.rowOf(ref)}`;
	}

	/** The number of a contact's row, as spreadsheets count. */
	rowOf(ref: Ref): number {
		const { from, ahead } = this.gaps;
		let low = 0;
		let high = from.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((from[middle] as Ref) <= ref) low = middle + 1;
			else high = middle;
		}
		return ref + (ahead[low - 1] ?? 1);
	}

	/** The file's rows as they are there, with their numbers; the same rows, in the same order, as its contacts. */
	table(): AsyncGenerator<TableChunk> {
		return tableOf(this.file, this.options);
	}

	private note({ rows, numbers, unreadable }: RowChunk, width: number): void {
		const { facts, gaps } = this;
		for (const [index, number] of numbers.entries()) {
			const from = facts.rows + index;
			if (number - from === gaps.ahead.at(-1)) continue;
			gaps.from.push(from);
			gaps.ahead.push(number - from);
		}
		facts.rows += rows.length;
		for (const { what } of unreadable?.values() ?? []) {
			facts.unreadable ??= { count: 0, what };
			facts.unreadable.count++;
		}
		for (const [index, { length }] of rows.entries()) {
			if (length <= width) continue;
			facts.wider ??= { count: 0, row: numbers[index] as number };
			facts.wider.count++;
		}
	}
}

const UNREADABLE: RawContact = { reason: 'row_unreadable' };

// In small parts, since what lives on while the garbage collector comes by is soon taken for lasting.
function* contactsOf(
	{ rows, numbers, unreadable }: RowChunk,
	read: ReadRow,
): Generator<RawContact[]> {
	for (let start = 0; start < rows.length; start += ROWS_A_PART) {
		const part = rows.slice(start, start + ROWS_A_PART);
		yield part.map((cells, index) =>
			unreadable?.has(numbers[start + index] as number) ? UNREADABLE : read(cells),
		);
	}
}
