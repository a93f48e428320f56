import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { Clock } from '../../async';
import { readId } from '../../ids';
import { audiencePages, collectEntries, PAGE_SIZE, textOf } from '../../transport/api';
import {
	adAccountField,
	channelField,
	limitFields,
	limitOf,
	pageField,
	shapeEntries,
	simplifyField,
} from '../fields';
import { forEachItem, type OperationResult } from '../output';
import { facebookPageOf, idOrThrow } from '../parameters';

/** The panel's fields of 'Get Many'. */
export const fields: INodeProperties[] = [
	channelField,
	pageField,
	...limitFields,
	simplifyField,
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		options: [
			{
				...adAccountField,
				required: false,
				description:
					'Ad account whose audiences to return; leave it empty for all audiences of the Page',
			},
			{
				displayName: 'Name',
				name: 'name',
				type: 'string',
				default: '',
				placeholder: 'e.g. Newsletter readers',
				description: 'Name, or part of the name, of the audiences to return',
			},
		],
	},
];

const DATES = ['CreateTime', 'UpdateTime'];
const SIMPLE = {
	fields: [
		'CustomAudienceId',
		'CustomAudienceName',
		'Description',
		'AdAccountId',
		'PageId',
		'Status',
		'TokenTotal',
		...DATES,
	],
	dates: DATES,
};

/** Returns the custom audiences of each item's Page; `TokenTotal` is the number of people who can be messaged. */
export async function execute(context: IExecuteFunctions, clock: Clock): Promise<OperationResult> {
	return await forEachItem({ context, clock, isWrite: false }, async ({ item, ids, call }) => {
		const facebookPage = facebookPageOf(ids);
		const limit = limitOf(context, item);
		const given = context.getNodeParameter('filters', item, {}) as IDataObject;
		const adAccountId = idOrThrow(readId('adAccountId', given.adAccountId));
		const filter = { adAccountId, name: textOf(given.name) };
		const pages = audiencePages(call, facebookPage, filter, Math.min(limit, PAGE_SIZE));
		return shapeEntries(context, item, await collectEntries(pages, limit), SIMPLE);
	});
}
