import fc from 'fast-check';
import { NumberList } from '../../nodes/AlibabaCloudChatApp/upload/packedUsers';

test('a list of numbers equals an array, whatever is appended, removed, and changed', () => {
	const step = fc.oneof(
		fc.record({ kind: fc.constant('push' as const), count: fc.integer({ min: 1, max: 9000 }) }),
		fc.record({ kind: fc.constant('pop' as const), count: fc.integer({ min: 1, max: 5000 }) }),
		fc.record({ kind: fc.constant('set' as const), count: fc.nat(20_000) }),
	);
	fc.assert(
		fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
			const list = new NumberList();
			const expected: number[] = [];
			for (const { kind, count } of steps) {
				if (kind === 'set' && count < expected.length) {
					list.set(count, (expected[count] = 4_294_967_295));
				}
				for (let time = 0; kind === 'push' && time < count; time++) {
					list.push(expected.push(time) && time);
				}
				for (let time = 0; kind === 'pop' && time < count && expected.length > 0; time++) {
					list.pop();
					expected.pop();
				}
			}
			expect(list.length).toBe(expected.length);
			expect(expected.map((_, index) => list.at(index))).toEqual(expected);
			expect(list.at(expected.length)).toBeUndefined();
		}),
		{ numRuns: 30 },
	);
});
