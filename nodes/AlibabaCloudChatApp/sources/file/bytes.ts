/** The bytes of a file, from its beginning each time it is opened. */
export interface ByteSource {
	open(): AsyncIterable<Uint8Array>;
}

const PIECE = 65_536;

/**
 * The same bytes in pieces of 64 KiB, of which only the last is smaller: what a file is shows at its beginning, no piece
 * may take so long that n8n is held up, and bytes that come one by one are not looked at one by one.
 */
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
