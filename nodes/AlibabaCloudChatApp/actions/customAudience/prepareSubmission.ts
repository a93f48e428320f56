import type { IExecuteFunctions } from 'n8n-workflow';
import { REASONS } from '../../contacts/reasons';
import {
	NOTHING_SENT,
	type Account,
	type Contacts,
	type HeldReason,
	type Unsent,
} from '../../submission/account';
import { describePlan } from '../../submission/dryRun';
import { hundredRuleWarning } from '../../submission/hundredRule';
import type { SubmissionPlan } from '../../submission/submit';
import type { RawContact } from '../../contacts/contact';
import { readCloses, readOptions, type AddUsersOptions } from './addUsers.options';
import type { ItemsOfAudience } from './audienceIds';
import { collectContacts } from './collectContacts';
import { LEFT_OPEN, TOTAL_UNKNOWN } from './warnings';

export interface ReadySubmission {
	plan: Omit<SubmissionPlan, 'stopAtRefusal'>;
	options: AddUsersOptions;
}

/** Why a run can't go on, with the input item that shows it. */
export interface Stop {
	code: string;
	message: string;
	description?: string;
	item?: number;
}

export interface Prepared {
	account: Account;
	/** Absent when nothing is to be sent. */
	ready?: ReadySubmission;
	/** Present when the run can't go on as the person wants it to. */
	stop?: Stop;
}

const FIRST_REFUSED = 5;

/** Everything about one submission that can be known before it is sent: its contacts, its plan, and whether it goes. */
export function prepareSubmission(
	context: IExecuteFunctions,
	group: ItemsOfAudience,
	readContact: (itemIndex: number) => RawContact,
): Prepared {
	const { items } = group;
	const first = items[0] as number;
	if (group.unusable) return notPossible(group, { ...group.unusable, item: first });
	try {
		const options = readOptions(context, first);
		const contacts = collectContacts(items, readContact, options);
		const closes = readCloses(context, options.lastBatch, items.at(-1) as number);
		return decide({ group, options, contacts, closes });
	} catch (error) {
		// An option out of its range, or an expression that can't be evaluated.
		return notPossible(group, {
			code: 'parameter',
			message: (error as Error).message,
			item: first,
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
	const plan = { users, batchSize: options.batchSize, total, closes };
	const size = options.lastBatch === 'auto' ? users.length : options.estimatedTotal;
	const warnings = planWarnings(options, { users: users.length, total, size, closes });
	const account = (reason: HeldReason) =>
		newAccount(group, contacts, { status: 'held', reason }, warnings);

	if (options.dryRun) {
		const described = describePlan({ ...plan, stopAtRefusal: false });
		return { account: { ...account('dry_run'), plan: described } };
	}
	if (options.invalidUsers === 'stop' && contacts.refused.length > 0) {
		return { account: account('stopped'), stop: invalidContacts(contacts) };
	}
	if (size > 0 && size < options.minimumUsers && options.underMinimum !== 'warn') {
		if (options.underMinimum === 'hold') return { account: account('under_minimum') };
		return { account: account('stopped'), stop: underMinimum(size, options.minimumUsers, group) };
	}
	if (users.length === 0) return { account: account('stopped') };
	return { account: account('stopped'), ready: { plan, options } };
}

function planWarnings(
	options: AddUsersOptions,
	known: { users: number; total?: number; size: number; closes: boolean },
): string[] {
	const warnings: string[] = [];
	const severalRuns = options.lastBatch !== 'auto';
	const rule = hundredRuleWarning(known.size, options.minimumUsers);
	if (rule !== undefined) warnings.push(rule);
	if (severalRuns && known.total === undefined) warnings.push(TOTAL_UNKNOWN);
	if (severalRuns && known.closes && known.users === 0) warnings.push(LEFT_OPEN);
	return warnings;
}

function invalidContacts({ refused }: Contacts): Stop {
	const named = refused
		.slice(0, FIRST_REFUSED)
		.map(({ item, reason }) => `Item ${item}: ${REASONS[reason]}`);
	const more = refused.length - named.length;
	return {
		code: 'invalid_users',
		message: `Nothing was sent: ${refused.length} of the contacts can't be sent`,
		description: [...named, ...(more > 0 ? [`And ${more} more.`] : [])].join(' '),
		item: refused[0]?.item,
	};
}

function underMinimum(size: number, minimum: number, group: ItemsOfAudience): Stop {
	return {
		code: 'under_minimum',
		message: `Nothing was sent: ${size} users are fewer than 'Minimum Users' (${minimum})`,
		description: hundredRuleWarning(size, minimum),
		item: group.items[0],
	};
}

function newAccount(
	group: ItemsOfAudience,
	contacts: Contacts,
	unsent: Unsent,
	warnings: string[],
): Account {
	return { audience: group.audience, contacts, delivery: { ...NOTHING_SENT }, unsent, warnings };
}
