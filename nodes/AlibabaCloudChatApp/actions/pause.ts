import { sleep } from 'n8n-workflow';

/** To be awaited again and again within long work. */
export type Pause = () => Promise<void>;

const LONGEST_MS = 25;
const ITEMS_A_SLICE = 200;

/**
 * A function that lets n8n do its other work whenever 25 ms have passed since it last could: n8n has one thread for all
 * its workflows, and would answer nobody while 100,000 contacts are cleaned.
 */
export function createPause(): Pause {
	let since = Date.now();
	return async () => {
		if (Date.now() - since < LONGEST_MS) return;
		await sleep(0);
		since = Date.now();
	};
}

/** Calls `handle` with 0 up to, but not including, `count`, with pauses when they are due. */
export async function forEachIndex(
	count: number,
	pause: Pause,
	handle: (index: number) => void,
): Promise<void> {
	for (let start = 0; start < count; start += ITEMS_A_SLICE) {
		await pause();
		handleSlice(start, Math.min(count, start + ITEMS_A_SLICE), handle);
	}
}

// Apart, because a function that awaits isn't compiled to machine code between two awaits.
function handleSlice(start: number, end: number, handle: (index: number) => void): void {
	for (let index = start; index < end; index++) handle(index);
}
