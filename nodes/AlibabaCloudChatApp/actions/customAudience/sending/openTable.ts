import type { IDataObject, IExecuteFunctions, IWorkflowBase } from 'n8n-workflow';
import { DataTable, type RunWorkflow, type TableMemory } from '../../../store/dataTable';
import type { Table } from '../../../store/table';
import type { UploadOptions } from '../../../upload/decide';

/** The Data Table of that name, reached by sub-workflows that the node hands to n8n. */
export function openTable(
	context: IExecuteFunctions,
	{ collectTable }: Pick<UploadOptions, 'collectTable'>,
): Table {
	return new DataTable(collectTable, runInline(context), memoryOf(context));
}

// The sub-workflow belongs to the workflow that the node is in, and so to its project and its tables.
function runInline(context: IExecuteFunctions): RunWorkflow {
	return async (workflow, items) => {
		const parentExecution = {
			executionId: context.getExecutionId(),
			workflowId: context.getWorkflow().id as string,
		};
		const { data } = await context.executeWorkflow(
			{ code: workflow as unknown as IWorkflowBase },
			items.map((json) => ({ json: json as IDataObject })),
			undefined,
			{ parentExecution },
		);
		return (data[0] ?? []).map(({ json }) => json);
	};
}

const MEMORY = 'collectTables';

// n8n keeps it with the workflow: tables by name, nothing of what is in them.
function memoryOf(context: IExecuteFunctions): TableMemory {
	const data = context.getWorkflowStaticData('global');
	const known = (): IDataObject => (data[MEMORY] ?? {}) as IDataObject;
	return {
		tableOf: (name) => {
			const { id, project } = (known()[name] ?? {}) as IDataObject;
			if (typeof id !== 'string') return undefined;
			return typeof project === 'string' ? { id, project } : { id };
		},
		remember: (name, table) => {
			const { id, project } = (known()[name] ?? {}) as IDataObject;
			if (id === table.id && project === table.project) return;
			data[MEMORY] = { ...known(), [name]: { ...table } };
		},
	};
}
