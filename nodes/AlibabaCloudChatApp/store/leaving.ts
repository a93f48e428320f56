import type { User } from '../contacts/contact';
import { createDuplicateFilter } from '../contacts/duplicates';
import type { Range } from '../submission/batches';
import type { UserList } from '../submission/users';
import type { StoredUser } from './contactRows';

/** A list whose calls aren't accepted is stored up to here; n8n's tables have little space. */
const MOST_KEPT = 10_000;

/**
 * The users of a list that stay in the table as sent: the last accepted ones, until there are as many as it takes for a
 * late contact to go.
 * @param table.most users it takes to send
 */
export function toLeave(
	own: UserList,
	accepted: Range[],
	table: { claimed: StoredUser[]; earlier: StoredUser[]; most: number },
): User[] {
	const isKnown = createDuplicateFilter();
	const there = [...table.claimed, ...table.earlier].filter(({ user }) => !isKnown(user));
	let room = table.most - there.length;
	const left: User[] = [];
	for (const { start, end } of [...accepted].reverse()) {
		const last = Math.min(end, own.length);
		for (let at = last - 1; at >= start && room > 0; at--) {
			const [user] = own.slice(at, at + 1);
			if (!user || isKnown(user)) continue;
			left.push(user);
			room--;
		}
	}
	return left.reverse();
}

/** The users of a list whose batches were not accepted: they wait, unless they are more than 10,000. */
export function notAccepted(own: UserList, accepted: Range[]): User[] {
	const gaps: Range[] = [];
	let at = 0;
	for (const { start, end } of [...accepted, { start: own.length, end: own.length }]) {
		gaps.push({ start: at, end: Math.min(start, own.length) });
		at = Math.max(at, end);
	}
	const users = gaps.reduce((sum, { start, end }) => sum + Math.max(0, end - start), 0);
	if (users > MOST_KEPT) return [];
	return gaps.flatMap(({ start, end }) => (end > start ? own.slice(start, end) : []));
}

/** The users that add an identifier to those of the rows: what waits already is not stored once more. */
export function beside(rows: StoredUser[], users: User[]): User[] {
	const isKnown = createDuplicateFilter();
	for (const { user } of rows) isKnown(user);
	return users.filter((user) => !isKnown(user));
}
