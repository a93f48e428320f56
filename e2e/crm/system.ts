import assert from 'node:assert/strict';
import type { Respond } from '../machine/outside';
import type { Workflow, WorkflowNode } from '../n8n/rest';
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
	 * What happens in the system after the workflow is published: two people who can be sent, and one who said no.
	 * @param n8n its address
	 */
	happen(n8n: string): Promise<void>;
	/** Executions that start because of it, and no others; 1 by default. */
	executions?: number;
	/** Calls that the system didn't make, or about something else: n8n's node starts no execution for them. */
	forge?(n8n: string): Promise<void>;
	/** Of people who opted out, the number and where it was found. */
	optedOut?: Record<string, number>;
	/** Contacts that aren't sent, by reason; by default, those who opted out. */
	invalidReasons?: Record<string, number>;
}

/** Fictional people: every system has the first two, and the third said no to marketing. */
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

export const JSON_BODY = { 'content-type': 'application/json' };

/** Sends a vendor's event, or a forged one. @throws AssertionError if n8n responds with another status */
export async function post(
	url: string,
	body: string | URLSearchParams | FormData,
	headers: Record<string, string> = {},
	status = 200,
): Promise<void> {
	const response = await fetch(url, { method: 'POST', body, headers });
	assert.equal(response.status, status, await response.text());
}

/** Polls once a minute, the fastest that n8n allows: for the first time when the workflow has just been published. */
export function soon(): object {
	const second = new Date(Date.now() + 20_000).getSeconds();
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

/** Makes a person's choices in a system's workflow. */
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
	return { name: workflow.name, nodes, connections, settings: workflow.settings };
}

/** n8n's nodes that need no credential. */
const OF_N8N = /\.(stickyNote|scheduleTrigger|manualTrigger|formTrigger|set)$/;

/** HubSpot's trigger and its other node have one credential each; elsewhere, nodes have the same. */
function isFor({ type }: WorkflowNode, credential: string): boolean {
	if (OF_N8N.test(type)) return false;
	if (!type.includes('hubspot')) return true;
	return type.includes('Trigger') === (credential === 'hubspotDeveloperApi');
}
