import { Numbers } from './numbers';

const FIRST_SIZE = 2048;

/**
 * Knows which things are equal, by their numbers and hashes: an open hash table. A few bits of each hash tell most things
 * apart: of a million, these fit into the processor's caches, where all else has to be fetched.
 */
export class HashIndex {
	/** 0 is a free slot. */
	private tags = new Uint8Array(FIRST_SIZE);
	private things = new Uint32Array(FIRST_SIZE);
	/** By the things' numbers; in the table's order they would take twice as much. */
	private readonly hashes = new Numbers();
	private count = 0;

	/** @param areEqual decides about two things with the same hash */
	constructor(private readonly areEqual: (first: number, second: number) => boolean) {}

	/**
	 * Remembers a thing, unless an equal one is known.
	 * @param hash 32 bits
	 * @returns whether it was new
	 */
	add(thing: number, hash: number): boolean {
		const mask = this.tags.length - 1;
		const tag = tagOf(hash);
		let slot = hash & mask;
		for (let found = this.tags[slot]; found; found = this.tags[slot]) {
			if (found === tag && this.isKnown(this.things[slot] as number, thing, hash)) return false;
			slot = (slot + 1) & mask;
		}
		this.tags[slot] = tag;
		this.things[slot] = thing;
		while (this.hashes.length <= thing) this.hashes.push(0);
		this.hashes.set(thing, hash);
		if (++this.count * 2 > this.tags.length) this.widen();
		return true;
	}

	private isKnown(known: number, thing: number, hash: number): boolean {
		return this.hashes.at(known) === hash && this.areEqual(known, thing);
	}

	private widen(): void {
		const { tags, things } = this;
		this.tags = new Uint8Array(2 * tags.length);
		this.things = new Uint32Array(2 * tags.length);
		const mask = this.tags.length - 1;
		for (let from = 0; from < tags.length; from++) {
			if (!tags[from]) continue;
			const thing = things[from] as number;
			let slot = (this.hashes.at(thing) as number) & mask;
			while (this.tags[slot]) slot = (slot + 1) & mask;
			this.tags[slot] = tags[from] as number;
			this.things[slot] = thing;
		}
	}
}

/** Of the bits that say least about the slot. */
function tagOf(hash: number): number {
	return (hash >>> 25) + 1;
}
