import { DataTable, type RunWorkflow } from '../../nodes/AlibabaCloudChatApp/store/dataTable';
import type { InlineWorkflow } from '../../nodes/AlibabaCloudChatApp/store/subWorkflows';
import { all, type Step, where } from '../../nodes/AlibabaCloudChatApp/store/table';
import { inlineRunner } from './inlineRunner';
import { MemoryTables, TABLE_COLUMNS } from './memoryTables';

const READ: Step = { do: 'get', where: all(where('audience', 'eq', 'a')), limit: 7 };
const INSERT: Step = { do: 'insert', rows: [{ audience: 'a', status: 'waiting' }] };

/** The sub-workflows that a table passes to n8n for the steps. */
async function workflowsFor(
	steps: Step[],
	{ name = 'contacts', remembered = true }: { name?: string; remembered?: boolean } = {},
): Promise<InlineWorkflow[]> {
	const tables = new MemoryTables();
	const { id } = remembered ? tables.create(name, TABLE_COLUMNS) : { id: undefined };
	const workflows: InlineWorkflow[] = [];
	const runner = inlineRunner(tables);
	const run: RunWorkflow = async (workflow, items) => {
		workflows.push(workflow);
		return await runner(workflow, items);
	};
	await new DataTable(name, run, {
		tableOf: () => (id ? { id } : undefined),
		remember: () => {},
	}).run(steps);
	return workflows;
}

/** The parameters of the nodes of a kind, in all sub-workflows. */
function parametersOf(workflows: InlineWorkflow[], operation: string) {
	return workflows
		.flatMap(({ nodes }) => nodes)
		.map(({ parameters }) => parameters)
		.filter((parameters) => parameters.operation === operation);
}

it('a sub-workflow is neither saved nor listed, may be called by its own project, and runs in the order of its chain', async () => {
	for (const workflow of await workflowsFor([INSERT, READ], { remembered: false })) {
		expect(workflow).toMatchObject({
			name: 'Collected contacts',
			settings: {
				executionOrder: 'v1',
				callerPolicy: 'workflowsFromSameOwner',
				saveDataSuccessExecution: 'none',
				saveDataErrorExecution: 'none',
				saveManualExecutions: false,
				saveExecutionProgress: false,
			},
		});
	}
});

it('each step is a Data Table node in a chain after the start, and the table is checked last', async () => {
	const [{ nodes, connections }] = (await workflowsFor([INSERT, READ])) as [InlineWorkflow];
	const to = (node: string, index = 0) => ({ node, type: 'main', index });
	expect(connections).toEqual({
		Start: { main: [[to('Step 1')]] },
		'Step 1': { main: [[to('Step 2')]] },
		'Step 2': { main: [[to('List Tables'), to('Merge 1')]] },
		'List Tables': { main: [[to('Merge 1', 1)]] },
		'Merge 1': { main: [[]] },
	});
	expect(nodes.map(({ name, type, typeVersion }) => [name, type, typeVersion])).toEqual([
		['Start', 'n8n-nodes-base.executeWorkflowTrigger', 1.1],
		['Step 1', 'n8n-nodes-base.dataTable', 1.1],
		['Step 2', 'n8n-nodes-base.dataTable', 1.1],
		['List Tables', 'n8n-nodes-base.dataTable', 1.1],
		['Merge 1', 'n8n-nodes-base.merge', 2.1],
	]);
	expect(nodes.map(({ position }) => position)).toEqual([
		[0, 0],
		[200, 0],
		[400, 0],
		[600, 0],
		[800, 200],
	]);
	expect(new Set(nodes.map(({ id }) => id)).size).toBe(5);
	expect(nodes[0]?.parameters).toEqual({ inputSource: 'passthrough' });
});

it('a step that finds nothing lets the next one run, and each except an insert runs once', async () => {
	const [, insert, read] = (await workflowsFor([INSERT, READ])).at(-1)!.nodes;
	expect(insert).toMatchObject({ alwaysOutputData: true, executeOnce: false });
	expect(read).toMatchObject({ alwaysOutputData: true, executeOnce: true });
});

it('Merge nodes combine what several steps read, in their order, and the table that is checked', async () => {
	const update: Step = { do: 'update', where: all(), set: { claim: null } };
	const [{ nodes, connections }] = (await workflowsFor([READ, update, READ])) as [InlineWorkflow];
	const merge = (number: number) => ({
		id: `Merge ${number}`,
		name: `Merge ${number}`,
		type: 'n8n-nodes-base.merge',
		typeVersion: 2.1,
		position: [800 + 200 * number, 200],
		parameters: { mode: 'append' },
	});
	expect(nodes.slice(5)).toEqual([merge(1), merge(2)]);
	const merged = Object.entries(connections).flatMap(([from, { main }]) =>
		main.flat().flatMap(({ node, index }) => (node.startsWith('M') ? [[from, node, index]] : [])),
	);
	expect(merged).toEqual([
		['Step 1', 'Merge 1', 0],
		['Step 3', 'Merge 1', 1],
		['List Tables', 'Merge 2', 1],
		['Merge 1', 'Merge 2', 0],
	]);
});

it('n8n evaluates no expression, which takes as long as a read', async () => {
	const [{ nodes }] = (await workflowsFor([INSERT, READ, READ])) as [InlineWorkflow];
	expect(JSON.stringify(nodes)).not.toContain('"=');
	expect(nodes.map(({ type, typeVersion }) => `${type} ${typeVersion}`)).not.toContain(
		'n8n-nodes-base.merge 3',
	);
});

it.each([
	['contacts', 'contacts'],
	['=a"}}\\', '={{ decodeURIComponent("%3Da%22%7D%7D%5C") }}'],
])('a table is found, created, and reached by its ID: %s', async (name, literal) => {
	const workflows = await workflowsFor([READ], { name, remembered: false });
	expect(parametersOf(workflows, 'list')).toStrictEqual([
		{ resource: 'table', operation: 'list', returnAll: true, options: { filterName: literal } },
	]);
	expect(parametersOf(workflows, 'create')).toStrictEqual([
		{
			resource: 'table',
			operation: 'create',
			tableName: literal,
			columns: { column: TABLE_COLUMNS },
			options: { createIfNotExists: true },
		},
	]);
	expect(parametersOf(workflows, 'get')).toMatchObject([
		{ resource: 'row', dataTableId: { __rl: true, mode: 'id', value: 'table1' } },
	]);
});

const BY_AUDIENCE = {
	matchType: 'allConditions',
	filters: { conditions: [{ keyName: 'audience', condition: 'eq', keyValue: 'a' }] },
};

it.each<[string, Step, string, object]>([
	[
		'inserts whatever its input contains',
		INSERT,
		'insert',
		{
			columns: { mappingMode: 'autoMapInputData', value: null },
			options: { optimizeBulk: true },
		},
	],
	[
		'reads by ascending id',
		READ,
		'get',
		{
			...BY_AUDIENCE,
			returnAll: false,
			limit: 7,
			orderBy: true,
			orderByColumn: 'id',
			orderByDirection: 'ASC',
		},
	],
	[
		'reads in any order',
		{ ...READ, inAnyOrder: true },
		'get',
		{ ...BY_AUDIENCE, returnAll: false, limit: 7, orderBy: false },
	],
	[
		'reads the latest first',
		{ do: 'get', where: { match: 'any', conditions: [] }, limit: 1, latest: 'sentAt' },
		'get',
		{
			matchType: 'anyCondition',
			filters: { conditions: [] },
			returnAll: false,
			limit: 1,
			orderBy: true,
			orderByColumn: 'sentAt',
			orderByDirection: 'DESC',
		},
	],
	[
		'updates, and n8n evaluates none of the values',
		{
			do: 'update',
			where: all(where('leaseUntil', 'isEmpty')),
			set: { claim: null, email: '=1', phone: 'a=b' },
		},
		'update',
		{
			matchType: 'allConditions',
			filters: { conditions: [{ keyName: 'leaseUntil', condition: 'isEmpty' }] },
			columns: {
				mappingMode: 'defineBelow',
				value: { claim: null, email: '={{ decodeURIComponent("%3D1") }}', phone: 'a=b' },
			},
			options: {},
		},
	],
	[
		'deletes',
		{ do: 'delete', where: all(where('id', 'gt', 7)) },
		'deleteRows',
		{
			matchType: 'allConditions',
			filters: { conditions: [{ keyName: 'id', condition: 'gt', keyValue: 7 }] },
			options: {},
		},
	],
])('a step %s', async (_, step, operation, parameters) => {
	const [found] = parametersOf(await workflowsFor([step]), operation);
	expect(found).toStrictEqual({
		resource: 'row',
		dataTableId: { __rl: true, mode: 'id', value: 'table1' },
		operation,
		...parameters,
	});
});

it('all tables are listed if the one that was remembered is gone', async () => {
	const tables = new MemoryTables();
	const listed: unknown[] = [];
	const runner = inlineRunner(tables);
	const run: RunWorkflow = async (workflow, items) => {
		listed.push(...parametersOf([workflow], 'list'));
		return await runner(workflow, items);
	};
	await new DataTable('contacts', run, {
		tableOf: () => ({ id: 'table9' }),
		remember: () => {},
	}).run([READ]);
	expect(listed.at(-1)).toStrictEqual({
		resource: 'table',
		operation: 'list',
		returnAll: true,
		options: {},
	});
});
