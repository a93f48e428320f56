import assert from 'node:assert/strict';
import { withHash } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { forgetPeople, ForgottenPeople } from '../../nodes/AlibabaCloudChatApp/store/forgotten';
import {
	all,
	where,
	type NewRow,
	type Row,
	type Step,
	type Table,
} from '../../nodes/AlibabaCloudChatApp/store/table';

const EARLY = '2026-01-01T10:00:00.000Z';
const LATE = '2026-06-01T10:00:00.000Z';

/** What collecting relies on in a Data Table, each with a table that has no rows yet. */
export const CONTRACT: Record<string, (table: Table) => Promise<void>> = {
	'gives rows back by ascending id, with empty cells as null': async (table) => {
		await table.run([insert(row('a', { email: 'a@example.com', waitingSince: EARLY }), row('b'))]);
		const rows = await read(table);
		assert.deepEqual(
			rows.map(({ email, phone, waitingSince, audience }) => [
				audience,
				email,
				phone,
				waitingSince,
			]),
			[
				['a', 'a@example.com', null, EARLY],
				['b', null, null, null],
			],
		);
		assert.ok((rows[0] as Row).id < (rows[1] as Row).id);
	},

	'takes a text as it is, also one that looks like an expression': async (table) => {
		const texts = [
			'={{ 1 + 1 }}',
			'=a@example.com',
			"o'neil@example.com",
			'ä"\\%_@example.com',
			'{{ $json }}',
		];
		await table.run([insert(...texts.map((email) => row('a', { email })))]);
		for (const email of texts) {
			const found = await table.run([get(all(where('email', 'eq', email)))]);
			assert.deepEqual(emails(found), [email]);
		}
		await table.run([
			{ do: 'update', where: all(where('email', 'eq', texts[0])), set: { claim: '={{ 2 }}' } },
		]);
		assert.equal((await read(table))[0]?.claim, '={{ 2 }}');
	},

	'tells texts apart by case, and finds no part of them': async (table) => {
		await table.run([insert(row('a', { email: 'ann@example.com' }))]);
		for (const email of ['Ann@example.com', 'ann@example', 'ann@example.com ']) {
			assert.deepEqual(await table.run([get(all(where('email', 'eq', email)))]), []);
		}
	},

	'takes all conditions or any of them': async (table) => {
		await table.run([
			insert(row('a', { email: '1' }), row('a', { email: '2' }), row('b', { email: '3' })),
		]);
		const [one, a] = [where('email', 'eq', '3'), where('audience', 'eq', 'a')];
		assert.deepEqual(await table.run([get(all(one, a))]), []);
		const any = await table.run([
			get({ match: 'any', conditions: [one, where('email', 'eq', '1')] }),
		]);
		assert.deepEqual(emails(any), ['1', '3']);
	},

	'counts an empty cell as different, but never as less': async (table) => {
		await table.run([insert(row('a', { claim: 'x' }), row('b'))]);
		const other = await table.run([get(all(where('claim', 'neq', 'x')))]);
		assert.deepEqual(
			other.map(({ audience }) => audience),
			['b'],
		);
		await table.run([
			{ do: 'update', where: all(where('audience', 'eq', 'a')), set: { leaseUntil: EARLY } },
		]);
		const before = await table.run([get(all(where('leaseUntil', 'lt', LATE)))]);
		assert.deepEqual(
			before.map(({ audience }) => audience),
			['a'],
		);
		const empty = await table.run([get(all(where('leaseUntil', 'isEmpty')))]);
		assert.deepEqual(
			empty.map(({ audience }) => audience),
			['b'],
		);
	},

	'compares moments to the millisecond': async (table) => {
		await table.run([insert(row('a', { sentAt: '2026-01-01T10:00:00.500Z' }))]);
		const moments = [
			'2026-01-01T10:00:00.500Z',
			'2026-01-01T10:00:00.501Z',
			'2026-01-01T12:00:00.000+02:00',
		];
		const found: number[] = [];
		for (const moment of moments) {
			found.push((await table.run([get(all(where('sentAt', 'lt', moment)))])).length);
		}
		assert.deepEqual(found, [0, 1, 0]);
	},

	'gives the latest first, up to a limit': async (table) => {
		const moments = [EARLY, LATE, '2026-03-01T10:00:00.000Z'];
		await table.run([insert(...moments.map((sentAt) => row('a', { sentAt })))]);
		const steps = {
			do: 'get' as const,
			where: all(where('audience', 'eq', 'a')),
			limit: 2,
			latest: 'sentAt' as const,
		};
		const found = await table.run([steps]);
		assert.deepEqual(
			found.map(({ sentAt }) => sentAt),
			[LATE, moments[2]],
		);
	},

	'gives all rows in any order, and up to a limit': async (table) => {
		await table.run([insert(...['1', '2', '3'].map((email) => row('a', { email })))]);
		const inAnyOrder = (limit: number): Step => ({
			do: 'get',
			where: all(where('audience', 'eq', 'a')),
			limit,
			inAnyOrder: true,
		});
		assert.deepEqual(emails(await table.run([inAnyOrder(9)])).sort(), ['1', '2', '3']);
		assert.equal((await table.run([inAnyOrder(2)])).length, 2);
	},

	'carries out a chain once for all rows, and puts the answers of several reads together': async (
		table,
	) => {
		await table.run([insert(...Array.from({ length: 30 }, (_, n) => row(n < 20 ? 'a' : 'b')))]);
		const a = all(where('audience', 'eq', 'a'));
		const b = all(where('audience', 'eq', 'b'));
		const found = await table.run([
			{ do: 'update', where: a, set: { status: 'claimed', claim: 'me' } },
			get(all(where('claim', 'eq', 'me'))),
			get(all(where('audience', 'eq', 'c'))),
			{ do: 'delete', where: all(where('audience', 'eq', 'c')) },
			get(b),
		]);
		assert.equal(found.length, 30);
		assert.equal(found.filter(({ status }) => status === 'claimed').length, 20);
	},

	'goes on after a step that finds nothing': async (table) => {
		await table.run([insert(row('a'))]);
		const nothing = all(where('audience', 'eq', 'nobody'));
		const found = await table.run([
			{ do: 'update', where: nothing, set: { claim: 'me' } },
			{ do: 'delete', where: nothing },
			get(all(where('audience', 'eq', 'a'))),
		]);
		assert.equal(found.length, 1);
	},

	'changes and deletes by a range of ids': async (table) => {
		await table.run([insert(...Array.from({ length: 5 }, () => row('a')))]);
		const ids = (await read(table)).map(({ id }) => id);
		const middle = all(where('id', 'gte', ids[1]), where('id', 'lte', ids[3]));
		await table.run([{ do: 'update', where: middle, set: { status: 'sent', sentAt: LATE } }]);
		await table.run([
			{ do: 'delete', where: all(where('sentAt', 'eq', LATE), where('id', 'lt', ids[3])) },
		]);
		assert.deepEqual(
			(await read(table)).map(({ id, status }) => [id, status]),
			[
				[ids[0], 'waiting'],
				[ids[3], 'sent'],
				[ids[4], 'waiting'],
			],
		);
	},

	'lets one of twelve win a compare-and-set': async (table) => {
		await table.run([insert(row('a', { leaseUntil: EARLY }))]);
		const free = all(where('audience', 'eq', 'a'), where('leaseUntil', 'lt', LATE));
		const winners = await Promise.all(
			Array.from({ length: 12 }, async (_, n) => {
				const set = { claim: `run ${n}`, leaseUntil: LATE };
				const rows = await table.run([{ do: 'update', where: free, set }, get(all())]);
				return rows[0]?.claim === `run ${n}`;
			}),
		);
		assert.equal(winners.filter(Boolean).length, 1);
	},

	'reads and changes thousands of rows at once': async (table) => {
		await table.run([
			insert(...Array.from({ length: 2500 }, (_, n) => row('a', { email: `${n}` }))),
		]);
		const a = all(where('audience', 'eq', 'a'));
		const found = await table.run([
			{ do: 'update', where: a, set: { claim: 'me' } },
			{ do: 'get', where: all(where('claim', 'eq', 'me')), limit: 1_000_000 },
		]);
		assert.deepEqual(
			emails(found),
			Array.from({ length: 2500 }, (_, n) => `${n}`),
		);
		assert.equal((await table.run([get(a)])).length, 1000);
	},

	'stores, reads, and changes contacts by their key': async (table) => {
		await table.run([insert(row('a', { contact: 'x.1' }), row('a', { contact: 'x.1' }), row('a'))]);
		const found = await table.run([get(all(where('contact', 'eq', 'x.1')))]);
		assert.deepEqual(
			found.map(({ contact }) => contact),
			['x.1', 'x.1'],
		);
	},

	'is not created if it is only to be read': async (table) => {
		assert.equal(await table.runIfExists([get()]), undefined);
		await table.run([insert(row('a'))]);
		assert.equal((await table.runIfExists([get()]))?.length, 1);
	},

	'stores and looks up in one chain': async (table) => {
		await table.run([insert(row('a', { email: '1' }), row('b', { email: '2' }))]);
		const found = await table.run([
			insert(row('a', { email: '1', contact: 'x.1' }), row('a', { email: '3', contact: 'x.2' })),
			get(all(where('audience', 'eq', 'a'))),
			get({ match: 'any', conditions: [where('email', 'eq', '1'), where('email', 'eq', '3')] }),
		]);
		assert.deepEqual(emails(found), ['1', '1', '3', '1', '1', '3']);
	},

	'forgets a person in all audiences and both hash modes': async (table) => {
		const [email, phone] = ['ann@example.com', '15550100101'];
		const hashes = [withHash(email, 'sha256'), withHash(phone, 'sha256')];
		await table.run([
			insert(row('a', { email }), row('b', { phone }), row('a', { email: hashes[0] }), row('a')),
		]);
		const ann = [{ Email: email, Phone: phone }];
		assert.deepEqual(await forgetPeople(table, [ann]), [{ deleted: 3, forgotten: 2 }]);
		assert.deepEqual(
			(await read(table)).map((one) => [one.status, one.email, one.phone]),
			[
				['waiting', null, null],
				['forgotten', hashes[0], null],
				['forgotten', null, hashes[1]],
			],
		);
		const people = new ForgottenPeople(table, () => Date.now());
		await people.readForPlan();
		assert.deepEqual(
			[...ann, { Email: 'bob@example.com' }].map((user) => people.has(user)),
			[true, false],
		);
	},

	'looks up hundreds of values in one step': async (table) => {
		await table.run([insert(row('a', { email: '77' }), row('a', { phone: '199' }))]);
		const conditions = Array.from({ length: 200 }, (_, n) =>
			where(n % 2 ? 'phone' : 'email', 'eq', `${n}`),
		);
		conditions[77] = where('email', 'eq', '77');
		const found = await table.run([get({ match: 'any', conditions })]);
		assert.equal(found.length, 2);
	},
};

function row(audience: string, cells: Partial<NewRow> = {}): NewRow {
	return { audience, status: 'waiting', ...cells };
}

function insert(...rows: NewRow[]) {
	return { do: 'insert' as const, rows };
}

function get(which = all()) {
	return { do: 'get' as const, where: which, limit: 1000 };
}

async function read(table: Table): Promise<Row[]> {
	return await table.run([get()]);
}

function emails(rows: Row[]): Array<string | null> {
	return rows.map(({ email }) => email);
}
