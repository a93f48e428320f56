import {
	UserError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';
import { channelField, customAudienceField, pageField } from '../../descriptions/audience';
import type { ApiRequest } from '../../transport/request';
import type { Clock } from '../../transport/clock';
import { forEachItem } from '../forEachItem';
import { textOf } from '../itemFields';
import { idsReader, type ItemIds } from '../itemIds';
import type { OperationResult } from '../output';
import { settledTotal, type Patience } from './getResult/settle';
import { readUploads, type Uploads } from './getResult/uploads';
import { growthOf, verdictOn } from './getResult/verdict';

export const fields: INodeProperties[] = [
	channelField,
	pageField,
	{ ...customAudienceField, description: 'The audience whose matches are counted' },
	{
		displayName: 'Wait Up To',
		name: 'waitUpTo',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 10,
		hint: 'In minutes',
		description:
			'How many minutes to wait at most for the number to settle. Fractions are allowed; 0 reads it once.',
	},
];

const MINUTE = 60_000;
/** Minutes. */
const LONGEST_WAIT = 1440;

/**
 * Tells for each audience of the input how many of its people can be messaged and, behind 'Add Users', how many of those
 * who were submitted were matched.
 */
export async function execute(context: IExecuteFunctions, clock: Clock): Promise<OperationResult> {
	const itemsOf = itemsByAudience(context);
	const cancelSignal = context.getExecutionCancelSignal();
	const run = { context, clock, changes: false, from: itemsOf };
	const counting = new Map<number, Promise<IDataObject>>();
	return await forEachItem(run, async ({ item, ids, request }) => {
		const atMost = readWait(context, item);
		const page = readIds(ids);
		const [first = item, ...others] = itemsOf(item);
		const already = counting.get(first);
		if (already) {
			// What befalls the first item of an audience befalls the others.
			await already;
			return [];
		}
		const input = [first, ...others].map((index) => context.getInputData()[index]?.json ?? {});
		const patience = { atMost, clock, cancelSignal };
		const counted = count(request, page, readUploads(input, page.customAudienceId), patience);
		counting.set(first, counted);
		return [await counted];
	});
}

async function count(
	request: ApiRequest,
	page: ReturnType<typeof readIds>,
	{ before, submitted }: Uploads,
	patience: Omit<Patience, 'before'>,
): Promise<IDataObject> {
	const { audience, ...reading } = await settledTotal(request, page, { ...patience, before });
	const result = { ...reading, before, submitted };
	return { ...page, ...describe(audience), ...figures(result), verdict: verdictOn(result) };
}

function describe(audience: IDataObject) {
	return {
		adAccountId: textOf(audience.AdAccountId),
		customAudienceName: textOf(audience.CustomAudienceName),
	};
}

// Null and not left out, so that every item has the same columns.
function figures(result: Parameters<typeof growthOf>[0]) {
	const { tokenTotal = null, before = null, submitted = null } = result;
	const { grown = null, matchRate = null } = growthOf(result);
	return { tokenTotal, before, grown, submitted, matchRate };
}

function readIds(ids: ItemIds) {
	return {
		custSpaceId: ids.required('custSpaceId'),
		pageId: ids.required('pageId'),
		customAudienceId: ids.required('customAudienceId'),
	};
}

/** For an item the input items of its audience, itself among them: a submission over several runs has several summaries. */
function itemsByAudience(context: IExecuteFunctions): (item: number) => number[] {
	const idsOf = idsReader(context);
	const groups = new Map<string, number[]>();
	const groupOf = context.getInputData().map((_, item) => {
		let key: string;
		try {
			key = JSON.stringify(readIds(idsOf(item)));
		} catch {
			// Told when the item's turn comes.
			return [item];
		}
		const group = groups.get(key) ?? [];
		groups.set(key, group);
		group.push(item);
		return group;
	});
	return (item) => groupOf[item] ?? [item];
}

/** @returns milliseconds @throws UserError */
function readWait(context: IExecuteFunctions, item: number): number {
	const given: unknown = context.getNodeParameter('waitUpTo', item, 10);
	const minutes = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
	if (typeof minutes === 'number' && minutes >= 0 && minutes <= LONGEST_WAIT) {
		return Math.round(minutes * MINUTE);
	}
	throw new UserError(
		`'Wait Up To' is not usable. Enter a number of minutes from 0 to ${LONGEST_WAIT}`,
	);
}
