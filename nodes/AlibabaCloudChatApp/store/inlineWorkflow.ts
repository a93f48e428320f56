import { literal, parametersOf, quoted, tableParameters, type TableRef } from './nodeParameters';
import type { Step } from './table';

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
