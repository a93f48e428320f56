import { createServer } from 'node:http';
import type { Clock } from '../../nodes/AlibabaCloudChatApp/async';
import { runNode } from '../engine/runNode';
import { until } from '../simulator/signedClient';
import { useSimulator } from '../simulator/useSimulator';
import { clockWithoutWaiting } from './runCase';

const simulator = useSimulator();

/** The first run loads n8n's engine and the SDK, which takes seconds on a busy machine. */
const LOADED = 30_000;
jest.setTimeout(60_000);

const contacts = [{ email: 'mary@example.com' }];

function start(clock: Clock, onError: 'stop' | 'continue' | 'output' = 'stop') {
	const controller = new AbortController();
	const cancelSignal = controller.signal;
	const set = { maxTries: 5, timeout: 60 };
	const running = runNode({ simulator, items: contacts, clock, cancelSignal, onError, set });
	return { running, cancel: () => controller.abort() };
}

const endlessSleep = { ...clockWithoutWaiting(), sleep: () => new Promise<void>(() => {}) };

test.each(['stop', 'continue', 'output'] as const)(
	'canceling ends a running call at once, and the run as canceled (%s)',
	async (onError) => {
		simulator.misbehave(() => true, { kind: 'silence' });
		const { running, cancel } = start(clockWithoutWaiting(), onError);
		await until(() => simulator.attempts.length === 1, LOADED);
		cancel();
		// The server never responds, so nothing else can end the call.
		const { run } = await running;
		expect(run?.status).toBe('canceled');
		expect(simulator.attempts).toHaveLength(1);
	},
);

test('canceling ends the reading of a file at once, before anything is sent', async () => {
	const controller = new AbortController();
	const row = 'mary@example.com;Mary;a note that nobody reads\n';
	const content = `Email;Name;Note\n${row.repeat(400_000)}`;
	let reading = false;
	let turns = 0;
	let timer: NodeJS.Timeout | undefined;
	const cancel = () => {
		controller.abort();
		timer = setInterval(() => turns++, 1);
	};
	const clock = clockWithoutWaiting();
	// The first look at the clock is when the reading begins.
	const now = () => {
		if (!reading) setTimeout(cancel, 50);
		reading = true;
		return clock.now();
	};
	const { run } = await runNode({
		simulator,
		items: [],
		files: [{ name: 'contacts.csv', content }],
		clock: { ...clock, now },
		cancelSignal: controller.signal,
	});
	clearInterval(timer);
	expect(run?.status).toBe('canceled');
	expect(simulator.attempts).toHaveLength(0);
	// Reading the rest of the file would give n8n some 300 turns.
	expect(turns).toBeLessThan(20);
});

test('canceling ends the wait between two attempts', async () => {
	simulator.misbehave(() => true, { kind: 'throttle' });
	let asleep = false;
	const { running, cancel } = start({
		...endlessSleep,
		sleep: () => {
			asleep = true;
			return new Promise<void>(() => {});
		},
	});
	await until(() => asleep, LOADED);
	cancel();
	expect((await running).run?.status).toBe('canceled');
	expect(simulator.attempts).toHaveLength(1);
});

test('executions for one audience wait for each other; a canceled one between them blocks no one', async () => {
	const release = simulator.hold();
	const first = start(clockWithoutWaiting());
	await until(() => simulator.attempts.length === 1, LOADED);
	const second = start(clockWithoutWaiting());
	const third = start(clockWithoutWaiting());
	await new Promise((resolve) => setTimeout(resolve, 100));
	second.cancel();
	expect((await second.running).run?.status).toBe('canceled');
	expect(simulator.attempts).toHaveLength(1);
	release();
	expect((await first.running).run?.status).toBe('success');
	expect((await third.running).run?.status).toBe('success');
	expect(simulator.uploads).toHaveLength(2);
	expect(simulator.uploads.every(({ complete, mixed }) => complete && !mixed)).toBe(true);
});

test('canceling ends the wait for an audience that another execution uses', async () => {
	simulator.misbehave(1, { kind: 'silence' });
	const first = start(clockWithoutWaiting());
	await until(() => simulator.attempts.length === 1, LOADED);
	const second = start(clockWithoutWaiting());
	await new Promise((resolve) => setTimeout(resolve, 200));
	second.cancel();
	const ended = second.running.then(({ run }) => run?.status);
	const late = new Promise((resolve) => setTimeout(resolve, 5000, 'still waiting').unref());
	expect(await Promise.race([ended, late])).toBe('canceled');
	first.cancel();
	expect((await first.running).run?.status).toBe('canceled');
	await ended;
});

test('a response that trickles in ends with the timeout', async () => {
	const server = createServer((request, response) => {
		request.resume();
		response.writeHead(200, { 'content-length': '100000' });
		const drip = setInterval(() => response.write(' '), 10);
		response.once('close', () => clearInterval(drip));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as { port: number };
	const { error } = await runNode({
		simulator,
		items: contacts,
		clock: clockWithoutWaiting(),
		credential: { endpoint: `http://127.0.0.1:${port}` },
		set: { maxTries: 2, timeout: 0.1 },
	});
	server.closeAllConnections();
	server.close();
	expect(error?.message).toContain('within 0.1 seconds');
});

test.each([1, 2, 3])(
	'a run that is canceled in call %s ends with what was accepted',
	async (call) => {
		simulator.misbehave(call, { kind: 'silence' });
		const controller = new AbortController();
		const running = runNode({
			simulator,
			items: ['ann', 'bob', 'cid'].map((name) => ({ email: `${name}@example.com` })),
			clock: clockWithoutWaiting(),
			cancelSignal: controller.signal,
			set: { batchSize: 1, underMinimum: 'warn' },
		});
		await until(() => simulator.attempts.length === call, LOADED);
		controller.abort();
		const { run } = await running;
		expect(run?.status).toBe('canceled');
		const accepted = ['nothing', '1 contact in batch 1', '2 contacts in batches 1 to 2'][call - 1];
		const { description } = run?.data.resultData.error as { description?: string };
		expect(description).toContain(`Accepted from the current upload: ${accepted}.`);
	},
);

test('a run that is canceled while contacts are prepared ends at once, without a call', async () => {
	const controller = new AbortController();
	const many = Array.from({ length: 50_000 }, (_, index) => ({
		email: `user${index}@example.com`,
	}));
	const running = runNode({
		simulator,
		items: many,
		clock: clockWithoutWaiting(),
		cancelSignal: controller.signal,
	});
	setTimeout(() => controller.abort(), 60);
	const { run } = await running;
	expect(run?.status).toBe('canceled');
	expect(simulator.attempts).toHaveLength(0);
});

test("canceling closes the call's connection, which the server sees", async () => {
	let isGone = false;
	const server = createServer((request) => {
		request.resume();
		request.socket.once('close', () => (isGone = true));
		controller.abort();
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as { port: number };
	const controller = new AbortController();
	const { run } = await runNode({
		simulator,
		items: contacts,
		clock: clockWithoutWaiting(),
		cancelSignal: controller.signal,
		credential: { endpoint: `http://127.0.0.1:${port}` },
	});
	expect(run?.status).toBe('canceled');
	const isSeen = await until(() => isGone, 5000).then(
		() => true,
		() => false,
	);
	server.closeAllConnections();
	server.close();
	expect(isSeen).toBe(true);
});
