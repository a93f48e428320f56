import type { IExecuteFunctions } from 'n8n-workflow';
import { sentence, type Message } from '../../../message';
import { nextBatch, type BatchLimits } from '../../../submission/batches';
import type { Delivery, SendBatch } from '../../../submission/delivery';
import { SESSION_LENGTH } from '../../../submission/session';
import type { UserList } from '../../../submission/users';
import type { Clock } from '../../../transport/clock';
import type { Pace } from '../../../transport/pace';

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
	{ context, clock }: { context: ToldTo; clock: Clock },
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
export function tellNow(message: Message, warnings: Message[], context: ToldTo): void {
	warnings.push(message);
	context.logger.warn(sentence(message));
	context.sendMessageToUI(sentence(message));
}

type ToldTo = Pick<IExecuteFunctions, 'logger' | 'sendMessageToUI'>;
