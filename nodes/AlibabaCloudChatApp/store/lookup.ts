import type { User } from '../contacts/contact';
import { createDuplicateFilter } from '../contacts/duplicates';
import { columnsOf } from './rows';
import {
	type Column,
	type Condition,
	PAGE,
	type Status,
	type Step,
	type Table,
	where,
} from './table';

const CONDITIONS_PER_STEP = 200;
/** n8n's Merge node, which combines the responses, has ten inputs; one is for the table itself. */
const STEPS_PER_RUN = 9;

const CONTACTS = new Set<string | null>(['waiting', 'claimed', 'sent'] satisfies Status[]);

/** For each user: whether it adds an identifier to those that wait or were sent before, and to the users before it. */
export async function newToTable(
	table: Table,
	audience: string,
	users: User[],
): Promise<boolean[]> {
	const emails = new Set<string>();
	const phones = new Set<string>();
	const steps = lookUpSteps(users);
	for (let start = 0; start < steps.length; start += STEPS_PER_RUN) {
		for (const row of await table.run(steps.slice(start, start + STEPS_PER_RUN))) {
			// A row to which a person gave another status neither waits nor was sent.
			if (row.audience !== audience || !CONTACTS.has(row.status)) continue;
			if (row.email !== null) emails.add(row.email);
			if (row.phone !== null) phones.add(row.phone);
		}
	}
	const isDuplicate = createDuplicateFilter({ emails, phones });
	return users.map((user) => !isDuplicate(user));
}

// n8n joins conditions by 'and' or by 'or', so other audiences' rows are filtered out afterward.
function lookUpSteps(users: User[]): Step[] {
	const conditions: Condition[] = users.flatMap((user) =>
		(Object.entries(columnsOf(user)) as Array<[Column, string | null]>).flatMap(
			([column, value]) => (value === null ? [] : [where(column, 'eq', value)]),
		),
	);
	const steps: Step[] = [];
	for (let start = 0; start < conditions.length; start += CONDITIONS_PER_STEP) {
		const some = conditions.slice(start, start + CONDITIONS_PER_STEP);
		steps.push({ do: 'get', where: { match: 'any', conditions: some }, limit: PAGE });
	}
	return steps;
}
