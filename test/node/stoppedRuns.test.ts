import { runAddUsers } from '../engine/runAddUsers';
import { stillClock } from '../engine/stillClock';
import { useSimulator } from '../simulator/useSimulator';

const simulator = useSimulator();

it('a run that ends with a refused batch counts the submissions before and behind it', async () => {
	simulator.misbehave(2, { kind: 'error', status: 400, code: 'Invalid' }, 'AddCustomAudienceUser');
	const { error, calls } = await runAddUsers({
		simulator,
		contacts: ['111', '222', '333', '444'].map((audience) => ({
			audience,
			email: `ann${audience}@example.com`,
		})),
		set: { customAudienceId: '={{ $json.audience }}' },
		clock: stillClock(),
	});
	expect(error?.description).toContain('Submissions finished before: 1.');
	expect(error?.description).toContain('Submissions not begun: 2.');
	expect(calls.map(({ query }) => query.CustomAudienceId)).toEqual(['111', '222']);
});
