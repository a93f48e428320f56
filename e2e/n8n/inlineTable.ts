import { DataTable, type RunWorkflow } from '../../nodes/AlibabaCloudChatApp/store/dataTable';
import type { Rest, Workflow } from './rest';

const PATH = 'run-inline';

/** A workflow that runs the sub-workflow it is handed on the items it is handed, as a node does. */
function runner(): Workflow {
	const node = (name: string, type: string, parameters: object, typeVersion: number) => ({
		id: name,
		name,
		type: `n8n-nodes-base.${type}`,
		typeVersion,
		position: [0, 0] as [number, number],
		parameters: parameters as Workflow['nodes'][number]['parameters'],
	});
	const to = (name: string) => ({ main: [[{ node: name, type: 'main', index: 0 }]] });
	return {
		name: 'Run a sub-workflow',
		nodes: [
			{
				...node(
					'Webhook',
					'webhook',
					{
						httpMethod: 'POST',
						path: PATH,
						responseMode: 'lastNode',
						responseData: 'allEntries',
					},
					2,
				),
				webhookId: PATH,
			},
			node('Items', 'splitOut', { fieldToSplitOut: 'body.items', options: {} }, 1),
			{
				...node(
					'Run',
					'executeWorkflow',
					{
						source: 'parameter',
						workflowJson: "={{ JSON.stringify($('Webhook').first().json.body.workflow) }}",
						mode: 'once',
						options: {},
					},
					1.2,
				),
				alwaysOutputData: true,
			},
		],
		connections: { Webhook: to('Items'), Items: to('Run') },
		settings: { executionOrder: 'v1' },
	} as unknown as Workflow;
}

/** A function that makes tables of a real n8n's Data Tables, reached as the node reaches them. */
export async function inlineTables(rest: Rest): Promise<(name: string) => DataTable> {
	await rest.activate(await rest.createWorkflow(runner()));
	const run: RunWorkflow = async (workflow, items) => {
		const response = await fetch(`${rest.url}/webhook/${PATH}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ workflow, items }),
		});
		const text = await response.text();
		if (!response.ok) throw new Error(text);
		return JSON.parse(text) as object[];
	};
	return (name) => new DataTable(name, run, { tableOf: () => undefined, remember: () => {} });
}
