import type { Workflow, WorkflowNode } from '../../e2e/n8n/rest';
import { MANUAL_TRIGGER, PACKAGE_NODE } from '../../e2e/n8n/shipped';
import { ALL_IDS } from '../engine/knownIds';

export const SOURCE = 'Get Contacts';
const BATCH_SIZE = 10_000;

export type Credential = { id: string; name: string };

export interface Addresses {
	/** Gives all contacts as a JSON array. */
	contacts: string;
	/** Takes the calls. */
	calls: string;
}

/** n8n's own nodes alone: what a person builds who writes no code. */
export function withoutCode({ contacts, calls }: Addresses): Workflow {
	const field = (id: string, name: string, value: string) => ({ id, name, value, type: 'string' });
	const nodes = [
		...fromSource(contacts),
		node('Edit Fields', 'set', 3.4, {
			assignments: {
				assignments: [
					field('1', 'Email', "={{ String($json.email ?? '').trim().toLowerCase() }}"),
					field('2', 'Phone', '={{ String($json.phone ?? "") }}'),
				],
			},
			options: {},
		}),
		node('Loop Over Items', 'splitInBatches', 3, { batchSize: BATCH_SIZE, options: {} }),
		node('Aggregate', 'aggregate', 1, {
			aggregate: 'aggregateAllItemData',
			destinationFieldName: 'Users',
			options: {},
		}),
		node('Send', 'httpRequest', 4.2, {
			method: 'POST',
			url: calls,
			sendBody: true,
			contentType: 'form-urlencoded',
			bodyParameters: {
				parameters: [{ name: 'Users', value: '={{ JSON.stringify($json.Users) }}' }],
			},
			options: {},
		}),
	];
	const workflow = chain('Without code', nodes);
	workflow.connections['Loop Over Items'] = { main: [[], [to('Aggregate')]] };
	workflow.connections.Send = { main: [[to('Loop Over Items')]] };
	return workflow;
}

/** A Code node that sends the fields as they are: not signed, not cleaned, nothing accounted for. */
export function byCodeNode({ contacts, calls }: Addresses): Workflow {
	const jsCode = `
const items = $input.all();
for (let start = 0; start < items.length; start += ${BATCH_SIZE}) {
	const users = items.slice(start, start + ${BATCH_SIZE})
		.map(({ json }) => ({ Email: json.email, Phone: json.phone }));
	await this.helpers.httpRequest({
		method: 'POST',
		url: '${calls}',
		headers: { 'content-type': 'application/x-www-form-urlencoded' },
		body: 'Users=' + encodeURIComponent(JSON.stringify(users)),
	});
}
return [{ json: { sent: items.length } }];`;
	return chain('Code node', [...fromSource(contacts), node('Code', 'code', 2, { jsCode })]);
}

/** This package's node as it is dragged in. */
export function byThisNode({ contacts }: Addresses, credential: Credential): Workflow {
	return chain('This node', [...fromSource(contacts), addUsersNode(credential)]);
}

/** This package's node with the IDs that the simulator knows. */
export function addUsersNode(
	credential: Credential,
	parameters: Record<string, unknown> = {},
): WorkflowNode {
	return {
		...node('Add Users', PACKAGE_NODE, 1, { ...ALL_IDS, ...parameters }),
		credentials: { alibabaCloudOpenApi: credential },
	};
}

function fromSource(url: string): WorkflowNode[] {
	return [
		node(MANUAL_TRIGGER, 'manualTrigger', 1, {}),
		node(SOURCE, 'httpRequest', 4.2, { url, options: {} }),
	];
}

/** @param type of one of n8n's own nodes without its package, or in full */
export function node(
	name: string,
	type: string,
	typeVersion: number,
	parameters: Record<string, unknown>,
): WorkflowNode {
	const fullType = type.includes('.') ? type : `n8n-nodes-base.${type}`;
	return { id: name, name, type: fullType, typeVersion, position: [0, 0], parameters };
}

/** A workflow whose nodes follow each other. */
export function chain(name: string, nodes: WorkflowNode[]): Workflow {
	const connections: Workflow['connections'] = {};
	nodes.slice(1).forEach((next, index) => {
		connections[nodes[index]?.name ?? ''] = { main: [[to(next.name)]] };
	});
	return { name, nodes, connections, settings: { executionOrder: 'v1' } };
}

function to(name: string) {
	return { node: name, type: 'main', index: 0 };
}
