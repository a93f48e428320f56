import { join } from 'node:path';
import { atMost, milliseconds, ratio } from './figures';
import type { FileTimes, MeasuredFile } from './fileRun';
import { median, type Figure, type PartResult } from './measure';
import { inOwnProcess } from './processes';

/** 10 s where Extract From File takes 14.6 s. */
const GOAL = 0.68;

/** A workbook is read at least three times as fast. */
const WORKBOOK_GOAL = 0.33;

async function measured(...args: string[]): Promise<FileTimes> {
	const program = join(process.cwd(), 'test', 'bench', 'fileRun.ts');
	return await inOwnProcess<FileTimes>(program, args, ['--import', 'tsx']);
}

/** A million rows from a file on disk, in one real n8n: as a file, and as items; then a workbook. */
export async function fileBench(): Promise<PartResult> {
	const { figures } = await csvBench();
	return { part: 'file', figures: [...figures, ...(await workbookBench()).figures] };
}

/** A workbook of 500,000 rows, likewise. */
export async function workbookBench(): Promise<PartResult> {
	const { files, items } = await measured('workbook');
	const [, file] = files as [MeasuredFile, MeasuredFile];
	if (file.checksum !== items.checksum) throw new Error('File and items sent something different');
	return {
		part: 'workbook',
		figures: [
			milliseconds('a workbook of 500,000 rows as a file', median(file.times)),
			milliseconds('the same through Extract From File', median(items.times)),
			atMost(
				WORKBOOK_GOAL,
				ratio('workbook against items', median(file.times) / median(items.times)),
			),
			atMost(200, megabytes("a workbook's memory over the idle n8n's peak", file.overPeak)),
			megabytes("its items' memory over the idle n8n's peak", items.overPeak),
			atMost(100, milliseconds('slowest answer of /healthz meanwhile', file.health)),
		],
	};
}

async function csvBench(): Promise<PartResult> {
	const { files, items } = await measured();
	const [small, middle, file] = files as [MeasuredFile, MeasuredFile, MeasuredFile];
	if (file.checksum !== items.checksum) throw new Error('File and items sent something different');
	const perRow = ({ times, rows }: MeasuredFile) => (median(times) / rows) * 1000;
	return {
		part: 'file',
		figures: [
			milliseconds('a million rows as a file', median(file.times)),
			milliseconds('the same through Extract From File', median(items.times)),
			atMost(GOAL, ratio('file against items', median(file.times) / median(items.times))),
			atMost(250, megabytes("a file's memory over the idle n8n's peak", file.overPeak)),
			megabytes("the items' memory over the idle n8n's peak", items.overPeak),
			ratio('file against items, memory beside what the idle n8n uses', file.memory / items.memory),
			megabytes('the items: beside what the idle n8n uses', items.memory),
			atMost(100, milliseconds('slowest answer of /healthz meanwhile', file.health)),
			...files.map((each) => microseconds(`a row of ${each.rows}`, perRow(each))),
			ratio('a row of a million against one of 100,000', perRow(file) / perRow(middle)),
			...files.map(({ rows, memory }) =>
				megabytes(`${rows} rows: beside what the idle n8n uses`, memory),
			),
			atMost(
				100,
				megabytes(
					"a million rows against 10,000, over the idle n8n's peak",
					file.overPeak - small.overPeak,
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
