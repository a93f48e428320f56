import {
	type INode,
	type INodeListSearchResult,
	type INodeParameters,
	Workflow,
} from 'n8n-workflow';
import type { AlibabaCloudOpenApiCredential } from '../../credentials/credential';
import { AlibabaCloudChatApp } from '../../nodes/AlibabaCloudChatApp/AlibabaCloudChatApp.node.js';
import type { Clock } from '../../nodes/AlibabaCloudChatApp/async';
import { additionalDataFor } from './additionalData';
import { NODE_TYPE, nodeTypesWith } from './nodeTypes';
import { inOwnN8nFolder } from './ownFolder';
import { stillClock } from './stillClock';

export interface ListRequest {
	/** The node's parameters as the panel shows them. */
	parameters?: INodeParameters;
	/** No credential is chosen in the node if absent. */
	credential?: Partial<AlibabaCloudOpenApiCredential>;
	filter?: string;
	paginationToken?: string;
	clock?: Clock;
}

/** Opens a locator's list as n8n's editor does: calls the method that the field names, in n8n's own context. */
export async function searchList(
	field: string,
	request: ListRequest,
): Promise<INodeListSearchResult> {
	return await inOwnN8nFolder(async () => {
		const { LoadOptionsContext } = await import('n8n-core');
		const type = new AlibabaCloudChatApp(request.clock ?? stillClock());
		const { parameters = {}, credential, filter, paginationToken } = request;
		const node: INode = {
			id: '1',
			name: 'Alibaba Cloud Chat App',
			type: NODE_TYPE,
			typeVersion: 1,
			position: [0, 0],
			parameters,
			...(credential && { credentials: { alibabaCloudOpenApi: { id: '1', name: 'Account' } } }),
		};
		const file = { nodes: [node], connections: {} };
		const workflow = new Workflow({ ...file, nodeTypes: nodeTypesWith(), active: false });
		const credentials = credential && { alibabaCloudOpenApi: { ...credential } };
		const additionalData = await additionalDataFor(credentials ?? {}, 'internal', file);
		additionalData.currentNodeParameters = parameters;
		const path = `parameters.${field}`;
		const context = new LoadOptionsContext(workflow, node, additionalData, path);
		const property = type.description.properties.find(({ name }) => name === field);
		const list = property?.modes?.find(({ name }) => name === 'list');
		const search = type.methods?.listSearch?.[list?.typeOptions?.searchListMethod ?? ''];
		if (!search) throw new Error(`The field ${field} has no list`);
		return await search.call(context, filter, paginationToken);
	});
}
