import type { Message } from '../../../message';
import { isAnyAccepted, type Delivery } from '../../../submission/delivery';
import { HUNDRED_RULE } from '../../../submission/hundredRule';
import { withCode, type Refusal } from '../../../transport/refusal';

const NO_HARM = 'Meta counts each person once';

/** What a person should know about how a submission went. */
export function deliveryWarnings(
	delivery: Delivery,
	plan: { closes: boolean; severalRuns: boolean },
): Message[] {
	const { batches, closed, closedAgainWith, lastAnswerLost } = delivery;
	const warnings: Message[] = [];
	if (batches.some(({ refusal }) => refusal)) warnings.push(notAccepted(delivery));
	const end = batches.at(-1)?.end ?? 0;
	warnings.push(...delivery.begunAnew.map((begin) => begunAnew(begin, end)));
	if (closedAgainWith !== undefined) warnings.push(closedAgain(closedAgainWith));
	if (lastAnswerLost) warnings.push(closed ? RECEIVED_TWICE : LAST_MAY_BE_RECEIVED);
	else if (batches.some(({ mayBeReceived }) => mayBeReceived)) warnings.push(MAY_BE_RECEIVED);
	// With the last answer lost nobody knows, and its own warning says what to do.
	const isOpen = plan.closes && !closed && !lastAnswerLost;
	if (isOpen && (isAnyAccepted(delivery) || plan.severalRuns)) warnings.push(NOT_CLOSED);
	return warnings;
}

/** The warnings that still hold once a submission was sent: what was not accepted can't be lost to the 100 rule. */
export function stillTrue(warnings: Message[], delivery: Delivery): Message[] {
	if (isAnyAccepted(delivery)) return warnings;
	return warnings.filter(({ code }) => code !== HUNDRED_RULE);
}

/** Tells that the users went in the URL, which nobody chose. */
export function usersInQuery({ batches }: Delivery, batchSize: number): Message {
	const inBody = Math.ceil((batches.at(-1)?.end ?? 0) / batchSize);
	const calls = batches.length > inBody ? `, in ${batches.length} calls instead of ${inBody}` : '';
	return {
		code: 'users_in_query',
		what: `Alibaba Cloud's gateway does not read users in the body of a call, so they went in the URL${calls}. The addresses and numbers are in the URLs that Alibaba Cloud gets, over TLS`,
		fix: "Nothing has to be done: the option 'Send Users In' spares the first try with Query",
	};
}

function notAccepted({ batches }: Delivery): Message {
	const failed = batches.filter(({ refusal }) => refusal);
	const which = failed.length === 1 ? '1 batch was' : `${failed.length} batches were`;
	const refusal = failed[0]?.refusal as Refusal;
	return {
		code: 'batch_not_accepted',
		what: `${which} not accepted: ${withCode(refusal)}`,
		fix: `${refusal.fix}. Running again with these contacts does no harm: ${NO_HARM}`,
	};
}

function closedAgain(batch: number): Message {
	const what = `Batch ${batch} was sent again as the last batch, to close the submission`;
	return { code: 'closed_again', what, fix: NO_HARM };
}

function begunAnew({ batch, start }: Delivery['begunAnew'][number], end: number): Message {
	const rest = `from batch ${batch} on, the ${end - start} users that were left went as a submission of their own`;
	return {
		code: 'begun_anew',
		what: `The upload took longer than 90 minutes, after which Meta drops what comes for a submission: ${rest}`,
		fix: 'Each submission has to match 100 people for itself. To keep all contacts in one, send fewer a run',
	};
}

const RECEIVED_TWICE: Message = {
	code: 'answer_lost',
	what: 'An answer to the last call was lost, so Alibaba Cloud may have received it twice',
	fix: `This does no harm: ${NO_HARM}`,
};

const LAST_MAY_BE_RECEIVED: Message = {
	code: 'answer_lost',
	what: 'An answer to the last call was lost, so Alibaba Cloud may have received it although it counts as not accepted',
	fix: `Run again with all contacts of the submission. Sending one again does no harm: ${NO_HARM}`,
};

const MAY_BE_RECEIVED: Message = {
	code: 'answer_lost',
	what: 'An answer was lost, so Alibaba Cloud may have received a batch that counts as not accepted',
	fix: `Sending it again does no harm: ${NO_HARM}`,
};

const NOT_CLOSED: Message = {
	code: 'not_closed',
	what: 'The submission is not closed. Meta keeps what was accepted, and ends it by itself 90 minutes after its first batch',
	fix: 'To send what is missing, run again with all its contacts; sending one twice does no harm',
};
