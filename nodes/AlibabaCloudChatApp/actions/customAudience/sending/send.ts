import type { User } from '../../../contacts/contact';
import type { Audience } from '../../../ids';
import { ForgottenPeople } from '../../../store/forgotten';
import { toTableError } from '../../../store/table';
import { audiencePages, CAMS_VERSION, countOf, createCaller, textOf } from '../../../transport/api';
import { ApiError, type KeyRejections } from '../../../transport/apiError';
import {
	type CallOnce,
	type CallResult,
	createCallOnce,
	type Connection,
	createRetrier,
	type RpcCall,
} from '../../../transport/client';
import { ADD_USERS } from '../../../transport/advice';
import { connectWith } from '../../../transport/connect';
import { UsersPlacement } from '../../../transport/usersPlacement';
import { bodyBytes, countUsers, usersBody } from '../../../upload/batches';
import type { Facts, Ledger } from '../../../upload/ledger';
import type { Upload } from '../../../upload/plan';
import {
	type BatchAnswer,
	type BatchCall,
	type BatchSender,
	keepOpenWindow,
	lockAudience,
	openWindowOf,
	sendBatches,
	type UploadWindow,
} from '../../../upload/upload';
import { noCredential } from '../../nodeErrors';
import { forgottenPeople, Progress, type Run } from './run';

/**
 * Sends an upload's users to their audience while no other upload of this process is sent there; the ledger records
 * what happened, including why no call could be made.
 * @param guard asked before each attempt
 * @throws the cancel signal's reason
 */
export async function send(run: Run, { plan, ledger }: Upload, guard?: Guard): Promise<void> {
	const { context, clock, onError } = run;
	const { audience, options } = plan;
	const { facts } = ledger;
	const cancelSignal = context.getExecutionCancelSignal();
	let connection: Connection;
	try {
		connection = await connectWith(context, { clock, timeout: options.timeout * 1000 });
	} catch (error) {
		facts.failure = noCredential(error);
		return;
	}
	const { origin } = connection;
	const placement = new UsersPlacement(origin, options.sendUsersIn);
	const progress = new Progress(run);
	let accepted = 0;
	const people = forgottenPeople(run, options);
	const isForgotten = (user: User) => people.hasSincePlan(user);
	const sender = new ApiBatchSender({
		audience,
		callOnce: createCallOnce(connection),
		withRetry: createRetrier({ maxAttempts: options.maxTries, clock, cancelSignal }),
		placement,
		now: () => clock.now(),
		rejections: run.rejections,
		guard,
		isAnyForgotten: async (users) => {
			await refresh(people, facts);
			return users.some(isForgotten);
		},
		onAccepted: (users) => {
			// A batch that is sent again with the last flag isn't counted twice.
			accepted = Math.min(plan.users.length, accepted + users);
			progress.report(`${accepted} of ${plan.users.length} users accepted`);
		},
	});
	const key = JSON.stringify([origin, audience.custSpaceId, audience.customAudienceId]);
	const release = await lockAudience(key, cancelSignal);
	try {
		const begun = options.lastBatch === 'auto' ? undefined : openWindowOf(key);
		facts.windowStartedAt = begun?.startedAt;
		facts.tokenTotalBefore ??= await readTokenTotal(connection, audience);
		const total = plan.total && Math.max(plan.total, (begun?.users ?? 0) + plan.users.length);
		const stopAtRejection = onError === 'stop';
		const settings = { sender, stopAtRejection, now: () => clock.now(), isForgotten };
		await sendBatches({ ...plan, total }, ledger, settings);
	} finally {
		keepOpenWindow(key, openWindowAfter(ledger, openWindowOf(key)));
		const isAnyMade = ledger.batches.some(({ attempts }) => attempts > 0);
		if (isAnyMade) facts.usersIn = placement.usersIn;
		release();
	}
}

// Where it can't be read, the run continues with a warning.
async function refresh(people: ForgottenPeople, { tableProblems }: Facts): Promise<void> {
	try {
		await people.refresh();
	} catch (error) {
		const tableError = toTableError(error);
		const isReported = tableProblems.some(({ kind }) => kind === 'forgottenUnknown');
		if (tableError.code === 'data_tables_unreachable' || isReported) return;
		tableProblems.push({ kind: 'forgottenUnknown', message: tableError });
	}
}

/** The upload window that later runs continue; undefined if the upload is complete. */
function openWindowAfter(
	{ facts, batches }: Ledger,
	begun: UploadWindow | undefined,
): UploadWindow | undefined {
	const { complete, windowStartedAt: startedAt, restarts } = facts;
	if (complete || startedAt === undefined) return undefined;
	const { batch = 1 } = restarts.at(-1) ?? {};
	const accepted = batches.slice(batch - 1).filter(({ error }) => !error);
	const before = begun?.startedAt === startedAt ? begun.users : 0;
	return { startedAt, users: before + countUsers(accepted) };
}

/** Milliseconds: the upload doesn't depend on this number. */
const TOKEN_TOTAL_TIMEOUT = 5000;

/**
 * How many people in an audience can be messaged, for 'Get Match Result' to compare with.
 * @returns undefined if it can't be read, since a key that may only add users is valid too
 */
async function readTokenTotal(
	connection: Connection,
	audience: Audience,
): Promise<number | undefined> {
	const timeout = Math.min(TOKEN_TOTAL_TIMEOUT, connection.timeout);
	const call = createCaller({ ...connection, timeout }, 1);
	const { adAccountId, customAudienceId } = audience;
	try {
		const filter = { adAccountId, customAudienceId };
		const { entries } = await audiencePages(call, audience, filter, 20)();
		const found = entries.find((entry) => textOf(entry.CustomAudienceId) === customAudienceId);
		return countOf(found?.TokenTotal);
	} catch {
		// Whatever is wrong is reported by the upload's own calls.
		return undefined;
	}
}

/** Called before each attempt; returns why no further attempt may be made, or undefined. */
export type Guard = () => Promise<ApiError | undefined>;

/** What is needed to send batches. */
interface BatchSenderSettings {
	audience: Audience;
	callOnce: CallOnce;
	withRetry: ReturnType<typeof createRetrier>;
	placement: UsersPlacement;
	/** Milliseconds since 1970. */
	now(): number;
	/** What the run knows about its key. */
	rejections: KeyRejections;
	guard?: Guard;
	/** Asked before each attempt, last of all: whether one of the users must not be sent anymore. */
	isAnyForgotten?(users: User[]): Promise<boolean>;
	/** Called with the number of users when a batch is accepted. */
	onAccepted?(users: number): void;
}

/** Sends an upload's batches to AddCustomAudienceUser, each with its retries. */
export class ApiBatchSender implements BatchSender {
	constructor(private readonly settings: BatchSenderSettings) {}

	maxBytes(total?: number): number | undefined {
		const { placement, audience } = this.settings;
		return maxUserBytes(placement, audience, total);
	}

	async send(batch: BatchCall): Promise<BatchAnswer> {
		const { audience, placement, withRetry, rejections } = this.settings;
		const known = rejections.find(ADD_USERS, audience.custSpaceId);
		if (known) return { accepted: false, error: known, attempts: 0, responseLost: false };
		const { usersIn } = placement;
		const attempts = new Attempts(this.settings, this.callOf(batch), batch);
		const result = await withRetry(() => attempts.next());
		const made = { attempts: attempts.count, responseLost: result.responseLost };
		if (result.accepted) {
			this.settings.onAccepted?.(batch.users.length);
			const { requestId } = result;
			return { accepted: true, requestId, startedAt: attempts.startedAt, ...made };
		}
		const { length } = batch.users;
		const query = parametersOf(audience, batch);
		const sent = { usersIn, users: length, bytes: bodyBytes(batch.users), query };
		if (attempts.mustChange || placement.learn(result.error, sent)) {
			return { accepted: false, again: true, ...made };
		}
		rejections.note(result.error, ADD_USERS, audience.custSpaceId);
		return { accepted: false, error: result.error, ...made };
	}

	private callOf(batch: BatchCall): RpcCall {
		const { audience, placement } = this.settings;
		const query = parametersOf(audience, batch);
		const call = {
			action: ADD_USERS,
			version: CAMS_VERSION,
			personal: () => valuesOf(batch),
		};
		// With thousands of users, a URL would be too long for gateways, and it appears in logs.
		return placement.usersIn === 'body'
			? { ...call, query, body: usersBody(batch.users) }
			: { ...call, query: { ...query, Users: JSON.stringify(batch.users) } };
	}
}

/** Bytes of encoded users that one call to an audience may contain; undefined for the API's own limit. */
export function maxUserBytes(
	placement: UsersPlacement,
	audience: Audience,
	total?: number,
): number | undefined {
	return placement.maxBytes(parametersOf(audience, { total, last: false }));
}

/** Ends the attempts for a batch that must change first. It is never shown. */
const MUST_CHANGE = new ApiError({
	kind: 'rejected',
	code: '',
	what: '',
	fix: '',
	requestId: '',
	responseLost: false,
});

/** The attempts for one batch; none starts too late, if the guard objects, or with a person who asked to be forgotten. */
class Attempts {
	count = 0;
	/** When the latest one began, in milliseconds since 1970. */
	startedAt = 0;
	/** Whether the same batch can't be sent again. */
	mustChange = false;

	constructor(
		private readonly settings: BatchSenderSettings,
		private readonly call: RpcCall,
		private readonly batch: BatchCall,
	) {}

	async next(): Promise<CallResult> {
		const { callOnce, guard, isAnyForgotten, now } = this.settings;
		const { until = Infinity, users } = this.batch;
		const blocked = await guard?.();
		if (blocked) return { accepted: false, error: blocked };
		this.mustChange = (await isAnyForgotten?.(users)) ?? false;
		this.startedAt = now();
		this.mustChange ||= this.startedAt >= until;
		if (this.mustChange) return { accepted: false, error: MUST_CHANGE };
		this.count++;
		return await callOnce(this.call);
	}
}

function parametersOf(audience: Audience, { total, last }: Pick<BatchCall, 'total' | 'last'>) {
	return {
		CustSpaceId: audience.custSpaceId,
		PageId: audience.pageId,
		AdAccountId: audience.adAccountId,
		CustomAudienceId: audience.customAudienceId,
		...(total !== undefined && { EstimatedNumTotal: String(total) }),
		BatchLastFlag: String(last),
	};
}

function* valuesOf({ users }: BatchCall): Generator<string> {
	for (const { Email, Phone } of users) {
		if (Email !== undefined) yield Email;
		if (Phone !== undefined) yield Phone;
	}
}
