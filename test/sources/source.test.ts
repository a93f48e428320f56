import { itemSource } from '../../nodes/AlibabaCloudChatApp/sources/source';

const indexes = (count: number) => Array.from({ length: count }, (_, index) => index);

function read(item: number) {
	if (item === 1) throw new Error('mary@example.com');
	return { email: `u${item}@example.com` };
}

it.each([
	[0, []],
	[1, [1]],
	[200, [200]],
	[201, [200, 1]],
])("%d items are read in order, in chunks that don't block n8n", async (count, sizes) => {
	// No time passes: on a busy machine, a chunk could end early.
	const clock = jest.spyOn(performance, 'now').mockReturnValue(0);
	const chunks: Array<Array<{ email?: unknown }>> = [];
	const items = indexes(count).map((index) => index + 2);
	for await (const chunk of itemSource(items, read).open()) chunks.push(chunk);
	clock.mockRestore();
	expect(chunks.map(({ length }) => length)).toEqual(sizes);
	expect(chunks.flat()).toEqual(items.map(read));
});

it("an item that can't be read loses only its own contact if the run continues", async () => {
	const source = itemSource(indexes(3), read, () => ({}));
	for await (const chunk of source.open()) expect(chunk).toEqual([read(0), {}, read(2)]);
	expect(source.facts.unreadableItems).toEqual([1]);
});

it('an item that cannot be read ends the run otherwise', async () => {
	const source = itemSource(indexes(3), read);
	await expect(source.open()[Symbol.asyncIterator]().next()).rejects.toThrow('mary');
	expect(source.facts.unreadableItems).toEqual([]);
});

it('items that take long to read come in small chunks, so that n8n can do other work', async () => {
	const slow = (item: number) => {
		for (const end = performance.now() + 4; performance.now() < end; );
		return { email: `u${item}@example.com` };
	};
	const chunks: number[] = [];
	for await (const { length } of itemSource(indexes(20), slow).open()) chunks.push(length);
	expect(Math.max(...chunks)).toBeLessThan(8);
	expect(chunks.reduce((sum, length) => sum + length)).toBe(20);
});
