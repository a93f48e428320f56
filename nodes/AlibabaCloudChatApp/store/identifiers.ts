import { type User, withHash } from '../contacts/contact';
import type { Message } from '../message';
import { contactKeyOf } from './state';
import {
	all,
	type Condition,
	ROWS_PER_PAGE,
	type Row,
	type Step,
	type Table,
	where,
	TableError,
	tableErrorOrThrow,
	toTableError,
} from './table';

const CONDITIONS_PER_STEP = 200;
/** So that a sub-workflow stays small: each read takes a node to merge its rows. */
const READS_PER_RUN = 9;
/** More rows than there are people who asked to be forgotten. */
const ALL_FORGOTTEN = 1_000_000;

/** People by the hashes of their identifiers: those who asked to be forgotten, or who opted out. */
class Hashes {
	private readonly emails = new Set<string>();
	private readonly phones = new Set<string>();

	/** @param rows any rows; only those with the status 'forgotten' count */
	constructor(rows: Row[] = []) {
		this.add(rows);
	}

	add(rows: Row[]): void {
		for (const { email, phone } of rows.filter(isForgotten)) {
			if (email) this.emails.add(email);
			if (phone) this.phones.add(phone);
		}
	}

	addUsers(users: User[]): void {
		for (const { Email, Phone } of users) {
			if (Email !== undefined) this.emails.add(withHash(Email, 'sha256'));
			if (Phone !== undefined) this.phones.add(withHash(Phone, 'sha256'));
		}
	}

	/** Whether one of the user's identifiers, plain or hashed, is among them. */
	has({ Email, Phone }: User): boolean {
		if (this.emails.size + this.phones.size === 0) return false;
		return (
			(Email !== undefined && this.emails.has(withHash(Email, 'sha256'))) ||
			(Phone !== undefined && this.phones.has(withHash(Phone, 'sha256')))
		);
	}
}

/** Which of the rows' people asked to be forgotten. */
export function forgottenIn(rows: Row[]): Pick<Hashes, 'has'> {
	return new Hashes(rows);
}

/** Milliseconds: people who were forgotten in another process are known this long afterward at the latest. */
export const FRESH_MS = 1000;
const RETRY_MS = 60_000;
/** Rows that another run is inserting get their IDs before they can be read. */
const OVERLAP = 1000;
/** How many times this process has forgotten people, so that its other runs notice at once. */
let changes = 0;

/**
 * When people were last removed from a table by a run of this process, as the number of the removal, by the table's ID and
 * the hash of each identifier; the latest ones come last.
 */
const removed = new Map<string, number>();
const MOST_REMOVED = 100_000;
let removals = 0;

function noteRemoved({ id }: Table, users: User[]): void {
	removals += 1;
	for (const condition of hashConditions(users)) {
		const key = `${id} ${keyOf(condition)}`;
		removed.delete(key);
		removed.set(key, removals);
	}
	for (const key of removed.keys()) {
		if (removed.size <= MOST_REMOVED) break;
		removed.delete(key);
	}
}

/**
 * Everyone who asked to be forgotten, in all audiences of the table, as one run knows them: read when it plans, and
 * again while it sends. Also those who opted out during the run.
 */
export class ForgottenPeople {
	private readonly all = new Hashes();
	/** Those whom the run didn't know yet when it planned. */
	private readonly later = new Hashes();
	private readonly optedOut = new Hashes();
	private readonly removalsBefore = removals;
	private readonly ids = new Set<number>();
	private lastId = 0;
	private readAt = -Infinity;
	private changesSeen = -1;
	private failedAt = -Infinity;

	/** @param now milliseconds since 1970 */
	constructor(
		private readonly table: Table,
		private readonly now: () => number,
	) {}

	/** What happened to the table itself, if a person should know. */
	get notice(): Message | undefined {
		return this.table.notice;
	}

	/** Reads them before users are compared with them. @throws TableError */
	async readForPlan(): Promise<void> {
		await this.read(this.readAt === -Infinity);
	}

	/** Reads them again, unless that was done within the last second, or failed within the last minute. @throws TableError */
	async refresh(): Promise<void> {
		if (this.now() - this.failedAt >= RETRY_MS) await this.read(false);
	}

	/** A step that reads those who are not known yet, for a sub-workflow that runs anyway, and what takes its rows. */
	look(isForPlan = false): { step: Step; learn(rows: Row[]): void } {
		const [startedAt, seen] = [this.now(), changes];
		const isNew = where('id', 'gt', Math.max(0, this.lastId - OVERLAP));
		return {
			step: {
				do: 'get',
				where: all(where('status', 'eq', 'forgotten'), isNew),
				limit: ALL_FORGOTTEN,
			},
			learn: (rows) => {
				const found = rows.filter(isForgotten).filter(({ id }) => !this.ids.has(id));
				for (const { id } of found) {
					this.ids.add(id);
					this.lastId = Math.max(this.lastId, id);
				}
				this.all.add(found);
				if (!isForPlan) this.later.add(found);
				this.readAt = startedAt;
				this.changesSeen = seen;
			},
		};
	}

	/** Whether the user's person asked to be forgotten. */
	has(user: User): boolean {
		return this.all.has(user);
	}

	/** Whether the user's person did so after the run had compared its own users; fast where no one did. */
	hasSincePlan(user: User): boolean {
		return this.later.has(user);
	}

	/** Notes people who opted out in this run: if they can't be removed from the table, the run must not send their rows. */
	leaveOut(users: User[]): void {
		this.optedOut.addUsers(users);
	}

	/**
	 * Whether the run must neither send the user from the table nor store it there: the person asked to be forgotten, or
	 * opted out in this run or, since it began, in another one of this process.
	 */
	isGone(user: User): boolean {
		return this.has(user) || this.optedOut.has(user) || this.wasRemoved(user);
	}

	private wasRemoved(user: User): boolean {
		if (removals === this.removalsBefore) return false;
		const { id } = this.table;
		return hashConditions([user]).some(
			(condition) => (removed.get(`${id} ${keyOf(condition)}`) ?? 0) > this.removalsBefore,
		);
	}

	private async read(isForPlan: boolean): Promise<void> {
		const isFresh = changes === this.changesSeen && this.now() - this.readAt < FRESH_MS;
		if (isFresh) return;
		const { step, learn } = this.look(isForPlan);
		const rows = await this.table.runIfExists([step]).catch(tableErrorOrThrow);
		if (rows instanceof TableError) {
			this.failedAt = this.now();
			throw rows;
		}
		learn(rows ?? []);
	}
}

/**
 * Deletes a person's rows, waiting or previously sent, in all audiences and both hash modes. What a run is sending
 * right now stays sent, but no run of this process stores it afterward. A row stored plain is not found by a hash.
 * @returns the number of deleted rows; 0 if there is no table yet
 * @throws TableError
 */
export async function removeUsers(table: Table, users: User[]): Promise<number> {
	if (users.length === 0 || !(await table.runIfExists([]))) return 0;
	noteRemoved(table, users);
	const rows = await withOtherAddresses(table, (await findRows(table, users)).filter(isContact));
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
	changes += 1;
	const surplus = [...groupBy(found.filter(isForgotten), identifierOf).values()].flatMap((same) =>
		same.sort((a, b) => a.id - b.id).slice(1),
	);
	const contacts = await withOtherAddresses(table, found.filter(isContact));
	await deleteRows(table, [...contacts, ...surplus]);
	const deletedBy = new Set<number>();
	return people.map((person) => {
		const identifiers = new Set(conditionsFor(person).map(keyOf));
		const isTheirs = (row: Row) => keysOf(row).some((key) => identifiers.has(key));
		const keys = new Set(contacts.filter(isTheirs).map(contactKeyOf));
		const deleted = contacts.filter((row) => !deletedBy.has(row.id) && keys.has(contactKeyOf(row)));
		for (const { id } of deleted) deletedBy.add(id);
		return {
			deleted: deleted.length,
			forgotten: new Set(hashConditions(person).map(keyOf)).size,
		};
	});
}

/** The rows and those with other addresses of the same contacts. */
async function withOtherAddresses(table: Table, rows: Row[]): Promise<Row[]> {
	const keys = new Set(rows.flatMap(({ contact }) => contact || []));
	if (keys.size === 0) return rows;
	const slices = inSlices([...keys].map((key) => where('contact', 'eq', key)));
	return await withRest(table, slices, [...rows, ...(await readPage(table, slices, []))]);
}

/**
 * All rows that contain one of the users' identifiers, plain or hashed, in any audience and with any status; each once,
 * in the order in which they were read.
 * @param first steps to run before, in the same sub-workflow; their rows are returned as well
 */
export async function findRows(table: Table, users: User[], first: Step[] = []): Promise<Row[]> {
	const slices = inSlices(conditionsFor(users));
	if (first.length + slices.length === 0) return [];
	const rows = await readPage(table, slices, first);
	return await withRest(table, slices, rows).catch(afterSteps(first));
}

/**
 * All rows of an audience, and what `findRows` finds: in one step instead of three where they are few.
 * @param first steps to run before, in the same sub-workflow
 * @returns undefined if they may be more than a page; the first steps were run nevertheless
 */
export async function findWithAudience(
	table: Table,
	{ audience, users }: { audience: string; users: User[] },
	first: Step[],
): Promise<Row[] | undefined> {
	const [someUsers = [], ...others] = inSlices(conditionsFor(users));
	const withAudience = [where('audience', 'eq', audience), ...someUsers];
	const rows = await readPage(table, [withAudience, ...others], first);
	if (isFullPage(rows, withAudience)) return undefined;
	return await withRest(table, others, rows).catch(afterSteps(first));
}

/** Reads at most a page for each slice of conditions. */
async function readPage(table: Table, slices: Condition[][], first: Step[]): Promise<Row[]> {
	const steps = slices.map(getAny);
	let next = READS_PER_RUN - first.filter((step) => step.do === 'get').length;
	const rows = await table.run([...first, ...steps.slice(0, next)]);
	for (; next < steps.length; next += READS_PER_RUN) {
		const more = table.run(steps.slice(next, next + READS_PER_RUN));
		rows.push(...(await more.catch(afterSteps(first))));
	}
	return rows;
}

async function withRest(table: Table, slices: Condition[][], rows: Row[]): Promise<Row[]> {
	for (const conditions of slices) rows.push(...(await restOf(table, conditions, rows)));
	return [...new Map(rows.map((row) => [row.id, row])).values()];
}

/** For a sub-workflow that fails after one that ran these steps. */
function afterSteps({ length }: Step[]): (error: unknown) => never {
	return (error) => {
		throw toTableError(error).after(length);
	};
}

/** Deletes rows by their ids. */
export async function deleteRows(table: Table, rows: Row[]): Promise<void> {
	await deleteAny(
		table,
		rows.map(({ id }) => where('id', 'eq', id)),
	);
}

/** Deletes all rows of contacts, by their keys in the column 'contact'. */
export async function deleteContacts(table: Pick<Table, 'run'>, keys: string[]): Promise<void> {
	await deleteAny(
		table,
		keys.map((key) => where('contact', 'eq', key)),
	);
}

async function deleteAny(table: Pick<Table, 'run'>, conditions: Condition[]): Promise<void> {
	const steps: Step[] = inSlices(conditions).map((some) => ({
		do: 'delete',
		where: { match: 'any', conditions: some },
	}));
	if (steps.length > 0) await table.run(steps);
}

// A step that returned a full page may lack rows. n8n can't combine 'any' with a position, so its conditions are halved,
// and a single one is read page by page.
async function restOf(table: Table, conditions: Condition[], read: Row[]): Promise<Row[]> {
	if (!isFullPage(read, conditions)) return [];
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

function isFullPage(rows: Row[], conditions: Condition[]): boolean {
	const keys = new Set(conditions.map(keyOf));
	const isMatch = (row: Row) => keysOf(row).some((key) => keys.has(key));
	return new Set(rows.filter(isMatch).map(({ id }) => id)).size >= ROWS_PER_PAGE;
}

async function readPages(table: Table, condition: Condition): Promise<Row[]> {
	const rows: Row[] = [];
	let page: Row[];
	do {
		const after = where('id', 'gt', rows.at(-1)?.id ?? 0);
		page = await table.run([{ do: 'get', where: all(condition, after), limit: ROWS_PER_PAGE }]);
		rows.push(...page);
	} while (page.length >= ROWS_PER_PAGE);
	return rows;
}

function getAny(conditions: Condition[]): Step {
	return { do: 'get', where: { match: 'any', conditions }, limit: ROWS_PER_PAGE, inAnyOrder: true };
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

function keysOf({ email, phone, audience, contact }: Row): string[] {
	return [`email ${email}`, `phone ${phone}`, `audience ${audience}`, `contact ${contact}`];
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
