import {
	createRunExecutionData,
	type IConnections,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeType,
	type IPinData,
	type IRun,
	type IWorkflowSettings,
	Workflow,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import type { Clock } from '../../nodes/AlibabaCloudChatApp/async';
import type { MemoryTables } from '../store/memoryTables';
import { additionalDataFor } from './additionalData';
import { dataTableNodes } from './dataTableNodes';
import { nodeTypesWith } from './nodeTypes';
import { inOwnN8nFolder } from './ownFolder';
import { subWorkflowRunner } from './subWorkflow';

/** A workflow as n8n exports it, as far as the engine needs it. */
export interface WorkflowFile {
	name?: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
	pinData?: IPinData;
}

export interface RunOptions {
	workflow: WorkflowFile;
	/** Decrypted credentials by type. */
	credentials: Record<string, ICredentialDataDecryptedObject>;
	clock?: Clock;
	mode?: WorkflowExecuteMode;
	/** Node types by their full name, besides this package's and the fake ones. */
	nodeTypes?: Record<string, INodeType>;
	/** Cancels the execution, as the editor's stop button does. */
	cancelSignal?: AbortSignal;
	/** The project's Data Tables; without them no sub-workflow can be run. */
	tables?: MemoryTables;
	/** What the workflow keeps from one run to the next. */
	staticData?: IDataObject;
}

/**
 * Runs a workflow in n8n's own engine, from its first node on.
 * @returns the run as n8n would store it
 */
export async function runWorkflow(options: RunOptions): Promise<IRun> {
	return await inOwnN8nFolder(async () => {
		const { WorkflowExecute } = await import('n8n-core');
		const { workflow: file, mode = 'trigger' } = options;
		const nodeTypes = nodeTypesWith(options.clock, {
			...(options.tables && dataTableNodes(options.tables)),
			...options.nodeTypes,
		});
		const workflow = new Workflow({
			id: '1',
			name: file.name,
			nodes: file.nodes,
			connections: file.connections,
			nodeTypes,
			active: false,
			staticData: options.staticData,
			settings: { executionOrder: 'v1', ...file.settings },
		});
		const start = file.nodes.find(
			({ name }) =>
				Object.keys(file.connections).includes(name) &&
				!Object.values(file.connections).some(({ main }) =>
					main?.some((targets) => targets?.some(({ node }) => node === name)),
				),
		);
		if (!start) throw new Error('The workflow has no first node');
		const runData = createRunExecutionData({
			resultData: { runData: {}, pinData: file.pinData },
			executionData: {
				nodeExecutionStack: [{ node: start, data: { main: [[{ json: {} }]] }, source: null }],
			},
		});
		const additionalData = await additionalDataFor(options.credentials, mode, file);
		if (options.tables) additionalData.executeWorkflow = subWorkflowRunner(nodeTypes);
		const execution = new WorkflowExecute(additionalData, mode, runData).processRunExecutionData(
			workflow,
		);
		options.cancelSignal?.addEventListener('abort', () => void execution.cancel());
		return await execution;
	});
}

/** The items that a node returned: `output` 0 is the main one, 1 the error output. */
export function itemsOf(run: IRun, node: string, output = 0): INodeExecutionData[] {
	return run.data.resultData.runData[node]?.at(-1)?.data?.main?.[output] ?? [];
}
