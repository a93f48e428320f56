import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { Clock } from '../async';
import { collectEntries, syncTokens, tokenPages } from '../transport/api';
import {
	channelField,
	limitFields,
	limitOf,
	operationOf,
	optionalAudienceField,
	pageField,
	shapeEntries,
	showFor,
	simplifyField,
} from './fields';
import { forEachItem, type OperationResult } from './output';
import { facebookPageOf } from './parameters';

const RESOURCE = 'subscriptionToken';

const MANY_FIELDS: INodeProperties[] = [
	channelField,
	pageField,
	optionalAudienceField,
	...limitFields,
	simplifyField,
];

const SYNC_FIELDS: INodeProperties[] = [channelField, pageField, optionalAudienceField];

/** The operations of 'Subscription Token' in the panel, and their fields. */
export const description: INodeProperties[] = [
	{
		...operationOf(RESOURCE, 'getMany'),
		options: [
			{
				name: 'Get Many',
				value: 'getMany',
				action: 'Get many subscription tokens',
				description:
					'Get the tokens of the people who can be messaged by a Facebook Page or through one of its audiences',
			},
			{
				name: 'Refresh',
				value: 'sync',
				action: 'Refresh subscription tokens',
				description: 'Fetch the current tokens from Meta. Run it before Get Many.',
			},
		],
	},
	...showFor(RESOURCE, 'getMany', MANY_FIELDS),
	...showFor(RESOURCE, 'sync', SYNC_FIELDS),
];

/** The most that one call returns. */
const MAX_TOKENS_PER_CALL = 1000;
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

/** Returns the subscription tokens of each item's Page, or of one of its audiences. */
export async function getMany(context: IExecuteFunctions, clock: Clock): Promise<OperationResult> {
	return await forEachItem({ context, clock, isWrite: false }, async ({ item, ids, call }) => {
		const facebookPage = facebookPageOf(ids);
		const limit = limitOf(context, item);
		const size = Math.min(limit, MAX_TOKENS_PER_CALL);
		const pages = tokenPages(call, facebookPage, ids.optional('customAudienceId'), size);
		return shapeEntries(context, item, await collectEntries(pages, limit), SIMPLE);
	});
}

const NEXT =
	"Alibaba Cloud fetches the tokens from Meta, which takes a few minutes. Then run 'Get Many' to list the people who can be messaged, or 'Get Match Result' to count them";

/** Makes Alibaba Cloud fetch the current subscription tokens; returns the task's code and the next step. */
export async function sync(context: IExecuteFunctions, clock: Clock): Promise<OperationResult> {
	const result = await forEachItem({ context, clock, isWrite: true }, async ({ ids, call }) => {
		const facebookPage = facebookPageOf(ids);
		const task = await syncTokens(call, facebookPage, ids.optional('customAudienceId'));
		return [{ ...task, next: NEXT }];
	});
	if (result.changed) {
		context.addExecutionHints({ message: NEXT, type: 'info', location: 'outputPane' });
	}
	return result;
}
