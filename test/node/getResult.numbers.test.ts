import type { IDataObject } from 'n8n-workflow';
import { AUDIENCE } from '../engine/knownIds';
import { runNode } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { KNOWN } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';

const simulator = useSimulator();
const { customAudienceId } = KNOWN;
const MINUTE = 60_000;

interface Given {
	/** The audience's number, reading after reading; the last one stays. */
	readings: unknown[];
	/** The node's input. */
	items?: IDataObject[];
	/** Milliseconds of 'Wait Up To (Minutes)'. */
	atMost?: number;
}

async function resultOf({
	readings,
	items = [{}],
	atMost = 10 * MINUTE,
}: Given): Promise<IDataObject & { calls: unknown[] }> {
	simulator.reset();
	readings.forEach((TokenTotal, index) => {
		const Data = [
			{ CustomAudienceId: '41', TokenTotal: 99 },
			{ CustomAudienceId: customAudienceId, TokenTotal },
		];
		const isHere = (n: number) => n > index;
		simulator.misbehave(
			isHere,
			{ kind: 'fields', fields: { Total: 2, Data } },
			'ListCustomAudience',
		);
	});
	const clock = stillClock();
	const { output } = await runNode({
		simulator,
		operation: 'customAudience:getResult',
		set: { ...AUDIENCE, waitUpTo: atMost / MINUTE },
		items,
		clock,
	});
	const calls = simulator.requests.map(({ action, query }) => [action, query.CustomAudienceId]);
	return { ...(output[0] as IDataObject), waits: clock.waits, calls };
}

describe('the output of uploads is read:', () => {
	it.each<[string, IDataObject[], object]>([
		['nothing', [{}, { name: 'x' }], { submitted: null, tokenTotalBefore: null }],
		['a summary', [{ submitted: 3, tokenTotalBefore: 5 }], { submitted: 3, tokenTotalBefore: 5 }],
		[
			'a summary without the number before',
			[{ submitted: '3' }],
			{ submitted: 3, tokenTotalBefore: null },
		],
		[
			'summaries of several runs, of which the first has the number before',
			[
				{ submitted: 3, tokenTotalBefore: 0 },
				{ submitted: 4, tokenTotalBefore: 9 },
			],
			{ submitted: 7, tokenTotalBefore: 0 },
		],
		[
			'summaries of several runs, of which only a later one has the number before',
			[{ submitted: 3 }, { submitted: 4, tokenTotalBefore: 9 }],
			{ submitted: 7, tokenTotalBefore: null, grown: null, matchRate: null },
		],
		[
			'summaries of several runs, of which the first submitted nothing',
			[{ submitted: 0 }, { submitted: 4, tokenTotalBefore: 9 }],
			{ submitted: 4, tokenTotalBefore: 9 },
		],
		[
			'how many were collected',
			[
				{ submitted: 0, collected: 2 },
				{ submitted: 0, collected: 3 },
			],
			{ submitted: 0, verdict: expect.stringContaining('5 contacts were collected') },
		],
		[
			'how many were collected, from one item per contact',
			['collected', 'invalid', 'collected'].map((status) => ({ customAudience: { status } })),
			{ submitted: 0, verdict: expect.stringContaining('2 contacts were collected') },
		],
		[
			'contacts from the table',
			[{ submitted: 3, collecting: { sentFromTable: 4 } }],
			{ submitted: 7 },
		],
		[
			"only its own audience's, with its ID as text or number",
			[
				{ submitted: 1, customAudienceId },
				{ submitted: 2, customAudienceId: Number(customAudienceId) },
				{ submitted: 4, customAudienceId: '43', tokenTotalBefore: 9 },
			],
			{ submitted: 3, tokenTotalBefore: null },
		],
		[
			'one item per contact',
			[
				{ customAudience: { status: 'submitted' } },
				{ customAudience: { status: 'invalid' } },
				{ customAudience: { status: 5 } },
				{ customAudience: null },
			],
			{ submitted: 1 },
		],
		[
			'one item per contact, of which none was submitted',
			[{ customAudience: { status: 'failed' } }],
			{ submitted: 0 },
		],
	])('%s', async (_, items, result) => {
		expect(await resultOf({ readings: [7], items, atMost: 0 })).toMatchObject(result);
	});
});

describe("the audience's number", () => {
	it.each<[string, unknown[], number | undefined, number, object]>([
		['stays the same for three readings', [5, 7, 7, 7, 9], undefined, 4, { tokenTotal: 7 }],
		['is missing three times', [undefined], undefined, 3, { tokenTotal: null }],
		['is above the number before', [5, 5, 5, 6, 6, 6], 5, 6, { tokenTotal: 6 }],
		['is the number before until the time is up', [5], 5, 21, { tokenTotal: 5 }],
		['has changed until the time is up', [1, 2, 3], 0, 5, { tokenTotal: 3 }],
	])('is read until it %s', async (_, readings, tokenTotalBefore, times, result) => {
		const items = [{ submitted: 9, ...(tokenTotalBefore !== undefined && { tokenTotalBefore }) }];
		const { calls, ...found } = await resultOf({ readings, items, atMost: MINUTE });
		expect(found).toMatchObject(result);
		expect(calls).toEqual([
			['SyncMessengerSubscriptionToken', customAudienceId],
			...Array<string[]>(times).fill(['ListCustomAudience', customAudienceId]),
		]);
	});

	it.each([
		[0, []],
		[40, [40]],
		[120, [50, 50, 20]],
		[60_000, Array(20).fill(3000)],
		[600_000, Array(40).fill(15_000)],
	])('is read within %i ms with these pauses: %j', async (atMost, waits) => {
		const items = [{ submitted: 9, tokenTotalBefore: 5 }];
		expect(await resultOf({ readings: [5], items, atMost })).toMatchObject({ waits });
	});
});

describe('the verdict', () => {
	it.each<[string, unknown, IDataObject, RegExp]>([
		[
			'without a number',
			undefined,
			{ tokenTotalBefore: 1, submitted: 1 },
			/^Alibaba Cloud didn't return the number .* again later$/,
		],
		['one person, without an upload', 1, {}, /^1 person can .*\. To see how many/],
		['several, without an upload', 2, {}, /^2 people can .*\. To see how many/],
		[
			'an upload of no one',
			2,
			{ tokenTotalBefore: 2, submitted: 0 },
			/\. Nothing was submitted in .*'invalidReasons'/,
		],
		[
			'an upload whose contacts were collected',
			2,
			{ tokenTotalBefore: 2, submitted: 0, collected: 1 },
			/\. Nothing was submitted in .*: 1 contact was collected, and will be sent with others$/,
		],
		['no number before', 2, { submitted: 9 }, /^2 people can .* of the 9 submitted .* is unknown/],
		[
			'few, none of whom were matched',
			0,
			{ tokenTotalBefore: 0, submitted: 499 },
			/^No one was matched: Meta discards .* fewer than 100 matches, and only 499 contacts .*\. Matches appear .* at least 500 contacts together$/,
		],
		[
			'many, none of whom were matched',
			0,
			{ tokenTotalBefore: 0, submitted: 500 },
			/^No one was matched: of 500 submitted contacts, fewer than 100 were found, .*\. Matches appear .* check that/,
		],
		[
			'no one new',
			7,
			{ tokenTotalBefore: 7, submitted: 500 },
			/^No one was matched beyond the 7 who could be messaged before: of .*\. People who were in the audience before are not counted again\. Matches/,
		],
		[
			'fewer people than before',
			5,
			{ tokenTotalBefore: 7, submitted: 9 },
			/^No one was matched beyond the 7 who could be messaged before, and 2 of those no longer can be: .* only 9 contacts/,
		],
		[
			'one match',
			8,
			{ tokenTotalBefore: 7, submitted: 4 },
			/^1 of 4 was matched \(25%\), as usual$/,
		],
		[
			'the least usual',
			2,
			{ tokenTotalBefore: 0, submitted: 10 },
			/^2 of 10 were .*20%\), as usual$/,
		],
		['the most usual', 7, { tokenTotalBefore: 0, submitted: 10 }, /\(70%\), as usual$/],
		['more than usual', 71, { tokenTotalBefore: 0, submitted: 100 }, /\(71%\), more than usual$/],
		['all of them', 9, { tokenTotalBefore: 0, submitted: 9 }, /\(100%\), more than usual$/],
		[
			'more than all',
			9,
			{ tokenTotalBefore: 0, submitted: 8 },
			/, more than were submitted: another/,
		],
		[
			'fewer than usual',
			19,
			{ tokenTotalBefore: 0, submitted: 100 },
			/^19 of 100 were matched \(19%\), fewer than the usual 20–70%\. Matches appear .* check that/,
		],
	])('on %s', async (_, number, summary, verdict) => {
		const { verdict: shown } = await resultOf({ readings: [number], items: [summary] });
		expect(shown).toMatch(verdict);
	});

	it('says that a number may still change, if there are matches to judge', async () => {
		const summary = { tokenTotalBefore: 7, submitted: 4 };
		const growing = { items: [summary], atMost: 100 };
		expect((await resultOf({ ...growing, readings: [6, 7, 8, 8] })).verdict).toMatch(
			/, as usual\. The number may still change, so run this again/,
		);
		const none = await resultOf({ ...growing, readings: [5, 6, 7, 7] });
		expect(none.verdict).toMatch(/^No one was matched(?!.*growing)/);
	});

	it.each<[unknown, IDataObject, object]>([
		[undefined, { submitted: 1 }, { grown: null, matchRate: null }],
		[3, { submitted: 1 }, { grown: null, matchRate: null }],
		[undefined, { submitted: 1, tokenTotalBefore: 3 }, { grown: null, matchRate: null }],
		[5, { submitted: 0, tokenTotalBefore: 3 }, { grown: 2, matchRate: null }],
		[5, { submitted: 3, tokenTotalBefore: 3 }, { grown: 2, matchRate: 0.6667 }],
		[1, { submitted: 3, tokenTotalBefore: 3 }, { grown: -2, matchRate: -0.6667 }],
	])('is based on figures: %j after %j is %j', async (number, summary, figures) => {
		expect(await resultOf({ readings: [number], items: [summary] })).toMatchObject(figures);
	});
});
