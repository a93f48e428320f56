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
	const items = Array.from({ length: 1000 }, (_, item) => ({
		email: `u${item}@example.com`,
		...Object.fromEntries(Array.from({ length: 15 }, (_key, at) => [`Answer ${item} ${at}`, 'x'])),
	}));
	await runNode({ simulator, items: items.slice(0, 1), set: { dryRun: true } });
	const start = performance.now();
	let last = start;
	let longest = 0;
	const timer = setInterval(() => {
		longest = Math.max(longest, performance.now() - last);
		last = performance.now();
	}, 1);
	const { output } = await runNode({ simulator, items, set: { dryRun: true } });
	clearInterval(timer);
	expect(output[0]).toMatchObject({ received: 1000, invalid: 0 });
	// Slices of 200 items, however long they take, would be a fifth of it.
	expect(longest).toBeLessThan((performance.now() - start) / 8);
});
