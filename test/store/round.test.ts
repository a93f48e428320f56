import {
	type Round,
	type Sending,
	sendList,
	sendWaiting,
} from '../../nodes/AlibabaCloudChatApp/store/rounds';
import type { MemoryTable } from './memoryTable';
import { HOUR, people, Scene } from './scene';

let scene: Scene;
let table: MemoryTable;
beforeEach(() => {
	scene = new Scene();
	table = scene.table();
});

async function sendFrom(count: number, change: Partial<Sending> & { force?: boolean } = {}) {
	const store = scene.store(table);
	const { state } = await store.add(people(count, 101));
	const runs = table.runs;
	const sent = await sendWaiting(store, state, { ...scene.sending(), force: false, ...change });
	return { ...sent, runs: table.runs - runs };
}

async function sendListOf(count: number, change: Partial<Sending> = {}) {
	const store = scene.store(table);
	const state = await store.look();
	await store.take(state);
	const { rounds } = await sendList(store, state, {
		...scene.sending(),
		...change,
		own: people(count),
	});
	return rounds[0] as Round;
}

const breakAtFinish = (text: string) => {
	table.beforeStep = (step) => {
		if (step.do === 'update' && step.set.status === 'sent') throw new Error(text);
	};
};

it('nobody is sent, and no lease taken, where nobody waits', async () => {
	expect(await sendFrom(0, { force: true })).toMatchObject({ rounds: [], runs: 0 });
});

it('what another run has taken meanwhile is left to it', async () => {
	const store = scene.store();
	const { state } = await store.add(people(5));
	const other = scene.store();
	expect(await other.take(await other.look())).toBe(true);
	const sent = await sendWaiting(store, state, { ...scene.sending(), force: false });
	expect(sent).toEqual({ rounds: [], state: { ...state, busy: true } });
	expect(scene.sent).toEqual([]);
});

it('what another run has sent meanwhile is not sent again', async () => {
	const store = scene.store();
	const { state } = await store.add(people(5));
	await sendFrom(0);
	expect(scene.sent).toHaveLength(1);
	const { rounds } = await sendWaiting(store, state, { ...scene.sending(), force: false });
	expect(scene.sent).toHaveLength(1);
	expect(rounds).toMatchObject([{ accepted: [], kept: false }]);
});

it('what a round came to is told, accepted or not', async () => {
	const deliver = async () => [];
	const { rounds, state } = await sendFrom(6, { deliver });
	expect(rounds).toMatchObject([{ accepted: [], composed: { fromTable: 6 }, kept: false }]);
	expect(state).toMatchObject({ users: 6, busy: false });
});

it('where the table can not be written to any more, sent is sent, and the trouble is told', async () => {
	breakAtFinish('Data table size limit exceeded');
	const { rounds, state } = await sendFrom(5);
	expect(scene.sent).toHaveLength(1);
	expect(rounds).toMatchObject([
		{ accepted: [{ start: 0, end: 5 }], trouble: { code: 'data_tables_full' } },
	]);
	expect(state).toMatchObject({ users: 5, busy: true });
});

it("a list's users wait where they were not accepted, and it is told whether", async () => {
	expect(await sendListOf(6, { deliver: async () => [{ start: 0, end: 4 }] })).toMatchObject({
		kept: true,
	});
	expect(await sendListOf(6)).toMatchObject({ kept: false });
	await scene.store(table).add(people(1, 900));
	breakAtFinish('Data table size limit exceeded');
	const deliver = async () => [{ start: 6, end: 9 }];
	expect(await sendListOf(6, { deliver })).toMatchObject({
		kept: false,
		trouble: { code: 'data_tables_full' },
	});
});

it('where sending throws, the claimed wait again and the lease is free', async () => {
	const deliver = async () => await Promise.reject(new Error('canceled'));
	await expect(sendFrom(5, { deliver })).rejects.toThrow('canceled');
	expect(scene.byStatus()).toEqual({ waiting: 5 });
	expect(await scene.store().look()).toMatchObject({ users: 5, busy: false });
});

it('a lease that is given back is free, and nothing else is touched', async () => {
	const store = scene.store(table);
	const { state } = await store.add(people(5));
	await store.take(state);
	expect((await scene.store().look()).busy).toBe(true);
	await store.release();
	expect(await scene.store().look()).toMatchObject({ users: 5, busy: false });
});

it("another audience's contacts are forgotten with its own submissions alone", async () => {
	const sent = { status: 'sent' as const, sentAt: new Date(0).toISOString() };
	const rows = [{ audience: 'another/of/the/four', email: 'a@example.com', ...sent }];
	await table.run([{ do: 'insert', rows }]);
	await sendFrom(5);
	expect(table.rows[0]).toMatchObject(rows[0] as object);
});

it("a run's own contacts come first", async () => {
	const isFirst = ({ Email = '' }) => /u10[24]@/.test(Email);
	await sendFrom(5, { isFirst });
	expect(scene.sent[0]?.map(({ Email }) => Email?.slice(1, 4))).toEqual([
		'102',
		'104',
		'101',
		'103',
		'105',
	]);
});

it.each([
	[4, 4],
	[5, 3],
	[6, 3],
])('earlier contacts are looked for only where they are needed: with %d', async (count, runs) => {
	expect((await sendFrom(count, { force: true })).runs).toBe(runs);
});

it('earlier contacts do not go again where that is switched off', async () => {
	await sendListOf(9);
	const { rules } = scene.sending({ topUp: false });
	await scene.store(table).add(people(1, 900));
	await sendFrom(0, { force: true, rules });
	expect(scene.sent[1]).toEqual(people(1, 900));
});

it('a contact of which a person has deleted since when it waits holds nobody up', async () => {
	await sendListOf(9);
	await scene.store(table).add(people(2, 900));
	const waiting = table.rows.filter(({ status }) => status === 'waiting');
	Object.assign(waiting[0] as object, { waitingSince: null });
	scene.now += 25 * HOUR;
	await sendFrom(0);
	expect(scene.sent[1]).toHaveLength(5);
});
