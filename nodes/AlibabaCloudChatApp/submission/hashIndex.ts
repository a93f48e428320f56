import { Numbers } from './numbers';

/** Knows which things are equal, by their numbers and hashes: an open hash table. */
export class HashIndex {
	/** Numbers from 1; 0 is a free slot. */
	private slots = new Uint32Array(2048);
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
		const mask = this.slots.length - 1;
		let slot = hash & mask;
		for (let known = this.slots[slot]; known; known = this.slots[slot]) {
			if (this.hashes.at(known - 1) === hash && this.areEqual(known - 1, thing)) return false;
			slot = (slot + 1) & mask;
		}
		this.slots[slot] = thing + 1;
		while (this.hashes.length <= thing) this.hashes.push(0);
		this.hashes.set(thing, hash);
		if (++this.count * 2 > this.slots.length) this.widen();
		return true;
	}

	private widen(): void {
		const { slots } = this;
		this.slots = new Uint32Array(2 * slots.length);
		const mask = this.slots.length - 1;
		for (const known of slots) {
			if (!known) continue;
			let slot = (this.hashes.at(known - 1) as number) & mask;
			while (this.slots[slot]) slot = (slot + 1) & mask;
			this.slots[slot] = known;
		}
	}
}
