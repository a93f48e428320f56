import { createDuplicateFilter } from '../contacts/duplicates';
import type { User } from '../contacts/contact';
import { withHash, type HashMode } from '../contacts/hash';
import { DAY_MS } from './due';
import type { Row } from './table';

/** A row with the user it holds. */
export interface StoredUser {
	row: Row;
	user: User;
}

/**
 * The users that rows hold, in the order of the rows, those without an email or phone left out: a person may have
 * emptied them. What was stored plain goes hashed when hashes are asked for now.
 */
export function usersOf(rows: Row[], hash: HashMode): StoredUser[] {
	return rows.flatMap((row) => {
		const user: User = {};
		if (row.email) user.Email = withHash(row.email, hash);
		if (row.phone) user.Phone = withHash(row.phone, hash);
		return user.Email === undefined && user.Phone === undefined ? [] : [{ row, user }];
	});
}

/** Those that add an identifier to the ones before them: two runs may have stored one contact at the same moment. */
export function distinct(users: StoredUser[]): StoredUser[] {
	const isDuplicate = createDuplicateFilter();
	return users.filter(({ user }) => !isDuplicate(user));
}

/** A user as a row's columns. */
export function columnsOf({ Email, Phone }: User): { email: string | null; phone: string | null } {
	return { email: Email ?? null, phone: Phone ?? null };
}

/** Since when the oldest of them has waited, in milliseconds since 1970; nothing when there are none. */
export function oldestSince(users: StoredUser[], now: number): { since?: number } {
	const since = users.reduce((oldest, { row }) => Math.min(oldest, sinceOf(row, now)), Infinity);
	return Number.isFinite(since) ? { since } : {};
}

// One that a person has let wait again may have been sent at once. Where nobody knows since when, or a clock was wrong
// by more than workers differ, it has waited long enough.
function sinceOf({ waitingSince, sentAt }: Row, now: number): number {
	const since = Date.parse(waitingSince ?? sentAt ?? '');
	return since <= now + DAY_MS ? since : 0;
}
