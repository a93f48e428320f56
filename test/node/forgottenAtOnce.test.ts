import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { withHash } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { ALL_IDS } from '../engine/knownIds';
import { runNode } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { useSimulator } from '../simulator/useSimulator';
import { MemoryTables } from '../store/memoryTables';

const simulator = useSimulator();

const ANN = { email: 'ann@example.com', phone: '+14155550101', email_2: 'ann@work.example' };
const ANNS = ['ann@example.com', '14155550101', 'ann@work.example'];
const SET = { minimumUsers: 5, collectUntil: 6, batchSize: 2, addresses: 'all' };
const one = (name: string) => ({ email: `${name}@example.com` });
const isOfAnn = (text: string) =>
	ANNS.some((each) => text.includes(`"${each}"`) || text.includes(withHash(each, 'sha256')));

/** One n8n process with its tables; each step of a sub-workflow may be the moment of something. */
class Process {
	readonly tables = new MemoryTables(() => this.now);
	readonly staticData: IDataObject = {};
	steps = 0;
	private passed = 0;

	private get now(): number {
		return Date.now() + this.passed;
	}

	/** As if so many minutes had passed. */
	wait(minutes: number): void {
		this.passed += minutes * 60_000;
	}

	/** @param act what happens before a step, counted from now on; a step that throws isn't done */
	before(act: (step: number) => void): void {
		this.steps = 0;
		const { tables } = this;
		for (const name of ['insert', 'get', 'update', 'delete'] as const) {
			const original = MemoryTables.prototype[name] as (...args: never[]) => unknown;
			tables[name] = ((...args: never[]) => {
				this.steps += 1;
				act(this.steps);
				return original.apply(tables, args);
			}) as never;
		}
	}

	/** From a step on, nothing is done any more: the process was killed. */
	killAt(step: number): void {
		this.before((now) => {
			if (now >= step) throw new Error('The process was killed');
		});
	}

	restart(): void {
		this.before(() => {});
		this.wait(16);
	}

	async run(operation: string, items: IDataObject[], set: INodeParameters = {}) {
		const isForget = operation === 'forgetUsers';
		return await runNode({
			simulator,
			operation: `customAudience:${operation}`,
			set: isForget ? set : { ...ALL_IDS, ...SET, ...set },
			items,
			clock: { ...stillClock(), now: () => this.now },
			tables: this.tables,
			staticData: this.staticData,
		});
	}

	async collect(...items: IDataObject[]) {
		return await this.run('addUsers', items);
	}

	/** @returns whether it was reported that Ann is forgotten */
	async forget(): Promise<boolean> {
		const { output, error } = await this.run('forgetUsers', [ANN]);
		if (error) return false;
		expect(output).toMatchObject([{ forgotten: 3, stepsLeft: expect.anything() }]);
		return true;
	}

	async force() {
		return await this.run('sendCollected', [{}], { force: true, minimumUsers: undefined });
	}

	get stored(): string {
		const rows = this.tables.tables.flatMap((table) => table.rows);
		return JSON.stringify(rows.filter(({ status }) => status !== 'forgotten'));
	}
}

const callsWithAnn = (from: number) =>
	simulator.attempts.slice(from).filter(({ users }) => isOfAnn(JSON.stringify(users ?? [])));

/** Whatever happened before, Ann is in no later call and not in the table. */
async function expectForgotten(process: Process, reported: number): Promise<void> {
	await process.collect(ANN, one('late'));
	await process.force();
	expect(callsWithAnn(reported)).toEqual([]);
	expect(isOfAnn(process.stored)).toBe(false);
}

it('is neither sent nor stored where several runs of a process collect at once, whenever it begins', async () => {
	let last = Infinity;
	for (let step = 1; step <= last; step += 4) {
		simulator.reset();
		const process = new Process();
		await process.collect(one('first'));
		let forgetting: Promise<boolean> | undefined;
		let reported = Infinity;
		process.before((now) => {
			if (now < step) return;
			forgetting ??= process.forget().then((isReported) => {
				reported = simulator.attempts.length;
				return isReported;
			});
		});
		const runs = Array.from({ length: 6 }, async (_, n) =>
			n % 2 === 0 ? await process.collect(one(`r${n}`)) : await process.collect(ANN, one(`r${n}`)),
		);
		const results = await Promise.all(runs);
		expect(results.map(({ error }) => error)).toEqual(runs.map(() => undefined));
		last = Math.min(last, process.steps);
		expect(await (forgetting ?? process.forget())).toBe(true);
		await expectForgotten(process, Math.min(reported, simulator.attempts.length));
	}
}, 120_000);

it('is reported if it was half done, and completed when it runs again', async () => {
	let isWhole = false;
	for (let step = 1; !isWhole; step++) {
		simulator.reset();
		const process = new Process();
		await process.collect(one('first'), ANN);
		await process.run(
			'addUsers',
			[1, 2, 3, 4, 5].map((n) => one(`kept${n}`)),
		);
		await process.collect(ANN, one('second'));
		process.killAt(step);
		isWhole = await process.forget();
		process.restart();
		const reported = simulator.attempts.length;
		if (!isWhole) expect(await process.forget()).toBe(true);
		await expectForgotten(process, reported);
	}
}, 120_000);

it('is not sent from what a killed sender left', async () => {
	for (const hash of ['none', 'sha256']) {
		let isWhole = false;
		for (let step = 1; !isWhole; step += 2) {
			simulator.reset();
			const process = new Process();
			for (const name of ['a', 'b', 'c']) await process.run('addUsers', [one(name)], { hash });
			await process.run('addUsers', [ANN], { hash });
			process.killAt(step);
			const { error } = await process.run('sendCollected', [{}], { force: true, hash });
			isWhole = error === undefined && process.steps < step;
			process.restart();
			expect(await process.forget()).toBe(true);
			const reported = simulator.attempts.length;
			await process.run('sendCollected', [{}], { force: true, hash });
			expect(callsWithAnn(reported)).toEqual([]);
			expect(isOfAnn(process.stored)).toBe(false);
		}
	}
}, 120_000);
