import {
	COLUMNS,
	type Condition,
	type NewRow,
	type Row,
	type Step,
	type Table,
	type Where,
} from './table';
import {
	columnsUnfit,
	deleted,
	hasChangedMeanwhile,
	renamed,
	type TableTrouble,
	troubleOf,
} from './tableError';

/**
 * Which table the steps are for: by its ID, or found or made by its name. Found or made, it answers too; so it does by
 * an ID that is remembered, to be compared with the one that bears the name now.
 */
export type TableRef = { id: string; named?: string } | { find: string } | { make: string };

/** What a Data Table node is told to find or make the table; nothing when its ID is known. */
export function tableParameters(table: TableRef): Record<string, unknown> | undefined {
	if ('id' in table && table.named === undefined) return undefined;
	if (!('make' in table)) {
		const name = 'find' in table ? table.find : table.named;
		const options = name ? { filterName: literal(name) } : {};
		return { resource: 'table', operation: 'list', returnAll: true, options };
	}
	const column = Object.entries(COLUMNS).map(([name, type]) => ({ name, type }));
	return {
		resource: 'table',
		operation: 'create',
		tableName: literal(table.make),
		columns: { column },
		options: { createIfNotExists: true },
	};
}

/** What a Data Table node is told for a step. */
export function parametersOf(step: Step): Record<string, unknown> {
	switch (step.do) {
		case 'insert':
			return {
				operation: 'insert',
				columns: { mappingMode: 'autoMapInputData', value: null },
				options: { optimizeBulk: true },
			};
		case 'get':
			return {
				operation: 'get',
				...filters(step.where),
				returnAll: false,
				limit: step.limit,
				orderBy: true,
				orderByColumn: step.latest ?? 'id',
				orderByDirection: step.latest ? 'DESC' : 'ASC',
			};
		case 'update':
			return {
				operation: 'update',
				...filters(step.where),
				columns: {
					mappingMode: 'defineBelow',
					value: Object.fromEntries(
						Object.entries(step.set).map(([column, value]) => [column, literal(value)]),
					),
				},
				options: {},
			};
		case 'delete':
			return { operation: 'deleteRows', ...filters(step.where), options: {} };
	}
}

function filters({ match, conditions }: Where): Record<string, unknown> {
	return {
		matchType: match === 'all' ? 'allConditions' : 'anyCondition',
		filters: { conditions: conditions.map(filter) },
	};
}

function filter({ column, is, value }: Condition): Record<string, unknown> {
	return {
		keyName: column,
		condition: is,
		...(value !== undefined && { keyValue: literal(value) }),
	};
}

/** The value as a parameter: n8n evaluates a text that begins with an equals sign, and an email may. */
export function literal<T>(value: T): T | string {
	return typeof value === 'string' && value.startsWith('=') ? `={{ ${quoted(value)} }}` : value;
}

/** The text as an expression that holds no sign that could end it. */
export function quoted(text: string): string {
	return `decodeURIComponent("${encodeURIComponent(text)}")`;
}

/** A workflow as n8n runs it when one node hands it over: never saved, never listed. */
export interface InlineWorkflow {
	name: string;
	nodes: InlineNode[];
	connections: Record<string, { main: Target[][] }>;
	settings: Record<string, unknown>;
}

export interface InlineNode {
	id: string;
	name: string;
	type: string;
	typeVersion: number;
	position: [number, number];
	parameters: Record<string, unknown>;
	alwaysOutputData?: boolean;
	executeOnce?: boolean;
}

interface Target {
	node: string;
	type: 'main';
	index: number;
}

/** The ID that is asked for when no table has the name; n8n's answer quotes it. */
export const NO_TABLE = 'no-such-table';

const TABLE_NODE = 'Table';
const START: InlineNode = {
	id: 'start',
	name: 'Start',
	type: 'n8n-nodes-base.executeWorkflowTrigger',
	typeVersion: 1.1,
	position: [0, 0],
	parameters: { inputSource: 'passthrough' },
};

/**
 * The sub-workflow that carries out the steps in a chain. What comes back is the output of its last node: of the one
 * step that reads, or of a Merge node that puts the answers of several together.
 */
export function inlineWorkflow(table: TableRef, steps: Step[]): InlineWorkflow {
	const nodes = [...tableNodes(table), ...steps.map((step, index) => stepNode(step, index, table))];
	const answering = nodes.filter(
		({ name, parameters }) => name === TABLE_NODE || parameters.operation === 'get',
	);
	const chain = [START, ...nodes].map((node, index) => ({
		...node,
		position: [200 * index, 0] as [number, number],
	}));
	const connections: InlineWorkflow['connections'] = {};
	chain.forEach(({ name }, index) => {
		const next = chain[index + 1];
		connections[name] = { main: [next ? [target(next.name)] : []] };
	});
	if (answering.length > 1) {
		chain.push(mergeNode(answering.length, chain.length));
		answering.forEach(({ name }, index) => {
			connections[name]?.main[0]?.push(target('Answers', index));
		});
	}
	return { name: 'Collected contacts', nodes: chain, connections, settings: SETTINGS };
}

/** The sub-workflow that lists the project's tables whose names contain a text, or all. */
export function listTables(nameContains = ''): InlineWorkflow {
	const [node] = tableNodes({ find: nameContains });
	return {
		name: 'Collected contacts',
		nodes: [START, { ...(node as InlineNode), position: [200, 0] }],
		connections: { Start: { main: [[target(TABLE_NODE)]] } },
		settings: SETTINGS,
	};
}

const SETTINGS = {
	executionOrder: 'v1',
	saveDataSuccessExecution: 'none',
	saveDataErrorExecution: 'none',
	saveManualExecutions: false,
	saveExecutionProgress: false,
};

function target(node: string, index = 0): Target {
	return { node, type: 'main', index };
}

function dataTableNode(name: string, parameters: Record<string, unknown>): InlineNode {
	return {
		id: name,
		name,
		type: 'n8n-nodes-base.dataTable',
		typeVersion: 1.1,
		position: [0, 0],
		parameters,
		// A step without rows hands on one empty item, so that the next one runs; and that one runs once for all rows.
		alwaysOutputData: true,
		executeOnce: parameters.operation !== 'insert',
	};
}

function tableNodes(table: TableRef): InlineNode[] {
	const parameters = tableParameters(table);
	return parameters ? [dataTableNode(TABLE_NODE, parameters)] : [];
}

function stepNode(step: Step, index: number, table: TableRef): InlineNode {
	const parameters = { resource: 'row', dataTableId: reference(table), ...parametersOf(step) };
	return dataTableNode(`Step ${index + 1}`, parameters);
}

// n8n's own look-up by name takes any name that contains the text.
function reference(table: TableRef): Record<string, unknown> {
	const value =
		'id' in table
			? literal(table.id)
			: 'make' in table
				? `={{ $('${TABLE_NODE}').first().json.id }}`
				: `={{ $('${TABLE_NODE}').all().find(({ json }) => json.name === ${quoted(table.find)})?.json.id ?? '${NO_TABLE}' }}`;
	return { __rl: true, mode: 'id', value };
}

function mergeNode(numberInputs: number, column: number): InlineNode {
	return {
		id: 'answers',
		name: 'Answers',
		type: 'n8n-nodes-base.merge',
		typeVersion: 3,
		position: [200 * column, 200],
		parameters: { mode: 'append', numberInputs },
	};
}

/** One read in a hundred meets a new row when twenty runs store at once. */
const MOST_TRIES = 6;

/** Runs a sub-workflow on some items, and gives the JSON of what its last node puts out. */
export type RunWorkflow = (workflow: InlineWorkflow, items: object[]) => Promise<object[]>;

/** Which table bore a name when the workflow last used it: tells a table that was renamed from one that never was. */
export interface TableMemory {
	idOf(name: string): string | undefined;
	remember(name: string, id: string): void;
}

interface TableInfo {
	id: string;
	name: string;
	columns?: Array<{ name: string; type: string }>;
}

/** A table of n8n's own Data Tables, reached through sub-workflows: one for each call of `run`. */
export class DataTable implements Table {
	notice?: TableTrouble;
	private id?: string;

	constructor(
		private readonly name: string,
		private readonly runWorkflow: RunWorkflow,
		private readonly memory: TableMemory,
	) {}

	async run(steps: Step[]): Promise<Row[]> {
		try {
			if (this.id !== undefined) return await this.answer({ id: this.id }, steps);
			const [first] = steps;
			// An insert takes the sub-workflow's own input, so nothing can stand before it.
			if (first?.do !== 'insert') return await this.findAnd(steps);
			await this.findAnd([]);
			return await this.run(steps);
		} catch (error) {
			throw troubleOf(error);
		}
	}

	private async findAnd(steps: Step[]): Promise<Row[]> {
		const before = this.memory.idOf(this.name);
		try {
			// By its ID n8n has no expression to evaluate, which takes as long as all the rest.
			const known = before === undefined ? undefined : { id: before, named: this.name };
			return await this.answer(known ?? { find: this.name }, steps);
		} catch (error) {
			const there = await this.tables();
			const table = there.find(({ name }) => name === this.name);
			if (table) {
				this.use(table);
				if (table.id !== before) return await this.answer({ id: table.id }, steps);
				throw troubleOf(error);
			}
			const now = before === undefined ? undefined : there.find(({ id }) => id === before);
			if (now) throw renamed(this.name, now.name);
			const made = await this.makeAnd(steps);
			if (before !== undefined) this.notice = deleted(this.name);
			return made;
		}
	}

	private async makeAnd(steps: Step[]): Promise<Row[]> {
		try {
			return await this.answer({ make: this.name }, steps);
		} catch (error) {
			// Another run was quicker, which each database tells in its own words; or another table's name contains this one.
			const found = await this.answer({ find: this.name }, steps).catch(() => undefined);
			if (found) return found;
			throw troubleOf(error);
		}
	}

	private async answer(table: TableRef, steps: Step[]): Promise<Row[]> {
		const answers = await this.ask(table, steps);
		if ('id' in table && table.named === undefined) return answers.filter(isRow);
		const info = answers.filter(isTable).find(({ name }) => name === this.name);
		if (!info || ('id' in table && info.id !== table.id)) throw new Error(NO_TABLE);
		this.use(info);
		return answers.filter((answer): answer is Row => !isTable(answer) && isRow(answer));
	}

	// Only reading comes to that: what was inserted is there, and the other steps may be done twice.
	private async ask(table: TableRef, steps: Step[]): Promise<object[]> {
		let left = steps;
		for (let tries = 1; ; tries++) {
			const [first] = left;
			const items = first?.do === 'insert' ? first.rows.map(wholeRow) : [{}];
			try {
				return await this.runWorkflow(inlineWorkflow(table, left), items);
			} catch (error) {
				if (tries === MOST_TRIES || !hasChangedMeanwhile(error)) throw troubleOf(error);
				left = left.filter((step) => step.do !== 'insert');
			}
		}
	}

	private use({ id, columns }: TableInfo): void {
		const unfit = Object.entries(COLUMNS).filter(
			([name, type]) => columns && !columns.some((own) => own.name === name && own.type === type),
		);
		if (unfit.length > 0) {
			throw columnsUnfit(
				this.name,
				unfit.map(([name, type]) => `${name} (${type})`),
			);
		}
		this.id = id;
		this.memory.remember(this.name, id);
	}

	private async tables(): Promise<TableInfo[]> {
		return (await this.runWorkflow(listTables(), [{}])).filter(isTable);
	}
}

// Mapped by name, without an expression: each item is to have the table's columns and nothing else.
function wholeRow(row: NewRow): object {
	const empty = Object.fromEntries(Object.keys(COLUMNS).map((column) => [column, null]));
	return { ...empty, ...row };
}

function isTable(answer: object): answer is TableInfo {
	return 'id' in answer && 'name' in answer && 'columns' in answer;
}

function isRow(answer: object): answer is Row {
	return 'id' in answer && 'status' in answer;
}
