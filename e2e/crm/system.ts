import assert from 'node:assert/strict';
import type { Respond } from '../machine/outside';
import type { Rest, Workflow, WorkflowNode } from '../n8n/rest';
import { PACKAGE_NODE } from '../n8n/shipped';

/** A system with contacts: how n8n's own nodes reach it, and what happens in it. */
export interface System {
	name: string;
	/** A file of workflows/. */
	file: string;
	/** Takes the place of the file's own trigger. */
	trigger?: WorkflowNode;
	/** Data of each credential, by its type in n8n. */
	credentials?: Record<string, object>;
	/** What a person sets in a node besides its credential, by the node's name. */
	choices?: Record<string, object>;
	host?: string;
	respond?: Respond;
	/**
	 * What happens in the system after the workflow is published: two people who can be sent, and often one who opted out.
	 * @param n8n its address
	 */
	happen(n8n: string): Promise<void>;
	/** Executions that start because of it; 1 by default. */
	executions?: number;
	/** Of people who opted out, the number and where it was found. */
	optedOut?: Record<string, number>;
}

/** Fictional people: every system has the first two, and the third opted out. */
export const PEOPLE = [
	{ first: 'Mei', last: 'Tan', email: 'mei.tan@example.com', phone: '+65 8123 4567' },
	{ first: 'Luis', last: 'Ortega', email: 'luis.ortega@example.com', phone: '+52 55 1234 5678' },
	{ first: 'Nina', last: 'Cole', email: 'nina.cole@example.com', phone: '+1 202 555 0143' },
] as const;

/** As a CRM that doesn't ask for the phone number's country has them. */
export const COUNTRIES = ['SG', 'MX', 'US'] as const;

export const USERS = [
	{ Email: 'mei.tan@example.com', Phone: '6581234567' },
	{ Email: 'luis.ortega@example.com', Phone: '525512345678' },
];

/** Sends a vendor's event. @throws AssertionError if n8n doesn't take it */
export async function post(
	url: string,
	body: string | URLSearchParams | FormData,
	headers: Record<string, string> = {},
): Promise<void> {
	const response = await fetch(url, { method: 'POST', body, headers });
	assert.equal(response.status, 200, await response.text());
}

/** Poll in a few seconds, and once a minute after that. */
export function soon(): object {
	const second = new Date(Date.now() + 12_000).getSeconds();
	return { item: [{ mode: 'custom', cronExpression: `${second} * * * * *` }] };
}

/** What an OAuth 2 credential contains after a person signed in. */
export function signedIn(data: object = {}): object {
	return {
		clientId: '400000000000001',
		clientSecret: 'client-secret',
		oauthTokenData: { access_token: 'access-token', token_type: 'Bearer', ...data },
	};
}

/** The system's workflow with a person's choices. */
export function chosen(
	workflow: Workflow,
	{ trigger, choices = {}, credentials = {} }: System,
	idOf: (type: string) => { id: string; name: string },
): Workflow {
	const { nodes, connections } = workflow;
	if (trigger) {
		const index = nodes.findIndex(({ type }) => type === 'n8n-nodes-base.webhook');
		nodes[index] = { ...nodes[index], ...trigger, name: nodes[index]?.name ?? '' };
	}
	for (const node of nodes) {
		Object.assign(node.parameters, choices[node.name]);
		if (node.type === PACKAGE_NODE) {
			if (node.parameters.operation === 'sendCollected') node.parameters.options = { force: true };
		} else {
			const types = Object.keys(credentials).filter((type) => isFor(node, type));
			node.credentials = Object.fromEntries(types.map((type) => [type, idOf(type)]));
		}
	}
	// As after an import from a file: executions are saved.
	return { name: workflow.name, nodes, connections, settings: { executionOrder: 'v1' } };
}

/** HubSpot's trigger and its other node have one credential each; elsewhere, nodes share one. */
function isFor({ type }: WorkflowNode, credential: string): boolean {
	if (!/base\.\w*(hubspot|salesforce|pipedrive|shopify|facebook|google|mailchimp)/i.test(type))
		return false;
	if (!type.includes('hubspot')) return true;
	return type.includes('Trigger') === (credential === 'hubspotDeveloperApi');
}

/** @returns the summaries of Add Users from a workflow's executions so far @throws AssertionError if one failed */
export async function addedUsers(rest: Rest, id: string): Promise<Array<Record<string, unknown>>> {
	const summaries: Array<Record<string, unknown>> = [];
	for (const { id: executionId, status } of await rest.executionsOf(id)) {
		if (['new', 'running', 'waiting'].includes(status)) continue;
		const execution = await rest.execution(executionId);
		assert.equal(execution.status, 'success', JSON.stringify(execution.data.resultData.error));
		summaries.push(...execution.output('Add Users to Audience'));
	}
	return summaries;
}
