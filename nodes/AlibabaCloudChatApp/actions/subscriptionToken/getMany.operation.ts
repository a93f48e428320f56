import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { channelField, optionalAudienceField, pageField } from '../../descriptions/audience';
import { howMany, simplifyField } from '../../descriptions/many';
import { tokenPages } from '../../transport/calls';
import type { Clock } from '../../transport/clock';
import { collectEntries } from '../../transport/pages';
import { forEachItem } from '../forEachItem';
import { limitOf, shapeEntries } from '../itemFields';
import type { OperationResult } from '../output';

export const fields: INodeProperties[] = [
	channelField,
	pageField,
	optionalAudienceField,
	...howMany,
	simplifyField,
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
export async function execute(context: IExecuteFunctions, clock: Clock): Promise<OperationResult> {
	return await forEachItem({ context, clock, changes: false }, async ({ item, ids, request }) => {
		const page = { custSpaceId: ids.required('custSpaceId'), pageId: ids.required('pageId') };
		const limit = limitOf(context, item);
		const size = Math.min(limit, PAGE_SIZE);
		const pages = tokenPages(request, page, ids.optional('customAudienceId'), size);
		return shapeEntries(context, item, await collectEntries(pages, limit), SIMPLE);
	});
}
