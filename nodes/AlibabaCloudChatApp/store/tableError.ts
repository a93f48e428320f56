import { type Message, sentence } from '../message';

export type TroubleCode =
	| 'data_tables_unreachable'
	| 'data_tables_off'
	| 'data_tables_missing'
	| 'data_tables_full'
	| 'data_table_renamed'
	| 'data_table_deleted'
	| 'data_table_columns'
	| 'data_table';

/** Why contacts can't be stored or read. */
export class TableTrouble extends Error implements Message {
	constructor(
		readonly code: TroubleCode,
		readonly what: string,
		readonly fix: string,
	) {
		super(sentence({ what, fix }));
	}
}

const WITHOUT = "or set 'Under Minimum' to Send Anyway or Hold";

/** What is told of an answer of n8n's Data Table nodes that says no. */
export function troubleOf(error: unknown): TableTrouble {
	if (error instanceof TableTrouble) return error;
	const text = textOf(error);
	const found = CASES.find(({ sign }) => sign.test(text));
	if (found) return new TableTrouble(found.code, found.what, found.fix);
	// Any other text may quote a row.
	return new TableTrouble(
		'data_table',
		"n8n's Data Table did not answer as expected",
		`Look at n8n's log, ${WITHOUT}`,
	);
}

const CASES: Array<{ sign: RegExp; code: TroubleCode; what: string; fix: string }> = [
	{
		sign: /module is disabled/i,
		code: 'data_tables_off',
		what: "Contacts can't be collected: n8n's Data Tables are switched off",
		fix: `Take 'data-table' out of the environment variable N8N_DISABLED_MODULES and restart n8n, ${WITHOUT}`,
	},
	{
		sign: /unrecognized node type|unknown node type|not have.*known node|node type .* is not known/i,
		code: 'data_tables_missing',
		what: "Contacts can't be collected: this n8n has no Data Table node",
		fix: `Update n8n to 2.3.6 or newer, take 'n8n-nodes-base.dataTable' out of NODES_EXCLUDE, ${WITHOUT}`,
	},
	{
		sign: /size limit exceeded/i,
		code: 'data_tables_full',
		what: "Contacts can't be collected: the space of n8n's Data Tables is used up",
		fix: 'Delete rows that are no longer needed under Data Tables, or raise the environment variable N8N_DATA_TABLES_MAX_SIZE_BYTES',
	},
	{
		sign: /executeWorkflow is not a function|not available in this context/i,
		code: 'data_tables_unreachable',
		what: "Contacts can't be collected: n8n's Data Tables can't be reached from here",
		fix: `Run the node in a saved workflow of n8n 2.3.6 or newer with Data Tables switched on, ${WITHOUT}`,
	},
	{
		sign: /unknown column|do(es)? not exist|does not match column type/i,
		code: 'data_table_columns',
		what: "Contacts can't be collected: the Data Table lacks a column that the node needs, or its type is another",
		fix: "Name a renamed column as it was; or enter a new name in the option 'Collect Table', and the node makes a table of its own",
	},
	{
		sign: /read-only mode|protected instance/i,
		code: 'data_table',
		what: "Contacts can't be collected: this n8n is in read-only mode",
		fix: `Run the workflow on an instance that may change Data Tables, ${WITHOUT}`,
	},
	{
		sign: /no-such-table|reading 'execute'|typeVersion|not a function|Could not get parameter/i,
		code: 'data_tables_missing',
		what: "Contacts can't be collected: this n8n can't make or find Data Tables by name",
		fix: `Update n8n to 2.3.6 or newer, ${WITHOUT}`,
	},
];

/** n8n reads the rows and then counts them; a row that comes in between may make it give up. */
export function hasChangedMeanwhile(error: unknown): boolean {
	return /result count changed/i.test(textOf(error));
}

function textOf(error: unknown): string {
	const { message, description, cause, stack } = (error ?? {}) as Record<string, unknown>;
	const inner = cause instanceof Error ? cause.message : '';
	// n8n hands an error of a sub-workflow on without its message, but with its stack.
	const first = typeof stack === 'string' ? stack.split('\n', 1)[0] : '';
	return [message, description, inner, first].filter((text) => typeof text === 'string').join(' ');
}

/** The trouble itself as a value; anything else, such as a canceled execution, is no matter of the table. */
export function troubleOrThrow(error: unknown): TableTrouble {
	if (error instanceof TableTrouble) return error;
	throw error;
}

/** The table that was used until now bears another name. */
export function renamed(name: string, now: string): TableTrouble {
	return new TableTrouble(
		'data_table_renamed',
		`The Data Table '${name}', where contacts wait, was renamed to '${now}'`,
		`Rename it back under Data Tables, or enter '${now}' in the option 'Collect Table' of each node that uses it`,
	);
}

/** A column is missing or holds another type. */
export function columnsUnfit(name: string, columns: string[]): TableTrouble {
	const which = columns.map((column) => `'${column}'`).join(', ');
	return new TableTrouble(
		'data_table_columns',
		`The Data Table '${name}' lacks ${columns.length === 1 ? 'a column' : 'columns'} that the node needs: ${which}`,
		"Name a renamed column as it was, or add it under Data Tables with its type; or enter a new name in the option 'Collect Table', and the node makes a table of its own",
	);
}

/** The table that was used until now is gone, and a new one was made. */
export function deleted(name: string): TableTrouble {
	return new TableTrouble(
		'data_table_deleted',
		`The Data Table '${name}' was deleted, with the contacts that waited in it, so a new one was made`,
		'Bring those contacts again if they are to be sent',
	);
}
