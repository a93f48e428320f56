import { PAGE } from '../engine/knownIds';
import { runNode } from '../engine/runNode';
import { testCredential } from '../engine/testCredential';
import type { Hostile } from '../simulator/delivery';
import { DEFAULT_KEY } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';
import { clockWithoutWaiting } from './runCase';

jest.setTimeout(60_000);

const simulator = useSimulator();
beforeAll(async () => {
	// The engine, the SDK and the first gigabyte are loaded and made outside of what is measured.
	for (const how of ['gzipBomb', 'endless'] as const) {
		simulator.misbehave(1, { kind: 'hostile', how });
		await submit();
		simulator.reset();
	}
});

const MEGABYTE = 1024 * 1024;
/** Some of it is the server's, which runs in this process. */
const MOST_GROWTH = 200 * MEGABYTE;
// Which of its layers tells of a broken answer first is Node's to choose.
const BROKEN = /^(ECONNRESET|NoResponse|HPE_\w+|Z_\w+)$/;
const WAYS: Array<[how: Hostile, code: RegExp, calls: number]> = [
	['endless', /^ResponseTooLong$/, 1],
	['gigabyte', /^ResponseTooLong$/, 1],
	['gzipBomb', /^ResponseTooLong$/, 1],
	['dripping', /^Timeout$/, 2],
	['brokenGzip', BROKEN, 2],
	['brokenChunks', BROKEN, 2],
	['hugeHeader', BROKEN, 2],
];

async function submit() {
	return await runNode({
		simulator,
		items: [{ email: 'mary@example.com' }],
		clock: clockWithoutWaiting(),
		onError: 'continue',
		set: { maxTries: 2, timeout: 1 },
	});
}

/** Runs it and checks that it doesn't use much memory; the server would respond for longer than Jest waits. */
async function withinBounds<T>(work: () => Promise<T>): Promise<T> {
	const before = process.memoryUsage().rss;
	let most = before;
	const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 10);
	const result = await work();
	clearInterval(timer);
	expect(most - before).toBeLessThan(MOST_GROWTH);
	return result;
}

describe.each(WAYS)('a response that is %s', (how, code, calls) => {
	it('takes little time and memory in an upload, and its result is true', async () => {
		simulator.misbehave(() => true, { kind: 'hostile', how, received: true });
		const { output } = await withinBounds(submit);
		expect(output).toMatchObject([
			{
				submitted: 0,
				failed: 1,
				complete: false,
				batches: [{ status: 'failed', code: expect.stringMatching(code), tries: calls }],
			},
		]);
		expect(JSON.stringify(output?.[0]?.warnings)).toContain('may have received');
		const uploads = simulator.requests.filter(({ action }) => action === 'AddCustomAudienceUser');
		expect(uploads).toHaveLength(calls);
	});

	it('takes no more while a list is read', async () => {
		simulator.misbehave(1, { kind: 'hostile', how }, 'ListPageAdAccount');
		const { error, output } = await withinBounds(
			async () =>
				await runNode({
					simulator,
					operation: 'adAccount:getMany',
					set: PAGE,
					clock: { ...clockWithoutWaiting(), timer: () => AbortSignal.timeout(1000) },
				}),
		);
		if (calls === 1) expect(error?.context).toMatchObject({ code: expect.stringMatching(code) });
		else expect(output).toHaveLength(2);
	});

	it("takes no more in the credential's test", async () => {
		if (how === 'dripping') return;
		simulator.misbehave(() => true, { kind: 'hostile', how }, 'ListInstance');
		const result = await withinBounds(
			async () => await testCredential({ ...DEFAULT_KEY, endpoint: simulator.url }),
		);
		expect(result.status).toBe('Error');
		expect(/\((\w+)\)/.exec(result.message)?.[1]).toMatch(code);
	});
});
