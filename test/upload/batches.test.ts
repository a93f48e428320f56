import openApiUtil from '@alicloud/openapi-util';
import * as fc from 'fast-check';
import type { User } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import {
	bodyBytes,
	leaveOut,
	nextBatch,
	planBatches,
	usersBody,
} from '../../nodes/AlibabaCloudChatApp/upload/batches';

const MAX_BYTES = 2 * 1024 * 1024;

/** The body as the SDK would write it; the URL contains the same. */
function body(users: User[]): string {
	return `Users=${openApiUtil.getEncodeParam(JSON.stringify(users))}`;
}

test('writes the form body as the SDK does, with its exact size, whatever the emails contain', () => {
	const text = fc.oneof(
		fc.string({ unit: 'grapheme' }),
		fc.string({ unit: 'binary' }),
		fc.emailAddress(),
	);
	const user = fc.record({ Email: text, Phone: text }, { requiredKeys: [] });
	fc.assert(
		fc.property(fc.array(user, { maxLength: 8 }), (users) => {
			expect(usersBody(users).toString()).toBe(body(users));
			expect(bodyBytes(users)).toBe(body(users).length);
		}),
	);
});

test.each([
	[[]],
	[[{ Email: 'mary.o-neill@mail.example.com' }]],
	[[{ Phone: '16505551212' }, { Email: 'ann@example.com', Phone: '493023125000' }]],
	[[{ Email: "o'neil!(*)@example.com" }]],
	[[{ Email: 'a@b@c' }, { Email: 'plain' }, { Email: 'ünal@example.com' }, {}]],
	[[{ Email: '\ud83d' }, { Phone: '"\\' }, { Email: 'a~b_c-d.e@example.com', Phone: undefined }]],
] as User[][][])('writes %j as the SDK does, with its exact size', (users) => {
	expect(usersBody(users).toString()).toBe(body(users));
	expect(bodyBytes(users)).toBe(body(users).length);
});

test('a call of exactly the allowed bytes is sent completely; with one byte less, the last user is left out', () => {
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

test.each([
	['stay together, though the batch has room', [0, 0, 1, 1, 1], 0, [0, 2]],
	['fill the batch where they are more than fit', [0, 0, 0, 0, 0, 1], 0, [0, 4]],
	['stay together after the rest of another', [0, 0, 0, 0, 0, 1, 1, 1, 1], 4, [4, 5]],
	['end the upload', [0, 0, 1, 1], 0, [0, 4]],
])("a contact's users %s: %j from %i on", (_, contacts, start, [from, to]) => {
	const users = contacts.map((_contact, n) => ({ Email: `user${n}@example.com` }));
	const contactAt = (place: number) => contacts[place] as number;
	const batch = nextBatch(users, start, { batchSize: 4, contactAt });
	expect([batch.start, batch.end]).toEqual([from, to]);
});

test('leaves out the users of whom it is asked to, and all of a contact who has one', () => {
	const users = ['a', 'b', 'c', 'd'].map((name) => ({ Email: `${name}@example.com` }));
	const batch = { start: 4, end: 8, users };
	const isB = ({ Email }: User) => Email === 'b@example.com';
	expect(leaveOut(batch, isB)).toEqual({
		...batch,
		leftOut: [5],
		users: [users[0], users[2], users[3]],
	});
	expect(leaveOut(batch, isB, (place) => Math.floor(place / 2))).toEqual({
		...batch,
		leftOut: [4, 5],
		users: users.slice(2),
	});
	expect(leaveOut(batch, () => false)).toBe(batch);
});
