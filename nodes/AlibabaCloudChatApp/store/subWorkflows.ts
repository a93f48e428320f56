import { COLUMNS, type Condition, type Step, type RowFilter } from './table';

/** A workflow that a node passes to n8n to run; it is never saved or listed. */
export interface InlineWorkflow {
	name: string;
	nodes: InlineNode[];
	connections: Record<string, { main: Target[][] }>;
	settings: Record<string, unknown>;
}

/** A node of an inline workflow. */
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

const LIST = 'List Tables';

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
	// Explicit, since an instance's default may forbid calling it. n8n counts it as part of the workflow that runs it.
	callerPolicy: 'workflowsFromSameOwner',
	saveDataSuccessExecution: 'none',
	saveDataErrorExecution: 'none',
	saveManualExecutions: false,
	saveExecutionProgress: false,
};

/**
 * The sub-workflow that runs the steps in a chain. It returns the rows of the one step that reads or, if several do, of the
 * last Merge node, which combines the rows of all.
 * @param check the name of a table to look up as well
 */
export function stepsWorkflow(id: string, steps: Step[], check?: string): InlineWorkflow {
	const dataTableId = { __rl: true, mode: 'id', value: toLiteral(id) };
	const nodes = steps.map((step, index) =>
		dataTableNode(`Step ${index + 1}`, { resource: 'row', dataTableId, ...parametersOf(step) }),
	);
	if (check !== undefined) nodes.push(listNode(check));
	return chainNodes(nodes);
}

/** The sub-workflow that lists the tables whose names contain a string, or all of the project's. */
export function listTablesWorkflow(nameContains: string): InlineWorkflow {
	return chainNodes([listNode(nameContains)]);
}

/** The sub-workflow that creates the table, unless there is one with this name. */
export function createTableWorkflow(name: string): InlineWorkflow {
	const column = Object.entries(COLUMNS).map(([column, type]) => ({ name: column, type }));
	const parameters = {
		resource: 'table',
		operation: 'create',
		tableName: toLiteral(name),
		columns: { column },
		options: { createIfNotExists: true },
	};
	return chainNodes([dataTableNode('Create Table', parameters)]);
}

function listNode(nameContains: string): InlineNode {
	const options = nameContains ? { filterName: toLiteral(nameContains) } : {};
	const parameters = { resource: 'table', operation: 'list', returnAll: true, options };
	return dataTableNode(LIST, parameters);
}

function chainNodes(nodes: InlineNode[]): InlineWorkflow {
	const chain = [START, ...nodes].map((node, index) => ({
		...node,
		position: [200 * index, 0] as [number, number],
	}));
	const connections: InlineWorkflow['connections'] = {};
	chain.forEach(({ name }, index) => {
		const next = chain[index + 1];
		connections[name] = { main: [next ? [toTarget(next.name)] : []] };
	});
	const [first, ...others] = nodes.filter(({ parameters }) => READS.has(parameters.operation));
	let merged = first?.name ?? '';
	for (const [index, { name }] of others.entries()) {
		const merge = mergeNode(index + 1, chain.length);
		chain.push(merge);
		connections[merge.name] = { main: [[]] };
		connections[merged]?.main[0]?.push(toTarget(merge.name, 0));
		connections[name]?.main[0]?.push(toTarget(merge.name, 1));
		merged = merge.name;
	}
	return { name: 'Collected contacts', nodes: chain, connections, settings: SETTINGS };
}

const READS = new Set<unknown>(['get', 'list']);

function toTarget(node: string, index = 0): Target {
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
		// A step without rows returns one empty item, so that the next one runs; all but inserts run once for all rows.
		alwaysOutputData: true,
		executeOnce: parameters.operation !== 'insert',
	};
}

function mergeNode(number: number, column: number): InlineNode {
	const name = `Merge ${number}`;
	return {
		id: name,
		name,
		type: 'n8n-nodes-base.merge',
		// n8n evaluates an expression for the number of inputs of version 3, which takes as long as a read.
		typeVersion: 2.1,
		parameters: { mode: 'append' },
		position: [200 * column, 200],
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
				...toFilters(step.where),
				returnAll: false,
				limit: step.limit,
				...(step.inAnyOrder
					? { orderBy: false }
					: {
							orderBy: true,
							orderByColumn: step.latest ?? 'id',
							orderByDirection: step.latest ? 'DESC' : 'ASC',
						}),
			};
		case 'update':
			return {
				operation: 'update',
				...toFilters(step.where),
				columns: {
					mappingMode: 'defineBelow',
					value: Object.fromEntries(
						Object.entries(step.set).map(([column, value]) => [column, toLiteral(value)]),
					),
				},
				options: {},
			};
		case 'delete':
			return { operation: 'deleteRows', ...toFilters(step.where), options: {} };
	}
}

function toFilters({ match, conditions }: RowFilter): Record<string, unknown> {
	return {
		matchType: match === 'all' ? 'allConditions' : 'anyCondition',
		filters: { conditions: conditions.map(toFilter) },
	};
}

function toFilter({ column, is, value }: Condition): Record<string, unknown> {
	return {
		keyName: column,
		condition: is,
		...(value !== undefined && { keyValue: toLiteral(value) }),
	};
}

/** The value as a parameter: n8n evaluates a string that begins with an equals sign, and an email may begin with one. */
function toLiteral<T>(value: T): T | string {
	return typeof value === 'string' && value.startsWith('=')
		? `={{ decodeURIComponent("${encodeURIComponent(value)}") }}`
		: value;
}

/** How many of the steps were done when the sub-workflow failed; undefined if n8n doesn't name the node that failed. */
export function stepsDone(error: unknown, steps: Step[]): number | undefined {
	const name = (error as { node?: { name?: unknown } } | undefined)?.node?.name;
	if (name === LIST) return steps.length;
	const [, kind, number] = /^(Step|Merge) (\d+)$/.exec(String(name)) ?? [];
	if (kind === 'Merge') return steps.length;
	return number === undefined ? undefined : Number(number) - 1;
}
