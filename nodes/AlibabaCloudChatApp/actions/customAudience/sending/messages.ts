import type { IExecuteFunctions } from 'n8n-workflow';
import type { Clock } from '../../../async';
import { fieldNamesOf, hasKnownField } from '../../../contacts/fieldNames';
import { type ReasonCode, REASONS_IN_PARTS } from '../../../contacts/reasons';
import { type Message, sentence } from '../../../message';
import { nextSentence, type Rules } from '../../../store/due';
import type { Round } from '../../../store/rounds';
import type { State } from '../../../store/store';
import type { TableError } from '../../../store/tableError';
import { type ApiError, withCode } from '../../../transport/apiError';
import { redact } from '../../../transport/redact';
import { type Decision, type Facts, sizeOf } from '../../../upload/decide';
import { HUNDRED_RULE, hundredRuleWarning } from '../../../upload/hundredRule';
import type { Collecting } from '../../../upload/summary';
import type { FieldsSeen, FieldTally } from '../../../upload/survey';
import { type Delivery, isAnyAccepted } from '../../../upload/upload';
import type { AddUsersOptions } from '../addUsers/options';
import { DRY_RUN } from '../addUsers/plan';
import type { Later } from './collect';

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

const NO_HARM = 'Meta counts each person once';

/** What a person should know about how a submission went. */
export function deliveryWarnings(
	delivery: Delivery,
	plan: { closes: boolean; severalRuns: boolean },
): Message[] {
	const { batches, closed, closedAgainWith, lastAnswerLost } = delivery;
	const warnings: Message[] = [];
	if (batches.some(({ error }) => error)) warnings.push(notAccepted(delivery));
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
	const failed = batches.filter(({ error }) => error);
	const which = failed.length === 1 ? '1 batch was' : `${failed.length} batches were`;
	const error = failed[0]?.error as ApiError;
	return {
		code: 'batch_not_accepted',
		what: `${which} not accepted: ${withCode(error)}`,
		fix: `${error.fix}. Running again with these contacts does no harm: ${NO_HARM}`,
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

// Fewer say nothing about a column.
const MIN_VALUES = 10;
const CODES_SHOWN = 5;

/** What a person should know about the fields in which contacts were looked for. */
export function fieldWarnings(seen: FieldsSeen): Message[] {
	const { email, phone } = seen.tallies;
	const at = seen.commonest();
	return [
		...mostlyRefused({ tally: email, named: 'email', path: at.email }),
		...mostlyRefused({ tally: phone, named: 'phone', path: at.phone }),
		...guessedCodes(seen.guessed),
	];
}

/** That no item has a field with a known name, which the first item shows; its names are told. */
export function noFieldFound(json: Record<string, unknown>): Message[] {
	if (hasKnownField(json)) return [];
	return [
		{
			code: 'no_field',
			what: `No field has the name of an email or phone number; ${fieldsOf(json)}`,
			fix: "Choose 'Map Each Field' and say where they are",
		},
	];
}

/** That no item has anything at the fields that the person named; the names of the first item's are told. */
export function nothingThere(json: Record<string, unknown>): Message {
	return {
		code: 'no_field',
		what: `No item has anything where 'Email Field' and 'Phone Field' point; ${fieldsOf(json)}`,
		fix: "Drag the right fields there, or set 'Mapping Mode' to Map Automatically",
	};
}

function fieldsOf(json: Record<string, unknown>): string {
	const names = fieldNamesOf(json).map((name) => `'${name}'`);
	if (names.length === 0) return 'the first item has none';
	return `in the first item the fields are ${names.join(', ')}`;
}

function mostlyRefused(field: { tally: FieldTally; named: string; path?: string }): Message[] {
	const { tally, named, path } = field;
	const { sent, refused, reasons } = tally;
	if (sent + refused < MIN_VALUES || refused <= sent) return [];
	const [reason, count = 0] = [...reasons].sort(([, a], [, b]) => b - a)[0] ?? [];
	if (reason === undefined) return [];
	const where = path === undefined ? `the ${named} field` : `the ${named} field '${path}'`;
	return [
		{
			code: `${named}_mostly_refused`,
			what: `${refused} of ${sent + refused} values in ${where} are not sent, ${count} of them as ${reason}`,
			fix: sentence(REASONS_IN_PARTS[reason satisfies ReasonCode]),
		},
	];
}

function guessedCodes(guessed: FieldsSeen['guessed']): Message[] {
	const total = [...guessed.values()].reduce((sum, count) => sum + count, 0);
	if (total === 0) return [];
	const codes = [...guessed].sort(([, a], [, b]) => b - a);
	const shown = codes.slice(0, CODES_SHOWN).map(([code, count]) => `+${code}: ${count}`);
	const more = codes.length > CODES_SHOWN ? ` and ${codes.length - CODES_SHOWN} more` : '';
	const which = total === 1 ? '1 phone number has' : `${total} phone numbers have`;
	return [
		{
			code: 'calling_code_guessed',
			what: `${which} no plus and no country, and went with the calling code that the digits begin with (${shown.join(', ')}${more})`,
			fix: "If they are numbers of one country, set 'Default Country' or map the contact's country",
		},
	];
}

/** What a run tells of the table. */
export function collectingReport(
	run: { context: IExecuteFunctions; clock: Clock },
	{ rounds, state, rules }: { rounds: Round[]; state: State; rules: Rules },
	/** How many of the first round's users from the table are the run's own. */
	own = 0,
): Collecting {
	let sentFromTable = 0;
	let toppedUp = 0;
	rounds.forEach(({ users, accepted }, index) => {
		const from = users.fromRun + (index === 0 ? own : 0);
		const top = users.fromRun + users.fromTable;
		sentFromTable += countIn(accepted, from, top);
		toppedUp += countIn(accepted, top, top + users.toppedUp);
	});
	const when = { now: run.clock.now(), timeZone: run.context.getTimezone() };
	return {
		waiting: state.waiting,
		sentFromTable,
		toppedUp,
		next: nextSentence(state, rules, when),
	};
}

function countIn(accepted: Round['accepted'], from: number, to: number): number {
	return accepted.reduce(
		(sum, { start, end }) => sum + Math.max(0, Math.min(end, to) - Math.max(start, from)),
		0,
	);
}

/** What was to be told before a round was sent, as far as it still holds, and how it went. */
export function roundWarnings({ ledger: { delivery }, warnings }: Later): Message[] {
	return [
		...stillTrue(warnings, delivery),
		...deliveryWarnings(delivery, { closes: true, severalRuns: false }),
	];
}

/** What the table did to a run's rounds, and what became of those behind the first. */
export function laterWarnings(rounds: Round[], later: Later[]): Message[] {
	return [
		...later.flatMap(roundWarnings),
		...rounds.flatMap(({ tableError }) => (tableError ? [tableTroubleLater(tableError)] : [])),
	];
}

/** Contacts whose batches were not accepted are in the table. */
export const WAITS_AGAIN: Message = {
	code: 'waits_again',
	what: 'The contacts that were not accepted wait in the Data Table',
	fix: 'They go with the next run',
};

/** The table let a run down after its contacts were stored or sent. */
export function tableTroubleLater(trouble: TableError): Message {
	return {
		code: trouble.code,
		what: 'The Data Table could not be kept up to date, so some contacts may go once more',
		fix: `Meta counts each person once. ${sentence(trouble)}`,
	};
}

/** A list went without what waits in the table. */
export function tableLeftOut(trouble: TableError): Message {
	return {
		code: trouble.code,
		what: 'The contacts that wait for this audience did not go along',
		fix: sentence(trouble),
	};
}
