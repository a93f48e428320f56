import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { Clock } from '../../async';
import { cleanContact, type User } from '../../contacts/contact';
import { isPage } from '../../contacts/findContacts';
import { REASONS_IN_PARTS } from '../../contacts/reasons';
import { type Message, sentence } from '../../message';
import { forgetPeople, type ForgottenPerson } from '../../store/identifiers';
import { canceled, cannotContinue } from '../nodeErrors';
import { fieldOf, optionsField, readField, readOptionsOf } from '../optionKinds';
import type { ErrorRow, OperationResult, OutputRow } from '../output';
import { contactOfItem, mappingFields } from './addUsers/contacts';
import { COLLECTIONS, DEFAULT_COUNTRY, SMALL_UPLOADS } from './addUsers/options';
import { openTable } from './sending/openTable';
import { cannotRead } from './sending/messages';
import { type Run, startRun } from './sending/send';

const TABLE = { collectTable: SMALL_UPLOADS.collectTable };

/** The panel's fields of 'Forget Users'. */
export const fields: INodeProperties[] = [
	...mappingFields,
	fieldOf('defaultCountry', DEFAULT_COUNTRY),
	optionsField(COLLECTIONS.smallUploads, TABLE),
];

/**
 * What deleting rows here can't do: no call of the API removes a person from an audience or unsubscribes one.
 * @see docs/after-the-upload.md
 */
const STEPS_LEFT = [
	'Remove the person from every custom audience in Meta Ads Manager',
	"Ask Alibaba Cloud's support to unsubscribe the person from the Page's messages, or have the person use the opt-out link of a message",
	'Delete the executions in n8n that contain the person, and the person in your CRM',
];

/**
 * Deletes people from the Data Table in all audiences, and keeps only the hashes of their emails and phones, so that no
 * later run of the project sends or stores them.
 * @throws NodeOperationError with 'Stop Workflow', when an item contains no email or phone, or the table can't be used
 */
export async function execute(context: IExecuteFunctions, clock: Clock): Promise<OperationResult> {
	const run = startRun(context, clock);
	const read = contactOfItem(context);
	const people: User[][] = [];
	const failures = new Map<number, Message>();
	for (let item = 0; item < context.getInputData().length; item++) {
		const person = personOf(run, item, read);
		if ('what' in person) failures.set(item, person);
		people.push('what' in person ? [] : person);
		await run.pause();
	}
	const [first] = failures;
	if (first && run.onError === 'stop')
		throw cannotContinue(context, { ...first[1], item: first[0] });
	try {
		const { collectTable } = readOptionsOf(context, { name: 'smallUploads', options: TABLE }, 0);
		const forgotten = await forgetPeople(openTable(context, { collectTable }), people);
		return present(run, forgotten, failures);
	} catch (error) {
		if (context.getExecutionCancelSignal()?.aborted) throw canceled(context);
		const why = cannotRead(error);
		if (run.onError === 'stop') throw cannotContinue(context, why);
		return present(run, [], new Map(people.map((_, item) => [item, failures.get(item) ?? why])));
	}
}

/** All emails and phones of an item's contacts, each as a user; a contact who opted out is forgotten like any other. */
function personOf(
	{ context }: Run,
	item: number,
	read: ReturnType<typeof contactOfItem>,
): User[] | Message {
	try {
		const defaultCountry = readField(context, 'defaultCountry', DEFAULT_COUNTRY, item);
		const options = { defaultCountry, hash: 'none', addresses: 'all', optedOut: 'send' } as const;
		const found = read(item);
		const contacts = isPage(found) ? found.entries.map(found.contactOf) : [found];
		const cleaned = contacts.map((contact) => cleanContact(contact, options));
		const invalid = cleaned.find((one) => 'reason' in one);
		if (!invalid) {
			return cleaned.flatMap((one) => ('user' in one ? [one.user, ...(one.more ?? [])] : []));
		}
		const { what, fix } = REASONS_IN_PARTS[invalid.reason];
		return { code: invalid.reason, what, fix };
	} catch (error) {
		return cannotRead(error);
	}
}

function present(
	{ onError }: Run,
	forgotten: ForgottenPerson[],
	failures: ReadonlyMap<number, Message>,
): OperationResult {
	const rows: OutputRow[] = [];
	const errors: ErrorRow[] = [];
	forgotten.forEach((person, item) => {
		if (!failures.has(item)) rows.push({ json: { ...person, stepsLeft: STEPS_LEFT }, from: item });
	});
	const sent = rows.length > 0;
	for (const [from, failure] of failures) {
		const error = sentence(failure);
		if (onError === 'errorOutput') errors.push({ error, details: { code: failure.code }, from });
		else rows.push({ json: { error }, from });
	}
	return { rows, errors, sent };
}
