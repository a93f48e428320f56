import type { Simulator } from './simulator';

/** Keeps the answer of the first call back until the function that it returns is called. */
export function hold(simulator: Simulator): () => void {
	let release = (): void => {};
	const until = new Promise<void>((resolve) => (release = resolve));
	simulator.misbehave(1, { kind: 'held', until });
	return release;
}
