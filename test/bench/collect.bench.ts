import { join } from 'node:path';
import type { CollectTimes } from './collectRun';
import { atLeast, atMost, milliseconds, ratio } from './figures';
import type { Figure, PartResult } from './measure';
import { inOwnProcess } from './processes';

/** Single contacts stored by webhook calls in a real n8n, next to the same workflow with Edit Fields. */
export async function collectBench(): Promise<PartResult> {
	const program = join(process.cwd(), 'test', 'bench', 'collectRun.ts');
	const { levels, failed, missing } = await inOwnProcess<CollectTimes>(
		program,
		[],
		['--import', 'tsx'],
	);
	const figures = levels.flatMap(({ atOnce, collecting, plain }): Figure[] => {
		const named = (what: string) => `${atOnce} at once: ${what}`;
		const rate = ratio(
			named('calls per second, against plain'),
			collecting.perSecond / plain.perSecond,
		);
		const middle = ratio(named('median, against plain'), collecting.median / plain.median);
		const alone = milliseconds(named('median, above plain'), collecting.median - plain.median);
		return [
			{ name: named('calls per second'), value: collecting.perSecond, unit: '/s' },
			milliseconds(named('median'), collecting.median),
			milliseconds(named('slowest'), collecting.slowest),
			...(atOnce === 1 ? [atMost(80, alone)] : []),
			...(atOnce === 20 ? [atLeast(0.7, rate), atMost(1.5, middle)] : [rate, middle]),
		];
	});
	return {
		part: 'collect',
		figures: [
			...figures,
			atMost(0, { name: 'calls that failed', value: failed, unit: '' }),
			atMost(0, { name: 'contacts that are not in the table', value: missing, unit: '' }),
		],
	};
}
