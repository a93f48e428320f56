/**
 * How many runs of a property `npm test` makes: an eighth, so that it stays quick; `npm run test:faults` makes all.
 * @param all how many make sure of it
 */
export function runsOf(all: number): number {
	return process.env.ALL_RUNS ? all : Math.ceil(all / 8);
}
