import { damaged, type UnreadableRow } from './fileError';

/** The bytes of a file, from its beginning each time it is opened. */
export interface ByteSource {
	/** The file's name; absent if it isn't known. */
	name?: string;
	open(): AsyncIterable<Uint8Array>;
}

/** Bytes in a piece: enough to recognize a file by its first piece, and few enough to read each one quickly. */
export const PIECE_SIZE = 65_536;

/** The same bytes in pieces of 64 KiB; only the last one may be smaller. */
export async function* cutIntoPieces(
	chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
	let held: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of chunks) {
		held.push(chunk);
		length += chunk.length;
		if (length < PIECE_SIZE) continue;
		// Concatenated once per piece: doing it for each chunk would take quadratic time.
		const bytes = held.length === 1 ? chunk : Buffer.concat(held);
		const rest = length % PIECE_SIZE;
		for (let start = 0; start < length - rest; start += PIECE_SIZE) {
			yield bytes.subarray(start, start + PIECE_SIZE);
		}
		held = [bytes.subarray(length - rest)];
		length = rest;
	}
	if (length > 0) yield Buffer.concat(held);
}

/** Pieces, the first of which was read in advance. */
export interface Peeked<T> {
	/** Undefined if there are no pieces. */
	first: T | undefined;
	/** All pieces, including the first one. */
	all: AsyncGenerator<T>;
	/** Stops reading, whether or not everything was read. */
	close(): Promise<void>;
}

/** Reads the first piece in advance. */
export async function peek<T>(pieces: AsyncGenerator<T>): Promise<Peeked<T>> {
	const { value, done } = await pieces.next();
	const first = done ? undefined : (value as T);
	async function* all() {
		if (first === undefined) return;
		yield first;
		yield* pieces;
	}
	return {
		first,
		all: all(),
		// Ending `all` isn't enough: a generator that hasn't started doesn't end the one that it reads from.
		close: async () => {
			await pieces.return(undefined);
		},
	};
}

/** Whether the bytes begin with these; `undefined` matches any byte. */
export function beginsWith(head: Uint8Array, bytes: ReadonlyArray<number | undefined>): boolean {
	return bytes.every((byte, at) => byte === undefined || head[at] === byte);
}

/**
 * Decompresses bytes outside n8n's thread.
 * @throws FileError when they are damaged or incomplete; what reading them throws
 */
export async function* decompress(
	packed: AsyncIterable<Uint8Array>,
	format: 'gzip' | 'deflate-raw',
): AsyncGenerator<Uint8Array> {
	let readError: { error: unknown } | undefined;
	async function* source() {
		try {
			yield* packed;
		} catch (error) {
			readError = { error };
		}
	}
	try {
		yield* ReadableStream.from(source()).pipeThrough(new DecompressionStream(format));
	} catch {
		// A read error takes precedence: a file that was cut off looks damaged, too.
		throw readError ? readError.error : damaged();
	}
	if (readError) throw readError.error;
}

/** A file's row as written; an empty cell of a workbook is absent. */
export type Cells = string[];

/** Some of a table's rows; none if the chunk only lets n8n do other work. */
export interface RowChunk {
	rows: Cells[];
	/** Each row's number as spreadsheets count: from 1, including empty rows. */
	numbers: number[];
	/** The rows that can't be read, by number, each with the reason. In a CSV file, its only cell is its first line. */
	unreadableRows?: ReadonlyMap<number, UnreadableRow>;
	/** The delimiter of a CSV file's cells. */
	delimiter?: string;
}

/** An empty chunk, which only lets n8n do other work. */
export const NO_ROWS: RowChunk = { rows: [], numbers: [] };
