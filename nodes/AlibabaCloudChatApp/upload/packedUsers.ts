import type { User } from '../contacts/contact';

/** An upload's users, in order: an array, or a list that takes less memory. */
export interface UserList {
	readonly length: number;
	slice(start: number, end: number): User[];
}

/** A list of users that grows while contacts are surveyed. */
export interface GrowingUserList extends UserList {
	/** @returns false if the list rejects duplicates and already has this user */
	push(user: User): unknown;
}

const SEGMENT = 4096;

/**
 * A list of non-negative integers in typed arrays. It grows without copying: for a million contacts, the copies of a
 * growing array take three times the memory until they are garbage-collected.
 */
export class NumberList {
	private readonly segments: Array<Uint16Array | Uint32Array> = [];
	private count = 0;

	/** @param kind must fit the largest number */
	constructor(private readonly kind: typeof Uint16Array | typeof Uint32Array = Uint32Array) {}

	get length(): number {
		return this.count;
	}

	push(value: number): void {
		const index = this.count++;
		if (index === this.segments.length * SEGMENT) this.segments.push(new this.kind(SEGMENT));
		this.set(index, value);
	}

	pop(): void {
		this.count--;
	}

	/** @returns undefined beyond the end */
	at(index: number): number | undefined {
		return index < this.count ? this.segmentOf(index)[index % SEGMENT] : undefined;
	}

	set(index: number, value: number): void {
		this.segmentOf(index)[index % SEGMENT] = value;
	}

	private segmentOf(index: number): Uint16Array | Uint32Array {
		return this.segments[Math.floor(index / SEGMENT)] as Uint16Array;
	}
}

const FIRST_SIZE = 2048;

/**
 * Finds equal entries of a list by their hashes: a hash table with open addressing. Most entries are distinguished by
 * their tags, which are a few bits of the hash: unlike everything else, a million tags fit into the processor's caches.
 */
class HashIndex {
	/** 0 is a free slot. */
	private tags = new Uint8Array(FIRST_SIZE);
	private entries = new Uint32Array(FIRST_SIZE);
	/** By the entries' indexes, because in the table's order, they would take twice the memory. */
	private readonly hashes = new NumberList();
	private count = 0;

	/** @param areEqual compares two entries with the same hash, by their indexes */
	constructor(private readonly areEqual: (first: number, second: number) => boolean) {}

	/**
	 * Adds an entry by its index, unless an equal one is known.
	 * @param hash 32 bits
	 * @returns whether it was new
	 */
	add(entry: number, hash: number): boolean {
		const mask = this.tags.length - 1;
		const tag = tagOf(hash);
		let slot = hash & mask;
		for (let found = this.tags[slot]; found; found = this.tags[slot]) {
			if (found === tag && this.isKnown(this.entries[slot] as number, entry, hash)) return false;
			slot = (slot + 1) & mask;
		}
		this.tags[slot] = tag;
		this.entries[slot] = entry;
		while (this.hashes.length <= entry) this.hashes.push(0);
		this.hashes.set(entry, hash);
		if (++this.count * 2 > this.tags.length) this.widen();
		return true;
	}

	private isKnown(known: number, entry: number, hash: number): boolean {
		return this.hashes.at(known) === hash && this.areEqual(known, entry);
	}

	private widen(): void {
		const { tags, entries } = this;
		this.tags = new Uint8Array(2 * tags.length);
		this.entries = new Uint32Array(2 * tags.length);
		const mask = this.tags.length - 1;
		for (let from = 0; from < tags.length; from++) {
			if (!tags[from]) continue;
			const entry = entries[from] as number;
			let slot = (this.hashes.at(entry) as number) & mask;
			while (this.tags[slot]) slot = (slot + 1) & mask;
			this.tags[slot] = tags[from] as number;
			this.entries[slot] = entry;
		}
	}
}

/** Taken from the bits that don't decide the slot. */
function tagOf(hash: number): number {
	return (hash >>> 25) + 1;
}

const TEXT_SEGMENT = 1 << 20;
/** The most characters in a string: each takes at most three bytes, and a length has 15 bits. */
const LONGEST = 10_000;
/** A flag in a length: the string is hexadecimal, and stored as the bytes that it encodes. */
const HEX = 0x8000;
const HASH = /^[0-9a-f]{64}$/;
const NONE = 0;

/** A list of short strings, stored as bytes, that can detect duplicates. */
class PackedTexts {
	private readonly segments: Buffer[] = [];
	/** Bytes used in the last segment. */
	private filled = TEXT_SEGMENT;
	/** Where each string begins: its segment's index × TEXT_SEGMENT + its offset in the segment. */
	private readonly starts = new NumberList();
	private readonly lengths = new NumberList(Uint16Array);
	private readonly distinct?: HashIndex;

	constructor({ unique }: { unique: boolean }) {
		if (unique) this.distinct = new HashIndex((first, second) => this.areEqual(first, second));
	}

	/** Appends a string. @returns whether it is new (always true without `unique`); false for undefined */
	push(text: string | undefined): boolean {
		const index = this.starts.length;
		this.starts.push((this.segments.length - 1) * TEXT_SEGMENT + this.filled);
		this.lengths.push(NONE);
		if (text === undefined) return false;
		const isHash = text.length === 64 && HASH.test(text);
		const hash = isHash ? this.writeHex(index, text) : this.writeText(index, text);
		return this.distinct?.add(index, hash) ?? true;
	}

	/** Removes the last string, for which `push` returned false. */
	pop(): void {
		// 0 may mean that there is no segment yet; at most, a few bytes stay unused.
		this.filled = (this.starts.at(this.starts.length - 1) as number) % TEXT_SEGMENT || this.filled;
		this.starts.pop();
		this.lengths.pop();
	}

	at(index: number): string | undefined {
		const length = this.lengths.at(index) as number;
		if (length === NONE) return undefined;
		const { buffer, start } = this.locate(index);
		const end = start + (length & ~HEX);
		return buffer.toString(length & HEX ? 'hex' : 'utf8', start, end);
	}

	private writeText(index: number, text: string): number {
		const buffer = this.segmentFor(index, text.length);
		const start = this.filled;
		let hash = FNV_OFFSET;
		for (let at = 0; at < text.length; at++) {
			const code = text.charCodeAt(at);
			if (code > 0x7f) return this.writeBytes(index, text, 'utf8');
			buffer[start + at] = code;
			hash = Math.imul(hash ^ code, FNV_PRIME);
		}
		this.lengths.set(index, text.length);
		this.filled = start + text.length;
		return mixBits(hash);
	}

	private writeHex(index: number, text: string): number {
		this.segmentFor(index, text.length);
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
		return mixBits(hash);
	}

	/** The segment for the next string, because a string never spans two segments. */
	private segmentFor(index: number, length: number): Buffer {
		if (length > LONGEST) throw new RangeError('The text is too long');
		if (this.filled + 3 * length > TEXT_SEGMENT) {
			this.segments.push(Buffer.allocUnsafeSlow(TEXT_SEGMENT));
			this.filled = 0;
			this.starts.set(index, (this.segments.length - 1) * TEXT_SEGMENT);
		}
		return this.segments.at(-1) as Buffer;
	}

	private areEqual(first: number, second: number): boolean {
		const length = this.lengths.at(first) as number;
		if (length !== this.lengths.at(second)) return false;
		const a = this.locate(first);
		const b = this.locate(second);
		for (let at = 0; at < (length & ~HEX); at++) {
			if (a.buffer[a.start + at] !== b.buffer[b.start + at]) return false;
		}
		return true;
	}

	private locate(index: number): { buffer: Buffer; start: number } {
		const position = this.starts.at(index) as number;
		const start = position % TEXT_SEGMENT;
		return { buffer: this.segments[(position - start) / TEXT_SEGMENT] as Buffer, start };
	}
}

// FNV-1a, and the last step of MurmurHash3, which spreads it over all bits.
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

function mixBits(hash: number): number {
	let spread = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	spread = Math.imul(spread ^ (spread >>> 13), 0xc2b2ae35);
	return (spread ^ (spread >>> 16)) >>> 0;
}

/**
 * A list of users that takes little memory: about 60 bytes for an email and a phone number, and 45 to detect duplicates.
 * Objects and sets of strings would take 260, and twice as long.
 */
export class PackedUsers {
	private readonly emails: PackedTexts;
	private readonly phones: PackedTexts;
	private count = 0;

	/** @param options `unique`: whether to leave out users whose identifiers are all in the list */
	constructor(options: { unique: boolean }) {
		this.emails = new PackedTexts(options);
		this.phones = new PackedTexts(options);
	}

	get length(): number {
		return this.count;
	}

	/** Appends a user. @returns false when it was left out */
	push({ Email, Phone }: User): boolean {
		const addsEmail = this.emails.push(Email);
		const addsPhone = this.phones.push(Phone);
		if (addsEmail || addsPhone) {
			this.count++;
			return true;
		}
		this.emails.pop();
		this.phones.pop();
		return false;
	}

	slice(start: number, end: number): User[] {
		const users: User[] = [];
		for (let index = start; index < Math.min(end, this.count); index++) {
			const user: User = {};
			const email = this.emails.at(index);
			const phone = this.phones.at(index);
			if (email !== undefined) user.Email = email;
			if (phone !== undefined) user.Phone = phone;
			users.push(user);
		}
		return users;
	}
}
