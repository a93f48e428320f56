import type { User } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { compose, sentRows } from '../../nodes/AlibabaCloudChatApp/store/rounds';
import { distinct, type StoredUser, usersOf } from '../../nodes/AlibabaCloudChatApp/store/store';
import type { Row } from '../../nodes/AlibabaCloudChatApp/store/table';
import { pause, people } from './scene';

const row = (id: number, cells: Partial<Row> = {}) =>
	({ id, email: null, phone: null, ...cells }) as Row;
const stored = (users: User[], firstId = 1): StoredUser[] =>
	users.map((user, index) => ({ user, row: row(firstId + index) }));
const numbers = (users: User[]) => users.map(({ Email = '' }) => Number(/\d+/.exec(Email)?.[0]));
const HASH = 'f1904cf1a9d73a55fa5de0ac823c4403ded71afd4c3248d00bdcd0866552bb79';

describe('the users of rows', () => {
	it('are those with an email or a phone number, hashed when that is asked for', () => {
		const rows = [
			row(1, { email: 'mary@example.com' }),
			row(2, { phone: '15550100101' }),
			row(3, { email: '', phone: '' }),
			row(4),
			row(5, { email: HASH }),
		];
		expect(usersOf(rows, 'none').map(({ row, user }) => [row.id, user])).toEqual([
			[1, { Email: 'mary@example.com' }],
			[2, { Phone: '15550100101' }],
			[5, { Email: HASH }],
		]);
		const hashed = usersOf(rows, 'sha256').map(({ user }) => user);
		expect([hashed[0], hashed[2]]).toEqual([{ Email: HASH }, { Email: HASH }]);
		expect(hashed[1]?.Phone).toMatch(/^[0-9a-f]{64}$/);
	});

	it('count once for each that adds an identifier', () => {
		const [email, phone] = ['mary@example.com', '15550100101'];
		const both = row(3, { email, phone });
		const count = (rows: Row[]) => distinct(usersOf(rows, 'none')).length;
		expect(count([row(1, { email }), row(2, { email }), row(4)])).toBe(1);
		expect(count([row(1, { email }), both, row(5, { phone })])).toBe(2);
	});
});

describe('a submission', () => {
	it.each<[string, { own?: User[]; claimed?: User[]; earlier?: User[] }, number[], object]>([
		[
			'of own users alone',
			{ own: people(2) },
			[1, 2],
			{ own: 2, fromTable: 0, toppedUp: 0, placeOf: [] },
		],
		[
			'of waiting ones alone, each once',
			{ claimed: [...people(2), ...people(2, 2)] },
			[1, 2, 3],
			{ own: 0, fromTable: 3, toppedUp: 0, placeOf: [0, 1, undefined, 2] },
		],
		[
			'of own users, then waiting, then earlier ones',
			{ own: people(1), claimed: people(1, 2), earlier: people(9, 3) },
			[1, 2, 3, 4, 5],
			{ own: 1, fromTable: 1, toppedUp: 3, placeOf: [1] },
		],
		[
			'that is large enough without earlier ones',
			{ own: people(3), claimed: people(2, 4), earlier: people(9, 6) },
			[1, 2, 3, 4, 5],
			{ toppedUp: 0 },
		],
		[
			'that holds no earlier one twice, and falls short',
			{ own: people(2), claimed: people(1, 3), earlier: [...people(4), ...people(1, 4)] },
			[1, 2, 3, 4],
			{ toppedUp: 1 },
		],
		[
			'of more own users than are looked at in one go',
			{
				own: people(10_002),
				claimed: [...people(1, 10_002), ...people(1, 9_999), ...people(1, 10_003)],
			},
			Array.from({ length: 10_003 }, (_, index) => index + 1),
			{ fromTable: 1, placeOf: [undefined, undefined, 10_002] },
		],
	])('%s', async (_, { own = [], claimed = [], earlier = [] }, users, counts) => {
		const parts = { own, claimed: stored(claimed), earlier: stored(earlier) };
		const composed = await compose(parts, { atLeast: 5, pause });
		const { length } = composed.users;
		expect(numbers(composed.users.slice(0, length))).toEqual(users);
		expect(composed).toMatchObject(counts);
	});

	it('can be cut anywhere', async () => {
		const parts = { own: people(3), claimed: stored(people(3, 4)), earlier: [] };
		const { users } = await compose(parts, { atLeast: 0, pause });
		const all = people(6);
		expect(users).toHaveLength(6);
		for (let start = 0; start <= 7; start++) {
			for (let end = start; end <= 7; end++) {
				expect(users.slice(start, end)).toEqual(all.slice(start, end));
			}
		}
	});

	it.each<[string, User[], Array<[number, number]>, Array<[number, number]>]>([
		['all of them', people(4), [[0, 6]], [[1, 4]]],
		['nobody', people(4), [], []],
		['own users alone', people(4), [[0, 2]], []],
		[
			'the first and the last',
			people(4),
			[
				[2, 3],
				[5, 6],
			],
			[
				[1, 1],
				[4, 4],
			],
		],
		[
			'neighbors in two batches',
			people(4),
			[
				[2, 4],
				[4, 5],
			],
			[[1, 3]],
		],
		['all, one of which adds no identifier', [...people(2), ...people(2)], [[0, 4]], [[1, 4]]],
		[
			'most, one of which adds no identifier',
			[...people(2), ...people(1), ...people(1, 3)],
			[[2, 5]],
			[
				[1, 2],
				[4, 4],
			],
		],
	])('marks the rows whose users were accepted: %s', async (_, claimed, accepted, rows) => {
		const own = people(2, 101);
		const parts = { own, claimed: stored(claimed), earlier: [] };
		const ranges = accepted.map(([start, end]) => ({ start, end }));
		const composed = await compose(parts, { atLeast: 0, pause });
		expect(sentRows(composed, parts.claimed, ranges)).toEqual(
			rows.map(([from, to]) => ({ from, to })),
		);
	});

	it('marks rows by ascending id, in whatever order their users went', async () => {
		const claimed = [
			...stored(people(1), 7),
			...stored(people(2, 2), 5),
			...stored(people(1, 4), 20),
		];
		const parts = { own: [], claimed, earlier: [] };
		const composed = await compose(parts, { atLeast: 0, pause });
		expect(sentRows(composed, claimed, [{ start: 0, end: 3 }])).toEqual([{ from: 5, to: 7 }]);
	});
});
