import { inlineWorkflow, listTables } from '../../nodes/AlibabaCloudChatApp/store/dataTable';
import { all, type Step, where } from '../../nodes/AlibabaCloudChatApp/store/table';

const ID = { id: 'table1' };
const READ: Step = { do: 'get', where: all(where('audience', 'eq', 'a')), limit: 7 };
const INSERT: Step = { do: 'insert', rows: [{ audience: 'a', status: 'waiting' }] };
const nodesOf = (...given: Parameters<typeof inlineWorkflow>) => inlineWorkflow(...given).nodes;

it('n8n neither saves nor lists what is run, and it runs in the order of the chain', () => {
	for (const workflow of [inlineWorkflow(ID, [READ]), listTables()]) {
		expect(workflow).toMatchObject({
			name: 'Collected contacts',
			settings: {
				executionOrder: 'v1',
				saveDataSuccessExecution: 'none',
				saveDataErrorExecution: 'none',
				saveManualExecutions: false,
				saveExecutionProgress: false,
			},
		});
	}
});

it('each step is a Data Table node, in a chain behind the start', () => {
	const { nodes, connections } = inlineWorkflow(ID, [INSERT, READ]);
	const to = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });
	expect(connections).toEqual({
		Start: to('Step 1'),
		'Step 1': to('Step 2'),
		'Step 2': { main: [[]] },
	});
	expect(nodes.map(({ name, type, typeVersion }) => [name, type, typeVersion])).toEqual([
		['Start', 'n8n-nodes-base.executeWorkflowTrigger', 1.1],
		['Step 1', 'n8n-nodes-base.dataTable', 1.1],
		['Step 2', 'n8n-nodes-base.dataTable', 1.1],
	]);
	expect(nodes.map(({ position }) => position)).toEqual([
		[0, 0],
		[200, 0],
		[400, 0],
	]);
	expect(new Set(nodes.map(({ id }) => id)).size).toBe(3);
});

it('a step that finds nothing lets the next one run, and each but an insert runs once', () => {
	const [, insert, read] = nodesOf(ID, [INSERT, READ]);
	expect(insert).toMatchObject({ alwaysOutputData: true, executeOnce: false });
	expect(read).toMatchObject({ alwaysOutputData: true, executeOnce: true });
});

it('a node puts the answers of several reads together, in their order', () => {
	const { nodes, connections } = inlineWorkflow({ find: 'contacts' }, [READ, INSERT, READ]);
	expect(nodes.at(-1)).toMatchObject({
		id: 'answers',
		name: 'Answers',
		type: 'n8n-nodes-base.merge',
		typeVersion: 3,
		position: [1000, 200],
		parameters: { mode: 'append', numberInputs: 3 },
	});
	const answers = Object.entries(connections).flatMap(([from, { main }]) =>
		main.flat().flatMap(({ node, index }) => (node === 'Answers' ? [[from, index]] : [])),
	);
	expect(answers).toEqual([
		['Table', 0],
		['Step 1', 1],
		['Step 3', 2],
	]);
});

it.each<[string, Parameters<typeof inlineWorkflow>[0], object | undefined, unknown]>([
	['its ID', ID, undefined, 'table1'],
	[
		'an ID that is remembered, to be compared',
		{ ...ID, named: 'contacts' },
		{ operation: 'list', returnAll: true, options: { filterName: 'contacts' } },
		'table1',
	],
	[
		'its name',
		{ find: 'contacts' },
		{ operation: 'list', returnAll: true, options: { filterName: 'contacts' } },
		expect.stringContaining("?.json.id ?? 'no-such-table'"),
	],
	[
		'making it',
		{ make: 'contacts' },
		{ operation: 'create', tableName: 'contacts', options: { createIfNotExists: true } },
		"={{ $('Table').first().json.id }}",
	],
])('the table is reached by %s', (_, table, parameters, value) => {
	const nodes = nodesOf(table, [READ]);
	const step = nodes.find(({ name }) => name === 'Step 1');
	expect(step?.parameters).toMatchObject({
		resource: 'row',
		dataTableId: { __rl: true, mode: 'id', value },
	});
	const own = nodes.find(({ name }) => name === 'Table');
	if (parameters) expect(own?.parameters).toMatchObject({ resource: 'table', ...parameters });
	else expect(own).toBeUndefined();
});

it('all tables are listed when no name is asked for', () => {
	const { nodes, connections } = listTables();
	expect(nodes).toMatchObject([
		{ name: 'Start', parameters: { inputSource: 'passthrough' } },
		{
			name: 'Table',
			position: [200, 0],
			parameters: { resource: 'table', operation: 'list', returnAll: true, options: {} },
		},
	]);
	expect(connections).toEqual({ Start: { main: [[{ node: 'Table', type: 'main', index: 0 }]] } });
	expect(listTables('x').nodes[1]?.parameters.options).toEqual({ filterName: 'x' });
});
