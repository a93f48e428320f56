import { countDistinct } from './contactRows';
import type { Waiting } from './due';
import { heldByAnother } from './lease';
import { all, PAGE, where, type Row, type Step, type Table } from './table';

/** What the table holds for an audience, as a run read it. */
export interface State extends Waiting {
	/** The lease rows. */
	leases: Row[];
	/** The last row that one round may claim; those behind it wait for another. */
	upTo: number;
}

export interface Reader {
	table: Table;
	audience: string;
	owner: string;
}

/** So many rows one round can claim where they are there; an update in SQLite takes some 32,000. */
const MOST_CLAIMED = 10_000;

/**
 * The steps that read an audience's state.
 * @param most how many users it takes to send
 */
export function stateSteps(audience: string, most: number): Step[] {
	const own = where('audience', 'eq', audience);
	return [
		{ do: 'get', where: all(own, where('status', 'neq', 'sent')), limit: PAGE },
		earlierStep(audience, Math.min(most, PAGE)),
	];
}

/** Reads the users that were sent last. */
export function earlierStep(audience: string, limit: number): Step {
	return {
		do: 'get',
		where: all(where('audience', 'eq', audience), where('status', 'eq', 'sent')),
		limit,
		latest: 'sentAt',
	};
}

/** The state that those steps' rows tell; more pages are asked for as far as `most` users need them. */
export async function readState(
	reader: Reader,
	first: Row[],
	{ most, now }: { most: number; now: number },
): Promise<State> {
	const { table, audience, owner } = reader;
	const isOwn = (row: Row) => row.audience === audience;
	const unsent = first.filter((row) => isOwn(row) && row.status !== 'sent');
	let page = unsent;
	while (page.length >= PAGE && countOf(unsent, owner, now) < most) {
		const after = where('id', 'gt', (page.at(-1) as Row).id);
		const open = [where('audience', 'eq', audience), where('status', 'neq', 'sent'), after];
		page = await table.run([{ do: 'get', where: all(...open), limit: PAGE }]);
		unsent.push(...page);
	}
	let sent = first.filter((row) => isOwn(row) && row.status === 'sent');
	if (most > PAGE && sent.length >= PAGE) sent = await table.run([earlierStep(audience, most)]);
	const leases = unsent.filter(({ status }) => status === 'lease');
	const waiting = waitingRows(unsent, owner, now);
	const times = waiting.map(({ waitingSince }) => Date.parse(waitingSince ?? ''));
	const since = Math.min(...times.filter((time) => !Number.isNaN(time)));
	return {
		users: countDistinct(waiting),
		...(Number.isFinite(since) && { since }),
		earlier: countDistinct(sent),
		busy: heldByAnother(leases, owner, now),
		leases,
		upTo: Math.max(unsent.at(-1)?.id ?? 0, (unsent[0]?.id ?? 0) + MOST_CLAIMED - 1),
	};
}

function countOf(unsent: Row[], owner: string, now: number): number {
	return countDistinct(waitingRows(unsent, owner, now));
}

// What a sender has claimed waits again as soon as its lease has run out.
function waitingRows(unsent: Row[], owner: string, now: number): Row[] {
	const busy = heldByAnother(
		unsent.filter(({ status }) => status === 'lease'),
		owner,
		now,
	);
	return unsent.filter(({ status }) => status === 'waiting' || (status === 'claimed' && !busy));
}
