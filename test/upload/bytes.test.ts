import * as fc from 'fast-check';
import type { User } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { formBody } from '../../nodes/AlibabaCloudChatApp/transport/http';
import { bodyBytes, MAX_BYTES, planBatches } from '../../nodes/AlibabaCloudChatApp/upload/batches';

/** The body as the client builds it; the URL contains the same. */
function body(users: User[]): Buffer {
	return formBody({ Users: JSON.stringify(users) });
}

test('knows the exact size of the form body, whatever the emails contain', () => {
	const user = fc.record({ Email: fc.string({ unit: 'grapheme' }), Phone: fc.string() });
	fc.assert(
		fc.property(fc.array(user, { maxLength: 8 }), (users) => {
			expect(bodyBytes(users)).toBe(Buffer.byteLength(body(users)));
		}),
	);
});

test.each([
	[[]],
	[[{ Email: 'mary.o-neill@mail.example.com' }]],
	[[{ Phone: '16505551212' }, { Email: 'ann@example.com', Phone: '493023125000' }]],
	[[{ Email: "o'neil!(*)@example.com" }]],
	[[{ Email: 'a@b@c' }, { Email: 'plain' }, { Email: 'ünal@example.com' }, {}]],
] as User[][][])('knows the exact size of %j', (users) => {
	expect(bodyBytes(users)).toBe(Buffer.byteLength(body(users)));
});

test('a call of exactly the bytes allowed goes whole, one byte less leaves the last user out', () => {
	const users = Array.from({ length: 4 }, (_, n) => ({ Email: `user${n}@example.com` }));
	const sizes = (maxBytes: number) =>
		[...planBatches(users, { batchSize: 10, maxBytes })].map((batch) => batch.users.length);
	const all = bodyBytes(users);
	expect([sizes(all), sizes(all - 1), sizes(1)]).toEqual([[4], [3, 1], [1, 1, 1, 1]]);
});

test('fills a call up to 2 MiB and not a byte more', () => {
	const users = Array.from({ length: 10_000 }, (_, index) => ({
		Email: `${'ü'.repeat(60)}${index}@example.com`,
	}));
	const batches = [...planBatches(users, { batchSize: 10_000 })];
	expect(batches.length).toBeGreaterThan(1);
	for (const { start, end } of batches) {
		const bytes = Buffer.byteLength(body(users.slice(start, end)));
		expect(bodyBytes(users.slice(start, end))).toBe(bytes);
		expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
		const fuller = users.slice(start, end + 1);
		if (end < users.length) expect(Buffer.byteLength(body(fuller))).toBeGreaterThan(MAX_BYTES);
	}
});
