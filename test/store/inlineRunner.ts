import get from 'lodash/get';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { RunWorkflow } from '../../nodes/AlibabaCloudChatApp/store/dataTable';
import type {
	InlineNode,
	InlineWorkflow,
} from '../../nodes/AlibabaCloudChatApp/store/subWorkflows';
import { dataTableNodes } from '../engine/dataTableNodes';
import type { MemoryTables } from './memoryTables';

/** Runs the sub-workflows of a Data Table on tables in memory, as n8n's engine does, but without loading it. */
export function inlineRunner(tables: MemoryTables): RunWorkflow {
	const nodeTypes = dataTableNodes(tables);
	return async ({ nodes, connections }, given) => {
		const inputs = new Map<string, INodeExecutionData[][]>();
		const outputs = new Map<string, INodeExecutionData[]>();
		let last: INodeExecutionData[] = [];
		for (const node of nodes) {
			const items = inputs.get(node.name) ?? [given.map((json) => ({ json: json as never }))];
			// n8n runs no node without items.
			if (items.every((list = []) => list.length === 0)) break;
			const run = nodeTypes[node.type]?.execute;
			if (!run) throw new Error(`Unrecognized node type: ${node.type}`);
			last = ((await run.call(contextOf(node, items, outputs))) as INodeExecutionData[][])[0] ?? [];
			if (last.length === 0 && node.alwaysOutputData) last = [{ json: {} }];
			outputs.set(node.name, last);
			for (const target of targetsOf(connections, node)) {
				const waiting = inputs.get(target.node) ?? [];
				waiting[target.index] = last;
				inputs.set(target.node, waiting);
			}
		}
		return last.map(({ json }) => json);
	};
}

function targetsOf(connections: InlineWorkflow['connections'], { name }: InlineNode) {
	return connections[name]?.main.flat() ?? [];
}

function contextOf(
	node: InlineNode,
	inputs: INodeExecutionData[][],
	outputs: Map<string, INodeExecutionData[]>,
): IExecuteFunctions {
	const main = inputs[0] ?? [];
	return {
		getNode: () => ({ ...node, parameters: {} }),
		getInputData: (index = 0) => (node.executeOnce ? main.slice(0, 1) : (inputs[index] ?? [])),
		getNodeParameter: (path: string, _item: number, otherwise: unknown) =>
			evaluated(get(node.parameters, path, otherwise), outputs),
	} as unknown as IExecuteFunctions;
}

/** A parameter's value, its expressions worked out: n8n takes any text that begins with an equals sign for one. */
function evaluated(value: unknown, outputs: Map<string, INodeExecutionData[]>): unknown {
	if (Array.isArray(value)) return value.map((one) => evaluated(one, outputs));
	if (typeof value === 'object' && value !== null) {
		return Object.fromEntries(
			Object.entries(value).map(([name, one]) => [name, evaluated(one, outputs)]),
		);
	}
	if (typeof value !== 'string' || !value.startsWith('=')) return value;
	const [, expression = ''] = /^=\{\{(.*)\}\}$/s.exec(value) ?? [];
	const node = (name: string) => {
		const items = outputs.get(name) ?? [];
		return { all: () => items, first: () => items[0] };
	};
	return (new Function('$', `return (${expression});`) as (node: unknown) => unknown)(node);
}
