import { atMost, ratio } from './figures';
import type { GrowingRun } from './growingRun';
import { median, type Figure, type PartResult } from './measure';
import { inOwnProcess, startAnsweringServer } from './processes';

const COUNTS = [1000, 10_000, 100_000, 1_000_000];
const ROUNDS = 5;
const FLAT = 1.2;
const HEAP_COUNT = 100_000;
const HEAP_MB = 60;

/** Whether a longer list costs more an item: mixed contacts in batches of 1,000, so that an item's share of a call is one. */
export async function growthBench(): Promise<PartResult> {
	const server = await startAnsweringServer();
	try {
		const taken: GrowingRun[][] = COUNTS.map(() => []);
		// Turn by turn, so that a busy machine is busy for all of them.
		for (let round = 0; round < ROUNDS; round++) {
			for (const [index, count] of COUNTS.entries()) {
				// Collecting the garbage at each call takes longer than the run: once is enough, it hardly varies.
				const args = [String(count), server.url, ...(round === 0 ? ['heap'] : [])];
				const flags = ['--expose-gc', '--max-old-space-size=8192'];
				taken[index]?.push(await inOwnProcess<GrowingRun>('growingRun', args, flags));
			}
		}
		const runs = COUNTS.map((count, index) => ({ count, ...medianRun(taken[index] ?? []) }));
		const cpus = runs.map(({ cpu }) => cpu);
		const walls = runs.map(({ wall }) => wall);
		return {
			part: 'growth',
			figures: [
				...runs.flatMap(figuresOf),
				atMost(FLAT, ratio('slowest against fastest, an item', spread(walls))),
				atMost(FLAT, ratio('slowest against fastest, an item, processor time', spread(cpus))),
			],
		};
	} finally {
		server.close();
	}
}

function medianRun(runs: GrowingRun[]): GrowingRun {
	return {
		cpu: median(runs.map(({ cpu }) => cpu)),
		wall: median(runs.map(({ wall }) => wall)),
		heap: runs[0]?.heap,
	};
}

function figuresOf({ count, cpu, wall, heap = 0 }: GrowingRun & { count: number }): Figure[] {
	const items = `${count.toLocaleString('en')} items`;
	const memory = { name: `${items}: heap beyond the items`, value: tenths(heap), unit: 'MB' };
	return [
		{ name: `${items}: time`, value: tenths(wall), unit: 'µs an item' },
		{ name: `${items}: processor time`, value: tenths(cpu), unit: 'µs an item' },
		count === HEAP_COUNT ? atMost(HEAP_MB, memory) : memory,
	];
}

function spread(values: number[]): number {
	return Math.max(...values) / Math.min(...values);
}

function tenths(value: number): number {
	return Math.round(value * 10) / 10;
}
