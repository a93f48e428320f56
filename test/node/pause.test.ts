import { sleep } from 'n8n-workflow';
import { performance } from 'node:perf_hooks';
import { createPause, forEachIndex } from '../../nodes/AlibabaCloudChatApp/async';

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

test('lets other work have its turn while it goes on', async () => {
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
