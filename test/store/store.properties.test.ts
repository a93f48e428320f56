import fc from 'fast-check';
import { sendWaiting, type UploadRound } from '../../nodes/AlibabaCloudChatApp/store/rounds';
import { Store } from '../../nodes/AlibabaCloudChatApp/store/store';
import { runsOf } from '../faults/share';
import { Killed, MemoryTable } from './memoryTable';
import { MemoryTables } from './memoryTables';
import { addTo, LEASE_MS, people } from './scene';

const MOST = 4;
const AUDIENCES = ['a/b/c/1', 'a/b/c/2'];

interface Visit {
	audience: number;
	person: number;
	/** The step of the run at which n8n is killed; it runs to its end when there are fewer. */
	killedAt: number;
	/** Which calls are not accepted. */
	refused: boolean;
}

const visits = fc.array(
	fc.record({
		audience: fc.nat({ max: AUDIENCES.length - 1 }),
		person: fc.nat({ max: 11 }),
		killedAt: fc.oneof({ weight: 3, arbitrary: fc.constant(999) }, fc.integer({ min: 1, max: 16 })),
		refused: fc.boolean(),
	}),
	{ minLength: 1, maxLength: 14 },
);

/** Several runs at once, with their steps in any order, on one table. */
class World {
	now = Date.parse('2026-11-24T10:40:00Z');
	readonly tables = new MemoryTables(() => this.now);
	readonly stored = new Map<string, Set<string>>();
	readonly arrived = new Map<string, Set<string>>();
	private readonly sending = new Set<string>();
	private runs = 0;

	constructor(private readonly pause: () => Promise<unknown>) {}

	async visit({ audience: index, person, killedAt, refused }: Visit, force = false) {
		const audience = AUDIENCES[index] as string;
		const table = new MemoryTable(this.tables);
		let steps = 0;
		const step = async () => {
			await this.pause();
			steps += 1;
			if (steps >= killedAt) throw new Killed();
		};
		table.beforeStep = step;
		this.runs += 1;
		const owner = `run ${this.runs}`;
		const now = () => this.now;
		const store = new Store(table, {
			audienceKey: audience,
			owner,
			collectUntil: MOST,
			hash: 'none',
			now,
		});
		const brought = person < 0 ? [] : people(1, person);
		try {
			const { state } = await addTo(store, brought);
			for (const { Email = '' } of brought) this.note(this.stored, audience, Email);
			await sendWaiting(store, state, {
				rules: { collectUntil: MOST, collectHours: 24, topUp: true },
				keepDays: 180,
				now,
				upload: this.upload(audience, step, refused),
				force,
			});
		} catch (error) {
			if (!(error instanceof Killed)) throw error;
		}
	}

	private upload(audience: string, step: () => Promise<void>, refused: boolean): UploadRound {
		return async ({ users }) => {
			expect(this.sending.has(audience)).toBe(false);
			this.sending.add(audience);
			try {
				await step();
				if (refused) return [];
				const known = this.stored.get(audience);
				for (const { Email = '' } of users.slice(0, users.length)) {
					expect(known?.has(Email) || this.isInTable(audience, Email)).toBe(true);
					this.note(this.arrived, audience, Email);
				}
				await step();
			} finally {
				this.sending.delete(audience);
			}
			return [{ start: 0, end: users.length }];
		};
	}

	private isInTable(audience: string, email: string): boolean {
		const rows = this.tables.tables[0]?.rows ?? [];
		return rows.some((row) => row.audience === audience && row.email === email);
	}

	private note(map: Map<string, Set<string>>, audience: string, email: string): void {
		if (!map.has(audience)) map.set(audience, new Set());
		map.get(audience)?.add(email);
	}
}

it('loses no one, sends no one to another audience, and never has two senders at once, wherever runs are killed', async () => {
	await fc.assert(
		fc.asyncProperty(fc.scheduler(), visits, async (scheduler, list) => {
			let calm = false;
			const world = new World(async () => {
				if (!calm) await scheduler.schedule(Promise.resolve());
			});
			const runs = Promise.all(list.map(async (visit) => await world.visit(visit)));
			await scheduler.waitFor(runs);
			calm = true;
			world.now += LEASE_MS + 1;
			for (const audience of AUDIENCES.keys()) {
				await world.visit({ audience, person: -1, killedAt: 999, refused: false }, true);
			}
			for (const [audience, emails] of world.stored) {
				const arrived = world.arrived.get(audience) ?? new Set();
				expect([...emails].filter((email) => !arrived.has(email))).toEqual([]);
			}
			const open = world.tables.tables[0]?.rows.filter(
				({ status }) => status === 'waiting' || status === 'claimed',
			);
			expect(open).toEqual([]);
		}),
		{ numRuns: runsOf(300) },
	);
});
