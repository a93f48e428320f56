import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { UnusableValue } from '../../../../credentials/credential';
import { type Clock, wait } from '../../async';
import {
	cleanContact,
	type CleaningOptions,
	type Contact,
	type User,
} from '../../contacts/contact';
import { isContactPage } from '../../contacts/findContacts';
import { type ReasonCode, REASON_MESSAGES } from '../../contacts/reasons';
import { countOfContacts, type Message, messageText } from '../../message';
import { forgetPeople, type ForgottenPerson, FRESH_MS } from '../../store/forgotten';
import { canceled, cannotContinue, cannotRead } from '../nodeErrors';
import {
	keyByPath,
	differenceFinder,
	fieldOf,
	optionsField,
	readField,
	readOptionsOf,
} from '../optionKinds';
import { itemsOf, mayDiffer } from '../parameters';
import { type ErrorRow, type OperationResult, type OutputRow, showHints } from '../output';
import { contactsReader, fieldsOfEntry, mappingFields } from './contacts';
import { DEFAULT_COUNTRY, PANEL_COLLECTIONS, SMALL_UPLOADS } from './options';
import { openTable, type Run, startRun } from './sending/run';

const TABLE = { collectTable: SMALL_UPLOADS.collectTable };

/** The panel's fields of 'Forget Users'. */
export const fields: INodeProperties[] = [
	...mappingFields,
	fieldOf('defaultCountry', DEFAULT_COUNTRY),
	optionsField(PANEL_COLLECTIONS.smallUploads, TABLE),
];

/**
 * What deleting rows here can't do: no call to the API removes a person from an audience or unsubscribes one.
 * @see docs/after-the-upload.md
 */
const STEPS_LEFT = [
	'Remove the person from every custom audience in Meta Ads Manager',
	"Ask Alibaba Cloud support to unsubscribe the person from the Page's messages, or have the person use the opt-out link in a message",
	'Delete the executions in n8n that contain the person, and the person in your CRM',
];

/** A person in the input. */
interface PersonToForget {
	/** The input item. */
	item: number;
	/** The entry of the item, if the item is a page of contacts. */
	entry?: IDataObject;
	/** All users that contain one of the person's identifiers; none if there is a failure. */
	users: User[];
	/** Why one of the person's emails or phones can't be forgotten. */
	dropped?: ReasonCode;
	/** Why the person can't be forgotten. */
	failure?: Message;
}

/**
 * Deletes people from the Data Table in all audiences, and keeps only the hashes of their emails and phones, so that no
 * later run of the project sends or stores them. A contact without an email or phone doesn't keep the others from being
 * forgotten.
 * @throws NodeOperationError with 'Stop Workflow', when a contact has no email or phone, or the table can't be used
 */
export async function execute(context: IExecuteFunctions, clock: Clock): Promise<OperationResult> {
	const run = startRun(context, clock);
	const people = await readPeople(run);
	const known = people.filter(({ failure }) => !failure);
	let forgotten: ForgottenPerson[] = [];
	try {
		const find = differenceFinder(context, keyByPath('smallUploads', TABLE), run.pause);
		const difference = await find(itemsOf(context));
		if (difference) throw new UnusableValue(difference.what, difference.fix);
		const { collectTable } = readOptionsOf(context, { name: 'smallUploads', options: TABLE }, 0);
		const table = openTable(context, { collectTable });
		forgotten = await forgetPeople(
			table,
			known.map(({ users }) => users),
		);
		// The people may be in the former table, too.
		if (table.message) showHints(context, [table.message]);
		// Wait until every run that is sending on another worker has reloaded the list of forgotten people.
		if (known.length > 0) await wait(FRESH_MS, clock, context.getExecutionCancelSignal());
	} catch (error) {
		if (context.getExecutionCancelSignal()?.aborted) throw canceled(context);
		const failure = cannotRead(error);
		if (run.onError === 'stop') throw cannotContinue(context, failure);
		for (const person of known) person.failure = failure;
	}
	const failed = people.filter(({ failure }) => failure);
	if (failed.length > 0 && run.onError === 'stop')
		throw notAllForgotten(context, failed, forgotten.length);
	showHints(context, partlyForgotten(people));
	return toResult(run, people, forgotten);
}

async function readPeople(run: Run): Promise<PersonToForget[]> {
	const { context, pause } = run;
	// A person who asks to be forgotten may be an employee, too.
	const read = contactsReader(context, { includeStaff: true });
	const people: PersonToForget[] = [];
	for (let item = 0; item < context.getInputData().length; item++) {
		people.push(...peopleOf(run, item, read));
		await pause();
	}
	return people;
}

/** The people of an item, each with all emails and phones; one who opted out is forgotten like any other. */
function peopleOf(
	{ context }: Run,
	item: number,
	read: ReturnType<typeof contactsReader>,
): PersonToForget[] {
	try {
		const name = 'defaultCountry';
		// With an expression, the contact has its own.
		const defaultCountry = mayDiffer(context, name)
			? ''
			: readField(context, name, DEFAULT_COUNTRY, item);
		const options = { defaultCountry, hash: 'none', addresses: 'every', optedOut: 'send' } as const;
		const found = read(item);
		if (!isContactPage(found)) return [{ item, ...personOf(found, options) }];
		if (found.entries.length === 0)
			return [{ item, ...personOf({ reason: 'empty_page' }, options) }];
		return found.entries.map((entry) => ({
			item,
			entry: fieldsOfEntry(entry),
			...personOf(found.readEntry(entry), options),
		}));
	} catch (error) {
		return [{ item, users: [], failure: cannotRead(error) }];
	}
}

function personOf(
	contact: Contact,
	options: CleaningOptions,
): Pick<PersonToForget, 'users' | 'dropped' | 'failure'> {
	const cleaned = cleanContact(contact, options);
	if ('user' in cleaned) {
		const { user, more = [], dropped } = cleaned;
		return { users: [user, ...more], dropped: dropped ?? findUnreadable(contact, options) };
	}
	const { what, fix } = REASON_MESSAGES[cleaned.reason];
	return { users: [], failure: { code: cleaned.reason, what, fix } };
}

/** Why one of a contact's other emails or phones can't be read. */
function findUnreadable(
	{ moreEmails = [], morePhones = [], ...contact }: Contact,
	options: CleaningOptions,
): ReasonCode | undefined {
	const others = [
		...moreEmails.map(({ value }): Contact => ({ email: value })),
		...morePhones.map(({ value, path: _, ...near }): Contact => {
			const { country, defaultCountry } = contact;
			return { country, defaultCountry, ...near, phone: value };
		}),
	];
	for (const other of others) {
		const cleaned = cleanContact(other, options);
		if ('reason' in cleaned && cleaned.reason !== 'no_email_or_phone') return cleaned.reason;
	}
	return undefined;
}

/** People of whom only a part was forgotten, by the reason. */
function partlyForgotten(people: PersonToForget[]): Message[] {
	const counts = new Map<ReasonCode, number>();
	for (const { dropped, failure } of people) {
		if (dropped && !failure) counts.set(dropped, (counts.get(dropped) ?? 0) + 1);
	}
	return [...counts].map(([code, count]) => {
		const { what, fix } = REASON_MESSAGES[code];
		return {
			code,
			what: `An email or phone number of ${countOfContacts(count)} can't be read, so it was not forgotten: ${what}`,
			fix: `${fix}, and run again with ${count === 1 ? 'this contact' : 'these contacts'}`,
		};
	});
}

function notAllForgotten(context: IExecuteFunctions, failed: PersonToForget[], forgotten: number) {
	const [{ item, failure } = {}] = failed;
	const { fix = '', ...message } = failure as Message;
	const more = failed.length - 1;
	const advice = [fix];
	if (more > 0) {
		const count = `${more} more ${more === 1 ? 'was' : 'were'} not forgotten`;
		advice.push(`${count}: to see them all, set 'On Error' to Continue (using error output)`);
	}
	if (forgotten > 0) advice.push(`The others were forgotten (${countOfContacts(forgotten)})`);
	return cannotContinue(context, {
		...message,
		fix: advice.filter(Boolean).join('. '),
		item,
	});
}

function toResult(
	{ onError }: Run,
	people: PersonToForget[],
	forgotten: ForgottenPerson[],
): OperationResult {
	const rows: OutputRow[] = [];
	const errors: ErrorRow[] = [];
	const failed = people.filter(({ failure }) => failure);
	people
		.filter(({ failure }) => !failure)
		.forEach(({ item, dropped }, index) => {
			const left = { ...(dropped && { droppedField: dropped }), stepsLeft: STEPS_LEFT };
			rows.push({ json: { ...forgotten[index], ...left }, from: item });
		});
	const changed = rows.length > 0;
	for (const { item, entry, failure } of failed) {
		const error = messageText(failure as Message);
		const { code } = failure as Message;
		if (onError !== 'errorOutput') rows.push({ json: { error }, from: item });
		else errors.push({ error, details: { code }, from: item, ...(entry && { contact: entry }) });
	}
	return { rows, errors, changed };
}
