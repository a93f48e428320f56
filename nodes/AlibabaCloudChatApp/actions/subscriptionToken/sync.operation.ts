import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { channelField, optionalAudienceField, pageField } from '../../descriptions/audience';
import { syncTokens } from '../../transport/calls';
import type { Clock } from '../../transport/clock';
import { forEachItem } from '../forEachItem';
import type { OperationResult } from '../output';

export const fields: INodeProperties[] = [channelField, pageField, optionalAudienceField];

const NEXT =
	"Alibaba Cloud now fetches the tokens from Meta, which takes some minutes. Then run 'Get Many' to see who can be messaged, or 'Get Result' of 'Custom Audience' to count them";

/** Has Alibaba Cloud fetch the subscription tokens anew, and gives the code of the task that does it and what to do next. */
export async function execute(context: IExecuteFunctions, clock: Clock): Promise<OperationResult> {
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
