import { performance } from 'node:perf_hooks';

/** One measured figure of a part. */
export interface Figure {
	name: string;
	value: number;
	unit: string;
}

/** What a part of the bench gives. */
export interface PartResult {
	part: string;
	figures: Figure[];
}

const RUNS = 5;

/** The median time of a step in milliseconds, after one run that only warms up. */
export function medianTime(step: () => void, runs = RUNS): number {
	step();
	const times = Array.from({ length: runs }, () => {
		const start = performance.now();
		step();
		return performance.now() - start;
	});
	times.sort((a, b) => a - b);
	return times[Math.floor(runs / 2)] as number;
}
