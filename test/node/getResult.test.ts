import { runNode, type NodeRun } from '../engine/runNode';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { AUDIENCE, byId } from '../engine/knownIds';
import { movingClock } from '../engine/movingClock';
import {
	KNOWN,
	startSimulator,
	type Simulator,
	type SimulatorOptions,
} from '../simulator/simulator';

/** What the simulator's audience has before anything is uploaded. */
const BEFORE = 10;

let simulator: Simulator;
let clock = movingClock();

async function start(options: SimulatorOptions = {}) {
	clock = movingClock();
	simulator = await startSimulator({ ...options, now: () => clock.now() });
}
afterEach(() => simulator.close());

async function upload(count: number): Promise<IDataObject> {
	const contacts = Array.from({ length: count }, (_, index) => ({
		email: `user${index}@example.com`,
	}));
	const { custSpaceId, pageId, adAccountId, customAudienceId } = KNOWN;
	const set = { custSpaceId, pageId, adAccountId, customAudienceId };
	const { output } = await runNode({ simulator, items: contacts, clock, set });
	return { tokenTotalBefore: BEFORE, ...output?.[0] };
}

async function getResult(more: Partial<NodeRun> = {}, parameters: INodeParameters = {}) {
	return await runNode({
		simulator,
		operation: 'customAudience:getResult',
		set: { ...AUDIENCE, ...parameters },
		clock,
		...more,
	});
}

async function resultOf(items: IDataObject[], parameters: INodeParameters = {}) {
	const { output, error } = await getResult({ items }, parameters);
	expect(error).toBeUndefined();
	return output[0] as IDataObject;
}

const syncs = () =>
	simulator.requests.filter(({ action }) => action === 'SyncMessengerSubscriptionToken');
const minutesWaited = () => clock.waits.reduce((sum, ms) => sum + ms, 0) / 60_000;

describe('Custom Audience: Get Result', () => {
	it('shows after Add Users how many of those submitted were matched', async () => {
		await start({ matching: { rate: 0.2 } });
		const result = await resultOf([await upload(640)]);
		expect(result).toEqual({
			custSpaceId: KNOWN.custSpaceId,
			pageId: KNOWN.pageId,
			adAccountId: KNOWN.adAccountId,
			customAudienceId: KNOWN.customAudienceId,
			customAudienceName: 'Newsletter readers',
			tokenTotal: BEFORE + 128,
			tokenTotalBefore: BEFORE,
			grown: 128,
			submitted: 640,
			matchRate: 0.2,
			verdict: '128 of 640 were matched (20%), as usual',
		});
		expect(syncs().map(({ query }) => query.CustomAudienceId)).toEqual([KNOWN.customAudienceId]);
	});

	it.each([
		[0, 640, 0, /^No one was matched.*check that phone numbers have a country code/],
		[0.1, 2000, 200, /^200 of 2000 were matched \(10%\), fewer than the usual.*check/],
		[0.7, 640, 448, /^448 of 640 were matched \(70%\), as usual$/],
		[1, 640, 640, /^640 of 640 were matched \(100%\), more than usual$/],
		// 28 of 40 match, and Meta keeps their tokens to itself.
		[0.7, 40, 0, /^No one was matched.*only 40 contacts.*at least 500/],
	])(
		'for a match rate of %p and %p users, says what to do',
		async (rate, count, grown, verdict) => {
			await start({ matching: { rate } });
			const result = await resultOf([await upload(count)]);
			expect(result).toMatchObject({ grown, verdict: expect.stringMatching(verdict) });
		},
	);

	it('waits for late matches, until their number is stable', async () => {
		await start({ matching: { rate: 0.7, delayMs: 3 * 60_000 } });
		const result = await resultOf([await upload(500)]);
		expect(result).toMatchObject({ grown: 350 });
		expect(minutesWaited()).toBeGreaterThanOrEqual(3);
		expect(minutesWaited()).toBeLessThan(4);
	});

	it.each([0.5, 2, 0])("waits no longer than 'Wait Up To (Minutes)' (%p)", async (waitUpTo) => {
		await start({ matching: { rate: 0.7, delayMs: 3 * 60_000 } });
		const result = await resultOf([await upload(500)], { waitUpTo });
		expect(result).toMatchObject({ grown: 0, verdict: expect.stringMatching(/within a day/) });
		expect(minutesWaited()).toBeCloseTo(waitUpTo);
	});

	it("takes 'Wait Up To (Minutes)' as a text, too", async () => {
		await start({ matching: { rate: 0.7, delayMs: 3 * 60_000 } });
		await resultOf([await upload(500)], { waitUpTo: '={{ "0.5" }}' });
		expect(minutesWaited()).toBeCloseTo(0.5);
	});

	it('says if the number was still changing', async () => {
		await start({ matching: { rate: 0.7, delayMs: 60_000 } });
		const result = await resultOf([await upload(500)], { waitUpTo: 1 });
		expect(result.verdict).toMatch(/^350 of 500 .*may still change/);
	});

	it("shows only the number if the input isn't a summary", async () => {
		await start();
		await expect(resultOf([{}], { waitUpTo: 1440 })).resolves.toMatchObject({
			tokenTotal: BEFORE,
			tokenTotalBefore: null,
			grown: null,
			submitted: null,
			matchRate: null,
			verdict: expect.stringMatching(/^10 people can be messaged.*connect the summary/),
		});
	});

	it.each([
		[
			'the number before is unknown',
			{ submitted: 640 },
			/doesn't contain the number of people from before the upload/,
		],
		['nothing was submitted', { submitted: 0, tokenTotalBefore: 10 }, /Nothing was submitted/],
		[
			'the summary is of another audience',
			{ submitted: 640, tokenTotalBefore: 1, customAudienceId: '1' },
			/connect the summary/,
		],
	])('shows no match rate if %s', async (_, summary, verdict) => {
		await start();
		await expect(resultOf([summary])).resolves.toMatchObject({
			matchRate: null,
			verdict: expect.stringMatching(verdict),
		});
	});

	it('shows no other audience, even if the service lists it', async () => {
		await start();
		const Data = [{ CustomAudienceId: '42', CustomAudienceName: 'Another', TokenTotal: 900 }];
		const fields = { Data, Total: 1 };
		simulator.misbehave(() => true, { kind: 'fields', fields }, 'ListCustomAudience');
		const { error } = await getResult({ items: [{ tokenTotalBefore: 1, submitted: 9 }] });
		expect(error?.message).toMatch(/wasn't found on the Page/);
	});

	it('counts an upload over several runs, or one item per contact, as one', async () => {
		await start({ matching: { rate: 0.5 } });
		const { submitted } = await upload(400);
		const pages = [
			{ submitted: 150, tokenTotalBefore: BEFORE },
			{ submitted: 250, tokenTotalBefore: BEFORE },
		];
		const { items } = await getResult({ items: pages });
		expect(items).toEqual([
			{
				json: expect.objectContaining({ submitted, grown: 200 }),
				pairedItem: [{ item: 0 }, { item: 1 }],
			},
		]);
		const users = ['submitted', 'invalid', 'submitted'].map((status) => ({
			customAudience: { status },
		}));
		await expect(resultOf(users)).resolves.toMatchObject({ submitted: 2 });
		expect(syncs()).toHaveLength(2);
	});

	it('returns an item for each audience', async () => {
		await start();
		const items = [{ id: KNOWN.customAudienceId }, { id: '500000000000002' }];
		const parameters = { customAudienceId: byId('={{ $json.id }}') };
		const { items: output } = await getResult({ items }, parameters);
		expect(output.map(({ json, pairedItem }) => [json.tokenTotal, pairedItem])).toEqual([
			[10, [{ item: 0 }]],
			[20, [{ item: 1 }]],
		]);
	});

	it('ends when the execution is canceled while it waits', async () => {
		await start({ matching: { rate: 0.7 } });
		const summary = await upload(500);
		const abort = new AbortController();
		// A sleep that never ends: only the signal can end the run.
		clock.sleep = async () => {
			abort.abort();
			await new Promise(() => {});
		};
		const { error } = await getResult({ items: [summary], cancelSignal: abort.signal });
		expect(error?.message).toMatch(/cancell?ed/);
	});

	it.each([
		[
			'no audience is chosen',
			{ customAudienceId: byId("={{ '' }}") },
			/'Custom Audience' is empty: its expression returned nothing/,
		],
		['there is no such audience', { customAudienceId: byId('7') }, /audience wasn't found/],
		[
			"'Wait Up To (Minutes)' is no number",
			{ waitUpTo: '={{ null }}' },
			/'Wait Up To \(Minutes\)' must be/,
		],
		[
			"'Wait Up To (Minutes)' is blank",
			{ waitUpTo: '={{ " " }}' },
			/'Wait Up To \(Minutes\)' must be/,
		],
		["'Wait Up To (Minutes)' is too long", { waitUpTo: 1441 }, /a number from 0 to 1,440$/],
		["'Wait Up To (Minutes)' is negative", { waitUpTo: -1 }, /'Wait Up To \(Minutes\)' must be/],
	])("says so if %s, for each item with 'Continue'", async (_, parameters, message) => {
		await start();
		const { error } = await getResult({}, parameters);
		expect(error?.message).toMatch(message);
		const items = [{}, {}];
		const { output } = await getResult({ items, onError: 'continue' }, parameters);
		expect(output.map((item) => item.error)).toEqual([
			expect.stringMatching(message),
			expect.stringMatching(message),
		]);
	});
});
