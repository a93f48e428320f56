import type { IDataObject } from 'n8n-workflow';
import { movingClock } from '../engine/movingClock';
import { runNode } from '../engine/runNode';
import { startSimulator, type Simulator } from '../simulator/simulator';

const MINUTE = 60_000;
const BATCH = 100;

let simulator: Simulator;
let clock = movingClock();
beforeEach(async () => {
	clock = movingClock();
	simulator = await startSimulator({ now: () => clock.now() });
});
afterEach(() => simulator.close());

/** Sends so many batches, of which every first try has to wait for nearly ten minutes. */
async function slowly(batches: number, set: IDataObject = {}): Promise<IDataObject> {
	simulator.misbehave((n) => n % 2 === 1, { kind: 'throttle', retryAfter: 590 });
	const contacts = Array.from({ length: batches * BATCH }, (_, n) => ({
		email: `person${n}@example.com`,
	}));
	const { output } = await runNode({
		simulator,
		items: contacts,
		clock,
		set: { batchSize: BATCH, ...set },
	});
	return output?.[0] ?? {};
}

const accepted = () => simulator.attempts.filter(({ code }) => code === 'OK');

describe('an upload of more than 90 minutes', () => {
	it('continues as a separate upload, and the summary says so', async () => {
		const summary = await slowly(12);
		expect(summary).toMatchObject({ received: 1200, submitted: 1200, failed: 0, complete: true });
		const calls = accepted().map(({ query, at, users }) => ({
			total: query.EstimatedNumTotal,
			last: query.BatchLastFlag,
			minute: Math.floor((at - (accepted()[0]?.at ?? 0)) / MINUTE),
			users: users?.length,
		}));
		const rest = calls.filter(({ total }) => total !== '1200');
		expect(rest.length).toBeGreaterThan(0);
		expect(rest.map(({ total }) => total)).toEqual(rest.map(() => String(rest.length * BATCH)));
		expect(calls.filter(({ total }) => total === '1200').every(({ minute }) => minute < 90)).toBe(
			true,
		);
		expect(calls.map(({ last }) => last)).toEqual([...calls.slice(1).map(() => 'false'), 'true']);
		expect(
			new Set(accepted().flatMap(({ users = [] }) => users.map(({ Email }) => Email))).size,
		).toBe(1200);
		const first = calls.length - rest.length + 1;
		expect(summary.warnings).toEqual([
			expect.stringMatching(
				`took longer than 90 minutes.*From batch ${first} on, the remaining ${rest.length * BATCH} contacts`,
			),
		]);
	});

	it('sends a batch again that was accepted just after they were over', async () => {
		const { now, ...rest } = clock;
		const minutes = [0, 89, 90.1];
		const passed = () => (minutes[Math.min(2, accepted().length)] as number) * MINUTE;
		clock = { ...rest, now: () => now() + passed() };
		const items = Array.from({ length: 3 }, (_, n) => ({ email: `person${n}@example.com` }));
		const { output } = await runNode({ simulator, items, clock, set: { batchSize: 1 } });
		expect(output).toMatchObject([{ submitted: 3, complete: true }]);
		expect(String(output[0]?.warnings)).toMatch(/From batch 2 on, the remaining 2 contacts/);
		expect(accepted().map(({ query }) => query.EstimatedNumTotal)).toEqual(['3', '3', '2', '2']);
	});
});
