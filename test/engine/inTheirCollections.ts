import type { INodeParameters, INodeProperties } from 'n8n-workflow';
import { AlibabaCloudChatApp } from '../../nodes/AlibabaCloudChatApp/AlibabaCloudChatApp.node.js';

const { properties } = new AlibabaCloudChatApp().description;

/** The panel's collections for an operation: by an option's name, the collection that has it. */
function collectionsOf(resource: unknown, operation: unknown): Map<string, string> {
	const collections = properties.filter(
		({ type, displayOptions: { show } = {} }) =>
			type === 'collection' &&
			show?.resource?.includes(String(resource)) &&
			show.operation?.includes(String(operation)),
	);
	return new Map(
		collections.flatMap(({ name, options = [] }) =>
			(options as INodeProperties[]).map((option) => [option.name, name] as const),
		),
	);
}

/** Parameters by name, each option in the collection where the panel has it. */
export function inTheirCollections(parameters: INodeParameters): INodeParameters {
	const { resource = 'customAudience', operation = 'addUsers', options, ...rest } = parameters;
	const collections = collectionsOf(resource, operation);
	const placed: INodeParameters = { resource, operation };
	for (const [name, value] of Object.entries({ ...(options as INodeParameters), ...rest })) {
		const collection = collections.get(name);
		if (collection === undefined) placed[name] = value;
		else placed[collection] = { ...(placed[collection] as INodeParameters), [name]: value };
	}
	return placed;
}
