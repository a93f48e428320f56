import type { User } from '../contacts/contact';
import { bodyBytes, planBatches } from './batches';
import { expectedMatches, type Forecast } from './hundredRule';
import type { SubmissionPlan } from './delivery';
import type { UserList } from './users';

/** What a run would send. */
export interface DryRunPlan {
	batches: Array<{ batch: number; users: number; bytes: number; last: boolean }>;
	/** EstimatedNumTotal; absent when it would not be sent. */
	estimatedTotal?: number;
	expectedMatches: Forecast;
	/** The first few users, masked. */
	sample: User[];
}

const SAMPLE_SIZE = 3;

/**
 * The whole plan of a submission, without a call.
 * @param size users of the whole submission, which may span several runs
 */
export function describePlan(plan: SubmissionPlan, users: UserList, size: number): DryRunPlan {
	const { total, closes } = plan;
	const batches: DryRunPlan['batches'] = [];
	for (const { end, users: some } of planBatches(users, plan)) {
		const last = closes && end === users.length;
		const bytes = bodyBytes(some);
		batches.push({ batch: batches.length + 1, users: some.length, bytes, last });
	}
	return {
		batches,
		...(total !== undefined && { estimatedTotal: total }),
		expectedMatches: expectedMatches(size),
		sample: users.slice(0, SAMPLE_SIZE).map(maskUser),
	};
}

function maskUser({ Email, Phone }: User): User {
	return {
		...(Email !== undefined && { Email: Email.includes('@') ? maskEmail(Email) : mask(Email) }),
		...(Phone !== undefined && { Phone: mask(Phone) }),
	};
}

function maskEmail(email: string): string {
	const [local = '', domain = ''] = email.split('@');
	return `${local.slice(0, 1)}***@${domain.slice(0, 1)}***${domain.slice(domain.lastIndexOf('.'))}`;
}

function mask(value: string): string {
	return `${value.slice(0, 2)}***${value.slice(-1)}`;
}
