import type { INodeParameters } from 'n8n-workflow';
import { ALL_IDS, byId, fromList, PAGE } from '../engine/knownIds';
import { runNode } from '../engine/runNode';
import { searchList } from '../engine/searchList';
import { DEFAULT_KEY, KNOWN, PAGE_IDS } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';

const simulator = useSimulator();

const credential = () => ({ ...DEFAULT_KEY, endpoint: simulator.url });

/** The parameters that reach the server are those of the tables of the API's reference, and no others. */
describe('on the wire', () => {
	it.each<[string, INodeParameters, string, Record<string, string>]>([
		['adAccount:getMany', PAGE, 'ListPageAdAccount', PAGE_IDS],
		[
			'customAudience:getMany',
			PAGE,
			'ListCustomAudience',
			{ ...PAGE_IDS, Page: '{"Index":1,"Size":50}' },
		],
		[
			'customAudience:getMany',
			{ ...PAGE, limit: 20, filters: { name: 'Autumn', adAccountId: byId('3') } },
			'ListCustomAudience',
			{
				...PAGE_IDS,
				AdAccountId: '3',
				CustomAudienceName: 'Autumn',
				Page: '{"Index":1,"Size":20}',
			},
		],
		[
			'customAudience:create',
			{ ...ALL_IDS, name: 'Autumn', description: 'Leaves', useExisting: false },
			'CreateCustomAudience',
			{
				...PAGE_IDS,
				AdAccountId: KNOWN.adAccountId,
				Name: 'Autumn',
				Description: 'Leaves',
				UploadType: 'intf',
			},
		],
		[
			'subscriptionToken:getMany',
			{ ...ALL_IDS, limit: 20 },
			'ListMessengerSubscriptionToken',
			{
				...PAGE_IDS,
				CustomAudienceId: KNOWN.customAudienceId,
				TokenType: 'customAudience',
				Limit: '20',
			},
		],
		[
			'subscriptionToken:getMany',
			{ ...PAGE, returnAll: true },
			'ListMessengerSubscriptionToken',
			{ ...PAGE_IDS, TokenType: 'customAudience', Limit: '1000' },
		],
		[
			'subscriptionToken:sync',
			ALL_IDS,
			'SyncMessengerSubscriptionToken',
			{ ...PAGE_IDS, CustomAudienceId: KNOWN.customAudienceId, TokenType: 'customAudience' },
		],
		[
			'subscriptionToken:sync',
			PAGE,
			'SyncMessengerSubscriptionToken',
			{ ...PAGE_IDS, TokenType: 'customAudience' },
		],
	])('%s', async (name, parameters, action, query) => {
		await runNode({
			simulator,
			operation: name,
			set: parameters,
		});
		expect(simulator.requests).toHaveLength(1);
		expect(simulator.requests[0]).toMatchObject({
			action,
			method: 'POST',
			code: 'OK',
			bodyBytes: 0,
		});
		expect(simulator.requests[0]?.query).toEqual(query);
		expect(simulator.requests[0]?.headers['x-acs-version']).toBe('2020-06-06');
	});

	it('customAudience:addUsers, with the users only in the body', async () => {
		await runNode({
			simulator,
			set: {
				...ALL_IDS,
				custSpaceId: fromList(KNOWN.custSpaceId),
				customAudienceId: fromList(KNOWN.customAudienceId),
			},
			items: [
				{ email: 'Mary@Example.com', phone: '+1 555 987 6543' },
				{ email: 'bob@example.com' },
			],
		});
		const [call] = simulator.attempts;
		expect(call?.query).toEqual({
			...PAGE_IDS,
			AdAccountId: KNOWN.adAccountId,
			CustomAudienceId: KNOWN.customAudienceId,
			EstimatedNumTotal: '2',
			BatchLastFlag: 'true',
		});
		expect(call?.form).toEqual({});
		expect(call?.users).toEqual([
			{ Email: 'mary@example.com', Phone: '15559876543' },
			{ Email: 'bob@example.com' },
		]);
	});

	it.each<[string, string, Record<string, string>]>([
		['custSpaceId', 'ListInstance', { ChannelType: 'messenger', PageIndex: '1', PageSize: '50' }],
		['adAccountId', 'ListPageAdAccount', PAGE_IDS],
		[
			'customAudienceId',
			'ListCustomAudience',
			{ ...PAGE_IDS, AdAccountId: KNOWN.adAccountId, Page: '{"Index":1,"Size":50}' },
		],
	])('the list of %s', async (field, action, query) => {
		await searchList(field, { parameters: ALL_IDS, credential: credential() });
		expect(simulator.requests).toMatchObject([{ action, query, code: 'OK' }]);
		expect(simulator.requests[0]?.query).toEqual(query);
	});
});
