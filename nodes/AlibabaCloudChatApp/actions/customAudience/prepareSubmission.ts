import type { IExecuteFunctions } from 'n8n-workflow';
import {
	NOTHING_SENT,
	type Account,
	type Contacts,
	type HeldReason,
	type Unsent,
} from '../../submission/account';
import type { OnError } from '../output';
import type { Pause } from '../pause';
import { describePlan } from '../../submission/dryRun';
import { hundredRuleWarning } from '../../submission/hundredRule';
import type { SubmissionPlan } from '../../submission/delivery';
import { redact } from '../../transport/redact';
import { readCloses, readOptions, UnusableValue, type AddUsersOptions } from './readOptions';
import type { ItemsOfAudience } from './audienceIds';
import {
	collectContacts,
	emptyIfUnreadable,
	notReadable,
	type ReadRawContact,
} from './collectContacts';
import { invalidContacts, underMinimum, type Stop } from './stops';
import { LEFT_OPEN, NOBODY_TO_SEND, TOTAL_UNKNOWN } from './warnings';

export interface ReadySubmission {
	plan: Omit<SubmissionPlan, 'stopAtRefusal'>;
	options: AddUsersOptions;
}

export interface Prepared {
	account: Account;
	/** Absent when nothing is to be sent. */
	ready?: ReadySubmission;
	/** Present when the run can't go on as the person wants it to. */
	stop?: Stop;
}

/**
 * Everything about one submission that can be known before it is sent: its contacts, its plan, and whether it goes.
 * @param onError with 'stop' a field's expression that can't be evaluated ends the run, otherwise it costs its contact
 */
export async function prepareSubmission(
	context: IExecuteFunctions,
	group: ItemsOfAudience,
	settings: { readContact: ReadRawContact; onError: OnError; pause: Pause },
): Promise<Prepared> {
	const { items } = group;
	const first = items[0] as number;
	if (group.unusable) return notPossible(group, { ...group.unusable, item: first });
	try {
		const options = readOptions(context, first);
		const unreadable: number[] = [];
		const read =
			settings.onError === 'stop'
				? settings.readContact
				: emptyIfUnreadable(settings.readContact, unreadable);
		const contacts = await collectContacts(items, read, { ...options, pause: settings.pause });
		const closes = readCloses(context, options.lastBatch, items.at(-1) as number);
		const prepared = decide({ group, options, contacts, closes });
		if (unreadable.length > 0) prepared.account.warnings.push(notReadable(unreadable));
		return prepared;
	} catch (error) {
		// An option out of its range, or an expression that can't be evaluated; it may quote the contact.
		const { message, context: place } = error as Error & { context?: { itemIndex?: unknown } };
		const item = typeof place?.itemIndex === 'number' ? place.itemIndex : first;
		const own = error instanceof UnusableValue;
		return notPossible(group, {
			code: 'parameter',
			message: own
				? message
				: `An expression in the node can't be evaluated (${redact(message)}). ${CHECK}`,
			item,
		});
	}
}

function notPossible(group: ItemsOfAudience, stop: Stop): Prepared {
	const contacts: Contacts = {
		users: [],
		items: group.items,
		refused: [],
		duplicates: [],
		leftOut: new Map(),
	};
	const unsent: Unsent = { status: 'failed', code: stop.code, message: stop.message };
	return { account: newAccount(group, contacts, unsent, [stop.message]), stop };
}

const CHECK = "Check the fields of 'Map Each Field' and the options";

interface Sorted {
	group: ItemsOfAudience;
	options: AddUsersOptions;
	contacts: Contacts;
	closes: boolean;
}

function decide({ group, options, contacts, closes }: Sorted): Prepared {
	const { users } = contacts;
	const ownTotal = options.lastBatch === 'auto' ? users.length : 0;
	const total = options.estimatedTotal || ownTotal || undefined;
	const goes = { users, batchSize: options.batchSize, total, closes };
	const size = options.lastBatch === 'auto' ? users.length : options.estimatedTotal;
	const warnings = planWarnings(options, { total, size });
	const account = (reason: HeldReason) =>
		newAccount(group, contacts, { status: 'held', reason }, warnings);

	const sizeKnown = options.lastBatch === 'auto' || size > 0;
	const few = sizeKnown && size < options.minimumUsers && options.underMinimum !== 'warn';
	const stop =
		options.invalidUsers === 'stop' && contacts.refused.length > 0
			? invalidContacts(contacts)
			: few
				? underMinimum(size, options.minimumUsers, group.items[0])
				: undefined;
	if (options.dryRun) {
		if (stop)
			warnings.push(stop.message.replace('Nothing was sent', 'A real run would send nothing'));
		const plan = describePlan({ ...goes, stopAtRefusal: false }, size || users.length);
		return { account: { ...account('dry_run'), plan } };
	}
	if (!stop && users.length > 0)
		return { account: account('stopped'), ready: { plan: goes, options } };
	if (options.lastBatch !== 'auto' && closes) warnings.push(LEFT_OPEN);
	if (!stop) {
		warnings.push(NOBODY_TO_SEND);
		return { account: account('stopped') };
	}
	warnings.push(
		stop.code === 'invalid_users' ? `${stop.message}. ${stop.description}` : stop.message,
	);
	if (stop.code === 'under_minimum' && options.underMinimum === 'hold') {
		return { account: account('under_minimum') };
	}
	return { account: account('stopped'), stop };
}

function planWarnings(options: AddUsersOptions, known: { total?: number; size: number }): string[] {
	const warnings: string[] = [];
	const rule = hundredRuleWarning(known.size, options.minimumUsers);
	if (rule !== undefined) warnings.push(rule);
	if (options.lastBatch !== 'auto' && known.total === undefined) warnings.push(TOTAL_UNKNOWN);
	return warnings;
}

function newAccount(
	group: ItemsOfAudience,
	contacts: Contacts,
	unsent: Unsent,
	warnings: string[],
): Account {
	return { audience: group.audience, contacts, delivery: { ...NOTHING_SENT }, unsent, warnings };
}
