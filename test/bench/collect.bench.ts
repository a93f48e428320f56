import { join } from 'node:path';
import type { CollectTimes } from './collectRun';
import { atLeast, atMost, milliseconds, none, ratio } from './figures';
import type { Figure, PartResult } from './measure';
import { inOwnProcess } from './processes';

const PROGRAM = join(process.cwd(), 'test', 'bench', 'collectRun.ts');

/** Single contacts stored by webhook calls in a real n8n, next to the same workflow with Edit Fields. */
export async function collectBench(): Promise<PartResult> {
	return {
		part: 'collect',
		figures: [
			...(await figuresOf('SQLite', { levels: [1, 5, 20, 50], goal: 0.7 })),
			// n8n creates a sandbox for expressions only where it needs one.
			...(await figuresOf('SQLite-lazy', { levels: [1, 20], goal: 0.7 })),
			...(await figuresOf('queue', { levels: [1, 20], goal: 0.6 })),
		],
	};
}

/** What of it takes a minute. */
export async function collectShortBench(): Promise<PartResult> {
	const figures = await figuresOf('SQLite', { levels: [1, 20], goal: 0.7, rounds: 1 });
	return { part: 'collect-short', figures };
}

interface Measuring {
	/** Calls at once. */
	levels: number[];
	/** Calls per second against the plain workflow's, at 20 at once. */
	goal: number;
	rounds?: number;
}

async function figuresOf(where: string, measuring: Measuring): Promise<Figure[]> {
	const { goal, rounds = 2 } = measuring;
	const { levels, failed, missing } = await inOwnProcess<CollectTimes>(
		PROGRAM,
		[where.toLowerCase(), ...[rounds, ...measuring.levels].map(String)],
		['--import', 'tsx'],
	);
	const perLevel = levels.flatMap(({ atOnce: count, collecting, plain }): Figure[] => {
		const named = (what: string) => `${where}, ${count} at once: ${what}`;
		const rate = ratio(
			named('calls per second, against plain'),
			collecting.perSecond / plain.perSecond,
		);
		const middle = ratio(named('median, against plain'), collecting.median / plain.median);
		const alone = milliseconds(named('median, above plain'), collecting.median - plain.median);
		const isSqlite = where.startsWith('SQLite');
		return [
			{ name: named('calls per second'), value: collecting.perSecond, unit: '/s' },
			milliseconds(named('median'), collecting.median),
			milliseconds(named('99th percentile'), collecting.p99),
			...(count === 1 ? [isSqlite ? atMost(80, alone) : alone] : []),
			count === 20 ? atLeast(goal, rate) : rate,
			count === 20 && isSqlite ? atMost(1.5, middle) : middle,
		];
	});
	return [
		...perLevel,
		none(`${where}: calls that failed`, failed),
		none(`${where}: contacts that are not in the table`, missing),
	];
}
