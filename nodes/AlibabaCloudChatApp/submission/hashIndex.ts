/** Knows which things are equal, by their numbers and hashes: an open hash table in two typed arrays. */
export class HashIndex {
	/** Numbers from 1; 0 is a free slot. */
	private slots = new Uint32Array(2048);
	private hashes = new Uint32Array(2048);
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
			if (this.hashes[slot] === hash && this.areEqual(known - 1, thing)) return false;
			slot = (slot + 1) & mask;
		}
		this.slots[slot] = thing + 1;
		this.hashes[slot] = hash;
		if (++this.count * 2 > this.slots.length) this.widen();
		return true;
	}

	private widen(): void {
		const { slots, hashes } = this;
		this.slots = new Uint32Array(2 * slots.length);
		this.hashes = new Uint32Array(2 * hashes.length);
		const mask = this.slots.length - 1;
		for (let from = 0; from < slots.length; from++) {
			if (!slots[from]) continue;
			let slot = (hashes[from] as number) & mask;
			while (this.slots[slot]) slot = (slot + 1) & mask;
			this.slots[slot] = slots[from] as number;
			this.hashes[slot] = hashes[from] as number;
		}
	}
}
