import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { Clock } from '../async';
import { collectEntries, syncTokens, tokenPages } from '../transport/api';
import {
	channelField,
	howMany,
	operationOf,
	optionalAudienceField,
	pageField,
	showFor,
	simplifyField,
} from './fields';
import { forEachItem } from './forEachItem';
import type { OperationResult } from './output';
import { limitOf, shapeEntries } from './parameters';

const RESOURCE = 'subscriptionToken';

const MANY_FIELDS: INodeProperties[] = [
	channelField,
	pageField,
	optionalAudienceField,
	...howMany,
	simplifyField,
];

const SYNC_FIELDS: INodeProperties[] = [channelField, pageField, optionalAudienceField];

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
	...showFor(RESOURCE, 'getMany', MANY_FIELDS),
	...showFor(RESOURCE, 'sync', SYNC_FIELDS),
];

/** The most that one call gives. */
const PAGE_SIZE = 1000;
const DATES = ['CreationTimestamp', 'TokenExpiryTimestamp', 'NextEligibleTime'];
const SIMPLE = {
	fields: [
		'RecipientId',
		'UserTokenStatus',
		...DATES,
		'NotificationMessagesToken',
		'CustomAudienceId',
		'PageId',
	],
	dates: DATES,
};

/** Gives the subscription tokens of each item's Page, or of one of its audiences. */
export async function getMany(context: IExecuteFunctions, clock: Clock): Promise<OperationResult> {
	return await forEachItem({ context, clock, changes: false }, async ({ item, ids, request }) => {
		const page = { custSpaceId: ids.required('custSpaceId'), pageId: ids.required('pageId') };
		const limit = limitOf(context, item);
		const size = Math.min(limit, PAGE_SIZE);
		const pages = tokenPages(request, page, ids.optional('customAudienceId'), size);
		return shapeEntries(context, item, await collectEntries(pages, limit), SIMPLE);
	});
}

const NEXT =
	"Alibaba Cloud now fetches the tokens from Meta, which takes some minutes. Then run 'Get Many' to see who can be messaged, or 'Get Result' of 'Custom Audience' to count them";

/** Has Alibaba Cloud fetch the subscription tokens anew, and gives the code of the task that does it and what to do next. */
export async function sync(context: IExecuteFunctions, clock: Clock): Promise<OperationResult> {
	const result = await forEachItem({ context, clock, changes: true }, async ({ ids, request }) => {
		const page = { custSpaceId: ids.required('custSpaceId'), pageId: ids.required('pageId') };
		const task = await syncTokens(request, page, ids.optional('customAudienceId'));
		return [{ ...task, next: NEXT }];
	});
	if (result.sent) {
		context.addExecutionHints({ message: NEXT, type: 'info', location: 'outputPane' });
	}
	return result;
}
