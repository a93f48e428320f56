import { performance } from 'node:perf_hooks';

const EVERY_MS = 5;

/**
 * Runs `work` and watches whether other work would get its turn meanwhile.
 * @returns with its result, the longest time in milliseconds for which nothing else would have
 */
export async function longestBlock<T>(
	work: () => Promise<T>,
): Promise<{ result: T; longest: number }> {
	let longest = 0;
	let last = performance.now();
	const look = () => {
		const now = performance.now();
		longest = Math.max(longest, now - last - EVERY_MS);
		last = now;
	};
	const timer = setInterval(look, EVERY_MS);
	try {
		const result = await work();
		look();
		return { result, longest };
	} finally {
		clearInterval(timer);
	}
}
