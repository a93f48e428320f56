import { sendList, sendWaiting } from '../../nodes/AlibabaCloudChatApp/store/rounds';
import type { NewRow, Step } from '../../nodes/AlibabaCloudChatApp/store/table';
import type { MemoryTable } from './memoryTable';
import { addTo, AUDIENCE, HOUR, people, runWith, Scene } from './scene';

let scene: Scene;
let table: MemoryTable;
beforeEach(() => {
	scene = new Scene();
	table = scene.table();
});

it.each([
	['a new contact', 1, 7, 1],
	['a contact that waits', 1, 1, 2],
	['several, of which some wait', 3, 1, 2],
	['no contact', 0, 1, 1],
])('%s takes few sub-workflows', async (_, count, first, subWorkflows) => {
	await addTo(scene.store(), people(2));
	await addTo(scene.store(table), people(count, first));
	expect(table.runs).toBe(subWorkflows);
	const emails = table.rows.map(({ email }) => email);
	expect(new Set(emails).size).toBe(emails.length);
});

it('without a contact, the table is only read: n8n runs no step on an insert of no rows', async () => {
	const run = jest.spyOn(table, 'run');
	const { state } = await addTo(scene.store(table), []);
	expect(state.waiting).toBe(0);
	expect(run.mock.calls.flatMap(([steps]) => steps.map((step) => step.do))).not.toContain('insert');
});

describe('in one sub-workflow, of contacts that were sent before,', () => {
	const sent = async (...rows: Array<Partial<NewRow>>) => {
		const at = (days: number) => new Date(scene.now - days * 24 * HOUR).toISOString();
		await table.run([
			{
				do: 'insert',
				rows: rows.map((row, index) => {
					return { audience: AUDIENCE, status: 'sent', sentAt: at(10 - index), ...row };
				}),
			},
		]);
		table.runs = 0;
	};

	it('the latest count', async () => {
		await sent(...[1, 2, 3, 4, 5, 6].map((number) => ({ phone: `1555010010${number}` })));
		const users = [{ Email: 'new@example.com', Phone: '15550100101' }];
		const { state } = await addTo(scene.store(table), users);
		expect([state.waiting, state.previouslySentCount, table.runs]).toEqual([1, 5, 1]);
	});

	it('all are seen, however many rows they have', async () => {
		const rows = people(8).map(({ Email }, index) => ({ email: Email, contact: `${index % 2}` }));
		await sent(...rows);
		const { state } = await addTo(scene.store(table), people(1, 50));
		expect([state.previouslySentCount, table.runs]).toEqual([2, 1]);
	});
});

describe('if an audience has more rows than a page', () => {
	let audience: string;
	let audiences = 0;
	beforeEach(() => {
		// Which audiences have more is remembered.
		audience = `an/audience/with/more${++audiences}`;
	});
	const sentAt = new Date(0).toISOString();
	const fill = async (count: number) => {
		const sent = people(count).map(({ Email, Phone }): NewRow => {
			return { audience, email: Email, phone: Phone, status: 'sent', sentAt };
		});
		await table.run([{ do: 'insert', rows: sent }]);
		table.runs = 0;
	};

	it('the run that finds out takes two sub-workflows, and the next ones take one until it has few again', async () => {
		await fill(1200);
		const runs: number[] = [];
		for (const first of [5000, 6000, 7000, 8000]) {
			if (first === 7000) table.rows.splice(3);
			table.runs = 0;
			const { isNew, state } = await addTo(scene.store(table, audience), people(1, first));
			expect(isNew).toEqual([true]);
			expect(state.previouslySentCount).toBe(first < 7000 ? 5 : 3);
			runs.push(table.runs);
		}
		expect(runs).toEqual([2, 1, 1, 1]);
	});

	it('who is new is known nevertheless', async () => {
		await fill(1200);
		for (const user of [people(1, 1100), people(1, 5000), people(1, 1)]) {
			const { isNew } = await addTo(scene.store(table, audience), user);
			expect(isNew).toEqual([user[0]?.Email === people(1, 5000)[0]?.Email]);
		}
	});

	it('and the second sub-workflow fails, the contact is stored', async () => {
		await fill(1200);
		let gets = 0;
		table.beforeStep = (step) => {
			if (step.do === 'get' && ++gets > 1) throw new Error('database is locked');
		};
		const added = await scene.store(table, audience).add([people(1, 5000)]);
		expect(added).toMatchObject({ isNew: [true], tableError: { code: 'data_table' } });
		expect(table.rows).toHaveLength(1201);
	});
});

it('the state is complete if more contacts wait than a page has', async () => {
	await addTo(scene.store(), people(1200));
	const { state } = await addTo(scene.store(table), people(1, 5000));
	expect(state).toMatchObject({ waiting: 1201, isWhole: true });
});

describe('if the table fails', () => {
	const failAt = (what: Step['do'], times = Infinity) => {
		let left = times;
		table.beforeStep = (step) => {
			if (step.do === what && left-- > 0) throw new Error('database is locked');
		};
	};

	it.each([
		[true, Infinity],
		[false, 1],
	])('after the insert, the contacts are stored', async (namesSteps, times) => {
		table.namesSteps = namesSteps;
		failAt('get', times);
		expect(await scene.store(table).add([people(1), people(1), people(1, 2)])).toEqual({
			isNew: [true, false, true],
			isForgotten: [false, false, false],
			tableError: expect.objectContaining({ code: 'data_table' }),
		});
		table.beforeStep = () => {};
		expect(await scene.store().read()).toMatchObject({ waiting: 2 });
	});

	it.each([[true], [false]])('at the insert, they are not', async (namesSteps) => {
		table.namesSteps = namesSteps;
		failAt('insert');
		await expect(scene.store(table).add([people(1)])).rejects.toMatchObject({ code: 'data_table' });
		expect(table.rows).toEqual([]);
	});

	it('and whether they are stored is unknown, they count as not stored', async () => {
		table.namesSteps = false;
		failAt('get');
		await expect(scene.store(table).add([people(1)])).rejects.toMatchObject({ code: 'data_table' });
	});

	it('after the look-up, the answer is what was found', async () => {
		await addTo(scene.store(), people(1));
		failAt('delete');
		expect((await addTo(scene.store(table), people(2))).isNew).toEqual([false, true]);
	});

	it('while more pages are read, the contacts are stored', async () => {
		await addTo(scene.store(), people(1200, 100));
		table.beforeStep = (step) => {
			const conditions = step.do === 'get' ? step.where.conditions : [];
			if (conditions.some(({ column }) => column === 'id')) throw new Error('database is locked');
		};
		const added = await scene.store(table).add([people(1)]);
		expect(added).toMatchObject({ isNew: [true], tableError: { code: 'data_table' } });
		expect(added.state).toBeUndefined();
	});
});

describe('a contact with several addresses', () => {
	const ANN = [
		{ Email: 'ann@example.com', Phone: '15550100101' },
		{ Email: 'ann@work.example' },
		{ Phone: '15550100102' },
	];

	it('is stored in rows with one key, and counts once', async () => {
		const { isNew, state } = await scene.store(table).add([ANN, people(1)]);
		expect(isNew).toEqual([true, true]);
		expect(state).toMatchObject({ waiting: 2 });
		const keys = table.rows.map(({ contact }) => contact);
		expect(keys[0]).toEqual(expect.any(String));
		expect(keys.slice(0, 3)).toEqual([keys[0], keys[0], keys[0]]);
		expect(keys[3]).not.toBe(keys[0]);
	});

	it('is a duplicate only if none of its addresses is new', async () => {
		await scene.store(table).add([ANN]);
		const { isNew, state } = await scene
			.store(table)
			.add([[...ANN].reverse(), ANN.slice(1), [...ANN, { Email: 'ann@home.example' }]]);
		expect(isNew).toEqual([false, false, true]);
		expect(state).toMatchObject({ waiting: 2 });
		expect(table.rows).toHaveLength(7);
	});

	it('is due, sent, and topped up as one', async () => {
		const store = scene.store(table);
		await store.add([ANN]);
		const { state } = await store.add(people(3).map((user) => [user]));
		expect(state).toMatchObject({ waiting: 4 });
		await sendWaiting(store, state!, { ...scene.sending(), force: false });
		expect(scene.sent).toEqual([]);
		const { state: enough } = await store.add([people(1, 4)]);
		const { rounds, state: after } = await sendWaiting(store, enough!, {
			...scene.sending(),
			force: false,
		});
		expect(scene.sent).toEqual([[...ANN, ...people(4)]]);
		const [round] = rounds;
		expect(round?.gathered).toMatchObject({ waitingUserCount: 7, topUpUserCount: 0 });
		expect([0, 1, 2, 3, 4, 5, 6].map((place) => round?.gathered.contactAt(place))).toEqual([
			0, 0, 0, 1, 2, 3, 4,
		]);
		expect(after).toMatchObject({ waiting: 0, previouslySentCount: 5 });
		await store.add([people(1, 9)]);
		scene.now += 25 * HOUR;
		await sendWaiting(store, await store.read(), { ...scene.sending(), force: false });
		const isAnn = scene.sent[1]?.some(({ Email }) => Email === 'ann@example.com');
		expect(scene.sent[1]).toHaveLength(isAnn ? 7 : 5);
	});

	it('of a list is kept as one, and waits as one', async () => {
		const users = [...people(2), ...ANN, ...people(2, 3)];
		const numbers = [0, 1, 2, 2, 2, 3, 4];
		const own = { ...runWith(users), contactAt: (place: number) => numbers[place] ?? 0 };
		const store = scene.store(table);
		const send = async (accepted: number) => {
			const state = await store.read();
			await store.tryToAcquire(state);
			const upload = async () => (accepted > 0 ? [{ start: 0, end: accepted }] : []);
			return await sendList(store, state, { ...scene.sending({ collectUntil: 3 }, upload), own });
		};
		const { rounds } = await send(7);
		expect(rounds[0]?.gathered.contactAt(4)).toBe(2);
		expect(scene.byStatus()).toEqual({ sent: 5 });
		table.rows.length = 0;
		await send(0);
		expect(await store.read()).toMatchObject({ waiting: 5 });
		expect(scene.byStatus()).toEqual({ waiting: 7 });
	});
});

describe("with 'Keep Sent Contacts' 0", () => {
	const sending = () => ({ ...scene.sending(), keepDays: 0 });

	it('no one is kept who waited', async () => {
		const store = scene.store(table);
		const { state } = await addTo(store, people(6));
		const upload = async () => [{ start: 0, end: 4 }];
		await sendWaiting(store, state, { ...sending(), upload, force: false });
		expect(scene.byStatus()).toEqual({ waiting: 2 });
	});

	it('no one is kept of a list, and those sent before are deleted', async () => {
		const sentAt = new Date(scene.now - 1).toISOString();
		const audience = 'channel/page/account/audience';
		await table.run([
			{ do: 'insert', rows: [{ audience, email: 'a@example.com', status: 'sent', sentAt }] },
		]);
		const store = scene.store(table);
		const state = await store.read();
		await store.tryToAcquire(state);
		await sendList(store, state, { ...sending(), own: runWith(people(9)) });
		expect(scene.sent).toEqual([people(9)]);
		expect(scene.byStatus()).toEqual({});
	});
});
