import type { INodeProperties } from 'n8n-workflow';
import { operationOf, showFor } from '../../descriptions/show';
import * as getMany from './getMany.operation';

const RESOURCE = 'adAccount';

export const description: INodeProperties[] = [
	{
		...operationOf(RESOURCE, 'getMany'),
		options: [
			{
				name: 'Get Many',
				value: 'getMany',
				action: 'Get many ad accounts',
				description: 'Get the Meta ad accounts of a Facebook Page',
			},
		],
	},
	...showFor(RESOURCE, 'getMany', getMany.fields),
];
