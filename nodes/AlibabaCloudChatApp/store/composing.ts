import type { User } from '../contacts/contact';
import { createDuplicateFilter } from '../contacts/duplicates';
import type { Pause } from '../pause';
import { usersIn, type Range } from '../submission/batches';
import type { UserList } from '../submission/users';
import type { StoredUser } from './contactRows';

/** A submission out of what a run brings and what the table holds: own users first, then waiting ones, then earlier ones. */
export interface Composed {
	users: UserList;
	own: number;
	/** The place of each claimed row's user; nothing for one that adds no identifier. */
	placeOf: Array<number | undefined>;
	fromTable: number;
	toppedUp: number;
}

const SLICE = 500;

/**
 * @param parts.earlier the latest first
 * @param settings.atLeast users; as many earlier ones are added as it takes
 * @throws what `pause` throws
 */
export async function compose(
	parts: { own: UserList; claimed: StoredUser[]; earlier: StoredUser[] },
	{ atLeast, pause }: { atLeast: number; pause: Pause },
): Promise<Composed> {
	const { own, claimed } = parts;
	// A list that is long enough by itself takes none, and isn't looked through for them.
	const earlier = own.length < atLeast ? parts.earlier : [];
	const isDuplicate = await filterAfter(own, [...claimed, ...earlier], pause);
	const more: User[] = [];
	const placeOf = claimed.map(({ user }) =>
		isDuplicate(user) ? undefined : own.length + more.push(user) - 1,
	);
	const fromTable = more.length;
	for (const { user } of earlier) {
		if (own.length + more.length >= atLeast) break;
		if (!isDuplicate(user)) more.push(user);
	}
	return {
		users: own.length === 0 ? more : joined(own, more),
		own: own.length,
		placeOf,
		fromTable,
		toppedUp: more.length - fromTable,
	};
}

/**
 * The claimed rows whose users were accepted, as ranges of ids. One that added no identifier counts as sent when all
 * were accepted.
 */
export function sentRows(
	{ users, placeOf }: Composed,
	claimed: StoredUser[],
	accepted: Range[],
): Array<{ from: number; to: number }> {
	const everything = usersIn(accepted) >= users.length;
	const ranges: Array<{ from: number; to: number }> = [];
	const isSent = (place?: number) =>
		place === undefined
			? everything
			: accepted.some(({ start, end }) => place >= start && place < end);
	const rows = claimed.map(({ row }, index) => ({ id: row.id, sent: isSent(placeOf[index]) }));
	let open: { from: number; to: number } | undefined;
	for (const { id, sent } of rows.sort((a, b) => a.id - b.id)) {
		if (!sent) open = undefined;
		else if (open) open.to = id;
		else ranges.push((open = { from: id, to: id }));
	}
	return ranges;
}

/** A duplicate filter that knows those of a list's identifiers that the table holds too: all would be a million texts. */
async function filterAfter(own: UserList, stored: StoredUser[], pause: Pause) {
	const isDuplicate = createDuplicateFilter();
	const emails = new Set(stored.map(({ user }) => user.Email));
	const phones = new Set(stored.map(({ user }) => user.Phone));
	const end = stored.length > 0 ? own.length : 0;
	for (let start = 0; start < end; start += SLICE) {
		await pause();
		for (const { Email, Phone } of own.slice(start, start + SLICE)) {
			if (Email !== undefined && emails.has(Email)) isDuplicate({ Email });
			if (Phone !== undefined && phones.has(Phone)) isDuplicate({ Phone });
		}
	}
	return isDuplicate;
}

function joined(first: UserList, second: User[]): UserList {
	const { length } = first;
	return {
		length: length + second.length,
		slice: (start, end) =>
			first
				.slice(Math.min(start, length), Math.min(end, length))
				.concat(second.slice(Math.max(0, start - length), Math.max(0, end - length))),
	};
}
