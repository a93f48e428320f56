import { AD_ACCOUNT } from '../engine/knownIds';
import { runNode } from '../engine/runNode';
import { KNOWN } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';

const simulator = useSimulator();

const PAGE_URL = `https://www.facebook.com/profile.php?id=${KNOWN.pageId}`;
const VANITY = 'https://www.facebook.com/MyShop';

function people(pageId: string, count: number) {
	return Array.from({ length: count }, (_, index) => ({ email: `p${index}@example.com`, pageId }));
}

describe('Add Users', () => {
	it("sends the Page's ID when its URL was pasted", async () => {
		const { calls, output } = await runNode({
			simulator,
			items: people('', 120),
			set: { pageId: PAGE_URL },
		});
		expect(calls).toEqual([
			expect.objectContaining({ query: expect.objectContaining({ PageId: KNOWN.pageId }) }),
		]);
		expect(output).toMatchObject([{ pageId: KNOWN.pageId, submitted: 120 }]);
	});

	it('reads a URL and the ID in it as one audience', async () => {
		const contacts = [...people(PAGE_URL, 60), ...people(KNOWN.pageId, 60)];
		const set = { pageId: '={{ $json.pageId }}', removeDuplicates: false };
		const { output } = await runNode({ simulator, items: contacts, set });
		expect(output).toMatchObject([{ received: 120, submitted: 120 }]);
	});

	it('sends nothing for a value without an ID, and says where to find it', async () => {
		const set = { pageId: VANITY };
		const { calls, error } = await runNode({ simulator, items: people('', 120), set });
		expect(calls).toEqual([]);
		expect(error).toMatchObject({
			code: 'invalid_id',
			message: "'Page ID' isn't a valid ID",
			description: expect.stringMatching(/Page transparency/),
		});
	});

	it("with Continue, an item without an ID doesn't affect the others", async () => {
		const { calls, output } = await runNode({
			simulator,
			items: [...people(VANITY, 1), ...people(KNOWN.pageId, 120)],
			set: { pageId: '={{ $json.pageId }}', output: 'users' },
			onError: 'continue',
		});
		expect(calls).toHaveLength(1);
		expect(output).toHaveLength(121);
		expect(output?.[0]?.customAudience).toEqual({ status: 'failed', code: 'invalid_id' });
		expect(output?.[1]?.customAudience).toMatchObject({ status: 'submitted' });
	});
});

it.each(['pageId', 'adAccountId', 'custSpaceId'])(
	'Create makes no call for a %s without an ID',
	async (name) => {
		const set = { ...AD_ACCOUNT, name: 'Autumn', [name]: 'My shop' };
		const { error } = await runNode({ simulator, operation: 'customAudience:create', set });
		expect(error?.message).toMatch(/^'.*' isn't a valid ID$/);
		expect(simulator.attempts).toEqual([]);
	},
);
