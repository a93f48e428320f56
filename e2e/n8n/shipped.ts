import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workflow } from './rest';

export const PACKAGE_NODE = 'n8n-nodes-alibaba-cloud-chat-app.alibabaCloudChatApp';
export const MANUAL_TRIGGER = 'When clicking ‘Execute workflow’';

/** The files of `workflows/`. */
export const SHIPPED = [
	'crm-list-to-audience.json',
	'file-to-audience.json',
	'crm-trigger-to-audience.json',
	'large-list-in-pages.json',
	'create-fill-and-report.json',
	'facebook-lead-ads-to-audience.json',
	'google-sheets-to-audience.json',
	'http-list-to-audience.json',
	'hubspot-to-audience.json',
	'pipedrive-to-audience.json',
	'salesforce-to-audience.json',
	'shopify-to-audience.json',
];

/** What a person chooses in the node after an import. */
export interface Choice {
	credential: { id: string; name: string };
	custSpaceId: string;
	pageId: string;
	adAccountId: string;
	customAudienceId: string;
}

export function pathOf(file: string): string {
	return join(__dirname, '..', '..', 'workflows', file);
}

/** A workflow of `workflows/` as it is, with a person's choices in the nodes of this package and nowhere else. */
export function shipped(file: string, choice?: Choice): Workflow {
	const workflow = JSON.parse(readFileSync(pathOf(file), 'utf8')) as Workflow;
	return choice ? withChoice(workflow, choice) : workflow;
}

/** Makes a person's choices in the nodes of this package. */
export function withChoice(workflow: Workflow, { credential, ...ids }: Choice): Workflow {
	for (const node of workflow.nodes) {
		if (node.type !== PACKAGE_NODE) continue;
		node.credentials = { alibabaCloudOpenApi: credential };
		for (const [name, value] of Object.entries(ids)) {
			// The editor saves no empty text: an imported workflow has no Page ID.
			const isEmptyPageId = name === 'pageId' && node.parameters.custSpaceId !== undefined;
			const given = node.parameters[name] ?? (isEmptyPageId ? '' : undefined);
			if (given === undefined) continue;
			// An ID that the workflow itself takes from an earlier node isn't a person's choice.
			if (JSON.stringify(given).includes('"=')) continue;
			node.parameters[name] = typeof given === 'object' ? { __rl: true, mode: 'id', value } : value;
		}
	}
	return workflow;
}
