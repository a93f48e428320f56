import { runNode } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { until } from '../simulator/signedClient';
import { useSimulator } from '../simulator/useSimulator';

const simulator = useSimulator();

const set = { underMinimum: 'warn' };
const run = async (more: Record<string, unknown>, count = 1) =>
	await runNode({
		simulator,
		items: Array.from({ length: count }, (_, n) => ({ email: `ann${n}@example.com` })),
		set: { ...set, ...more },
		clock: stillClock(),
	});

test.each([
	['another audience', { customAudienceId: '23851000000000002' }],
	['another channel', { custSpaceId: 'cams-other' }],
])('an upload to %s does not wait', async (_, ids) => {
	const release = simulator.hold();
	let isFirstDone = false;
	const first = run({}).then(() => (isFirstDone = true));
	await until(() => simulator.attempts.length === 1, 20_000);
	await run(ids);
	expect(isFirstDone).toBe(false);
	release();
	await first;
});

test('three uploads to one audience never mix their batches, though the third arrives late', async () => {
	const sent = async (count: number) =>
		await until(() => simulator.attempts.length === count, 20_000);
	const settled = async () => await new Promise((resolve) => setTimeout(resolve, 100));
	const holdCall = (call: number) => {
		let release = (): void => {};
		const opened = new Promise<void>((resolve) => (release = resolve));
		simulator.misbehave(call, { kind: 'held', until: opened }, 'AddCustomAudienceUser');
		return () => release();
	};
	const [releaseFirst, releaseSecond] = [holdCall(1), holdCall(3)];
	const first = run({ batchSize: 1 }, 2);
	await sent(1);
	const second = run({ batchSize: 1 }, 3);
	await settled();
	releaseFirst();
	await sent(3);
	const third = run({ batchSize: 1 }, 4);
	await settled();
	expect(simulator.attempts.length).toBe(3);
	releaseSecond();
	await Promise.all([first, second, third]);
	expect(simulator.uploads).toMatchObject(
		[2, 3, 4].map((length) => ({ users: { length }, complete: true, mixed: false })),
	);
});
