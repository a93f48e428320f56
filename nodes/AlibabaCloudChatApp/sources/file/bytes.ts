import { damaged } from './fileError';

/** The bytes of a file, from its beginning each time it is opened. */
export interface ByteSource {
	open(): AsyncIterable<Uint8Array>;
}

/** Bytes of a piece: what a file is shows within the first, and no piece takes long to read. */
export const PIECE = 65_536;

/** The same bytes in pieces of 64 KiB, of which only the last is smaller. */
export async function* inPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	let held: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of chunks) {
		held.push(chunk);
		length += chunk.length;
		if (length < PIECE) continue;
		// Once for each piece: a copy for each chunk would take as many as there are bytes.
		const bytes = held.length === 1 ? chunk : Buffer.concat(held);
		const rest = length % PIECE;
		for (let start = 0; start < length - rest; start += PIECE) {
			yield bytes.subarray(start, start + PIECE);
		}
		held = [bytes.subarray(length - rest)];
		length = rest;
	}
	if (length > 0) yield Buffer.concat(held);
}

export interface Peeked<T> {
	/** Absent when there is none. */
	first: T | undefined;
	/** All pieces, the first one too. */
	all: AsyncGenerator<T>;
	/** Ends the reading, whether all was read or not. */
	close(): Promise<void>;
}

/** Looks at the first piece before all are read. */
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
		// A generator that was never asked for anything would not pass its end on.
		close: async () => void (await pieces.return(undefined)),
	};
}

/** Whether the bytes begin with these; `undefined` stands for any. */
export function begins(head: Uint8Array, bytes: ReadonlyArray<number | undefined>): boolean {
	return bytes.every((byte, at) => byte === undefined || head[at] === byte);
}

/**
 * Decompresses bytes outside n8n's thread.
 * @throws FileError when they are damaged or incomplete; what reading them throws
 */
export async function* decompressed(
	packed: AsyncIterable<Uint8Array>,
	format: 'gzip' | 'deflate-raw',
): AsyncGenerator<Uint8Array> {
	let notRead: { error: unknown } | undefined;
	async function* source() {
		try {
			yield* packed;
		} catch (error) {
			notRead = { error };
		}
	}
	try {
		yield* ReadableStream.from(source()).pipeThrough(new DecompressionStream(format));
	} catch {
		// What went wrong first: without its end the rest looks damaged.
		throw notRead ? notRead.error : damaged();
	}
	if (notRead) throw notRead.error;
}
