import { createHash } from 'node:crypto';
import type { User } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { withHash } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { ForgottenPeople, forgetPeople } from '../../nodes/AlibabaCloudChatApp/store/forgotten';
import { type Round, sendList, sendWaiting } from '../../nodes/AlibabaCloudChatApp/store/rounds';
import { Store } from '../../nodes/AlibabaCloudChatApp/store/store';
import type { NewRow } from '../../nodes/AlibabaCloudChatApp/store/table';
import { addTo, AUDIENCE, HOUR, people, runWith, Scene } from './scene';

const waitingRows = (users: User[], waitingSince: string): NewRow[] =>
	users.map(({ Email: email }) => ({ audience: AUDIENCE, email, status: 'waiting', waitingSince }));

let scene: Scene;
beforeEach(() => {
	scene = new Scene();
});

async function addAndSend(count: number, first: number) {
	const store = scene.store();
	const { isNew, state } = await addTo(store, people(count, first));
	const sent = await sendWaiting(store, state, { ...scene.sending(), force: false });
	return { isNew, ...sent };
}

async function sendListOf(count: number, first = 1) {
	const store = scene.store();
	const state = await store.read();
	expect(await store.tryToAcquire(state)).toBe(true);
	const sent = await sendList(store, state, {
		...scene.sending(),
		own: runWith(people(count, first)),
	});
	return sent.rounds[0] as Round;
}

describe('collecting', () => {
	it('sends nothing until enough wait, then all of them in one upload', async () => {
		for (const first of [1, 2, 3, 4]) await addAndSend(1, first);
		expect(scene.sent).toEqual([]);
		expect(scene.byStatus()).toEqual({ waiting: 4 });
		const { state } = await addAndSend(1, 5);
		expect(scene.sent).toEqual([people(5)]);
		expect(scene.byStatus()).toEqual({ sent: 5 });
		expect(state).toMatchObject({ waiting: 0, previouslySentCount: 5, isBusy: false });
	});

	it('takes one sub-workflow for a run that only stores', async () => {
		const table = scene.table();
		const { state } = await addTo(scene.store(table), people(1));
		await sendWaiting(scene.store(table), state, { ...scene.sending(), force: false });
		expect(table.runs).toBe(1);
	});

	it('knows a contact that waits, or was sent and adds no identifier', async () => {
		const [ann] = [{ Email: 'ann@example.com', Phone: '4930123' }];
		await addTo(scene.store(), [ann]);
		const again = [
			{ Email: 'ann@example.com' },
			{ Phone: '4930123' },
			{ ...ann, Phone: '4930999' },
		];
		expect((await addTo(scene.store(), again)).isNew).toEqual([false, false, true]);
		await addAndSend(4, 1);
		expect(scene.byStatus()).toEqual({ sent: 6 });
		expect((await addTo(scene.store(), [ann])).isNew).toEqual([false]);
	});

	it('separates audiences by all four IDs', async () => {
		await addTo(scene.store(), people(4));
		const other = scene.store(scene.table(), 'channel/page/account/other');
		const { isNew, state } = await addTo(other, people(1));
		expect(isNew).toEqual([true]);
		expect(state.waiting).toBe(1);
	});

	it('stores a contact once that two runs store at the same time', async () => {
		const both = await Promise.all([
			addTo(scene.store(), people(1)),
			addTo(scene.store(), people(1)),
		]);
		expect(both.map(({ isNew }) => isNew)).toEqual([[true], [false]]);
		expect(scene.byStatus()).toEqual({ waiting: 1 });
	});

	it('counts and sends a contact once that is in two rows', async () => {
		await scene.table().run([
			{
				do: 'insert',
				rows: waitingRows([...people(1), ...people(1)], new Date(0).toISOString()),
			},
		]);
		expect((await scene.store().read()).waiting).toBe(1);
		await addAndSend(4, 2);
		expect(scene.sent).toEqual([people(5)]);
		expect(scene.byStatus()).toEqual({ sent: 6 });
	});

	it('sends what is there if it is forced, topped up with previously sent ones', async () => {
		await sendListOf(10);
		const store = scene.store();
		const { state } = await addTo(store, people(1, 11));
		const forced = { ...scene.sending(), force: true };
		const { rounds } = await sendWaiting(store, state, forced);
		expect(scene.sent[1]).toHaveLength(5);
		expect(rounds[0]?.gathered).toMatchObject({ waitingUserCount: 1, topUpUserCount: 4 });
	});
});

it('sends no one twice if topping up is off', async () => {
	await sendListOf(10);
	const store = scene.store();
	const { state } = await addTo(store, people(1, 11));
	await sendWaiting(store, state, { ...scene.sending({ topUp: false }), force: true });
	expect(scene.sent[1]).toEqual(people(1, 11));
});

describe('late contacts', () => {
	it('are sent with previously sent ones once the oldest has waited long enough, never alone', async () => {
		await sendListOf(10);
		expect(scene.byStatus()).toEqual({ sent: 5 });
		await addAndSend(1, 11);
		expect(scene.sent).toHaveLength(1);
		scene.now += 23.9 * HOUR;
		await addAndSend(0, 0);
		expect(scene.sent).toHaveLength(1);
		scene.now += 0.2 * HOUR;
		await addAndSend(1, 12);
		expect(scene.sent[1]?.map(({ Email }) => Email).sort()).toEqual(
			[11, 12, 6, 7, 8].map((n) => `u${n}@example.com`),
		);
	});

	it('continue to wait while there are too few previously sent ones', async () => {
		await addAndSend(2, 1);
		scene.now += 1000 * HOUR;
		const { state } = await addAndSend(1, 3);
		expect(scene.sent).toEqual([]);
		expect(state).toMatchObject({ waiting: 3, previouslySentCount: 0 });
	});
});

describe('previously sent contacts that are in the table several times', () => {
	const sentAgo = (numbers: number[]) =>
		numbers.map((number, minutes) => ({
			audience: AUDIENCE,
			status: 'sent' as const,
			email: people(1, number)[0]?.Email,
			sentAt: new Date(scene.now - minutes * 60_000).toISOString(),
		}));

	it.each([
		['the latest is there thrice', [1, 1, 1, 2, 3, 4, 5]],
		['all of the latest are one', [...Array<number>(40).fill(1), 2, 3, 4, 5]],
	])('count once, and those before them top up: %s', async (_, numbers) => {
		await scene.table().run([{ do: 'insert', rows: sentAgo(numbers) }]);
		await addAndSend(1, 100);
		scene.now += 25 * HOUR;
		const { state } = await addAndSend(0, 0);
		expect(scene.sent.map((users) => users.length)).toEqual([5]);
		expect(state.waiting).toBe(0);
	});

	it('are sent with a contact that waits in as many rows as are enough', async () => {
		await sendListOf(10);
		const since = new Date(scene.now).toISOString();
		const waiting = waitingRows(Array(5).fill(people(1, 100)[0]) as User[], since);
		await scene.table().run([{ do: 'insert', rows: waiting }]);
		scene.now += 25 * HOUR;
		await addAndSend(0, 0);
		expect(scene.sent.map(({ length }) => length)).toEqual([10, 5]);
		expect(scene.byStatus()).toEqual({ sent: 10 });
	});

	it('do not prevent a list from leaving as many as a late contact needs', async () => {
		await scene.table().run([{ do: 'insert', rows: sentAgo([1, 1, 1, 1, 1]) }]);
		await sendListOf(10, 201);
		await addAndSend(1, 100);
		scene.now += 25 * HOUR;
		await addAndSend(0, 0);
		expect(scene.sent.map((users) => users.length)).toEqual([10, 5]);
	});

	it('are kept once of a list that contains them several times', async () => {
		const own = [...people(6), ...people(1, 6), ...people(1, 6), ...people(1, 6)];
		const store = scene.store();
		const state = await store.read();
		await store.tryToAcquire(state);
		await sendList(store, state, { ...scene.sending(), own: runWith(own) });
		expect(scene.table().rows.flatMap(({ email }) => email ?? [])).toEqual(
			people(5, 2).map(({ Email }) => Email),
		);
	});

	it('count once if one was stored plain and the other hashed', async () => {
		const hashed = people(2).map(({ Email = '' }) => withHash(Email, 'sha256'));
		const rows = sentAgo([1, 2, 3, 4]);
		rows.forEach((row, index) => Object.assign(row, { email: hashed[index] ?? row.email }));
		await scene.table().run([{ do: 'insert', rows: [...rows, ...sentAgo([1, 2])] }]);
		await addTo(scene.store(), people(1, 100));
		scene.now += 25 * HOUR;
		const store = scene.store(scene.table(), AUDIENCE, 'sha256');
		const state = await store.read();
		expect(state).toMatchObject({ waiting: 1, previouslySentCount: 4 });
		await sendWaiting(store, state, { ...scene.sending(), force: false });
		expect(scene.sent.map((users) => users.length)).toEqual([5]);
	});

	it('do not count if they also wait', async () => {
		await scene.table().run([{ do: 'insert', rows: sentAgo([1, 2, 3, 4]) }]);
		await scene
			.table()
			.run([{ do: 'insert', rows: waitingRows(people(1), new Date(0).toISOString()) }]);
		expect(await scene.store().read()).toMatchObject({ waiting: 1, previouslySentCount: 3 });
	});
});

describe('a list', () => {
	it('is sent with waiting contacts, and its last users are kept', async () => {
		await addAndSend(2, 101);
		const { gathered } = await sendListOf(20);
		expect(scene.sent).toEqual([[...people(20), ...people(2, 101)]]);
		expect(gathered).toMatchObject({ ownUserCount: 20, waitingUserCount: 2, topUpUserCount: 0 });
		expect(scene.byStatus()).toEqual({ sent: 5 });
		expect(scene.table().rows.map(({ email }) => email)).toContain('u20@example.com');
		await sendListOf(20, 201);
		expect(scene.byStatus()).toEqual({ sent: 5 });
	});

	it('that is sent again keeps no one in the table twice', async () => {
		await sendListOf(3);
		await sendListOf(3);
		expect(scene.byStatus()).toEqual({ sent: 3 });
	});

	it('that is sent again in time stores its users again, before the first ones are deleted', async () => {
		const day = 24 * HOUR;
		await sendListOf(10);
		scene.now += 100 * day;
		await sendListOf(10);
		scene.now += 100 * day;
		await addAndSend(1, 101);
		scene.now += 25 * HOUR;
		await addAndSend(0, 0);
		expect(scene.sent.map(({ length }) => length)).toEqual([10, 10, 5]);
	});

	it('does not send a waiting contact twice that it contains itself', async () => {
		await addAndSend(1, 3);
		await sendListOf(6);
		expect(scene.sent).toEqual([people(6)]);
		expect(scene.byStatus()).not.toHaveProperty('waiting');
	});

	it('stores its users whose batches were not accepted, next to the claimed ones', async () => {
		await addAndSend(2, 101);
		const store = scene.store();
		const state = await store.read();
		await store.tryToAcquire(state);
		const sending = scene.sending({}, async () => [{ start: 2, end: 6 }]);
		await sendList(store, state, { ...sending, own: runWith(people(8)) });
		const waiting = scene.table().rows.filter(({ status }) => status === 'waiting');
		expect(waiting.map(({ email }) => email).sort()).toEqual(
			[101, 102, 1, 2, 7, 8].map((n) => `u${n}@example.com`),
		);
	});
});

it('a list that is rejected again and again waits in the table once', async () => {
	const store = scene.store();
	for (let run = 0; run < 3; run++) {
		const state = await store.read();
		await store.tryToAcquire(state);
		const refused = scene.sending({}, async () => []);
		const { rounds } = await sendList(store, state, { ...refused, own: runWith(people(10)) });
		expect(rounds).toMatchObject([{ areFailedStored: true }]);
	}
	expect(scene.byStatus()).toEqual({ waiting: 10 });
});

it('a rejected list of people who opted out meanwhile is not stored', async () => {
	const now = () => scene.now;
	const users = people(2);
	const excluded = new ForgottenPeople(scene.table(), now);
	const settings = {
		audienceKey: AUDIENCE,
		owner: 'run',
		collectUntil: 5,
		hash: 'none',
		now,
	} as const;
	const store = new Store(scene.table(), settings, excluded);
	const state = await store.read();
	await store.tryToAcquire(state);
	const refused = scene.sending({}, async () => {
		excluded.noteOptedOut(users);
		return [];
	});
	const { rounds } = await sendList(store, state, { ...refused, own: runWith(users) });
	expect(rounds).toMatchObject([{ areFailedStored: false }]);
	expect(scene.byStatus()).toEqual({});
});

describe('what was not accepted', () => {
	it('waits again, and only that', async () => {
		const store = scene.store();
		const { state } = await addTo(store, people(6));
		const sending = scene.sending({}, async () => [
			{ start: 1, end: 3 },
			{ start: 5, end: 6 },
		]);
		await sendWaiting(store, state, { ...sending, force: false });
		const sent = scene.table().rows.filter(({ status }) => status === 'sent');
		expect(sent.map(({ email }) => email)).toEqual([2, 3, 6].map((n) => `u${n}@example.com`));
		expect(scene.byStatus()).toEqual({ sent: 3, waiting: 3 });
	});

	it('waits again immediately, and nothing counts as sent, if the upload throws', async () => {
		const store = scene.store();
		const { state } = await addTo(store, people(5));
		const sending = scene.sending({}, async () => {
			throw new Error('stopped');
		});
		await expect(sendWaiting(store, state, { ...sending, force: false })).rejects.toThrow();
		expect(scene.byStatus()).toEqual({ waiting: 5 });
		expect((await scene.store().read()).isBusy).toBe(false);
	});

	it('ends the rounds, however many wait', async () => {
		let tries = 0;
		const store = scene.store();
		const { state } = await addTo(store, people(9));
		const sending = scene.sending({}, async () => {
			if (++tries > 3) throw new Error('The same users go again without end');
			return [];
		});
		await sendWaiting(store, state, { ...sending, force: false });
		expect(tries).toBe(1);
		expect(scene.byStatus()).toEqual({ waiting: 9 });
		expect((await scene.store().read()).isBusy).toBe(false);
	});
});

it('deletes sent contacts after their time, waiting ones never', async () => {
	await sendListOf(5);
	await addAndSend(1, 6);
	scene.now += 179 * 24 * HOUR;
	await addAndSend(0, 0);
	expect(scene.byStatus()).toEqual({ sent: 6 });
	await addAndSend(1, 7);
	scene.now += 2 * 24 * HOUR;
	await addAndSend(0, 0);
	expect(scene.sent).toHaveLength(2);
	expect(scene.byStatus()).toEqual({ sent: 1, waiting: 1 });
});

describe('more than a page of contacts, with those of others between them,', () => {
	const others = async (count: number) => {
		const rows = Array.from({ length: count }, () => ({ status: 'sent' as const }));
		await scene.table().run([{ do: 'insert', rows }]);
	};
	beforeEach(async () => {
		await addAndSend(5, 1);
		await others(12_000);
		scene.sent.length = 0;
	});

	it('are one upload when they are due', async () => {
		await addTo(scene.store(), people(1002, 1001));
		await addAndSend(0, 0);
		expect(scene.sent.map(({ length }) => length)).toEqual([1002]);
	});

	it('are all sent if they are forced, in as many uploads as needed', async () => {
		await addTo(scene.store(), people(2, 1001));
		await others(12_000);
		await addTo(scene.store(), people(10_000, 2001));
		const store = scene.store();
		const { state } = await addTo(store, people(2, 20_001));
		const rules = { ...scene.sending().rules, collectUntil: 50_000, topUp: false };
		await sendWaiting(store, state, { ...scene.sending(), rules, force: true });
		expect(scene.sent.reduce((sum, { length }) => sum + length, 0)).toBe(10_004);
	});
});

it('claims no row after the last that one update of a database can change', async () => {
	const store = scene.store();
	const { state } = await addTo(store, people(5));
	await store.tryToAcquire(state);
	const rows = await store.claim({ ...state, upTo: 3 }, 0);
	expect(rows).toHaveLength(3);
	expect(scene.byStatus()).toEqual({ claimed: 3, waiting: 2 });
});

it('sends nothing if another run acquired the audience meanwhile', async () => {
	const store = scene.store();
	const { state } = await addTo(store, people(5));
	const other = scene.store();
	expect(await other.tryToAcquire(await other.read())).toBe(true);
	const { rounds, state: after } = await sendWaiting(store, state, {
		...scene.sending(),
		force: false,
	});
	expect([rounds, after.isBusy, scene.sent]).toEqual([[], true, []]);
});

it('changes nothing of another audience, however old it is', async () => {
	const other = scene.store(scene.table(), 'channel/page/account/other');
	await addTo(other, people(2));
	const [row] = scene.table().rows;
	Object.assign(row as object, { status: 'sent', sentAt: new Date(0).toISOString() });
	await addAndSend(5, 1);
	expect(scene.sent).toEqual([people(5)]);
	expect(scene.byStatus()).toEqual({ sent: 6, waiting: 1 });
});

it('what a person sets to waiting is sent again, and not deleted', async () => {
	await addAndSend(5, 1);
	scene.now += 200 * 24 * HOUR;
	for (const row of scene.table().rows) {
		if (row.status === 'sent') Object.assign(row, { status: 'waiting' });
	}
	await addAndSend(0, 0);
	expect(scene.sent).toEqual([people(5), people(5)]);
});

it('a contact of a list that a person sets to waiting is sent again within the hours, even if no one else waits', async () => {
	await sendListOf(10);
	Object.assign(scene.table().rows.find(({ status }) => status === 'sent') as object, {
		status: 'waiting',
	});
	scene.now += 25 * HOUR;
	await addAndSend(0, 0);
	expect(scene.sent.map(({ length }) => length)).toEqual([10, 5]);
	expect(scene.byStatus()).toEqual({ sent: 5 });
});

it('a contact that is in two rows waits in both if it was not accepted', async () => {
	await scene
		.table()
		.run([
			{ do: 'insert', rows: waitingRows([...people(1), ...people(1)], new Date(0).toISOString()) },
		]);
	const store = scene.store();
	const { state } = await addTo(store, people(4, 2));
	const sending = scene.sending({}, async () => [{ start: 1, end: 5 }]);
	await sendWaiting(store, state, { ...sending, force: false });
	expect(scene.byStatus()).toEqual({ sent: 4, waiting: 2 });
});

it('sends what arrived while the audience was busy', async () => {
	const store = scene.store();
	const { state } = await addTo(store, people(5));
	const late = scene.sending({}, async (round) => {
		if (scene.sent.length === 0) await addAndSend(5, 6);
		return await scene.accept(round);
	});
	await sendWaiting(store, state, { ...late, force: false });
	expect(scene.sent.map((users) => users.length)).toEqual([5, 5]);
});

it('sends what arrived while a list was sent', async () => {
	const store = scene.store();
	const state = await store.read();
	await store.tryToAcquire(state);
	const late = scene.sending({}, async (round) => {
		if (scene.sent.length === 0) await addAndSend(5, 101);
		return await scene.accept(round);
	});
	const { rounds, state: after } = await sendList(store, state, {
		...late,
		own: runWith(people(10)),
	});
	expect(scene.sent).toEqual([people(10), people(5, 101)]);
	expect([rounds.length, after.waiting]).toEqual([2, 0]);
});

it.each([
	['waiting contacts', false],
	['a list', true],
])('sends nothing more after a rejected call for %s', async (_, isList) => {
	const store = scene.store();
	const { state } = await addTo(store, people(15, 101));
	let calls = 0;
	const sending = scene.sending({}, async () => {
		calls++;
		return [{ start: 0, end: 5 }];
	});
	await store.tryToAcquire(state);
	if (isList) await sendList(store, state, { ...sending, own: runWith(people(5)) });
	else await sendWaiting(store, state, { ...sending, force: false });
	expect(calls).toBe(1);
});

it('returns the error of a table that fails after a list, which was sent nevertheless', async () => {
	const table = scene.table();
	const store = scene.store(table);
	const state = await store.read();
	await store.tryToAcquire(state);
	const late = scene.sending({}, async (round) => {
		await addAndSend(5, 101);
		table.beforeStep = (step) => {
			if (step.do === 'update' && step.set.claim === 'run 1') {
				throw new Error('Data table size limit exceeded');
			}
		};
		return await scene.accept(round);
	});
	const { rounds } = await sendList(store, state, { ...late, own: runWith(people(10)) });
	expect(rounds).toMatchObject([
		{ accepted: [{ start: 0, end: 10 }], tableError: { code: 'data_tables_full' } },
	]);
	expect(scene.sent).toHaveLength(1);
});

it('sends stored contacts hashed when hashes are asked for later', async () => {
	await addTo(scene.store(), [{ Email: 'mary@example.com', Phone: '15550100101' }]);
	const store = scene.store(scene.table(), AUDIENCE, 'sha256');
	await sendWaiting(store, await store.read(), { ...scene.sending(), force: true });
	expect(scene.sent[0]).toEqual([
		{
			Email: 'f1904cf1a9d73a55fa5de0ac823c4403ded71afd4c3248d00bdcd0866552bb79',
			Phone: createHash('sha256').update('15550100101').digest('hex'),
		},
	]);
});

it('sends no one for a row that a person emptied', async () => {
	await addTo(scene.store(), people(4));
	const [row] = scene.table().rows;
	Object.assign(row as object, { email: '' });
	expect((await scene.store().read()).waiting).toBe(3);
	await addAndSend(2, 5);
	expect(scene.sent[0]).toHaveLength(5);
	expect(AUDIENCE).toBe(scene.table().rows[0]?.audience);
});

it('sends what a person wrote into a row in the form that Meta matches, and no one who was forgotten', async () => {
	await addTo(scene.store(), people(6));
	const { rows } = scene.table();
	const edited = [
		{ email: ' U1@Example.COM ' },
		{ email: null, phone: '+1 (650) 253-0001' },
		{ email: 'not an address', phone: '650 253 0002' },
		{ email: 'Mary@Example.com' },
		{ email: 'u6@EXAMPLE.com' },
	];
	edited.forEach((cells, index) => Object.assign(rows[index] as object, cells));
	await forgetPeople(scene.table(), [[{ Email: 'mary@example.com' }]]);
	const store = scene.store();
	await sendWaiting(store, await store.read(), { ...scene.sending(), force: true });
	expect(scene.sent).toEqual([
		[{ Email: 'u1@example.com' }, { Phone: '16502530001' }, { Email: 'u6@example.com' }],
	]);
});
