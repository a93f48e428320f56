/** A whole number from 0 to below the given one. */
export type Random = (below: number) => number;

/** Marsaglia's xorshift with 32 bits: small, and the same on every machine. */
export function seeded(seed: number): Random {
	let state = seed | 1;
	return (below) => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return (state >>> 0) % below;
	};
}
