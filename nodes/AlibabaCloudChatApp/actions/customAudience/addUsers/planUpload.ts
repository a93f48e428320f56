import type { IExecuteFunctions } from 'n8n-workflow';
import type { User } from '../../../contacts/contact';
import { fieldNamesOf, hasKnownField, nodeThatGets } from '../../../contacts/leftovers';
import type { Message } from '../../../message';
import { shownName } from '../../../redact';
import type { ForgottenPeople } from '../../../store/forgotten';
import type { ContactSource, Refs } from '../../../sources/source';
import { toTableError } from '../../../store/table';
import { originWith } from '../../../transport/connect';
import { UsersPlacement } from '../../../transport/usersPlacement';
import { collectsFew, decide, type Decision, sizeOf, totalOf } from '../../../upload/decide';
import { Ledger, type TableProblem } from '../../../upload/ledger';
import type { OptOuts } from '../../../upload/optOuts';
import { NumberList } from '../../../upload/packedUsers';
import {
	type AnyUpload,
	type FailedPlan,
	isPlanned,
	type ItemWithoutContact,
	type Plan,
	type Preview,
	removalOf,
	type Upload,
	type UploadInput,
} from '../../../upload/plan';
import { describePreview } from '../../../upload/summary';
import { survey } from '../../../upload/survey';
import { cannotRead } from '../../nodeErrors';
import type { ItemsOfAudience } from '../../parameters';
import { forgottenPeople, type Run } from '../sending/run';
import { maxUserBytes } from '../sending/send';
import { isConsentNeeded, mappingKind, type OpenContacts, type OpenedContacts } from '../contacts';
import { type AddUsersOptions, readCompletes, readOptions } from '../options';

/**
 * Reads an upload's contacts, and plans everything that can be known before it is sent.
 * An expression in a field that can't be evaluated ends the run if 'On Error' is Stop Workflow; otherwise, only its contact fails.
 * @param from opens the contacts of the upload's items, each a contact or a file of them; `optOuts`: who opted out so far
 * in the run
 * @throws the cancel signal's reason
 */
export async function planUpload(
	run: Run,
	{ audience, name, items, failure }: ItemsOfAudience,
	from: { open: OpenContacts; isFile: boolean; optOuts: OptOuts },
): Promise<AnyUpload> {
	const { context } = run;
	const first = items[0] as number;
	const input: UploadInput = { audience, audienceName: name, items };
	let ledger = new Ledger();
	const fail = async (message: Message, failedItem: number) => {
		// With a file, the rows read so far have failed; with input items, all of them have.
		const { removal, source, received } = await readDespiteFailure(run, items, from);
		const all = from.isFile ? ledger : new Ledger();
		if (!from.isFile) {
			all.receive(source ? received : items.length);
			input.source = source;
		}
		all.recordPending({ status: 'failed', failure: message });
		return { plan: { ...input, failure: message, failedItem, removal }, ledger: all };
	};
	if (failure) return await fail(failure, failure.item ?? first);
	try {
		const options = readOptions(context, first);
		// While it stores contacts, the store itself finds those who asked to be forgotten: that saves a sub-workflow.
		const isFew = !from.isFile && items.length < options.minimumUsers && collectsFew(options);
		const read = async (people?: ForgottenPeople) => {
			ledger = new Ledger();
			const opened = from.open(items, options);
			input.source = opened.source;
			const { optOuts } = from;
			const settings = { opened, options, forgotten: people, optOuts, keepsAllUsers: isFew };
			return await readContacts(run, settings, ledger);
		};
		let forgotten: ForgottenAtPlan = isFew ? { problems: [] } : await loadForgotten(run, options);
		let found = await read(forgotten.people);
		if (isFew && found.decision.kind !== 'collect') {
			forgotten = await loadForgotten(run, options);
			found = await read(forgotten.people);
		}
		recordHeld(ledger, found.decision);
		ledger.facts.tableProblems.push(...forgotten.problems);
		return { plan: await completePlan(context, { ...input, ...found, options }, ledger), ledger };
	} catch (error) {
		context.getExecutionCancelSignal()?.throwIfAborted();
		return await fail(cannotRead(error), itemIn(error) ?? first);
	}
}

/**
 * The uploads, all failed if the expression in 'Default Country' returned no country for any of several contacts: then
 * something is wrong with it, and not with a contact.
 */
export function checkCountries(uploads: AnyUpload[]): AnyUpload[] {
	const all = uploads.filter(isPlanned).flatMap(({ plan }) => plan.fields ?? []);
	const total = all.reduce((sum, fields) => sum + fields.total, 0);
	if (total < 2 || all.some((fields) => fields.withoutCountry < fields.total)) return uploads;
	return uploads.map((upload) => (isPlanned(upload) ? withoutSending(upload, NO_COUNTRY) : upload));
}

const NO_COUNTRY: Message = {
	code: 'parameter',
	what: "'Default Country' isn't a country for any contact",
	fix: 'Check its expression: it must return a code or an English name, such as SG or Singapore, or an empty string',
};

function withoutSending(upload: Upload, failure: Message): AnyUpload {
	const { plan, ledger } = upload;
	const { audience, audienceName, items, source } = plan;
	const all = new Ledger();
	all.receive(ledger.received);
	all.recordPending({ status: 'failed', failure });
	all.facts.tableProblems.push(...ledger.facts.tableProblems);
	const removal = removalOf(upload);
	const failedItem = items[0] as number;
	const failed = { audience, audienceName, items, source, failure, failedItem, removal };
	return { plan: failed, ledger: all };
}

/** What is known about contacts that can't be sent. */
interface ReadDespiteFailure {
	/** Who opted out, as far as they can be read: no other audience gets these people either. */
	removal?: FailedPlan['removal'];
	/** Where they come from; absent if they can't be read to their end. */
	source?: ContactSource;
	/** How many there are: an item may be a page of them. */
	received: number;
}

async function readDespiteFailure(
	run: Run,
	items: number[],
	{ open, optOuts }: { open: OpenContacts; optOuts: OptOuts },
): Promise<ReadDespiteFailure> {
	const usersToRemove: User[] = [];
	const ledger = new Ledger();
	let options: AddUsersOptions | undefined;
	let source: ContactSource | undefined;
	try {
		options = readOptions(run.context, items[0] as number);
		const opened = open(items, options, { skipsUnreadable: true });
		await readContacts(run, { opened, options, optOuts, usersToRemove }, ledger);
		({ source } = opened);
	} catch {
		run.context.getExecutionCancelSignal()?.throwIfAborted();
	}
	const removal = options && !options.dryRun ? { options, usersToRemove } : undefined;
	return { removal, source, received: ledger.received };
}

/** The plan of contacts that were read. */
async function completePlan(
	context: IExecuteFunctions,
	found: Omit<Plan, 'completes'> & Pick<Required<Plan>, 'fields'> & { options: AddUsersOptions },
	ledger: Ledger,
): Promise<Plan> {
	const { items, options, users, fields, decision } = found;
	const onlyIds = fields.onlyId() !== undefined;
	const plan: Plan = {
		...found,
		total: totalOf(users.length, options),
		completes: readCompletes(context, options.lastBatch, items.at(-1) as number),
		contactNode: onlyIds ? nodeThatGets(jsonOf(context, items[0] as number)) : undefined,
		itemWithoutContact: itemWithoutContactIn(context, ledger, found),
	};
	if (decision.kind === 'dryRun') plan.preview = await previewOf(context, plan);
	return plan;
}

/** How an upload's contacts are read. */
interface ReadSettings {
	opened: OpenedContacts;
	options: AddUsersOptions;
	forgotten?: ForgottenPeople;
	optOuts: OptOuts;
	keepsAllUsers?: boolean;
	/** Gets the users of people who said no, also if the contacts can't be read to their end. */
	usersToRemove?: User[];
}

async function readContacts(
	{ context, pause }: Run,
	{ opened, options, forgotten, usersToRemove = [], ...more }: ReadSettings,
	ledger: Ledger,
) {
	const { source, users, removeDuplicates } = opened;
	const surveyed = await survey(
		source,
		{
			...options,
			removeDuplicates,
			needsConsent: isConsentNeeded(context),
			...more,
			isForgotten: forgotten?.isAnyone ? (user) => forgotten.has(user) : undefined,
			pause,
		},
		{ ledger, users, usersToRemove },
	);
	const { contacts, ...rest } = surveyed;
	const { invalid } = ledger.counts();
	const onlyId = surveyed.fields.onlyId();
	const decision = decide({ contacts, invalid, onlyId }, options);
	const extraUserCount = users.length - contacts;
	const contactAt = extraUserCount > 0 ? numberContacts(surveyed.refs) : undefined;
	return { ...rest, users, extraUserCount, contactAt, decision };
}

/** The contacts' numbers from 0, by the positions of their users; contacts without users have none. */
function numberContacts(refs: Refs): (index: number) => number {
	const numbers = new NumberList();
	let contact = -1;
	for (let index = 0; index < refs.length; index++) {
		if (index === 0 || refs.at(index) !== refs.at(index - 1)) contact++;
		numbers.push(contact);
	}
	return (index) => numbers.at(index) as number;
}

/** Everyone who asked to be forgotten, when an upload is planned. */
interface ForgottenAtPlan {
	/** Absent if the table wasn't read, or can't be. */
	people?: ForgottenPeople;
	/** What the upload reports about the table. */
	problems: TableProblem[];
}

/** Where the table can't be read, the run continues with a warning. */
async function loadForgotten(run: Run, options: AddUsersOptions): Promise<ForgottenAtPlan> {
	try {
		const people = forgottenPeople(run, options);
		await people.readForPlan();
		const { notice } = people;
		return { people, problems: notice ? [{ kind: 'other', message: notice }] : [] };
	} catch (error) {
		const tableError = toTableError(error);
		// Where there are no Data Tables, no one can have been forgotten.
		if (tableError.code === 'data_tables_unreachable') return { problems: [] };
		return { problems: [{ kind: 'forgottenUnknown', message: tableError }] };
	}
}

/** Records the contacts of an upload that isn't sent. */
function recordHeld(ledger: Ledger, decision: Decision): void {
	if (decision.kind === 'dryRun') ledger.recordPending({ status: 'held', reason: 'dry_run' });
	if (decision.kind === 'hold') ledger.recordPending({ status: 'held', reason: decision.reason });
	if (decision.kind === 'stop') ledger.recordPending({ status: 'held', reason: 'stopped' });
}

/** What a real run would send, in the calls that the endpoint's gateway accepts as far as this process knows it. */
async function previewOf(context: IExecuteFunctions, plan: Plan): Promise<Preview> {
	const { users, extraUserCount = 0, options, audience, total, reach } = plan;
	const contacts = users.length - extraUserCount;
	const messageable = Math.max(0, contacts - (reach?.notMessageableCount ?? 0));
	// A dry run needs no credential.
	const origin = await originWith(context).catch(() => '');
	const placement = new UsersPlacement(origin, options.sendUsersIn);
	const size = sizeOf(messageable, options) || messageable;
	return describePreview(plan, size, maxUserBytes(placement, audience, total));
}

function jsonOf(context: IExecuteFunctions, item: number): Record<string, unknown> {
	return context.getInputData()[item]?.json ?? {};
}

/** What to report if no contact has an email or phone. */
function itemWithoutContactIn(
	context: IExecuteFunctions,
	ledger: Ledger,
	{ items, source }: UploadInput,
): ItemWithoutContact | undefined {
	const isAnyFilled = ledger.invalidReasons().no_email_or_phone !== ledger.received;
	if (isAnyFilled || source?.facts.unreadableItems?.length !== 0) return undefined;
	const { json = {}, binary = {} } = context.getInputData()[items[0] as number] ?? {};
	const hasText = Object.values(json).some(isTable);
	const file = Object.keys(binary).length > 0 ? 'binary' : hasText ? 'text' : 'none';
	const mapping = mappingKind(context);
	if (mapping === 'automatic' && hasKnownField(json)) return undefined;
	const isEmpty = Object.keys(json).length === 0;
	const names = fieldNamesOf(json).filter((name) => shownName(name) === name);
	return { names, isEmpty, mapping, file };
}

// A CSV file as HTTP Request returns it by default: lines with the same delimiter.
function isTable(value: unknown): boolean {
	if (typeof value !== 'string') return false;
	const lines = value.split(/\r\n?|\n/, 2);
	return [',', ';', '\t', '|'].some((delimiter) => {
		const [first = 1, second] = lines.map((line) => line.split(delimiter).length);
		return first > 1 && first === second;
	});
}

function itemIn(error: unknown): number | undefined {
	const { itemIndex } = (error as { context?: { itemIndex?: unknown } }).context ?? {};
	return typeof itemIndex === 'number' ? itemIndex : undefined;
}
