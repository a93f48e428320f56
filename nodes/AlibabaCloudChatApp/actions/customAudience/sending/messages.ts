import { type ReasonCode, REASONS, REASON_MESSAGES } from '../../../contacts/reasons';
import { type Audience, ID_LABELS, WHERE_TO_FIND } from '../../../ids';
import { countOfContacts, type Message, messageText } from '../../../message';
import { type ApiError, withCode } from '../../../transport/apiError';
import {
	type Blocker,
	type Decision,
	expectedMatches,
	FEWEST_MATCHES,
	leavesNobody,
	sizeOf,
	wouldBeSent,
} from '../../../upload/decide';
import type { Facts, Ledger, TableProblem } from '../../../upload/ledger';
import { type AnyUpload, isPlanned, type Plan, type Upload } from '../../../upload/plan';
import { WINDOW_MINUTES } from '../../../upload/upload';
import type { Failure } from '../../nodeErrors';
import { contactMessages, noFieldFound, unreadableContacts } from './contactMessages';

/** What a person should know about an upload when it has ended. */
export function messagesOf(upload: AnyUpload): Message[] {
	const { facts } = upload.ledger;
	const unwritten = facts.unwrittenFiles.map(notWritten);
	if (!isPlanned(upload)) return [upload.plan.failure, ...unwritten];
	const { plan, ledger } = upload;
	return [
		...(plan.itemWithoutContact && !isOnlyIds(plan) ? [noFieldFound(plan.itemWithoutContact)] : []),
		...planMessages(plan, ledger),
		...contactMessages(plan),
		...idMessages(plan, facts),
		...sendingMessages(plan, ledger),
		...facts.laterLedgers.flatMap((later) => [
			...hundredRuleMessages(plan, later),
			...batchMessages(later, { completes: true, isOverSeveralRuns: false }),
			...(later.facts.failedAreWaiting ? [failedWaiting(later)] : []),
			...(later.facts.failure ? [later.facts.failure] : []),
		]),
		...facts.tableProblems.map(tableMessage),
		...(facts.unreadableRowIds ? [unreadableContacts(facts.unreadableRowIds)] : []),
		...(facts.failedAreWaiting ? [failedWaiting(ledger)] : []),
		...(facts.failure ? [facts.failure] : []),
		...unwritten,
	];
}

// The message about IDs says it better.
function isOnlyIds({ decision }: Plan): boolean {
	return 'blocker' in decision && decision.blocker?.code === 'only_ids';
}

function planMessages(plan: Plan, ledger: Ledger): Message[] {
	const { decision, options, completes } = plan;
	const messages: Message[] = [];
	const isHeld = decision.kind === 'hold' || decision.kind === 'stop';
	if (decision.kind === 'dryRun') messages.push(DRY_RUN_MESSAGE);
	messages.push(...hundredRuleMessages(plan, ledger), ...sentTooEarly(plan, ledger));
	const isOverSeveralRuns = options.lastBatch !== 'auto';
	if (isOverSeveralRuns && options.estimatedTotal === 0) messages.push(TOTAL_UNKNOWN);
	if (isOverSeveralRuns && completes && isHeld) messages.push(LEFT_OPEN);
	if (isHeld) messages.push(blockerMessage(decision.blocker, { plan, ledger }));
	messages.push(...previewMessages(plan, ledger));
	if (decision.kind === 'collect' && plan.users.length === 0) {
		messages.push(blockerMessage({ code: 'nobody_to_send' }, { plan, ledger }));
	}
	return messages;
}

function previewMessages(plan: Plan, ledger: Ledger): Message[] {
	const { decision } = plan;
	if (decision.kind !== 'dryRun') return [];
	return [
		...(decision.blocker ? [wouldSend(decision.blocker, { plan, ledger })] : []),
		...(decision.collects ? [wouldCollect(plan)] : []),
	];
}

// What isn't sent can't be discarded, and contacts that are stored are sent with others.
function hundredRuleMessages(
	{ decision, options, users, extraUserCount = 0, reach }: Plan,
	ledger: Ledger,
): Message[] {
	if (!wouldBeSent(decision) && !ledger.isAnyAccepted) return [];
	const all = ledger.facts.contactCount ?? users.length - extraUserCount;
	const messageable = Math.max(0, all - (reach?.notMessageableCount ?? 0));
	const size = sizeOf(messageable, options);
	// A given total doesn't say who can be messaged.
	const lost = size === messageable ? all - messageable : 0;
	const warning = hundredRuleWarning(size, options.minimumUsers, lost);
	if (!warning) return [];
	const isKept = (ledger.facts.collecting?.keptForTopUp ?? 0) > 0;
	return [isKept ? { ...warning, fix: SENT_AGAIN } : warning];
}

// For contacts that wait now: it is not too late to keep them from being lost.
function sentTooEarly({ decision, options, users }: Plan, ledger: Ledger): Message[] {
	const wouldWait = decision.kind === 'dryRun' && decision.collects && users.length > 0;
	const isWaiting = ledger.batches.length === 0 && ledger.counts().collected > 0;
	const { collectUntil } = options;
	if (collectUntil >= FEWEST_MATCHES || !(isWaiting || wouldWait)) return [];
	return [
		{
			code: 'hundred_rule',
			what: `'Send When Collected' is ${collectUntil}, but ${DISCARDED}`,
			fix: 'Raise it, for example to 500: Meta usually matches at least one in five contacts',
		},
	];
}

// It is too late to collect more contacts: these are sent, and the table keeps them.
const SENT_AGAIN = 'Its contacts will be sent again with the next ones';

const DRY_RUN_MESSAGE: Message = {
	code: 'dry_run',
	what: 'Dry run: nothing was sent',
	fix: "To send, turn off 'Dry Run'",
	level: 'info',
};

const TOTAL_UNKNOWN: Message = {
	code: 'total_unknown',
	what: "This upload spans several executions and 'Total Contacts' is not set, so no total is sent and 'Minimum Contacts' is not checked",
	fix: "Enter 'Total Contacts' if you know it",
};

/** What happens to an upload that is not complete, as a sentence without its period. */
export const KEPT_BY_META = `Meta keeps what was accepted, and ends the upload ${WINDOW_MINUTES} minutes after its first batch`;

const LEFT_OPEN: Message = {
	code: 'left_open',
	what: `This execution should have completed the upload but sent no contacts. ${KEPT_BY_META}`,
	fix: "Run again with at least one valid contact and 'Is Last Batch' turned on",
};

function wouldSend(blocker: Blocker, { plan, ledger }: Upload): Message {
	const { code } = blocker;
	const what = `A real run would send nothing: ${clauseOf(blocker)}`;
	if (code === 'only_ids') return { code, what, fix: getContactFirst(plan.contactNode) };
	return { code, what, fix: leavesNobody(blocker) ? nobodyFix(plan, ledger) : '' };
}

function wouldCollect({ users, extraUserCount = 0, options }: Plan): Message {
	const count = users.length - extraUserCount;
	const what = `A real run would store ${countOfContacts(count)}, and send ${count === 1 ? 'it' : 'them'} when ${options.collectUntil} are collected`;
	return { code: 'would_collect', what, fix: '' };
}

/** Why a run that stops on errors can't continue with an upload; undefined when it can. */
export function failureOf(upload: AnyUpload): Failure | undefined {
	if (!isPlanned(upload)) return { ...upload.plan.failure, item: upload.plan.failedItem };
	const { decision, items, source } = upload.plan;
	if (decision.kind !== 'stop') return undefined;
	const { blocker } = decision;
	const message = blockerMessage(blocker, upload);
	const [first] = blocker.code === 'invalid_users' ? upload.ledger.firstInvalid(1) : [];
	return { ...message, item: first ? source?.itemOf(first.ref) : items[0] };
}

const FIRST_INVALID = 5;

function blockerMessage(blocker: Blocker, upload: Upload): Message {
	const what =
		blocker.code === 'only_ids' ? onlyIds(blocker.path) : `Nothing was sent: ${clauseOf(blocker)}`;
	return { code: blocker.code, what, fix: blockerFix(blocker, upload) };
}

function blockerFix(blocker: Blocker, { plan, ledger }: Upload): string {
	if (leavesNobody(blocker)) return nobodyFix(plan, ledger);
	if (blocker.code === 'only_ids') return getContactFirst(plan.contactNode);
	if (blocker.code === 'under_minimum') {
		const rule = hundredRuleWarning(blocker.size, blocker.minimum);
		return rule ? `${DISCARDED}. ${rule.fix}` : '';
	}
	const named = ledger
		.firstInvalid(FIRST_INVALID)
		.map(({ ref, reason }) => `${plan.source?.locationOf(ref)}: ${REASONS[reason]}`);
	const more = blocker.invalid - named.length;
	return [...named, ...(more > 0 ? [`And ${more} more.`] : [])].join(' ');
}

function onlyIds(path: string): string {
	return `The items contain no contact, only '${path}'`;
}

function getContactFirst(node: string | undefined): string {
	const example = node === undefined ? '' : `, such as ${node},`;
	return `Add a node that gets the contact${example} before this one`;
}

/** What happens to an upload with too few matches, as a sentence without its period. */
export const DISCARDED = `Meta discards an upload with fewer than ${FEWEST_MATCHES} matches`;

/** The reason that all contacts share; where they have several, where to find them. */
function nobodyFix({ itemWithoutContact }: Plan, ledger: Ledger): string {
	// The message about fields says what to do.
	if (itemWithoutContact) return '';
	const [reason, ...others] = Object.keys(ledger.invalidReasons()) as ReasonCode[];
	if (reason !== undefined && others.length === 0) return messageText(REASON_MESSAGES[reason]);
	return "The summary counts the reasons under 'invalidReasons'. To see each contact's reason, set 'Output' to One Item per Contact";
}

const NOBODY = 'none of the contacts can be sent';

function clauseOf(blocker: Blocker): string {
	if (leavesNobody(blocker)) return NOBODY;
	switch (blocker.code) {
		case 'only_ids':
			return onlyIds(blocker.path);
		case 'invalid_users':
			return `${blocker.invalid} of the contacts can't be sent`;
		case 'under_minimum':
			return `there ${blocker.size === 1 ? 'is' : 'are'} only ${countOfContacts(blocker.size)}, and 'Minimum Contacts' is ${blocker.minimum}`;
	}
}

const NO_HARM = 'Meta counts each person once';

function sendingMessages(plan: Plan, ledger: Ledger): Message[] {
	if (ledger.batches.length === 0) return [];
	const { completes, options } = plan;
	const isOverSeveralRuns = options.lastBatch !== 'auto';
	const isLearned = options.sendUsersIn === 'auto' && ledger.facts.usersIn === 'query';
	return [
		...batchMessages(ledger, { completes, isOverSeveralRuns }),
		...(isLearned ? [usersInUrl(ledger, options.batchSize)] : []),
	];
}

function batchMessages(
	ledger: Ledger,
	{ completes, isOverSeveralRuns }: { completes: boolean; isOverSeveralRuns: boolean },
): Message[] {
	const { batches, facts, isAnyAccepted, isAnyRejected } = ledger;
	const { complete, completedWith, lastResponseLost } = facts;
	const messages: Message[] = [];
	if (isAnyRejected) messages.push(rejected(ledger));
	const end = batches.at(-1)?.end ?? 0;
	for (const { batch, start } of facts.restarts) {
		messages.push(restarted(batch, ledger.contactsIn([{ start, end }])));
	}
	if (completedWith !== undefined) messages.push(completedAgain(completedWith));
	messages.push(...lostResponses({ batches, facts }));
	// With the last response lost it is unknown, and that message says what to do.
	const isOpen = completes && !complete && !lastResponseLost;
	if (isOpen && (isAnyAccepted || isOverSeveralRuns)) {
		messages.push(facts.failedAreWaiting ? { ...NOT_COMPLETE, fix: '' } : NOT_COMPLETE);
	}
	return messages;
}

function lostResponses({ batches, facts }: Pick<Ledger, 'batches' | 'facts'>): Message[] {
	if (facts.lastResponseLost) return [facts.complete ? RECEIVED_TWICE : LAST_MAY_BE_RECEIVED];
	return batches.some(({ mayBeReceived }) => mayBeReceived) ? [MAY_BE_RECEIVED] : [];
}

function rejected({ batches, facts }: Ledger): Message {
	const errors = batches.flatMap(({ error }) => error ?? []);
	const [error] = errors as [ApiError];
	// Waiting contacts are sent again without being in the input again.
	const more = facts.failedAreWaiting
		? ''
		: `. It is safe to run again with these contacts: ${NO_HARM}`;
	const which = errors.length === 1 ? '1 batch was' : `${errors.length} batches were`;
	return {
		code: 'batch_rejected',
		what: `${which} rejected: ${withCode(error)}`,
		fix: `${error.fix}${more}`,
	};
}

function restarted(batch: number, contacts: number): Message {
	return {
		code: 'upload_restarted',
		what: `The upload took longer than ${WINDOW_MINUTES} minutes, after which Meta discards further batches. From batch ${batch} on, the remaining ${countOfContacts(contacts)} were sent as a separate upload`,
		fix: `Each of these uploads needs ${FEWEST_MATCHES} matches. To keep all contacts in one upload, send fewer per run`,
	};
}

function completedAgain(batch: number): Message {
	const what = `Batch ${batch} was sent again as the last batch, to complete the upload`;
	return { code: 'completed_again', what, fix: NO_HARM };
}

const RECEIVED_TWICE: Message = {
	code: 'response_lost',
	what: 'A response to the last request was lost, so Alibaba Cloud may have received it twice',
	fix: `This does no harm: ${NO_HARM}`,
};

const LAST_MAY_BE_RECEIVED: Message = {
	code: 'response_lost',
	what: 'A response to the last request was lost, so Alibaba Cloud may have received it although it counts as rejected',
	fix: `Run again with all contacts of the upload. Sending a contact twice does no harm: ${NO_HARM}`,
};

const MAY_BE_RECEIVED: Message = {
	code: 'response_lost',
	what: 'A response was lost, so Alibaba Cloud may have received a batch that counts as rejected',
	fix: `Sending it again does no harm: ${NO_HARM}`,
};

const NOT_COMPLETE: Message = {
	code: 'not_complete',
	what: `The upload is not complete. ${KEPT_BY_META}`,
	fix: 'To send what is missing, run again with all its contacts; sending one twice does no harm',
};

function usersInUrl({ batches }: Ledger, batchSize: number): Message {
	const inBody = Math.ceil((batches.at(-1)?.end ?? 0) / batchSize);
	const calls =
		batches.length > inBody ? `, in ${batches.length} requests instead of ${inBody}` : '';
	return {
		code: 'users_in_url',
		what: `Alibaba Cloud's gateway doesn't read contacts in the request body, so they were sent in the URL${calls}. TLS encrypts the URL in transit`,
		fix: "You don't have to do anything; with 'Send Contacts In' set to URL, the first attempt is skipped",
	};
}

const NOT_CHECKED: Message = {
	code: 'ids_not_checked',
	what: "The IDs were not checked, because the key or the connection doesn't allow it",
	fix: 'The first real run shows whether they are right; to check the key, test the credential',
};

/** A run may send to many audiences; checking the IDs of all of them would take too long. */
export const MAX_AUDIENCES_CHECKED = 20;

const BEYOND_LIMIT: Message = {
	code: 'ids_not_checked',
	what: `The IDs were not checked, because a run checks only those of its first ${MAX_AUDIENCES_CHECKED} audiences`,
	fix: 'To check these too, run their contacts separately',
};

function idMessages({ decision }: Plan, { ids = [], keyFailure }: Facts): Message[] {
	if (keyFailure) return [keyMessage(keyFailure, decision)];
	if (ids === 'beyondLimit') return [BEYOND_LIMIT];
	if (ids !== 'unchecked') return ids.map(idNotFound);
	return decision.kind === 'dryRun' ? [NOT_CHECKED] : [];
}

function keyMessage({ code, what, fix }: Message, { kind }: Decision): Message {
	const result =
		kind === 'dryRun' ? 'The IDs were not checked' : "The collected contacts can't be sent";
	return { code, what: `${result}, because ${what.replace(/^The /, 'the ')}`, fix };
}

function idNotFound(name: keyof Audience): Message {
	// The service lists no Pages: one without an ad account looks like one that it doesn't know.
	const orEmpty = name === 'pageId' ? ', or the Page has no ad account' : '';
	const what = `The ID in '${ID_LABELS[name]}' wasn't found with this key${orEmpty}`;
	return { code: 'unknown_id', what, fix: WHERE_TO_FIND[name] };
}

/** When waiting contacts are sent, as the end of a sentence without its period. */
export function whenSent({ areWaitingDue }: Facts): string {
	return areWaitingDue
		? 'with the next run'
		: 'with the next list, or once enough contacts are waiting';
}

/** The contacts that were not accepted are in the table. */
export function failedWaiting({ batches, facts }: Ledger): Message {
	const isUnknown = batches.some(({ error }) => error?.unknownId);
	return {
		code: 'waiting_again',
		what: `The contacts${batches.length > 0 ? ' of rejected batches' : ''} are waiting in the Data Table`,
		fix: isUnknown
			? 'They are sent once the ID is correct: change it in the node and run again with these contacts'
			: `They will be sent ${whenSent(facts)}`,
	};
}

const TABLE_EFFECTS = {
	waitingLeftOut: 'The contacts waiting for this audience were not sent with this upload',
	outdated: 'The Data Table could not be updated, so some contacts may be sent again',
	notExclusive:
		"'Prevent Parallel Uploads' had no effect, so a run on another worker may have mixed its batches with these",
	forgottenUnknown:
		'The Data Table could not be read, so people who asked to be forgotten may be among the contacts',
	notRemoved: 'People who said no to marketing may still be in the Data Table',
};

function tableMessage({ kind, message }: TableProblem): Message {
	if (kind === 'other') return message;
	const fix = kind === 'outdated' ? `${NO_HARM}. ${messageText(message)}` : messageText(message);
	return { code: message.code, what: TABLE_EFFECTS[kind], fix };
}

function notWritten(name: string): Message {
	return {
		code: 'file_not_written',
		what: `'${name}' could not be written in full`,
		fix: 'The counts in this summary are still right',
	};
}

/**
 * The warning about Meta's 100-match rule.
 * @param contacts the upload's contacts whom Meta can message
 * @param minimum contacts below which the person wants a warning in any case; 0 for no warning at all
 * @param lost the upload's other contacts
 * @returns undefined if even the lowest match rate gives 100 matches and the minimum is reached
 */
export function hundredRuleWarning(
	contacts: number,
	minimum: number,
	lost = 0,
): Message | undefined {
	if (minimum <= 0 || contacts + lost === 0) return undefined;
	const { low, high } = expectedMatches(contacts);
	const count = contacts === 0 ? 'no contacts' : countOfContacts(contacts);
	const who = lost > 0 ? `${count} that Meta can message` : count;
	const expected = high === 0 ? '' : `, of which Meta is expected to match ${low}–${high}`;
	const outlook = `This upload has ${who}${expected}`;
	const warning = (what: string, fix: string): Message => ({
		code: 'hundred_rule',
		what: `${outlook}. ${what}`,
		fix,
	});
	if (low >= FEWEST_MATCHES) {
		if (contacts >= minimum) return undefined;
		return warning(
			`That is fewer than 'Minimum Contacts' (${minimum})`,
			"Collect more contacts, or lower 'Minimum Contacts'",
		);
	}
	return warning(
		`${DISCARDED}, so this one ${riskOf(contacts, high)}`,
		contacts === 0
			? 'Add contacts in countries where Meta sends marketing messages'
			: 'Collect more contacts and send them together',
	);
}

function riskOf(contacts: number, high: number): string {
	if (contacts < FEWEST_MATCHES) return 'will be discarded';
	return high < FEWEST_MATCHES ? 'will probably be discarded' : 'may be discarded';
}
