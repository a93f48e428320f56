import type { CallResult } from '../../nodes/AlibabaCloudChatApp/transport/api';
import { errorOfResponse } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import { createRetrier } from '../../nodes/AlibabaCloudChatApp/transport/retry';
import { stillClock } from '../engine/stillClock';

// Longer than the longest wait that the node would choose by itself, and as long as it waits at all.
test.each([31, 600])('waits %i seconds when the server asks for them', async (seconds) => {
	const clock = stillClock();
	const answer = { status: 503, headers: { 'retry-after': String(seconds) }, text: '' };
	const asked = { action: 'ListInstance', ofRole: false, secrets: [] };
	const error = errorOfResponse(answer, undefined, asked);
	const results: CallResult[] = [{ accepted: false, error }];
	const withRetry = createRetrier({ maxTries: 2, clock });
	await withRetry(async () => results.shift() ?? { accepted: true, requestId: '', body: {} });
	expect(clock.waits).toEqual([seconds * 1000]);
});
