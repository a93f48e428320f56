import type { User } from '../contacts/contact';
import type { HashMode } from '../contacts/hash';
import type { Audience } from '../upload/audience';
import type { Waiting } from './due';
import { heldByAnother, releaseStep, renewLease, takeLease } from './lease';
import { newToTable } from './lookup';
import { distinct, oldestSince, sentRows, type StoredUser, usersOf, waitingRows } from './rows';
import { all, type NewRow, PAGE, type Row, type Step, type Table, where } from './table';

/** The four IDs as they are in the column 'audience': joined by slashes, and readable. */
export function audienceKey(ids: Audience): string {
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
		// A person's own text, such as a single percent sign.
		return undefined;
	}
}

/**
 * The audiences for which contacts wait, or are claimed by a sender that may be gone, in the order of their first row.
 * @throws TableError
 */
export async function waitingAudiences(table: Table): Promise<Audience[]> {
	const keys = new Set<string>();
	for (const status of ['waiting', 'claimed']) {
		let page: Row[] = [];
		do {
			const after = where('id', 'gt', page.at(-1)?.id ?? 0);
			const waiting = all(where('status', 'eq', status), after);
			page = await table.run([{ do: 'get', where: waiting, limit: PAGE }]);
			for (const { audience } of page) keys.add(audience ?? '');
		} while (page.length >= PAGE);
	}
	// A person may have added a row without all four IDs.
	return [...keys].flatMap((key) => idsOfKey(key) ?? []);
}

/** What the table contains for an audience, as a run read it. */
export interface State extends Waiting {
	/** The lease rows. */
	leases: Row[];
	/** The last row that one round may claim; later ones are left for the next. */
	upTo: number;
	/** Whether there are no later ones. */
	isWhole: boolean;
}

/** What a round changed. */
export interface RoundResult {
	/** Claimed rows whose batches were accepted, as ranges of ids. */
	sent: Array<{ from: number; to: number }>;
	/** Users of the run that were accepted and stay in the table as previously sent. */
	kept: User[];
	/** Users of the run that were not accepted and wait now. */
	waiting: User[];
}

/**
 * The most rows that one round claims, unless it takes more to reach `enough` contacts: an update in SQLite can change
 * some 32,000.
 */
const MOST_CLAIMED = 10_000;

/** A limit that no sender reaches: no other run changes rows that it has claimed. */
const ALL_CLAIMED = 1_000_000;

export interface StoreSettings {
	/** See `audienceKey`. */
	audience: string;
	/** Identifies this run in the table. */
	owner: string;
	/** The number of contacts to send at once. */
	enough: number;
	/** How users are sent. */
	hash: HashMode;
	/** Milliseconds since 1970. */
	now(): number;
}

/**
 * An audience's contacts in a Data Table, as one run sees them.
 * Every method throws a TableError if the table can't be used.
 */
export class Store {
	constructor(
		private readonly table: Table,
		private readonly settings: StoreSettings,
	) {}

	/**
	 * Stores the users that neither wait nor were sent before.
	 * @returns whether each was new, and what the table contains then
	 */
	async add(users: User[]): Promise<{ isNew: boolean[]; state: State }> {
		const { audience } = this.settings;
		const isNew = users.length > 0 ? await newToTable(this.table, audience, users) : [];
		const added = users.filter((_, index) => isNew[index]);
		return { isNew, state: await this.readAfter(waitingRows(audience, added, this.time())) };
	}

	/** Reads what the table contains for the audience. */
	async read(): Promise<State> {
		return await this.readAfter([]);
	}

	/**
	 * Takes the lease. Only its holder may claim rows.
	 * @returns false if another run holds it
	 */
	async take(state: State): Promise<boolean> {
		return await takeLease(this.lease, state.leases, this.settings.now());
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
	 * Claims the waiting rows in the state, for the lease's holder. First, rows that a sender left claimed wait again,
	 * and those sent too long ago are deleted.
	 * @param deleteBefore milliseconds since 1970
	 */
	async claim(state: State, deleteBefore: number): Promise<StoredUser[]> {
		const { audience, owner, hash } = this.settings;
		const inAudience = where('audience', 'eq', audience);
		const isClaimed = where('status', 'eq', 'claimed');
		const isWaiting = where('status', 'eq', 'waiting');
		const isOld = where('sentAt', 'lt', new Date(deleteBefore).toISOString());
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
		]);
		return usersOf(rows, hash);
	}

	/** The users sent most recently, latest first and each once: `enough` of them, if there are that many. */
	async previouslySent(): Promise<StoredUser[]> {
		return await this.readPreviouslySent();
	}

	/**
	 * Saves what a round changed, lets the other claimed rows wait again, and releases the lease. Then reads again:
	 * a run that stored contacts meanwhile found the audience busy and left them to this one.
	 */
	async finish({ sent, kept, waiting }: RoundResult): Promise<State> {
		const { audience, owner } = this.settings;
		const inAudience = where('audience', 'eq', audience);
		const claimed = [inAudience, where('status', 'eq', 'claimed'), where('claim', 'eq', owner)];
		const now = this.time();
		const rows = [...sentRows(audience, kept, now), ...waitingRows(audience, waiting, now)];
		const markSent = sent.map(
			({ from, to }): Step => ({
				do: 'update',
				where: all(...claimed, where('id', 'gte', from), where('id', 'lte', to)),
				set: { status: 'sent', sentAt: now, claim: null },
			}),
		);
		const found = await this.table.run([
			...(rows.length > 0 ? [{ do: 'insert' as const, rows }] : []),
			...markSent,
			{ do: 'update', where: all(...claimed), set: { status: 'waiting', claim: null } },
			releaseStep(this.settings),
			...this.stateSteps(),
		]);
		return await this.stateOf(found);
	}

	private get lease() {
		const { audience, owner } = this.settings;
		return { table: this.table, audience, owner };
	}

	private async readAfter(added: NewRow[]): Promise<State> {
		const insert: Step[] = added.length > 0 ? [{ do: 'insert', rows: added }] : [];
		return await this.stateOf(await this.table.run([...insert, ...this.stateSteps()]));
	}

	private stateSteps(): Step[] {
		const { audience, enough } = this.settings;
		const unsent = all(where('audience', 'eq', audience), where('status', 'neq', 'sent'));
		return [{ do: 'get', where: unsent, limit: PAGE }, this.sentStep(Math.min(enough, PAGE))];
	}

	private sentStep(limit: number): Step {
		const sent = all(
			where('audience', 'eq', this.settings.audience),
			where('status', 'eq', 'sent'),
		);
		return { do: 'get', where: sent, limit, latest: 'sentAt' };
	}

	/** The state in the rows that `stateSteps` returned; reads more pages, as far as one round can claim them. */
	private async stateOf(found: Row[]): Promise<State> {
		const { audience, owner, enough, now } = this.settings;
		const inAudience = found.filter((row) => row.audience === audience);
		const unsent = inAudience.filter(({ status }) => status !== 'sent');
		const isEnough = () =>
			unsent.length >= MOST_CLAIMED && this.waitingUsers(unsent).length >= enough;
		let page = unsent;
		while (page.length >= PAGE && !isEnough()) {
			const after = where('id', 'gt', (page.at(-1) as Row).id);
			const next = [where('audience', 'eq', audience), where('status', 'neq', 'sent'), after];
			page = await this.table.run([{ do: 'get', where: all(...next), limit: PAGE }]);
			unsent.push(...page);
		}
		const rows = inAudience.filter(({ status }) => status === 'sent');
		const sent = await this.readPreviouslySent({ rows, limit: Math.min(enough, PAGE) });
		const leases = unsent.filter(({ status }) => status === 'lease');
		const users = this.waitingUsers(unsent);
		return {
			waiting: users.length,
			...oldestSince(users, now()),
			// A contact that also waits doesn't fill up the upload.
			previouslySent: distinct([...users, ...sent]).length - users.length,
			busy: heldByAnother(leases, owner, now()),
			leases,
			upTo: Math.max(unsent.at(-1)?.id ?? 0, (unsent[0]?.id ?? 0) + MOST_CLAIMED - 1),
			isWhole: page.length < PAGE,
		};
	}

	// Rows that a sender claimed wait again as soon as its lease has ended.
	private waitingUsers(unsent: Row[]): StoredUser[] {
		const { owner, hash, now } = this.settings;
		const leases = unsent.filter(({ status }) => status === 'lease');
		const isBusy = heldByAnother(leases, owner, now());
		const waiting = unsent.filter(
			({ status }) => status === 'waiting' || (status === 'claimed' && !isBusy),
		);
		return distinct(usersOf(waiting, hash));
	}

	// One contact may have several rows, so more rows are read until there are enough contacts or no more rows.
	private async readPreviouslySent(seen?: { rows: Row[]; limit: number }): Promise<StoredUser[]> {
		const { enough, hash } = this.settings;
		let limit = seen?.limit ?? enough;
		let rows = seen?.rows ?? (await this.table.run([this.sentStep(limit)]));
		for (;;) {
			const users = distinct(usersOf(rows, hash));
			if (users.length >= enough || rows.length < limit) return users.slice(0, enough);
			limit = limit < enough ? enough : limit * 2;
			rows = await this.table.run([this.sentStep(limit)]);
		}
	}

	private time(): string {
		return new Date(this.settings.now()).toISOString();
	}
}
