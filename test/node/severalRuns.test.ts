import { movingClock } from '../engine/movingClock';
import { runNode } from '../engine/runNode';
import { useSimulator } from '../simulator/useSimulator';

const MINUTE = 60_000;
const clock = movingClock();
const simulator = useSimulator({ now: () => clock.now() });

let customAudienceId = 600_000_000_000_000;
beforeEach(() => {
	// What a run leaves open is known to the process.
	customAudienceId++;
});

async function page(set: Record<string, unknown>) {
	const { output } = await runNode({
		simulator,
		items: [{ email: 'ann@example.com' }, { email: 'bob@example.com' }],
		set: { customAudienceId, estimatedTotal: 1000, batchSize: 1, ...set },
		clock,
	});
	return String(output?.[0]?.warnings);
}

const OVER = /took longer than 90 minutes.*From batch 1 on, the remaining 2 contacts/;

describe('an upload over several runs', () => {
	it('ends if its next run starts 90 minutes after its first batch', async () => {
		await page({ lastBatch: 'more' });
		await clock.sleep(80 * MINUTE);
		expect(await page({ lastBatch: 'more' })).not.toMatch(OVER);
		await clock.sleep(11 * MINUTE);
		expect(await page({ lastBatch: 'more' })).toMatch(OVER);
	});

	it('that is complete is not continued', async () => {
		await page({ lastBatch: 'set', isLastBatch: true });
		await clock.sleep(91 * MINUTE);
		expect(await page({ lastBatch: 'more' })).not.toMatch(OVER);
	});

	it('is separate from a run that is a whole upload', async () => {
		await page({ lastBatch: 'more' });
		await clock.sleep(91 * MINUTE);
		expect(await page({})).not.toMatch(OVER);
	});

	it('has a total that is never lower than its users, over all runs', async () => {
		await page({ lastBatch: 'more', estimatedTotal: 1 });
		await page({ lastBatch: 'more', estimatedTotal: 3 });
		await page({ lastBatch: 'set', isLastBatch: true, estimatedTotal: 3 });
		await page({ lastBatch: 'more', estimatedTotal: 1 });
		const totals = simulator.attempts
			.filter(({ action }) => action === 'AddCustomAudienceUser')
			.map(({ query }) => query.EstimatedNumTotal);
		expect(totals).toEqual(['2', '2', '4', '4', '6', '6', '2', '2']);
	});

	it('has a total without the users of the upload before it, if it began within a run', async () => {
		await page({ lastBatch: 'more', estimatedTotal: 1 });
		await clock.sleep(85 * MINUTE);
		simulator.misbehave(4, { kind: 'throttle', retryAfter: 590 });
		expect(await page({ lastBatch: 'more', estimatedTotal: 1 })).toMatch(
			/From batch 2 on, the remaining 1 contact /,
		);
		await page({ lastBatch: 'set', isLastBatch: true, estimatedTotal: 1 });
		expect(simulator.attempts.map(({ query }) => query.EstimatedNumTotal)).toEqual([
			'2',
			'2',
			'4',
			'4',
			'3',
			'3',
			'3',
		]);
	});
});
