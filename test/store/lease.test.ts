import { LEASE_MS } from '../../nodes/AlibabaCloudChatApp/store/lease';
import { addTo, AUDIENCE, people, Scene } from './scene';

let scene: Scene;
beforeEach(() => {
	scene = new Scene();
});

describe('the lease of an audience', () => {
	it('is taken by one of many', async () => {
		const stores = Array.from({ length: 12 }, () => scene.store());
		const states = await Promise.all(stores.map(async (store) => await store.read()));
		const taken = await Promise.all(
			stores.map(async (store, index) => await store.take(states[index]!)),
		);
		expect(taken.filter(Boolean).length).toBeLessThanOrEqual(1);
		// All twelve first senders may release it; the next one finds a row.
		scene.now += LEASE_MS + 1;
		const next = [scene.store(), scene.store()];
		const held = await Promise.all(next.map(async (store) => await store.take(await store.read())));
		expect(held.filter(Boolean)).toHaveLength(1);
	});

	it('is separate for each audience', async () => {
		const other = scene.store(scene.table(), 'channel/page/account/other');
		const one = scene.store();
		expect(await one.take(await one.read())).toBe(true);
		expect(await other.take(await other.read())).toBe(true);
	});

	it('is taken over if it was not renewed for 15 minutes, and its claimed contacts wait again', async () => {
		const gone = scene.store();
		const { state } = await addTo(gone, people(3));
		await gone.take(state);
		await gone.claim(state, 0);
		scene.now += LEASE_MS - 1;
		expect(await scene.store().read()).toMatchObject({ busy: true, waiting: 0 });
		await gone.renew();
		scene.now += LEASE_MS;
		expect(await gone.renew()).toBe(true);
		scene.now += LEASE_MS + 1;
		const heir = scene.store();
		const seen = await heir.read();
		expect(seen).toMatchObject({ busy: false, waiting: 3 });
		expect(await heir.take(seen)).toBe(true);
		expect(await gone.renew()).toBe(false);
		expect(await heir.claim(seen, 0)).toHaveLength(3);
		await gone.finish({ sent: [{ from: 1, to: 3 }], kept: [], waiting: [] });
		expect(scene.byStatus()).toEqual({ claimed: 3 });
	});

	it('is not taken from the run that took it meanwhile, nor released by the run that lost it', async () => {
		const gone = scene.store();
		await gone.take(await gone.read());
		scene.now += LEASE_MS + 1;
		const [heir, late] = [scene.store(), scene.store()];
		const [seen, sameSeen] = [await heir.read(), await late.read()];
		expect(await heir.take(seen)).toBe(true);
		expect(await late.take(sameSeen)).toBe(false);
		await gone.release();
		expect(await heir.renew()).toBe(true);
	});

	it('is released by the run that got only one of two rows', async () => {
		const [one, other] = [scene.store(), scene.store()];
		await one.take(await one.read());
		const { rows } = scene.table();
		const lease = rows.find(({ status }) => status === 'lease')!;
		const seen = { ...(await other.read()), busy: false };
		rows.push({ ...lease, id: lease.id + 1, claim: null, leaseUntil: new Date(0).toISOString() });
		expect(await other.take(seen)).toBe(false);
		expect(rows.map(({ claim }) => claim)).toEqual(['run 1', null]);
	});

	it('is not renewed while another sender also holds a row of it', async () => {
		const [one, other] = [scene.store(), scene.store()];
		await one.take(await one.read());
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
			await first.take(await first.read());
			const lease = scene.table().rows.find(({ status }) => status === 'lease')!;
			Object.assign(lease, { leaseUntil });
			const next = scene.store();
			expect(await next.take(await next.read())).toBe(true);
			const rows = scene.table().rows.filter(({ status }) => status === 'lease');
			expect(rows).toHaveLength(1);
			expect(rows[0]?.audience).toBe(AUDIENCE);
		},
	);
});
