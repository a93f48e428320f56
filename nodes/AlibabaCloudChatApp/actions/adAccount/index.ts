import type { INodeProperties } from 'n8n-workflow';
import { showFor } from '../../descriptions/show';
import * as getMany from './getMany.operation';

const RESOURCE = 'adAccount';

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [RESOURCE] } },
		options: [
			{
				name: 'Get Many',
				value: 'getMany',
				action: 'Get many ad accounts',
				description: 'Get the Meta ad accounts of a Facebook Page',
			},
		],
		default: 'getMany',
	},
	...showFor(RESOURCE, 'getMany', getMany.fields),
];
