/** Bytes, unpacked. The longest answer of the API, a page of 1,000 tokens, has half of that. */
const MOST_BYTES = 1024 * 1024;

/** Why an answer was not read to its end. */
export class AnswerTooLong extends Error {}

interface ByteStream extends AsyncIterable<Uint8Array> {
	destroy(): void;
}

/**
 * Reads an answer's body as n8n's HTTP helpers give it, and no more of it than an answer can have.
 * @param body a stream of bytes; anything else counts as empty
 * @throws AnswerTooLong; what the stream throws when it breaks off, or is destroyed as the signal is aborted; the signal's
 * reason when it was before
 */
export async function readText(body: unknown, signal: AbortSignal): Promise<string> {
	if (!isStream(body)) return '';
	const stop = () => body.destroy();
	signal.addEventListener('abort', stop);
	const decoder = new TextDecoder();
	let [text, bytes] = ['', 0];
	try {
		// n8n's older helper, which knows no signal, gives an answer that nobody waits for any more.
		signal.throwIfAborted();
		for await (const chunk of body) {
			bytes += chunk.length;
			if (bytes > MOST_BYTES) throw new AnswerTooLong();
			text += decoder.decode(chunk, { stream: true });
		}
		return text + decoder.decode();
	} finally {
		signal.removeEventListener('abort', stop);
		stop();
	}
}

function isStream(body: unknown): body is ByteStream {
	return body !== null && typeof body === 'object' && Symbol.asyncIterator in body;
}
