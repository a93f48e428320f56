import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** What an answer does that no client should follow to its end. */
export type Hostile =
	/** Spaces without end. */
	| 'endless'
	/** A space every few milliseconds, without end. */
	| 'dripping'
	/** A length of a gigabyte, and as many bytes as are taken. */
	| 'gigabyte'
	/** A gigabyte of zeros in a megabyte. */
	| 'gzipBomb'
	/** What says that it is packed, and isn't. */
	| 'brokenGzip'
	/** A chunk whose length is no number. */
	| 'brokenChunks'
	/** A header longer than any client reads. */
	| 'hugeHeader';

const CHUNK = Buffer.alloc(64 * 1024, ' ');
const GIGABYTE = 1024 ** 3;
const DRIP_MS = 5;
const PACKED_MEGABYTES = 16;

/** Answers a request so. */
export function answerHostilely(response: ServerResponse, how: Hostile): void {
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
			response.end((bomb ??= packedGigabyte()));
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

/** Made once: packing it takes as long as a call may take on a busy machine. */
let bomb: Buffer | undefined;

function packedGigabyte(): Buffer {
	const part = gzipSync(Buffer.alloc(PACKED_MEGABYTES * 1024 * 1024));
	const parts = Array<Buffer>(GIGABYTE / (PACKED_MEGABYTES * 1024 * 1024)).fill(part);
	return Buffer.concat(parts);
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** Writes for as long as somebody reads. */
function pour(response: ServerResponse): void {
	const more = () => {
		while (!response.destroyed && response.write(CHUNK));
		if (!response.destroyed) response.once('drain', more);
	};
	more();
}
