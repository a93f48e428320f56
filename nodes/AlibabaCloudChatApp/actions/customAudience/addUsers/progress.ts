import type { IExecuteFunctions } from 'n8n-workflow';
import type { SendBatch } from '../../../submission/delivery';
import type { Clock } from '../../../transport/clock';

const EVERY_MS = 1000;

/**
 * The same sender, which also tells how far a long submission is: in n8n's log and, for a run from the editor, in the
 * browser's console, at most once a second. It tells figures alone.
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
			const message = `${accepted} of ${users} users accepted`;
			context.logger.info(message);
			context.sendMessageToUI(message);
		}
		return answer;
	};
}

type ToldTo = Pick<IExecuteFunctions, 'logger' | 'sendMessageToUI'>;
