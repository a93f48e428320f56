import type { User } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import {
	type RoundUsers,
	sendList,
	type UploadRound,
} from '../../nodes/AlibabaCloudChatApp/store/rounds';
import type { NewRow, Row } from '../../nodes/AlibabaCloudChatApp/store/table';
import type { Range } from '../../nodes/AlibabaCloudChatApp/upload/batches';
import { AUDIENCE, HOUR, people, runWith, Scene } from './scene';

const HASH = 'f1904cf1a9d73a55fa5de0ac823c4403ded71afd4c3248d00bdcd0866552bb79';
const ENOUGH = 5;

interface Given {
	list?: User[];
	/** Rows that wait, and rows that were sent, latest first; ids start at 1. */
	waiting?: Array<Partial<NewRow>>;
	sent?: Array<Partial<NewRow>>;
	hash?: 'none' | 'sha256';
	enough?: number;
	/** The places of the users that are accepted; all if left out. */
	accepted?: Array<[number, number]>;
}

/** Sends a list with what is in the table, and shows the one upload and the table afterward. */
async function send(given: Given): Promise<{ round: RoundUsers; users: User[]; rows: Row[] }> {
	const { list = [], waiting = [], sent = [], hash, enough = ENOUGH, accepted } = given;
	const scene = new Scene(enough);
	const rows = [
		...waiting.map((row) => ({ ...row, status: 'waiting' as const })),
		...sent.map((row, index) => ({
			...row,
			status: 'sent' as const,
			sentAt: new Date(scene.now - index * HOUR).toISOString(),
		})),
	];
	const table = scene.table();
	await table.run([{ do: 'insert', rows: rows.map((row) => ({ audience: AUDIENCE, ...row })) }]);
	const store = scene.store(table, AUDIENCE, hash);
	const state = await store.read();
	await store.tryToAcquire(state);
	let round: RoundUsers | undefined;
	const ranges = accepted?.map(([start, end]): Range => ({ start, end }));
	const upload: UploadRound = async (users) => {
		if (round) return [];
		round = users;
		return ranges ?? [{ start: 0, end: users.users.length }];
	};
	await sendList(store, state, { ...scene.sending({}, upload), own: runWith(list) });
	const { users } = round!;
	const contacts = table.rows.filter(({ status }) => status !== 'lease');
	return { round: round!, users: users.slice(0, users.length), rows: contacts };
}

const rowsOf = (users: User[]): Array<Partial<NewRow>> =>
	users.map(({ Email = null, Phone = null }) => ({ email: Email, phone: Phone }));
const numberOf = (text: string | null | undefined) => Number(/\d+/.exec(text ?? '')?.[0]);
const numbers = (users: User[]) => users.map(({ Email }) => numberOf(Email));
const withStatus = (rows: Row[], status: string) => rows.filter((row) => row.status === status);

describe('the users in rows', () => {
	const rows = [
		{ email: 'mary@example.com' },
		{ phone: '15550100101' },
		{ email: '', phone: '' },
		{},
		{ email: HASH },
	];

	it('have an email or a phone number', async () => {
		const { users } = await send({ waiting: rows });
		expect(users).toEqual([
			{ Email: 'mary@example.com' },
			{ Phone: '15550100101' },
			{ Email: HASH },
		]);
	});

	it('are hashed once if hashes are sent', async () => {
		const { users } = await send({ waiting: rows, hash: 'sha256' });
		expect(users).toEqual([{ Email: HASH }, { Phone: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
	});

	it('are sent once for each that adds an identifier', async () => {
		const [email, phone] = ['mary@example.com', '15550100101'];
		const waiting = [{ email }, { email, phone }, { phone }];
		expect((await send({ waiting })).users).toEqual([
			{ Email: email },
			{ Email: email, Phone: phone },
		]);
	});
});

describe('an upload contains', () => {
	it.each<[string, Given, number[], Partial<RoundUsers>]>([
		[
			"a list's users",
			{ list: people(2) },
			[1, 2],
			{ ownUserCount: 2, waitingUserCount: 0, topUpUserCount: 0 },
		],
		[
			'waiting ones, each once',
			{ waiting: rowsOf([...people(2), ...people(2, 2)]) },
			[1, 2, 3],
			{ ownUserCount: 0, waitingUserCount: 3, topUpUserCount: 0 },
		],
		[
			"a list's users, then waiting ones, then previously sent ones",
			{ list: people(1), waiting: rowsOf(people(1, 2)), sent: rowsOf(people(9, 3)) },
			[1, 2, 3, 4, 5],
			{ ownUserCount: 1, waitingUserCount: 1, topUpUserCount: 3 },
		],
		[
			'no previously sent ones if it has enough without them',
			{ list: people(3), waiting: rowsOf(people(2, 4)), sent: rowsOf(people(9, 6)) },
			[1, 2, 3, 4, 5],
			{ topUpUserCount: 0 },
		],
		[
			'no one twice',
			{
				list: people(2),
				waiting: rowsOf(people(1, 3)),
				sent: rowsOf([...people(4), ...people(1, 4)]),
			},
			[1, 2, 3, 4],
			{ topUpUserCount: 1 },
		],
		[
			'no waiting one that is anywhere in a long list',
			{
				list: people(10_002),
				waiting: rowsOf([...people(1, 10_002), ...people(1, 9_999), ...people(1, 10_003)]),
			},
			Array.from({ length: 10_003 }, (_, index) => index + 1),
			{ waitingUserCount: 1 },
		],
		[
			'no waiting one whose phone the list contains',
			{
				list: [{ Email: 'u1@example.com', Phone: '15550100101' }],
				waiting: [{ phone: '15550100101' }, ...rowsOf(people(1, 2))],
			},
			[1, 2],
			{ ownUserCount: 1, waitingUserCount: 1 },
		],
	])('%s', async (_, given, expected, counts) => {
		const { round, users } = await send(given);
		expect(numbers(users)).toEqual(expected);
		expect(round).toMatchObject(counts);
	});

	it('users that can be sliced anywhere', async () => {
		const { round } = await send({ list: people(3), waiting: rowsOf(people(3, 4)) });
		const all = people(6);
		expect(round.users).toHaveLength(6);
		for (let start = 0; start <= 7; start++) {
			for (let end = start; end <= 7; end++) {
				expect(round.users.slice(start, end)).toEqual(all.slice(start, end));
			}
		}
	});
});

it.each<[string, User[], Array<[number, number]>, number[]]>([
	['all of them', people(4), [[0, 6]], [1, 2, 3, 4]],
	['no one', people(4), [], []],
	["the list's users only", people(4), [[0, 2]], []],
	[
		'the first and the last',
		people(4),
		[
			[2, 3],
			[5, 6],
		],
		[1, 4],
	],
	[
		'neighbors in two batches',
		people(4),
		[
			[2, 4],
			[4, 5],
		],
		[1, 2, 3],
	],
	['all, with rows that add no identifier', [...people(2), ...people(2)], [[0, 4]], [1, 2, 3, 4]],
	[
		'some, with a row that adds no identifier',
		[...people(2), ...people(1), ...people(1, 3)],
		[[2, 5]],
		[1, 2, 4],
	],
])('rows count as sent if their users were accepted: %s', async (_, waiting, accepted, ids) => {
	const { rows } = await send({ list: people(2, 101), waiting: rowsOf(waiting), accepted });
	const stored = rows.filter(({ id }) => id <= waiting.length);
	expect(withStatus(stored, 'sent').map(({ id }) => id)).toEqual(ids);
	expect(withStatus(stored, 'waiting')).toHaveLength(waiting.length - ids.length);
});

describe('of a list, the table keeps as previously sent', () => {
	const keptOf = async (given: Given) => {
		const { rows } = await send({ enough: 3, list: people(9), ...given });
		const before = (given.waiting?.length ?? 0) + (given.sent?.length ?? 0);
		const kept = withStatus(rows, 'sent').filter(({ id }) => id > before + 1);
		return kept.map(({ email }) => numberOf(email));
	};

	it.each<[string, Given, number[]]>([
		['the last users, as many as a late contact needs', {}, [7, 8, 9]],
		[
			'the last accepted users',
			{
				accepted: [
					[0, 2],
					[4, 6],
				],
			},
			[2, 5, 6],
		],
		['fewer if fewer were accepted', { accepted: [[0, 2]] }, [1, 2]],
		['no one if no one was accepted', { accepted: [] }, []],
		[
			'fewer if there are some already',
			{ waiting: rowsOf(people(1, 50)), sent: rowsOf(people(1, 60)) },
			[9],
		],
		['no one if there are enough already', { sent: rowsOf(people(3, 50)) }, []],
		['no one twice', { sent: rowsOf(people(1, 9)) }, [7, 8]],
		['no one who waited', { waiting: rowsOf(people(1, 8)) }, [7, 9]],
		['none of the waiting contacts after the list', { accepted: [[7, 12]] }, [8, 9]],
		['no one if only contacts after the list were accepted', { accepted: [[9, 12]] }, []],
	])('%s', async (_, given, expected) => {
		expect(await keptOf(given)).toEqual(expected);
	});

	it('users that add an identifier', async () => {
		const list = [
			{ Phone: '1' },
			{ Email: 'a@example.com', Phone: '2' },
			{ Email: 'b@example.com', Phone: '1' },
			{ Email: 'a@example.com' },
		];
		const { rows } = await send({
			enough: 9,
			list,
			sent: [{ email: 'a@example.com', phone: '1' }],
		});
		const kept = withStatus(rows, 'sent').filter(({ id }) => id > 1);
		expect(kept.map(({ email, phone }) => [email, phone])).toEqual([
			['a@example.com', '2'],
			['b@example.com', '1'],
		]);
	});
});

describe('of a list, those wait', () => {
	it.each<[string, number, Array<[number, number]>, number[]]>([
		['all, if no one was accepted', 5, [], [1, 2, 3, 4, 5]],
		['no one, if all were accepted', 5, [[0, 5]], []],
		[
			'between accepted batches',
			5,
			[
				[1, 2],
				[3, 4],
			],
			[1, 3, 5],
		],
		['no one, if what follows the list was accepted too', 5, [[0, 9]], []],
		['before an accepted batch', 5, [[4, 9]], [1, 2, 3, 4]],
		[
			'after overlapping batches',
			5,
			[
				[0, 4],
				[1, 2],
			],
			[5],
		],
		['all, if only what follows the list was accepted', 5, [[6, 7]], [1, 2, 3, 4, 5]],
	])('who are %s', async (_, count, accepted, expected) => {
		const { rows } = await send({ list: people(count), accepted, enough: 0 });
		expect(withStatus(rows, 'waiting').map(({ email }) => numberOf(email))).toEqual(expected);
	});

	it.each([
		[10_000, [], 10_000],
		[10_001, [], 0],
		[10_001, [[0, 1]], 10_000],
	] as Array<[number, Array<[number, number]>, number]>)(
		'up to 10,000, of %d with %j accepted',
		async (count, accepted, expected) => {
			const { rows } = await send({ list: people(count), accepted, enough: 0 });
			expect(withStatus(rows, 'waiting')).toHaveLength(expected);
		},
	);
});
