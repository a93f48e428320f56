const SEGMENT = 4096;

/**
 * A list of whole numbers from 0 that takes their bytes alone, and grows without a copy: for a million contacts, the
 * copies that an array leaves behind are three times what is needed, until the garbage collector comes by.
 */
export class Numbers {
	private readonly segments: Array<Uint16Array | Uint32Array> = [];
	private count = 0;

	/** @param kind holds the largest number */
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
