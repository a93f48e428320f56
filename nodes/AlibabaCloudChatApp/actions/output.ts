import type {
	IBinaryKeyData,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
} from 'n8n-workflow';
import type { Clock } from '../async';
import { type Message, messageText } from '../message';
import { createCaller, type CallWithRetries } from '../transport/api';
import { connectWith } from '../transport/connect';
import { canceled, nodeError, whatHappened } from './nodeErrors';
import { idsReader, type ItemIds } from './parameters';

/** What the person chose under 'On Error' in the node's settings. */
export type OnError = 'stop' | 'continue' | 'errorOutput';

/** An item that an operation returns. */
export interface OutputRow {
	json: IDataObject;
	/** The input items it comes from. */
	from: number | number[];
	binary?: IBinaryKeyData;
}

/** An item for the error output: n8n adds the input's own JSON to it. */
export interface ErrorRow {
	/** What happened to the item, in a sentence. */
	error: string;
	details: IDataObject;
	from: number;
	/** The entry of the item that it is about, if the item is a page of contacts. */
	contact?: IDataObject;
	binary?: IBinaryKeyData;
}

/** What an operation returns. */
export interface OperationResult {
	rows: OutputRow[];
	errors?: ErrorRow[];
	/** Whether the run sent, stored, or created something, so that n8n must not repeat it. */
	changed?: boolean;
}

/** The setting 'On Error' of the node. */
export function onErrorOf(context: IExecuteFunctions): OnError {
	if (context.getNode().onError === 'continueErrorOutput') return 'errorOutput';
	return context.continueOnFail() ? 'continue' : 'stop';
}

/**
 * Turns an operation's result into n8n's items.
 * Items for the error output come last: with Retry On Fail, n8n runs the node again if the first item's JSON contains an
 * `error`, even a contact's own field.
 */
export function toItems({ rows, errors = [], changed }: OperationResult): INodeExecutionData[] {
	const items: INodeExecutionData[] = rows.map(({ json, from, binary }) => ({
		json,
		...(binary && { binary }),
		pairedItem: pairWith(from),
	}));
	const first = items[0];
	const { error } = first?.json ?? {};
	if (changed && first && error !== undefined && error !== null && error !== false) {
		const { error: _moved, ...json } = first.json;
		first.json = { ...json, inputError: error };
	}
	for (const row of errors) items.push(errorItem(row));
	return items;
}

function errorItem({ error, details, from, contact, binary }: ErrorRow): INodeExecutionData {
	// With a number as the paired item, n8n adds nothing of the input: with each contact of a page, it would add the page.
	// Such an item must not have its own `error`, which n8n would make its whole JSON.
	if (contact) return { json: { error, details: { ...details, contact } }, pairedItem: from };
	const item = {
		json: { error, details },
		...(binary && { binary }),
		pairedItem: { item: from },
	};
	// n8n before 2.34 recognizes an item for the error output by its own `error` as soon as its JSON has more than two keys.
	// Where that is enumerable, n8n replaces the JSON with it.
	return Object.defineProperty(item, 'error', { value: { message: error }, writable: true });
}

function pairWith(from: number | number[]): INodeExecutionData['pairedItem'] {
	return typeof from === 'number' ? { item: from } : from.map((item) => ({ item }));
}

/** Shows messages next to the output in the editor. */
export function showHints(context: IExecuteFunctions, messages: Message[]): void {
	for (const message of messages) {
		const type = message.level ?? 'warning';
		context.addExecutionHints({ message: messageText(message), type, location: 'outputPane' });
	}
}

/** Milliseconds and attempts for each call. */
const TIMEOUT = 60_000;
const MAX_ATTEMPTS = 5;

/** What an operation gets for one input item. */
export interface ItemTask {
	context: IExecuteFunctions;
	item: number;
	ids: ItemIds;
	call: CallWithRetries;
}

/**
 * Runs an operation for each input item, over one connection. An item's failure doesn't affect the others, unless 'On Error'
 * is 'Stop Workflow'.
 * @param run `isWrite`: whether the operation changes something, so it must not be repeated automatically; `from`: the
 * input items that an item's rows are paired with, by default only the item itself
 * @throws NodeApiError or NodeOperationError with the item's index
 */
export async function forEachItem(
	run: {
		context: IExecuteFunctions;
		clock: Clock;
		isWrite: boolean;
		from?: (item: number) => number[];
	},
	work: (task: ItemTask) => Promise<IDataObject[]>,
): Promise<OperationResult> {
	const { context, clock, isWrite, from = (item: number) => item } = run;
	const onError = onErrorOf(context);
	const idsOf = idsReader(context);
	let call: Promise<CallWithRetries> | undefined;
	const rows: OutputRow[] = [];
	// With Retry On Fail, n8n runs the node again if the first item contains an error.
	const last: OutputRow[] = [];
	const errors: ErrorRow[] = [];
	const { length } = context.getInputData();
	for (let item = 0; item < length; item++) {
		try {
			call ??= openCaller(context, clock);
			const entries = await work({ context, item, ids: idsOf(item), call: await call });
			for (const json of entries) rows.push({ json, from: from(item) });
		} catch (error) {
			if (context.getExecutionCancelSignal()?.aborted) throw canceled(context);
			if (onError === 'stop') throw nodeError(context, item, error);
			const { message, details } = whatHappened(error);
			const text = messageText(message);
			if (onError === 'errorOutput') errors.push({ error: text, details, from: item });
			else (isWrite ? last : rows).push({ json: { error: text }, from: item });
		}
	}
	return { rows: [...rows, ...last], errors, changed: isWrite && rows.length > 0 };
}

async function openCaller(context: IExecuteFunctions, clock: Clock): Promise<CallWithRetries> {
	return createCaller(await connectWith(context, { clock, timeout: TIMEOUT }), MAX_ATTEMPTS);
}
