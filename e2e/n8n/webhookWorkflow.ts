import { KNOWN } from '../../test/simulator/simulator';
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
	const id = (value: string) => ({ __rl: true, mode: 'id', value });
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
				id: '2',
				name: 'Split Out',
				type: 'n8n-nodes-base.splitOut',
				typeVersion: 1,
				position: [200, 0],
				parameters: { fieldToSplitOut: 'body.contacts', options: {} },
			},
			{
				id: '3',
				name: 'Add Users to Audience',
				type: PACKAGE_NODE,
				typeVersion: 1,
				position: [400, 0],
				parameters: {
					custSpaceId: id(KNOWN.custSpaceId),
					pageId: KNOWN.pageId,
					adAccountId: id(KNOWN.adAccountId),
					customAudienceId: id(settings.customAudienceId),
					options: { batchSize: 2000, underMinimum: 'warn' },
				},
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
