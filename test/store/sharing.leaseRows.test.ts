import {
	isHeldByAnother,
	releaseStep,
	renewLease,
	acquireLease,
} from '../../nodes/AlibabaCloudChatApp/store/sharing';
import type { NewRow } from '../../nodes/AlibabaCloudChatApp/store/table';
import { MemoryTable } from './memoryTable';
import { AUDIENCE, HOUR, LEASE_MS } from './scene';

const NOW = Date.parse('2026-11-24T10:40:00Z');
const DAY = 24 * HOUR;
const at = (ms: number) => new Date(NOW + ms).toISOString();
const FREE = { claim: null, leaseUntil: '1970-01-01T00:00:00.000Z' };
const MINE = { claim: 'me', leaseUntil: at(LEASE_MS) };
const ANOTHERS = { claim: 'another', leaseUntil: at(60_000) };
const LAPSED = { claim: 'another', leaseUntil: at(-HOUR) };
const BEYOND = { claim: 'another', leaseUntil: at(DAY + 1) };
const EMPTY = { claim: null, leaseUntil: null };

let table: MemoryTable;
const lease = () => ({ table, audienceKey: AUDIENCE, owner: 'me' });
const leases = () =>
	table.rows
		.filter(({ audience, status }) => audience === AUDIENCE && status === 'lease')
		.map(({ claim, leaseUntil }) => ({ claim, leaseUntil }));

/** The audience's leases, and rows that are none of them. */
async function given(rows: Array<Partial<NewRow>>) {
	table = new MemoryTable();
	const own = rows.map((row) => ({ audience: AUDIENCE, status: 'lease' as const, ...row }));
	const others = [
		{ audience: AUDIENCE, status: 'claimed' as const, claim: 'me', leaseUntil: at(-1) },
		{ audience: 'another/of/the/four', status: 'lease' as const, ...LAPSED },
		{ audience: 'another/of/the/four', status: 'lease' as const, claim: 'me', leaseUntil: null },
	];
	await table.run([{ do: 'insert', rows: [...own, ...others] }]);
	const untouched = table.rows.slice(rows.length).map((row) => ({ ...row }));
	return { seen: table.rows.slice(0, rows.length), untouched };
}

describe('the lease is', () => {
	it.each<[string, Array<Partial<NewRow>>, boolean, object[]]>([
		['taken if there is none', [], true, [MINE]],
		['taken if it is free', [FREE], true, [MINE]],
		['taken if it has ended', [LAPSED], true, [MINE]],
		['not taken if another sender holds it', [ANOTHERS], false, [ANOTHERS]],
		['released if another sender also holds a row', [FREE, ANOTHERS], false, [FREE, ANOTHERS]],
		['not taken if two others hold a row each', [ANOTHERS, ANOTHERS], false, [ANOTHERS, ANOTHERS]],
		[
			'taken once, and surplus rows are deleted, if many created a row',
			[FREE, LAPSED, FREE],
			true,
			[MINE],
		],
		['repaired if a person emptied its end', [EMPTY], true, [MINE]],
		['repaired if its end is too far away', [BEYOND], true, [MINE]],
		['repaired next to a valid row', [EMPTY, LAPSED, BEYOND], true, [MINE]],
		[
			'repaired, but not taken, next to that of another sender',
			[BEYOND, ANOTHERS],
			false,
			[ANOTHERS],
		],
	])('%s', async (_, rows, isHeld, left) => {
		const { seen, untouched } = await given(rows);
		expect(await acquireLease(lease(), seen, NOW)).toBe(isHeld);
		expect(leases()).toEqual(left);
		expect(table.rows.filter(({ id }) => untouched.some((row) => row.id === id))).toEqual(
			untouched,
		);
	});

	it('named as no contact in the table, where people look for contacts', async () => {
		await given([]);
		await acquireLease(lease(), [], NOW);
		const row = table.rows.find(
			({ audience, status }) => audience === AUDIENCE && status === 'lease',
		);
		expect(row).toMatchObject({ contact: 'none: which run may send', email: null, phone: null });
	});

	it('not taken if its row was deleted meanwhile', async () => {
		await given([]);
		const seen = { id: 99, ...LAPSED } as never;
		expect(await acquireLease(lease(), [seen], NOW)).toBe(false);
		expect(leases()).toEqual([]);
	});

	it('taken even if a person added an empty row meanwhile', async () => {
		await given([EMPTY]);
		expect(await acquireLease(lease(), [], NOW)).toBe(true);
		expect(leases()).toEqual([EMPTY, MINE]);
	});

	it.each<[string, Array<Partial<NewRow>>, boolean]>([
		['kept', [MINE], true],
		['kept, even if it has ended', [{ claim: 'me', leaseUntil: at(-1) }], true],
		['kept next to a row that is free', [MINE, FREE], true],
		['lost if there is no row', [], false],
		['lost if it is free', [FREE], false],
		['lost to another', [ANOTHERS], false],
		['lost if another sender also holds a row', [MINE, ANOTHERS], false],
	])('%s when it is renewed', async (_, rows, isHeld) => {
		const { untouched } = await given(rows);
		expect(await renewLease(lease(), NOW + 30_000)).toBe(isHeld);
		const renewed = { claim: 'me', leaseUntil: at(30_000 + LEASE_MS) };
		expect(leases()).toEqual(rows.map((row) => (row.claim === 'me' ? renewed : row)));
		expect(table.rows.slice(rows.length)).toEqual(untouched);
	});

	it('released if the sender holds it', async () => {
		const { untouched } = await given([MINE, ANOTHERS]);
		await table.run([releaseStep(lease())]);
		expect(leases()).toEqual([FREE, ANOTHERS]);
		expect(table.rows.slice(2)).toEqual(untouched);
	});

	it.each<[string, object, boolean]>([
		['to its last millisecond', { leaseUntil: at(0) }, true],
		['no longer', { leaseUntil: at(-1) }, false],
		['for a day at most', { leaseUntil: at(DAY) }, true],
		['not beyond it', { leaseUntil: at(DAY + 1) }, false],
		['by another alone', { claim: 'me', leaseUntil: at(1) }, false],
		['not without an end', { leaseUntil: null }, false],
	])('held %s', async (_, row, is) => {
		const { seen } = await given([{ claim: 'another', ...row }]);
		expect(isHeldByAnother(seen, 'me', NOW)).toBe(is);
	});
});
