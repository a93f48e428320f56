import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { Clock } from '../async';
import { sentence } from '../message';
import { type RequestApi, createApiRequester } from '../transport/api';
import { connectWith } from '../transport/connection';
import { canceled, nodeError, whatHappened } from './nodeErrors';
import { type ErrorRow, onErrorOf, type OperationResult, type OutputRow } from './output';
import { idsReader, type ItemIds } from './parameters';

/** Milliseconds and attempts for each call. */
const TIMEOUT = 60_000;
const MAX_ATTEMPTS = 5;

/** What an operation gets for one input item. */
export interface ItemTask {
	context: IExecuteFunctions;
	item: number;
	ids: ItemIds;
	request: RequestApi;
}

/**
 * Runs an operation for each input item, over one connection. An item's failure doesn't affect the others, unless 'On Error'
 * is 'Stop Workflow'.
 * @param run `changes`: whether the operation changes something, so it must not be repeated automatically; `from`: the
 * input items that an item's rows are paired with, by default only the item itself
 * @throws NodeApiError or NodeOperationError with the item's index
 */
export async function forEachItem(
	run: {
		context: IExecuteFunctions;
		clock: Clock;
		changes: boolean;
		from?: (item: number) => number[];
	},
	work: (task: ItemTask) => Promise<IDataObject[]>,
): Promise<OperationResult> {
	const { context, clock, changes, from = (item: number) => item } = run;
	const onError = onErrorOf(context);
	const idsOf = idsReader(context);
	let request: Promise<RequestApi> | undefined;
	const rows: OutputRow[] = [];
	// With Retry On Fail, n8n runs the node again if the first item contains an error.
	const last: OutputRow[] = [];
	const errors: ErrorRow[] = [];
	const { length } = context.getInputData();
	for (let item = 0; item < length; item++) {
		try {
			request ??= open(context, clock);
			const entries = await work({ context, item, ids: idsOf(item), request: await request });
			for (const json of entries) rows.push({ json, from: from(item) });
		} catch (error) {
			if (context.getExecutionCancelSignal()?.aborted) throw canceled(context);
			if (onError === 'stop') throw nodeError(context, item, error);
			const { message, details } = whatHappened(error);
			const text = sentence(message);
			if (onError === 'errorOutput') errors.push({ error: text, details, from: item });
			else (changes ? last : rows).push({ json: { error: text }, from: item });
		}
	}
	return { rows: [...rows, ...last], errors, sent: changes && rows.length > 0 };
}

async function open(context: IExecuteFunctions, clock: Clock): Promise<RequestApi> {
	return createApiRequester(await connectWith(context, { clock, timeout: TIMEOUT }), MAX_ATTEMPTS);
}
