import { type Clock, wait } from '../async';
import { createDuplicateFilter, type User } from '../contacts/contact';
import type { Audience } from '../ids';
import { deleteContacts, deleteRows, findRows, findWithAudience } from './findRows';
import { acquireLease, GroupCommit, releaseStep, renewLease } from './sharing';
import { forgottenIn, ForgottenPeople } from './forgotten';
import {
	contactKeyOf,
	contactRows,
	type ReaderSettings,
	StateReader,
	type StoredUser,
	type TableState,
	usersOf,
} from './state';
import {
	all,
	type NewRow,
	type Row,
	ROWS_PER_PAGE,
	type RowStatus,
	type Step,
	type Table,
	type TableError,
	tableErrorOrThrow,
	toTableError,
	where,
} from './table';

export type { TableState } from './state';

/** The four IDs as they are in the column 'audience': joined by slashes, and readable. */
export function audienceKeyOf(ids: Audience): string {
	return [ids.custSpaceId, ids.pageId, ids.adAccountId, ids.customAudienceId]
		.map((id) => encodeURIComponent(id.replace(/\p{Surrogate}/gu, '\uFFFD')))
		.join('/');
}

function idsOfKey(key: string): Audience | undefined {
	const parts = key.split('/');
	if (parts.length !== 4) return undefined;
	try {
		const [custSpaceId = '', pageId = '', adAccountId = '', customAudienceId = ''] =
			parts.map(decodeURIComponent);
		const ids = { custSpaceId, pageId, adAccountId, customAudienceId };
		return Object.values(ids).includes('') ? undefined : ids;
	} catch {
		// Text that someone entered in the table, such as a single percent sign.
		return undefined;
	}
}

/** An audience with waiting contacts. */
export interface WaitingAudience {
	audience: Audience;
	/** The name in its latest row that has one; absent if none has. */
	name?: string;
}

/**
 * The audiences with waiting contacts, or with ones claimed by a run that may have ended, in the order of their first row.
 * @throws TableError
 */
export async function waitingAudiences(table: Table): Promise<WaitingAudience[]> {
	const names = new Map<string, string>();
	for (const status of ['waiting', 'claimed']) {
		let page: Row[] = [];
		do {
			const after = where('id', 'gt', page.at(-1)?.id ?? 0);
			const waiting = all(where('status', 'eq', status), after);
			page = await table.run([{ do: 'get', where: waiting, limit: ROWS_PER_PAGE }]);
			for (const { audience, audienceName } of page) {
				const key = audience ?? '';
				names.set(key, audienceName || (names.get(key) ?? ''));
			}
		} while (page.length >= ROWS_PER_PAGE);
	}
	// Someone may have added a row without all four IDs.
	return [...names].flatMap(([key, name]) => {
		const audience = idsOfKey(key);
		return audience ? { audience, ...(name && { name }) } : [];
	});
}

/** What a round changed. Each contact of the run is given as its users. */
export interface RoundResult {
	/** Claimed rows whose batches were accepted, as ranges of ids. */
	sent: Array<{ from: number; to: number }>;
	/** Contacts of the run that were accepted, to keep in the table as previously sent. */
	toKeep: User[][];
	/** Contacts of the run that were not accepted, to wait in the table. */
	toWait: User[][];
	/** Whether the table keeps no sent contacts. */
	keepsNone?: boolean;
}

/** What `add` did. */
export interface Added {
	/** Whether each contact was stored: whether it adds an identifier to those that are waiting or were sent before. */
	isNew: boolean[];
	/** Whether each contact was not stored because the person asked to be forgotten. */
	isForgotten: boolean[];
	/** What the table contains afterward; absent if it could not be read after the contacts were stored. */
	state?: TableState;
	/** Why it could not be read. */
	tableError?: TableError;
}

/** What `finish` did. */
export interface Finished {
	/** Absent if the table could not be changed or read. */
	state?: TableState;
	tableError?: TableError;
	/** Whether the contacts of the run are in the table. */
	isStored: boolean;
	/** How many of them stay there as previously sent. */
	kept: number;
}

/** A limit that no run reaches; it may exceed a page, since no other run changes claimed rows. */
const ALL_CLAIMED = 1_000_000;

/** How a run uses an audience's contacts. */
export interface StoreSettings extends ReaderSettings {
	/** The audience's name, for people who look at the table. */
	audienceName?: string;
	/** Names the workflow and its table, if runs of the workflow in this process may store together. */
	group?: { key: string; cancelSignal?: AbortSignal };
}

/** Milliseconds between checks of whether the audience is free. */
const LOOK_EVERY_MS = 2000;
/** Much shorter than a lease, so that a few failures don't matter. */
const RENEW_EVERY_MS = 60_000;

/** All runs of this process that are storing. */
const commits = new GroupCommit<NewContact[], Added>();

/** Audiences that had more than a page of rows when this process last read them, by workflow, table, and audience. */
const largeAudiences = new Set<string>();

const CONTACTS = new Set<string | null>(['waiting', 'claimed', 'sent'] satisfies RowStatus[]);

/**
 * An audience's contacts in a Data Table, as one run sees them.
 * Every method throws a TableError if the table can't be used.
 */
export class Store {
	private keysMade = 0;
	private readonly reader: StateReader;

	/** @param forgotten what the run knows about the people who asked to be forgotten */
	constructor(
		private readonly table: Table,
		private readonly settings: StoreSettings,
		private readonly forgotten = new ForgottenPeople(table, settings.now),
	) {
		this.reader = new StateReader(table, settings);
	}

	/**
	 * Stores the contacts that are neither waiting nor sent before, unless the person asked to be forgotten. New ones take
	 * one sub-workflow: they are inserted, then looked up, and those that were there before are deleted again.
	 * @param users of each contact
	 * @param unsent of each contact: identifiers that are not sent, by which the person may have asked to be forgotten
	 * @throws TableError if they are not stored
	 */
	async add(users: User[][], unsent: User[][] = []): Promise<Added> {
		const { audienceKey, hash, collectUntil, group } = this.settings;
		const contacts = users.map((own, index) => ({ users: own, unsent: unsent[index] }));
		const commit = async (runs: NewContact[][]) => await this.addAll(runs);
		if (!group) return (await commit([contacts]))[0] as Added;
		const key = JSON.stringify([group.key, audienceKey, hash, collectUntil]);
		return await commits.add(key, contacts, { commit, cancelSignal: group.cancelSignal });
	}

	/** Stores the contacts of several runs as if one run came after the other. */
	private async addAll(runs: NewContact[][]): Promise<Added[]> {
		// A contact that occurs twice is inserted twice: the first one may be a person who asked to be forgotten.
		const contacts = runs.flat().map((contact): NewContact => {
			const isEmpty = contact.users.every(({ Email, Phone }) => (Email ?? Phone) === undefined);
			return { ...contact, ...(!isEmpty && { key: this.newKey() }) };
		});
		let found: Row[];
		let hasAllRows: boolean;
		try {
			({ found, hasAllRows } = await this.insertAndLookUp(contacts));
		} catch (error) {
			const tableError = toTableError(error);
			if (!(await this.isInserted(contacts.find(isKeyed)?.key, tableError))) throw tableError;
			const isDuplicate = createDuplicateFilter();
			const isNew = contacts.map(({ users }) => isAnyNew(users, isDuplicate));
			return splitByRun(runs, isNew, []).map((added) => ({ ...added, tableError }));
		}
		const { isNew, isForgotten } = this.compare(contacts, found);
		const keys = new Set(contacts.flatMap(({ key }, index) => (isNew[index] ? [] : (key ?? []))));
		const surplus = found.filter(({ contact }) => keys.has(contact ?? ''));
		// A contact that stays in two rows is still sent only once.
		await deleteRows(this.table, surplus).catch(tableErrorOrThrow);
		const ids = new Set(surplus.map(({ id }) => id));
		const added = splitByRun(runs, isNew, isForgotten);
		try {
			const rows = found.filter(({ id }) => !ids.has(id));
			return this.inSequence(added, await this.reader.stateOf(rows, { hasAllRows }));
		} catch (error) {
			const tableError = toTableError(error);
			return added.map((one) => ({ ...one, tableError }));
		}
	}

	private async insertAndLookUp(
		contacts: NewContact[],
	): Promise<{ found: Row[]; hasAllRows: boolean }> {
		const added = contacts.filter(isKeyed);
		const steps = this.reader.steps();
		if (added.length === 0) return { found: await this.table.run(steps), hasAllRows: false };
		const { audienceKey, collectUntil, group } = this.settings;
		const users = added.flatMap(allUsersIn);
		const insert: Step = { do: 'insert', rows: contactRows(added, this.waitingRow()) };
		const key = JSON.stringify([group?.key, audienceKey]);
		if (largeAudiences.has(key)) {
			const found = await findRows(this.table, users, [insert, ...steps]);
			const rows = found.filter((row) => row.audience === audienceKey);
			const sent = rows.filter(({ status }) => status === 'sent');
			if (rows.length < ROWS_PER_PAGE / 2 && sent.length < collectUntil) largeAudiences.delete(key);
			return { found, hasAllRows: false };
		}
		const all = await findWithAudience(this.table, { audienceKey, users }, [insert]);
		if (all) return { found: all, hasAllRows: true };
		largeAudiences.add(key);
		const found = await findRows(this.table, users, steps).catch((error: unknown) => {
			throw toTableError(error).after(1);
		});
		return { found, hasAllRows: false };
	}

	/**
	 * Whether rows were inserted although a step failed: n8n's error shows which step did; if not, a row is looked up.
	 * @param key of the first contact; undefined if there was none to insert
	 */
	private async isInserted(key: string | undefined, error: TableError): Promise<boolean> {
		if (key === undefined) return false;
		if (error.stepsDone !== undefined) return error.stepsDone > 0;
		const steps: Step[] = [{ do: 'get', where: all(where('contact', 'eq', key)), limit: 1 }];
		const rows = await this.table.run(steps).catch(tableErrorOrThrow);
		return Array.isArray(rows) && rows.length > 0;
	}

	private compare(contacts: NewContact[], found: Row[]) {
		const keys = new Set<string | null>(contacts.flatMap(({ key }) => key ?? []));
		const isFromThisRun = ({ contact }: Row) => contact !== null && keys.has(contact);
		// Of two runs that insert a contact at the same time, the one with the later row has the duplicate.
		const firstId = Math.min(...found.filter(isFromThisRun).map(({ id }) => id));
		const emails = new Set<string>();
		const phones = new Set<string>();
		for (const row of found) {
			// A row whose status someone changed to another text is neither waiting nor sent.
			if (row.audience !== this.settings.audienceKey || !CONTACTS.has(row.status)) continue;
			if (isFromThisRun(row) || row.id > firstId) continue;
			if (row.email !== null) emails.add(row.email);
			if (row.phone !== null) phones.add(row.phone);
		}
		const isDuplicate = createDuplicateFilter({ emails, phones });
		const forgotten = forgottenIn(found);
		const isForgotten = contacts.map((contact) =>
			allUsersIn(contact).some((user) => forgotten.has(user)),
		);
		const isNew = contacts.map(
			({ users }, index) => !isForgotten[index] && isAnyNew(users, isDuplicate),
		);
		return { isNew, isForgotten };
	}

	// Each run sees what the table contained after its own contacts. Once enough are waiting, the first run sends them.
	private inSequence(allAdded: Added[], state: TableState): Added[] {
		let addedAfter = allAdded.reduce((sum, added) => sum + countNew(added), 0);
		let { isBusy } = state;
		return allAdded.map((added) => {
			addedAfter -= countNew(added);
			const waiting = Math.max(0, state.waiting - addedAfter);
			const inOrder = { ...added, state: { ...state, waiting, isBusy } };
			isBusy ||= waiting >= this.settings.collectUntil;
			return inOrder;
		});
	}

	/** Reads what the table contains for the audience. */
	async read(): Promise<TableState> {
		return await this.reader.stateOf(await this.table.run(this.reader.steps()));
	}

	/**
	 * Acquires the lease if it is free. Only its holder may claim rows.
	 * @returns false if another run holds it
	 */
	async tryToAcquire(state: TableState): Promise<boolean> {
		return await acquireLease(this.lease, state.leases, this.settings.now());
	}

	/**
	 * Waits for the lease: until only this run may send to the audience, across all workers.
	 * @throws the signal's reason
	 */
	async acquire(clock: Pick<Clock, 'sleep'>, signal?: AbortSignal): Promise<TableState> {
		for (;;) {
			const state = await this.read();
			if (!state.isBusy && (await this.tryToAcquire(state))) return state;
			await wait(LOOK_EVERY_MS, clock, signal);
		}
	}

	/**
	 * A function that renews the lease when it is due and returns whether this run still has it. Create it before the
	 * lease is acquired: an upload may wait for its turn afterward, and the lease ages meanwhile.
	 */
	leaseKeeper(): () => Promise<boolean> {
		const { now } = this.settings;
		let renewedAt = now();
		let isHeld = true;
		return async () => {
			if (isHeld && now() - renewedAt >= RENEW_EVERY_MS) {
				renewedAt = now();
				// If the table can't be reached, the run may still hold the lease.
				isHeld = await this.renew().catch(() => true);
			}
			return isHeld;
		};
	}

	/** Extends the lease. @returns false if it was lost */
	async renew(): Promise<boolean> {
		return await renewLease(this.lease, this.settings.now());
	}

	/** Releases the lease and changes nothing else. */
	async release(): Promise<void> {
		await this.table.run([releaseStep(this.settings)]);
	}

	/**
	 * Claims the waiting rows in the state, for the lease's holder. First, rows that a run left claimed are set back to
	 * waiting, and those sent too long ago are deleted.
	 * @param deleteBefore milliseconds since 1970
	 */
	async claim(state: TableState, deleteBefore: number): Promise<StoredUser[]> {
		const { audienceKey, owner, hash } = this.settings;
		const inAudience = where('audience', 'eq', audienceKey);
		const isClaimed = where('status', 'eq', 'claimed');
		const isWaiting = where('status', 'eq', 'waiting');
		const isOld = where('sentAt', 'lt', new Date(deleteBefore).toISOString());
		const { step, learn } = this.forgotten.prepareRead();
		const rows = await this.table.run([
			{ do: 'delete', where: all(inAudience, where('status', 'eq', 'sent'), isOld) },
			{
				do: 'update',
				where: all(inAudience, isClaimed),
				set: { status: 'waiting', claim: null },
			},
			{
				do: 'update',
				where: all(inAudience, isWaiting, where('id', 'lte', state.upTo)),
				set: { status: 'claimed', claim: owner },
			},
			{
				do: 'get',
				where: all(inAudience, isClaimed, where('claim', 'eq', owner)),
				limit: ALL_CLAIMED,
			},
			step,
		]);
		learn(rows);
		const claimed = usersOf(
			rows.filter(({ status }) => status === 'claimed'),
			hash,
		);
		return await this.withoutExcluded(claimed);
	}

	/** Whether this person asked to be forgotten, as far as this run knows. */
	isForgotten(user: User): boolean {
		return this.forgotten.has(user);
	}

	/** Whether the table must not contain the user: see {@link ForgottenPeople.isExcluded}. */
	isExcluded(user: User): boolean {
		return this.forgotten.isExcluded(user);
	}

	// A run that ended while it stored them may have left them in the table, or they could not be deleted.
	private async withoutExcluded(users: StoredUser[]): Promise<StoredUser[]> {
		const matches = users.filter(({ user }) => this.isExcluded(user));
		if (matches.length === 0) return users;
		const keys = new Set(matches.map(({ row }) => contactKeyOf(row)));
		const isTheirs = ({ row }: StoredUser) => keys.has(contactKeyOf(row));
		await deleteRows(
			this.table,
			users.filter(isTheirs).map(({ row }) => row),
		);
		return users.filter((one) => !isTheirs(one));
	}

	/**
	 * The users sent most recently, latest first and each once: those of `collectUntil` contacts, if there are that many. After
	 * `claim`, without people whom the table must not contain.
	 */
	async readPreviouslySent(): Promise<StoredUser[]> {
		return await this.withoutExcluded(await this.reader.readPreviouslySent());
	}

	/**
	 * Saves what a round changed, sets the other claimed rows back to waiting, and releases the lease. Then reads again:
	 * a run that stored contacts meanwhile found the audience busy and left them to this one.
	 */
	async finish({ sent, toKeep, toWait, keepsNone }: RoundResult): Promise<Finished> {
		const { audienceKey, owner } = this.settings;
		const inAudience = where('audience', 'eq', audienceKey);
		const claimed = [inAudience, where('status', 'eq', 'claimed'), where('claim', 'eq', owner)];
		const sentAt = this.time();
		const withKeys = (contacts: User[][]): KeyedContact[] =>
			contacts
				.filter((users) => !users.some((user) => this.isExcluded(user)))
				.map((users) => ({ key: this.newKey(), users }));
		const kept = withKeys(toKeep);
		const waiting = withKeys(toWait);
		const rows = [
			...contactRows(kept, { ...this.named(), status: 'sent', sentAt }),
			...contactRows(waiting, this.waitingRow()),
		];
		const saveSent = sent.map(({ from, to }): Step => {
			const accepted = all(...claimed, where('id', 'gte', from), where('id', 'lte', to));
			if (keepsNone) return { do: 'delete', where: accepted };
			return { do: 'update', where: accepted, set: { status: 'sent', sentAt, claim: null } };
		});
		const insert: Step[] = rows.length > 0 ? [{ do: 'insert', rows }] : [];
		const { step, learn } = this.forgotten.prepareRead();
		try {
			const read = await this.table.run([
				...insert,
				...saveSent,
				{ do: 'update', where: all(...claimed), set: { status: 'waiting', claim: null } },
				releaseStep(this.settings),
				...(rows.length > 0 ? [step] : []),
				...this.reader.steps(),
			]);
			if (rows.length > 0) learn(read);
			const deletedKeys = await this.deleteExcluded([...kept, ...waiting]);
			const found = read.filter(({ contact }) => !deletedKeys.has(contact));
			const state = await this.reader.stateOf(found);
			return {
				state,
				isStored: true,
				kept: kept.filter(({ key }) => !deletedKeys.has(key)).length,
			};
		} catch (error) {
			const tableError = toTableError(error);
			const [first] = [...kept, ...waiting];
			const isStored = await this.isInserted(first?.key, tableError);
			return { tableError, isStored, kept: isStored ? kept.length : 0 };
		}
	}

	/**
	 * Deletes contacts that were just inserted, of people who were forgotten or opted out since: Forget Users stores its
	 * hashes before it looks for rows, so either it saw these, or this run sees the hashes.
	 * @returns their keys
	 */
	private async deleteExcluded(contacts: KeyedContact[]): Promise<ReadonlySet<string | null>> {
		const keys = contacts
			.filter(({ users }) => users.some((user) => this.isExcluded(user)))
			.map(({ key }) => key);
		await deleteContacts(this.table, keys);
		return new Set(keys);
	}

	private get lease() {
		const { audienceKey, owner } = this.settings;
		return { table: this.table, audienceKey, owner };
	}

	private waitingRow(): NewRow {
		return { ...this.named(), status: 'waiting', waitingSince: this.time() };
	}

	private named() {
		const { audienceKey, audienceName } = this.settings;
		return { audience: audienceKey, ...(audienceName && { audienceName }) };
	}

	/**
	 * A key that no other contact in the table has: it begins with the last 12 characters of the owner, which are random, and
	 * ends with a counter.
	 */
	private newKey(): string {
		this.keysMade += 1;
		return `${this.settings.owner.slice(-12)}.${this.keysMade}`;
	}

	private time(): string {
		return new Date(this.settings.now()).toISOString();
	}
}

/** A contact to store; without a key if it has no identifier. */
interface NewContact {
	users: User[];
	/** Users with the contact's identifiers that are neither sent nor stored. */
	unsent?: User[];
	key?: string;
}

type KeyedContact = NewContact & { key: string };

function isKeyed(contact: NewContact): contact is KeyedContact {
	return contact.key !== undefined;
}

function allUsersIn({ users, unsent = [] }: NewContact): User[] {
	return [...users, ...unsent];
}

function countNew({ isNew }: Added): number {
	return isNew.filter(Boolean).length;
}

/** Whether a user adds an identifier; all of them are added to the filter. */
function isAnyNew(users: User[], isDuplicate: (user: User) => boolean): boolean {
	return users.filter((user) => !isDuplicate(user)).length > 0;
}

function splitByRun(runs: NewContact[][], isNew: boolean[], isForgotten: boolean[]): Added[] {
	let start = 0;
	return runs.map(({ length }) => {
		const places = Array.from({ length }, (_, index) => start + index);
		start += length;
		return {
			isNew: places.map((place) => isNew[place] ?? false),
			isForgotten: places.map((place) => isForgotten[place] ?? false),
		};
	});
}
