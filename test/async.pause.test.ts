import { sleep } from 'n8n-workflow';
import { performance } from 'node:perf_hooks';
import { createPause, forEachIndex } from '../nodes/AlibabaCloudChatApp/async';
import { runNode } from './engine/runNode';
import { useSimulator } from './simulator/useSimulator';

const simulator = useSimulator();

function work(milliseconds: number): void {
	const end = performance.now() + milliseconds;
	while (performance.now() < end);
}

test('handles each index once and in order, whatever the count', async () => {
	for (const count of [0, 1, 199, 200, 201, 1000]) {
		const handled: number[] = [];
		await forEachIndex(count, createPause(sleep), (index) => handled.push(index));
		expect(handled).toEqual(Array.from({ length: count }, (_, index) => index));
	}
});

test('lets n8n do other work meanwhile', async () => {
	let turns = 0;
	const timer = setInterval(() => turns++, 1);
	await forEachIndex(2000, createPause(sleep), () => work(0.1));
	clearInterval(timer);
	expect(turns).toBeGreaterThan(1);
});

test('ends with what handling an index throws', async () => {
	const handling = forEachIndex(300, createPause(sleep), (index) => {
		if (index === 250) throw new Error('at 250');
	});
	await expect(handling).rejects.toThrow('at 250');
});

test('lets n8n do other work while items with only new keys are read', async () => {
	const items = Array.from({ length: 300 }, (_, item) => ({
		email: `u${item}@example.com`,
		...Object.fromEntries(Array.from({ length: 15 }, (_key, at) => [`Answer ${item} ${at}`, 'x'])),
	}));
	await runNode({ simulator, items: items.slice(0, 1), set: { dryRun: true } });
	// At each look, 10 ms have passed: a slice is over after a few items, however fast the machine is.
	let now = Date.now();
	const time = jest.spyOn(Date, 'now').mockImplementation(() => (now += 10));
	let turns = 0;
	const timer = setInterval(() => turns++, 1);
	const { output } = await runNode({ simulator, items, set: { dryRun: true } });
	clearInterval(timer);
	time.mockRestore();
	expect(output[0]).toMatchObject({ received: 300, invalid: 0 });
	expect(turns).toBeGreaterThan(300 / 25);
});
