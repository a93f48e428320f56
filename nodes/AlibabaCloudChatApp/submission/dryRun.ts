import type { User } from '../contacts/contact';
import { bodyBytes, planBatches } from './batches';
import { expectedMatches, type Forecast } from './hundredRule';
import type { SubmissionPlan } from './delivery';

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
export function describePlan(plan: SubmissionPlan, size: number): DryRunPlan {
	const ranges = planBatches(plan.users, plan.batchSize);
	return {
		batches: ranges.map(({ start, end }, index) => ({
			batch: index + 1,
			users: end - start,
			bytes: bodyBytes(plan.users.slice(start, end)),
			last: plan.closes && index === ranges.length - 1,
		})),
		...(plan.total !== undefined && { estimatedTotal: plan.total }),
		expectedMatches: expectedMatches(size),
		sample: plan.users.slice(0, SAMPLE_SIZE).map(maskUser),
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
