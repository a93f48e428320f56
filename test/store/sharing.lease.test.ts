import { addTo, AUDIENCE, LEASE_MS, people, Scene } from './scene';

let scene: Scene;
beforeEach(() => {
	scene = new Scene();
});

describe('the lease of an audience', () => {
	it('is acquired by one of many', async () => {
		const stores = Array.from({ length: 12 }, () => scene.store());
		const states = await Promise.all(stores.map(async (store) => await store.read()));
		const taken = await Promise.all(
			stores.map(async (store, index) => await store.tryToAcquire(states[index]!)),
		);
		expect(taken.filter(Boolean).length).toBeLessThanOrEqual(1);
		// All twelve first senders may release it; the next one finds a row.
		scene.now += LEASE_MS + 1;
		const next = [scene.store(), scene.store()];
		const held = await Promise.all(
			next.map(async (store) => await store.tryToAcquire(await store.read())),
		);
		expect(held.filter(Boolean)).toHaveLength(1);
	});

	it('is separate for each audience', async () => {
		const other = scene.store(scene.table(), 'channel/page/account/other');
		const one = scene.store();
		expect(await one.tryToAcquire(await one.read())).toBe(true);
		expect(await other.tryToAcquire(await other.read())).toBe(true);
	});

	it('is taken over if it was not renewed for 15 minutes, and its claimed contacts wait again', async () => {
		const gone = scene.store();
		const { state } = await addTo(gone, people(3));
		await gone.tryToAcquire(state);
		await gone.claim(state, 0);
		scene.now += LEASE_MS - 1;
		expect(await scene.store().read()).toMatchObject({ isBusy: true, waiting: 0 });
		await gone.renew();
		scene.now += LEASE_MS;
		expect(await gone.renew()).toBe(true);
		scene.now += LEASE_MS + 1;
		const heir = scene.store();
		const seen = await heir.read();
		expect(seen).toMatchObject({ isBusy: false, waiting: 3 });
		expect(await heir.tryToAcquire(seen)).toBe(true);
		expect(await gone.renew()).toBe(false);
		expect(await heir.claim(seen, 0)).toHaveLength(3);
		await gone.finish({ sent: [{ from: 1, to: 3 }], toKeep: [], toWait: [] });
		expect(scene.byStatus()).toEqual({ claimed: 3 });
	});

	it('is not taken from the run that acquired it meanwhile, nor released by the run that lost it', async () => {
		const gone = scene.store();
		await gone.tryToAcquire(await gone.read());
		scene.now += LEASE_MS + 1;
		const [heir, late] = [scene.store(), scene.store()];
		const [seen, sameSeen] = [await heir.read(), await late.read()];
		expect(await heir.tryToAcquire(seen)).toBe(true);
		expect(await late.tryToAcquire(sameSeen)).toBe(false);
		await gone.release();
		expect(await heir.renew()).toBe(true);
	});

	it('is released by the run that got only one of two rows', async () => {
		const [one, other] = [scene.store(), scene.store()];
		await one.tryToAcquire(await one.read());
		const { rows } = scene.table();
		const lease = rows.find(({ status }) => status === 'lease')!;
		const seen = { ...(await other.read()), isBusy: false };
		rows.push({ ...lease, id: lease.id + 1, claim: null, leaseUntil: new Date(0).toISOString() });
		expect(await other.tryToAcquire(seen)).toBe(false);
		expect(rows.map(({ claim }) => claim)).toEqual(['run 1', null]);
	});

	it('is not renewed while another sender also holds a row of it', async () => {
		const [one, other] = [scene.store(), scene.store()];
		await one.tryToAcquire(await one.read());
		const { rows } = scene.table();
		const lease = rows.find(({ status }) => status === 'lease')!;
		rows.push({ ...lease, id: lease.id + 1, claim: 'run 2' });
		expect(await one.renew()).toBe(false);
		expect(await other.renew()).toBe(false);
	});

	it.each([[null], ['9999-01-01T00:00:00.000Z'], ['1970-01-01T00:00:00.000Z']])(
		'is repaired if a person set its end to %s',
		async (leaseUntil) => {
			const first = scene.store();
			await first.tryToAcquire(await first.read());
			const lease = scene.table().rows.find(({ status }) => status === 'lease')!;
			Object.assign(lease, { leaseUntil });
			const next = scene.store();
			expect(await next.tryToAcquire(await next.read())).toBe(true);
			const rows = scene.table().rows.filter(({ status }) => status === 'lease');
			expect(rows).toHaveLength(1);
			expect(rows[0]?.audience).toBe(AUDIENCE);
		},
	);
});

const MINUTE = 60_000;

/** A run that has the lease; `wait`: milliseconds from then to its first check. */
async function holder(wait = 0) {
	const table = scene.table();
	const store = scene.store(table);
	const isHeld = store.leaseKeeper();
	expect(await store.tryToAcquire(await store.read())).toBe(true);
	scene.now += wait;
	return { isHeld, table };
}

async function takeOver() {
	const heir = scene.store();
	expect(await heir.tryToAcquire(await heir.read())).toBe(true);
}

describe('while a run sends', () => {
	it('its lease is renewed as long as it is checked', async () => {
		const { isHeld } = await holder();
		for (let minute = 0; minute < 40; minute++) {
			expect(await isHeld()).toBe(true);
			scene.now += MINUTE;
		}
		expect(await scene.store().read()).toMatchObject({ isBusy: true });
	});

	it('the table is asked once a minute', async () => {
		const { isHeld, table } = await holder();
		const asked: number[] = [];
		for (const wait of [0, MINUTE - 1, 1, 1, MINUTE - 2, 1]) {
			scene.now += wait;
			const before = table.runs;
			await isHeld();
			asked.push(table.runs - before);
		}
		expect(asked).toEqual([0, 0, 1, 0, 0, 1]);
	});

	it('its lease is lost for good once another run has acquired it, even if the table fails then', async () => {
		const { isHeld, table } = await holder();
		expect(await isHeld()).toBe(true);
		scene.now += LEASE_MS + 1;
		await takeOver();
		expect(await isHeld()).toBe(false);
		table.beforeStep = () => {
			throw new Error('no table');
		};
		scene.now += MINUTE;
		expect(await isHeld()).toBe(false);
	});

	it('the first check shows a lease that ended while the upload waited for its turn', async () => {
		const { isHeld } = await holder(LEASE_MS + 1);
		await takeOver();
		expect(await isHeld()).toBe(false);
	});

	it("a table that can't be reached says nothing about the lease", async () => {
		const { isHeld, table } = await holder(MINUTE);
		table.beforeStep = () => {
			throw new Error('no table');
		};
		expect(await isHeld()).toBe(true);
	});
});

describe('a run that finds the audience busy', () => {
	/** A clock that moves the scene's time; `during` happens in each wait. */
	const clock = (during: () => Promise<unknown>) => ({
		async sleep(ms: number) {
			scene.now += ms;
			await during();
		},
	});

	it('waits until the lease is released', async () => {
		const first = scene.store();
		await first.tryToAcquire(await first.read());
		let looks = 0;
		const next = scene.store();
		await next.acquire(
			clock(async () => {
				if (++looks === 3) await first.release();
			}),
		);
		expect(looks).toBe(3);
		expect(await next.renew()).toBe(true);
	});

	it('stops waiting when its execution is canceled', async () => {
		const first = scene.store();
		await first.tryToAcquire(await first.read());
		const controller = new AbortController();
		const forever = clock(async () => {
			controller.abort(new Error('stopped'));
			await new Promise<void>(() => {});
		});
		await expect(scene.store().acquire(forever, controller.signal)).rejects.toThrow('stopped');
	});
});
