import type { Message } from '../message';

/** The table's columns and their types; n8n itself adds id, createdAt and updatedAt. */
export const COLUMNS = {
	audience: 'string',
	email: 'string',
	phone: 'string',
	status: 'string',
	claim: 'string',
	waitingSince: 'date',
	sentAt: 'date',
	leaseUntil: 'date',
} as const;

export type Column = keyof typeof COLUMNS;

/**
 * What a row is: a contact that waits, one that a run is sending, one that was sent, or the row that says which run
 * may send to the audience.
 */
export type Status = 'waiting' | 'claimed' | 'sent' | 'lease';

/** A row as it is read; a person may have put anything into it. Dates are ISO 8601 in UTC. */
export type Row = { id: number } & Record<Column, string | null>;

export type NewRow = Partial<Record<Column, string | null>> & { status: Status };

export interface Condition {
	column: Column | 'id';
	is: 'eq' | 'neq' | 'lt' | 'lte' | 'gt' | 'gte' | 'isEmpty';
	/** Absent with `isEmpty`. */
	value?: string | number;
}

/** n8n's filters are either-or: all of the conditions, or any of them. */
export interface Where {
	match: 'all' | 'any';
	conditions: Condition[];
}

export type Step =
	/** Only as the first step: it takes its rows from the sub-workflow's own input. */
	| { do: 'insert'; rows: NewRow[] }
	/** By ascending id, or the latest first by a column's date. A limit above 1,000 asks for rows that nobody changes. */
	| { do: 'get'; where: Where; limit: number; latest?: Column }
	| { do: 'update'; where: Where; set: Partial<Record<Column, string | null>> }
	| { do: 'delete'; where: Where };

/** A Data Table, as far as collecting needs it. */
export interface Table {
	/**
	 * Carries out the steps one after the other, each on its own: there is no transaction over several.
	 * @returns the rows of all 'get' steps, in the order of the steps
	 * @throws TableTrouble
	 */
	run(steps: Step[]): Promise<Row[]>;
	/** What became of the table itself, if a person should know it. */
	readonly notice?: Message;
}

/** One page of a Data Table: with more rows n8n asks again, and gives up when a row came meanwhile. */
export const PAGE = 1000;

export function all(...conditions: Condition[]): Where {
	return { match: 'all', conditions };
}

/** A condition in the order in which it is said: `column is value`. */
export function where(
	column: Condition['column'],
	is: Condition['is'],
	value?: Condition['value'],
): Condition {
	return value === undefined ? { column, is } : { column, is, value };
}
