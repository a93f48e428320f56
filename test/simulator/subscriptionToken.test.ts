import { ask, type AnswerBody } from './ask';
import { KNOWN } from './simulator';
import { CHANNEL } from './signedClient';
import { useSimulator } from './useSimulator';

const simulator = useSimulator();

describe('subscription tokens', () => {
	const list = (fields: Record<string, string> = {}): Promise<AnswerBody> =>
		ask(simulator, 'ListMessengerSubscriptionToken', {
			...CHANNEL,
			TokenType: 'customAudience',
			Limit: '50',
			...fields,
		});

	test('are paged by key', async () => {
		const sizes: number[] = [];
		let PageKey: string | undefined = '';
		while (PageKey !== undefined) {
			const { Data, NextPage }: AnswerBody = await list({ PageKey });
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
	])('are refused with %o', async (fields) => {
		await expect(list(fields)).resolves.toMatchObject({ Code: 'InvalidParameter' });
	});

	test('are synced by a task', async () => {
		const query = { ...CHANNEL, TokenType: 'customAudience' };
		const { Success, TaskCode } = await ask(simulator, 'SyncMessengerSubscriptionToken', query);
		expect(Success).toBe(true);
		expect(TaskCode).toMatch(/^sync-/);
	});
});
