import { type User, withHash } from '../contacts/contact';
import type { Message } from '../message';
import { setLatest } from '../setLatest';
import {
	allRowsOfPeople,
	conditionsFor,
	deleteRows,
	eachConditionOnce,
	findRowsAndPlain,
	hashConditions,
	isContactRow,
	conditionKey,
	linksOf,
	userIn,
} from './findRows';
import {
	all,
	type Row,
	type Step,
	type Table,
	TableError,
	tableErrorOrThrow,
	where,
} from './table';

/** A limit that is never reached: far fewer people ask to be forgotten. */
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

	get isEmpty(): boolean {
		return this.emails.size + this.phones.size === 0;
	}

	/** Whether one of the user's identifiers, plain or hashed, is among them. */
	has({ Email, Phone }: User): boolean {
		if (this.isEmpty) return false;
		return (
			(Email !== undefined && this.emails.has(withHash(Email, 'sha256'))) ||
			(Phone !== undefined && this.phones.has(withHash(Phone, 'sha256')))
		);
	}
}

/** The people in the rows who asked to be forgotten. */
export function forgottenIn(rows: Row[]): Pick<Hashes, 'has'> {
	return new Hashes(rows);
}

/** Milliseconds until they are read again, since another process may have forgotten more people. */
export const FRESH_MS = 1000;
const RETRY_MS = 60_000;
/** Rows that another run is inserting get their IDs before they can be read. */
const OVERLAP = 1000;
/** How many times this process has forgotten people, so that its other runs notice at once. */
let timesForgotten = 0;

/**
 * The number of the last removal of each person by a run of this process, by the table's ID and the hash of each
 * identifier; the latest ones come last.
 */
const lastRemovals = new Map<string, number>();
const MAX_REMOVED = 100_000;
let removals = 0;

function noteRemoved({ id }: Table, users: User[]): void {
	const number = ++removals;
	const entries = hashConditions(users).map((condition): [string, number] => [
		`${id} ${conditionKey(condition)}`,
		number,
	]);
	setLatest(lastRemovals, entries, MAX_REMOVED);
}

/**
 * Everyone who asked to be forgotten, in all audiences of the table, as one run knows them: read when it plans, and
 * again while it sends. Also those who opted out during the run.
 */
export class ForgottenPeople {
	private readonly all = new Hashes();
	/** Those whom the run learned about only after it planned. */
	private readonly sincePlan = new Hashes();
	private readonly optedOut = new Hashes();
	private readonly removalsBefore = removals;
	private readonly ids = new Set<number>();
	private lastId = 0;
	private readAt = -Infinity;
	private timesForgottenSeen = -1;
	private failedAt = -Infinity;

	/** @param now milliseconds since 1970 */
	constructor(
		private readonly table: Table,
		private readonly now: () => number,
	) {}

	/** What happened to the table itself, if users should know about it. */
	get notice(): Message | undefined {
		return this.table.message;
	}

	/** Reads them before users are compared with them. @throws TableError */
	async readForPlan(): Promise<void> {
		await this.read({ isForPlan: this.readAt === -Infinity });
	}

	/** Reads them again, unless that was done within the last second, or failed within the last minute. @throws TableError */
	async refresh(): Promise<void> {
		if (this.now() - this.failedAt >= RETRY_MS) await this.read({ isForPlan: false });
	}

	/**
	 * A step that reads those who aren't known yet, to add to a sub-workflow, and a function that takes the rows that it returned.
	 * @param options `isForPlan`: whether the run compares all of its own users with them
	 */
	prepareRead({ isForPlan = false } = {}): { step: Step; learn(rows: Row[]): void } {
		const startedAt = this.now();
		const seen = timesForgotten;
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
				if (!isForPlan) this.sincePlan.add(found);
				this.readAt = startedAt;
				this.timesForgottenSeen = seen;
			},
		};
	}

	/** Whether anyone asked to be forgotten. */
	get isAnyone(): boolean {
		return !this.all.isEmpty;
	}

	/** Whether this person asked to be forgotten. */
	has(user: User): boolean {
		return this.all.has(user);
	}

	/** Whether this person did so after the run compared its own users; fast if no one did. */
	hasSincePlan(user: User): boolean {
		return this.sincePlan.has(user);
	}

	/** Notes people who opted out in this run: if they can't be removed from the table, the run must not send their rows. */
	noteOptedOut(users: User[]): void {
		this.optedOut.addUsers(users);
	}

	/**
	 * Whether the run must neither send the user from the table nor store it there: the person asked to be forgotten, or
	 * opted out in this run or, since it began, in another one of this process.
	 */
	isExcluded(user: User): boolean {
		return this.has(user) || this.optedOut.has(user) || this.wasRemoved(user);
	}

	private wasRemoved(user: User): boolean {
		if (removals === this.removalsBefore) return false;
		const { id } = this.table;
		return hashConditions([user]).some(
			(condition) =>
				(lastRemovals.get(`${id} ${conditionKey(condition)}`) ?? 0) > this.removalsBefore,
		);
	}

	private async read(options: { isForPlan: boolean }): Promise<void> {
		const isFresh =
			timesForgotten === this.timesForgottenSeen && this.now() - this.readAt < FRESH_MS;
		if (isFresh) return;
		const { step, learn } = this.prepareRead(options);
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
 * right now stays sent, but no run of this process stores it afterward.
 * @returns the number of deleted rows; 0 if there is no table yet
 * @throws TableError
 */
export async function removeUsers(table: Table, users: User[]): Promise<number> {
	if (users.length === 0 || !(await table.runIfExists([]))) return 0;
	noteRemoved(table, users);
	const found = (await findRowsAndPlain(table, users)).filter(isContactRow);
	const rows = await allRowsOfPeople(table, found, users);
	noteRemoved(table, rows.map(userIn));
	await deleteRows(table, rows);
	return rows.length;
}

/** What forgetting a person changed. */
export interface ForgottenPerson {
	/** Rows deleted, in all audiences. */
	deleted: number;
	/** Identifiers whose hash the table keeps. */
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
	const hashes = eachConditionOnce(hashConditions(users));
	if (hashes.length === 0) return people.map(() => ({ deleted: 0, forgotten: 0 }));
	const rows = hashes.map(({ column, value }) => ({
		status: 'forgotten' as const,
		[column]: String(value),
	}));
	const found = await findRowsAndPlain(table, users, [{ do: 'insert', rows }]);
	timesForgotten += 1;
	const surplus = [...groupBy(found.filter(isForgotten), identifierOf).values()].flatMap((same) =>
		same.sort((a, b) => a.id - b.id).slice(1),
	);
	const contacts = await allRowsOfPeople(table, found.filter(isContactRow), users);
	await deleteRows(table, [...contacts, ...surplus]);
	const rest = new Map(contacts.map((row) => [row, linksOf(row).map(conditionKey)]));
	return people.map((person) => ({
		deleted: takeRowsOf(person, rest),
		forgotten: eachConditionOnce(hashConditions(person)).length,
	}));
}

/** Removes a person's rows from others. @param rest rows, with what each may share with others @returns how many */
function takeRowsOf(person: User[], rest: Map<Row, string[]>): number {
	const keys = new Set(conditionsFor(person).map(conditionKey));
	const before = rest.size;
	for (let size = Infinity; rest.size < size; ) {
		size = rest.size;
		for (const [row, links] of rest) {
			if (!links.some((key) => keys.has(key))) continue;
			for (const key of links) keys.add(key);
			rest.delete(row);
		}
	}
	return before - rest.size;
}

function identifierOf({ email, phone }: Row): string {
	return JSON.stringify([email, phone]);
}

function isForgotten({ status }: Row): boolean {
	return status === 'forgotten';
}

function groupBy(rows: Row[], keyOfRow: (row: Row) => string): Map<string, Row[]> {
	const groups = new Map<string, Row[]>();
	for (const row of rows) groups.set(keyOfRow(row), [...(groups.get(keyOfRow(row)) ?? []), row]);
	return groups;
}
