import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { channelField, optionalAudienceField, pageField } from '../../descriptions/audience';
import { syncTokens } from '../../transport/calls';
import type { Clock } from '../../transport/clock';
import { forEachItem } from '../forEachItem';
import type { OperationResult } from '../output';

export const fields: INodeProperties[] = [channelField, pageField, optionalAudienceField];

/** Has Alibaba Cloud fetch the subscription tokens anew, and gives the code of the task that does it. */
export async function execute(context: IExecuteFunctions, clock: Clock): Promise<OperationResult> {
	return await forEachItem({ context, clock, changes: true }, async ({ ids, ask }) => {
		const page = { custSpaceId: ids.required('custSpaceId'), pageId: ids.required('pageId') };
		return [await syncTokens(ask, page, ids.optional('customAudienceId'))];
	});
}
