import type { User } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { withHash } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import {
	forgetPeople,
	ForgottenPeople,
	removeUsers,
} from '../../nodes/AlibabaCloudChatApp/store/forgotten';
import { sendWaiting } from '../../nodes/AlibabaCloudChatApp/store/rounds';
import { type NewRow, TableError } from '../../nodes/AlibabaCloudChatApp/store/table';
import { Killed, type MemoryTable } from './memoryTable';
import { addTo, AUDIENCE, HOUR, people, Scene } from './scene';

const ANN: User = { Email: 'ann@example.com', Phone: '15550100101' };
const OTHER = 'another/of/the/four';
const sha = (text = '') => withHash(text, 'sha256');

let scene: Scene;
let table: MemoryTable;
beforeEach(() => {
	scene = new Scene();
	table = scene.table();
});

async function put(...rows: Array<Partial<NewRow>>) {
	const whole = rows.map((row) => ({ audience: AUDIENCE, status: 'waiting' as const, ...row }));
	await table.run([{ do: 'insert', rows: whole }]);
}

const rowsWith = (status: string) => table.rows.filter((row) => row.status === status);

/** Ann everywhere: in two audiences, both hash modes, and every status; and Bob. */
async function putAnn() {
	const [email, phone] = [ANN.Email, ANN.Phone];
	await put(
		{ email, phone },
		{ email, status: 'sent', audience: OTHER },
		{ phone: sha(phone), status: 'sent' },
		{ email: sha(email), audience: OTHER, status: 'claimed', claim: 'gone' },
		{ email: 'bob@example.com' },
		{ status: 'lease', leaseUntil: new Date(0).toISOString() },
	);
}

describe('a person who is to be forgotten', () => {
	it('is deleted from all audiences, plain and hashed, and only hashes are kept', async () => {
		await putAnn();
		expect(await forgetPeople(table, [[ANN]])).toEqual([{ deleted: 4, forgotten: 2 }]);
		expect(scene.byStatus()).toEqual({ waiting: 1, forgotten: 2 });
		expect(
			rowsWith('forgotten').map(({ audience, email, phone }) => [audience, email, phone]),
		).toEqual([
			[null, sha(ANN.Email), null],
			[null, null, sha(ANN.Phone)],
		]);
		expect(rowsWith('waiting')[0]?.email).toBe('bob@example.com');
		expect(JSON.stringify(table.rows)).not.toMatch(/ann@|15550100101/);
	});

	it('has one row for each identifier, however often that is asked for', async () => {
		const hashed = { Email: sha(ANN.Email) };
		expect(await forgetPeople(table, [[ANN], [ANN, { Email: 'ann2@example.com' }]])).toEqual([
			{ deleted: 0, forgotten: 2 },
			{ deleted: 0, forgotten: 3 },
		]);
		await forgetPeople(table, [[hashed]]);
		await Promise.all([forgetPeople(table, [[ANN]]), forgetPeople(table, [[hashed]])]);
		expect(rowsWith('forgotten')).toHaveLength(3);
	});

	it('counts rows for the first of two people who share an identifier', async () => {
		await put({ email: ANN.Email }, { phone: '15550100102' });
		const people = [[ANN], [{ Email: ANN.Email, Phone: '15550100102' }], [{}]];
		expect(await forgetPeople(table, people)).toEqual([
			{ deleted: 1, forgotten: 2 },
			{ deleted: 1, forgotten: 2 },
			{ deleted: 0, forgotten: 0 },
		]);
	});

	it('is deleted with the contact’s other addresses', async () => {
		await put(
			{ email: ANN.Email, contact: 'c.1' },
			{ email: 'ann@work.example', contact: 'c.1' },
			{ email: 'bob@example.com', contact: 'c.2' },
		);
		expect(await forgetPeople(table, [[{ Email: ANN.Email }]])).toEqual([
			{ deleted: 2, forgotten: 1 },
		]);
		expect(rowsWith('waiting').map(({ email }) => email)).toEqual(['bob@example.com']);
	});

	it('is deleted with more other addresses than a page has rows', async () => {
		const others = people(2300).map(({ Email }) => ({ email: Email, contact: 'c.1' }));
		await put({ email: ANN.Email, contact: 'c.1' }, ...others);
		expect(await forgetPeople(table, [[{ Email: ANN.Email }]])).toEqual([
			{ deleted: 2301, forgotten: 1 },
		]);
		expect(rowsWith('waiting')).toEqual([]);
	});

	it.each([
		['no one', [], 0],
		['a person without an identifier', [[{}]], 0],
	])('changes nothing for %s', async (_, list, rows) => {
		await forgetPeople(table, list);
		expect(table.rows).toHaveLength(rows);
	});

	it.each<[string, User]>([
		['the email', { Email: ANN.Email }],
		['the email with another phone', { Email: ANN.Email, Phone: '15550100199' }],
		['the phone', { Phone: ANN.Phone }],
		['the hash', { Email: sha(ANN.Email) }],
	])('is not stored again by %s', async (_, user) => {
		await forgetPeople(table, [[ANN]]);
		const bob = { Email: 'bob@example.com' };
		const { isNew, isForgotten, state } = await addTo(scene.store(table), [user, bob]);
		expect([isNew, isForgotten, state.waiting]).toEqual([[false, true], [true, false], 1]);
		expect(scene.byStatus()).toEqual({ forgotten: 2, waiting: 1 });
	});

	it('does not hide someone else who has the same number', async () => {
		await forgetPeople(table, [[{ Email: ANN.Email }]]);
		const { isNew, isForgotten } = await addTo(scene.store(table), [ANN, { Phone: ANN.Phone }, {}]);
		expect(isNew).toEqual([false, true, false]);
		expect(isForgotten).toEqual([true, false, false]);
		expect(rowsWith('waiting').map(({ email, phone }) => [email, phone])).toEqual([
			[null, ANN.Phone],
		]);
	});

	it.each([['none'], ['sha256']] as const)(
		'is not sent by a run that finds the contact in the table, with hash %s',
		async (hash) => {
			// As if a run had stored one at that moment and had been killed.
			const sentAt = new Date(scene.now - HOUR).toISOString();
			await forgetPeople(table, [[ANN]]);
			await put({ email: ANN.Email }, { phone: ANN.Phone, status: 'sent', sentAt });
			await put(...people(3).map(({ Email }) => ({ email: Email })));
			await put({ email: 'sent@example.com', status: 'sent', sentAt });
			const store = scene.store(table, AUDIENCE, hash);
			const settings = { ...scene.sending({ collectUntil: 4 }), force: true };
			const { rounds } = await sendWaiting(store, await store.read(), settings);
			expect(rounds).toMatchObject([{ gathered: { waitingUserCount: 3, topUpUserCount: 1 } }]);
			for (const text of [ANN.Email, ANN.Phone, sha(ANN.Email), sha(ANN.Phone)]) {
				expect(JSON.stringify(scene.sent)).not.toContain(text);
			}
			expect(rowsWith('waiting')).toEqual([]);
		},
	);

	it('is remembered even if n8n is killed at any step', async () => {
		for (let killedAt = 1; killedAt <= 8; killedAt++) {
			scene = new Scene();
			table = scene.table();
			await putAnn();
			let steps = 0;
			table.beforeStep = () => {
				steps += 1;
				if (steps === killedAt) throw new Killed();
			};
			await forgetPeople(table, [[ANN]]).catch(() => undefined);
			table.beforeStep = () => {};
			const isRemembered = rowsWith('forgotten').length === 2;
			expect(isRemembered || rowsWith('sent').length === 2).toBe(true);
			expect(await forgetPeople(table, [[ANN]])).toMatchObject([{ forgotten: 2 }]);
			expect(scene.byStatus()).toEqual({ waiting: 1, forgotten: 2 });
		}
	});
});

describe('what a run knows of the people who asked to be forgotten', () => {
	const BOB: User = { Email: 'bob@example.com' };
	const known = () => new ForgottenPeople(table, () => scene.now);

	it('is nothing without a table, and no table is created', async () => {
		const people = known();
		await people.readForPlan();
		expect(people.has(ANN)).toBe(false);
		expect(table.tables.tables).toEqual([]);
	});

	it('is read in one sub-workflow, beyond a full page', async () => {
		await put(
			...Array.from({ length: 1200 }, (_, n) => ({ status: 'forgotten', email: `${n}` }) as const),
		);
		await forgetPeople(table, [[{ Phone: ANN.Phone }]]);
		const { runs } = table;
		const people = known();
		await people.readForPlan();
		expect(table.runs - runs).toBe(1);
		expect([people.has(ANN), people.has(BOB), people.hasSincePlan(ANN)]).toEqual([
			true,
			false,
			false,
		]);
	});

	it('is read again after a second, and sooner if this process forgot someone', async () => {
		await forgetPeople(table, [[ANN]]);
		const people = known();
		await people.readForPlan();
		const { runs } = table;
		await people.refresh();
		expect(table.runs).toBe(runs);
		// As another process does.
		await put({ status: 'forgotten', email: sha(BOB.Email) });
		await people.refresh();
		expect(people.has(BOB)).toBe(false);
		scene.now += 1000;
		await people.refresh();
		expect([people.hasSincePlan(BOB), people.hasSincePlan(ANN)]).toEqual([true, false]);
		await forgetPeople(table, [[{ Email: 'cid@example.com' }]]);
		await people.refresh();
		expect(people.hasSincePlan({ Email: 'cid@example.com' })).toBe(true);
	});

	it('includes a row whose ID is older than those that were read', async () => {
		await forgetPeople(table, [[ANN]]);
		await put({ email: 'kept free' });
		await forgetPeople(table, [[BOB]]);
		const people = known();
		await people.readForPlan();
		const late = rowsWith('waiting')[0] as { status: string; email: string };
		Object.assign(late, { status: 'forgotten', email: sha('late@example.com') });
		scene.now += 1000;
		await people.refresh();
		expect(people.hasSincePlan({ Email: 'late@example.com' })).toBe(true);
	});

	it('is read again only after a minute where it could not be read', async () => {
		await put({ email: 'bob@example.com' });
		table.beforeStep = () => {
			throw new Error('Unrecognized node type: n8n-nodes-base.dataTable');
		};
		const people = known();
		await expect(people.readForPlan()).rejects.toThrow(TableError);
		const { runs } = table;
		await people.refresh();
		expect(table.runs).toBe(runs);
		scene.now += 60_000;
		await expect(people.refresh()).rejects.toThrow(TableError);
		await expect(people.readForPlan()).rejects.toThrow(TableError);
	});
});

describe('a person who opted out', () => {
	it('is removed from all audiences, plain and hashed, waiting or previously sent', async () => {
		await putAnn();
		expect(await removeUsers(table, [ANN])).toBe(4);
		expect(scene.byStatus()).toEqual({ waiting: 1 });
	});

	it('is not marked as forgotten, and no table is created', async () => {
		expect(await removeUsers(table, [ANN])).toBe(0);
		expect(table.tables.tables).toEqual([]);
		await put({ email: 'bob@example.com' });
		expect(await removeUsers(table, [])).toBe(0);
		expect(await removeUsers(table, [ANN])).toBe(0);
		await forgetPeople(table, [[ANN]]);
		expect(await removeUsers(table, [ANN])).toBe(0);
		expect(scene.byStatus()).toEqual({ waiting: 1, forgotten: 2 });
	});

	it('is removed from as many rows as there are', async () => {
		await put(...Array.from({ length: 2300 }, () => ({ email: ANN.Email })));
		await put(...people(300).map(({ Email }) => ({ email: Email })));
		expect(await removeUsers(table, [ANN, ...people(300)])).toBe(2600);
		expect(table.rows).toEqual([]);
	});
});

describe('a contact that was sent long ago', () => {
	const sent = { status: 'sent' as const, sentAt: new Date(0).toISOString() };
	const sentLater = people(10, 5000).map(({ Email }) => {
		return { ...sent, email: Email, sentAt: new Date(1000).toISOString() };
	});

	it('is known in its audience, whatever the table contains for twelve others', async () => {
		const users = people(100);
		const others = Array.from({ length: 12 }, (_, index) => `another/of/the/${index}`);
		await put(
			...users.map(({ Email }) => ({ ...sent, email: Email })),
			...sentLater,
			...others.flatMap((audience) => users.map(({ Email }) => ({ email: Email, audience }))),
		);
		const { isNew } = await addTo(scene.store(table), users);
		expect(isNew.filter(Boolean)).toEqual([]);
		expect(table.rows).toHaveLength(1310);
	});

	it('is known even if it is in more rows than a page', async () => {
		await put({ ...sent, email: ANN.Email }, ...sentLater);
		await put(...Array.from({ length: 1500 }, () => ({ email: ANN.Email, audience: OTHER })));
		expect((await addTo(scene.store(table), [{ Email: ANN.Email }])).isNew).toEqual([false]);
	});
});
