import { countOfContacts, type Message, messageText } from '../../../message';
import { shownName } from '../../../redact';
import { clipped, type RangeSent } from '../../../upload/batches';
import { wouldBeSent } from '../../../upload/decide';
import type { Ledger } from '../../../upload/ledger';
import { type AnyUpload, isPlanned, type Plan } from '../../../upload/plan';
import { audienceNameOf } from '../../../upload/summary';
import type { OnError } from '../../output';
import { messagesOf } from './messages';

const WHEN_MATCHED: Message = {
	code: 'when_matched',
	what: "Submitted contacts are not matched yet: matches appear within a day. To check, run 'Get Match Result' after this node a day later",
	fix: '',
	level: 'info',
};

/**
 * The hints next to the output, each once: first how many contacts each upload sent or stored, then the messages about it,
 * and last what comes next.
 * @param more about the whole run
 */
export function hintsOf(
	uploads: AnyUpload[],
	more: Message[],
	settings: Returned & { isManual: boolean },
): Message[] {
	const results = countOnce(uploads.flatMap((upload) => resultHints(upload, settings)));
	const isDryRun = results.some(({ code }) => code === DRY_RUN_CODE);
	const messages = [
		...results,
		// A dry run's first hint says it already.
		...uploads.flatMap(messagesOf).filter(({ code }) => !(isDryRun && IN_DRY_RUN_HINT.has(code))),
		...more,
		...uploads.flatMap((upload) => nextHint(upload, settings)),
	];
	if (uploads.some(({ ledger }) => ledger.isAnyAccepted)) messages.push(WHEN_MATCHED);
	return [...new Map(messages.map((message) => [messageText(message), message])).values()];
}

const DRY_RUN_CODE = 'dry_run';
const IN_DRY_RUN_HINT = new Set([DRY_RUN_CODE, 'would_collect']);

/** The hints; equal ones of several uploads become one that says how many uploads. */
function countOnce(hints: Message[]): Message[] {
	const counts = new Map<string, { message: Message; count: number }>();
	for (const message of hints) {
		const known = counts.get(messageText(message));
		if (known) known.count++;
		else counts.set(messageText(message), { message, count: 1 });
	}
	return [...counts.values()].map(({ message, count }) =>
		count === 1 ? message : { ...message, what: `${message.what}, in each of ${count} uploads` },
	);
}

/** How many contacts an upload sent or stored, and where its invalid ones are; nothing if another message says so. */
function resultHints(upload: AnyUpload, returned: Returned): Message[] {
	if (!isPlanned(upload)) return [];
	const { plan, ledger } = upload;
	if (plan.preview) return dryRunHints(plan, ledger, returned);
	const { submitted, collected } = ledger.counts();
	const fix = unsentInWords(ledger, returned);
	if (submitted > 0) {
		const what = `${sentOf(submitted, ledger.received)} to ${shownAudience(plan, ledger)}${fromTableInWords(ledger)}${sentAgainInWords(ledger)}`;
		return [{ code: 'sent', what, fix, level: 'info' }];
	}
	if (plan.decision.kind !== 'collect' || plan.users.length === 0 || fix === '') return [];
	const what =
		collected === 0
			? 'No contacts were stored'
			: `${partOf(collected, ledger.received)} ${collected === 1 ? 'was' : 'were'} stored`;
	return [{ code: 'stored', what, fix, level: 'info' }];
}

function dryRunHints(plan: Plan, ledger: Ledger, returned: Returned): Message[] {
	const { decision, preview, options, users, extraUserCount = 0 } = plan;
	const collects = decision.kind === 'dryRun' && decision.collects;
	if (!preview || (!collects && !wouldBeSent(decision))) return [];
	const { low, high } = preview.expectedMatches;
	const part = partOf(users.length - extraUserCount, ledger.received);
	const what = collects
		? `Dry run: ${part} would be stored, and sent when ${options.collectUntil} are collected`
		: `Dry run: ${part} would be sent, ${high === 0 ? 'no' : `${low}–${high}`} matches expected`;
	const others = unsentInWords(ledger, returned);
	const fix = `${others === '' ? '' : `${others}. `}To send, turn off 'Dry Run'`;
	return [{ code: DRY_RUN_CODE, what, fix, level: 'info' }];
}

function partOf(some: number, all: number): string {
	return some === all ? countOfContacts(all) : `${some} of ${all} contacts`;
}

function sentOf(submitted: number, received: number): string {
	return `${partOf(submitted, received)} sent`;
}

function shownAudience(plan: Plan, ledger: Ledger): string {
	const name = audienceNameOf(plan, ledger);
	return name === undefined ? 'the audience' : `'${name}'`;
}

// The request, and the warnings about it, count them, too.
function fromTableInWords({ facts }: Ledger): string {
	const { usersFrom = { run: 0, topUp: 0 }, userCount = 0 } = facts;
	const { sentFromTable = 0, toppedUp = 0 } = facts.collecting ?? {};
	// 'Send Collected Users' receives what was waiting: there are no others.
	const hasOthers = userCount > usersFrom.run + usersFrom.topUp;
	const parts = [
		...(hasOthers && sentFromTable > 0
			? [`${countOfContacts(sentFromTable)} that ${sentFromTable === 1 ? 'was' : 'were'} waiting`]
			: []),
		...(toppedUp > 0
			? [`${toppedUp} previously sent ${toppedUp === 1 ? 'contact' : 'contacts'} to fill up`]
			: []),
	];
	return parts.length === 0 ? '' : `, with ${parts.join(' and ')}`;
}

/** Where a range's contacts come from, in parentheses; empty if that is clear. */
export function originIn(ledger: Ledger, range: RangeSent): string {
	const { usersFrom, userCount = 0 } = ledger.facts;
	if (!usersFrom) return '';
	const own = ledger.contactsIn([clipped(range, 0, usersFrom.run)]);
	const topUp = ledger.contactsIn([clipped(range, userCount - usersFrom.topUp, userCount)]);
	const waiting = ledger.contactsIn([range]) - own - topUp;
	// Another sentence says that all of them are from the table.
	if (topUp === 0 && (waiting === 0 || ledger.received === 0)) return '';
	const parts = [
		...(own > 0 ? [`${own} from this run`] : []),
		...(waiting > 0 ? [`${waiting} that ${waiting === 1 ? 'was' : 'were'} waiting`] : []),
		...(topUp > 0 ? [`${topUp} previously sent`] : []),
	];
	return ` (${parts.join(', ')})`;
}

// All contacts of a short list stay in the table, to fill up the next upload.
function sentAgainInWords({ facts, received }: Ledger): string {
	const { keptForTopUp = 0 } = facts.collecting ?? {};
	return keptForTopUp > 0 && keptForTopUp >= received
		? ', and will be sent again with the next contacts'
		: '';
}

/** Where a run returns its invalid contacts. */
interface Returned {
	/** The output contains every contact. */
	isListed: boolean;
	onError: OnError;
}

function whereInvalid(invalid: number, { isListed, onError }: Returned): string {
	if (onError === 'errorOutput') return 'see the error output';
	if (isListed) return "see 'reason' in the output";
	return `to get ${invalid === 1 ? 'it' : 'them'}, set 'On Error' to Continue (using error output)`;
}

function unsentInWords(ledger: Ledger, returned: Returned): string {
	const { duplicates, invalid, failed } = ledger.counts();
	const parts = [
		...(duplicates > 0 ? [count(duplicates, 'a duplicate', 'duplicates')] : []),
		...(failed > 0 ? [`${failed} failed`] : []),
	];
	if (invalid > 0) {
		parts.push(`${count(invalid, 'invalid', 'invalid')}: ${whereInvalid(invalid, returned)}`);
	}
	return parts.join('. ');
}

function count(number: number, one: string, many: string): string {
	return number === 1 ? `1 is ${one}` : `${number} are ${many}`;
}

/** When collected contacts are sent; nothing where none wait and contacts were sent. */
function nextHint(upload: AnyUpload, { isManual }: { isManual: boolean }): Message[] {
	const { ledger } = upload;
	const { collecting } = ledger.facts;
	if (!collecting || (collecting.waiting === 0 && ledger.isAnyAccepted)) return [];
	const isTest = isManual && !ledger.isAnyAccepted;
	const next: Message = {
		code: 'next',
		what: collecting.next,
		fix: isTest ? "To check the connection, turn on 'Dry Run'" : '',
		level: 'info',
	};
	return isTest && ledger.facts.isFirstStored && isPlanned(upload)
		? [next, testIsStored(upload.plan.options.collectTable, ledger.counts().collected)]
		: [next];
}

function testIsStored(table: string, stored: number): Message {
	const [who, test, rows] =
		stored === 1
			? ['This contact is', 'it was only a test', 'its row']
			: ['These contacts are', 'they were only a test', 'their rows'];
	return {
		code: 'test_is_stored',
		what: `${who} stored in the Data Table '${shownName(table)}'`,
		fix: `If ${test}, open Data Tables in n8n and delete ${rows}`,
		level: 'info',
	};
}
