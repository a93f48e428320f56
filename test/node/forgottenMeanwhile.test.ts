import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { withHash } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { ALL_IDS } from '../engine/knownIds';
import { runNode, type NodeRun } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { useSimulator } from '../simulator/useSimulator';
import { MemoryTables } from '../store/memoryTables';

const simulator = useSimulator();

const ANN = { email: 'ann@example.com', phone: '+14155550101', email_2: 'ann@work.example' };
const ANNS = ['ann@example.com', '14155550101', 'ann@work.example'];
const others = (count: number) =>
	Array.from({ length: count }, (_, n) => ({ email: `user${n}@example.com` }));

/** One project's tables, in which something can be done at a step. */
class Project {
	readonly tables = new MemoryTables(() => Date.now());
	readonly staticData: IDataObject = {};
	steps = 0;

	/** @param act what happens before a step: the n-th read or write from now on, from 1 */
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

	/** As Forget Users leaves the table: in one go, since a step can't wait for another run. */
	forget(identifiers: readonly string[]): void {
		const [table] = this.tables.tables;
		if (!table) return;
		const hashes = identifiers.map((each) => withHash(each, 'sha256'));
		const all = new Set<unknown>([...identifiers, ...hashes]);
		table.rows = table.rows.filter(
			(row) => row.status === 'forgotten' || !(all.has(row.email) || all.has(row.phone)),
		);
		for (const hash of hashes) {
			const column = hash === hashes[1] ? 'phone' : 'email';
			const empty = Object.fromEntries(table.columns.map(({ name }) => [name, null]));
			table.rows.push({ ...empty, status: 'forgotten', [column]: hash, id: table.nextId++ });
		}
	}

	get stored(): string {
		return JSON.stringify(
			this.tables.tables.flatMap(({ rows }) => rows.filter(({ status }) => status !== 'forgotten')),
		);
	}

	async run(
		name: string,
		items: IDataObject[],
		set: INodeParameters = {},
		more: Partial<NodeRun> = {},
	) {
		return await runNode({
			simulator,
			operation: `customAudience:${name}`,
			set: { ...(name !== 'forgetUsers' && ALL_IDS), ...set },
			items,
			clock: stillClock(),
			tables: this.tables,
			staticData: this.staticData,
			...more,
		});
	}
}

const namesAnn = (text: string) =>
	ANNS.some((each) => text.includes(each) || text.includes(withHash(each, 'sha256')));
const callsWithAnn = () => simulator.attempts.map(({ users }) => namesAnn(JSON.stringify(users)));

let project: Project;
beforeEach(() => (project = new Project()));

describe('a person who is forgotten while a list is sent', () => {
	/** Runs a list, and forgets Ann while its first call waits for its response. */
	async function forgetDuringFirstCall(
		set: INodeParameters,
		{ items, forgotten = ANN }: { items: IDataObject[]; forgotten?: IDataObject },
	) {
		await project.run('addUsers', [{ email: 'first@example.com' }], { underMinimum: 'collect' });
		const release = simulator.hold();
		const sending = project.run('addUsers', items, { output: 'users', ...set });
		while (simulator.requests.every(({ action }) => action !== 'AddCustomAudienceUser')) {
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
		const { error } = await project.run('forgetUsers', [forgotten]);
		expect(error).toBeUndefined();
		release();
		return await sending;
	}

	it.each<[string, INodeParameters, IDataObject]>([
		['by email', {}, { email: ANN.email }],
		['by phone', {}, { phone: ANN.phone }],
		['by either', {}, ANN],
		['hashed', { hash: 'sha256' }, { email: ANN.email }],
		['with all addresses, by the second one', { addresses: 'all' }, { email: ANN.email_2 }],
		['that is sent without the table', { underMinimum: 'warn' }, ANN],
		['with exclusive sending', { underMinimum: 'warn', oneSender: true }, ANN],
	])('is in no later call: %s', async (_, set, forgotten) => {
		const items = [...others(4), ANN, { email: 'last@example.com' }];
		const list = { batchSize: 3, minimumUsers: 2, ...set };
		const { output } = await forgetDuringFirstCall(list, { items, forgotten });
		expect(callsWithAnn()).not.toContain(true);
		expect(output.map(({ customAudience }) => (customAudience as IDataObject).status)).toEqual([
			...Array.from({ length: 4 }, () => 'submitted'),
			'invalid',
			'submitted',
		]);
		expect(output[4]).toMatchObject({ customAudience: { reason: 'forgotten' } });
		expect(namesAnn(project.stored)).toBe(false);
		expect(simulator.uploads).toMatchObject([{ complete: true, mixed: false }]);
	});

	it('leaves counts that add up, and the last flag', async () => {
		const items = [...others(3), ANN];
		const set = { batchSize: 3, minimumUsers: 2, output: 'summary', underMinimum: 'warn' };
		const { output } = await forgetDuringFirstCall(set, { items });
		expect(output).toMatchObject([
			{
				received: 4,
				submitted: 3,
				invalid: 1,
				invalidReasons: { forgotten: 1 },
				complete: true,
				batches: [{ users: 3, last: true, status: 'accepted' }],
			},
		]);
		expect(callsWithAnn()).toEqual([false, false]);
	});

	it('is not kept in the table by the run that just sent the contact', async () => {
		const items = [...others(2), ANN];
		const set = { minimumUsers: 2, output: 'summary' };
		const { output } = await forgetDuringFirstCall(set, { items });
		expect(output).toMatchObject([{ submitted: 3, collecting: { keptForTopUp: 2 } }]);
		expect(namesAnn(project.stored)).toBe(false);
	});

	it.each([
		['a repeated call', 1],
		['the table after a call that was rejected for good', 9],
	])('is not in %s', async (_, rejected) => {
		const numbers = Array.from({ length: rejected }, (_each, index) => index + 1);
		for (const n of numbers) simulator.misbehave(n, { kind: 'throttle' });
		await project.run('addUsers', [{ email: 'first@example.com' }], { underMinimum: 'collect' });
		const waiting = stillClock();
		let isForgotten = false;
		const clock = {
			...waiting,
			async sleep(ms: number) {
				await waiting.sleep(ms);
				if (isForgotten) return;
				isForgotten = true;
				await project.run('forgetUsers', [ANN]);
			},
		};
		const set = { minimumUsers: 2, output: 'users' };
		const more = { clock, onError: 'continue' } as const;
		const { output } = await project.run('addUsers', [...others(2), ANN], set, more);
		expect(callsWithAnn()).toEqual([
			true,
			...callsWithAnn()
				.slice(1)
				.map(() => false),
		]);
		expect(callsWithAnn().length).toBeGreaterThan(1);
		const status = rejected === 1 ? 'submitted' : 'collected';
		expect(output.map(({ customAudience }) => customAudience)).toMatchObject([
			{ status },
			{ status },
			{ status: 'invalid', reason: 'forgotten' },
		]);
		expect(namesAnn(project.stored)).toBe(false);
	});
});

describe('a person who says no in another run while a list is sent', () => {
	/** Runs a list with Ann, who says no in another run while the first call waits for its response. */
	async function sayNoDuringFirstCall(set: INodeParameters = {}) {
		await project.run('addUsers', [{ email: 'first@example.com' }]);
		const release = simulator.hold();
		const list = { minimumUsers: 2, batchSize: 2, output: 'users', ...set };
		const more = { onError: 'continue' } as const;
		const items = [...others(2), ANN, ...others(6).slice(2)];
		const sending = project.run('addUsers', items, list, more);
		while (simulator.requests.every(({ action }) => action !== 'AddCustomAudienceUser')) {
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
		const no = { email: ANN.email, unsubscribed: true };
		const { error } = await project.run('addUsers', [no], { underMinimum: 'hold' });
		expect(error).toBeUndefined();
		release();
		return (await sending).output.map(({ customAudience }) => customAudience as IDataObject);
	}

	it('is not stored if the batch is rejected, and the others are', async () => {
		simulator.misbehave((call) => call > 1, { kind: 'businessError', code: 'Audience.NotReady' });
		const results = await sayNoDuringFirstCall();
		expect(results.map(({ status }) => status)).toEqual([
			'submitted',
			'submitted',
			'invalid',
			...Array.from({ length: 4 }, () => 'collected'),
		]);
		expect(results[2]).toMatchObject({ reason: 'opted_out' });
		expect(project.stored).toContain('user5@example.com');
		expect(namesAnn(project.stored)).toBe(false);
	});

	it.each(['none', 'sha256'])('is not kept to fill up later uploads (hash: %s)', async (hash) => {
		const results = await sayNoDuringFirstCall({ hash });
		expect(results[2]).toMatchObject({ status: 'submitted' });
		expect(project.stored).toContain('sent');
		expect(namesAnn(project.stored)).toBe(false);
	});
});

describe('a person who is forgotten by another worker during a run', () => {
	const list = { minimumUsers: 3, collectUntil: 6, batchSize: 2 };
	const collect = { minimumUsers: 3, collectUntil: 3, batchSize: 2 };
	const force = { force: true, collectUntil: 6 };

	/** What the table contains before: people who wait, and people who were sent. */
	async function fill(hash: string) {
		await project.run('addUsers', others(3), { ...list, hash });
		await project.run('addUsers', [ANN], { ...collect, collectUntil: 9, hash, addresses: 'all' });
		simulator.reset();
	}

	it.each<[string, string, IDataObject[], INodeParameters]>([
		['a list with Ann', 'addUsers', [...others(5), ANN], list],
		['a list, with Ann in the table', 'addUsers', others(5), list],
		['one contact, with Ann in the table', 'addUsers', [{ email: 'new@example.com' }], collect],
		['Ann, who waits again', 'addUsers', [ANN], collect],
		['Send Collected Users', 'sendCollected', [{}], force],
	])(
		'is in no call that begins more than a second later: %s',
		async (_, name, items, set) => {
			for (const [hash, stride] of [
				['none', 2],
				['sha256', 5],
			] as const) {
				let last = Infinity;
				for (let step = 1; step <= last; step += stride) {
					project = new Project();
					await fill(hash);
					let forgottenAt = Infinity;
					let passed = 0;
					project.before((now) => {
						if (now !== step) return;
						project.forget(ANNS);
						forgottenAt = simulator.attempts.length;
						passed = 1000;
					});
					const clock = { ...stillClock(), now: () => Date.now() + passed };
					const { error } = await project.run(name, items, { ...set, hash }, { clock });
					expect(error).toBeUndefined();
					last = project.steps;
					expect(callsWithAnn().slice(forgottenAt)).not.toContain(true);
					expect([step, namesAnn(project.stored)]).toEqual([step, false]);
				}
			}
		},
		120_000,
	);
});
