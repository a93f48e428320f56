import type { INodeProperties } from 'n8n-workflow';
import type { Option } from './optionKinds';

/** The collection 'Options' of the panel, in the order of the alphabet. */
export function optionsFieldOf(options: Record<string, Option<unknown>>): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: Object.entries(options)
			.map(([name, { property }]) => ({ ...property, name }))
			.sort((a, b) => a.displayName.localeCompare(b.displayName, 'en')),
	};
}
