import fc from 'fast-check';
import { GroupCommit } from '../../nodes/AlibabaCloudChatApp/store/sharing';
import { type Added, Store } from '../../nodes/AlibabaCloudChatApp/store/store';
import { runsOf } from '../faults/share';
import { MemoryTable } from './memoryTable';
import { MemoryTables } from './memoryTables';
import { AUDIENCE, people, Scene } from './scene';

describe('items that arrive while others are stored', () => {
	/** Commits that a test ends. */
	class Commits {
		readonly items: number[][] = [];
		private readonly ends: Array<{ resolve(): void; reject(error: Error): void }> = [];

		readonly commit = async (items: number[]) => {
			this.items.push(items);
			await new Promise<void>((resolve, reject) => this.ends.push({ resolve, reject }));
			return items.map((item) => item * 10);
		};

		async end(index: number, error?: Error) {
			const end = this.ends[index];
			if (error) end?.reject(error);
			else end?.resolve();
			await new Promise(setImmediate);
		}
	}

	let group: GroupCommit<number, number>;
	let commits: Commits;
	beforeEach(() => {
		group = new GroupCommit();
		commits = new Commits();
	});
	const add = async (item: number, key = 'a', cancelSignal?: AbortSignal) =>
		await group.add(key, item, { commit: commits.commit, cancelSignal });

	it('are stored together, in their order, and each gets its own result', async () => {
		const results = [1, 2, 3, 4].map(async (item) => await add(item));
		expect(commits.items).toEqual([[1]]);
		await commits.end(0);
		expect(commits.items).toEqual([[1], [2, 3, 4]]);
		const fifth = add(5);
		await commits.end(1);
		await commits.end(2);
		expect(await Promise.all([...results, fifth])).toEqual([10, 20, 30, 40, 50]);
		expect(commits.items[2]).toEqual([5]);
	});

	it('are stored separately if their keys differ', async () => {
		const results = [add(1, 'a'), add(2, 'b')];
		expect(commits.items).toEqual([[1], [2]]);
		await commits.end(0);
		await commits.end(1);
		expect(await Promise.all(results)).toEqual([10, 20]);
	});

	it('each store themselves if the first one fails', async () => {
		const results = [1, 2, 3, 4].map(async (item) => await add(item));
		const settled = Promise.allSettled(results);
		await commits.end(0);
		await commits.end(1, new Error('full'));
		expect(commits.items).toEqual([[1], [2, 3, 4], [3], [4]]);
		await commits.end(2);
		await commits.end(3, new Error('full, too'));
		expect((await settled).map(({ status }) => status)).toEqual([
			'fulfilled',
			'rejected',
			'fulfilled',
			'rejected',
		]);
		const next = add(6);
		await commits.end(4);
		expect(await next).toBe(60);
	});

	it('each store themselves if the first one is canceled before or while it stores', async () => {
		const [before, during] = [new AbortController(), new AbortController()];
		const results = [add(1), add(2, 'a', during.signal), add(3), add(4, 'a', before.signal)];
		const settled = Promise.allSettled(results);
		await commits.end(0);
		before.abort(new Error('canceled before'));
		during.abort(new Error('canceled'));
		await new Promise(setImmediate);
		expect(commits.items).toEqual([[1], [2, 3, 4], [3]]);
		await commits.end(2);
		expect(await settled).toMatchObject([
			{ value: 10 },
			{ reason: { message: 'canceled' } },
			{ value: 30 },
			{ reason: { message: 'canceled before' } },
		]);
	});

	it('are stored a hundred at a time', async () => {
		const results = Array.from({ length: 202 }, async (_, item) => await add(item));
		for (const index of [0, 1, 2, 3]) await commits.end(index);
		expect((await Promise.all(results)).at(-1)).toBe(2010);
		expect(commits.items.map(({ length }) => length)).toEqual([1, 100, 100, 1]);
	});
});

/** Runs of one workflow in one process, each with its own table object and owner. */
class Process {
	readonly tables = new MemoryTables();
	subWorkflows = 0;
	private runs = 0;
	private static processes = 0;
	private readonly key = `process ${++Process.processes}`;

	constructor(
		private readonly pause: () => Promise<unknown> = async () => {},
		private readonly collectUntil = 500,
	) {}

	async run(persons: number[], fault: Fault = {}): Promise<Added> {
		const table = new MemoryTable(this.tables);
		let steps = 0;
		const controller = new AbortController();
		table.beforeStep = async () => {
			await this.pause();
			steps += 1;
			if (steps === fault.canceledAt) controller.abort(new Error('canceled'));
			if (steps === fault.failsAt) throw new Error('database is locked');
		};
		this.runs += 1;
		const store = new Store(table, {
			audienceKey: AUDIENCE,
			owner: `run ${this.runs}`,
			collectUntil: this.collectUntil,
			hash: 'none',
			now: () => 1_700_000_000_000,
			group: { key: this.key, cancelSignal: controller.signal },
			...fault.settings,
		});
		const added = await store.add(persons.map((person) => people(1, person)));
		this.subWorkflows += table.runs;
		return added;
	}

	get rows() {
		return this.tables.tables[0]?.rows ?? [];
	}

	emails(): string[] {
		return this.rows.map(({ email }) => String(email)).sort();
	}
}

interface Fault {
	failsAt?: number;
	canceledAt?: number;
	/** What another run of the workflow has set otherwise. */
	settings?: { collectUntil: number } | { hash: 'sha256' } | { audienceKey: string };
}

const emailsOf = (persons: Iterable<number>) =>
	[...new Set(persons)].map((person) => `u${person}@example.com`).sort();

describe('runs that store at the same time', () => {
	it('need few sub-workflows', async () => {
		const process = new Process();
		await Promise.all(Array.from({ length: 50 }, async (_, index) => await process.run([index])));
		expect(process.emails()).toHaveLength(50);
		expect(process.subWorkflows).toBe(2);
	});

	it('see what waits after their own contacts, and the first that has enough sends them', async () => {
		const process = new Process(undefined, 4);
		const added = await Promise.all(
			[[1], [2], [2, 3], [4], [5]].map(async (persons) => await process.run(persons)),
		);
		expect(added.map(({ isNew }) => isNew)).toEqual([
			[true],
			[true],
			[false, true],
			[true],
			[true],
		]);
		expect(added.map(({ state }) => [state?.waiting, state?.isBusy])).toEqual([
			[1, false],
			[2, false],
			[3, false],
			[4, false],
			[5, true],
		]);
	});

	it.each([
		[{ collectUntil: 7 }],
		[{ hash: 'sha256' as const }],
		[{ audienceKey: `${AUDIENCE}2` }],
	])('store separately if some have set %j', async (settings) => {
		const process = new Process();
		await Promise.all(
			[1, 2, 3, 4, 5, 6].map(
				async (n) => await process.run([n], n % 2 === 0 ? { settings } : undefined),
			),
		);
		expect(process.emails()).toHaveLength(6);
		// For each of the two: the first run, then those that waited for it.
		expect(process.subWorkflows).toBe(4);
	});

	it('store as if one came after the other, in any order of their steps', async () => {
		const runs = fc.array(fc.array(fc.nat({ max: 9 }), { maxLength: 3 }), {
			minLength: 1,
			maxLength: 12,
		});
		await fc.assert(
			fc.asyncProperty(fc.scheduler(), runs, async (scheduler, list) => {
				const process = new Process(async () => await scheduler.schedule(Promise.resolve()));
				const added = await scheduler.waitFor(
					Promise.all(list.map(async (persons) => await process.run(persons))),
				);
				const known = new Set<number>();
				const expected = list.map((persons) => {
					const isNew = persons.map((person) => !known.has(person) && !!known.add(person));
					return [isNew, known.size];
				});
				expect(added.map(({ isNew, state }) => [isNew, state?.waiting])).toEqual(expected);
				expect(process.emails()).toEqual(emailsOf(list.flat()));
			}),
			{ numRuns: runsOf(300) },
		);
	});

	it('lose no one if some fail or are canceled at any step', async () => {
		const step = fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined });
		const run = fc.record({
			persons: fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 2 }),
			failsAt: step,
			canceledAt: step,
		});
		await fc.assert(
			fc.asyncProperty(
				fc.scheduler(),
				fc.array(run, { minLength: 1, maxLength: 10 }),
				async (scheduler, list) => {
					const process = new Process(async () => await scheduler.schedule(Promise.resolve()));
					const settled = await scheduler.waitFor(
						Promise.allSettled(
							list.map(async ({ persons, ...fault }) => await process.run(persons, fault)),
						),
					);
					const stored = new Set(process.emails());
					settled.forEach(({ status }, index) => {
						if (status === 'rejected') return;
						const missing = emailsOf(list[index]!.persons).filter((email) => !stored.has(email));
						expect(missing).toEqual([]);
					});
				},
			),
			{ numRuns: runsOf(300) },
		);
	});
});

it('a run without a group stores alone', async () => {
	const scene = new Scene();
	const table = scene.table();
	await Promise.all([1, 2].map(async (n) => await scene.store(table).add([people(1, n)])));
	expect(table.runs).toBe(2);
});
