import type { INodeParameters } from 'n8n-workflow';
import { byId, fromList } from '../engine/knownIds';
import { searchList, type ListRequest } from '../engine/searchList';
import { stillClock } from '../engine/stillClock';
import { DEFAULT_KEY, KNOWN, startSimulator, type Simulator } from '../simulator/simulator';
import { makeAudiences } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';

const POWERLESS = {
	accessKeyId: 'LTAI5tPowerless',
	accessKeySecret: 'powerless-secret',
	allow: [],
};

const FILLED: INodeParameters = {
	resource: 'customAudience',
	operation: 'addUsers',
	custSpaceId: fromList(KNOWN.custSpaceId),
	pageId: KNOWN.pageId,
	adAccountId: byId(KNOWN.adAccountId),
	customAudienceId: fromList(''),
};

const simulator = useSimulator({ keys: [DEFAULT_KEY, POWERLESS] });

async function open(field: string, request: ListRequest = {}, server = simulator) {
	const credential = { ...DEFAULT_KEY, endpoint: server.url };
	return await searchList(field, { parameters: FILLED, credential, ...request });
}

describe('the list of channels', () => {
	it("shows name, ID, and state, without drafts, and returns the channel's ID", async () => {
		await expect(open('custSpaceId', { parameters: {} })).resolves.toEqual({
			results: [
				{ name: 'Shop Messenger · cams-simulator1 · published', value: 'cams-simulator1' },
				{ name: 'Support Messenger · cams-simulator2 · published', value: 'cams-simulator2' },
			],
			paginationToken: undefined,
		});
	});

	it.each([
		['a part of the name, in any case', 'SUPPORT', ['cams-simulator2']],
		['a part of the ID', 'simulator2', ['cams-simulator2']],
		[
			'name and ID together, with spaces around them',
			' support messenger cams-simulator2 ',
			['cams-simulator2'],
		],
		['a draft', 'simulator3', []],
		['nothing that is there', 'nowhere', []],
	])('is searched for %s', async (_, filter, values) => {
		const { results } = await open('custSpaceId', { filter });
		expect(results.map(({ value }) => value)).toEqual(values);
	});

	it('has channels after more drafts than are read at a time', async () => {
		const channel = { ChannelType: 'messenger', InstanceName: '', InstanceId: '' };
		const channels = Array.from({ length: 1001 }, (_, n) => {
			return { ...channel, CustSpaceId: `cams-${n}`, State: n < 1000 ? 'draft' : 'published' };
		});
		await withWorld({ channels }, async (server) => {
			const { results, paginationToken } = await open('custSpaceId', {}, server);
			expect(results).toEqual([]);
			const rest = await open('custSpaceId', { paginationToken }, server);
			expect(rest.results.map(({ value }) => value)).toEqual(['cams-1000']);
		});
	});

	it('returns the instance ID of a channel without a space', async () => {
		const channel = { InstanceId: 'cams-direct', InstanceName: '', CustSpaceId: '', State: '' };
		const channels = [{ ...channel, ChannelType: 'messenger' }];
		await withWorld({ channels }, async (server) => {
			const { results } = await open('custSpaceId', {}, server);
			expect(results).toEqual([{ name: 'cams-direct', value: 'cams-direct' }]);
		});
	});
});

describe('the list of ad accounts', () => {
	it("shows name, ID, and currency of the Page's ad accounts", async () => {
		await expect(open('adAccountId')).resolves.toEqual({
			results: [
				{ name: `Shop EUR · ${KNOWN.adAccountId} · EUR`, value: KNOWN.adAccountId },
				{ name: 'Shop USD · 300000000000002 · USD', value: '300000000000002' },
			],
		});
		const { results } = await open('adAccountId', { filter: 'usd' });
		expect(results).toHaveLength(1);
	});
});

describe('the list of custom audiences', () => {
	it("shows name, number of people, and ID of the ad account's audiences", async () => {
		const { results, paginationToken } = await open('customAudienceId');
		expect(results).toHaveLength(30);
		expect(results[0]).toEqual({
			name: `Newsletter readers · 10 people · …${KNOWN.customAudienceId.slice(-4)}`,
			value: KNOWN.customAudienceId,
		});
		expect(paginationToken).toBeUndefined();
	});

	it.each([{ resource: 'subscriptionToken' }, { operation: 'getResult' }])(
		"contains all ad accounts' audiences for %o",
		async (chosen) => {
			const parameters = { ...FILLED, ...chosen, adAccountId: byId('') };
			expect((await open('customAudienceId', { parameters })).results).toHaveLength(45);
		},
	);

	it('is read page by page', async () => {
		await withWorld({ audiences: makeAudiences(120) }, async (server) => {
			const first = await open('customAudienceId', {}, server);
			expect(first.results).toHaveLength(50);
			const { paginationToken } = first;
			const second = await open('customAudienceId', { paginationToken }, server);
			expect(second.results[0]?.value).toBe('A51');
			const last = await open(
				'customAudienceId',
				{ paginationToken: second.paginationToken },
				server,
			);
			expect(last.results).toHaveLength(20);
			expect(last.paginationToken).toBeUndefined();
		});
	});

	it('is searched through all its pages', async () => {
		await withWorld({ audiences: makeAudiences(120) }, async (server) => {
			const { results } = await open('customAudienceId', { filter: 'audience 119' }, server);
			expect(results.map(({ value }) => value)).toEqual(['A119']);
			expect(server.requests).toHaveLength(3);
		});
	});

	it('is searched twenty pages at a time, and then continued', async () => {
		await withWorld({ audiences: makeAudiences(1050) }, async (server) => {
			const filter = 'audience 1049';
			const first = await open('customAudienceId', { filter }, server);
			expect(first.results).toEqual([]);
			expect(server.requests).toHaveLength(20);
			const { paginationToken } = first;
			const rest = await open('customAudienceId', { filter, paginationToken }, server);
			expect(rest.results.map(({ value }) => value)).toEqual(['A1049']);
		});
	});
});

describe('an audience', () => {
	const named = (name: string, more: object = {}) => ({
		audiences: makeAudiences(1).map((audience) => ({
			...audience,
			CustomAudienceName: name,
			...more,
		})),
	});
	const shown = async (world: Parameters<typeof withWorld>[0], filter = '') => {
		let names: string[] = [];
		await withWorld(world, async (server) => {
			const { results } = await open('customAudienceId', { filter }, server);
			names = results.map(({ name }) => name);
		});
		return names;
	};

	it.each([
		[{ TokenTotal: 0 }, 'Autumn · no one yet · A1'],
		[{ TokenTotal: 'unknown' }, 'Autumn · A1'],
		[{ TokenTotal: -1 }, 'Autumn · A1'],
		[{ TokenTotal: 1 }, 'Autumn · 1 person · A1'],
		[{ TokenTotal: 12345 }, 'Autumn · 12,345 people · A1'],
		[{ TokenTotal: undefined }, 'Autumn · A1'],
		[{ Status: '471' }, 'Autumn · flagged by Meta · no one yet · A1'],
		[{ Status: 'IN_REVIEW' }, 'Autumn · in review · no one yet · A1'],
		[{ Status: '' }, 'Autumn · no one yet · A1'],
	])('with %j is described in words', async (more, name) => {
		expect(await shown(named(' Autumn ', more))).toEqual([name]);
	});

	it.each([
		'Everybody who has bought a coat in autumn, or looked at one in a shop',
		'关于秋季外套的所有购买者和感兴趣的人们的列表',
	])('has its full name first, before its count and the end of its ID: %s', async (name) => {
		const more = { CustomAudienceId: '500000000004321' };
		expect(await shown(named(name, more))).toEqual([`${name} · no one yet · …4321`]);
		expect(await shown(named(name, more), name.slice(-4))).toHaveLength(1);
		expect(await shown(named(name, more), '50000000000')).toHaveLength(1);
	});

	it.each(['عملاء الخريف', 'לקוחות סתיו', '\u202eעملاء\u202c'])(
		'written from right to left is isolated from the figures after it: %s',
		async (name) => {
			const plain = name.replace(/[\u202a-\u202e]/g, '');
			expect(await shown(named(name))).toEqual([`\u2068${plain}\u2069 · no one yet · A1`]);
		},
	);

	it.each([
		['Übergrößen', 'ubergrossen'],
		['Übergrößen', 'ÜBERGRÖSSEN'],
		['U\u0308bergro\u0308ßen', 'übergröße'],
		['Ｓａｌｅ 2026', 'sale'],
		['Người mua', 'nguoi'],
		['Łódź', 'lodz'],
		['İstanbul ışık', 'istanbul isik'],
		['Ærø', 'aero'],
	])('named %s is found by %s', async (name, filter) => {
		expect(await shown(named(name), filter)).toHaveLength(1);
		expect(await shown(named(name), `${filter}x`)).toEqual([]);
	});
});

describe('a list says what to do when', () => {
	const without = (name: string, value: INodeParameters[string] = '') => ({
		parameters: { ...FILLED, [name]: value },
	});
	it.each<[string, string, ListRequest, string]>([
		[
			'the channel is empty',
			'adAccountId',
			without('custSpaceId', fromList('')),
			"Fill in 'Channel' first. You can also choose 'By ID' and enter the ID",
		],
		[
			'the Page is empty',
			'adAccountId',
			without('pageId'),
			"Fill in 'Page ID' first. You can also choose 'By ID' and enter the ID",
		],
		[
			'the Page is missing',
			'customAudienceId',
			without('pageId', null),
			"Fill in 'Page ID' first. You can also choose 'By ID' and enter the ID",
		],
		[
			'the ad account is empty',
			'customAudienceId',
			without('adAccountId', byId(' ')),
			"Fill in 'Ad Account' first. You can also choose 'By ID' and enter the ID",
		],
		[
			'the Page is an expression',
			'adAccountId',
			without('pageId', '={{ $json.page }}'),
			"'Page ID' contains an expression, whose value isn't known yet. Choose 'By ID' and enter the ID or an expression",
		],
		[
			'the channel is an expression',
			'customAudienceId',
			without('custSpaceId', byId('={{ $json.a }}')),
			"'Channel' contains an expression, whose value isn't known yet. Choose 'By ID' and enter the ID or an expression",
		],
	])('%s', async (_, field, request, message) => {
		const error = await failing(open(field, request));
		expect(error).toMatchObject({ name: 'NodeOperationError', message });
		expect(error.description).toMatch(/'By ID'/);
		expect(simulator.requests).toEqual([]);
	});

	it("the Page isn't an ID", async () => {
		const error = await failing(open('adAccountId', without('pageId', 'My Shop')));
		expect(error).toMatchObject({
			name: 'NodeOperationError',
			message: expect.stringMatching(/^'Page ID' isn't a valid ID\. .*Page transparency$/),
		});
	});

	it('the key is unknown', async () => {
		const credential = { ...DEFAULT_KEY, accessKeyId: 'LTAI5tNobody', endpoint: simulator.url };
		const error = await failing(open('custSpaceId', { credential }));
		expect(error.message).toMatch(
			/^The AccessKey doesn't exist or is disabled\. .*\(InvalidAccessKeyId\.NotFound, HTTP 404, /,
		);
	});

	it('the service rejects', async () => {
		const fault = { kind: 'businessError', code: 'PageIllegal', message: 'No.' } as const;
		simulator.misbehave(() => true, fault, 'ListPageAdAccount');
		const error = await failing(open('adAccountId'));
		expect(error.message).toMatch(
			/^Alibaba Cloud rejected the request: No\. .* \(PageIllegal, HTTP 200, /,
		);
		expect(error).toMatchObject({ httpCode: '200' });
	});

	it.each([
		['custSpaceId', 'cams:ListInstance'],
		['adAccountId', 'cams:ListPageAdAccount'],
		['customAudienceId', 'cams:ListCustomAudience'],
	])('the permission for %s is missing', async (field, permission) => {
		const credential = { ...POWERLESS, endpoint: simulator.url };
		const error = await failing(open(field, { credential }));
		expect(error.name).toBe('NodeApiError');
		expect(error.message).toContain(`lacks the RAM permission '${permission}'`);
		expect(error.message).toMatch(/ \(NoPermission, HTTP 403, request ID [0-9A-F-]{36}\)$/);
		expect(error.description).toMatch(/'By ID' and enter the ID$/);
	});

	it.each([
		['custSpaceId', 'no published Messenger channel', { channels: [] }],
		['adAccountId', 'no ad account', { adAccounts: [] }],
		['customAudienceId', 'no custom audience', { audiences: [] }],
	])('there is nothing for %s', async (field, sentence, world) => {
		await withWorld(world, async (server) => {
			const error = await failing(open(field, {}, server));
			expect(error.message).toMatch(sentence);
			// The list shows no description.
			expect(error.message).toMatch(/\. (Publish|Bind|Create) .* or check '/);
			expect((await open(field, { filter: 'x' }, server)).results).toEqual([]);
		});
	});

	it('there is no credential, or one that is not filled in', async () => {
		const none = await failing(searchList('custSpaceId', { parameters: FILLED }));
		expect(none.message).toMatch(/credential/i);
		expect(none.description).toBe("You can also choose 'By ID' and enter the ID");
		const credential = { accessKeyId: '', accessKeySecret: 's' };
		const empty = await failing(open('custSpaceId', { credential }));
		expect(empty.message).toContain("'AccessKey ID' in the credential is empty");
	});

	it("n8n can't read the credential, without what its message may quote", async () => {
		const quoted = 'No key in {"secret": "s3cr3t-of-ada", "token": CAIS8wF1} of ada@example.com';
		const error = await failing(
			open('custSpaceId', { credential: { unreadable: quoted } as never }),
		);
		expect(error.message).toMatch(/^No key in /);
		expect(JSON.stringify([error, error.message])).not.toMatch(/s3cr3t|CAIS8wF1|ada/);
	});

	it("the server can't be reached", async () => {
		const credential = { ...DEFAULT_KEY, endpoint: 'http://127.0.0.1:1' };
		const error = await failing(open('custSpaceId', { credential }));
		// n8n would replace a sentence with a code such as ECONNREFUSED by its own.
		expect(error.message).toMatch(
			/^The server couldn't be reached\. .* n8n can reach the internet(?!.*ECONN)/,
		);
		expect(error).toMatchObject({
			description: "You can also choose 'By ID' and enter the ID",
			httpCode: null,
		});
	});

	it('no response comes in time', async () => {
		simulator.misbehave(() => true, { kind: 'silence' }, 'ListInstance');
		const clock = { ...stillClock(), timer: () => AbortSignal.timeout(20) };
		const error = await failing(open('custSpaceId', { clock }));
		expect(error.message).toMatch(/^No complete response came within 20 seconds\. \S/);
	});

	it('the service is busy', async () => {
		await withWorld({ audiences: makeAudiences(120) }, async (server) => {
			server.misbehave((n) => n <= 3, { kind: 'throttle' }, 'ListCustomAudience');
			const error = await failing(open('customAudienceId', {}, server));
			expect(error.message).toMatch(/limiting the rate/);
		});
	});
});

async function failing(list: Promise<unknown>): Promise<Error & { description?: string }> {
	return await list.then(
		(found) => {
			throw new Error(`No sentence, but ${JSON.stringify(found)}`);
		},
		(error: Error) => error,
	);
}

async function withWorld(
	world: NonNullable<Parameters<typeof startSimulator>[0]>['world'],
	check: (server: Simulator) => Promise<void>,
): Promise<void> {
	const server = await startSimulator({ world });
	try {
		await check(server);
	} finally {
		await server.close();
	}
}
