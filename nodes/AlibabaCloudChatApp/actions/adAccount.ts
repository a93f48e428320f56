import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { Clock } from '../async';
import { listAdAccounts } from '../transport/api';
import {
	channelField,
	limitFields,
	limitOf,
	operationOf,
	pageField,
	shapeEntries,
	showFor,
	simplifyField,
} from './fields';
import { forEachItem, type OperationResult } from './output';
import { facebookPageOf } from './parameters';

const RESOURCE = 'adAccount';

const FIELDS: INodeProperties[] = [channelField, pageField, ...limitFields, simplifyField];

/** The operations of 'Ad Account' in the panel, and their fields. */
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
	...showFor(RESOURCE, 'getMany', FIELDS),
];

const SIMPLE = { fields: ['AdAccountId', 'AdAccountName', 'Currency', 'PageId'] };

/** Returns the ad accounts of each item's Page. */
export async function getMany(context: IExecuteFunctions, clock: Clock): Promise<OperationResult> {
	return await forEachItem({ context, clock, isWrite: false }, async ({ item, ids, call }) => {
		const facebookPage = facebookPageOf(ids);
		const limit = limitOf(context, item);
		const entries = await listAdAccounts(call, facebookPage);
		return shapeEntries(context, item, entries.slice(0, limit), SIMPLE);
	});
}
