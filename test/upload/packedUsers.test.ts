import fc from 'fast-check';
import { createDuplicateFilter, type User } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { PackedUsers } from '../../nodes/AlibabaCloudChatApp/upload/packedUsers';

const text = fc.oneof(
	fc.constantFrom('a@example.com', 'b@example.com', '16505551212', '493023125000'),
	fc.stringMatching(/^[a-c]{0,2}[ł名é]?@example\.com$/),
	fc.constantFrom('a', 'b', 'c').map((sign) => sign.repeat(64)),
	fc
		.string({ unit: 'grapheme', minLength: 1, maxLength: 5 })
		.filter((sign) => !/\p{Surrogate}/u.test(sign)),
);
const user: fc.Arbitrary<User> = fc
	.record({
		Email: fc.option(text, { nil: undefined }),
		Phone: fc.option(text, { nil: undefined }),
	})
	.filter(({ Email, Phone }) => Email !== undefined || Phone !== undefined)
	.map(({ Email, Phone }) => ({
		...(Email !== undefined && { Email }),
		...(Phone !== undefined && { Phone }),
	}));

function packed(users: User[], unique: boolean): PackedUsers {
	const list = new PackedUsers({ unique });
	for (const each of users) list.push(each);
	return list;
}

it('returns the users that were added, in any parts', () => {
	fc.assert(
		fc.property(fc.array(user, { maxLength: 60 }), fc.nat(70), fc.nat(70), (users, start, end) => {
			const list = packed(users, false);
			expect(list.length).toBe(users.length);
			expect(list.slice(start, end)).toStrictEqual(users.slice(start, Math.max(start, end)));
		}),
		{ seed: 20200606, numRuns: 500 },
	);
});

it('leaves out users that add no identifier, like the duplicate filter', () => {
	fc.assert(
		fc.property(fc.array(user, { maxLength: 60 }), (users) => {
			const addsNothing = createDuplicateFilter();
			const kept = users.filter((each) => !addsNothing(each));
			const list = packed(users, true);
			expect(list.slice(0, list.length)).toStrictEqual(kept);
		}),
		{ seed: 20200606, numRuns: 500 },
	);
});

it('grows beyond its first tables and segments', () => {
	// 1.3 MB, where a segment has 1 MiB.
	const users = Array.from({ length: 10_000 }, (_, id) => ({
		Email: `user${id}@${'x'.repeat(60)}.${'y'.repeat(45)}.example.com`,
		Phone: `4930${id}`,
	}));
	const list = packed([...users, ...users.slice(0, 1000)], true);
	expect(list.length).toBe(users.length);
	expect(list.slice(0, users.length)).toEqual(users);
});

it('distinguishes texts whose hashes or bytes are the same', () => {
	const list = packed(
		[
			// The hashes of each two are one by FNV-1a.
			...['declinate', 'macallums', 'costarring', 'liquid'],
			// The bytes of the hash spell the text.
			...['61'.repeat(32), 'a'.repeat(32)],
			// Not written in hexadecimal, though of that length.
			...['A'.repeat(64), 'a'.repeat(64), 'z'.repeat(64)],
		].map((Email) => ({ Email })),
		true,
	);
	expect(list.length).toBe(9);
	expect(list.slice(4, 9).map(({ Email }) => Email)).toEqual([
		'61'.repeat(32),
		'a'.repeat(32),
		'A'.repeat(64),
		'a'.repeat(64),
		'z'.repeat(64),
	]);
});

it('keeps a text of 10,000 characters, and throws for a longer one', () => {
	const longest = 'ü'.repeat(10_000);
	expect(packed([{ Email: longest }], true).slice(0, 1)).toEqual([{ Email: longest }]);
	expect(() => packed([{ Email: `${longest}u` }], true)).toThrow('too long');
});
