import { ask, call } from './ask';
import { CHANNEL, IDS, users } from './signedClient';
import { KNOWN, startSimulator, type Matching } from './simulator';

/** What a server that matches so tells of the audience after uploads of the given sizes, before and after a sync. */
async function totals(matching: Matching, uploads: number[], laterMs = 0): Promise<unknown[]> {
	let now = Date.now();
	const simulator = await startSimulator({ matching, now: () => now });
	const total = async () =>
		(
			await ask(simulator, 'ListCustomAudience', {
				...CHANNEL,
				CustomAudienceId: KNOWN.customAudienceId,
				Page: '{"Index":1,"Size":20}',
			})
		).Data[0]?.TokenTotal;
	for (const count of uploads) {
		await call(simulator, { query: { ...IDS, BatchLastFlag: 'true' }, form: users(count) });
	}
	const before = await total();
	const sync = { ...CHANNEL, TokenType: 'customAudience' };
	await ask(simulator, 'SyncMessengerSubscriptionToken', sync);
	now += laterMs;
	const after = await total();
	await simulator.close();
	return [before, after];
}

test.each<[string, Matching, number[], number, number]>([
	['matches are seen after a sync', { rate: 0.2 }, [1000], 0, 210],
	['nobody is matched at rate 0', { rate: 0 }, [1000], 0, 10],
	['an upload with fewer than 100 matches brings nothing', { rate: 0.7 }, [142], 0, 10],
	['a person counts once over uploads', { rate: 0.5 }, [400, 1000], 0, 510],
	['a sync takes its time', { rate: 0.5, delayMs: 60_000 }, [400], 59_999, 10],
	['and then has brought them', { rate: 0.5, delayMs: 60_000 }, [400], 60_000, 210],
])('%s', async (_, matching, uploads, laterMs, after) => {
	await expect(totals(matching, uploads, laterMs)).resolves.toEqual([10, after]);
});
