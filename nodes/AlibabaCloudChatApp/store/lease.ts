import { all, where, type Row, type Step, type Table } from './table';

/** A sender that hasn't renewed its lease for so long is taken for gone. */
export const LEASE_MS = 15 * 60_000;

/** A lease can't reach further than this, so a row that does was not written by a sender. */
const LONGEST_MS = 24 * 60 * 60_000;

/** When a free lease ended: long ago, so that clocks which differ don't matter. */
const FREE = new Date(0).toISOString();

/** Who may send to an audience, to be taken, renewed and given back. */
export interface LeaseOf {
	table: Table;
	audience: string;
	/** Names one sender, and no other. */
	owner: string;
}

/** Whether another sender holds the audience's lease. */
export function heldByAnother(rows: Row[], owner: string, now: number): boolean {
	return rows.some((row) => isLive(row, now) && row.claim !== owner);
}

/**
 * Takes the lease by compare-and-set: one update of the row where the lease has run out, then a look at who has it.
 * Two first senders may have made a row each; the lease is held only by who holds every row that is live, and who
 * sees another's gives way. Of two that hold one row each, whoever looks last sees the other's.
 * @param rows the audience's lease rows as they were seen before
 */
export async function takeLease(lease: LeaseOf, rows: Row[], now: number): Promise<boolean> {
	const { table, owner } = lease;
	const found = await table.run([
		...mending(lease, rows, now),
		{
			do: 'update',
			where: all(...ofAudience(lease), where('leaseUntil', 'lt', iso(now))),
			set: { claim: owner, leaseUntil: iso(now + LEASE_MS) },
		},
		getLease(lease),
	]);
	const live = found.filter((row) => isLive(row, now));
	const own = live.filter(({ claim }) => claim === owner).length;
	if (own > 0 && own < live.length) await table.run([releaseStep(lease)]);
	const isHeld = own > 0 && own === live.length;
	if (isHeld && own > 1) await table.run([dropOthers(lease, live[0] as Row)]);
	return isHeld;
}

/**
 * Puts off the end of the lease.
 * @returns whether it was still held: another sender takes over what has run out
 */
export async function renewLease(lease: LeaseOf, now: number): Promise<boolean> {
	const found = await lease.table.run([
		{
			do: 'update',
			where: all(...ofAudience(lease), where('claim', 'eq', lease.owner)),
			set: { leaseUntil: iso(now + LEASE_MS) },
		},
		getLease(lease),
	]);
	return (
		found.some(({ claim }) => claim === lease.owner) && !heldByAnother(found, lease.owner, now)
	);
}

/** Gives the lease back, if it is still the sender's. */
export function releaseStep(lease: LeaseOf): Step {
	return {
		do: 'update',
		where: all(...ofAudience(lease), where('claim', 'eq', lease.owner)),
		set: { claim: null, leaseUntil: FREE },
	};
}

// Many first senders have made many rows, of which one is enough from now on.
function dropOthers(lease: LeaseOf, first: Row): Step {
	const own = [...ofAudience(lease), where('claim', 'eq', lease.owner)];
	return { do: 'delete', where: all(...own, where('id', 'gt', first.id)) };
}

/** Reads the audience's lease rows: one, or more after two first senders. */
export function getLease(lease: Pick<LeaseOf, 'audience'>): Step {
	return { do: 'get', where: all(...ofAudience(lease)), limit: 100 };
}

// A row is made where there is none, and made anew where a person has put in a time that no sender would.
function mending(lease: LeaseOf, rows: Row[], now: number): Step[] {
	const usable = rows.some(({ leaseUntil }) => isSane(leaseUntil, now));
	const fresh = { audience: lease.audience, status: 'lease' as const, leaseUntil: FREE };
	const steps: Step[] = usable ? [] : [{ do: 'insert', rows: [fresh] }];
	const beyond = where('leaseUntil', 'gt', iso(now + LONGEST_MS));
	for (const insane of rows.length > 0 ? [where('leaseUntil', 'isEmpty'), beyond] : []) {
		if (rows.every(({ leaseUntil }) => isSane(leaseUntil, now))) break;
		steps.push({ do: 'delete', where: all(...ofAudience(lease), insane) });
	}
	return steps;
}

function ofAudience({ audience }: Pick<LeaseOf, 'audience'>) {
	return [where('audience', 'eq', audience), where('status', 'eq', 'lease')];
}

function isLive({ leaseUntil }: Row, now: number): boolean {
	return isSane(leaseUntil, now) && Date.parse(leaseUntil as string) >= now;
}

function isSane(leaseUntil: string | null, now: number): boolean {
	return leaseUntil !== null && Date.parse(leaseUntil) <= now + LONGEST_MS;
}

function iso(ms: number): string {
	return new Date(ms).toISOString();
}
