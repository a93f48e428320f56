import type { User } from '../contacts/contact';
import { createDuplicateFilter } from '../contacts/duplicates';
import { type HashMode, withHash } from '../contacts/hash';
import type { Audience } from '../upload/audience';
import type { Range } from '../upload/batches';
import type { UserList } from '../upload/packedUsers';
import { DAY_MS, type Waiting } from './due';
import { heldByAnother, releaseStep, renewLease, takeLease } from './lease';
import {
	all,
	type Column,
	type Condition,
	type NewRow,
	PAGE,
	type Row,
	type Status,
	type Step,
	type Table,
	where,
} from './table';

/** The IDs as they stand in the column 'audience': joined by slashes, and readable for a person. */
export function audienceKey(ids: Audience): string {
	return [ids.custSpaceId, ids.pageId, ids.adAccountId, ids.customAudienceId]
		.map((id) => encodeURIComponent(id.replace(/\p{Surrogate}/gu, '\uFFFD')))
		.join('/');
}

/** The IDs out of the column 'audience'; nothing when it holds something else. */
export function idsOfKey(key: string): Audience | undefined {
	const parts = key.split('/');
	if (parts.length !== 4) return undefined;
	try {
		const [custSpaceId = '', pageId = '', adAccountId = '', customAudienceId = ''] =
			parts.map(decodeURIComponent);
		const ids = { custSpaceId, pageId, adAccountId, customAudienceId };
		return Object.values(ids).includes('') ? undefined : ids;
	} catch {
		// A person's own text, such as a lone percent sign.
		return undefined;
	}
}

/** The audiences for which contacts wait, or are claimed by a sender that may be gone, in the order of their first row. */
export async function audiencesOf(table: Table): Promise<Audience[]> {
	const keys = new Set<string>();
	for (const status of ['waiting', 'claimed']) {
		let page: Row[] = [];
		do {
			const after = where('id', 'gt', page.at(-1)?.id ?? 0);
			const open = all(where('status', 'eq', status), after);
			page = await table.run([{ do: 'get', where: open, limit: PAGE }]);
			for (const { audience } of page) keys.add(audience ?? '');
		} while (page.length >= PAGE);
	}
	// A person may have put in a row without a whole audience.
	return [...keys].flatMap((key) => idsOfKey(key) ?? []);
}

/** A row with the user it holds. */
export interface StoredUser {
	row: Row;
	user: User;
}

/**
 * The users that rows hold, in the order of the rows, those without an email or phone left out: a person may have
 * emptied them. What was stored plain goes hashed when hashes are asked for now.
 */
export function usersOf(rows: Row[], hash: HashMode): StoredUser[] {
	return rows.flatMap((row) => {
		const user: User = {};
		if (row.email) user.Email = withHash(row.email, hash);
		if (row.phone) user.Phone = withHash(row.phone, hash);
		return user.Email === undefined && user.Phone === undefined ? [] : [{ row, user }];
	});
}

/** Those that add an identifier to the ones before them: two runs may have stored one contact at the same moment. */
export function distinct(users: StoredUser[]): StoredUser[] {
	const isDuplicate = createDuplicateFilter();
	return users.filter(({ user }) => !isDuplicate(user));
}

/** A user as a row's columns. */
export function columnsOf({ Email, Phone }: User): { email: string | null; phone: string | null } {
	return { email: Email ?? null, phone: Phone ?? null };
}

/** Since when the oldest of them has waited, in milliseconds since 1970; nothing when there are none. */
export function oldestSince(users: StoredUser[], now: number): { since?: number } {
	const since = users.reduce((oldest, { row }) => Math.min(oldest, sinceOf(row, now)), Infinity);
	return Number.isFinite(since) ? { since } : {};
}

// One that a person has let wait again may have been sent at once. Where nobody knows since when, or a clock was wrong
// by more than workers differ, it has waited long enough.
function sinceOf({ waitingSince, sentAt }: Row, now: number): number {
	const since = Date.parse(waitingSince ?? sentAt ?? '');
	return since <= now + DAY_MS ? since : 0;
}

/** What the table holds for an audience, as a run read it. */
export interface State extends Waiting {
	/** The lease rows. */
	leases: Row[];
	/** The last row that one round may claim; those behind it wait for another. */
	upTo: number;
	/** Whether there are none behind it. */
	isWhole: boolean;
}

export interface Reader {
	table: Table;
	audience: string;
	owner: string;
	/** How the users are sent. */
	hash: HashMode;
}

/** So many rows one round can claim where they are there, or `most` users; an update in SQLite takes some 32,000. */
const MOST_CLAIMED = 10_000;

/**
 * The steps that read an audience's state.
 * @param most how many users it takes to send
 */
export function stateSteps(audience: string, most: number): Step[] {
	const own = where('audience', 'eq', audience);
	return [
		{ do: 'get', where: all(own, where('status', 'neq', 'sent')), limit: PAGE },
		earlierStep(audience, Math.min(most, PAGE)),
	];
}

function earlierStep(audience: string, limit: number): Step {
	return {
		do: 'get',
		where: all(where('audience', 'eq', audience), where('status', 'eq', 'sent')),
		limit,
		latest: 'sentAt',
	};
}

/**
 * The users that were sent last, the latest first and each once, as many as it takes where they are there.
 * @param seen rows that were read already: the latest, up to a limit
 */
export async function readEarlier(
	{ table, audience, hash }: Reader,
	most: number,
	seen?: { rows: Row[]; limit: number },
): Promise<StoredUser[]> {
	let limit = seen?.limit ?? most;
	let rows = seen?.rows ?? (await table.run([earlierStep(audience, limit)]));
	for (;;) {
		const users = distinct(usersOf(rows, hash));
		if (users.length >= most || rows.length < limit) return users.slice(0, most);
		limit = limit < most ? most : limit * 2;
		rows = await table.run([earlierStep(audience, limit)]);
	}
}

/** The state that those steps' rows tell; more pages are asked for as far as one round can claim them. */
export async function readState(
	reader: Reader,
	first: Row[],
	{ most, now }: { most: number; now: number },
): Promise<State> {
	const { table, audience, owner } = reader;
	const isOwn = (row: Row) => row.audience === audience;
	const unsent = first.filter((row) => isOwn(row) && row.status !== 'sent');
	let page = unsent;
	const isEnough = () =>
		unsent.length >= MOST_CLAIMED && waitingUsers(unsent, reader, now).length >= most;
	while (page.length >= PAGE && !isEnough()) {
		const after = where('id', 'gt', (page.at(-1) as Row).id);
		const open = [where('audience', 'eq', audience), where('status', 'neq', 'sent'), after];
		page = await table.run([{ do: 'get', where: all(...open), limit: PAGE }]);
		unsent.push(...page);
	}
	const rows = first.filter((row) => isOwn(row) && row.status === 'sent');
	const sent = await readEarlier(reader, most, { rows, limit: Math.min(most, PAGE) });
	const leases = unsent.filter(({ status }) => status === 'lease');
	const users = waitingUsers(unsent, reader, now);
	return {
		users: users.length,
		...oldestSince(users, now),
		// One that waits as well does not fill up.
		earlier: distinct([...users, ...sent]).length - users.length,
		busy: heldByAnother(leases, owner, now),
		leases,
		upTo: Math.max(unsent.at(-1)?.id ?? 0, (unsent[0]?.id ?? 0) + MOST_CLAIMED - 1),
		isWhole: page.length < PAGE,
	};
}

function waitingUsers(unsent: Row[], { owner, hash }: Reader, now: number): StoredUser[] {
	return distinct(usersOf(waitingRows(unsent, owner, now), hash));
}

// What a sender has claimed waits again as soon as its lease has run out.
function waitingRows(unsent: Row[], owner: string, now: number): Row[] {
	const busy = heldByAnother(
		unsent.filter(({ status }) => status === 'lease'),
		owner,
		now,
	);
	return unsent.filter(({ status }) => status === 'waiting' || (status === 'claimed' && !busy));
}

const CONDITIONS_A_STEP = 200;
/** n8n's Merge node, which puts the answers together, takes ten inputs; one is the table's own. */
const STEPS_A_RUN = 9;

const CONTACTS = new Set<string | null>(['waiting', 'claimed', 'sent'] satisfies Status[]);

/** For each of the users: whether it adds an identifier to those that wait or were sent already, and to those before it. */
export async function newToTable(
	table: Table,
	audience: string,
	users: User[],
): Promise<boolean[]> {
	const emails = new Set<string>();
	const phones = new Set<string>();
	const steps = lookUps(users);
	for (let start = 0; start < steps.length; start += STEPS_A_RUN) {
		for (const row of await table.run(steps.slice(start, start + STEPS_A_RUN))) {
			// What a person has given another status neither waits nor was sent.
			if (row.audience !== audience || !CONTACTS.has(row.status)) continue;
			if (row.email !== null) emails.add(row.email);
			if (row.phone !== null) phones.add(row.phone);
		}
	}
	const isDuplicate = createDuplicateFilter({ emails, phones });
	return users.map((user) => !isDuplicate(user));
}

/** The rows of users that begin to wait. */
export function waitingRowsOf(audience: string, users: User[], since: string): NewRow[] {
	return users.map((user) => ({
		audience,
		...columnsOf(user),
		status: 'waiting' as const,
		waitingSince: since,
	}));
}

// n8n joins conditions by 'and' or by 'or', so the audience is told apart afterward.
function lookUps(users: User[]): Step[] {
	const conditions: Condition[] = users.flatMap((user) =>
		(Object.entries(columnsOf(user)) as Array<[Column, string | null]>).flatMap(
			([column, value]) => (value === null ? [] : [where(column, 'eq', value)]),
		),
	);
	const steps: Step[] = [];
	for (let start = 0; start < conditions.length; start += CONDITIONS_A_STEP) {
		const some = conditions.slice(start, start + CONDITIONS_A_STEP);
		steps.push({ do: 'get', where: { match: 'any', conditions: some }, limit: PAGE });
	}
	return steps;
}

/** A list whose calls aren't accepted is stored up to here; n8n's tables have little space. */
const MOST_KEPT = 10_000;

/**
 * The users of a list that stay in the table as sent: the last accepted ones, until there are as many as it takes for a
 * late contact to go.
 * @param table.most users it takes to send
 */
export function toLeave(
	own: UserList,
	accepted: Range[],
	table: { claimed: StoredUser[]; earlier: StoredUser[]; most: number },
): User[] {
	const isKnown = createDuplicateFilter();
	const there = [...table.claimed, ...table.earlier].filter(({ user }) => !isKnown(user));
	let room = table.most - there.length;
	const left: User[] = [];
	for (const { start, end } of [...accepted].reverse()) {
		const last = Math.min(end, own.length);
		for (let at = last - 1; at >= start && room > 0; at--) {
			const [user] = own.slice(at, at + 1);
			if (!user || isKnown(user)) continue;
			left.push(user);
			room--;
		}
	}
	return left.reverse();
}

/** The users of a list whose batches were not accepted: they wait, unless they are more than 10,000. */
export function notAccepted(own: UserList, accepted: Range[]): User[] {
	const gaps: Range[] = [];
	let at = 0;
	for (const { start, end } of [...accepted, { start: own.length, end: own.length }]) {
		gaps.push({ start: at, end: Math.min(start, own.length) });
		at = Math.max(at, end);
	}
	const users = gaps.reduce((sum, { start, end }) => sum + Math.max(0, end - start), 0);
	if (users > MOST_KEPT) return [];
	return gaps.flatMap(({ start, end }) => (end > start ? own.slice(start, end) : []));
}

/** The users that add an identifier to those of the rows: what waits already is not stored once more. */
export function beside(rows: StoredUser[], users: User[]): User[] {
	const isKnown = createDuplicateFilter();
	for (const { user } of rows) isKnown(user);
	return users.filter((user) => !isKnown(user));
}

/** What became of the users of a submission that a sender had claimed or brought. */
export interface Outcome {
	/** Rows that were claimed, as ranges of their ids, whose batches were accepted. */
	sent: Array<{ from: number; to: number }>;
	/** Users that the run brought and that were sent: some are left, to go again with later ones. */
	leave: User[];
	/** Users that the run brought and that were not accepted: they wait now. */
	keep: User[];
}

/** The contacts of one audience in a Data Table, as one run sees them. */
export class Store {
	private readonly reader: Reader;

	/**
	 * @param settings.owner names this run in the table, and no other
	 * @param settings.most how many users it takes to send
	 * @param settings.hash how they are sent
	 * @param settings.now milliseconds since 1970
	 */
	constructor(
		private readonly table: Table,
		private readonly settings: Omit<Reader, 'table'> & { most: number; now(): number },
	) {
		const { audience, owner, hash } = settings;
		this.reader = { table, audience, owner, hash };
	}

	/**
	 * Stores the users that neither wait nor were sent.
	 * @returns whether each was new, and what the table holds then
	 */
	async add(users: User[]): Promise<{ isNew: boolean[]; state: State }> {
		const { audience } = this.settings;
		const isNew = users.length > 0 ? await newToTable(this.table, audience, users) : [];
		const added = users.filter((_, index) => isNew[index]);
		return { isNew, state: await this.readAfter(waitingRowsOf(audience, added, this.time())) };
	}

	async look(): Promise<State> {
		return await this.readAfter([]);
	}

	/** Takes the right to send to the audience; only then may rows be claimed. */
	async take(state: State): Promise<boolean> {
		return await takeLease(this.reader, state.leases, this.settings.now());
	}

	async renew(): Promise<boolean> {
		return await renewLease(this.reader, this.settings.now());
	}

	/** Gives the lease back without looking at anything else. */
	async release(): Promise<void> {
		await this.table.run([releaseStep(this.reader)]);
	}

	/**
	 * Claims the waiting rows that the state told of; what an earlier sender left claimed waits again before, and what
	 * was sent too long ago is forgotten. To be called by the lease's holder alone.
	 * @param forgetBefore milliseconds since 1970
	 */
	async claim(state: State, forgetBefore: number): Promise<StoredUser[]> {
		const { audience, owner, hash } = this.settings;
		const own = where('audience', 'eq', audience);
		const claimed = where('status', 'eq', 'claimed');
		const rows = await this.table.run([
			this.forget(forgetBefore),
			{ do: 'update', where: all(own, claimed), set: { status: 'waiting', claim: null } },
			{
				do: 'update',
				where: all(own, where('status', 'eq', 'waiting'), where('id', 'lte', state.upTo)),
				set: { status: 'claimed', claim: owner },
			},
			{ do: 'get', where: all(own, claimed, where('claim', 'eq', owner)), limit: MANY },
		]);
		return usersOf(rows, hash);
	}

	/** The users that were sent last, the latest first and each once. */
	async earlier(): Promise<StoredUser[]> {
		return await readEarlier(this.reader, this.settings.most);
	}

	/**
	 * Writes down what became of a submission, lets the rest of the claimed rows wait again, and gives the lease
	 * back; then looks again, for what came meanwhile and found the audience taken.
	 */
	async finish(outcome: Outcome): Promise<State> {
		const { audience, owner, most } = this.settings;
		const own = where('audience', 'eq', audience);
		const claimed = [own, where('status', 'eq', 'claimed'), where('claim', 'eq', owner)];
		const now = this.time();
		const left: NewRow[] = outcome.leave.map((user) => ({
			audience,
			...columnsOf(user),
			status: 'sent',
			sentAt: now,
		}));
		const rows = [...left, ...waitingRowsOf(audience, outcome.keep, now)];
		const marks = outcome.sent.map(
			({ from, to }): Step => ({
				do: 'update',
				where: all(...claimed, where('id', 'gte', from), where('id', 'lte', to)),
				set: { status: 'sent', sentAt: now, claim: null },
			}),
		);
		const answers = await this.table.run([
			...(rows.length > 0 ? [{ do: 'insert' as const, rows }] : []),
			...marks,
			{ do: 'update', where: all(...claimed), set: { status: 'waiting', claim: null } },
			releaseStep(this.reader),
			...stateSteps(audience, most),
		]);
		return await this.read(answers);
	}

	private async readAfter(added: NewRow[]): Promise<State> {
		const { audience, most } = this.settings;
		const insert: Step[] = added.length > 0 ? [{ do: 'insert', rows: added }] : [];
		return await this.read(await this.table.run([...insert, ...stateSteps(audience, most)]));
	}

	private async read(rows: Row[]): Promise<State> {
		const { most, now } = this.settings;
		return await readState(this.reader, rows, { most, now: now() });
	}

	private forget(before: number): Step {
		const sent = [where('audience', 'eq', this.settings.audience), where('status', 'eq', 'sent')];
		const isOld = where('sentAt', 'lt', new Date(before).toISOString());
		return { do: 'delete', where: all(...sent, isOld) };
	}

	private time(): string {
		return new Date(this.settings.now()).toISOString();
	}
}

/** More than a sender ever claims at once: nobody else changes its rows. */
const MANY = 1_000_000;
