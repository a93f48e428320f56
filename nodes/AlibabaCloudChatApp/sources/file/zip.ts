import { buf as crc32 } from 'crc-32';
import { damaged, tooLarge } from './fileError';
import { errorForKind } from './otherKinds';
import { beginsWith, decompress, NO_ROWS, PIECE_SIZE, type RowChunk } from './streams';

/** A file in a ZIP archive. */
export interface ZipEntry {
	/** Its path, with `/` between folders. */
	name: string;
	/** Its size in bytes: in the archive, and decompressed. */
	packed: number;
	unpacked: number;
	method: number;
	crc: number;
	isEncrypted: boolean;
	/** Where its header is in the archive. */
	start: number;
}

const MB = 2 ** 20;
const GB = 1024 * MB;
/** The archive is kept in memory, since its directory is at its end. */
const MAX_PACKED = 256 * MB;
const MAX_UNPACKED = 2 * GB;
/** Text and sheets shrink to a tenth or a fiftieth; only a ZIP bomb shrinks further. */
const MAX_RATIO = 200;
const RATIO_COUNTS_FROM = 64 * MB;
/** Bytes to decompress per archive: sheets are read to find the list, then to send it, and entries may share bytes. */
const MAX_READ = 2 * MAX_UNPACKED;
const MAX_FILES = 10_000;
const MAX_DIRECTORY = 16 * MB;

const ENTRY = [0x50, 0x4b, 0x03, 0x04];
const ENTRY_LENGTH = 30;
const END_OF_DIRECTORY = [0x50, 0x4b, 0x05, 0x06];
const DIRECTORY_ENTRY = 0x02014b50;
/** Bytes before the name. */
const DIRECTORY_ENTRY_LENGTH = 46;
const END = Buffer.from(END_OF_DIRECTORY);
const END_LENGTH = 22;
const LONGEST_COMMENT = 65_535;
const LOCATOR_64 = 0x07064b50;
const LOCATOR_64_LENGTH = 20;
/** Indicates that the number is in a 64-bit field. */
const IN_64 = 0xffffffff;
const STORED = 0;
const DEFLATED = 8;

const unpacksToTooMuch = () => tooLarge(`The file unpacks to more than ${MAX_UNPACKED / GB} GB`);

/** Rejects a ZIP or gzip bomb. @throws FileError when it decompresses to too many bytes, or too many for its size */
export function rejectBomb(packed: number, unpacked: number): void {
	if (unpacked > MAX_UNPACKED) throw unpacksToTooMuch();
	if (unpacked > RATIO_COUNTS_FROM && unpacked > MAX_RATIO * packed) {
		throw tooLarge(`The file unpacks to more than ${MAX_RATIO} times its size`);
	}
}

/** Whether a file is a ZIP archive. */
export function isZip(head: Uint8Array): boolean {
	return beginsWith(head, ENTRY) || beginsWith(head, END_OF_DIRECTORY);
}

/**
 * A ZIP archive in memory, read by its directory.
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export class ZipArchive {
	readonly entries: ZipEntry[];
	/** Bytes decompressed so far; those of an entry count each time it is opened. */
	private unpackedSoFar = 0;

	private constructor(
		private readonly pieces: Uint8Array[],
		private readonly length: number,
	) {
		this.entries = this.directory();
	}

	/** @param pieces as `cutIntoPieces` returns them @throws FileError; what reading the bytes throws */
	static async *read(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<RowChunk, ZipArchive> {
		const kept: Uint8Array[] = [];
		let length = 0;
		for await (const piece of pieces) {
			kept.push(piece);
			length += piece.length;
			if (length > MAX_PACKED) throw tooLarge(`The file is larger than ${MAX_PACKED / MB} MB`);
			yield NO_ROWS;
		}
		return new ZipArchive(kept, length);
	}

	/** An entry's bytes, decompressed and checked. @throws FileError when they are damaged or too many */
	async *open(entry: ZipEntry): AsyncGenerator<Uint8Array> {
		const { packed, unpacked, method } = entry;
		if (entry.isEncrypted) throw errorForKind('encryptedZip');
		rejectBomb(packed, unpacked);
		if (method !== STORED && method !== DEFLATED) throw errorForKind('otherCompression');
		const bytes = this.stream(this.dataOf(entry), packed);
		let count = 0;
		let crc = 0;
		for await (const chunk of method === STORED ? bytes : decompress(bytes, 'deflate-raw')) {
			count += chunk.length;
			// More than declared, and there may be no end to it.
			if (count > unpacked) throw damaged();
			this.unpackedSoFar += chunk.length;
			if (this.unpackedSoFar > MAX_READ) throw unpacksToTooMuch();
			crc = crc32(chunk, crc);
			yield chunk;
		}
		if (count !== unpacked || crc >>> 0 !== entry.crc) throw damaged();
	}

	/** Where an entry's bytes begin. */
	private dataOf({ start }: ZipEntry): number {
		const header = this.bytes(start, ENTRY_LENGTH);
		if (!beginsWith(header, ENTRY)) throw damaged();
		return start + header.length + header.readUInt16LE(26) + header.readUInt16LE(28);
	}

	private directory(): ZipEntry[] {
		const { start, length, count } = this.end();
		if (count > MAX_FILES || length > MAX_DIRECTORY) {
			const most = MAX_FILES.toLocaleString('en-US');
			throw tooLarge(`The archive contains more than ${most} files, or their names are too long`);
		}
		const directory = this.bytes(start, length);
		const entries: ZipEntry[] = [];
		for (let at = 0; at + DIRECTORY_ENTRY_LENGTH <= length && entries.length < count; ) {
			if (directory.readUInt32LE(at) !== DIRECTORY_ENTRY) throw damaged();
			const nameLength = directory.readUInt16LE(at + 28);
			const extraLength = directory.readUInt16LE(at + 30);
			const commentLength = directory.readUInt16LE(at + 32);
			const next = at + DIRECTORY_ENTRY_LENGTH + nameLength + extraLength + commentLength;
			if (next > length) throw damaged();
			entries.push(entryOf(directory.subarray(at, next), nameLength, extraLength));
			at = next;
		}
		if (entries.length !== count) throw damaged();
		return entries;
	}

	/** Where the directory is, and how many entries it has. */
	private end(): { start: number; length: number; count: number } {
		const tailStart = Math.max(0, this.length - END_LENGTH - LONGEST_COMMENT - LOCATOR_64_LENGTH);
		const tail = this.bytes(tailStart, this.length - tailStart);
		const at = tail.lastIndexOf(END);
		if (at < 0 || at + END_LENGTH > tail.length) throw damaged();
		const locator = at - LOCATOR_64_LENGTH;
		if (locator >= 0 && tail.readUInt32LE(locator) === LOCATOR_64) {
			const end = this.bytes(number64(tail, locator + 8), 56);
			return { count: number64(end, 32), length: number64(end, 40), start: number64(end, 48) };
		}
		const count = tail.readUInt16LE(at + 10);
		return { count, length: tail.readUInt32LE(at + 12), start: tail.readUInt32LE(at + 16) };
	}

	private bytes(start: number, length: number): Buffer {
		if (start + length > this.length) throw damaged();
		return Buffer.concat([...this.parts(start, length)]);
	}

	private *parts(start: number, length: number): Generator<Uint8Array> {
		const end = start + length;
		for (let at = start; at < end; ) {
			const from = at % PIECE_SIZE;
			const part = this.pieces[(at - from) / PIECE_SIZE]?.subarray(from, from + end - at);
			if (!part?.length) throw damaged();
			yield part;
			at += part.length;
		}
	}

	private async *stream(start: number, length: number): AsyncGenerator<Uint8Array> {
		yield* this.parts(start, length);
	}
}

function entryOf(header: Buffer, nameLength: number, extraLength: number): ZipEntry {
	const nameEnd = DIRECTORY_ENTRY_LENGTH + nameLength;
	const name = header.subarray(DIRECTORY_ENTRY_LENGTH, nameEnd);
	const extra = header.subarray(nameEnd, nameEnd + extraLength);
	const numbers = [24, 20, 42].map((at) => header.readUInt32LE(at));
	const [unpacked = 0, packed = 0, start = 0] = withNumbers64(numbers, extra);
	return {
		name: name.toString('utf8').replaceAll('\\', '/'),
		packed,
		unpacked,
		method: header.readUInt16LE(10),
		crc: header.readUInt32LE(16),
		isEncrypted: (header.readUInt16LE(8) & 1) === 1,
		start,
	};
}

/** The numbers, some of which may be in an extra field. */
function withNumbers64(numbers: number[], extra: Buffer): number[] {
	if (!numbers.includes(IN_64)) return numbers;
	for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
		if (extra.readUInt16LE(at) !== 1) continue;
		let next = at + 4;
		return numbers.map((number) => {
			if (number !== IN_64) return number;
			next += 8;
			return number64(extra, next - 8);
		});
	}
	throw damaged();
}

function number64(bytes: Buffer, at: number): number {
	if (at + 8 > bytes.length) throw damaged();
	return Number(bytes.readBigUInt64LE(at));
}
