import type { Audience } from '../../../submission/audience';
import { audiencePages } from '../../../transport/calls';
import type { Connection } from '../../../transport/client';
import { createRequest } from '../../../transport/request';
import { textOf } from '../../itemFields';
import { countOf } from '../getResult/uploads';

/** Milliseconds: nobody waits longer for a number that is only nice to have. */
const LONGEST = 5000;

/**
 * How many people of an audience can be messaged, for 'Get Result' to compare with. One call, and never an obstacle:
 * a key that may only add users is a good key.
 * @returns undefined when it is not to be had
 */
export async function noteTokenTotal(
	connection: Connection,
	audience: Audience,
): Promise<number | undefined> {
	const timeout = Math.min(LONGEST, connection.timeout);
	const request = createRequest({ ...connection, timeout }, 1);
	const { adAccountId, customAudienceId } = audience;
	try {
		const { entries } = await audiencePages(
			request,
			audience,
			{ adAccountId, customAudienceId },
			20,
		)();
		const found = entries.find((entry) => textOf(entry.CustomAudienceId) === customAudienceId);
		return countOf(found?.TokenTotal);
	} catch {
		// What stands in the way of the upload itself is told by its own calls.
		return undefined;
	}
}
