import { call, callAction, IDS, type ResponseBody } from './signedClient';
import { KNOWN, PAGE_IDS, startSimulator } from './simulator';
import { useSimulator } from './useSimulator';

const simulator = useSimulator();

describe('ListCustomAudience', () => {
	const list = (fields: Record<string, string> = {}): Promise<ResponseBody> =>
		callAction(simulator, 'ListCustomAudience', {
			...PAGE_IDS,
			Page: '{"Index":1,"Size":20}',
			...fields,
		});

	test('pages through the audiences of a page', async () => {
		const first = await list();
		expect(first.Total).toBe(45);
		expect(Object.keys(first.Data[0] ?? {}).sort()).toEqual(
			'AdAccountId CreateTime CustomAudienceId CustomAudienceName Description PageId Status TokenTotal TokenType UpdateTime UploadType'.split(
				' ',
			),
		);
		const third = await list({ Page: '{"Index":3,"Size":20}' });
		expect(third.Data).toHaveLength(5);
	});

	test.each([
		[{ AdAccountId: '300000000000002' }, 15],
		[{ CustomAudienceId: KNOWN.customAudienceId }, 1],
		[{ CustomAudienceName: 'Audience 4' }, 7],
		[{ TokenType: 'custom' }, 45],
		[{ TokenType: 'other' }, 0],
	])('filters by %o', async (fields, total) => {
		expect((await list(fields)).Total).toBe(total);
	});

	test.each([
		'{"Index":0,"Size":20}',
		'{"Index":1}',
		'{"Index":1,"Size":101}',
		'{"Index":1,"Size":1,"a":1}',
		'1',
		'x',
	])('rejects the page %s', async (Page) => {
		await expect(list({ Page })).resolves.toMatchObject({ Code: 'InvalidParameter' });
	});
});

describe('CreateCustomAudience', () => {
	const { CustomAudienceId: _, ...ids } = IDS;
	const create = (fields: Record<string, string> = {}): Promise<ResponseBody> =>
		callAction(simulator, 'CreateCustomAudience', {
			...ids,
			Name: 'New one',
			UploadType: 'intf',
			...fields,
		});

	test('creates an audience that is listed', async () => {
		const { CustomAudienceId } = await create({ Description: 'from a test' });
		const Page = '{"Index":1,"Size":1}';
		const { Data } = await callAction(simulator, 'ListCustomAudience', {
			...PAGE_IDS,
			Page,
			CustomAudienceId,
		});
		expect(Data).toMatchObject([
			{
				CustomAudienceName: 'New one',
				Description: 'from a test',
				UploadType: 'intf',
				TokenTotal: 0,
			},
		]);
	});

	test('accepts intf, or excel with a file', async () => {
		expect(await create({ UploadType: 'csv' })).toMatchObject({ Code: 'InvalidParameter' });
		expect(await create({ UploadType: 'excel' })).toMatchObject({ Code: 'MissingFilePath' });
		expect(await create({ UploadType: 'excel', FilePath: 'a.xlsx' })).toMatchObject({ Code: 'OK' });
	});
});

describe('ListInstance', () => {
	const list = (fields: Record<string, string> = {}): Promise<ResponseBody> =>
		callAction(simulator, 'ListInstance', {
			ChannelType: 'messenger',
			PageIndex: '1',
			PageSize: '2',
			...fields,
		});

	test('pages through the channels of a kind', async () => {
		const first = await list();
		expect(first).toMatchObject({ Success: true, Code: 'OK', TotalCount: 3 });
		expect(first.Data[0]).toEqual({
			InstanceId: 'ins-simulator1',
			InstanceName: 'Shop Messenger',
			CustSpaceId: KNOWN.custSpaceId,
			ChannelType: 'messenger',
			State: 'published',
		});
		expect((await list({ PageIndex: '2' })).Data).toHaveLength(1);
		expect((await list({ PageIndex: '3' })).Data).toEqual([]);
	});

	test.each([
		[{ ChannelType: 'whatsapp' }, ['Shop WhatsApp']],
		[{ InstanceName: 'New Messenger' }, ['New Messenger']],
		[{ InstanceName: 'New' }, []],
		[{ FilterStr: 'SUPPORT' }, ['Support Messenger']],
		[{ FilterStr: 'simulator3' }, ['New Messenger']],
	])('filters by %o', async (fields, names) => {
		const { Data, TotalCount } = await list(fields);
		expect(Data.map(({ InstanceName }) => InstanceName)).toEqual(names);
		expect(TotalCount).toBe(names.length);
	});
});

test('ListPageAdAccount lists the ad accounts of a page', async () => {
	const { Data } = await callAction(simulator, 'ListPageAdAccount', PAGE_IDS);
	expect(Data).toHaveLength(2);
	expect(Data[0]).toEqual({
		AdAccountId: KNOWN.adAccountId,
		AdAccountName: 'Shop EUR',
		Currency: 'EUR',
		PageId: KNOWN.pageId,
	});
	await expect(
		callAction(simulator, 'ListPageAdAccount', { ...PAGE_IDS, PageId: '1' }),
	).resolves.toMatchObject({
		Data: [],
	});
});

test('lists given as an option replace those of the default world', async () => {
	const other = await startSimulator({ world: { adAccounts: [] } });
	const { body } = await call(other, { action: 'ListPageAdAccount', query: PAGE_IDS });
	expect(body).toMatchObject({ Success: true, Data: [] });
	await other.close();
});

describe('subscription tokens', () => {
	const list = (fields: Record<string, string> = {}): Promise<ResponseBody> =>
		callAction(simulator, 'ListMessengerSubscriptionToken', {
			...PAGE_IDS,
			TokenType: 'customAudience',
			Limit: '50',
			...fields,
		});

	test('are paged by key', async () => {
		const sizes: number[] = [];
		let PageKey: string | undefined = '';
		while (PageKey !== undefined) {
			const { Data, NextPage }: ResponseBody = await list({ PageKey });
			sizes.push(Data.length);
			PageKey = NextPage;
		}
		expect(sizes).toEqual([50, 50, 20]);
		expect((await list()).Data[0]).toMatchObject({ NotificationMessagesToken: 'token-1' });
	});

	test('are filtered by audience', async () => {
		const { Data } = await list({ CustomAudienceId: KNOWN.customAudienceId, Limit: '1000' });
		expect(Data).toHaveLength(60);
	});

	test.each<Record<string, string>>([
		{ Limit: '0' },
		{ Limit: '1001' },
		{ PageKey: 'x' },
		{ TokenType: 'x' },
	])('are rejected with %o', async (fields) => {
		await expect(list(fields)).resolves.toMatchObject({ Code: 'InvalidParameter' });
	});

	test('are synced by a task', async () => {
		const query = { ...PAGE_IDS, TokenType: 'customAudience' };
		const { Success, TaskCode } = await callAction(
			simulator,
			'SyncMessengerSubscriptionToken',
			query,
		);
		expect(Success).toBe(true);
		expect(TaskCode).toMatch(/^sync-/);
	});
});
