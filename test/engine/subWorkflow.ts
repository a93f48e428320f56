import assert from 'node:assert/strict';
import {
	createRunExecutionData,
	Workflow,
	type ExecuteWorkflowOptions,
	type IExecuteWorkflowInfo,
	type INodeTypes,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

/** Runs a node's sub-workflow in the same engine, as n8n's server does. */
export function subWorkflowRunner(nodeTypes: INodeTypes) {
	return async (
		{ code }: IExecuteWorkflowInfo,
		additionalData: IWorkflowExecuteAdditionalData,
		options: ExecuteWorkflowOptions,
	) => {
		const { ExecutionLifecycleHooks, WorkflowExecute } = await import('n8n-core');
		if (!code) throw new Error('Only sub-workflows that are handed over can be run');
		// It belongs to the workflow that the node is in, and so to its project and its tables.
		const { executionId, workflowId } = options.parentExecution ?? {};
		assert.deepEqual([executionId, workflowId], ['1', '1']);
		const workflow = new Workflow({ ...code, id: '1', active: false, nodeTypes } as never);
		const [node] = code.nodes;
		if (!node) throw new Error('The sub-workflow has no node');
		const main = [options.inputData ?? [{ json: {} }]];
		const runData = createRunExecutionData({
			resultData: { runData: {} },
			executionData: { nodeExecutionStack: [{ node, data: { main }, source: null }] },
		});
		const own = {
			...additionalData,
			currentNodeExecutionIndex: 0,
			executionId: 'sub',
			hooks: new ExecutionLifecycleHooks('integrated', 'sub', code as never),
		};
		const run = await new WorkflowExecute(own, 'integrated', runData).processRunExecutionData(
			workflow,
		);
		const { error, lastNodeExecuted = '', runData: done } = run.data.resultData;
		if (error) {
			// n8n passes it on without the message, which stays in the stack.
			throw Object.assign(new Error(''), { ...error, stack: error.stack });
		}
		return { executionId: 'sub', data: done[lastNodeExecuted]?.at(-1)?.data?.main ?? [] };
	};
}
