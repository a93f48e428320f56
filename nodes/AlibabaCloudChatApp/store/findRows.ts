import { type User, withHash } from '../contacts/contact';
import { isSha256 } from '../contacts/text';
import {
	all,
	type Condition,
	type Row,
	ROWS_PER_PAGE,
	type Step,
	type Table,
	toTableError,
	where,
} from './table';

const CONDITIONS_PER_STEP = 200;
/** Keeps a sub-workflow small: each read needs a node to merge its rows. */
const READS_PER_RUN = 9;

/** Whether a row is a contact's. */
export function isContactRow({ status }: Row): boolean {
	return status !== 'forgotten' && status !== 'lease';
}

/**
 * All rows of the people to whom the given rows belong: a person's rows have an email, a phone, or a contact in common, or
 * are connected by other rows that do.
 * @param users the users by whose identifiers the rows were found
 */
export async function allRowsOfPeople(table: Table, rows: Row[], users: User[]): Promise<Row[]> {
	const known = new Set(conditionsFor(users).map(conditionKey));
	let ofPeople = rows;
	for (;;) {
		const links = eachConditionOnce(ofPeople.flatMap(linksOf), known);
		if (links.length === 0) return ofPeople;
		const slices = inSlices(links);
		const found = await withRest(table, slices, await readPage(table, slices, []));
		ofPeople = eachRowOnce([...ofPeople, ...found.filter(isContactRow)]);
	}
}

/** What a contact's row may have in common with the person's other rows. */
export function linksOf(row: Row): Condition[] {
	const { contact } = row;
	return [...(contact ? [where('contact', 'eq', contact)] : []), ...conditionsFor([userIn(row)])];
}

/** A row's email and phone, unchanged. */
export function userIn({ email, phone }: Row): User {
	return { ...(email && { Email: email }), ...(phone && { Phone: phone }) };
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
 * What `findRows` finds, and rows that contain an identifier plain of which a user has only the hash: for these, all rows
 * are read.
 */
export async function findRowsAndPlain(
	table: Table,
	users: User[],
	first: Step[] = [],
): Promise<Row[]> {
	const rows = await findRows(table, users, first);
	const hashes = new Set(
		users.flatMap((user) => identifierConditions(user, given).filter(isHash)).map(conditionKey),
	);
	if (hashes.size === 0) return rows;
	const isOfUsers = (row: Row) =>
		hashConditions([userIn(row)]).some((condition) => hashes.has(conditionKey(condition)));
	const plain = await readPages(table, where('id', 'gt', 0), isOfUsers).catch(afterSteps(first));
	return eachRowOnce([...rows, ...plain]);
}

/**
 * All rows of an audience, and what `findRows` finds: in one step instead of three if there are few.
 * @param first steps to run before, in the same sub-workflow
 * @returns undefined if there may be more than a page; the first steps have taken effect anyway
 */
export async function findWithAudience(
	table: Table,
	{ audienceKey, users }: { audienceKey: string; users: User[] },
	first: Step[],
): Promise<Row[] | undefined> {
	const [someUsers = [], ...others] = inSlices(conditionsFor(users));
	const withAudience = [where('audience', 'eq', audienceKey), ...someUsers];
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
	return eachRowOnce(rows);
}

function eachRowOnce(rows: Row[]): Row[] {
	return [...new Map(rows.map((row) => [row.id, row])).values()];
}

/** Counts these steps, which an earlier sub-workflow ran, in the error of a later one. */
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

// A step that returned a full page may lack rows. n8n can't combine 'any' with a condition on the ID, so its conditions are
// halved, and a single one is read page by page.
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
	const keys = new Set(conditions.map(conditionKey));
	const isMatch = (row: Row) => rowKeys(row).some((key) => keys.has(key));
	return new Set(rows.filter(isMatch).map(({ id }) => id)).size >= ROWS_PER_PAGE;
}

async function readPages(
	table: Table,
	condition: Condition,
	isWanted: (row: Row) => boolean = () => true,
): Promise<Row[]> {
	const rows: Row[] = [];
	let page: Row[] = [];
	do {
		const after = where('id', 'gt', page.at(-1)?.id ?? 0);
		page = await table.run([{ do: 'get', where: all(condition, after), limit: ROWS_PER_PAGE }]);
		rows.push(...page.filter(isWanted));
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
export function conditionsFor(users: User[]): Condition[] {
	const plain = users.flatMap((user) => identifierConditions(user, given));
	return eachConditionOnce([...plain, ...hashConditions(users)]);
}

/**
 * The conditions without those that are equal to an earlier one.
 * @param known keys of conditions to leave out as well; the keys of the returned ones are added
 */
export function eachConditionOnce(conditions: Condition[], known = new Set<string>()): Condition[] {
	const others: Condition[] = [];
	for (const condition of conditions) {
		const key = conditionKey(condition);
		if (known.has(key)) continue;
		known.add(key);
		others.push(condition);
	}
	return others;
}

/** Conditions for rows that contain the hash of one of the users' identifiers. */
export function hashConditions(users: User[]): Condition[] {
	return users.flatMap((user) => identifierConditions(user, (value) => withHash(value, 'sha256')));
}

function given(value: string): string {
	return value;
}

function isHash({ value }: Condition): boolean {
	return isSha256(String(value));
}

function identifierConditions({ Email, Phone }: User, as: (value: string) => string): Condition[] {
	return [
		...(Email === undefined ? [] : [where('email', 'eq', as(Email))]),
		...(Phone === undefined ? [] : [where('phone', 'eq', as(Phone))]),
	];
}

/** The same string for equal conditions. */
export function conditionKey({ column, value }: Pick<Condition, 'column' | 'value'>): string {
	return `${column} ${value}`;
}

/** The keys of all conditions that the row fulfills. */
function rowKeys(row: Row): string[] {
	const columns = ['email', 'phone', 'audience', 'contact'] as const;
	return columns.map((column) => conditionKey({ column, value: String(row[column]) }));
}
