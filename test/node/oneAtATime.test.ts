import { runNode } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { until } from '../simulator/signedClient';
import { useSimulator } from '../simulator/useSimulator';

const simulator = useSimulator();

const contacts = [{ email: 'ann@example.com' }];
const set = { underMinimum: 'warn' };
const run = async (ids: Record<string, string>) =>
	await runNode({ simulator, items: contacts, set: { ...set, ...ids }, clock: stillClock() });

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
