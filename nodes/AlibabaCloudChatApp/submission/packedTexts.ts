import { HashIndex } from './hashIndex';
import { Numbers } from './numbers';

const SEGMENT = 1 << 20;
/** A text takes at most three bytes a sign, and a length has 15 bits. */
const LONGEST = 10_000;
/** In a length: the bytes are those that the text writes in hexadecimal. */
const HEX = 0x8000;
const HASH = /^[0-9a-f]{64}$/;
const NONE = 0;

/** A list of short texts as bytes, without holding a string for each, that knows which texts are in it. */
export class PackedTexts {
	private readonly segments: Buffer[] = [];
	/** How much of the last segment is taken. */
	private filled = SEGMENT;
	/** Where each text begins: its segment's number × SEGMENT + the place in it. */
	private readonly starts = new Numbers();
	private readonly lengths = new Numbers(Uint16Array);
	private readonly distinct?: HashIndex;

	constructor({ unique }: { unique: boolean }) {
		if (unique) this.distinct = new HashIndex((first, second) => this.areEqual(first, second));
	}

	/** Appends a text. @returns whether it wasn't there before, as far as that is looked up */
	push(text: string | undefined): boolean {
		const index = this.starts.length;
		this.starts.push((this.segments.length - 1) * SEGMENT + this.filled);
		this.lengths.push(NONE);
		if (text === undefined) return false;
		const isHash = text.length === 64 && HASH.test(text);
		const hash = isHash ? this.writeHex(index, text) : this.writeText(index, text);
		return this.distinct?.add(index, hash) ?? true;
	}

	/** Takes the last text away again; only for one that was there before. */
	pop(): void {
		this.filled = (this.starts.at(this.starts.length - 1) as number) % SEGMENT || this.filled;
		this.starts.pop();
		this.lengths.pop();
	}

	at(index: number): string | undefined {
		const length = this.lengths.at(index) as number;
		if (length === NONE) return undefined;
		const { buffer, start } = this.place(index);
		const end = start + (length & ~HEX);
		return buffer.toString(length & HEX ? 'hex' : 'utf8', start, end);
	}

	private writeText(index: number, text: string): number {
		const buffer = this.room(index, text.length);
		const start = this.filled;
		let hash = FNV_OFFSET;
		for (let at = 0; at < text.length; at++) {
			const sign = text.charCodeAt(at);
			if (sign > 0x7f) return this.writeBytes(index, text, 'utf8');
			buffer[start + at] = sign;
			hash = Math.imul(hash ^ sign, FNV_PRIME);
		}
		this.lengths.set(index, text.length);
		this.filled = start + text.length;
		return mixed(hash);
	}

	private writeHex(index: number, text: string): number {
		this.room(index, text.length);
		const hash = this.writeBytes(index, text, 'hex');
		this.lengths.set(index, (this.lengths.at(index) as number) | HEX);
		return hash;
	}

	private writeBytes(index: number, text: string, encoding: 'utf8' | 'hex'): number {
		const buffer = this.segments.at(-1) as Buffer;
		const start = this.filled;
		this.filled += buffer.write(text, start, encoding);
		this.lengths.set(index, this.filled - start);
		let hash = FNV_OFFSET;
		for (let at = start; at < this.filled; at++) {
			hash = Math.imul(hash ^ (buffer[at] as number), FNV_PRIME);
		}
		return mixed(hash);
	}

	/** A segment with room for a text, which never spans two. */
	private room(index: number, length: number): Buffer {
		if (length > LONGEST) throw new RangeError('The text is too long');
		if (this.filled + 3 * length > SEGMENT) {
			this.segments.push(Buffer.allocUnsafeSlow(SEGMENT));
			this.filled = 0;
			this.starts.set(index, (this.segments.length - 1) * SEGMENT);
		}
		return this.segments.at(-1) as Buffer;
	}

	private areEqual(first: number, second: number): boolean {
		const length = this.lengths.at(first) as number;
		if (length !== this.lengths.at(second)) return false;
		const a = this.place(first);
		const b = this.place(second);
		for (let at = 0; at < (length & ~HEX); at++) {
			if (a.buffer[a.start + at] !== b.buffer[b.start + at]) return false;
		}
		return true;
	}

	private place(index: number): { buffer: Buffer; start: number } {
		const position = this.starts.at(index) as number;
		const start = position % SEGMENT;
		return { buffer: this.segments[(position - start) / SEGMENT] as Buffer, start };
	}
}

// FNV-1a, and the last step of MurmurHash3, which spreads it over all bits.
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

function mixed(hash: number): number {
	let spread = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	spread = Math.imul(spread ^ (spread >>> 13), 0xc2b2ae35);
	return (spread ^ (spread >>> 16)) >>> 0;
}
