import type { Summary } from '../../nodes/AlibabaCloudChatApp/upload/summary';
import { runNode, type NodeRun } from '../engine/runNode';
import { useSimulator } from '../simulator/useSimulator';
import { clockWithoutWaiting } from './runCase';

jest.setTimeout(60_000);

const simulator = useSimulator();

const people = (count: number) =>
	Array.from({ length: count }, (_, index) => ({ email: `user${index}@example.com` }));

async function run(set: Record<string, unknown>, options: Partial<NodeRun> = {}) {
	const result = await runNode({
		simulator,
		items: people(5),
		clock: clockWithoutWaiting(),
		set,
		...options,
	});
	return { ...result, summary: result.output[0] as Partial<Summary> as Summary };
}

describe('a dry run', () => {
	it('shows batches, bytes, flags, expected matches, and masked samples, and only reads', async () => {
		const contacts = [...people(5), { email: 'nobody' }];
		const { summary, calls } = await run({ dryRun: true, batchSize: 2 }, { items: contacts });
		expect(calls.filter(({ action }) => !action.startsWith('List'))).toEqual([]);
		expect(summary).toMatchObject({
			held: 5,
			invalid: 1,
			submitted: 0,
			complete: false,
			dryRun: true,
		});
		expect(summary.invalidReasons).toEqual({ email_invalid: 1 });
		const { plan } = summary;
		expect(plan?.batches.map(({ users, last }) => [users, last])).toEqual([
			[2, false],
			[2, false],
			[1, true],
		]);
		expect(plan).toMatchObject({ estimatedTotal: 5, expectedMatches: { low: 1, high: 3 } });
		expect(plan?.sample).toHaveLength(3);
		expect(JSON.stringify(summary)).not.toMatch(/user\d/);
		simulator.reset();
		await run({ batchSize: 2 }, { items: contacts });
		expect(simulator.attempts.map(({ bodyBytes }) => bodyBytes)).toEqual(
			plan?.batches.map(({ bytes }) => bytes),
		);
	});

	it.each([{ invalidContacts: 'stop' }, { underMinimum: 'stop' }, { underMinimum: 'hold' }])(
		"shows why a real run would stop, and doesn't end itself: %j",
		async (set) => {
			const contacts = [...people(5), { email: 'nobody' }];
			const { summary, error } = await run({ dryRun: true, ...set }, { items: contacts });
			expect(error).toBeUndefined();
			expect(summary.held).toBe(5);
			expect(summary.warnings.join()).toContain('A real run would send nothing');
		},
	);

	it('needs no usable credential', async () => {
		const { summary } = await run(
			{ dryRun: true },
			{ credential: { endpoint: 'http://192.0.2.1' } },
		);
		expect(summary.held).toBe(5);
	});
});

describe('the 100 rule', () => {
	it('holds the users and sends nothing', async () => {
		const { summary, calls, hints } = await run({ underMinimum: 'hold', output: 'summary' });
		expect(calls).toEqual([]);
		expect(summary).toMatchObject({ held: 5, submitted: 0 });
		expect(hints?.map(({ message }) => message).join()).toContain(
			'Meta discards an upload with fewer than 100 matches. Collect more',
		);
		const { output } = await run({ underMinimum: 'hold', output: 'users' });
		expect(output?.[0]?.customAudience).toEqual({ status: 'held', reason: 'under_minimum' });
	});

	it('ends the run with the reason', async () => {
		const { error, calls } = await run({ underMinimum: 'stop' });
		expect(calls).toEqual([]);
		expect(error).toMatchObject({
			message: "Nothing was sent: there are only 5 contacts, and 'Minimum Contacts' is 100",
			code: 'under_minimum',
		});
		expect(error?.description).toContain(
			'Meta discards an upload with fewer than 100 matches. Collect more',
		);
	});

	it('is applied to several runs only if there is a total', async () => {
		const hold = { underMinimum: 'hold', lastBatch: 'more' };
		expect((await run(hold)).summary.submitted).toBe(5);
		expect((await run({ ...hold, estimatedTotal: 99 })).summary.held).toBe(5);
		expect((await run({ ...hold, estimatedTotal: 1000 })).summary.submitted).toBe(5);
		expect((await run({ underMinimum: 'stop', minimumUsers: 0 })).summary.submitted).toBe(5);
	});
});

describe('an upload over several runs', () => {
	it('says what to do if its last page sends no one, for whatever reason', async () => {
		const last = { lastBatch: 'set', isLastBatch: true, estimatedTotal: 1000 };
		const none = await run(last, { items: [{ email: 'nobody' }] });
		const held = await run({ ...last, estimatedTotal: 50, underMinimum: 'hold' });
		for (const { summary } of [none, held]) {
			expect(summary.warnings.join()).toContain('ends the upload 90 minutes after');
			expect(summary.warnings.join()).toContain('Run again with at least one valid contact');
		}
	});

	it('is reported as open if all of its last page is rejected', async () => {
		simulator.misbehave(() => true, { kind: 'businessError', code: 'Audience.NotReady' });
		const set = { lastBatch: 'set', isLastBatch: true, estimatedTotal: 1000 };
		const { summary } = await run(set, { onError: 'continue' });
		expect(summary).toMatchObject({ failed: 5, complete: false });
		expect(summary.warnings.join()).toContain('The upload is not complete');
	});
});

test('a response with a hostile code and request ID is reported without quoting it', async () => {
	simulator.misbehave(1, {
		kind: 'error',
		status: 400,
		code: 'User.user0@example.com',
		message: 'User user0%40EXAMPLE.com of http://127.0.0.1/?Users=user0',
	});
	const { error } = await run({});
	expect(error?.message).toBe(
		'Alibaba Cloud rejected the request: [not shown, because it repeats what was sent]',
	);
	expect(JSON.stringify(error)).not.toContain('user0');
});

test('a limit below one user takes few calls, not one for each user', async () => {
	simulator.misbehave(() => true, { kind: 'html', status: 413 });
	const { summary } = await run({}, { items: people(1000), onError: 'continue' });
	expect(simulator.attempts.length).toBeLessThan(15);
	expect(summary).toMatchObject({ received: 1000, failed: 1000, complete: false });
});
