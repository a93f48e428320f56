/** To be awaited again and again within long work. @throws the cancel signal's reason */
export type Pause = () => Promise<void>;

const LONGEST_MS = 25;
const ITEMS_A_SLICE = 200;

/**
 * A function that lets n8n do its other work whenever 25 ms have passed since it last could: n8n has one thread for all
 * its workflows, and would answer nobody while 100,000 contacts are cleaned.
 * @param sleep n8n's own; after 0 ms the other work has had its turn
 */
export function createPause(
	sleep: (ms: number) => Promise<void>,
	cancelSignal?: AbortSignal,
): Pause {
	let since = Date.now();
	return async () => {
		const past = Date.now() - since;
		// A clock that is set back must not keep n8n waiting.
		if (past >= 0 && past < LONGEST_MS) return;
		await sleep(0);
		cancelSignal?.throwIfAborted();
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
