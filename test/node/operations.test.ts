import type { INodeParameters } from 'n8n-workflow';
import { AD_ACCOUNT, ALL_IDS, AUDIENCE, byId, PAGE } from '../engine/knownIds';
import { runNode, type NodeRun } from '../engine/runNode';
import { DEFAULT_KEY, KNOWN, startSimulator } from '../simulator/simulator';
import { makeAudiences } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';

const simulator = useSimulator();

const run = async (
	name: string,
	parameters: INodeParameters,
	more: Partial<NodeRun> = {},
	server = simulator,
) => await runNode({ simulator: server, operation: name, set: parameters, ...more });

async function rowsOf(...parameters: Parameters<typeof run>) {
	const { output, error } = await run(...parameters);
	expect(error).toBeUndefined();
	return output;
}

describe('Ad Account: Get Many', () => {
	it('returns the ad accounts of the Page', async () => {
		await expect(rowsOf('adAccount:getMany', PAGE)).resolves.toEqual([
			{
				adAccountId: KNOWN.adAccountId,
				adAccountName: 'Shop EUR',
				currency: 'EUR',
				pageId: KNOWN.pageId,
			},
			expect.objectContaining({ adAccountName: 'Shop USD' }),
		]);
	});

	it('returns them as the API does, up to the limit', async () => {
		const rows = await rowsOf('adAccount:getMany', { ...PAGE, simplify: false, limit: 1 });
		expect(rows).toEqual([expect.objectContaining({ AdAccountId: KNOWN.adAccountId })]);
	});
});

describe('Custom Audience: Get Many', () => {
	const NAME = 'customAudience:getMany';

	it('returns up to 50 audiences of the Page, with the number of people', async () => {
		const rows = await rowsOf(NAME, PAGE);
		expect(rows).toHaveLength(45);
		expect(rows[0]).toEqual({
			customAudienceId: KNOWN.customAudienceId,
			customAudienceName: 'Newsletter readers',
			description: '',
			adAccountId: KNOWN.adAccountId,
			pageId: KNOWN.pageId,
			status: 'NONE',
			tokenTotal: 10,
			createTime: '2026-01-01T00:00:01.000Z',
			updateTime: '2026-01-01T00:00:01.000Z',
		});
	});

	it.each<[string, INodeParameters, number]>([
		['a limit', { limit: 7 }, 7],
		['a limit as text', { limit: '7' }, 7],
		['a name', { filters: { name: 'Newsletter' } }, 1],
		['an ad account', { filters: { adAccountId: byId('300000000000002') } }, 15],
		['a name that no audience has', { filters: { name: 'nobody' } }, 0],
	])('keeps to %s', async (_, parameters, count) => {
		expect(await rowsOf(NAME, { ...PAGE, ...parameters })).toHaveLength(count);
	});

	it('keeps to an ad account even if the service ignores it', async () => {
		const of = (account: string, id: string) => ({ AdAccountId: account, CustomAudienceId: id });
		const Data = [of('300000000000001', '1'), of('300000000000002', '2'), of('', '3')];
		const fields = { Data, Total: 3 };
		simulator.misbehave(() => true, { kind: 'fields', fields }, 'ListCustomAudience');
		const filters = { adAccountId: byId('300000000000002') };
		const rows = await rowsOf(NAME, { ...PAGE, filters });
		expect(rows.map(({ customAudienceId }) => customAudienceId)).toEqual(['2', '3']);
	});

	it("is not filtered by a value that isn't an ad account", async () => {
		const parameters = { ...PAGE, filters: { adAccountId: byId('My Shop') } };
		const { error } = await run(NAME, parameters);
		expect(error?.message).toBe("'Ad Account' isn't a valid ID");
	});

	it('reads all pages with Return All, for each item, and pairs the rows with it', async () => {
		const audiences = makeAudiences(120);
		const server = await startSimulator({ world: { audiences } });
		const more = { items: [{}, {}], credential: { ...DEFAULT_KEY, endpoint: server.url } };
		const { items } = await run(NAME, { ...PAGE, returnAll: true, simplify: false }, more);
		expect(items).toHaveLength(240);
		expect(items.at(119)).toEqual({ json: audiences[119], pairedItem: { item: 0 } });
		expect(items.at(120)).toEqual({ json: audiences[0], pairedItem: { item: 1 } });
		expect(server.requests).toHaveLength(6);
		await server.close();
	});
});

describe('Custom Audience: Create', () => {
	const NAME = 'customAudience:create';
	const NEW = { ...AD_ACCOUNT, name: 'Autumn' };

	it('creates an audience and returns its ID', async () => {
		const rows = await rowsOf(NAME, { ...NEW, description: 'Leaves' });
		expect(rows).toEqual([
			{
				customAudienceId: '600000000000046',
				customAudienceName: 'Autumn',
				adAccountId: KNOWN.adAccountId,
				custSpaceId: KNOWN.custSpaceId,
				pageId: KNOWN.pageId,
				created: true,
				requestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
			},
		]);
	});

	it('reuses the one with the same name, within a run and in the next', async () => {
		const items = [
			{ name: 'Autumn' },
			{ name: ' Autumn ' },
			{ name: 'Winter' },
			{ name: 'Autumn' },
		];
		const byName = { ...NEW, name: '={{ $json.name }}' };
		const first = await rowsOf(NAME, byName, { items });
		expect(first.map(({ created }) => created)).toEqual([true, false, true, false]);
		const second = await rowsOf(NAME, byName, { items });
		expect(second.map(({ created }) => created)).toEqual([false, false, false, false]);
		expect(second.map(({ customAudienceId }) => customAudienceId)).toEqual(
			first.map(({ customAudienceId }) => customAudienceId),
		);
		const made = simulator.requests.filter(({ action }) => action === 'CreateCustomAudience');
		expect(made).toHaveLength(2);
	});

	it('reuses only one with exactly this name in the same ad account', async () => {
		expect(await rowsOf(NAME, { ...NEW, name: 'Audience 4' })).toMatchObject([
			{ customAudienceId: '500000000000004', created: false },
		]);
		expect(await rowsOf(NAME, { ...NEW, name: 'Newsletter' })).toMatchObject([{ created: true }]);
		// 'Audience 3' belongs to the other ad account.
		expect(await rowsOf(NAME, { ...NEW, name: 'Audience 3' })).toMatchObject([{ created: true }]);
	});

	it.each([false, 'false'])(
		"creates a second one with 'Reuse Existing Audience' %j",
		async (useExisting) => {
			const parameters = { ...NEW, useExisting };
			expect(await rowsOf(NAME, parameters, { items: [{}, {}] })).toMatchObject([
				{ customAudienceId: '600000000000046', created: true },
				{ customAudienceId: '600000000000047', created: true },
			]);
		},
	);

	it('creates none without a name', async () => {
		const { error } = await run(NAME, { ...NEW, name: ' ' });
		expect(error).toMatchObject({
			message: "'Name' is empty",
			description: 'Enter it in the node',
		});
		expect(simulator.requests).toEqual([]);
	});

	it('is not run again by Retry On Fail once an audience is created', async () => {
		const items = [{ name: '' }, { name: 'Autumn' }];
		const more = { items, retryOnFail: true, onError: 'continue' as const };
		const { items: output } = await run(NAME, { ...NEW, name: '={{ $json.name }}' }, more);
		expect(
			output.map(({ json, pairedItem }) => [Object.keys(json).includes('error'), pairedItem]),
		).toEqual([
			[false, { item: 1 }],
			[true, { item: 0 }],
		]);
		expect(simulator.requests.map(({ action }) => action)).toEqual([
			'ListCustomAudience',
			'CreateCustomAudience',
		]);
	});
});

it('Custom Audience: Create is not repeated if its result is unknown', async () => {
	simulator.misbehave(1, { kind: 'reset', received: true }, 'CreateCustomAudience');
	const { error } = await run('customAudience:create', { ...AD_ACCOUNT, name: 'Autumn' });
	expect(error?.description).toMatch(/'Reuse Existing Audience'/);
	expect(simulator.requests.map(({ action }) => action)).toEqual([
		'ListCustomAudience',
		'CreateCustomAudience',
	]);
});

describe('Subscription Token: Get Many', () => {
	const NAME = 'subscriptionToken:getMany';

	it('returns the tokens of an audience', async () => {
		const rows = await rowsOf(NAME, { ...AUDIENCE, limit: 2 });
		expect(rows).toHaveLength(2);
		expect(rows[0]).toEqual({
			recipientId: 'psid-1',
			userTokenStatus: 'REFRESHED',
			creationTimestamp: '2026-01-01T00:00:01.000Z',
			tokenExpiryTimestamp: '2026-04-01T00:00:01.000Z',
			nextEligibleTime: '2026-01-03T00:00:01.000Z',
			notificationMessagesToken: 'token-1',
			customAudienceId: KNOWN.customAudienceId,
			pageId: KNOWN.pageId,
		});
	});

	it('returns nothing but the token and its audience for contacts that were uploaded', async () => {
		const server = await startSimulator({ world: { tokens: [] }, matching: { rate: 0.5 } });
		const items = Array.from({ length: 400 }, (_, n) => ({ email: `user${n}@example.com` }));
		await runNode({ simulator: server, items, set: { ...ALL_IDS, underMinimum: 'warn' } });
		await run('subscriptionToken:sync', AUDIENCE, {}, server);
		const rows = await rowsOf(NAME, { ...AUDIENCE, returnAll: true }, {}, server);
		const raw = await rowsOf(NAME, { ...AUDIENCE, limit: 1, simplify: false }, {}, server);
		await server.close();
		expect(rows).toHaveLength(200);
		expect(rows[0]).toEqual({
			notificationMessagesToken: expect.any(String),
			customAudienceId: KNOWN.customAudienceId,
		});
		expect(raw[0]).toMatchObject({ TopicTitle: expect.any(String) });
		expect(JSON.stringify(rows)).not.toContain('user1@example.com');
	});

	it.each<[string, unknown]>([
		['null', null],
		['an empty text', ''],
	])('returns a field as it is if the service fills it with %s', async (_, empty) => {
		const token = { ...aToken, RecipientId: empty, CreationTimestamp: empty } as typeof aToken;
		const server = await startSimulator({ world: { tokens: [token] } });
		const rows = await rowsOf(NAME, AUDIENCE, {}, server);
		await server.close();
		expect(rows).toMatchObject([{ recipientId: empty, creationTimestamp: empty }]);
	});

	it.each<[string, unknown, unknown]>([
		['milliseconds as text', '1767225601000', '2026-01-01T00:00:01.000Z'],
		['seconds', 1767225601, '2026-01-01T00:00:01.000Z'],
		['seconds as text', '1767225601', '2026-01-01T00:00:01.000Z'],
		['the most seconds', 99_999_999_999, '5138-11-16T09:46:39.000Z'],
		['the fewest milliseconds', 100_000_000_000, '1973-03-03T09:46:40.000Z'],
		['one second', 1, '1970-01-01T00:00:01.000Z'],
		['a negative number', -1, -1],
		['a number with a unit', '1767225601 s', '1767225601 s'],
		['a number in a text', 'at 1767225601', 'at 1767225601'],
		['nothing', 0, 0],
		['a date', '2026-01-01 00:00:01', '2026-01-01 00:00:01'],
		['no point in time', '99999999999999999999', '99999999999999999999'],
	])('returns a readable date for %s', async (_, given, shown) => {
		const token = { ...aToken, NextEligibleTime: given as number };
		const server = await startSimulator({ world: { tokens: [token] } });
		const [row] = await rowsOf(NAME, AUDIENCE, {}, server);
		const [raw] = await rowsOf(NAME, { ...AUDIENCE, simplify: false }, {}, server);
		await server.close();
		expect([row?.nextEligibleTime, raw?.NextEligibleTime]).toEqual([shown, given]);
	});

	it("returns the whole Page's tokens without an audience, page after page", async () => {
		const tokens = Array.from({ length: 2500 }, (_, index) => ({
			...aToken,
			RecipientId: `r${index}`,
		}));
		const server = await startSimulator({ world: { tokens } });
		const rows = await rowsOf(NAME, { ...PAGE, returnAll: true }, {}, server);
		expect(rows).toHaveLength(2500);
		expect(server.requests.map(({ query }) => query.PageKey)).toEqual([
			undefined,
			'after-1000',
			'after-2000',
		]);
		await server.close();
	});

	it('stops if the service returns a page key twice', async () => {
		const { createServer } = await import('node:http');
		const body = { Code: 'OK', Success: true, NextPage: 'again', Data: [] as object[] };
		let calls = 0;
		const server = createServer((_request, response) => {
			response.end(JSON.stringify({ ...body, Data: [{ RecipientId: `r${calls++}` }] }));
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as { port: number };
		const more = { credential: { ...DEFAULT_KEY, endpoint: `http://127.0.0.1:${port}` } };
		const { error } = await run(NAME, { ...PAGE, returnAll: true }, more);
		expect(error?.message).toMatch(/page key twice/);
		expect(calls).toBe(2);
		server.close();
	});
});

const aToken = {
	NotificationMessagesToken: 't',
	RecipientId: '',
	UserTokenStatus: 'REFRESHED',
	CreationTimestamp: 0,
	TokenExpiryTimestamp: 0,
	NextEligibleTime: 0,
	PageId: KNOWN.pageId,
	CustomAudienceId: KNOWN.customAudienceId,
};

it("Subscription Token: Refresh returns the task's code and the next step", async () => {
	const { output, hints } = await run('subscriptionToken:sync', AUDIENCE);
	const next = expect.stringMatching(/'Get Many'.*'Get Match Result'/);
	expect(output).toEqual([
		{ taskCode: expect.stringMatching(/^sync-\d+$/), requestId: expect.any(String), next },
	]);
	expect(hints).toEqual([{ type: 'info', message: next, location: 'outputPane' }]);
});

it.each(['={{ $json.nothing }}', '={{ null }}', '={{ "" }}', 0, 1.5, 'many'])(
	"a 'Limit' of %j is rejected by its label, and no other is used",
	async (limit) => {
		const parameters = { ...PAGE, limit };
		const { error } = await runNode({
			simulator,
			operation: 'customAudience:getMany',
			set: parameters,
		});
		expect(error?.message).toContain("'Limit' must be a whole number");
		expect(simulator.requests).toEqual([]);
	},
);
