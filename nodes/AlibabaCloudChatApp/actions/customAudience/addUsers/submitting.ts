import type { IExecuteFunctions } from 'n8n-workflow';
import type { Message } from '../../../message';
import type { Audience } from '../../../submission/audience';
import { withAudienceLock } from '../../../submission/audienceLock';
import type { Outgoing } from '../../../submission/course';
import type { SendBatch } from '../../../submission/delivery';
import { keepOpenSession, openSessionOf } from '../../../submission/session';
import { submit } from '../../../submission/submit';
import { connectApi } from '../../../transport/cams';
import type { Connection } from '../../../transport/client';
import type { Clock } from '../../../transport/clock';
import { connectWith } from '../../../transport/connection';
import { Pace } from '../../../transport/pace';
import { redact } from '../../../transport/redact';
import type { Refusal } from '../../../transport/refusal';
import { createRetrier } from '../../../transport/retry';
import { UsersRoad, type UsersIn } from '../../../transport/usersRoad';
import type { OnError } from '../../output';
import { noteTokenTotal } from './noteTokenTotal';
import { tellingProgress } from './progress';
import type { AddUsersOptions } from './readOptions';
import { batchSender, roomFor, type RunState } from './sendBatch';
import { tellNow, tooLong, watchingTime } from './watchTime';

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
	barred?(): Promise<Refusal | undefined>;
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
