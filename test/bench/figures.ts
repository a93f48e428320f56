import type { Figure, Times } from './measure';

export function milliseconds(name: string, value: number): Figure {
	return { name, value: round(value, 1), unit: 'ms' };
}

export function ratio(name: string, value: number): Figure {
	return { name, value: round(value, 2), unit: 'times' };
}

/** One time against another, by the clock and in processor time. */
export function ratios(name: string, time: Times, other: Times): [wall: Figure, cpu: Figure] {
	return [
		ratio(name, time.wall / other.wall),
		ratio(`${name}, processor time`, time.cpu / other.cpu),
	];
}

/** A figure that is to stay at or below a limit. */
export function atMost(limit: number, figure: Figure): Figure {
	return { ...figure, goal: `at most ${limit}`, reached: figure.value <= limit };
}

/** A count that has to be zero, or the bench fails. */
export function none(name: string, value: number): Figure {
	return { ...atMost(0, { name, value, unit: '' }), isRequired: true };
}

/** A figure that is to reach a limit. */
export function atLeast(limit: number, figure: Figure): Figure {
	return { ...figure, goal: `at least ${limit}`, reached: figure.value >= limit };
}

function round(value: number, digits: number): number {
	return Math.round(value * 10 ** digits) / 10 ** digits;
}
