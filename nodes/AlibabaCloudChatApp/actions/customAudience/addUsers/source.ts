import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { choice } from './optionKinds';

const source = choice({
	displayName: 'Source',
	default: 'items',
	choices: {
		items: ['Input Items', 'Each input item is a contact'],
		file: ['File', 'Each input item holds a CSV file with contacts, also compressed by gzip'],
	},
	description:
		'Where the contacts are. A file needs much less memory and time than its rows as items, and can hold millions of them.',
});

/** What a person who changes nothing has as 'Input Binary Field'. */
export const DEFAULT_BINARY_FIELD = 'data';

export const sourceFields: INodeProperties[] = [
	{ ...source.property, name: 'source', noDataExpression: true },
	{
		displayName: 'Input Binary Field',
		name: 'binaryField',
		type: 'string',
		default: DEFAULT_BINARY_FIELD,
		placeholder: 'e.g. data',
		hint: "The name of the field that holds the file, as the input panel shows it under 'Binary'",
		displayOptions: { show: { source: ['file'] } },
		description:
			"Which field of the input holds the file. Each input item's file is a submission of its own.",
	},
];

/** @throws UnusableValue when it is neither */
export function readSource(context: IExecuteFunctions): 'items' | 'file' {
	return source.read(context.getNodeParameter('source', 0, 'items'));
}
