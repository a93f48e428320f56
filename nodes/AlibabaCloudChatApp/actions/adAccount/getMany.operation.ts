import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { channelField, pageField } from '../../descriptions/audience';
import { howMany, simplifyField } from '../../descriptions/many';
import { listAdAccounts } from '../../transport/calls';
import type { Clock } from '../../transport/clock';
import { forEachItem } from '../forEachItem';
import { limitOf, shapeEntries } from '../itemFields';
import type { OperationResult } from '../output';

export const fields: INodeProperties[] = [channelField, pageField, ...howMany, simplifyField];

const SIMPLE = { fields: ['AdAccountId', 'AdAccountName', 'Currency', 'PageId'] };

/** Gives the ad accounts of each item's Page. */
export async function execute(context: IExecuteFunctions, clock: Clock): Promise<OperationResult> {
	return await forEachItem({ context, clock, changes: false }, async ({ item, ids, request }) => {
		const page = { custSpaceId: ids.required('custSpaceId'), pageId: ids.required('pageId') };
		const limit = limitOf(context, item);
		const entries = await listAdAccounts(request, page);
		return shapeEntries(context, item, entries.slice(0, limit), SIMPLE);
	});
}
