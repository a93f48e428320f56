import * as fc from 'fast-check';
import type { User } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { Ledger } from '../../nodes/AlibabaCloudChatApp/upload/ledger';
import { type BatchCall, sendBatches } from '../../nodes/AlibabaCloudChatApp/upload/upload';

const SEED = 20260624;

const user: fc.Arbitrary<User> = fc.record(
	{ Email: fc.emailAddress(), Phone: fc.stringMatching(/^\d{7,15}$/) },
	{ requiredKeys: ['Email'] },
);

async function callsFor(users: User[], batchSize: number): Promise<BatchCall[]> {
	const calls: BatchCall[] = [];
	const options = { batchSize };
	const plan = { users, refs: [], options, total: users.length, completes: true };
	const send = async (call: BatchCall) => {
		calls.push(call);
		return {
			accepted: true,
			requestId: '',
			startedAt: 0,
			attempts: 1,
			responseLost: false,
		} as const;
	};
	const to = { sender: { send }, stopAtRejection: false, now: () => 0 };
	await sendBatches(plan, new Ledger(), to);
	return calls;
}

describe('batches, for any users and any batch size', () => {
	it('are the users in order, none over size, with one last flag at the end and equal totals', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(user, { minLength: 1, maxLength: 200 }),
				fc.integer({ min: 1, max: 250 }),
				async (users, batchSize) => {
					const calls = await callsFor(users, batchSize);
					expect(calls.flatMap((call) => call.users)).toEqual(users);
					expect(calls).toHaveLength(Math.ceil(users.length / batchSize));
					expect(Math.max(...calls.map((call) => call.users.length))).toBeLessThanOrEqual(
						batchSize,
					);
					expect(calls.map(({ last }) => last)).toEqual(
						calls.map((_, index) => index === calls.length - 1),
					);
					expect(new Set(calls.map(({ total }) => total))).toEqual(new Set([users.length]));
				},
			),
			{ seed: SEED, numRuns: 300 },
		);
	});
});
