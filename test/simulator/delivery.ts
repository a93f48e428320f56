import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Delivery } from './faults';
import { answerHostilely } from './hostile';

/** Writes an answer, part of it, or nothing. */
export function deliver(response: ServerResponse, delivery: Delivery): void {
	switch (delivery.kind) {
		case 'silence':
			return;
		case 'hostile':
			return answerHostilely(response, delivery.how);
		case 'reset':
			return resetConnection(response.socket);
		case 'half': {
			const { status, headers, body } = delivery.answer;
			const bytes = Buffer.from(body);
			response.writeHead(status, { ...headers, 'content-length': String(bytes.length) });
			response.write(bytes.subarray(0, bytes.length >> 1), () => response.socket?.destroy());
			return;
		}
		case 'send': {
			const { status, headers, body } = delivery.answer;
			const send = (): void => {
				const bytes = Buffer.from(body);
				response.writeHead(status, { ...headers, 'content-length': String(bytes.length) });
				response.end(bytes);
			};
			if (delivery.until) return void delivery.until.then(send);
			if (delivery.delayMs === undefined) return send();
			const timer = setTimeout(send, delivery.delayMs);
			response.once('close', () => clearTimeout(timer));
		}
	}
}

/**
 * Reads a request's body.
 * @returns its length in bytes, and no bytes when it is longer than allowed; such a body is read to its end all the same, so that the client sees the answer
 * @throws when the client goes away first
 */
export async function readBody(
	request: IncomingMessage,
	maxBytes: number,
): Promise<{ length: number; bytes?: Buffer }> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		length += chunk.length;
		if (length <= maxBytes) chunks.push(chunk);
		else chunks.length = 0;
	}
	return length <= maxBytes ? { length, bytes: Buffer.concat(chunks) } : { length };
}

function resetConnection(socket: Socket | null): void {
	// A TLS socket has no TCP handle to reset.
	if (socket && 'encrypted' in socket) socket.destroy();
	else socket?.resetAndDestroy();
}
