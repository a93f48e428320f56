/** The bytes of a file, from its beginning each time it is opened. */
export interface ByteSource {
	open(): AsyncIterable<Uint8Array>;
}

const PIECE = 65_536;

/**
 * The same bytes in pieces of at most 64 KiB, the first of them as full as the file allows: what a file is shows at its
 * beginning, and no piece may take so long that n8n is held up.
 */
export async function* inPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	let head: Uint8Array | undefined = new Uint8Array(0);
	for await (const chunk of chunks) {
		let bytes = chunk;
		if (head) {
			bytes = Buffer.concat([head, chunk]);
			head = bytes.length < PIECE ? bytes : undefined;
			if (head) continue;
		}
		for (let start = 0; start < bytes.length; start += PIECE) {
			yield bytes.subarray(start, start + PIECE);
		}
	}
	if (head && head.length > 0) yield head;
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
