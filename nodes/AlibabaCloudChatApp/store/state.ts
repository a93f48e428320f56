import type { HashMode } from '../contacts/hash';
import { distinct, oldestSince, usersOf, type StoredUser } from './contactRows';
import type { Waiting } from './due';
import { heldByAnother } from './lease';
import { all, PAGE, where, type Row, type Step, type Table } from './table';

/** What the table holds for an audience, as a run read it. */
export interface State extends Waiting {
	/** The lease rows. */
	leases: Row[];
	/** The last row that one round may claim; those behind it wait for another. */
	upTo: number;
	/** Whether there are none behind it. */
	isWhole: boolean;
}

export interface Reader {
	table: Table;
	audience: string;
	owner: string;
	/** How the users are sent. */
	hash: HashMode;
}

/** So many rows one round can claim where they are there, or `most` users; an update in SQLite takes some 32,000. */
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

function earlierStep(audience: string, limit: number): Step {
	return {
		do: 'get',
		where: all(where('audience', 'eq', audience), where('status', 'eq', 'sent')),
		limit,
		latest: 'sentAt',
	};
}

/**
 * The users that were sent last, the latest first and each once, as many as it takes where they are there.
 * @param seen rows that were read already: the latest, up to a limit
 */
export async function readEarlier(
	{ table, audience, hash }: Reader,
	most: number,
	seen?: { rows: Row[]; limit: number },
): Promise<StoredUser[]> {
	let limit = seen?.limit ?? most;
	let rows = seen?.rows ?? (await table.run([earlierStep(audience, limit)]));
	for (;;) {
		const users = distinct(usersOf(rows, hash));
		if (users.length >= most || rows.length < limit) return users.slice(0, most);
		limit = limit < most ? most : limit * 2;
		rows = await table.run([earlierStep(audience, limit)]);
	}
}

/** The state that those steps' rows tell; more pages are asked for as far as one round can claim them. */
export async function readState(
	reader: Reader,
	first: Row[],
	{ most, now }: { most: number; now: number },
): Promise<State> {
	const { table, audience, owner } = reader;
	const isOwn = (row: Row) => row.audience === audience;
	const unsent = first.filter((row) => isOwn(row) && row.status !== 'sent');
	let page = unsent;
	const isEnough = () =>
		unsent.length >= MOST_CLAIMED && waitingUsers(unsent, reader, now).length >= most;
	while (page.length >= PAGE && !isEnough()) {
		const after = where('id', 'gt', (page.at(-1) as Row).id);
		const open = [where('audience', 'eq', audience), where('status', 'neq', 'sent'), after];
		page = await table.run([{ do: 'get', where: all(...open), limit: PAGE }]);
		unsent.push(...page);
	}
	const rows = first.filter((row) => isOwn(row) && row.status === 'sent');
	const sent = await readEarlier(reader, most, { rows, limit: Math.min(most, PAGE) });
	const leases = unsent.filter(({ status }) => status === 'lease');
	const users = waitingUsers(unsent, reader, now);
	return {
		users: users.length,
		...oldestSince(users, now),
		// One that waits as well does not fill up.
		earlier: distinct([...users, ...sent]).length - users.length,
		busy: heldByAnother(leases, owner, now),
		leases,
		upTo: Math.max(unsent.at(-1)?.id ?? 0, (unsent[0]?.id ?? 0) + MOST_CLAIMED - 1),
		isWhole: page.length < PAGE,
	};
}

function waitingUsers(unsent: Row[], { owner, hash }: Reader, now: number): StoredUser[] {
	return distinct(usersOf(waitingRows(unsent, owner, now), hash));
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
