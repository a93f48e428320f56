import type { User } from '../contacts/contact';
import { createDuplicateFilter } from '../contacts/duplicates';
import { type HashMode, withHash } from '../contacts/hash';
import { DAY_MS } from './due';
import type { NewRow, Row } from './table';

/** A row with the user in it. */
export interface StoredUser {
	row: Row;
	user: User;
}

/**
 * The users in rows, in the order of the rows. Rows without an email or phone are skipped, since a person may have
 * emptied them. Plain ones are hashed if users are sent hashed now.
 */
export function usersOf(rows: Row[], hash: HashMode): StoredUser[] {
	return rows.flatMap((row) => {
		const user: User = {};
		if (row.email) user.Email = withHash(row.email, hash);
		if (row.phone) user.Phone = withHash(row.phone, hash);
		return user.Email === undefined && user.Phone === undefined ? [] : [{ row, user }];
	});
}

/** Those that add an identifier to the ones before them: two runs may have stored one contact at the same time. */
export function distinct(users: StoredUser[]): StoredUser[] {
	const isDuplicate = createDuplicateFilter();
	return users.filter(({ user }) => !isDuplicate(user));
}

/** Since when the oldest of them has waited, in milliseconds since 1970; empty if there are none. */
export function oldestSince(users: StoredUser[], now: number): { since?: number } {
	const since = users.reduce((oldest, { row }) => Math.min(oldest, sinceOf(row, now)), Infinity);
	return Number.isFinite(since) ? { since } : {};
}

// A person may have set a previously sent row to 'waiting'. If the time is unknown, or further in the future than
// workers' clocks differ, the contact counts as having waited long enough.
function sinceOf({ waitingSince, sentAt }: Row, now: number): number {
	const since = Date.parse(waitingSince ?? sentAt ?? '');
	return since <= now + DAY_MS ? since : 0;
}

/** Rows for users that start to wait. */
export function waitingRows(audience: string, users: User[], since: string): NewRow[] {
	return users.map((user) => ({
		audience,
		...columnsOf(user),
		status: 'waiting' as const,
		waitingSince: since,
	}));
}

/** Rows for users that were just sent. */
export function sentRows(audience: string, users: User[], sentAt: string): NewRow[] {
	return users.map((user) => ({ audience, ...columnsOf(user), status: 'sent' as const, sentAt }));
}

/** A user's identifiers as a row's columns. */
export function columnsOf({ Email, Phone }: User): { email: string | null; phone: string | null } {
	return { email: Email ?? null, phone: Phone ?? null };
}
