import { damaged } from './fault';

/**
 * The bytes that gzip packed, decompressed beside n8n's thread.
 * @throws FileFault when they are damaged or incomplete; what reading them throws
 */
export async function* gunzip(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	let notRead: { error: unknown } | undefined;
	async function* source() {
		try {
			yield* packed;
		} catch (error) {
			notRead = { error };
		}
	}
	try {
		yield* ReadableStream.from(source()).pipeThrough(new DecompressionStream('gzip'));
	} catch {
		// What went wrong first: without its end the rest looks damaged.
		throw notRead ? notRead.error : damaged();
	}
	if (notRead) throw notRead.error;
}
