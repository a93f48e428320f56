import type { FieldPaths, User } from '../contacts/contact';
import { type ReasonCode, REASONS } from '../contacts/reasons';
import type { Audience } from '../ids';
import { type Message, messageText } from '../message';
import { shownName } from '../redact';
import { bodyBytes, countUsers, planBatches } from './batches';
import { expectedMatches } from './decide';
import type { BatchResult, Collecting, Counts, Ledger } from './ledger';
import type { BatchPlan, Preview, SummarizedPlan } from './plan';

/** One batch in a summary. */
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

/** How many contacts can be messaged: valid ones, without duplicates. */
export interface ReachCounts {
	messageable: number;
	/** By country, ISO 3166 alpha-2. */
	notMessageable: Record<string, number>;
	unknown: number;
}

/** One upload as the output shows it; counts are of contacts. */
export interface Summary extends Counts, Audience {
	/** Users that were or would be sent; absent if every contact has one. */
	users?: number;
	reach?: ReachCounts;
	/** The number of contacts who opted out, by the field in which they did. */
	optedOut?: Record<string, number>;
	collecting?: Collecting;
	warnings: string[];
	/** What to do about invalid contacts, by reason. */
	advice: Partial<Record<ReasonCode, string>>;
	/** Absent if it is unknown. */
	customAudienceName?: string;
	/** Whether a call with the last flag was accepted. */
	complete: boolean;
	/** People in the audience before the upload; absent if the key isn't allowed to list audiences. */
	tokenTotalBefore?: number;
	dryRun?: true;
	plan?: Preview;
	batches: BatchSummary[];
	invalidReasons: Partial<Record<ReasonCode, number>>;
	/** The number of invalid fields, by reason, of contacts that are sent with their other field. */
	droppedFields: Partial<Record<ReasonCode, number>>;
	/** The most common path of each field. */
	fields: FieldPaths;
	/** The sheet that was read; only for a workbook. */
	sheet?: string;
}

/**
 * One upload in numbers; received = submitted + collected + duplicates + invalid + failed + held.
 * Two of the output's keys have other names in the code: `plan` is the preview, and a batch's `tries` are its attempts.
 * What people look for comes first, because n8n's table shows the keys in this order.
 */
export function summarize(plan: SummarizedPlan, ledger: Ledger, warnings: Message[]): Summary {
	const { audience, fields, preview, source } = plan;
	const { facts, batches } = ledger;
	const { collecting, complete, tokenTotalBefore } = facts;
	const name = audienceNameOf(plan, ledger);
	const invalidReasons = ledger.invalidReasons();
	return {
		...ledger.counts(),
		...contactCounts(plan, ledger),
		...(collecting && { collecting }),
		warnings: warnings.map(messageText),
		invalidReasons,
		advice: adviceOnReasons(invalidReasons),
		droppedFields: ledger.droppedFields(),
		fields: fields?.mostCommonPaths() ?? {},
		...(source?.facts.sheet !== undefined && { sheet: shownName(source.facts.sheet) }),
		complete,
		...(tokenTotalBefore !== undefined && { tokenTotalBefore }),
		...(name && { customAudienceName: name }),
		...audience,
		...(preview && { dryRun: true as const, plan: preview }),
		batches: batches.map(summarizeBatch),
	};
}

/** The name of an upload's audience, as it was chosen or looked up; undefined if it is unknown. */
export function audienceNameOf(
	{ audienceName }: Pick<SummarizedPlan, 'audienceName'>,
	{ facts }: Ledger,
): string | undefined {
	const name = audienceName ?? facts.audienceName;
	return name && shownName(name);
}

function contactCounts(
	{ users, extraUserCount = 0, fields, reach }: SummarizedPlan,
	{ leftOutCount }: Ledger,
): Partial<Summary> {
	const optedOut = [...(fields?.optedOut ?? [])];
	return {
		...(extraUserCount > 0 && users && { users: users.length - leftOutCount }),
		...(reach && {
			reach: {
				messageable: reach.messageable,
				notMessageable: Object.fromEntries(reach.notMessageable),
				unknown: reach.unknown,
			},
		}),
		...(optedOut.length > 0 && { optedOut: Object.fromEntries(optedOut) }),
	};
}

function adviceOnReasons(invalidReasons: Summary['invalidReasons']): Summary['advice'] {
	const reasons = Object.keys(invalidReasons) as ReasonCode[];
	return Object.fromEntries(reasons.map((reason) => [reason, REASONS[reason]]));
}

function summarizeBatch(batch: BatchResult, index: number): BatchSummary {
	const { last, requestId, attempts, error } = batch;
	return {
		batch: index + 1,
		users: countUsers([batch]),
		last,
		status: error ? 'failed' : 'accepted',
		requestId,
		tries: attempts,
		...(error && {
			code: error.code,
			message: [error.what, error.quote].filter(Boolean).join('. '),
		}),
	};
}

const SAMPLE_SIZE = 3;

/**
 * The calls that a real run would make.
 * @param size the number of contacts in the whole upload, even if it spans several runs
 * @param maxBytes the most bytes of encoded users in one call; undefined for the API's own limit
 */
export function describePreview(
	{ users, contactAt, total, completes, options }: Omit<BatchPlan, 'refs'>,
	size: number,
	maxBytes?: number,
): Preview {
	const limits = { batchSize: options.batchSize, maxBytes, contactAt };
	const batches: Preview['batches'] = [];
	for (const { end, users: some } of planBatches(users, limits)) {
		const last = completes && end === users.length;
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
