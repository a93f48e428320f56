import type { IDataObject, IExecuteFunctions, IWorkflowBase } from 'n8n-workflow';
import type { HashMode } from '../../../contacts/hash';
import { audienceKey } from '../../../store/audienceKey';
import { DataTable, type RunWorkflow, type TableMemory } from '../../../store/dataTable';
import { Store } from '../../../store/store';
import type { Table } from '../../../store/table';
import type { Audience } from '../../../submission/audience';
import type { Clock } from '../../../transport/clock';

/** The Data Table of that name, reached by sub-workflows that the node hands to n8n. */
export function openTable(context: IExecuteFunctions, name: string): Table {
	return new DataTable(name, runInline(context), memoryOf(context));
}

/** What a table holds for an audience, as this run sees it. */
export function openStore(
	run: { context: IExecuteFunctions; clock: Clock },
	table: Table,
	audience: Audience,
	{ collectUntil, hash }: { collectUntil: number; hash: HashMode },
): Store {
	const { context, clock } = run;
	const owner = `${context.getExecutionId()} ${clock.nonce()}`;
	const settings = { audience: audienceKey(audience), owner, most: collectUntil, hash };
	return new Store(table, { ...settings, now: () => clock.now() });
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
		idOf: (name) => {
			const id = known()[name];
			return typeof id === 'string' ? id : undefined;
		},
		remember: (name, id) => {
			if (known()[name] !== id) data[MEMORY] = { ...known(), [name]: id };
		},
	};
}
