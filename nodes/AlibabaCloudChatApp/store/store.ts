import type { User } from '../contacts/contact';
import { newToTable, waitingRowsOf } from './adding';
import { columnsOf, usersOf, type StoredUser } from './contactRows';
import { releaseStep, renewLease, takeLease } from './lease';
import { readEarlier, readState, stateSteps, type Reader, type State } from './state';
import { all, where, type NewRow, type Row, type Step, type Table } from './table';

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
