import {
	type Round,
	type RoundSettings,
	sendList,
	sendWaiting,
} from '../../nodes/AlibabaCloudChatApp/store/rounds';
import type { MemoryTable } from './memoryTable';
import { addTo, HOUR, people, runWith, Scene } from './scene';

let scene: Scene;
let table: MemoryTable;
beforeEach(() => {
	scene = new Scene();
	table = scene.table();
});

async function sendFrom(count: number, change: Partial<RoundSettings> & { force?: boolean } = {}) {
	const store = scene.store(table);
	const { state } = await addTo(store, people(count, 101));
	const runs = table.runs;
	const sent = await sendWaiting(store, state, { ...scene.sending(), force: false, ...change });
	return { ...sent, runs: table.runs - runs };
}

async function sendListOf(count: number, change: Partial<RoundSettings> = {}) {
	const store = scene.store(table);
	const state = await store.read();
	await store.tryToAcquire(state);
	const { rounds } = await sendList(store, state, {
		...scene.sending(),
		...change,
		own: runWith(people(count)),
	});
	return rounds[0] as Round;
}

const breakAtFinish = (text: string) => {
	table.beforeStep = (step) => {
		if (step.do === 'update' && step.set.status === 'sent') throw new Error(text);
	};
};

it('if no one waits, no lease is acquired and no one is sent', async () => {
	expect(await sendFrom(0, { force: true })).toMatchObject({ rounds: [], runs: 0 });
});

it('an audience that another run acquired meanwhile is left to it', async () => {
	const store = scene.store();
	const { state } = await addTo(store, people(5));
	const other = scene.store();
	expect(await other.tryToAcquire(await other.read())).toBe(true);
	const sent = await sendWaiting(store, state, { ...scene.sending(), force: false });
	expect(sent).toEqual({ rounds: [], state: { ...state, isBusy: true } });
	expect(scene.sent).toEqual([]);
});

it('contacts that another sender claims at the same moment are left to it', async () => {
	const { state } = await addTo(scene.store(), people(8));
	table.beforeStep = (step) => {
		if (step.do !== 'update' || step.set.status !== 'claimed') return;
		const waiting = table.rows.filter(({ status }) => status === 'waiting');
		for (const row of waiting.slice(0, 3)) Object.assign(row, { status: 'claimed', claim: 'gone' });
	};
	await sendWaiting(scene.store(table), state, { ...scene.sending(), force: true });
	expect(scene.sent).toEqual([people(5, 4)]);
	expect(scene.byStatus()).toEqual({ sent: 5, claimed: 3 });
});

it('contacts that another run sent meanwhile are not sent again', async () => {
	const store = scene.store();
	const { state } = await addTo(store, people(5));
	await sendFrom(0);
	expect(scene.sent).toHaveLength(1);
	const { rounds } = await sendWaiting(store, state, { ...scene.sending(), force: false });
	expect(scene.sent).toHaveLength(1);
	expect(rounds).toMatchObject([{ accepted: [], areFailedStored: false }]);
});

it('the result of a round is returned, accepted or not', async () => {
	const upload = async () => [];
	const { rounds, state } = await sendFrom(6, { upload });
	expect(rounds).toMatchObject([
		{ accepted: [], gathered: { waitingUserCount: 6 }, areFailedStored: false },
	]);
	expect(state).toMatchObject({ waiting: 6, isBusy: false });
});

it('if the table can no longer be changed, sent contacts stay sent, and the error is returned', async () => {
	breakAtFinish('Data table size limit exceeded');
	const { rounds, state } = await sendFrom(5);
	expect(scene.sent).toHaveLength(1);
	expect(rounds).toMatchObject([
		{ accepted: [{ start: 0, end: 5 }], tableError: { code: 'data_tables_full' } },
	]);
	expect(state).toMatchObject({ waiting: 5, isBusy: true });
});

describe("a list's users that were not accepted", () => {
	it('wait, and the round says whether', async () => {
		expect(await sendListOf(6, { upload: async () => [{ start: 0, end: 4 }] })).toMatchObject({
			areFailedStored: true,
		});
		expect(await sendListOf(6)).toMatchObject({ areFailedStored: false });
	});

	it.each([
		[true, 'shows which step failed'],
		[false, 'shows nothing'],
	])('wait if only a later step failed: %s, the error %s', async (namesSteps) => {
		table.namesSteps = namesSteps;
		await addTo(scene.store(table), people(1, 900));
		breakAtFinish('database is locked');
		const upload = async () => [{ start: 6, end: 9 }];
		expect(await sendListOf(6, { upload })).toMatchObject({
			areFailedStored: true,
			tableError: { code: 'data_table' },
		});
		expect(table.rows.filter(({ status }) => status === 'waiting')).toHaveLength(6);
	});

	it('wait if they waited before, even if the table fails', async () => {
		await sendListOf(6, { upload: async () => [] });
		table.beforeStep = (step) => {
			if (
				step.do === 'update' &&
				step.set.status === 'waiting' &&
				step.where.conditions.length > 2
			) {
				throw new Error('database is locked');
			}
		};
		expect(await sendListOf(6, { upload: async () => [] })).toMatchObject({
			areFailedStored: true,
			tableError: { code: 'data_table' },
		});
	});

	it.each([[true], [false]])('do not wait if they could not be stored', async (namesSteps) => {
		table.namesSteps = namesSteps;
		table.beforeStep = (step) => {
			if (step.do === 'insert' && step.rows.some(({ status }) => status === 'waiting')) {
				throw new Error('Data table size limit exceeded');
			}
		};
		expect(await sendListOf(6, { upload: async () => [] })).toMatchObject({
			areFailedStored: false,
			tableError: { code: 'data_tables_full' },
		});
	});
});

it('if the upload throws, claimed contacts wait again and the lease is free', async () => {
	const upload = async () => await Promise.reject(new Error('canceled'));
	await expect(sendFrom(5, { upload })).rejects.toThrow('canceled');
	expect(scene.byStatus()).toEqual({ waiting: 5 });
	expect(await scene.store().read()).toMatchObject({ waiting: 5, isBusy: false });
});

it('a released lease is free, and nothing else changes', async () => {
	const store = scene.store(table);
	const { state } = await addTo(store, people(5));
	await store.tryToAcquire(state);
	expect((await scene.store().read()).isBusy).toBe(true);
	await store.release();
	expect(await scene.store().read()).toMatchObject({ waiting: 5, isBusy: false });
});

it("another audience's old contacts are deleted only with its own uploads", async () => {
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
])('previously sent contacts are read only if they are needed: with %d', async (count, runs) => {
	expect((await sendFrom(count, { force: true })).runs).toBe(runs);
});

it('previously sent contacts are not sent again if that is off', async () => {
	await sendListOf(9);
	const { rules } = scene.sending({ topUp: false });
	await addTo(scene.store(table), people(1, 900));
	await sendFrom(0, { force: true, rules });
	expect(scene.sent[1]).toEqual(people(1, 900));
});

it('a contact whose waitingSince was emptied by a person delays no one', async () => {
	await sendListOf(9);
	await addTo(scene.store(table), people(2, 900));
	const waiting = table.rows.filter(({ status }) => status === 'waiting');
	Object.assign(waiting[0] as object, { waitingSince: null });
	scene.now += 25 * HOUR;
	await sendFrom(0);
	expect(scene.sent[1]).toHaveLength(5);
});
