import type { IExecuteFunctions } from 'n8n-workflow';
import type { Clock } from '../../../async';
import { type Message, sentence } from '../../../message';
import type { ContactSource } from '../../../sources/source';
import { audiencePages, connectApi, createRequest } from '../../../transport/api';
import type { ApiError } from '../../../transport/apiError';
import type { Connection } from '../../../transport/client';
import { connectWith } from '../../../transport/connection';
import { Pace } from '../../../transport/pace';
import { redact } from '../../../transport/redact';
import { createRetrier } from '../../../transport/retry';
import { type UsersIn, UsersRoad } from '../../../transport/usersPlacement';
import type { Audience } from '../../../upload/audience';
import { type BatchLimits, nextBatch } from '../../../upload/batches';
import type { UserList } from '../../../upload/packedUsers';
import {
	type Delivery,
	keepOpenSession,
	openSessionOf,
	type Outgoing,
	type SendBatch,
	SESSION_LENGTH,
	submit,
	withAudienceLock,
} from '../../../upload/upload';
import type { OnError } from '../../output';
import { textOf } from '../../parameters';
import type { AddUsersOptions } from '../addUsers/options';
import type { Ready, Submission } from '../addUsers/plan';
import { countOf } from '../getResult';
import { batchSender, roomFor, type RunState } from './batchSender';
import { alone, collectFew, openStore, openTable, renewing, sendWithWaiting } from './collect';
import { batchNotAccepted, canceled, cannotGoOn } from './endings';
import { deliveryWarnings, stillTrue, unexpected, usersInQuery } from './messages';

const EVERY_MS = 1000;

/**
 * The same sender, which also tells how far a long submission is: in n8n's log and, for a run from the editor, in the
 * browser's console, at most once a second. Only numbers are told.
 * @param users how many the submission has
 */
export function tellingProgress(
	send: SendBatch,
	users: number,
	{ context, clock }: { context: ToldTo; clock: Clock },
): SendBatch {
	let accepted = 0;
	let told = clock.now();
	return async (call) => {
		const answer = await send(call);
		if (!answer.accepted) return answer;
		// A batch that goes again with the last flag isn't counted twice.
		accepted = Math.min(users, accepted + call.users.length);
		if (clock.now() - told >= EVERY_MS) {
			told = clock.now();
			tell(context, `${accepted} of ${users} users accepted`);
		}
		return answer;
	};
}

/** The same source, which also tells how many rows were read, at most once a second. */
export function tellingRows(
	source: ContactSource,
	{ context, clock }: { context: ToldTo; clock: Clock },
): ContactSource {
	return {
		async *open() {
			let rows = 0;
			let told = clock.now();
			for await (const chunk of source.open()) {
				rows += chunk.length;
				if (clock.now() - told >= EVERY_MS) {
					told = clock.now();
					tell(context, `${rows} rows read`);
				}
				yield chunk;
			}
		},
	};
}

function tell(context: ToldTo, message: string): void {
	context.logger.info(message);
	context.sendMessageToUI(message);
}

type ToldTo = Pick<IExecuteFunctions, 'logger' | 'sendMessageToUI'>;

const MINUTE = 60_000;
const MINUTES = SESSION_LENGTH / MINUTE;
/** When to tell that the time of a session is nearly up. */
const NEARLY_UP = 80 * MINUTE;

/** A sentence for an upload that will outlast a session at the present pace; undefined for any other. */
export function tooLong(users: UserList, limits: BatchLimits, pace: Pace): Message | undefined {
	const calls = Math.ceil(users.length / Math.max(1, nextBatch(users, 0, limits).users.length));
	const minutes = Math.round((calls * pace.current) / MINUTE);
	if (minutes <= MINUTES) return undefined;
	return {
		code: 'long_upload',
		what: `${calls} calls will take about ${minutes} minutes, and Meta drops what comes more than ${MINUTES} minutes after a submission's first batch`,
		fix: 'What is left then goes as a submission of its own. To keep all contacts in one, send fewer a run',
	};
}

const TIME_NEARLY_UP: Message = {
	code: 'time_nearly_up',
	what: `${NEARLY_UP / MINUTE} minutes after its first batch the submission was not through, and Meta drops what comes after ${MINUTES}`,
	fix: 'What is left then goes as a submission of its own',
};

/** The same sender, which also measures the pace and tells once when the time of a session is nearly up. */
export function watchingTime(
	send: SendBatch,
	told: { delivery: Delivery; warnings: Message[]; pace: Pace },
	{ context, clock }: { context: TimeToldTo; clock: Clock },
): SendBatch {
	const { delivery, warnings, pace } = told;
	return async (call) => {
		const begin = clock.now();
		const answer = await send(call);
		const now = clock.now();
		pace.note(now - begin);
		const { sessionBegunAt = now } = delivery;
		const isThrough = call.last && answer.accepted;
		if (now - sessionBegunAt >= NEARLY_UP && !isThrough && !warnings.includes(TIME_NEARLY_UP)) {
			tellNow(TIME_NEARLY_UP, warnings, context);
		}
		return answer;
	};
}

/** Tells a person while the run is under way: in the summary's warnings, n8n's log and the browser's console. */
export function tellNow(message: Message, warnings: Message[], context: TimeToldTo): void {
	warnings.push(message);
	context.logger.warn(sentence(message));
	context.sendMessageToUI(sentence(message));
}

type TimeToldTo = Pick<IExecuteFunctions, 'logger' | 'sendMessageToUI'>;

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

export interface Delivering {
	context: IExecuteFunctions;
	clock: Clock;
	onError: OnError;
}

/** What it takes to send to an audience. */
export interface Sender {
	audience: Audience;
	/** `timeout` in seconds. */
	options: Pick<AddUsersOptions, 'timeout' | 'maxTries'> &
		Partial<Pick<AddUsersOptions, 'sendUsersIn' | 'lastBatch'>>;
	state: RunState;
	/** What becomes known while it sends. */
	found?: Found;
	/** What a person is told while it sends is added here. */
	warnings?: Message[];
	/** Asked before each try of a call: why no more of them may be made. */
	barred?(): Promise<ApiError | undefined>;
}

/** What is known of an upload beside its account. */
export interface Found {
	/** The people in the audience before it; absent where the key may not list. */
	tokenTotal?: number;
	/** Where its users went. */
	usersSentIn?: UsersIn;
}

/**
 * Sends users to an audience when no other submission of this process feeds it.
 * @returns why no call could be made
 * @throws the cancel signal's reason
 */
export async function submitInTurn(
	run: Delivering,
	{ audience, options, state, found = {}, warnings = [], barred }: Sender,
	outgoing: Omit<Outgoing, 'stopAtRefusal' | 'now' | 'room'>,
): Promise<Message | undefined> {
	const { context, clock } = run;
	const cancelSignal = context.getExecutionCancelSignal();
	let connection: Connection;
	try {
		connection = await connectWith(context, { clock, timeout: options.timeout * 1000 });
	} catch (error) {
		const why = redact((error as Error).message);
		return { code: 'no_credential', what: `The credential can't be used: ${why}`, fix: '' };
	}
	const road = new UsersRoad(connection.origin, options.sendUsersIn ?? 'auto');
	const sendBatch = batchSender({
		audience,
		callApi: connectApi(connection),
		withRetry: createRetrier({ maxTries: options.maxTries, clock, cancelSignal }),
		run: state,
		road,
		now: () => clock.now(),
		barred,
	});
	const key = JSON.stringify([connection.origin, audience.custSpaceId, audience.customAudienceId]);
	await withAudienceLock(key, cancelSignal, async () => {
		found.tokenTotal ??= await noteTokenTotal(connection, audience);
		const sender = {
			send: sendBatch,
			severalRuns: (options.lastBatch ?? 'auto') !== 'auto',
		};
		await submitTimed(run, { ...outgoing, road, audience, key, warnings }, sender);
	}).finally(() => {
		const isAnyMade = outgoing.ledger.delivery.batches.some(({ tries }) => tries > 0);
		if (isAnyMade) found.usersSentIn = road.usersIn;
	});
	return undefined;
}

type Timed = Omit<Outgoing, 'stopAtRefusal' | 'now' | 'room'> & {
	road: UsersRoad;
	audience: Audience;
	/** Names the audience among all that this process sends to. */
	key: string;
	warnings: Message[];
};

async function submitTimed(
	run: Delivering,
	{ road, audience, key, warnings, ...outgoing }: Timed,
	{ send, severalRuns }: { send: SendBatch; severalRuns: boolean },
): Promise<void> {
	const { context, clock, onError } = run;
	const { users, plan, ledger } = outgoing;
	const { delivery } = ledger;
	const pace = new Pace(`${key} ${road.usersIn}`);
	const room = () => roomFor(road, audience, plan.total);
	const long = tooLong(users, { ...plan, maxBytes: room() }, pace);
	if (long) tellNow(long, warnings, context);
	const watching = watchingTime(send, { delivery, warnings, pace }, run);
	const telling = tellingProgress(watching, users.length, run);
	const sessionBegunAt = severalRuns ? openSessionOf(key) : undefined;
	const stopAtRefusal = onError === 'stop';
	const now = () => clock.now();
	try {
		await submit({ ...outgoing, now, room, sessionBegunAt, stopAtRefusal }, telling);
	} finally {
		keepOpenSession(key, delivery.closed ? undefined : delivery.sessionBegunAt);
	}
}

type ReadySubmission = Submission & { ready: Ready };

/**
 * Sends submissions one after the other; their ledgers tell what became of them.
 * @throws NodeApiError or NodeOperationError when one is not accepted and 'On Error' is 'Stop Workflow', and when the
 * execution is canceled
 */
export async function deliverAll(run: Delivering, submissions: ReadySubmission[]): Promise<void> {
	const { context, onError } = run;
	const state: RunState = {};
	for (const [finished, submission] of submissions.entries()) {
		const stop = await deliver(run, submission, state);
		if (context.getExecutionCancelSignal()?.aborted) {
			throw canceled(context, submission, finished);
		}
		if (onError !== 'stop') continue;
		if (stop) throw cannotGoOn(context, stop);
		if (submission.ledger.delivery.batches.some(({ error }) => error)) {
			const notBegun = submissions.length - finished - 1;
			throw batchNotAccepted(context, submission, { finished, notBegun });
		}
	}
}

/** @returns why it could not go to its end, but for what the API refused */
async function deliver(
	run: Delivering,
	submission: ReadySubmission,
	state: RunState,
): Promise<Message | undefined> {
	const { ledger, ready } = submission;
	let stop: Message | undefined;
	try {
		stop = await send(run, submission, state);
	} catch (error) {
		stop = unexpected(error);
	}
	const warnings = stillTrue(submission.warnings, ledger.delivery);
	submission.warnings = warnings;
	if (ledger.delivery.batches.length > 0) {
		const { closes } = ready.plan;
		const severalRuns = ready.options.lastBatch !== 'auto';
		warnings.push(...deliveryWarnings(ledger.delivery, { closes, severalRuns }));
		const isLearned = ready.options.sendUsersIn === 'auto';
		if (isLearned && submission.found.usersSentIn === 'query') {
			warnings.push(usersInQuery(ledger.delivery, ready.plan.batchSize));
		}
	}
	if (stop) {
		warnings.push(stop);
		ledger.settle({ status: 'failed', why: stop });
	}
	return stop;
}

async function send(
	run: Delivering,
	submission: ReadySubmission,
	state: RunState,
): Promise<Message | undefined> {
	const { audience, ledger, ready, found, warnings } = submission;
	const { options, users, refs, plan, collect } = ready;
	const sender = { audience, options, state, found, warnings };
	const outgoing = { users, refs, plan, ledger };
	if (!collect && !options.oneSender) return await submitInTurn(run, sender, outgoing);

	const table = openTable(run.context, options.collectTable);
	const store = openStore(run, table, audience, options);
	const guarded = { store, sender: { ...sender, barred: renewing(store, run.clock) } };
	const way = collect === 'few' ? collectFew : collect === 'list' ? sendWithWaiting : alone;
	try {
		return await way(run, submission, guarded);
	} finally {
		if (table.notice) warnings.push(table.notice);
	}
}
