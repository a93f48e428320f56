// How runs share an audience's contacts in the table: a lease lets only one of them, on any worker, send to the audience,
// and a group commit lets those of one process store together.

import { untilAborted } from '../async';
import { all, type Row, type Step, type Table, where } from './table';

/** Minutes after which a run that hasn't renewed its lease counts as ended. */
export const LEASE_MINUTES = 15;
const LEASE_MS = LEASE_MINUTES * 60_000;

/** No run sets a lease that ends later than this, so someone must have changed a row that does. */
const LONGEST_MS = 24 * 60 * 60_000;

/** In a lease's column 'contact', for people who read the table; contacts have a key there. */
const NOT_A_CONTACT = 'none: which run may send';

/** When a free lease ended: long ago, so that differences between clocks don't matter. */
const FREE = new Date(0).toISOString();

/** The right to send to an audience, and the run that has it or wants it. */
export interface Lease {
	table: Table;
	audienceKey: string;
	/** Identifies one run. */
	owner: string;
}

/** Whether another run holds the audience's lease. */
export function isHeldByAnother(rows: Row[], owner: string, now: number): boolean {
	return rows.some((row) => isLive(row, now) && row.claim !== owner);
}

/**
 * Acquires the lease by compare-and-set: one update of the rows whose lease has ended, then a read to see who holds it.
 * Two runs that are the first for their audience may each create a row. The lease is held only by the run that
 * holds every live row; one that sees another's row releases its own. Of two that hold a row each, the one that reads
 * last sees the other's.
 * @param rows the audience's lease rows as last read
 * @returns whether the run holds it now
 */
export async function acquireLease(lease: Lease, rows: Row[], now: number): Promise<boolean> {
	const { table, owner } = lease;
	const found = await table.run([
		...repairSteps(lease, rows, now),
		{
			do: 'update',
			where: all(...leaseRows(lease), where('leaseUntil', 'lt', iso(now))),
			set: { claim: owner, leaseUntil: iso(now + LEASE_MS) },
		},
		getLeaseStep(lease),
	]);
	const live = found.filter((row) => isLive(row, now));
	const held = live.filter(({ claim }) => claim === owner);
	const [first] = held;
	if (!first) return false;
	if (held.length < live.length) {
		await table.run([releaseStep(lease)]);
		return false;
	}
	if (held.length > 1) await table.run([deleteSurplusStep(lease, first)]);
	return true;
}

/**
 * Extends the lease.
 * @returns whether the run still held it: another one may have taken over a lease that ended
 */
export async function renewLease(lease: Lease, now: number): Promise<boolean> {
	const found = await lease.table.run([
		{
			do: 'update',
			where: all(...leaseRows(lease), where('claim', 'eq', lease.owner)),
			set: { leaseUntil: iso(now + LEASE_MS) },
		},
		getLeaseStep(lease),
	]);
	return (
		found.some(({ claim }) => claim === lease.owner) && !isHeldByAnother(found, lease.owner, now)
	);
}

/** Releases the lease if the run still holds it. */
export function releaseStep(lease: Omit<Lease, 'table'>): Step {
	return {
		do: 'update',
		where: all(...leaseRows(lease), where('claim', 'eq', lease.owner)),
		set: { claim: null, leaseUntil: FREE },
	};
}

// Runs that were first at the same time may have created several rows; one is enough from now on.
function deleteSurplusStep(lease: Lease, first: Row): Step {
	const held = [...leaseRows(lease), where('claim', 'eq', lease.owner)];
	return { do: 'delete', where: all(...held, where('id', 'gt', first.id)) };
}

// Usually one row; if several runs were first at the same time, one for each. Rows beyond the limit would be missed,
// but there are never that many runs at once.
function getLeaseStep(lease: Lease): Step {
	return { do: 'get', where: all(...leaseRows(lease)), limit: 100 };
}

// Creates a row if there is none, and replaces rows in which someone entered a time that no run would set.
function repairSteps(lease: Lease, rows: Row[], now: number): Step[] {
	const isAnyUsable = rows.some(({ leaseUntil }) => isPlausible(leaseUntil, now));
	const fresh = {
		audience: lease.audienceKey,
		contact: NOT_A_CONTACT,
		status: 'lease' as const,
		leaseUntil: FREE,
	};
	const steps: Step[] = isAnyUsable ? [] : [{ do: 'insert', rows: [fresh] }];
	if (rows.every(({ leaseUntil }) => isPlausible(leaseUntil, now))) return steps;
	const tooLate = where('leaseUntil', 'gt', iso(now + LONGEST_MS));
	for (const implausible of [where('leaseUntil', 'isEmpty'), tooLate]) {
		steps.push({ do: 'delete', where: all(...leaseRows(lease), implausible) });
	}
	return steps;
}

function leaseRows({ audienceKey }: Pick<Lease, 'audienceKey'>) {
	return [where('audience', 'eq', audienceKey), where('status', 'eq', 'lease')];
}

function isLive({ leaseUntil }: Row, now: number): boolean {
	return isPlausible(leaseUntil, now) && Date.parse(leaseUntil as string) >= now;
}

function isPlausible(leaseUntil: string | null, now: number): boolean {
	return leaseUntil !== null && Date.parse(leaseUntil) <= now + LONGEST_MS;
}

function iso(ms: number): string {
	return new Date(ms).toISOString();
}

/** Stores several items at once. @returns a result for each, in the order of the items */
type Commit<Item, Result> = (items: Item[]) => Promise<Result[]>;

interface Member<Item, Result> {
	item: Item;
	commit: Commit<Item, Result>;
	/** The cancel signal of the member's execution. */
	cancelSignal: AbortSignal | undefined;
	resolve(result: Result): void;
	reject(error: unknown): void;
}

/** At most this many store together, so that one commit stays short. */
const MAX_MEMBERS = 100;

/**
 * Lets runs of one process that store at the same time do it together, as databases do: while one commit runs, others
 * wait, and then the first of them commits for all. An item that waits here is stored nowhere yet, so its run must wait
 * for the result. If the first one fails or is canceled, each of the others commits for itself.
 */
export class GroupCommit<Item, Result> {
	private readonly groups = new Map<string, Array<Member<Item, Result>>>();

	/**
	 * @param key which items may be stored together
	 * @throws what `commit` throws; the cancel signal's reason
	 */
	async add(
		key: string,
		item: Item,
		{ commit, cancelSignal }: { commit: Commit<Item, Result>; cancelSignal?: AbortSignal },
	): Promise<Result> {
		return await new Promise((resolve, reject) => {
			const member = { item, commit, cancelSignal, resolve, reject };
			const waiting = this.groups.get(key);
			if (waiting) {
				waiting.push(member);
			} else {
				const members = [member];
				this.groups.set(key, members);
				void this.commitAll(key, members);
			}
		});
	}

	private async commitAll(key: string, waiting: Array<Member<Item, Result>>): Promise<void> {
		while (waiting.length > 0) await commitTogether(waiting.splice(0, MAX_MEMBERS));
		this.groups.delete(key);
	}
}

async function commitTogether<Item, Result>(members: Array<Member<Item, Result>>): Promise<void> {
	const [leader, ...others] = members;
	if (!leader) return;
	try {
		leader.cancelSignal?.throwIfAborted();
		const committing = leader.commit(members.map(({ item }) => item));
		const results = await untilAborted(committing, leader.cancelSignal);
		members.forEach(({ resolve }, index) => resolve(results[index] as Result));
	} catch (error) {
		leader.reject(error);
		// The failure may affect only the leader's items.
		await Promise.all(others.map(async (member) => await commitTogether([member])));
	}
}
