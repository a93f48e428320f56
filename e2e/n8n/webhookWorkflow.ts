import { ALL_IDS, byId } from '../../test/engine/knownIds';
import { makeNode } from '../../test/engine/makeNode';
import type { Workflow } from './rest';
import { PACKAGE_NODE } from './shipped';

/**
 * Contacts in the body of a webhook, for one audience; the webhook answers with the summary.
 * @param settings.customAudienceId an ID, or an expression that finds one in the body
 */
export function webhookWorkflow(settings: {
	credential: { id: string; name: string };
	customAudienceId: string;
}): Workflow {
	return {
		name: 'Contacts by webhook',
		nodes: [
			{
				id: '1',
				name: 'Webhook',
				type: 'n8n-nodes-base.webhook',
				typeVersion: 2,
				position: [0, 0],
				webhookId: 'contacts',
				parameters: {
					httpMethod: 'POST',
					path: 'contacts',
					responseMode: 'lastNode',
					responseData: 'allEntries',
				},
			},
			{
				...makeNode('Split Out', 'n8n-nodes-base.splitOut', {
					fieldToSplitOut: 'body.contacts',
					options: {},
				}),
				position: [200, 0],
			},
			{
				...makeNode('Add Users to Audience', PACKAGE_NODE, {
					...ALL_IDS,
					customAudienceId: byId(settings.customAudienceId),
					smallUploads: { underMinimum: 'warn' },
					advanced: { batchSize: 2000 },
				}),
				position: [400, 0],
				credentials: { alibabaCloudOpenApi: settings.credential },
			},
		],
		connections: {
			Webhook: { main: [[{ node: 'Split Out', type: 'main', index: 0 }]] },
			'Split Out': { main: [[{ node: 'Add Users to Audience', type: 'main', index: 0 }]] },
		},
		settings: { executionOrder: 'v1' },
	};
}
