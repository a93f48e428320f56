import type { INodeProperties } from 'n8n-workflow';
import { audienceFields } from '../../descriptions/audience';
import * as addUsers from './addUsers.operation';

const show = (operation: string, fields: INodeProperties[]): INodeProperties[] =>
	fields.map((field) => ({
		...field,
		displayOptions: {
			...field.displayOptions,
			show: { ...field.displayOptions?.show, resource: ['customAudience'], operation: [operation] },
		},
	}));

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['customAudience'] } },
		options: [
			{
				name: 'Add Users',
				value: 'addUsers',
				action: 'Add users to a custom audience',
				description:
					'Send contacts to a custom audience in full batches, with an account of each one',
			},
		],
		default: 'addUsers',
	},
	...show('addUsers', [...audienceFields, ...addUsers.fields]),
];
