import {
	acquire,
	renewing,
} from '../../nodes/AlibabaCloudChatApp/actions/customAudience/sending/collect';
import { LEASE_MS } from '../../nodes/AlibabaCloudChatApp/store/lease';
import { stillClock } from '../engine/stillClock';
import { Scene } from '../store/scene';

const MINUTE = 60_000;
let scene: Scene;
beforeEach(() => {
	scene = new Scene();
});

/** A clock that moves the scene's time on when it is waited for; `during` happens while it is. */
function clock(during: () => Promise<unknown> = async () => {}) {
	return {
		...stillClock(),
		now: () => scene.now,
		async sleep(ms: number) {
			scene.now += ms;
			await during();
		},
	};
}

/** A sender that holds the lease, as its calls see it; `wait`: milliseconds from the lease to its first call. */
async function sender(wait = 0) {
	const table = scene.table();
	const store = scene.store(table);
	const guard = renewing(store, clock());
	expect(await store.take(await store.read())).toBe(true);
	scene.now += wait;
	let made = 0;
	const call = async () => {
		const why = await guard();
		if (!why) made++;
		return why;
	};
	return { call, table, made: () => made };
}

async function takeOver() {
	const heir = scene.store();
	expect(await heir.take(await heir.read())).toBe(true);
}

const LOST = {
	kind: 'rejected',
	code: 'another_sender',
	what: expect.stringMatching(/^Another run has taken over/),
	fix: 'Run again later',
	requestId: '',
	responseLost: false,
};

describe('the guard before each try', () => {
	it('keeps the lease for as long as calls are made', async () => {
		const { call } = await sender();
		for (let minute = 0; minute < 40; minute++) {
			await call();
			scene.now += MINUTE;
		}
		expect(await scene.store().read()).toMatchObject({ busy: true });
	});

	it('asks the table once a minute', async () => {
		const { call, table } = await sender();
		const asked: number[] = [];
		for (const wait of [0, MINUTE - 1, 1, 1, MINUTE - 2, 1]) {
			scene.now += wait;
			const before = table.runs;
			await call();
			asked.push(table.runs - before);
		}
		expect(asked).toEqual([0, 0, 1, 0, 0, 1]);
	});

	it('makes no more calls once another run has taken the audience over, not even to close', async () => {
		const { call, made } = await sender();
		await call();
		scene.now += LEASE_MS + 1;
		await takeOver();
		await expect(call()).resolves.toMatchObject(LOST);
		await expect(call()).resolves.toMatchObject(LOST);
		expect(made()).toBe(1);
	});

	it('makes none after that either, though the table can no longer be read', async () => {
		const { call, table, made } = await sender(LEASE_MS + 1);
		await takeOver();
		await expect(call()).resolves.toMatchObject(LOST);
		table.beforeStep = () => {
			throw new Error('no table');
		};
		scene.now += MINUTE;
		await expect(call()).resolves.toMatchObject(LOST);
		expect(made()).toBe(0);
	});

	it('makes no first call when the lease ran out while the upload waited for its turn', async () => {
		const { call, made } = await sender(LEASE_MS + 1);
		await takeOver();
		await expect(call()).resolves.toMatchObject(LOST);
		expect(made()).toBe(0);
	});

	it('lets calls go on where the table cannot be asked', async () => {
		const { call, table, made } = await sender(MINUTE);
		table.beforeStep = () => {
			throw new Error('no table');
		};
		await call();
		expect(made()).toBe(1);
	});
});

describe('a run that finds the audience taken', () => {
	it('waits until it is given back', async () => {
		const holder = scene.store();
		await holder.take(await holder.read());
		let looks = 0;
		const waiting = clock(async () => {
			if (++looks === 3) await holder.release();
		});
		const next = scene.store();
		await acquire(next, waiting);
		expect(looks).toBe(3);
		expect(await next.renew()).toBe(true);
	});

	it('ends with the execution', async () => {
		const holder = scene.store();
		await holder.take(await holder.read());
		const controller = new AbortController();
		const forever = clock(async () => {
			controller.abort(new Error('stopped'));
			await new Promise<void>(() => {});
		});
		await expect(acquire(scene.store(), forever, controller.signal)).rejects.toThrow('stopped');
	});
});
