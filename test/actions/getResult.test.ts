import type { IDataObject } from 'n8n-workflow';
import {
	readUploads,
	settledTotal,
} from '../../nodes/AlibabaCloudChatApp/actions/customAudience/getResult';
import { countOf } from '../../nodes/AlibabaCloudChatApp/actions/parameters';
import { stillClock } from '../engine/stillClock';

test.each([
	[0, 0],
	[7, 7],
	['7', 7],
	[' 7 ', 7],
	['', undefined],
	[' ', undefined],
	[-1, undefined],
	[1.5, undefined],
	['many', undefined],
	[null, undefined],
	[true, undefined],
	[[7], undefined],
])('the count of people %j is %j', (given, count) => {
	expect(countOf(given)).toBe(count);
});

test.each<[string, IDataObject[], object]>([
	['nothing', [{}, { name: 'x' }], {}],
	['a summary', [{ submitted: 3, tokenTotalBefore: 5 }], { submitted: 3, before: 5 }],
	['a summary without the number before', [{ submitted: '3' }], { submitted: 3 }],
	[
		'summaries of several runs, of which the first noted the number before',
		[
			{ submitted: 3, tokenTotalBefore: 0 },
			{ submitted: 4, tokenTotalBefore: 9 },
		],
		{ submitted: 7, before: 0 },
	],
	[
		'how many were collected',
		[
			{ submitted: 0, collected: 2 },
			{ submitted: 0, collected: 3 },
		],
		{ submitted: 0, collected: 5 },
	],
	[
		'what was sent from the table too',
		[{ submitted: 3, collecting: { sentFromTable: 4 } }],
		{ submitted: 7 },
	],
	[
		'its own audience alone, given as text or number',
		[
			{ submitted: 1, customAudienceId: '42' },
			{ submitted: 2, customAudienceId: 42 },
			{ submitted: 4, customAudienceId: '43', tokenTotalBefore: 9 },
		],
		{ submitted: 3 },
	],
	[
		'users',
		[
			{ customAudience: { status: 'submitted' } },
			{ customAudience: { status: 'invalid' } },
			{ customAudience: { status: 5 } },
			{ customAudience: null },
		],
		{ submitted: 1 },
	],
	[
		'users of whom none was submitted',
		[{ customAudience: { status: 'failed' } }],
		{ submitted: 0 },
	],
])('what was uploaded is read from %s', (_, items, uploads) => {
	expect(readUploads(items, '42')).toEqual(uploads);
});

const PAGE = { custSpaceId: 'c', pageId: '1', customAudienceId: '42' };

/** The number as it was read time after time; the last reading stays. */
async function settled(readings: unknown[], atMost: number, before?: number) {
	const clock = stillClock();
	const calls: Array<[string, Record<string, string>]> = [];
	const left = [...readings];
	const request = async (action: string, query: Record<string, string>) => {
		calls.push([action, query]);
		if (action !== 'ListCustomAudience')
			return { accepted: true as const, requestId: 'r', body: {} };
		const TokenTotal = left.length > 1 ? left.shift() : left[0];
		const Data = [
			{ CustomAudienceId: '41', TokenTotal: 99 },
			{ CustomAudienceId: '42', TokenTotal },
		];
		return { accepted: true as const, requestId: 'r', body: { Total: 2, Data } as IDataObject };
	};
	const patience = { atMost, clock, ...(before !== undefined && { before }) };
	const result = await settledTotal(request, PAGE, patience);
	return { ...result, waits: clock.waits, calls };
}

test.each<[string, unknown[], number | undefined, number, object]>([
	[
		'stays the same for three readings',
		[5, 7, 7, 7, 9],
		undefined,
		4,
		{ tokenTotal: 7, settled: true },
	],
	['is none at all', [undefined], undefined, 3, { settled: true }],
	['goes beyond what it was before', [5, 5, 5, 6, 6, 6], 5, 6, { tokenTotal: 6, settled: true }],
	['is what it was before, to the end', [5], 5, 21, { tokenTotal: 5, settled: true }],
	['moves until the end', [1, 2, 3], 0, 5, { tokenTotal: 3, settled: true }],
])('the number is read until it %s', async (_, readings, before, times, result) => {
	const { calls, ...found } = await settled(readings, 60_000, before);
	expect(found).toMatchObject({ ...result, audience: { CustomAudienceId: '42' } });
	expect(calls[0]).toEqual([
		'SyncMessengerSubscriptionToken',
		expect.objectContaining({ CustomAudienceId: '42' }),
	]);
	expect(calls.slice(1).map(([action]) => action)).toEqual(Array(times).fill('ListCustomAudience'));
	expect(calls[1]?.[1]).toMatchObject({ CustomAudienceId: '42', PageId: '1' });
});

test.each([
	[0, []],
	[40, [40]],
	[120, [50, 50, 20]],
	[60_000, Array(20).fill(3000)],
	[600_000, Array(40).fill(15_000)],
])('within %i ms the pauses between readings are %j', async (atMost, waits) => {
	expect((await settled([5], atMost, 5)).waits).toEqual(waits);
});

test('a number that was still moving at the end is reported as such', async () => {
	expect(await settled([1, 2, 3, 3], 100)).toMatchObject({ tokenTotal: 3, settled: false });
});
