import { PhoneNumberType, PhoneNumberUtil } from 'google-libphonenumber';
import type { User } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { cleanPhone } from '../../nodes/AlibabaCloudChatApp/contacts/phone/clean';
import { usersOf } from '../../nodes/AlibabaCloudChatApp/store/state';
import type { NewRow } from '../../nodes/AlibabaCloudChatApp/store/table';
import { addTo, AUDIENCE, HOUR, people, Scene } from './scene';

let scene: Scene;
beforeEach(() => {
	scene = new Scene();
});

const at = (hours: number) => new Date(scene.now + hours * HOUR).toISOString();

const at0 = (hours: number) => new Date(new Scene().now + hours * HOUR).toISOString();

async function put(...rows: Array<Partial<NewRow>>) {
	const whole = rows.map((row) => ({ audience: AUDIENCE, status: 'waiting' as const, ...row }));
	await scene.table().run([{ do: 'insert', rows: whole }]);
}

/** An example of each type of number in each country, as libphonenumber lists them. */
function exampleNumbers() {
	const library = PhoneNumberUtil.getInstance();
	return library.getSupportedRegions().flatMap((country) =>
		Object.values(PhoneNumberType).flatMap((type) => {
			if (typeof type !== 'number' || type < 0) return [];
			const national = library.getExampleNumberForType(country, type)?.getNationalNumber();
			return national === undefined ? [] : [{ country, national: String(national) }];
		}),
	);
}

const emails = (count: number, row: Partial<NewRow> = {}, first = 1): Array<Partial<NewRow>> =>
	people(count, first).map(({ Email }) => ({ ...row, email: Email }));

describe('the state of an audience', () => {
	it('is nothing at first', async () => {
		expect(await scene.store().read()).toEqual({
			waiting: 0,
			previouslySentCount: 0,
			isBusy: false,
			leases: [],
			upTo: 9999,
			isWhole: true,
			unreadableRowIds: [],
		});
	});

	it('contains who waits, since when the oldest does, and who was sent', async () => {
		await put(
			{ email: 'a@example.com', waitingSince: at(-1) },
			{ email: 'b@example.com', waitingSince: at(-3) },
			{ email: 'c@example.com', waitingSince: null, sentAt: at(-2.5) },
			{ phone: '15550100101', waitingSince: at(-2) },
			{ waitingSince: at(-9), audience: 'another/of/the/four', email: 'x@example.com' },
			...emails(3, { status: 'sent', waitingSince: at(-9) }),
		);
		const state = await scene.store().read();
		expect(state).toMatchObject({
			waiting: 4,
			since: scene.now - 3 * HOUR,
			previouslySentCount: 3,
		});
	});

	it.each<[string, Partial<NewRow>, number | undefined]>([
		['since it was sent, if a person set it to waiting', { sentAt: at0(-3) }, -3],
		['since it first waited, if that is known', { waitingSince: at0(-5), sentAt: at0(-3) }, -5],
		['forever, if that is unknown', {}, undefined],
		['forever, if a clock was wrong by more than a day', { waitingSince: at0(24.1) }, undefined],
		['since the time of a clock that is ahead', { waitingSince: at0(0.1) }, 0.1],
	])('has waited %s', async (_, row, hours) => {
		await put({ email: 'a@example.com', ...row });
		const since = hours === undefined ? 0 : scene.now + hours * HOUR;
		expect(await scene.store().read()).toMatchObject({ waiting: 1, since });
	});

	it('does not count rows without a contact', async () => {
		await put({ waitingSince: at(-9) }, { email: '', phone: '', waitingSince: at(-9) });
		expect(await scene.store().read()).not.toHaveProperty('since');
		await put({ email: 'a@example.com', waitingSince: at(-1) });
		expect(await scene.store().read()).toMatchObject({ waiting: 1, since: scene.now - HOUR });
	});

	it('names a row of each waiting contact that has none with a valid email or phone', async () => {
		await put(
			{ email: 'a@example.com' },
			{ phone: '650 253 0002' },
			{ contact: 'one', phone: '650 253 0002' },
			{ contact: 'one', email: 'b@example' },
			{ contact: 'two', email: 'c@example' },
			{ contact: 'two', phone: '16502530002' },
			{ status: 'claimed', claim: 'gone', phone: '650 253 0002' },
			{ status: 'sent', phone: '650 253 0002' },
			{ status: 'forgotten', email: 'no hash' },
		);
		const state = await scene.store().read();
		expect(state).toMatchObject({ waiting: 2, unreadableRowIds: [2, 3, 7] });
	});

	it.each(['12', '1', '6502530', '99999999999', '1234567890123456'])(
		'sends no phone number that a person changed to an impossible one: %s',
		async (phone) => {
			await put({ phone }, { phone: '16502530002' });
			expect(await scene.store().read()).toMatchObject({ waiting: 1, unreadableRowIds: [1] });
		},
	);

	it('loses no number that was cleaned before it was stored, in any country', async () => {
		const cleaned = exampleNumbers().flatMap(({ country, national }) => {
			const { value } = cleanPhone(national, { country });
			return value === undefined ? [] : [value];
		});
		const phones = [...new Set(cleaned)];
		expect(phones.length).toBeGreaterThan(500);
		await put(...phones.map((phone) => ({ phone })));
		const table = scene.table();
		expect(usersOf(table.rows, 'none').map(({ user }) => user.Phone)).toEqual(phones);
	});

	it('counts what another sender claimed only if its lease has ended', async () => {
		await put(
			...emails(2, { status: 'claimed', claim: 'gone', waitingSince: at(-5) }),
			{ status: 'lease', claim: 'gone', leaseUntil: at(0.1) },
			...emails(1, { waitingSince: at(-1) }, 3),
		);
		const busy = await scene.store().read();
		expect(busy).toMatchObject({ waiting: 1, since: scene.now - HOUR, isBusy: true });
		expect(busy.leases).toHaveLength(1);
		scene.now += HOUR;
		expect(await scene.store().read()).toMatchObject({ waiting: 3, isBusy: false });
	});

	it('is read page by page to its end, as far as one round can claim it', async () => {
		await put(...emails(3200));
		const table = scene.table();
		const state = await scene.store(table).read();
		expect(state).toMatchObject({ waiting: 3200, upTo: 10_000, isWhole: true });
		expect(table.runs).toBe(4);
	});

	it('is read further only until as many are known as it takes', async () => {
		await put(...emails(11_000));
		const table = scene.table();
		const state = await scene.store(table).read();
		expect(state).toMatchObject({ waiting: 10_000, upTo: 10_000, isWhole: false });
		expect(table.runs).toBe(10);
	});

	it('is read to the end where too few wait for more pages than one', async () => {
		scene = new Scene(2500);
		await put(...emails(1000), ...emails(1000), ...emails(1, {}, 5000));
		expect(await scene.store().read()).toMatchObject({ waiting: 1001 });
	});

	it('is read in one sub-workflow where one page is enough', async () => {
		await put(...emails(999));
		const table = scene.table();
		expect(await scene.store(table).read()).toMatchObject({ waiting: 999, isWhole: true });
		expect(table.runs).toBe(1);
	});

	it.each([
		[1000, 1, 1000],
		[1001, 2, 1001],
		[1500, 2, 1200],
	])('has as many previously sent ones as it takes, up to %d', async (most, runs, count) => {
		scene = new Scene(most);
		await put(...emails(1200, { status: 'sent', sentAt: at(-1) }));
		const table = scene.table();
		expect((await scene.store(table).read()).previouslySentCount).toBe(count);
		expect(table.runs).toBe(runs);
	});

	it('has as many previously sent ones as it takes, though one of the latest was stored twice', async () => {
		scene = new Scene(1500);
		const sent = { status: 'sent' as const, sentAt: at(-1) };
		await put(...emails(1, sent), ...emails(1200, sent));
		expect((await scene.store().read()).previouslySentCount).toBe(1200);
	});

	it('is read past those that were sent', async () => {
		scene = new Scene(1500);
		await put(...emails(1200, { status: 'sent' }, 5000), ...emails(1000));
		await put(...emails(1200, { status: 'sent' }, 7000), ...emails(1, {}, 2000));
		const table = scene.table();
		expect(await scene.store(table).read()).toMatchObject({ waiting: 1001 });
		expect(table.runs).toBe(3);
	});

	it('does not include rows to which a person gave another status', async () => {
		await put(...emails(1), ...emails(1, { status: 'on hold' as never }, 2));
		expect((await scene.store().read()).waiting).toBe(1);
	});

	it('has no more previously sent ones than it takes, the latest first', async () => {
		const sent = people(8).map(({ Email }, index) => ({
			email: Email,
			sentAt: at(-Math.abs(index - 4)),
		}));
		await put(...sent.map((row) => ({ ...row, status: 'sent' as const })));
		expect((await scene.store().read()).previouslySentCount).toBe(5);
		const latest = await scene.store().readPreviouslySent();
		expect(latest.map(({ row }) => row.id)).toEqual([5, 4, 6, 3, 7]);
	});

	it('may all be claimed in one round up to 10,000 rows, or as far as it was read', async () => {
		await put(...emails(2, { audience: 'another/of/the/four' }), ...emails(1));
		expect((await scene.store().read()).upTo).toBe(10_002);
		await put(...emails(2, {}, 2));
		Object.assign(scene.table().rows.at(-1) as object, { id: 20_000 });
		expect((await scene.store().read()).upTo).toBe(20_000);
	});
});

describe('whether contacts are new', () => {
	const isNew = async (users: User[], table = scene.table()) =>
		(await addTo(scene.store(table), users)).isNew;

	it('depends on each identifier, in the same audience', async () => {
		await put(
			{ email: 'a@example.com', phone: '15550100101' },
			{ email: 'b@example.com', status: 'sent' },
			{ email: 'c@example.com', audience: 'another/of/the/four' },
			{ email: 'd@example.com', status: 'lease' },
			{ email: 'e@example.com', status: 'Waiting' as never },
		);
		const users = [
			[{ Email: 'a@example.com' }, false],
			[{ Phone: '15550100101' }, false],
			[{ Email: 'a@example.com', Phone: '15550100101' }, false],
			[{ Email: 'a@example.com', Phone: '15550100102' }, true],
			[{ Email: 'z@example.com', Phone: '15550100101' }, true],
			[{ Email: 'b@example.com' }, false],
			[{ Email: 'c@example.com' }, true],
			[{ Email: 'd@example.com' }, true],
			[{ Email: 'e@example.com' }, true],
			[{ Phone: '15550100103' }, true],
			[{}, false],
		] as Array<[User, boolean]>;
		expect(await isNew(users.map(([user]) => user))).toEqual(users.map(([, is]) => is));
	});

	it.each([
		[1, 1],
		[100, 1],
		[101, 2],
		[900, 9],
		[901, 10],
	])('is looked up for %d of them, plain and hashed, in few steps', async (count, steps) => {
		await put(...emails(1, {}, count));
		const table = scene.table();
		const looked: number[] = [];
		table.beforeStep = (step) => {
			if (step.do !== 'get' || step.where.match === 'all') return;
			const { conditions } = step.where;
			looked.push(conditions.filter(({ column }) => column !== 'audience').length);
		};
		const found = await isNew(people(count), table);
		expect(found.filter((is) => !is)).toHaveLength(1);
		expect(found.at(-1)).toBe(false);
		expect(looked).toHaveLength(steps);
		expect(Math.max(...looked)).toBeLessThanOrEqual(200);
	});

	it('is true once for those that one run contains several times', async () => {
		const [ann] = [{ Email: 'a@example.com', Phone: '15550100101' }];
		const users = [ann, ann, { Phone: '15550100101' }, { Email: 'b@example.com' }];
		const { isNew } = await addTo(scene.store(), users);
		expect(isNew).toEqual([true, false, false, true]);
		expect(scene.byStatus()).toEqual({ waiting: 2 });
	});

	it('is not looked up if there are none', async () => {
		const table = scene.table();
		expect((await addTo(scene.store(table), [])).isNew).toEqual([]);
		expect(table.runs).toBe(1);
	});
});
