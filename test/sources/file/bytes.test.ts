import { inPieces, peek } from '../../../nodes/AlibabaCloudChatApp/sources/file/bytes';

const KIB = 1024;

async function* given(sizes: number[]): AsyncGenerator<Uint8Array> {
	let value = 0;
	for (const size of sizes) {
		yield Uint8Array.from({ length: size }, () => value++ % 251);
	}
}

it.each([
	[[], []],
	[[0], []],
	[[1], [1]],
	[[1, 2, 3], [6]],
	[[64 * KIB - 1], [64 * KIB - 1]],
	[[64 * KIB], [64 * KIB]],
	[[64 * KIB - 1, 1], [64 * KIB]],
	[
		[64 * KIB - 1, 2],
		[64 * KIB, 1],
	],
	[
		[64 * KIB, 1, 2],
		[64 * KIB, 3],
	],
	[
		[64 * KIB, 0, 2],
		[64 * KIB, 2],
	],
	[
		[130 * KIB, 65 * KIB],
		[64 * KIB, 64 * KIB, 64 * KIB, 3 * KIB],
	],
])(
	'bytes in chunks of %j come in pieces of %j, all but the last as full as can be',
	async (sizes, pieces) => {
		const all: Uint8Array[] = [];
		for await (const piece of inPieces(given(sizes))) all.push(piece);
		expect(all.map(({ length }) => length)).toEqual(pieces);
		const whole: Uint8Array[] = [];
		for await (const chunk of given(sizes)) whole.push(chunk);
		expect(Buffer.concat(all).equals(Buffer.concat(whole))).toBe(true);
	},
);

it('bytes that come one by one are put together once a piece', async () => {
	const concat = jest.spyOn(Buffer, 'concat');
	const all: Uint8Array[] = [];
	for await (const piece of inPieces(given(Array<number>(130 * KIB).fill(1)))) all.push(piece);
	expect(concat).toHaveBeenCalledTimes(3);
	concat.mockRestore();
	expect(all.map(({ length }) => length)).toEqual([64 * KIB, 64 * KIB, 2 * KIB]);
});

describe('a look at the first piece', () => {
	it.each([[[]], [[1]], [[1, 2, 3]]])('leaves all of them to be read: %j', async (values) => {
		const { first, all } = await peek(
			(async function* () {
				yield* values;
			})(),
		);
		expect(first).toBe(values[0]);
		const read: number[] = [];
		for await (const value of all) read.push(value);
		expect(read).toEqual(values);
	});

	it('may be all: the rest is not read, and its source is closed', async () => {
		let closed = false;
		const { close } = await peek(
			(async function* () {
				try {
					yield 1;
					yield 2;
				} finally {
					closed = true;
				}
			})(),
		);
		await close();
		expect(closed).toBe(true);
	});
});
