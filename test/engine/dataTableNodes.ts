import {
	NodeConnectionTypes,
	NodeOperationError,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import type { Filter, MemoryTables } from '../store/memoryTables';

/**
 * Fakes of the n8n nodes that the collecting sub-workflow uses, with tables in memory: n8n's full set of nodes is too
 * large for these tests. `e2e/parts/table.ts` checks in a real n8n that they behave the same.
 */
export function dataTableNodes(tables: MemoryTables): Record<string, INodeType> {
	return {
		'n8n-nodes-base.executeWorkflowTrigger': {
			description: describe('executeWorkflowTrigger', [1.1], []),
			async execute() {
				return [this.getInputData()];
			},
		},
		'n8n-nodes-base.dataTable': {
			description: describe('dataTable', [1.1], [NodeConnectionTypes.Main]),
			async execute() {
				try {
					return [carryOut(this, tables)];
				} catch (error) {
					throw new NodeOperationError(this.getNode(), error as Error);
				}
			},
		},
		'n8n-nodes-base.merge': {
			description: describe('merge', [2.1], new Array(2).fill(NodeConnectionTypes.Main)),
			async execute() {
				return [[0, 1].flatMap((index) => this.getInputData(index))];
			},
		},
	};
}

const PARAMETERS = [
	'resource',
	'operation',
	'options',
	'tableName',
	'columns',
	'dataTableId',
	'matchType',
	'filters',
	'limit',
	'orderBy',
	'orderByColumn',
	'orderByDirection',
];

function describe(
	name: string,
	version: number[],
	inputs: INodeTypeDescription['inputs'],
): INodeTypeDescription {
	return {
		displayName: name,
		name,
		group: inputs.length === 0 ? ['trigger'] : ['transform'],
		version,
		description: '',
		defaults: { name },
		inputs,
		outputs: [NodeConnectionTypes.Main],
		// n8n drops parameters that aren't declared.
		properties: PARAMETERS.map((name) => ({
			displayName: name,
			name,
			type: 'hidden',
			default: '',
		})),
	};
}

function carryOut(context: IExecuteFunctions, tables: MemoryTables): INodeExecutionData[] {
	const parameter = (name: string) => context.getNodeParameter(name, 0, '') as never;
	const items = context.getInputData();
	if (parameter('resource') === 'table') {
		const { filterName = '', createIfNotExists = false } = parameter('options') as Partial<
			Record<string, never>
		>;
		const found =
			parameter('operation') === 'list'
				? tables.list(filterName)
				: [tables.create(parameter('tableName'), parameter('columns.column'), createIfNotExists)];
		return found.map(({ id, projectId, name, columns }) => ({
			json: { id, projectId, name, columns },
		}));
	}
	const table = parameter('dataTableId.value') as string;
	const filter: Filter = {
		matchType: parameter('matchType'),
		conditions: parameter('filters.conditions') || [],
	};
	const rows = (found: object[]) => found.map((json) => ({ json: { ...json } }));
	switch (parameter('operation') as string) {
		case 'insert': {
			const count = tables.insert(
				table,
				items.map(({ json }) => json),
			);
			return [{ json: { success: true, insertedRows: count } }];
		}
		case 'get': {
			const order = {
				orderBy: parameter('orderByColumn') as string,
				latest: parameter('orderByDirection') === 'DESC',
			};
			const isInOrder = Boolean(parameter('orderBy'));
			const how = { limit: parameter('limit') as number, ...(isInOrder && order) };
			return rows(tables.get(table, filter, how));
		}
		case 'update':
			return rows(tables.update(table, filter, parameter('columns.value')));
		case 'deleteRows':
			return rows(tables.delete(table, filter));
		default:
			throw new Error('No such operation');
	}
}
