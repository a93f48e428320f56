import * as fc from 'fast-check';
import { useSimulator } from '../simulator/useSimulator';
import { allCases, nameOf } from './cases';
import { FAULTS } from './faultTable';
import { untruths, violations } from './invariants';
import { run, runCases, staysSilent } from './runCase';

// 79 and 97 have no factor in common with the two placements, the two outputs, the three settings and the three positions, so
// that a quick share of the cases is spread over all of them; `npm run test:faults` runs all.
const cases = [
	...allCases().filter((_, index) => index % 79 === 0),
	...allCases('file').filter((_, index) => index % 97 === 0),
];

test('returns a result for every item and completes what was accepted, whatever goes wrong', async () => {
	const wrong: string[] = [];
	let runs = 0;
	await runCases(cases, (one, outcome) => {
		runs++;
		const found = violations(one, outcome);
		if (found.length > 0) wrong.push(`${nameOf(one)}: ${found.join('; ')}`);
	});
	expect(wrong).toEqual([]);
	expect(runs).toBe(cases.length);
}, 120_000);

const RANDOM_RUNS = 60;

const simulator = useSimulator();

test(`returns true results in ${RANDOM_RUNS} runs with random faults`, async () => {
	const seed = Number(process.env.SEED ?? 1);
	process.stdout.write(`random faults in the engine: ${RANDOM_RUNS} runs with seed ${seed}\n`);
	const settings = fc.record({
		onError: fc.constantFrom('stop' as const, 'continue' as const, 'output' as const),
		output: fc.constantFrom('summary' as const, 'users' as const),
		usersIn: fc.constantFrom('body' as const, 'query' as const),
		faults: fc.array(fc.option(fc.constantFrom(...FAULTS)), { maxLength: 12 }),
	});
	await fc.assert(
		fc.asyncProperty(settings, async ({ faults, ...one }) => {
			simulator.reset();
			faults.forEach((named, call) => {
				if (named) simulator.misbehave(call + 1, named.fault);
			});
			const isSilent = (call: number) => {
				const named = faults[call - 1];
				return Boolean(named && staysSilent(named.fault));
			};
			const outcome = await run(simulator, { ...one, isSilent });
			expect(untruths({ ...one, lost: true }, outcome)).toEqual([]);
		}),
		{ numRuns: RANDOM_RUNS, seed },
	);
}, 60_000);
