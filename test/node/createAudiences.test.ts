import { AD_ACCOUNT, byId } from '../engine/knownIds';
import { runNode } from '../engine/runNode';
import { KNOWN } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';

const simulator = useSimulator();

const HERE = { space: KNOWN.custSpaceId, page: KNOWN.pageId, account: KNOWN.adAccountId };

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
