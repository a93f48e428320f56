import { type Message, messageText } from '../message';
import { shownName } from '../redact';

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
 * What a row is: a contact that is waiting, one that a run is sending, one that was sent before; the lease, which says which
 * run may send to the audience; or the hash of an identifier whose person asked to be forgotten.
 */
export type RowStatus = 'waiting' | 'claimed' | 'sent' | 'lease' | 'forgotten';

/**
 * A row as it is read; someone may have changed anything in it. Dates are ISO 8601 in UTC. Rows with the same
 * `contact` belong to one contact.
 */
export type Row = { id: number } & Record<Column, string | null>;

/** A row to insert; columns that are left out are empty. */
export type NewRow = Partial<Record<Column, string | null>> & { status: RowStatus };

/** A condition on one column. */
export interface Condition {
	column: Column | 'id';
	is: 'eq' | 'neq' | 'lt' | 'lte' | 'gt' | 'gte' | 'isEmpty';
	/** Absent with `isEmpty`. */
	value?: string | number;
}

/** Which rows a step applies to. n8n's filters can't be nested: all of the conditions, or any of them. */
export interface RowFilter {
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
	| { do: 'get'; where: RowFilter; limit: number; latest?: Column; inAnyOrder?: true }
	| { do: 'update'; where: RowFilter; set: Partial<Record<Column, string | null>> }
	| { do: 'delete'; where: RowFilter };

/** The Data Table with the contacts, leases, and forgotten people. */
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
	/** What happened to the table itself, if users should know about it. */
	readonly message?: Message;
	/** n8n's ID of the table, once it is known. */
	readonly id?: string;
}

/** One page of a Data Table: beyond it, n8n reads page by page and gives up if a row was added in between. */
export const ROWS_PER_PAGE = 1000;

/** A filter that requires all of the conditions. */
export function all(...conditions: Condition[]): RowFilter {
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

/** Codes that workflows may filter by, so they never change. */
export type TableErrorCode =
	| 'data_tables_unreachable'
	| 'data_tables_off'
	| 'data_tables_denied'
	| 'data_tables_missing'
	| 'data_tables_full'
	| 'data_table_renamed'
	| 'data_table_deleted'
	| 'data_table_moved'
	| 'data_table_columns'
	| 'data_table';

/** Why the Data Table can't be read or changed. */
export class TableError extends Error implements Message {
	constructor(
		readonly code: TableErrorCode,
		readonly what: string,
		readonly fix: string,
		/** How many of the steps had taken effect; undefined if that is unknown. */
		readonly stepsDone?: number,
	) {
		super(messageText({ what, fix }));
	}

	/** The same error of a later sub-workflow, when steps of an earlier one had taken effect. */
	after(steps: number): TableError {
		return new TableError(this.code, this.what, this.fix, steps + (this.stepsDone ?? 0));
	}
}

const WITHOUT_TABLE = "or, in Add Users, set 'When Below Minimum' to Send Anyway or Hold";

/** Turns what n8n's Data Table nodes throw into a TableError. n8n's text is never quoted: it may contain a row. */
export function toTableError(error: unknown, stepsDone?: number): TableError {
	if (error instanceof TableError) return error;
	const text = errorText(error);
	const found = CASES.find(({ pattern }) => pattern.test(text));
	if (found) return new TableError(found.code, found.what, found.fix, stepsDone);
	return new TableError(
		'data_table',
		"n8n's Data Table returned an unexpected response",
		`Check n8n's log, ${WITHOUT_TABLE}`,
		stepsDone,
	);
}

/**
 * The error as a value if it is a TableError.
 * @throws the error itself if it isn't, such as a canceled execution
 */
export function tableErrorOrThrow(error: unknown): TableError {
	if (error instanceof TableError) return error;
	throw error;
}

const CASES: Array<{ pattern: RegExp; code: TableErrorCode; what: string; fix: string }> = [
	{
		pattern: /module is disabled/i,
		code: 'data_tables_off',
		what: "The Data Table can't be used because n8n's Data Tables are turned off",
		fix: `Remove 'data-table' from the environment variable N8N_DISABLED_MODULES and restart n8n, ${WITHOUT_TABLE}`,
	},
	{
		pattern:
			/cannot be called by this|limits which workflows it can be called by|may not be called/i,
		code: 'data_tables_denied',
		what: "The Data Table can't be used because n8n doesn't allow this workflow to run a sub-workflow in its own project",
		fix: `Ask the person who runs n8n to allow it (N8N_WORKFLOW_CALLER_POLICY_DEFAULT_OPTION=workflowsFromSameOwner), ${WITHOUT_TABLE}`,
	},
	{
		pattern:
			/unrecognized node type|unknown node type|not have.*known node|node type .* is not known/i,
		code: 'data_tables_missing',
		what: "The Data Table can't be used because this n8n has no Data Table node",
		fix: `Update n8n to 2.4.8 or newer, remove 'n8n-nodes-base.dataTable' from NODES_EXCLUDE, ${WITHOUT_TABLE}`,
	},
	{
		pattern: /size limit exceeded/i,
		code: 'data_tables_full',
		what: "The Data Table can't be used because n8n's Data Tables are full",
		fix: 'Delete rows that are no longer needed under Data Tables, or raise the environment variable N8N_DATA_TABLES_MAX_SIZE_BYTES',
	},
	{
		pattern: /executeWorkflow is not a function|not available in this context/i,
		code: 'data_tables_unreachable',
		what: "The Data Table can't be used because n8n's Data Tables can't be reached from this run",
		fix: `Run the node in a saved workflow of n8n 2.4.8 or newer with Data Tables turned on, ${WITHOUT_TABLE}`,
	},
	{
		pattern: /unknown column|columns?\b.* do(es)? not exist|does not match column type/i,
		code: 'data_table_columns',
		what: "The Data Table can't be used because it lacks a column that the node needs, or a column has the wrong type",
		fix: "If you renamed a column, change its name back. Or enter a new name in 'Data Table Name', and the node creates its own table",
	},
	{
		pattern: /read-only mode|protected instance/i,
		code: 'data_table',
		what: "The Data Table can't be used because this n8n is in read-only mode",
		fix: `Run the workflow on an instance that can change Data Tables, ${WITHOUT_TABLE}`,
	},
	{
		pattern: /no-such-table|reading 'execute'|typeVersion|not a function|Could not get parameter/i,
		code: 'data_tables_missing',
		what: "The Data Table can't be used because this n8n can't create Data Tables or find them by name",
		fix: `Update n8n to 2.4.8 or newer, ${WITHOUT_TABLE}`,
	},
];

/** Whether n8n gave up reading because a row was added or removed between two of its queries. */
export function hasChangedMeanwhile(error: unknown): boolean {
	return /result count changed/i.test(errorText(error));
}

function errorText(error: unknown): string {
	const { message, description, cause, stack } = (error ?? {}) as Record<string, unknown>;
	const inner = cause instanceof Error ? cause.message : '';
	// n8n passes on a sub-workflow's error without its message, but with its stack.
	const first = typeof stack === 'string' ? stack.split('\n', 1)[0] : '';
	return [message, description, inner, first].filter((text) => typeof text === 'string').join(' ');
}

/** The table that the workflow used before has another name. */
export function tableRenamed(name: string, newName: string): TableError {
	return new TableError(
		'data_table_renamed',
		`The Data Table '${shownName(name)}', where contacts are waiting, was renamed to '${shownName(newName)}'`,
		`Change its name back under Data Tables, or enter '${shownName(newName)}' in 'Data Table Name' of each node that uses it`,
	);
}

/** Columns are missing or have the wrong type. */
export function columnsMissing(name: string, columns: string[]): TableError {
	const which = columns.map((column) => `'${column}'`).join(', ');
	return new TableError(
		'data_table_columns',
		`The Data Table '${shownName(name)}' lacks ${columns.length === 1 ? 'a column' : 'columns'} that the node needs: ${which}`,
		"If you renamed a column, change its name back, or add it under Data Tables with its type. Or enter a new name in 'Data Table Name', and the node creates its own table",
	);
}

/** The table that the workflow used before is gone, and a new one was created. */
export function tableDeleted(name: string): TableError {
	return new TableError(
		'data_table_deleted',
		`The Data Table '${shownName(name)}' was deleted along with the contacts waiting in it, so a new one was created`,
		'Run those contacts again if you want to send them',
	);
}

/** The workflow was moved: the table that it used before is in another project. */
export function tableMoved(name: string): TableError {
	return new TableError(
		'data_table_moved',
		`This workflow was moved to another project, so it now uses that project's Data Table '${shownName(name)}'. The contacts in the previous project's table are still there`,
		'Move that Data Table too, or send its contacts with a workflow in the previous project',
	);
}
