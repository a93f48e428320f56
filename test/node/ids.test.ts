import { runAddUsers } from '../engine/runAddUsers';
import { runOperation } from '../engine/runOperation';
import { DEFAULT_KEY, KNOWN } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';

const simulator = useSimulator();

const PAGE_URL = `https://www.facebook.com/profile.php?id=${KNOWN.pageId}`;
const VANITY = 'https://www.facebook.com/MyShop';

function people(pageId: string, count: number) {
	return Array.from({ length: count }, (_, index) => ({ email: `p${index}@example.com`, pageId }));
}

describe('Add Users', () => {
	it("sends the Page's ID when its URL was pasted", async () => {
		const { calls, output } = await runAddUsers({
			simulator,
			contacts: people('', 120),
			set: { pageId: PAGE_URL },
		});
		expect(calls).toEqual([
			expect.objectContaining({ query: expect.objectContaining({ PageId: KNOWN.pageId }) }),
		]);
		expect(output).toMatchObject([{ pageId: KNOWN.pageId, submitted: 120 }]);
	});

	it('takes a URL and the ID in it for one audience', async () => {
		const contacts = [...people(PAGE_URL, 60), ...people(KNOWN.pageId, 60)];
		const set = { pageId: '={{ $json.pageId }}', removeDuplicates: false };
		const { output } = await runAddUsers({ simulator, contacts, set });
		expect(output).toMatchObject([{ received: 120, submitted: 120 }]);
	});

	it('sends nothing for what holds no ID, and says where to find it', async () => {
		const set = { pageId: VANITY };
		const { calls, error } = await runAddUsers({ simulator, contacts: people('', 120), set });
		expect(calls).toEqual([]);
		expect(error).toEqual({
			code: 'invalid_id',
			message: "'Page ID' does not hold an ID",
			description: expect.stringMatching(/Page transparency/),
		});
	});

	it('keeps with Continue what holds no ID from the others', async () => {
		const { calls, output } = await runAddUsers({
			simulator,
			contacts: [...people(VANITY, 1), ...people(KNOWN.pageId, 120)],
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
	'Create makes no call for a %s that holds no ID',
	async (name) => {
		const parameters = {
			resource: 'customAudience',
			operation: 'create',
			name: 'Autumn',
			...KNOWN,
			[name]: 'My shop',
		};
		const credential = { ...DEFAULT_KEY, endpoint: simulator.url };
		const { error } = await runOperation({ parameters, credential });
		expect(error?.message).toMatch(/^'.*' does not hold an ID$/);
		expect(simulator.attempts).toEqual([]);
	},
);
