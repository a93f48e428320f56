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
	type TableError,
	toTableError,
} from './tableError';

/** A workflow as n8n runs it when a node passes it on: never saved, never listed. */
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

/** Runs a sub-workflow on some items. @returns the JSON of the items that its last node returns */
export type RunWorkflow = (workflow: InlineWorkflow, items: object[]) => Promise<object[]>;

/**
 * Which table had a name when the workflow last used it. It saves a search, and it distinguishes a table that was
 * renamed or deleted from one that never existed.
 */
export interface TableMemory {
	idOf(name: string): string | undefined;
	remember(name: string, id: string): void;
}

interface TableInfo {
	id: string;
	name: string;
	columns?: Array<{ name: string; type: string }>;
}

/** When twenty runs store at once, one read in a hundred meets a new row. */
const MAX_TRIES = 6;

/** A table of n8n's own Data Tables, reached through sub-workflows: one for each call of `run`. */
export class DataTable implements Table {
	notice?: TableError;
	private id?: string;

	constructor(
		private readonly name: string,
		private readonly runWorkflow: RunWorkflow,
		private readonly memory: TableMemory,
	) {}

	async run(steps: Step[]): Promise<Row[]> {
		try {
			if (this.id !== undefined) return await this.runIn(this.id, steps);
			const remembered = this.memory.idOf(this.name);
			if (remembered === undefined || steps[0]?.do === 'insert') {
				return await this.runIn(await this.findOrCreate(remembered), steps);
			}
			return await this.runInRemembered(remembered, steps);
		} catch (error) {
			throw toTableError(error);
		}
	}

	private async runIn(id: string, steps: Step[]): Promise<Row[]> {
		return (await this.request(id, steps)).filter(isRow);
	}

	/** Runs the steps and checks the table's name and columns in the same sub-workflow. */
	private async runInRemembered(id: string, steps: Step[]): Promise<Row[]> {
		let failure: unknown;
		try {
			const found = await this.request(id, steps, this.name);
			const table = found.filter(isTable).find(({ name }) => name === this.name);
			if (table?.id === id) {
				this.use(table);
				return found.filter(isRow);
			}
		} catch (error) {
			failure = error;
		}
		const current = await this.findOrCreate(id);
		if (current === id) throw failure;
		return await this.runIn(current, steps);
	}

	/**
	 * @param remembered the ID of the table that had the name before
	 * @returns the ID of the table that has the name now
	 */
	private async findOrCreate(remembered: string | undefined): Promise<string> {
		const tables = await this.list(remembered === undefined ? this.name : '');
		const found = tables.find(({ name }) => name === this.name);
		if (found) return this.use(found);
		const known = tables.find(({ id }) => id === remembered);
		if (known) throw renamed(this.name, known.name);
		const id = this.use(await this.create());
		if (remembered !== undefined) this.notice = deleted(this.name);
		return id;
	}

	private async create(): Promise<TableInfo> {
		const isNamed = ({ name }: TableInfo) => name === this.name;
		try {
			const created = await this.runWorkflow(createTable(this.name), [{}]);
			const table = created.filter(isTable).find(isNamed);
			if (table) return table;
			throw new Error(NO_TABLE);
		} catch (error) {
			// Another run was faster, which every database reports in its own words.
			const table = (await this.list(this.name)).find(isNamed);
			if (table) return table;
			throw toTableError(error);
		}
	}

	// Only reads are repeated: what was inserted stays, and the other steps can be done twice.
	private async request(id: string, steps: Step[], check?: string): Promise<object[]> {
		let remaining = steps;
		for (let tries = 1; ; tries++) {
			const [first] = remaining;
			const items = first?.do === 'insert' ? first.rows.map(withAllColumns) : [{}];
			try {
				return await this.runWorkflow(stepsWorkflow(id, remaining, check), items);
			} catch (error) {
				if (tries === MAX_TRIES || !hasChangedMeanwhile(error)) throw toTableError(error);
				remaining = remaining.filter((step) => step.do !== 'insert');
			}
		}
	}

	private use({ id, columns }: TableInfo): string {
		const unfit = Object.entries(COLUMNS).filter(
			([name, type]) => columns && !columns.some((one) => one.name === name && one.type === type),
		);
		if (unfit.length > 0) {
			throw columnsUnfit(
				this.name,
				unfit.map(([name, type]) => `${name} (${type})`),
			);
		}
		this.id = id;
		this.memory.remember(this.name, id);
		return id;
	}

	private async list(nameContains: string): Promise<TableInfo[]> {
		return (await this.runWorkflow(listTables(nameContains), [{}])).filter(isTable);
	}
}

// Mapped by name, without an expression: an item needs all of the table's columns and nothing else.
function withAllColumns(row: NewRow): object {
	const empty = Object.fromEntries(Object.keys(COLUMNS).map((column) => [column, null]));
	return { ...empty, ...row };
}

function isTable(answer: object): answer is TableInfo {
	return 'id' in answer && 'name' in answer && 'columns' in answer;
}

function isRow(answer: object): answer is Row {
	return !isTable(answer) && 'id' in answer && 'status' in answer;
}

/** Appears in the error if n8n returns no table; see `toTableError`. */
const NO_TABLE = 'no-such-table';

const START: InlineNode = {
	id: 'start',
	name: 'Start',
	type: 'n8n-nodes-base.executeWorkflowTrigger',
	typeVersion: 1.1,
	position: [0, 0],
	parameters: { inputSource: 'passthrough' },
};

const SETTINGS = {
	executionOrder: 'v1',
	saveDataSuccessExecution: 'none',
	saveDataErrorExecution: 'none',
	saveManualExecutions: false,
	saveExecutionProgress: false,
};

/**
 * The sub-workflow that runs the steps in a chain. It returns the output of its last node: of the one step that reads,
 * or of a Merge node that combines the output of several.
 * @param check the name of a table to look up as well
 */
function stepsWorkflow(id: string, steps: Step[], check?: string): InlineWorkflow {
	const dataTableId = { __rl: true, mode: 'id', value: literal(id) };
	const nodes = steps.map((step, index) =>
		dataTableNode(`Step ${index + 1}`, { resource: 'row', dataTableId, ...parametersOf(step) }),
	);
	if (check !== undefined) nodes.push(listNode(check));
	return chained(nodes);
}

function listTables(nameContains: string): InlineWorkflow {
	return chained([listNode(nameContains)]);
}

function createTable(name: string): InlineWorkflow {
	const column = Object.entries(COLUMNS).map(([column, type]) => ({ name: column, type }));
	const parameters = {
		resource: 'table',
		operation: 'create',
		tableName: literal(name),
		columns: { column },
		options: { createIfNotExists: true },
	};
	return chained([dataTableNode('Create Table', parameters)]);
}

function listNode(nameContains: string): InlineNode {
	const options = nameContains ? { filterName: literal(nameContains) } : {};
	const parameters = { resource: 'table', operation: 'list', returnAll: true, options };
	return dataTableNode('List Tables', parameters);
}

function chained(nodes: InlineNode[]): InlineWorkflow {
	const chain = [START, ...nodes].map((node, index) => ({
		...node,
		position: [200 * index, 0] as [number, number],
	}));
	const connections: InlineWorkflow['connections'] = {};
	chain.forEach(({ name }, index) => {
		const next = chain[index + 1];
		connections[name] = { main: [next ? [target(next.name)] : []] };
	});
	const reading = nodes.filter(({ parameters }) => READS.has(parameters.operation));
	if (reading.length > 1) {
		chain.push(mergeNode(reading.length, chain.length));
		reading.forEach(({ name }, index) => {
			connections[name]?.main[0]?.push(target('Merge', index));
		});
	}
	return { name: 'Collected contacts', nodes: chain, connections, settings: SETTINGS };
}

const READS = new Set<unknown>(['get', 'list']);

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
		// A step without rows returns one empty item, so that the next one runs; and that one runs once for all rows.
		alwaysOutputData: true,
		executeOnce: parameters.operation !== 'insert',
	};
}

function mergeNode(numberInputs: number, column: number): InlineNode {
	return {
		id: 'merge',
		name: 'Merge',
		type: 'n8n-nodes-base.merge',
		typeVersion: 3,
		position: [200 * column, 200],
		parameters: { mode: 'append', numberInputs },
	};
}

function parametersOf(step: Step): Record<string, unknown> {
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

/** The value as a parameter: n8n evaluates a text that begins with an equals sign, and an email may begin with one. */
function literal<T>(value: T): T | string {
	return typeof value === 'string' && value.startsWith('=')
		? `={{ decodeURIComponent("${encodeURIComponent(value)}") }}`
		: value;
}
