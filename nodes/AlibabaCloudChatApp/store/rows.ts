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

/** Which contact a row belongs to: a contact with several addresses has several rows. */
export function contactOf({ contact, id }: Row): string {
	return contact || `row ${id}`;
}

/** How many contacts the users are. */
export function countContacts(users: StoredUser[]): number {
	return new Set(users.map(({ row }) => contactOf(row))).size;
}

/** The users with those of one contact next to each other, in the order of each contact's first one. */
export function byContact(users: StoredUser[]): StoredUser[][] {
	const contacts = new Map<string, StoredUser[]>();
	for (const one of users) {
		const key = contactOf(one.row);
		const same = contacts.get(key);
		if (same) same.push(one);
		else contacts.set(key, [one]);
	}
	return [...contacts.values()];
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

/** Rows for contacts, each with its users, that start to wait or were just sent. */
export function contactRows(
	contacts: Array<{ key: string; users: User[] }>,
	row: NewRow,
): NewRow[] {
	return contacts.flatMap(({ key, users }) =>
		users.map(({ Email, Phone }) => ({
			...row,
			contact: key,
			email: Email ?? null,
			phone: Phone ?? null,
		})),
	);
}
