import type { IExecuteFunctions } from 'n8n-workflow';
import type { ContactSource } from '../../../sources/source';
import type { SendBatch } from '../../../submission/delivery';
import type { Clock } from '../../../transport/clock';

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
