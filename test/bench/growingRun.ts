import type { INodeExecutionData } from 'n8n-workflow';
import { runInEngine } from './engine';
import { generateContacts, MIXES } from './generate';
import { median } from './measure';

// A separate process for one list: COUNT URL [heap], with --expose-gc. It sends its figures to the process that started it.
const BATCH_SIZE = 1000;
/** Short lists are run more often: their time is small enough to be lost in the noise. */
const ITEMS_IN_ALL = 100_000;

/** What a run of the node took for a list. */
export interface GrowingRun {
	/** Median processor time of the node's execute, microseconds an item. */
	cpu: number;
	/** The same by the clock. */
	wall: number;
	/** Megabytes in use at most beyond the items themselves, garbage collected; measured only when asked for. */
	heap?: number;
}

async function main([count = '1000', url = '', heap]: string[]): Promise<void> {
	const items = generateContacts(Number(count), MIXES.mixed).map((contact) => ({
		json: { ...contact },
	})) as INodeExecutionData[];
	const run = { url, items, options: { batchSize: BATCH_SIZE } };
	await warmUp(url);
	const times = [];
	const runs = Math.max(1, ITEMS_IN_ALL / items.length);
	for (let n = 0; n < runs; n++) times.push((await runInEngine(run)).execute);
	const perItem = (values: number[]) => (median(values) * 1000) / items.length;
	process.send?.({
		cpu: perItem(times.map(({ cpu }) => cpu)),
		wall: perItem(times.map(({ wall }) => wall)),
		...(heap && { heap: await heapBeyondItems(url, items) }),
	} satisfies GrowingRun);
}

// What is loaded and compiled once would be most of a short list's time.
async function warmUp(url: string): Promise<void> {
	const items = generateContacts(20_000, MIXES.mixed, 2).map((contact) => ({
		json: { ...contact },
	}));
	for (let run = 0; run < 3; run++)
		await runInEngine({ url, items: items as INodeExecutionData[] });
}

// Looked at when a call is made, when contacts and batches are all there, and when the output is.
async function heapBeyondItems(url: string, items: INodeExecutionData[]): Promise<number> {
	const inUse = () => {
		globalThis.gc?.();
		const { heapUsed, external, arrayBuffers } = process.memoryUsage();
		return heapUsed + external + arrayBuffers;
	};
	let most = 0;
	await runInEngine({
		url,
		items,
		onCall: () => (most = Math.max(most, inUse())),
		around: async (execute) => {
			const before = inUse();
			const result = await execute();
			most = Math.max(most, inUse()) - before;
			return result;
		},
	});
	return most / 1024 ** 2;
}

void main(process.argv.slice(2));
