import type { Message } from '../../../message';
import { sizeOf, type Decision, type Facts } from '../../../submission/decide';
import { hundredRuleWarning } from '../../../submission/hundredRule';
import { redact } from '../../../transport/redact';
import type { AddUsersOptions } from './readOptions';
import { DRY_RUN } from './stops';

/** What a person should know before a submission is sent. */
export function planWarnings(
	decision: Decision,
	facts: Facts,
	options: AddUsersOptions,
): Message[] {
	const warnings: Message[] = decision.kind === 'preview' ? [DRY_RUN] : [];
	const severalRuns = options.lastBatch !== 'auto';
	// What is collected goes in another number; what is sent with others is judged when they are known.
	const collects =
		decision.kind === 'collect' || ('collects' in decision && decision.collects === true);
	const isHeld = decision.kind === 'hold' || decision.kind === 'stop';
	const goes = !isHeld && !('why' in decision);
	const rule = hundredRuleWarning(sizeOf(facts, options), options.minimumUsers);
	// What isn't sent can't be lost; why it isn't says the same of the rule.
	if (rule && goes && !collects) warnings.push(rule);
	if (severalRuns && options.estimatedTotal === 0) warnings.push(TOTAL_UNKNOWN);
	if (severalRuns && facts.closes && isHeld) warnings.push(LEFT_OPEN);
	return warnings;
}

/** What a dry run says of users that a real run would store. */
export function wouldCollect(users: number, { collectUntil }: AddUsersOptions): Message {
	const which = users === 1 ? '1 user' : `${users} users`;
	return {
		code: 'would_collect',
		what: `A real run would collect ${which}, to be sent when ${collectUntil} are there`,
		fix: '',
	};
}

/** Contacts whose fields could not be read. */
export function notReadable(items: number[]): Message {
	const which =
		items.length === 1 ? `item ${items[0]}` : `${items.length} items, first ${items[0]}`;
	return {
		code: 'expression',
		what: `An expression in the fields of 'Map Each Field' can't be evaluated for ${which}`,
		fix: 'Check it in the node',
	};
}

/** Rows of a file that were passed over. */
export function passedOver({ count, what }: { count: number; what: string }): Message {
	const which = count === 1 ? '1 row' : `${count} rows`;
	return {
		code: 'file_rows_passed_over',
		what: `${which} of the file can't be read and went as refused; the first one: ${what}`,
		fix: 'Correct it in the file, since lines may have been taken for part of it',
	};
}

/** Rows with more cells than there are columns. */
export function widerRows({ count, row }: { count: number; row: number }): Message {
	const which = count === 1 ? `Row ${row} has` : `${count} rows, first row ${row}, have`;
	return {
		code: 'file_rows_wider',
		what: `${which} more cells than the file has columns`,
		fix: 'Look whether its cells have shifted: a cell that holds the separator needs quotation marks',
	};
}

/** An expression that n8n could not evaluate. */
export function expressionNotEvaluated({ message }: Error): Message {
	return {
		code: 'parameter',
		what: `An expression in the node can't be evaluated (${redact(message)})`,
		fix: "Check the fields of 'Map Each Field' and the options",
	};
}

/** Something that none of the rules foresaw. */
export function unexpected(error: unknown): Message {
	return {
		code: 'unexpected',
		what: `Nothing more was sent: ${redact(String(error))}`,
		fix: "Report this to the node's maintainers, with the versions of n8n and of this node",
	};
}

const TOTAL_UNKNOWN: Message = {
	code: 'total_unknown',
	what: "The submission spans several runs and 'Estimated Total' is not set, so Meta is told no total and 'Minimum Users' is not checked",
	fix: 'Enter it in the options if you know it',
};

const LEFT_OPEN: Message = {
	code: 'left_open',
	what: 'This run was to close the submission but sends no contact, so Meta ends the submission by itself, 90 minutes after its first batch, and keeps what was accepted',
	fix: "Run once more with at least one valid contact and 'Is Last Batch' true",
};
