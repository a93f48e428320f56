import { AD_ACCOUNT, byId } from '../engine/knownIds';
import { runNode } from '../engine/runNode';
import { KNOWN } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';

const simulator = useSimulator();

const HERE = { space: KNOWN.custSpaceId, page: KNOWN.pageId, account: KNOWN.adAccountId };

const create = async () =>
	await runNode({
		simulator,
		operation: 'customAudience:create',
		set: { ...AD_ACCOUNT, name: 'Autumn' },
		onError: 'continue',
	});

it.each([undefined, '', null, 2 ** 54])(
	'an existing audience whose ID is %j in the response is not returned without it',
	async (CustomAudienceId) => {
		const Data = [{ CustomAudienceName: 'Autumn', CustomAudienceId }];
		simulator.misbehave(() => true, { kind: 'fields', fields: { Data } }, 'ListCustomAudience');
		const { output } = await create();
		expect(output).toEqual([{ error: expect.stringContaining('contains no ID for it') }]);
	},
);

it.each([{ AdAccountId: '300000000000002' }, { PageId: '100000000000002' }])(
	'an audience of the same name is not returned if its %j is another one',
	async (other) => {
		const Data = [{ CustomAudienceName: 'Autumn', CustomAudienceId: '42', ...other }];
		simulator.misbehave(() => true, { kind: 'fields', fields: { Data } }, 'ListCustomAudience');
		const { output } = await create();
		expect(output).toMatchObject([{ created: true }]);
		expect(output[0]?.customAudienceId).not.toBe('42');
	},
);

it("an audience is reused if the response writes its ad account as Meta does, with 'act_'", async () => {
	const AdAccountId = `act_${KNOWN.adAccountId}`;
	const Data = [{ CustomAudienceName: 'Autumn', CustomAudienceId: '42', AdAccountId }];
	simulator.misbehave(() => true, { kind: 'fields', fields: { Data } }, 'ListCustomAudience');
	const { output } = await create();
	expect(output).toMatchObject([{ created: false, customAudienceId: '42' }]);
});

it.each([2 ** 54, ' ', 0])(
	'the ID %j in the response is not returned',
	async (CustomAudienceId) => {
		const fields = { CustomAudienceId };
		simulator.misbehave(() => true, { kind: 'fields', fields }, 'CreateCustomAudience');
		const { output } = await create();
		expect(output).toEqual([{ error: expect.stringContaining('contains no audience ID') }]);
	},
);

it('a list that has no end is reported without options that are only in other operations', async () => {
	const fields = { Data: [], Total: 5 };
	simulator.misbehave(() => true, { kind: 'fields', fields }, 'ListCustomAudience');
	const { output } = await create();
	const error = 'The service returned 5 fewer entries than it reported. Run again later';
	expect(output).toEqual([{ error }]);
});

it.each([
	['ad account', { account: '300000000000002' }],
	['Page', { page: '100000000000002', space: 'cams-simulator2' }],
])('the same name in another %s creates another audience', async (_, there) => {
	const { output } = await runNode({
		simulator,
		operation: 'customAudience:create',
		set: {
			...AD_ACCOUNT,
			custSpaceId: byId('={{ $json.space }}'),
			pageId: '={{ $json.page }}',
			adAccountId: byId('={{ $json.account }}'),
			name: 'Autumn',
		},
		items: [HERE, { ...HERE, ...there }, HERE],
	});
	const rows = output;
	expect(rows.map(({ created }) => created)).toEqual([true, true, false]);
	const [here, other, again] = rows.map(({ customAudienceId }) => customAudienceId);
	expect(other).not.toBe(here);
	expect(again).toBe(here);
});
