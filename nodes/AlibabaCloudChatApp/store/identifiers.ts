import { type User, withHash } from '../contacts/contact';
import { all, type Condition, PAGE, type Row, type Step, type Table, where } from './table';

const CONDITIONS_PER_STEP = 200;
/** n8n's Merge node, which combines the responses, has ten inputs; one is for the table itself. */
const READS_PER_RUN = 9;
/** More rows than there are people who asked to be forgotten. */
const ALL_FORGOTTEN = 1_000_000;

/** Which people asked to be forgotten, by the hashes of their identifiers. */
export class Forgotten {
	private readonly emails = new Set<string>();
	private readonly phones = new Set<string>();

	/** @param rows any rows; only those with the status 'forgotten' count */
	constructor(rows: Row[]) {
		for (const { status, email, phone } of rows) {
			if (status !== 'forgotten') continue;
			if (email) this.emails.add(email);
			if (phone) this.phones.add(phone);
		}
	}

	/** Whether one of the user's identifiers, plain or hashed, is a forgotten one. */
	has({ Email, Phone }: User): boolean {
		if (this.emails.size + this.phones.size === 0) return false;
		return (
			(Email !== undefined && this.emails.has(withHash(Email, 'sha256'))) ||
			(Phone !== undefined && this.phones.has(withHash(Phone, 'sha256')))
		);
	}
}

/** Reads the hashes of everyone who asked to be forgotten. n8n reads beyond 1,000 page by page. */
export const FORGOTTEN_STEP: Step = {
	do: 'get',
	where: all(where('status', 'eq', 'forgotten')),
	limit: ALL_FORGOTTEN,
};

/**
 * Everyone who asked to be forgotten, in all audiences of the table.
 * @returns undefined if there is no table yet
 * @throws TableError
 */
export async function readForgotten(table: Table): Promise<Forgotten | undefined> {
	const rows = await table.runIfExists([FORGOTTEN_STEP]);
	return rows && new Forgotten(rows);
}

/**
 * Deletes a person's rows, waiting or previously sent, in all audiences and both hash modes. What a run is sending
 * right now stays sent. A row stored plain is not found by a hash.
 * @returns the number of deleted rows; 0 if there is no table yet
 * @throws TableError
 */
export async function removeUsers(table: Table, users: User[]): Promise<number> {
	if (users.length === 0 || !(await table.runIfExists([]))) return 0;
	const rows = (await findRows(table, users)).filter(isContact);
	await deleteRows(table, rows);
	return rows.length;
}

/** What forgetting a person changed. */
export interface ForgottenPerson {
	/** Rows deleted, in all audiences. */
	deleted: number;
	/** Identifiers of which the table keeps the hash. */
	forgotten: number;
}

/**
 * Deletes all rows of people, in all audiences and both hash modes, and keeps one row for each identifier with its
 * SHA-256 hash and the status 'forgotten'. These rows are stored first: a run that stores such a contact meanwhile, or
 * sends one that it finds in the table, sees them.
 * @param people each with all users that contain an identifier of the person
 * @throws TableError
 */
export async function forgetPeople(table: Table, people: User[][]): Promise<ForgottenPerson[]> {
	const users = people.flat();
	const hashes = [...new Map(hashConditions(users).map((one) => [keyOf(one), one])).values()];
	if (hashes.length === 0) return people.map(() => ({ deleted: 0, forgotten: 0 }));
	const rows = hashes.map(({ column, value }) => ({
		status: 'forgotten' as const,
		[column]: String(value),
	}));
	const found = await findRows(table, users, [{ do: 'insert', rows }]);
	const surplus = [...groupBy(found.filter(isForgotten), identifierOf).values()].flatMap((same) =>
		same.sort((a, b) => a.id - b.id).slice(1),
	);
	const contacts = found.filter(isContact);
	await deleteRows(table, [...contacts, ...surplus]);
	const deletedBy = new Set<number>();
	return people.map((person) => {
		const identifiers = new Set(conditionsFor(person).map(keyOf));
		const deleted = contacts.filter(
			(row) => !deletedBy.has(row.id) && keysOf(row).some((key) => identifiers.has(key)),
		);
		for (const { id } of deleted) deletedBy.add(id);
		return {
			deleted: deleted.length,
			forgotten: new Set(hashConditions(person).map(keyOf)).size,
		};
	});
}

/**
 * All rows that contain one of the users' identifiers, plain or hashed, in any audience and with any status; each once,
 * in the order in which they were read.
 * @param first steps to run before, in the same sub-workflow; their rows are returned as well
 */
export async function findRows(table: Table, users: User[], first: Step[] = []): Promise<Row[]> {
	const steps = lookUpSteps(conditionsFor(users));
	let next = READS_PER_RUN - first.filter((step) => step.do === 'get').length;
	if (first.length + steps.length === 0) return [];
	const rows = await table.run([...first, ...steps.slice(0, next)]);
	for (; next < steps.length; next += READS_PER_RUN) {
		rows.push(...(await table.run(steps.slice(next, next + READS_PER_RUN))));
	}
	for (const { where: looked } of steps)
		rows.push(...(await restOf(table, looked.conditions, rows)));
	return [...new Map(rows.map((row) => [row.id, row])).values()];
}

/** Deletes rows by their ids. */
export async function deleteRows(table: Table, rows: Row[]): Promise<void> {
	const conditions = rows.map(({ id }) => where('id', 'eq', id));
	const steps: Step[] = inSlices(conditions).map((some) => ({
		do: 'delete',
		where: { match: 'any', conditions: some },
	}));
	if (steps.length > 0) await table.run(steps);
}

// A step that returned a full page may lack rows. n8n can't combine 'any' with a position, so its conditions are halved,
// and a single one is read page by page.
async function restOf(table: Table, conditions: Condition[], read: Row[]): Promise<Row[]> {
	const keys = new Set(conditions.map(keyOf));
	const isMatch = (row: Row) => keysOf(row).some((key) => keys.has(key));
	if (new Set(read.filter(isMatch).map(({ id }) => id)).size < PAGE) return [];
	const [only] = conditions;
	if (conditions.length === 1 && only) return await readPages(table, only);
	const half = Math.ceil(conditions.length / 2);
	const rows: Row[] = [];
	for (const some of [conditions.slice(0, half), conditions.slice(half)]) {
		const page = await table.run([getAny(some)]);
		rows.push(...page, ...(await restOf(table, some, page)));
	}
	return rows;
}

async function readPages(table: Table, condition: Condition): Promise<Row[]> {
	const rows: Row[] = [];
	let page: Row[];
	do {
		const after = where('id', 'gt', rows.at(-1)?.id ?? 0);
		page = await table.run([{ do: 'get', where: all(condition, after), limit: PAGE }]);
		rows.push(...page);
	} while (page.length >= PAGE);
	return rows;
}

function lookUpSteps(conditions: Condition[]) {
	return inSlices(conditions).map(getAny);
}

function getAny(conditions: Condition[]) {
	return { do: 'get' as const, where: { match: 'any' as const, conditions }, limit: PAGE };
}

function inSlices(conditions: Condition[]): Condition[][] {
	const slices: Condition[][] = [];
	for (let start = 0; start < conditions.length; start += CONDITIONS_PER_STEP) {
		slices.push(conditions.slice(start, start + CONDITIONS_PER_STEP));
	}
	return slices;
}

/** The identifiers as they may be stored: as given, and hashed. */
function conditionsFor(users: User[]): Condition[] {
	const plain = users.flatMap((user) => identifiers(user, (value) => value));
	const isNew = new Set<string>();
	return [...plain, ...hashConditions(users)].filter((one) => {
		const key = keyOf(one);
		return !isNew.has(key) && isNew.add(key);
	});
}

function hashConditions(users: User[]): Condition[] {
	return users.flatMap((user) => identifiers(user, (value) => withHash(value, 'sha256')));
}

function identifiers({ Email, Phone }: User, as: (value: string) => string): Condition[] {
	return [
		...(Email === undefined ? [] : [where('email', 'eq', as(Email))]),
		...(Phone === undefined ? [] : [where('phone', 'eq', as(Phone))]),
	];
}

function keyOf({ column, value }: Condition): string {
	return `${column} ${value}`;
}

function keysOf({ email, phone }: Row): string[] {
	return [`email ${email}`, `phone ${phone}`];
}

function identifierOf({ email, phone }: Row): string {
	return JSON.stringify([email, phone]);
}

function isContact({ status }: Row): boolean {
	return status !== 'forgotten' && status !== 'lease';
}

function isForgotten({ status }: Row): boolean {
	return status === 'forgotten';
}

function groupBy(rows: Row[], keyOfRow: (row: Row) => string): Map<string, Row[]> {
	const groups = new Map<string, Row[]>();
	for (const row of rows) groups.set(keyOfRow(row), [...(groups.get(keyOfRow(row)) ?? []), row]);
	return groups;
}
