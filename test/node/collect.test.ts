import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { ALL_IDS, byId } from '../engine/knownIds';
import { runNode, type NodeRun } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { until as waitUntil } from '../simulator/signedClient';
import { useSimulator } from '../simulator/useSimulator';
import { Lasting } from '../store/lasting';
import { MemoryTables } from '../store/memoryTables';

const simulator = useSimulator();
let lasting: Lasting;
beforeEach(() => {
	lasting = new Lasting();
});

async function addUsers(
	contacts: IDataObject[],
	options: INodeParameters = {},
	more: Partial<NodeRun> = {},
) {
	return await runNode({
		simulator,
		set: { ...ALL_IDS, ...options },
		items: contacts,
		...lasting.run,
		...more,
	});
}

function people(count: number, first = 1): IDataObject[] {
	return Array.from({ length: count }, (_, index) => ({ email: `u${first + index}@example.com` }));
}

function byStatus(): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { status } of lasting.tables.tables[0]?.rows ?? []) {
		if (status !== 'lease') counts[String(status)] = (counts[String(status)] ?? 0) + 1;
	}
	return counts;
}

/** As if a run on another worker had stored so many contacts for the audience. */
function storeMeanwhile(count: number, first: number): void {
	const table = lasting.tables.tables[0]!;
	const stored = table.rows.find(({ status }) => status !== 'lease')!;
	const waiting = { status: 'waiting', contact: null, claim: null, sentAt: null };
	for (const { email } of people(count, first)) {
		table.rows.push({ ...stored, ...waiting, email: String(email), id: table.nextId++ });
	}
}

/** Has contacts stored while the first batch is sent, and refuses the batches (from 1) that are named. */
function whileSending(count: number, rejected: number[] = []): void {
	simulator.misbehave(
		(call) => {
			if (call === 1) storeMeanwhile(count, 100);
			return rejected.includes(call);
		},
		{ kind: 'businessError', code: 'Audience.NotReady' },
		'AddCustomAudienceUser',
	);
}

const summaryOf = ({ output }: Awaited<ReturnType<typeof addUsers>>) => output[0];

it('the IDs are checked in a manual run, also if all its contacts are duplicates', async () => {
	const set = { customAudienceId: byId('23851000000009999') };
	await addUsers(people(1), {}, { set: { ...ALL_IDS, ...set } });
	const again = await addUsers(people(1), {}, { set: { ...ALL_IDS, ...set }, mode: 'manual' });
	expect(summaryOf(again)).toMatchObject({ duplicates: 1, collected: 0 });
	expect(String(summaryOf(again)?.warnings)).toContain("wasn't found with this key");
});

describe("'Add Users' after a trigger with one contact", () => {
	it("a contact with its own field named 'error' stays collected with Retry On Fail", async () => {
		const contact = { email: 'ann@example.com', error: 'from the CRM' };
		const more = { onError: 'continue', retryOnFail: true } as const;
		const { output } = await addUsers([contact], { output: 'users' }, more);
		expect(output).toMatchObject([
			{ customAudience: { status: 'collected' }, inputError: 'from the CRM' },
		]);
	});

	it('collects it by default, and says what happens next', async () => {
		const run = await addUsers(people(1));
		expect(run.error).toBeUndefined();
		expect(summaryOf(run)).toMatchObject({
			received: 1,
			submitted: 0,
			collected: 1,
			failed: 0,
			held: 0,
			complete: false,
			batches: [],
			warnings: [],
			collecting: {
				waiting: 1,
				sentFromTable: 0,
				toppedUp: 0,
				next: '1 of 500 collected. To send sooner, run your existing contacts through this node once',
			},
		});
		const { next } = summaryOf(run)?.collecting as IDataObject;
		expect(run.hints).toEqual([{ message: next, type: 'info', location: 'outputPane' }]);
		expect(simulator.uploads).toEqual([]);
		expect(byStatus()).toEqual({ waiting: 1 });
	});

	describe('with an ID that does not exist', () => {
		const nowhere = { set: { ...ALL_IDS, customAudienceId: byId('999') } };
		const WARNING = expect.stringMatching(/^The ID in 'Custom Audience' wasn't found/);

		it("says so when the audience's first contact is stored, and doesn't check again", async () => {
			const first = await addUsers(people(1), {}, nowhere);
			expect(summaryOf(first)).toMatchObject({ collected: 1, warnings: [WARNING] });
			simulator.reset();
			const second = await addUsers(people(1, 2), {}, nowhere);
			expect(summaryOf(second)).toMatchObject({ collected: 1, warnings: [] });
			expect(simulator.requests).toEqual([]);
		});

		it('says so in each manual run', async () => {
			await addUsers(people(1), {}, nowhere);
			const manual = { ...nowhere, mode: 'manual' } as const;
			const run = await addUsers(people(1, 2), {}, manual);
			expect(summaryOf(run)?.warnings).toEqual([WARNING]);
			expect(run.hints).toContainEqual(expect.objectContaining({ message: WARNING }));
		});

		it('says so in a manual run that sent a list, and looks up nothing in production', async () => {
			const manual = { ...nowhere, mode: 'manual' } as const;
			expect(
				summaryOf(await addUsers(people(120), { whenBelowMinimum: 'send' }, manual)),
			).toMatchObject({ submitted: 120, warnings: expect.arrayContaining([WARNING]) });
			simulator.reset();
			await addUsers(people(120), { whenBelowMinimum: 'send' }, nowhere);
			expect(simulator.requests.map(({ action }) => action)).not.toContain('ListInstance');
		});

		it('counts a list that is rejected because of an ID as one without it', async () => {
			const fault = { kind: 'error', status: 400, code: 'ParameterIllegal' } as const;
			simulator.misbehave(() => true, fault, 'ListCustomAudience');
			expect(summaryOf(await addUsers(people(1)))?.warnings).toEqual([WARNING]);
		});

		it('says nothing if the key may not list', async () => {
			const fault = { kind: 'error', status: 403, code: 'NoPermission' } as const;
			for (const action of ['ListInstance', 'ListPageAdAccount', 'ListCustomAudience'] as const) {
				simulator.misbehave(() => true, fault, action);
			}
			expect(summaryOf(await addUsers(people(1), {}, nowhere))?.warnings).toEqual([]);
		});

		it("doesn't say that rejected contacts are sent with the next run", async () => {
			const fault = {
				kind: 'error',
				status: 400,
				code: 'ParameterIllegal',
				message: 'CustomAudienceId is illegal',
			} as const;
			simulator.misbehave(() => true, fault, 'AddCustomAudienceUser');
			const run = await addUsers(people(120), {}, { ...nowhere, onError: 'continue' });
			const warnings = String(summaryOf(run)?.warnings);
			expect(summaryOf(run)).toMatchObject({ collected: 120 });
			expect(warnings).toMatch(/waiting in the Data Table\. They are sent once the ID is correct/);
			expect(warnings).not.toContain('with the next run');
		});
	});

	it('sends all when there are enough, as one complete upload', async () => {
		for (let n = 1; n < 5; n++) await addUsers(people(1, n), { collectUntil: 5 });
		const run = await addUsers(people(1, 5), { collectUntil: 5, output: 'users' });
		expect(run.output[0]).toMatchObject({
			email: 'u5@example.com',
			customAudience: { status: 'submitted', batch: 1 },
		});
		expect(simulator.uploads).toHaveLength(1);
		expect(simulator.uploads[0]).toMatchObject({ complete: true, mixed: false });
		expect(simulator.uploads[0]?.users).toHaveLength(5);
		const sent = simulator.requests.filter(({ action }) => action === 'AddCustomAudienceUser');
		expect(sent[0]?.query).toMatchObject({
			EstimatedNumTotal: '5',
			BatchLastFlag: 'true',
		});
		expect(byStatus()).toEqual({ sent: 5 });
	});

	it('shows what went out of the table', async () => {
		await addUsers(people(4), { collectUntil: 5 });
		const run = await addUsers([...people(2, 4), { email: 'x' }], { collectUntil: 5 });
		expect(summaryOf(run)).toMatchObject({
			received: 3,
			submitted: 1,
			collected: 0,
			duplicates: 1,
			invalid: 1,
			collecting: { waiting: 0, sentFromTable: 4, toppedUp: 0, next: '0 of 5 collected' },
		});
	});

	it("collects a contact once that comes twice in a run, even if 'Remove Duplicates' is off", async () => {
		const options = { collectUntil: 3, removeDuplicates: false, output: 'users' };
		await addUsers(people(1), options);
		const run = await addUsers([...people(2, 2), ...people(1, 2)], options);
		expect(run.output.map((item) => item.customAudience)).toMatchObject([
			{ status: 'submitted' },
			{ status: 'submitted' },
			{ status: 'duplicate' },
		]);
		expect(byStatus()).toEqual({ sent: 3 });
	});

	it('sends late contacts with previously sent ones once the oldest has waited long enough', async () => {
		await addUsers(people(12), { collectUntil: 10, minimumUsers: 10 });
		expect(byStatus()).toEqual({ sent: 10 });
		const options = { collectUntil: 10, minimumUsers: 10 };
		const waits = await addUsers(people(1, 100), options);
		expect(summaryOf(waits)?.collecting).toMatchObject({
			waiting: 1,
			next: expect.stringMatching(
				/^1 of 10 collected, to be sent at 10, or by the first run after \d\d:\d\d tomorrow with previously sent contacts \(time zone: [\w/]+\)$/,
			),
		});
		lasting.now += 1000;
		const goes = await addUsers(people(1, 101), { ...options, collectHours: 0.0001 });
		expect(summaryOf(goes)).toMatchObject({
			submitted: 1,
			collecting: { waiting: 0, sentFromTable: 1, toppedUp: 8 },
		});
		expect(simulator.uploads.map(({ users }) => users.length)).toEqual([12, 10]);
	});

	it('sends what arrived meanwhile as a separate upload', async () => {
		await addUsers(people(4), { collectUntil: 5 });
		whileSending(6);
		const clock = { ...stillClock(), now: () => lasting.now++ };
		const run = await addUsers(people(1, 5), { collectUntil: 5 }, { clock });
		expect(simulator.uploads.map(({ users, complete }) => [users.length, complete])).toEqual([
			[5, true],
			[6, true],
		]);
		expect(summaryOf(run)).toMatchObject({
			received: 1,
			submitted: 1,
			warnings: [
				expect.stringMatching(/^This upload has 5 contacts/),
				expect.stringMatching(/^This upload has 6 contacts/),
			],
			collecting: { waiting: 0, sentFromTable: 10, toppedUp: 0 },
		});
		expect(byStatus()).toEqual({ sent: 11 });
	});

	it('says that a later upload is open if only a part was accepted', async () => {
		await addUsers(people(4), { collectUntil: 5 });
		whileSending(6, [4, 5, 6]);
		const clock = { ...stillClock(), now: () => lasting.now++ };
		const more = { onError: 'continue' as const, clock };
		const run = await addUsers(people(1, 5), { collectUntil: 5, batchSize: 3 }, more);
		expect(String(summaryOf(run)?.warnings)).toContain('The upload is not complete');
		expect(byStatus()).toEqual({ sent: 8, waiting: 3 });
	});

	it('says when contacts are sent that arrived meanwhile and are too few', async () => {
		await addUsers(people(4), { collectUntil: 5 });
		whileSending(2);
		const { hints } = await addUsers(people(1, 5), { collectUntil: 5 }, { mode: 'manual' });
		const told = hints.map(({ message }) => message).filter((text) => text.startsWith('2 of 5'));
		expect(told).toHaveLength(1);
		expect(told[0]).not.toContain('To try');
	});

	it('sends the contacts of the run before those that waited, with a result for each', async () => {
		await addUsers(people(4), { collectUntil: 5 });
		const options = { collectUntil: 5, batchSize: 2, output: 'users' };
		const { output } = await addUsers(people(2, 5), options);
		const first = { status: 'submitted', batch: 1 };
		expect(output.map((item) => item.customAudience)).toMatchObject([first, first]);
		expect(simulator.attempts[0]?.users).toEqual([
			{ Email: 'u5@example.com' },
			{ Email: 'u6@example.com' },
		]);
	});

	it("doesn't mention the 100 rule if enough are sent together", async () => {
		await addUsers(people(1));
		storeMeanwhile(498, 100);
		const run = await addUsers(people(1, 2));
		expect(summaryOf(run)).toMatchObject({ submitted: 1, warnings: [] });
		expect(simulator.uploads.map(({ users }) => users.length)).toEqual([500]);
	});

	it('reports a later upload that was rejected, whose contacts wait', async () => {
		await addUsers(people(4), { collectUntil: 5 });
		whileSending(6, [2]);
		const clock = { ...stillClock(), now: () => lasting.now++ };
		const more = { onError: 'continue' as const, clock };
		const run = await addUsers(people(1, 5), { collectUntil: 5 }, more);
		expect(summaryOf(run)).toMatchObject({
			submitted: 1,
			warnings: [
				expect.stringMatching(/^This upload has 5 contacts/),
				expect.stringMatching(/^1 batch was rejected(?!.*safe to run again)/),
				expect.stringMatching(/^The contacts of rejected batches are waiting in the Data Table/),
			],
			collecting: { waiting: 6, sentFromTable: 4 },
		});
		expect(byStatus()).toEqual({ sent: 5, waiting: 6 });
	});

	it.each([
		['a contact', 1, 5],
		['a list', 120, 1000],
	])(
		'ends the run of %s if a later upload was rejected, and says what was sent (On Error: stop)',
		async (_, count, collectUntil) => {
			await addUsers(people(4, 2001), { collectUntil });
			whileSending(collectUntil + 1, [2]);
			const clock = { ...stillClock(), now: () => lasting.now++ };
			const { error } = await addUsers(people(count, 5001), { collectUntil }, { clock });
			expect(error?.message).toMatch(/^Alibaba Cloud rejected the request/);
			expect(error?.description).toContain(
				`This upload had only contacts from the Data Table; those of this run were sent before. No contacts were accepted. Not accepted: ${collectUntil + 1} contacts in batch 1. Uploads finished before this one: 1. The contacts of rejected batches are waiting in the Data Table.`,
			);
			expect(byStatus()).toMatchObject({ waiting: collectUntil + 1 });
		},
	);

	it('stores only hashes with SHA-256', async () => {
		await addUsers([{ email: 'mary@example.com' }], { hash: 'sha256' });
		expect(lasting.tables.tables[0]?.rows[0]?.email).toBe(
			'f1904cf1a9d73a55fa5de0ac823c4403ded71afd4c3248d00bdcd0866552bb79',
		);
	});

	it('takes one sub-workflow for a run that only stores, which checks the table', async () => {
		await addUsers(people(1));
		const list = jest.spyOn(MemoryTables.prototype, 'list');
		const insert = jest.spyOn(MemoryTables.prototype, 'insert');
		await addUsers(people(1, 2));
		expect([list.mock.calls.length, insert.mock.calls.length]).toEqual([1, 1]);
		list.mockRestore();
		insert.mockRestore();
	});

	it('says how to check the connection in a manual run', async () => {
		const { hints, output } = await addUsers(people(1), {}, { mode: 'manual' });
		const { next } = output[0]?.collecting as IDataObject;
		const message = `${String(next)}. To check the connection, turn on 'Dry Run'`;
		expect(hints[0]).toEqual({ message, type: 'info', location: 'outputPane' });
		const sent = await addUsers(people(4, 2), { collectUntil: 5 }, { mode: 'manual' });
		expect(sent.hints.map((hint) => hint.message)).toEqual([
			"4 contacts sent to 'Newsletter readers', with 1 contact that was waiting",
			expect.stringMatching(/^This upload has 5 contacts/),
			expect.stringMatching(/^Submitted contacts are not matched yet/),
		]);
		const known = await addUsers(people(1), { collectUntil: 5 });
		expect(known.hints.map(({ message }) => message)).toEqual([
			'No contacts were stored. 1 is a duplicate',
		]);
		expect(known.output[0]).not.toHaveProperty('collecting');
	});

	it('says so if none of the contacts can be stored', async () => {
		const run = await addUsers([{ email: 'nobody' }]);
		expect(summaryOf(run)).toMatchObject({ invalid: 1, collected: 0 });
		expect(String(summaryOf(run)?.warnings)).toContain('none of the contacts can be sent');
	});

	it('stores nothing in a dry run, and says what would be collected', async () => {
		const run = await addUsers(people(3), { dryRun: true });
		expect(summaryOf(run)).toMatchObject({ held: 3, collected: 0, dryRun: true });
		expect(JSON.stringify(summaryOf(run)?.warnings)).toMatch(/would store 3 contacts/);
		expect(lasting.tables.tables).toEqual([]);
	});

	it('holds, and never collects, if the upload spans several runs', async () => {
		const run = await addUsers(people(3), { lastBatch: 'more', estimatedTotal: 3 });
		expect(summaryOf(run)).toMatchObject({ held: 3, collected: 0 });
		expect(lasting.tables.tables).toEqual([]);
	});
});

describe('a list of 100 or more', () => {
	it('is sent at once with the waiting contacts, and leaves its last users for later', async () => {
		await addUsers(people(3));
		const run = await addUsers(people(120, 1001));
		expect(summaryOf(run)).toMatchObject({
			received: 120,
			submitted: 120,
			collected: 0,
			warnings: [expect.stringMatching(/^This upload has 123 contacts/)],
			collecting: { waiting: 0, sentFromTable: 3, toppedUp: 0 },
		});
		expect(simulator.uploads.map(({ users }) => users.length)).toEqual([123]);
		const [sent] = simulator.requests.filter(({ action }) => action === 'AddCustomAudienceUser');
		expect(sent?.query.EstimatedNumTotal).toBe('123');
		expect(byStatus()).toEqual({ sent: 123 });
	});

	it('is not stored if the run is canceled, and what waited waits again', async () => {
		await addUsers(people(3));
		const controller = new AbortController();
		simulator.misbehave(() => true, { kind: 'throttle' });
		const sleep = async () => {
			controller.abort();
			await new Promise<void>(() => {});
		};
		const clock = { ...stillClock(), sleep };
		const { run } = await addUsers(
			people(120, 1001),
			{},
			{ clock, cancelSignal: controller.signal },
		);
		expect(run?.status).toBe('canceled');
		expect(byStatus()).toEqual({ waiting: 3 });
	});

	it('sends what was collected meanwhile as a separate upload, and reports both', async () => {
		const options = { collectUntil: 5, minimumUsers: 5 };
		let open: () => void = () => {};
		const until = new Promise<void>((resolve) => (open = resolve));
		simulator.misbehave(1, { kind: 'held', until });
		const list = addUsers(people(20), options);
		await waitUntil(() => simulator.attempts.length === 1, 20_000);
		const waits = await addUsers(people(4, 101), options);
		const also = await addUsers(people(3, 105), options);
		expect(summaryOf(also)?.collecting).toMatchObject({
			waiting: 7,
			next: '7 of 5 collected: another run is using this audience, so they will be sent after it or with the next run',
		});
		open();
		expect([waits, also].map(summaryOf)).toMatchObject([{ collected: 4 }, { collected: 3 }]);
		expect(summaryOf(await list)).toMatchObject({
			received: 20,
			submitted: 20,
			batches: [{ users: 20 }],
			collecting: { waiting: 0, sentFromTable: 7, toppedUp: 0 },
		});
		expect(simulator.uploads).toMatchObject([
			{ users: { length: 20 }, complete: true, mixed: false },
			{ users: { length: 7 }, complete: true, mixed: false },
		]);
	});

	it('is sent without the table if there is none, and says so', async () => {
		const run = await addUsers(people(120), {}, { tables: undefined });
		expect(summaryOf(run)).toMatchObject({ submitted: 120 });
		expect(summaryOf(run)?.warnings).toEqual([
			expect.stringMatching(/^This upload has 120 contacts/),
			expect.stringMatching(/were not sent with this upload/),
		]);
		const unwarned = await addUsers(people(120), { minimumUsers: 0 }, { tables: undefined });
		expect(summaryOf(unwarned)?.warnings).toHaveLength(1);
	});

	it('is judged together with the contacts that are sent with it', async () => {
		await addUsers(people(1));
		storeMeanwhile(399, 100);
		const run = await addUsers(people(120, 1001));
		expect(summaryOf(run)).toMatchObject({ submitted: 120, warnings: [] });
		expect(simulator.uploads.map(({ users }) => users.length)).toEqual([520]);
	});

	it('is sent alone if the table fails under the lease', async () => {
		await addUsers(people(3));
		const update = lasting.tables.update.bind(lasting.tables);
		lasting.tables.update = (table, filter, values) => {
			if (values.status === 'claimed') throw new Error('SQLITE_BUSY');
			return update(table, filter, values);
		};
		const run = await addUsers(people(120, 1001));
		expect(summaryOf(run)).toMatchObject({ submitted: 120 });
		expect(String(summaryOf(run)?.warnings)).toMatch(/were not sent with this upload/);
		expect(simulator.uploads.map(({ users }) => users.length)).toEqual([120]);
	});
});

describe('a contact that comes alone, with Retry On Fail,', () => {
	const ann = { email: 'ann@example.com' };
	const emailsIn = () => lasting.tables.tables[0]?.rows.flatMap(({ email }) => email ?? []) ?? [];
	const fail = { kind: 'businessError', code: 'Audience.NotReady' } as const;
	const usersSent = () => simulator.uploads.flatMap(({ users }) => users);
	// Only 'On Error' Stop Workflow ends the run, so that n8n repeats it.
	const isRepeated = (onError: NodeRun['onError']) => onError === 'stop';

	describe.each(['stop', 'continue', 'output'] as const)('On Error: %s', (onError) => {
		const run = async (options: INodeParameters) => {
			const result = await addUsers([ann], options, { onError, retryOnFail: true });
			expect(result.error).toBeUndefined();
			return summaryOf(result);
		};

		it('is stored once if that failed at first, or counts as failed', async () => {
			const { tables } = lasting;
			const insert = tables.insert.bind(tables);
			let inserts = 0;
			tables.insert = (...given) => {
				if (++inserts === 1) throw new Error('SQLITE_BUSY');
				return insert(...given);
			};
			const stored = isRepeated(onError) ? 1 : 0;
			const counts = { received: 1, collected: stored, failed: 1 - stored, duplicates: 0 };
			expect(await run({})).toMatchObject(counts);
			expect(emailsIn()).toEqual(stored === 1 ? [ann.email] : []);
		});

		it('is sent once if it makes enough and was rejected at first, or waits', async () => {
			simulator.misbehave(1, fail);
			const sent = isRepeated(onError) ? 1 : 0;
			const counts = { received: 1, submitted: sent, collected: 1 - sent, failed: 0 };
			expect(await run({ collectUntil: 1 })).toMatchObject(counts);
			expect(usersSent()).toHaveLength(sent);
			expect(emailsIn()).toEqual([ann.email]);
			expect(byStatus()).toEqual(sent === 1 ? { sent: 1 } : { waiting: 1 });
		});

		it('is sent once without the table if it was rejected at first, or counts as failed', async () => {
			simulator.misbehave(1, fail);
			const sent = isRepeated(onError) ? 1 : 0;
			const counts = { received: 1, submitted: sent, failed: 1 - sent };
			expect(await run({ underMinimum: 'warn' })).toMatchObject(counts);
			expect(usersSent()).toHaveLength(sent);
		});
	});

	it.each([
		['continue', 'summary', 0],
		['continue', 'users', 0],
		['output', 'summary', 0],
		['output', 'users', 1],
	] as const)(
		'is repeated after a rejection only if the first item is an error (On Error: %s, Output: %s)',
		async (onError, output, sent) => {
			simulator.misbehave(1, fail);
			const more = { onError, retryOnFail: true };
			await addUsers([ann], { underMinimum: 'warn', output }, more);
			expect(usersSent()).toHaveLength(sent);
		},
	);

	it('waits once if it is rejected each time, and the run fails', async () => {
		simulator.misbehave(() => true, fail);
		const run = await addUsers([ann], { collectUntil: 1 }, { retryOnFail: true });
		expect(run.error?.message).toMatch(/^Alibaba Cloud rejected the request/);
		expect(run.error?.description).toContain('waiting in the Data Table');
		expect(byStatus()).toEqual({ waiting: 1 });
	});
});

describe('when the API rejects', () => {
	beforeEach(() => {
		simulator.misbehave(() => true, { kind: 'businessError', code: 'Audience.NotReady' });
	});

	it.each(['continue', 'output'] as const)(
		'contacts wait again (On Error: %s)',
		async (onError) => {
			await addUsers(people(4), { collectUntil: 5 }, { onError });
			const run = await addUsers(people(1, 5), { collectUntil: 5 }, { onError });
			expect(run.errorOutput).toEqual([]);
			expect(summaryOf(run)).toMatchObject({
				received: 1,
				submitted: 0,
				collected: 1,
				failed: 0,
				batches: [{ status: 'failed', users: 5 }],
				collecting: { waiting: 5, next: '5 of 5 collected, to be sent with the next run' },
			});
			expect(byStatus()).toEqual({ waiting: 5 });
			simulator.reset();
			const next = await addUsers(people(1, 6), { collectUntil: 5 }, { onError });
			expect(summaryOf(next)).toMatchObject({ submitted: 1, collecting: { sentFromTable: 5 } });
		},
	);

	it('ends the run that wanted to send, with the contacts stored (On Error: stop)', async () => {
		const run = await addUsers(people(5), { collectUntil: 5 });
		expect(run.error?.message).toMatch(/^Alibaba Cloud rejected the request/);
		expect(run.error?.description).toMatch(/waiting in the Data Table/);
		expect(byStatus()).toEqual({ waiting: 5 });
	});

	it('in the first of two attempts (Retry On Fail), the second one sends the same contact as its own', async () => {
		simulator.reset();
		await addUsers(people(4), { collectUntil: 5 });
		simulator.misbehave(1, { kind: 'businessError', code: 'NotReady' }, 'AddCustomAudienceUser');
		const items = [...people(1, 5), ...people(1, 5), ...people(1)];
		const { output } = await addUsers(items, { collectUntil: 5 }, { retryOnFail: true });
		expect(output).toMatchObject([
			{
				received: 3,
				submitted: 1,
				duplicates: 2,
				collecting: { waiting: 0, sentFromTable: 4 },
			},
		]);
		expect(byStatus()).toEqual({ sent: 5 });
		const again = await addUsers(people(1, 5), { collectUntil: 5 }, { retryOnFail: true });
		expect(summaryOf(again)).toMatchObject({ duplicates: 1 });
	});

	it('for the second of two audiences, the contact that was stored for the first one stays collected (Retry On Fail)', async () => {
		simulator.reset();
		simulator.misbehave(1, { kind: 'businessError', code: 'NotReady' }, 'AddCustomAudienceUser');
		const ids = ['111', ...Array.from({ length: 120 }, () => '222')];
		const items = people(121).map((contact, index) => ({ ...contact, audience: ids[index] }));
		const set = { ...ALL_IDS, customAudienceId: byId('={{ $json.audience }}') };
		const { output } = await addUsers(items, {}, { set, retryOnFail: true });
		expect(output).toMatchObject([{ collected: 1, duplicates: 0 }, { submitted: 120 }]);
	});

	it('ends the run, with how many of the contacts are from it, were waiting, or were sent before', async () => {
		simulator.reset();
		await addUsers(people(150));
		await addUsers(people(3, 201));
		simulator.reset();
		simulator.misbehave(1, { kind: 'businessError', code: 'NotReady' }, 'AddCustomAudienceUser');
		const { error } = await addUsers(people(120, 301), { batchSize: 122 });
		expect(error?.description).toContain(
			'Not accepted: 122 contacts in batch 1 (120 from this run, 2 that were waiting), and 151 contacts not sent (1 that was waiting, 150 previously sent).',
		);
	});

	it('ends the run of a list, with the number of contacts that were not sent', async () => {
		simulator.reset();
		await addUsers(people(3));
		simulator.misbehave(1, { kind: 'businessError', code: 'NotReady' }, 'AddCustomAudienceUser');
		const { error } = await addUsers(people(120, 10), { batchSize: 100 });
		expect(error?.description).toContain(
			'100 contacts in batch 1, and 23 contacts not sent (20 from this run, 3 that were waiting).',
		);
		expect(byStatus()).toEqual({ waiting: 123 });
	});

	it('nothing more is sent after a rejected batch, however many wait (On Error: stop)', async () => {
		simulator.reset();
		await addUsers(people(60), { collectUntil: 1000 });
		await addUsers(people(60, 61), { collectUntil: 1000 });
		simulator.misbehave(2, { kind: 'businessError', code: 'Audience.NotReady' });
		const run = await addUsers(people(1, 121), { collectUntil: 5, batchSize: 50 });
		expect(run.error?.message).toMatch(/^Alibaba Cloud rejected the request/);
		expect(byStatus()).toEqual({ sent: 50, waiting: 71 });
	});

	it.each([1, 3])("a list's own contacts wait too, each once after %d runs", async (runs) => {
		for (let run = 1; run <= runs; run++) {
			const result = await addUsers(people(120), {}, { onError: 'continue' });
			expect(summaryOf(result)).toMatchObject({ submitted: 0, collected: 120, failed: 0 });
		}
		expect(byStatus()).toEqual({ waiting: 120 });
	});
});

describe('when the table fails', () => {
	const cases: Array<[name: string, spoil: () => void, says: RegExp]> = [
		[
			'is renamed',
			() => (lasting.tables.tables[0]!.name = 'Other'),
			/renamed to 'Other'.*Change its name back/,
		],
		[
			'lacks a column',
			() =>
				(lasting.tables.tables[0]!.columns = lasting.tables.tables[0]!.columns.filter(
					({ name }) => name !== 'sentAt',
				)),
			/sentAt \(date\)/,
		],
		['is switched off', () => (lasting.tables.enabled = false), /N8N_DISABLED_MODULES/],
		['has no space left', () => (lasting.tables.space = 1), /N8N_DATA_TABLES_MAX_SIZE_BYTES/],
	];

	it.each(cases)('because it %s, the contact fails with a message', async (_, spoil, says) => {
		await addUsers(people(1));
		spoil();
		const stopped = await addUsers(people(1, 2));
		expect(`${stopped.error?.message}. ${stopped.error?.description}`).toMatch(says);
		const left = await addUsers(people(1, 2), {}, { onError: 'output' });
		expect(left.errorOutput[0]).toMatchObject({ error: expect.stringMatching(says) });
		const goesOn = await addUsers(people(1, 2), {}, { onError: 'continue' });
		expect(summaryOf(goesOn)).toMatchObject({ failed: 1, collected: 0 });
	});

	it('because there is none, the contact is held, and the message says what to turn on', async () => {
		const run = await addUsers(people(1), {}, { tables: undefined });
		expect(run.error).toBeUndefined();
		expect(summaryOf(run)).toMatchObject({ held: 1, collected: 0, failed: 0 });
		expect(JSON.stringify(summaryOf(run)?.warnings)).toMatch(/Data Tables turned on/);
		const users = await addUsers(people(1), { output: 'users' }, { tables: undefined });
		expect(summaryOf(users)?.customAudience).toEqual({ status: 'held', reason: 'under_minimum' });
	});

	it('uses the table that another first run created at the same moment', async () => {
		const create = lasting.tables.create.bind(lasting.tables);
		lasting.tables.create = (name, columns) => {
			create(name, columns);
			throw new Error('SQLITE_CONSTRAINT: UNIQUE constraint failed: data_table.name');
		};
		expect(summaryOf(await addUsers(people(1)))).toMatchObject({ collected: 1 });
	});

	it('reads again if rows were added while n8n was reading, and stores no one twice', async () => {
		await addUsers(people(1));
		const get = lasting.tables.get.bind(lasting.tables);
		let stored = 0;
		lasting.tables.get = (...read) => {
			stored += lasting.tables.tables[0]?.rows.length === 2 ? 1 : 0;
			if (stored === 1 || stored === 3) {
				throw new Error('synchronization error: result count changed during pagination');
			}
			return get(...read);
		};
		expect(summaryOf(await addUsers(people(1, 2)))).toMatchObject({ collected: 1, failed: 0 });
		expect(byStatus()).toEqual({ waiting: 2 });
	});

	it.each([
		['few', 5, 1],
		['a list', 120, 120],
	])(
		'after the calls, %s say that some contacts may be sent again',
		async (_, count, submitted) => {
			if (count === 5) await addUsers(people(4), { collectUntil: 5 });
			simulator.misbehave(() => (lasting.tables.enabled = false), { kind: 'throttle' });
			const contacts = count === 5 ? people(1, 5) : people(count);
			const run = await addUsers(contacts, { collectUntil: 5 });
			expect(summaryOf(run)).toMatchObject({ submitted, collected: 0, failed: 0 });
			expect(String(summaryOf(run)?.warnings)).toMatch(/could not be updated/);
		},
	);

	it('before the calls, the contact still waits', async () => {
		await addUsers(people(4), { collectUntil: 5 });
		lasting.tables.update = () => {
			throw new Error('SQLITE_BUSY');
		};
		const run = await addUsers(people(1, 5), { collectUntil: 5 });
		expect(run.error).toBeUndefined();
		expect(summaryOf(run)).toMatchObject({
			collected: 1,
			submitted: 0,
			warnings: [
				expect.stringMatching(/^'Send When Collected' is 5, but Meta discards/),
				expect.stringMatching(/Data Table returned an unexpected response/),
			],
			collecting: { waiting: 5, sentFromTable: 0 },
		});
		expect(byStatus()).toEqual({ waiting: 5 });
	});

	/** As if the database could only be read until something is stored. */
	function failReadsAfterInsert(): void {
		const insert = lasting.tables.insert.bind(lasting.tables);
		lasting.tables.insert = (...stored) => {
			lasting.tables.get = () => {
				throw new Error('SQLITE_BUSY');
			};
			return insert(...stored);
		};
	}

	it('after a contact was stored, the contact is collected', async () => {
		await addUsers(people(1));
		failReadsAfterInsert();
		const run = await addUsers(people(1, 2));
		expect(run.error).toBeUndefined();
		expect(summaryOf(run)).toMatchObject({
			collected: 1,
			failed: 0,
			warnings: [expect.stringMatching(/Data Table returned an unexpected response/)],
		});
		expect(byStatus()).toEqual({ waiting: 2 });
	});

	it('after a rejected list was stored, its contacts are collected', async () => {
		simulator.misbehave(
			() => {
				failReadsAfterInsert();
				return true;
			},
			{ kind: 'businessError', code: 'Audience.NotReady' },
		);
		const run = await addUsers(people(120), { collectUntil: 5 }, { onError: 'continue' });
		expect(summaryOf(run)).toMatchObject({ received: 120, collected: 120, failed: 0 });
		expect(byStatus()).toEqual({ waiting: 120 });
	});

	it('by denying the sub-workflow, that is reported', async () => {
		lasting.tables.list = () => {
			throw new Error('The sub-workflow (1) cannot be called by this workflow');
		};
		const run = await addUsers(people(1));
		expect(run.error?.message).toMatch(/doesn't allow this workflow to run a sub-workflow/);
	});

	/** Moves the workflow to a project that has a table of the same name. */
	function moveToProjectWithTable(): void {
		const [{ name, columns } = { name: '', columns: [] }] = lasting.tables.tables.splice(0);
		lasting.tables.project = 'another project';
		lasting.tables.create(name, columns);
	}

	it('creates a new table in a project to which the workflow was moved', async () => {
		await addUsers(people(1));
		lasting.tables.tables.length = 0;
		lasting.tables.project = 'another project';
		expect(summaryOf(await addUsers(people(1, 2)))).toMatchObject({
			collected: 1,
			warnings: [expect.stringMatching(/was moved to another project/)],
		});
	});

	it.each([1, 120])(
		'uses the table of that project, and says so once (%d contacts)',
		async (count) => {
			await addUsers(people(1));
			moveToProjectWithTable();
			const moved = expect.stringMatching(
				/was moved to another project.*previous project's table are still there/,
			);
			const first = await addUsers(people(count, 2), { minimumUsers: 100 });
			expect(first.output[0]?.warnings).toContainEqual(moved);
			const second = await addUsers(people(count, 200));
			expect(second.output[0]?.warnings).not.toContainEqual(moved);
		},
	);

	it('creates a deleted table again, and says once which contacts are gone', async () => {
		await addUsers(people(1));
		lasting.tables.tables.length = 0;
		expect(summaryOf(await addUsers(people(1, 2)))).toMatchObject({
			collected: 1,
			warnings: [expect.stringMatching(/was deleted along with the contacts waiting/)],
		});
		expect(summaryOf(await addUsers(people(1, 3)))).toMatchObject({ collected: 1, warnings: [] });
	});
});

it("acquires the audience's lease with 'Prevent Parallel Uploads', and releases it", async () => {
	const options = { underMinimum: 'warn', oneSender: true };
	const run = await addUsers(people(2), options);
	expect(summaryOf(run)).toMatchObject({ submitted: 2, warnings: [expect.any(String)] });
	expect(lasting.tables.tables[0]?.rows).toMatchObject([{ status: 'lease', claim: null }]);
});

it("sends with 'Prevent Parallel Uploads' if no table can be reached, and says so", async () => {
	const options = { underMinimum: 'warn', minimumUsers: 0, oneSender: true };
	const run = await addUsers(people(2), options, { tables: undefined });
	expect(summaryOf(run)).toMatchObject({
		submitted: 2,
		warnings: [expect.stringMatching(/^'Prevent Parallel Uploads' had no effect.*Data Tables/)],
	});
});

it.each([
	['few', 2],
	['a list', 120],
])('an unexpected error ends a run of %s with a message', async (_, count) => {
	simulator.misbehave(() => true, { kind: 'throttle' }, 'AddCustomAudienceUser');
	const sleep = async () => await Promise.reject(new Error('odd'));
	const clock = { ...lasting.run.clock, sleep };
	const run = await addUsers(people(count), { collectUntil: 2 }, { clock });
	expect(run.error?.message).toBe('Nothing more was sent: Error: odd');
	expect(run.error?.context).toMatchObject({ code: 'unexpected' });
});

describe("'Send Collected Users'", () => {
	const send = async (parameters: INodeParameters, more = {}) =>
		await runNode({
			simulator,
			operation: 'customAudience:sendCollected',
			set: parameters,
			...lasting.run,
			...more,
		});

	it("sends nothing that isn't due, and shows what waits", async () => {
		await addUsers(people(3));
		const run = await send(ALL_IDS);
		expect(summaryOf(run)).toMatchObject({
			received: 3,
			submitted: 0,
			collected: 3,
			collecting: { waiting: 3, sentFromTable: 0 },
		});
		expect(simulator.uploads).toEqual([]);
	});

	it("with 'Force', sends what waits for each audience of the table", async () => {
		await addUsers(people(3));
		const other = { customAudienceId: byId('500000000000002') };
		await addUsers(people(2, 10), {}, { set: { ...ALL_IDS, ...other } });
		const run = await send({ audiences: 'all', force: true });
		expect(run.output).toMatchObject([
			{ received: 3, submitted: 3, collected: 0, complete: true, collecting: { sentFromTable: 3 } },
			{ received: 2, submitted: 2, collected: 0, complete: true, collecting: { sentFromTable: 2 } },
		]);
		expect(simulator.uploads.map(({ users }) => users.length)).toEqual([3, 2]);
		const sent = simulator.requests.filter(({ action }) => action === 'AddCustomAudienceUser');
		expect(sent.map(({ query }) => query.EstimatedNumTotal)).toEqual(['3', '2']);
		expect(byStatus()).toEqual({ sent: 5 });
	});

	it("lets everything that isn't accepted wait again", async () => {
		await addUsers(people(3));
		simulator.misbehave(() => true, { kind: 'businessError', code: 'Audience.NotReady' });
		const parameters = { ...ALL_IDS, force: true };
		const goesOn = await send(parameters, { onError: 'continue' });
		expect(summaryOf(goesOn)).toMatchObject({ received: 3, submitted: 0, collected: 3, failed: 0 });
		const stopped = await send(parameters);
		expect(stopped.error?.message).toMatch(/^Alibaba Cloud rejected the request/);
		expect(byStatus()).toEqual({ waiting: 3 });
	});

	it("reports what is missing as 'On Error' says", async () => {
		const parameters = { ...ALL_IDS, pageId: "={{ '' }}" };
		expect((await send(parameters)).error?.message).toMatch(/Page ID/);
		const left = await send(parameters, { onError: 'output' });
		expect(left.errorOutput[0]).toMatchObject({ error: expect.stringMatching(/Page ID/) });
		lasting.tables.enabled = false;
		const off = await send({ audiences: 'all' }, { onError: 'continue' });
		expect(off.output[0]?.error).toMatch(/N8N_DISABLED_MODULES/);
	});

	it.each(['one', 'all'])('says that the table was deleted (%s)', async (audiences) => {
		const parameters = { ...ALL_IDS, audiences };
		await addUsers(people(1));
		lasting.tables.tables.length = 0;
		expect((await send(parameters)).error?.message).toMatch(/was deleted/);
		expect((await send(parameters)).error).toBeUndefined();
	});
});
