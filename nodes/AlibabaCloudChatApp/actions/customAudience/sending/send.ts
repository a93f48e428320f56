import type { User } from '../../../contacts/contact';
import type { Audience } from '../../../ids';
import { ForgottenPeople } from '../../../store/identifiers';
import { toTableError } from '../../../store/table';
import { audiencePages, countOf, createApiRequester, textOf } from '../../../transport/api';
import { connectApi, type Connection, createRetrier } from '../../../transport/client';
import { connectWith } from '../../../transport/connection';
import { UsersPlacement } from '../../../transport/usersPlacement';
import { countUsers } from '../../../upload/batches';
import type { Facts, Ledger } from '../../../upload/ledger';
import type { Upload } from '../../../upload/plan';
import {
	keepOpenWindow,
	lockAudience,
	openWindowOf,
	sendBatches,
	type UploadWindow,
} from '../../../upload/upload';
import { noCredential } from '../../nodeErrors';
import { BatchSender, type Guard } from './batchSender';
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
	const caller = new BatchSender({
		audience,
		callApi: connectApi(connection),
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
		const settings = { caller, stopAtRejection, now: () => clock.now(), isForgotten };
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
		const why = toTableError(error);
		const isReported = tableProblems.some(({ kind }) => kind === 'forgottenUnknown');
		if (why.code === 'data_tables_unreachable' || isReported) return;
		tableProblems.push({ kind: 'forgottenUnknown', why });
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
 * How many people of an audience can be messaged, for 'Get Match Result' to compare with.
 * @returns undefined if it can't be read, since a key that may only add users is valid too
 */
async function readTokenTotal(
	connection: Connection,
	audience: Audience,
): Promise<number | undefined> {
	const timeout = Math.min(TOKEN_TOTAL_TIMEOUT, connection.timeout);
	const request = createApiRequester({ ...connection, timeout }, 1);
	const { adAccountId, customAudienceId } = audience;
	try {
		const filter = { adAccountId, customAudienceId };
		const { entries } = await audiencePages(request, audience, filter, 20)();
		const found = entries.find((entry) => textOf(entry.CustomAudienceId) === customAudienceId);
		return countOf(found?.TokenTotal);
	} catch {
		// Whatever is wrong is reported by the upload's own calls.
		return undefined;
	}
}
