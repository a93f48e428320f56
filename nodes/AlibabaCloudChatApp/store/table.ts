import type { Message } from '../message';

/** The table's columns and their types; n8n adds id, createdAt, and updatedAt. */
export const COLUMNS = {
	audience: 'string',
	audienceName: 'string',
	contact: 'string',
	email: 'string',
	phone: 'string',
	status: 'string',
	claim: 'string',
	waitingSince: 'date',
	sentAt: 'date',
	leaseUntil: 'date',
} as const;

/** A column's name. */
export type Column = keyof typeof COLUMNS;

/**
 * What a row is: a contact that waits, one that a run is sending, one that was sent before; the lease, which says which
 * run may send to the audience; or the hash of an identifier whose person asked to be forgotten.
 */
export type Status = 'waiting' | 'claimed' | 'sent' | 'lease' | 'forgotten';

/**
 * A row as it is read; a person may have changed anything in it. Dates are ISO 8601 in UTC. Rows with the same
 * `contact` belong to one contact.
 */
export type Row = { id: number } & Record<Column, string | null>;

/** A row to insert; columns that are left out are empty. */
export type NewRow = Partial<Record<Column, string | null>> & { status: Status };

/** A condition on one column. */
export interface Condition {
	column: Column | 'id';
	is: 'eq' | 'neq' | 'lt' | 'lte' | 'gt' | 'gte' | 'isEmpty';
	/** Absent with `isEmpty`. */
	value?: string | number;
}

/** n8n's filters can't be nested: all of the conditions, or any of them. */
export interface Where {
	match: 'all' | 'any';
	conditions: Condition[];
}

/** One step of a sub-workflow. */
export type Step =
	/** Only as the first step: it takes its rows from the sub-workflow's input. */
	| { do: 'insert'; rows: NewRow[] }
	/**
	 * By ascending id, by a date column, latest first, or in any order, which takes n8n fewer queries. Use a limit above
	 * 1,000 only for rows that no other run changes.
	 */
	| { do: 'get'; where: Where; limit: number; latest?: Column; inAnyOrder?: true }
	| { do: 'update'; where: Where; set: Partial<Record<Column, string | null>> }
	| { do: 'delete'; where: Where };

/** A Data Table, as far as collecting needs it. */
export interface Table {
	/**
	 * Runs the steps one after the other, without a transaction: if a step fails, those before it have taken effect.
	 * @returns the rows of all 'get' steps, in the order of the steps
	 * @throws TableError
	 */
	run(steps: Step[]): Promise<Row[]>;
	/**
	 * Runs the steps as `run` does, but doesn't create the table.
	 * @returns undefined if there is no table
	 * @throws TableError
	 */
	runIfExists(steps: Step[]): Promise<Row[] | undefined>;
	/** What happened to the table itself, if a person should know. */
	readonly notice?: Message;
}

/** One page of a Data Table: beyond it, n8n reads page by page and gives up if a row was added in between. */
export const PAGE = 1000;

/** A filter that requires all of the conditions. */
export function all(...conditions: Condition[]): Where {
	return { match: 'all', conditions };
}

/** A condition in the order in which it is read: column, comparison, value. */
export function where(
	column: Condition['column'],
	is: Condition['is'],
	value?: Condition['value'],
): Condition {
	return value === undefined ? { column, is } : { column, is, value };
}
