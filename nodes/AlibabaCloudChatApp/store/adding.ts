import type { User } from '../contacts/contact';
import { createDuplicateFilter } from '../contacts/duplicates';
import { columnsOf } from './contactRows';
import type { Column, Condition, NewRow, Status, Step, Table } from './table';
import { PAGE, where } from './table';

const CONDITIONS_A_STEP = 200;
/** n8n's Merge node, which puts the answers together, takes ten inputs; one is the table's own. */
const STEPS_A_RUN = 9;

const CONTACTS = new Set<string | null>(['waiting', 'claimed', 'sent'] satisfies Status[]);

/** For each of the users: whether it adds an identifier to those that wait or were sent already, and to those before it. */
export async function newToTable(
	table: Table,
	audience: string,
	users: User[],
): Promise<boolean[]> {
	const emails = new Set<string>();
	const phones = new Set<string>();
	const steps = lookUps(users);
	for (let start = 0; start < steps.length; start += STEPS_A_RUN) {
		for (const row of await table.run(steps.slice(start, start + STEPS_A_RUN))) {
			// What a person has given another status neither waits nor was sent.
			if (row.audience !== audience || !CONTACTS.has(row.status)) continue;
			if (row.email !== null) emails.add(row.email);
			if (row.phone !== null) phones.add(row.phone);
		}
	}
	const isDuplicate = createDuplicateFilter({ emails, phones });
	return users.map((user) => !isDuplicate(user));
}

/** The rows of users that begin to wait. */
export function waitingRowsOf(audience: string, users: User[], since: string): NewRow[] {
	return users.map((user) => ({
		audience,
		...columnsOf(user),
		status: 'waiting' as const,
		waitingSince: since,
	}));
}

// n8n joins conditions by 'and' or by 'or', so the audience is told apart afterward.
function lookUps(users: User[]): Step[] {
	const conditions: Condition[] = users.flatMap((user) =>
		(Object.entries(columnsOf(user)) as Array<[Column, string | null]>).flatMap(
			([column, value]) => (value === null ? [] : [where(column, 'eq', value)]),
		),
	);
	const steps: Step[] = [];
	for (let start = 0; start < conditions.length; start += CONDITIONS_A_STEP) {
		const some = conditions.slice(start, start + CONDITIONS_A_STEP);
		steps.push({ do: 'get', where: { match: 'any', conditions: some }, limit: PAGE });
	}
	return steps;
}
