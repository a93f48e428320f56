import { ask, call, type AnswerBody } from './ask';
import { KNOWN, startSimulator } from './simulator';
import { CHANNEL } from './signedClient';
import { useSimulator } from './useSimulator';

const simulator = useSimulator();

describe('ListInstance', () => {
	const list = (fields: Record<string, string> = {}): Promise<AnswerBody> =>
		ask(simulator, 'ListInstance', {
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

test('ListPageAdAccount gives the ad accounts of a page', async () => {
	const { Data } = await ask(simulator, 'ListPageAdAccount', CHANNEL);
	expect(Data).toHaveLength(2);
	expect(Data[0]).toEqual({
		AdAccountId: KNOWN.adAccountId,
		AdAccountName: 'Shop EUR',
		Currency: 'EUR',
		PageId: KNOWN.pageId,
	});
	await expect(
		ask(simulator, 'ListPageAdAccount', { ...CHANNEL, PageId: '1' }),
	).resolves.toMatchObject({
		Data: [],
	});
});

test('lists given as an option replace those of the default world', async () => {
	const other = await startSimulator({ world: { adAccounts: [] } });
	const { body } = await call(other, { action: 'ListPageAdAccount', query: CHANNEL });
	expect(body).toMatchObject({ Success: true, Data: [] });
	await other.close();
});
