import { createDuplicateFilter, type HashMode, type User, withHash } from '../contacts/contact';
import { cleanEmail } from '../contacts/email';
import { cleanPhone } from '../contacts/phone/clean';
import { mayBeInternational } from '../contacts/phone/numberingPlan';
import type { FieldResult } from '../contacts/reasons';
import { isHeldByAnother } from './sharing';
import { all, type NewRow, type Row, ROWS_PER_PAGE, type Step, type Table, where } from './table';

/** A row with the user in it. */
export interface StoredUser {
	row: Row;
	user: User;
}

/**
 * The users in rows, in the order of the rows. Someone may have changed a row, so what looks different is cleaned,
 * and rows without a valid email or phone are skipped. Plain ones are hashed if users are sent hashed now.
 */
export function usersOf(rows: Row[], hash: HashMode): StoredUser[] {
	return rows.flatMap((row) => {
		const user: User = {};
		const email = STORED_EMAIL.test(row.email ?? '') ? row.email : cleanCell(row.email, cleanEmail);
		const phone = isStoredPhone(row.phone) ? row.phone : cleanCell(row.phone, ofAnyCountry);
		if (email) user.Email = withHash(email, hash);
		if (phone) user.Phone = withHash(phone, hash);
		return user.Email === undefined && user.Phone === undefined ? [] : [{ row, user }];
	});
}

// Most are as this node stored them, and aren't cleaned again.
const STORED_EMAIL = /^[a-z0-9._+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}$/;
const STORED_PHONE = /^[1-9]\d*$/;

function isStoredPhone(cell: string | null): boolean {
	return cell !== null && STORED_PHONE.test(cell) && mayBeInternational(cell);
}

function cleanCell(cell: string | null, clean: (text: string) => FieldResult): string | undefined {
	return cell ? clean(cell).value : undefined;
}

function ofAnyCountry(phone: string): FieldResult {
	return cleanPhone(phone, {});
}

/** The ID of the first row of each contact that has no user. */
function unreadableIn(rows: Row[], users: StoredUser[]): number[] {
	const seen = new Set(users.map(({ row }) => contactKeyOf(row)));
	const ids: number[] = [];
	for (const row of rows) {
		const contact = contactKeyOf(row);
		if (seen.has(contact)) continue;
		seen.add(contact);
		ids.push(row.id);
	}
	return ids;
}

/** Those that add an identifier to the ones before them: two runs may have stored one contact at the same time. */
export function distinct(users: StoredUser[]): StoredUser[] {
	const isDuplicate = createDuplicateFilter();
	return users.filter(({ user }) => !isDuplicate(user));
}

/** Which contact a row belongs to: a contact with several identifiers has several rows. */
export function contactKeyOf({ contact, id }: Row): string {
	return contact || `row ${id}`;
}

/** The number of contacts that the users belong to. */
export function countContacts(users: StoredUser[]): number {
	return new Set(users.map(({ row }) => contactKeyOf(row))).size;
}

/** The users with those of one contact next to each other, in the order of each contact's first one. */
export function groupByContact(users: StoredUser[]): StoredUser[][] {
	const contacts = new Map<string, StoredUser[]>();
	for (const one of users) {
		const key = contactKeyOf(one.row);
		const same = contacts.get(key);
		if (same) same.push(one);
		else contacts.set(key, [one]);
	}
	return [...contacts.values()];
}

/** When the oldest of them began to wait, in milliseconds since 1970; empty if there are none. */
export function oldestSince(users: StoredUser[], now: number): { since?: number } {
	const since = users.reduce((oldest, { row }) => Math.min(oldest, sinceOf(row, now)), Infinity);
	return Number.isFinite(since) ? { since } : {};
}

// Rows without a time come last: someone may have deleted it.
function compareLatestFirst({ sentAt: a }: Row, { sentAt: b }: Row): number {
	if (a === b) return 0;
	return (a ?? '') < (b ?? '') ? 1 : -1;
}

// Someone may have set a previously sent row to 'waiting'. If the time is unknown, or further in the future than
// workers' clocks differ, the contact counts as having waited long enough.
function sinceOf({ waitingSince, sentAt }: Row, now: number): number {
	const since = Date.parse(waitingSince ?? sentAt ?? '');
	return since <= now + DAY_MS ? since : 0;
}

/** Rows for contacts, each with its users, that are now waiting or were just sent. */
export function contactRows(
	contacts: Array<{ key: string; users: User[] }>,
	row: NewRow,
): NewRow[] {
	return contacts.flatMap(({ key, users }) =>
		users.map(({ Email, Phone }) => ({
			...row,
			contact: key,
			email: Email ?? null,
			phone: Phone ?? null,
		})),
	);
}

/** What the table contains for an audience, as a run read it. */
export interface TableState extends TableCounts {
	/** The audience's rows with the status 'lease'. */
	leases: Row[];
	/** The highest ID of a row that one round may claim; later rows are left for the next round. */
	upTo: number;
	/** Whether there are no unsent rows beyond those that were read. */
	isWhole: boolean;
	/** The ID of the first row of each waiting contact that can't be read because someone changed its rows. */
	unreadableRowIds: number[];
}

/**
 * The most rows that one round claims, unless it takes more to reach `collectUntil` contacts: an update in SQLite can change
 * about 32,000.
 */
const MAX_CLAIMED = 10_000;

/** How a run sees an audience's contacts. */
export interface ReaderSettings {
	/** The audience's IDs, joined by `audienceKeyOf`. */
	audienceKey: string;
	/** Identifies this run in the table. */
	owner: string;
	/** The number of contacts to send at once. */
	collectUntil: number;
	/** How users are sent. */
	hash: HashMode;
	/** Milliseconds since 1970. */
	now(): number;
}

/** Reads what the table contains for an audience. */
export class StateReader {
	constructor(
		private readonly table: Table,
		private readonly settings: ReaderSettings,
	) {}

	/** The steps that read an audience's rows: a page of those that aren't sent, and the latest sent ones. */
	steps(): Step[] {
		const { audienceKey, collectUntil } = this.settings;
		const unsent = all(where('audience', 'eq', audienceKey), where('status', 'neq', 'sent'));
		return [
			{ do: 'get', where: unsent, limit: ROWS_PER_PAGE },
			this.sentStep(Math.min(collectUntil, ROWS_PER_PAGE)),
		];
	}

	private sentStep(limit: number): Step {
		const sent = all(
			where('audience', 'eq', this.settings.audienceKey),
			where('status', 'eq', 'sent'),
		);
		return { do: 'get', where: sent, limit, latest: 'sentAt' };
	}

	/**
	 * What the table contains for the audience. If `steps` didn't return all of its unsent rows, more pages are read,
	 * until there are as many as one round can claim.
	 * @param found the rows that `steps` returned; rows that other steps of the same sub-workflow returned do no harm
	 * @param options `hasAllRows`: the rows are all of the audience's, so none are missing
	 */
	async stateOf(found: Row[], { hasAllRows = false } = {}): Promise<TableState> {
		const { audienceKey, owner, collectUntil, hash, now } = this.settings;
		// What other steps returned again is left out, and so is what they returned beyond a full page.
		const rows = [...new Map(found.map((row) => [row.id, row])).values()]
			.filter((row) => row.audience === audienceKey)
			.sort((a, b) => a.id - b.id);
		const unsent = rows.filter(({ status }) => status !== 'sent').slice(0, ROWS_PER_PAGE);
		const isEnough = () =>
			unsent.length >= MAX_CLAIMED &&
			countContacts(distinct(usersOf(this.waitingRows(unsent), hash))) >= collectUntil;
		let page = unsent;
		while (page.length >= ROWS_PER_PAGE && !isEnough()) {
			const after = where('id', 'gt', (page.at(-1) as Row).id);
			const next = [where('audience', 'eq', audienceKey), where('status', 'neq', 'sent'), after];
			page = await this.table.run([{ do: 'get', where: all(...next), limit: ROWS_PER_PAGE }]);
			unsent.push(...page);
		}
		const limit = hasAllRows ? Infinity : Math.min(collectUntil, ROWS_PER_PAGE);
		const seen = rows.filter(({ status }) => status === 'sent').sort(compareLatestFirst);
		const sent = await this.readPreviouslySent({ rows: seen, limit });
		const leases = unsent.filter(({ status }) => status === 'lease');
		const waitingRows = this.waitingRows(unsent);
		const readable = usersOf(waitingRows, hash);
		const users = distinct(readable);
		const waiting = countContacts(users);
		return {
			waiting,
			...oldestSince(users, now()),
			// A contact that is also waiting doesn't fill up the upload.
			previouslySentCount: countContacts(distinct([...users, ...sent])) - waiting,
			isBusy: isHeldByAnother(leases, owner, now()),
			leases,
			upTo: Math.max(unsent.at(-1)?.id ?? 0, (unsent[0]?.id ?? 0) + MAX_CLAIMED - 1),
			isWhole: page.length < ROWS_PER_PAGE,
			unreadableRowIds: unreadableIn(waitingRows, readable),
		};
	}

	// Rows that a run claimed are waiting again as soon as its lease has ended.
	private waitingRows(unsent: Row[]): Row[] {
		const { owner, now } = this.settings;
		const leases = unsent.filter(({ status }) => status === 'lease');
		const isBusy = isHeldByAnother(leases, owner, now());
		return unsent.filter(({ status }) => status === 'waiting' || (status === 'claimed' && !isBusy));
	}

	/**
	 * The users sent most recently, latest first and each once: those of `collectUntil` contacts, if there are that many. At
	 * the end of what is read, a contact with several rows may lack some.
	 * @param seen rows that were read already: the latest, up to a limit
	 */
	async readPreviouslySent(seen?: { rows: Row[]; limit: number }): Promise<StoredUser[]> {
		const { collectUntil, hash } = this.settings;
		let limit = seen?.limit ?? collectUntil;
		let rows = seen?.rows ?? (await this.table.run([this.sentStep(limit)]));
		for (;;) {
			const contacts = groupByContact(distinct(usersOf(rows, hash)));
			if (contacts.length >= collectUntil || rows.length < limit)
				return contacts.slice(0, collectUntil).flat();
			limit = limit < collectUntil ? collectUntil : limit * 2;
			rows = await this.table.run([this.sentStep(limit)]);
		}
	}
}

/** When collected contacts are sent, as set in the node's options. */
export interface CollectRules {
	/** The number of waiting contacts to send at once. */
	collectUntil: number;
	/** Hours after which the oldest waiting contact is sent together with previously sent ones; 0: never. */
	collectHours: number;
	/** Whether previously sent contacts are added to an upload of fewer than `collectUntil`. */
	topUp: boolean;
}

/** What the table contains for an audience. */
export interface TableCounts {
	/** Waiting contacts, including those claimed by a run that has ended. */
	waiting: number;
	/** When the oldest began to wait, in milliseconds since 1970; absent when no one is waiting. */
	since?: number;
	/** Previously sent contacts that can be sent again; counted up to `collectUntil`. */
	previouslySentCount: number;
	/** Whether another run is sending to the audience. */
	isBusy: boolean;
}

const HOUR_MS = 60 * 60_000;
/** Milliseconds. */
export const DAY_MS = 24 * HOUR_MS;

/**
 * Whether it is time to send: enough contacts are waiting, or the oldest has waited long enough and previously sent
 * contacts make up the rest.
 */
export function isDue(state: TableCounts, rules: CollectRules, now: number): boolean {
	if (state.waiting === 0) return false;
	if (state.waiting >= rules.collectUntil) return true;
	const at = dueAt(state, rules);
	return at !== undefined && at <= now;
}

/** When the oldest will have waited long enough; undefined if time alone isn't enough. */
function dueAt(state: TableCounts, rules: CollectRules): number | undefined {
	const { waiting, since, previouslySentCount } = state;
	if (!rules.topUp || rules.collectHours <= 0 || since === undefined) return undefined;
	if (waiting + previouslySentCount < rules.collectUntil) return undefined;
	return since + rules.collectHours * HOUR_MS;
}

/**
 * What happens next to an audience's contacts, as a sentence without its period.
 * @param when the current time, and the time zone in which a person reads it
 */
export function nextSentence(
	state: TableCounts,
	rules: CollectRules,
	when: { now: number; timeZone: string },
): string {
	const { collectUntil, collectHours, topUp } = rules;
	const count = `${state.waiting} of ${collectUntil} collected`;
	if (state.waiting === 0) return count;
	if (state.isBusy && isDue(state, rules, when.now)) {
		return `${count}: another run is using this audience, so they will be sent after it or with the next run`;
	}
	if (state.waiting >= collectUntil) return `${count}, to be sent with the next run`;
	const at = dueAt(state, rules);
	if (at !== undefined) {
		return at <= when.now
			? `${count}, to be sent with the next run, with previously sent contacts`
			: `${count}, to be sent at ${collectUntil}, or by the first run after ${moment(at, when)} with previously sent contacts (time zone: ${knownZone(when.timeZone)})`;
	}
	if (!topUp || collectHours <= 0) return `${count}, to be sent at ${collectUntil}`;
	return `${count}. To send sooner, run your existing contacts through this node once`;
}

/** A time as a person would say it: "10:40 today", "10:40 tomorrow", "10:40 on May 3". */
function moment(at: number, { now, timeZone }: { now: number; timeZone: string }): string {
	const time = inZone(at, timeZone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
	const day = (ms: number) =>
		inZone(ms, timeZone, { day: 'numeric', month: 'long', year: 'numeric' });
	if (day(at) === day(now)) return `${time} today`;
	if (day(at) === day(now + DAY_MS)) return `${time} tomorrow`;
	return `${time} on ${inZone(at, timeZone, { day: 'numeric', month: 'long' })}`;
}

function inZone(ms: number, timeZone: string, format: Intl.DateTimeFormatOptions): string {
	const zone = knownZone(timeZone);
	return new Intl.DateTimeFormat('en-US', { ...format, timeZone: zone }).format(ms);
}

/** The time zone, or UTC where this machine doesn't know it. */
function knownZone(timeZone: string): string {
	try {
		return new Intl.DateTimeFormat('en-US', { timeZone }).resolvedOptions().timeZone;
	} catch {
		return 'UTC';
	}
}
