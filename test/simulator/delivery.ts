import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { ApiResponse } from './response';

/** How a response is written. */
export type Delivery =
	| { kind: 'send'; response: ApiResponse; delayMs?: number; until?: Promise<unknown> }
	| { kind: 'half'; response: ApiResponse }
	| { kind: 'reset' }
	| { kind: 'silence' }
	| { kind: 'hostile'; how: Hostile };

/** Writes a response, part of it, or nothing. */
export function deliver(response: ServerResponse, delivery: Delivery): void {
	switch (delivery.kind) {
		case 'silence':
			return;
		case 'hostile':
			return respondHostilely(response, delivery.how);
		case 'reset':
			return resetConnection(response.socket);
		case 'half': {
			const { status, headers, body } = delivery.response;
			const bytes = Buffer.from(body);
			response.writeHead(status, { ...headers, 'content-length': String(bytes.length) });
			response.write(bytes.subarray(0, bytes.length >> 1), () => response.socket?.destroy());
			return;
		}
		case 'send': {
			const { status, headers, body } = delivery.response;
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

function resetConnection(socket: Socket | null): void {
	// A TLS socket has no TCP handle to reset.
	if (socket && 'encrypted' in socket) socket.destroy();
	else socket?.resetAndDestroy();
}

/** A response that no client should read to its end. */
export type Hostile =
	/** Endless spaces. */
	| 'endless'
	/** A space every few milliseconds, endlessly. */
	| 'dripping'
	/** A content length of a gigabyte, and as many bytes as the client reads. */
	| 'gigabyte'
	/** A gigabyte of zeros in a megabyte. */
	| 'gzipBomb'
	/** Claims to be compressed, but isn't. */
	| 'brokenGzip'
	/** A chunk whose length isn't a number. */
	| 'brokenChunks'
	/** A header longer than any client reads. */
	| 'hugeHeader';

const CHUNK = Buffer.alloc(64 * 1024, ' ');
const GIGABYTE = 1024 ** 3;
const DRIP_MS = 5;
const PART_MEGABYTES = 16;

function respondHostilely(response: ServerResponse, how: Hostile): void {
	switch (how) {
		case 'endless':
			response.writeHead(200, JSON_TYPE);
			return pour(response);
		case 'gigabyte':
			response.writeHead(200, { ...JSON_TYPE, 'content-length': String(GIGABYTE) });
			return pour(response);
		case 'dripping': {
			response.writeHead(200, JSON_TYPE);
			const timer = setInterval(() => response.write(' '), DRIP_MS);
			response.once('close', () => clearInterval(timer));
			return;
		}
		case 'gzipBomb': {
			response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' });
			response.end((bomb ??= compressedGigabyte()));
			return;
		}
		case 'brokenGzip':
			response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' });
			response.end('{"Code":"OK","Success":true}');
			return;
		case 'brokenChunks':
			response.socket?.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nmany\r\n{}\r\n');
			return;
		case 'hugeHeader':
			response.writeHead(200, { ...JSON_TYPE, 'x-huge': 'x'.repeat(1024 * 1024) });
			response.end('{"Code":"OK","Success":true}');
	}
}

/** Created once: on a busy machine, compressing it can take as long as a request may take. */
let bomb: Buffer | undefined;

function compressedGigabyte(): Buffer {
	const part = gzipSync(Buffer.alloc(PART_MEGABYTES * 1024 * 1024));
	const parts = Array<Buffer>(GIGABYTE / (PART_MEGABYTES * 1024 * 1024)).fill(part);
	return Buffer.concat(parts);
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** Writes as long as the client reads. */
function pour(response: ServerResponse): void {
	const more = () => {
		while (!response.destroyed && response.write(CHUNK));
		if (!response.destroyed) response.once('drain', more);
	};
	more();
}
