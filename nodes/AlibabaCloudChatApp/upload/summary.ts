import type { FieldPaths, User } from '../contacts/contact';
import { type ReasonCode, REASONS } from '../contacts/reasons';
import { type Message, sentence } from '../message';
import type { Audience } from './audience';
import { bodyBytes, planBatches } from './batches';
import { expectedMatches, type Forecast } from './hundredRule';
import type { Counts, Ledger } from './ledger';
import type { UserList } from './packedUsers';
import type { SentBatch, SubmissionPlan } from './upload';

export interface BatchSummary {
	batch: number;
	users: number;
	last: boolean;
	status: 'accepted' | 'failed';
	requestId: string;
	tries: number;
	code?: string;
	message?: string;
}

/** What the table holds for an audience after a run, and what went out of it. */
export interface Collecting {
	/** Contacts that wait now. */
	waiting: number;
	/** Users of the submission that had waited in the table. */
	sentFromTable: number;
	/** Users of the submission that were sent before and went again, to fill it up. */
	toppedUp: number;
	/** What happens next, as a sentence. */
	next: string;
}

export interface Summary extends Counts, Audience {
	collecting?: Collecting;
	warnings: string[];
	/** What to do about the contacts of each reason. */
	advice: Partial<Record<ReasonCode, string>>;
	/** Absent where nobody told it. */
	customAudienceName?: string;
	closed: boolean;
	/** The people in the audience before the upload; absent where the key may not list. */
	tokenTotal?: number;
	/** Where the calls carried the users; absent when none was made. */
	usersSentIn?: 'body' | 'query';
	dryRun?: true;
	plan?: DryRunPlan;
	batches: BatchSummary[];
	refusals: Partial<Record<ReasonCode, number>>;
	leftOut: Partial<Record<ReasonCode, number>>;
	/** Where contacts had their fields, the commonest path of each. */
	fields: FieldPaths;
}

/**
 * One submission in figures; received = submitted + collected + duplicates + refused + failed + held.
 * What a person looks for comes first: n8n's table shows the keys in this order.
 */
export function summarize(
	audience: Audience,
	ledger: Ledger,
	told: {
		audienceName?: string;
		found: Pick<Summary, 'tokenTotal' | 'usersSentIn'>;
		plan?: DryRunPlan;
		collecting?: Collecting;
		warnings: Message[];
		fields?: FieldPaths;
	},
): Summary {
	const { batches, closed } = ledger.delivery;
	const { tokenTotal, usersSentIn } = told.found;
	const refusals = ledger.refusals();
	return {
		...ledger.counts(),
		...(told.collecting && { collecting: told.collecting }),
		warnings: told.warnings.map(sentence),
		refusals,
		advice: adviceOn(refusals),
		leftOut: ledger.droppedFields(),
		fields: told.fields ?? {},
		closed,
		...(tokenTotal !== undefined && { tokenTotal }),
		...(usersSentIn && { usersSentIn }),
		...(told.audienceName && { customAudienceName: told.audienceName }),
		...audience,
		...(told.plan && { dryRun: true as const, plan: told.plan }),
		batches: batches.map(summarizeBatch),
	};
}

function adviceOn(refusals: Summary['refusals']): Summary['advice'] {
	const reasons = Object.keys(refusals) as ReasonCode[];
	return Object.fromEntries(reasons.map((reason) => [reason, REASONS[reason]]));
}

function summarizeBatch(sent: SentBatch, index: number): BatchSummary {
	const { start, end, last, requestId, tries, error } = sent;
	return {
		batch: index + 1,
		users: end - start,
		last,
		status: error ? 'failed' : 'accepted',
		requestId,
		tries,
		...(error && { code: error.code, message: error.verbatim ?? error.what }),
	};
}

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
