import { join } from 'node:path';
import { atMost, milliseconds, ratio } from './figures';
import type { FileTimes } from './fileRun';
import { median, type Figure, type PartResult } from './measure';
import { inOwnProcess } from './processes';

const MILLION = 1_000_000;
/** 10 s where Extract From File takes 14.6 s. */
const GOAL = 0.68;

/** A million rows from a file on disk, in one real n8n: as a file, and as items. */
export async function fileBench(): Promise<PartResult> {
	const program = join(process.cwd(), 'test', 'bench', 'fileRun.ts');
	const { file, items, bySize, memoryBySize, health } = await inOwnProcess<FileTimes>(
		program,
		[],
		['--import', 'tsx'],
	);
	if (file.checksum !== items.checksum) throw new Error('File and items sent something different');
	const perRow = (size: number) => (median(bySize[size] ?? []) / size) * 1000;
	const memory = Object.values(memoryBySize);
	return {
		part: 'file',
		figures: [
			milliseconds('a million rows as a file', median(file.times)),
			milliseconds('the same through Extract From File', median(items.times)),
			atMost(GOAL, ratio('file against items', median(file.times) / median(items.times))),
			atMost(250, megabytes("a file's memory over the idle n8n", file.memory)),
			megabytes("the items' memory over the idle n8n", items.memory),
			ratio('file against items, memory', file.memory / items.memory),
			atMost(100, milliseconds('slowest answer of /healthz meanwhile', health)),
			...Object.keys(bySize).map((size) => microseconds(`a row of ${size}`, perRow(Number(size)))),
			ratio('a row of a million against one of 100,000', perRow(MILLION) / perRow(100_000)),
			atMost(
				100,
				megabytes(
					'memory of a million rows over that of 10,000',
					Math.max(...memory) - Math.min(...memory),
				),
			),
		],
	};
}

function megabytes(name: string, bytes: number): Figure {
	return { name, value: Math.round(bytes / 1e6), unit: 'MB' };
}

function microseconds(name: string, value: number): Figure {
	return { name, value: Math.round(value * 10) / 10, unit: 'µs' };
}
