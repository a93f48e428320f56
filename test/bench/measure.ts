import { performance } from 'node:perf_hooks';

/** One measured figure of a part. */
export interface Figure {
	name: string;
	value: number;
	unit: string;
	/** What the figure has to keep to; absent when it only informs. */
	goal?: string;
	reached?: boolean;
	/** Whether the bench fails if the goal isn't reached; one about time never does, since the machine may be busy. */
	isRequired?: boolean;
}

/** What a part of the bench gives. */
export interface PartResult {
	part: string;
	figures: Figure[];
}

/** Milliseconds that a step took. */
export interface Times {
	wall: number;
	/** Of the processor, in this process: other work on the machine hardly changes it. */
	cpu: number;
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
	return median(times);
}

/**
 * Runs several steps turn by turn, so that a busy machine is busy for all of them.
 * @returns each step's medians, after one round that only warms up
 */
export async function medianTimes<Name extends string>(
	steps: Record<Name, () => Promise<Times>>,
	runs = RUNS,
): Promise<Record<Name, Times>> {
	const taken = Object.entries<() => Promise<Times>>(steps).map(([name, step]) => ({
		name,
		step,
		times: [] as Times[],
	}));
	for (let round = 0; round <= runs; round++) {
		for (const { step, times } of taken) {
			const one = await step();
			if (round > 0) times.push(one);
		}
	}
	return Object.fromEntries(
		taken.map(({ name, times }) => [
			name,
			{ wall: median(times.map(({ wall }) => wall)), cpu: median(times.map(({ cpu }) => cpu)) },
		]),
	) as Record<Name, Times>;
}

export function median(values: number[]): number {
	return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

/** A function that tells how long it has been since it was made. */
export function stopwatch(): () => Times {
	const cpu = process.cpuUsage();
	const start = performance.now();
	return () => {
		const wall = performance.now() - start;
		const { user, system } = process.cpuUsage(cpu);
		return { wall, cpu: (user + system) / 1000 };
	};
}

export async function timesOf(step: () => unknown): Promise<Times> {
	const elapsed = stopwatch();
	await step();
	return elapsed();
}
