import type { Plan, UploadOptions } from '../../nodes/AlibabaCloudChatApp/upload/plan';

const OPTIONS: UploadOptions = {
	batchSize: 10_000,
	maxTries: 1,
	timeout: 1,
	sendUsersIn: 'body',
	lastBatch: 'auto',
	estimatedTotal: 0,
	minimumUsers: 0,
	collectTable: 'contacts',
	collectUntil: 500,
	collectHours: 24,
	topUp: true,
	keepDays: 180,
	hash: 'none',
};

/** The plan of an upload that is sent, with what a test says of it. */
export function planWith(plan: Partial<Plan> = {}, options: Partial<UploadOptions> = {}): Plan {
	return {
		audience: { custSpaceId: 's', pageId: 'p', adAccountId: 'a', customAudienceId: 'c' },
		items: [0],
		users: [],
		refs: [],
		completes: true,
		decision: { kind: 'send', withWaiting: false },
		...plan,
		options: { ...OPTIONS, ...plan.options, ...options },
	};
}
