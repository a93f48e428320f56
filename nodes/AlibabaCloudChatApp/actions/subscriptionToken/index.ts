import type { INodeProperties } from 'n8n-workflow';
import { operationOf, showFor } from '../../descriptions/show';
import * as getMany from './getMany.operation';
import * as sync from './sync.operation';

const RESOURCE = 'subscriptionToken';

export const description: INodeProperties[] = [
	{
		...operationOf(RESOURCE, 'getMany'),
		options: [
			{
				name: 'Get Many',
				value: 'getMany',
				action: 'Get many subscription tokens',
				description: 'Get the people who can be messaged, to see who matched after an upload',
			},
			{
				name: 'Sync',
				value: 'sync',
				action: 'Sync subscription tokens',
				description: 'Fetch the tokens from Meta anew, before Get Many',
			},
		],
	},
	...showFor(RESOURCE, 'getMany', getMany.fields),
	...showFor(RESOURCE, 'sync', sync.fields),
];
