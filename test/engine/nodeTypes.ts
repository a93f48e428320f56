import {
	type INodeType,
	type INodeTypes,
	type IVersionedNodeType,
	NodeConnectionTypes,
	NodeHelpers,
} from 'n8n-workflow';
import { AlibabaCloudChatApp } from '../../nodes/AlibabaCloudChatApp/AlibabaCloudChatApp.node.js';
import type { Clock } from '../../nodes/AlibabaCloudChatApp/async';

export const NODE_TYPE = 'n8n-nodes-alibaba-cloud-chat-app.alibabaCloudChatApp';

/** This package's node under its installed name; n8n's own nodes are replaced by one that returns its input. */
export function nodeTypesWith(clock?: Clock, more: Record<string, INodeType> = {}): INodeTypes {
	const types: Record<string, INodeType | IVersionedNodeType> = {
		[NODE_TYPE]: new AlibabaCloudChatApp(clock),
		...more,
	};
	return {
		getByName: (name) => types[name] ?? passThrough(name),
		getByNameAndVersion: (name, version) =>
			NodeHelpers.getVersionedNodeType(types[name] ?? passThrough(name), version),
		getKnownTypes: () => ({}),
	};
}

function passThrough(name: string): INodeType {
	const isTrigger = /trigger$/i.test(name);
	return {
		description: {
			displayName: name,
			name,
			group: isTrigger ? ['trigger'] : ['transform'],
			version: [1, 1.1, 1.2, 2, 3, 4, 4.2, 4.3],
			description: '',
			defaults: { name },
			inputs: isTrigger ? [] : [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			properties: [],
		},
		async execute() {
			return [this.getInputData()];
		},
	};
}
