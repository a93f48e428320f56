import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { ALL_IDS, byId } from '../engine/knownIds';
import { runNode, type NodeRun } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { useSimulator } from '../simulator/useSimulator';
import { MemoryTables } from '../store/memoryTables';

const simulator = useSimulator();
let tables: MemoryTables;
let staticData: IDataObject;
beforeEach(() => {
	tables = new MemoryTables(() => Date.now());
	staticData = {};
});

const run = async (
	name: string,
	items: IDataObject[],
	set: INodeParameters = {},
	more: Partial<NodeRun> = {},
) =>
	await runNode({
		simulator,
		operation: `customAudience:${name}`,
		set: { ...(name === 'addUsers' && ALL_IDS), ...set },
		items,
		clock: stillClock(),
		tables,
		staticData,
		...more,
	});
const statuses = () => tables.tables.flatMap(({ rows }) => rows.map(({ status }) => status));

const ada = { email: 'ada@example.com', phone: '+14155550123' };
const bob = { email: 'bob@example.com' };

it("deletes a person's rows in all audiences and hash modes, and returns what else to do", async () => {
	await run('addUsers', [ada], { customAudienceId: byId('111') });
	await run('addUsers', [ada], { customAudienceId: byId('222'), hash: 'sha256' });
	await run('addUsers', [bob], { customAudienceId: byId('111') });
	const { output } = await run('forgetUsers', [ada]);
	expect(output).toEqual([
		{ deleted: 2, forgotten: 2, stepsLeft: expect.arrayContaining([expect.any(String)]) },
	]);
	expect(statuses().sort()).toEqual(['forgotten', 'forgotten', 'waiting']);
	expect(JSON.stringify(tables.tables)).not.toContain('ada@example.com');
});

it.each(['was deleted', 'is in the project from which the workflow was moved'])(
	'says so if the table where the person was %s',
	async (what) => {
		await run('addUsers', [ada]);
		tables.tables.length = 0;
		if (!what.includes('deleted')) tables.project = 'another project';
		const { output, hints } = await run('forgetUsers', [ada]);
		expect(output).toMatchObject([{ deleted: 0, forgotten: 2 }]);
		expect(hints.map(({ message }) => message).join()).toMatch(
			/was deleted|previous project's table/,
		);
	},
);

it('needs no credential, and ignores one that was chosen for another operation', async () => {
	await run('addUsers', [ada, bob]);
	const withoutCredential = { credential: null };
	await expect(run('forgetUsers', [ada], {}, withoutCredential)).resolves.toMatchObject({
		output: [{ deleted: 1, forgotten: 2 }],
	});
	await expect(run('forgetUsers', [bob])).resolves.toMatchObject({
		output: [{ deleted: 1, forgotten: 1 }],
	});
	const cid = { email: 'cid@example.com' };
	const { error } = await run('addUsers', [cid], { underMinimum: 'warn' }, withoutCredential);
	expect(error?.message).toMatch(/credential/i);
});

it('never sends or stores a forgotten person again, by either identifier', async () => {
	await run('forgetUsers', [ada]);
	const people = [{ email: 'ada@example.com' }, { phone: '+1 415 555 0123' }, bob];
	const { output } = await run('addUsers', people, { underMinimum: 'warn', output: 'users' });
	expect(output.map(({ customAudience }) => customAudience)).toMatchObject([
		{ status: 'invalid', reason: 'forgotten' },
		{ status: 'invalid', reason: 'forgotten' },
		{ status: 'submitted' },
	]);
	const collected = await run('addUsers', people, { output: 'users' });
	expect(collected.output.map(({ customAudience }) => customAudience)).toMatchObject([
		{ status: 'invalid', reason: 'forgotten' },
		{ status: 'invalid', reason: 'forgotten' },
		{ status: 'collected' },
	]);
	expect(simulator.uploads).toHaveLength(1);
});

it('forgets all addresses of a contact, and people who opted out', async () => {
	const { output } = await run('forgetUsers', [
		{ ...ada, email_2: 'ada@work.example', unsubscribed: true },
	]);
	expect(output).toMatchObject([{ deleted: 0, forgotten: 3 }]);
});

it.each(['none', 'sha256'])(
	'deletes all rows of a person whom another row connects with the given email: hash %s',
	async (hash) => {
		const { email, phone } = ada;
		await run('addUsers', [{ phone }], { hash });
		await run('addUsers', [ada], { hash });
		await run('addUsers', [{ email: 'ada@work.example', phone }], { hash });
		await run('addUsers', [bob], { hash });
		const { output } = await run('forgetUsers', [{ email }, { email }, bob]);
		expect(output).toMatchObject([
			{ deleted: 3, forgotten: 1 },
			{ deleted: 0, forgotten: 1 },
			{ deleted: 1, forgotten: 1 },
		]);
		expect(new Set(statuses())).toEqual(new Set(['forgotten']));
	},
);

const { email, phone } = ada;
const WITH_ADAS: Array<[string, IDataObject[]]> = [
	['with another email', [{ email: 'ada@work.example', email_2: email }]],
	['with two emails in a field', [{ email: ['ada@work.example', email] }]],
	['with another phone', [{ phone: ['+14155550199', phone], email: 'ada@work.example' }]],
];
const SETTINGS: INodeParameters[] = [
	{ underMinimum: 'warn' },
	{ underMinimum: 'collect' },
	{ underMinimum: 'warn', hash: 'sha256', optedOut: 'send' },
	{ underMinimum: 'collect', hash: 'sha256' },
	{ underMinimum: 'warn', addresses: 'all', removeDuplicates: false },
	{ underMinimum: 'collect', addresses: 'all' },
];

it.each(WITH_ADAS.flatMap((of) => SETTINGS.map((set) => [...of, set] as const)))(
	'sends and stores no one with a forgotten address that would not be sent: %s',
	async (_, items, set) => {
		await run('forgetUsers', [{ email }, { phone }]);
		const { output } = await run('addUsers', [bob, ...items], { ...set, output: 'users' });
		const [first, ...others] = output.slice(1).map(({ customAudience }) => customAudience);
		const isForgotten = { status: 'invalid', reason: 'forgotten' };
		expect(first).toEqual(isForgotten);
		for (const other of others)
			expect([isForgotten, { status: 'duplicate' }]).toContainEqual(other);
		await run('sendCollected', [{}], { ...ALL_IDS, force: true });
		expect(simulator.attempts.map(({ users }) => users)).toEqual([[expect.anything()]]);
	},
);

it.each(['leaveOut', 'send'])(
	"sends no forgotten person who opted out, with 'Opted-Out Contacts' %s",
	async (optedOut) => {
		await run('forgetUsers', [{ email }]);
		const no = { email: 'ada@work.example', email_2: email, unsubscribed: true };
		const items = [bob, no, { email, unsubscribed: true }];
		const { output } = await run('addUsers', items, { underMinimum: 'warn', optedOut });
		expect(output).toMatchObject([{ submitted: 1, invalid: 2 }]);
	},
);

it('counts an item without an email or phone as failed, and forgets the others', async () => {
	const items = [{ name: 'nobody' }, bob];
	const stopped = await run('forgetUsers', items);
	expect(stopped.error?.message).toContain('neither an email nor a phone number');
	expect((stopped.error as { description?: string }).description).toContain(
		'The others were forgotten (1 contact)',
	);
	expect(statuses()).toEqual(['forgotten']);
	const continued = await run('forgetUsers', items, {}, { onError: 'continue' });
	expect(continued.output).toMatchObject([
		{ forgotten: 1 },
		{ error: expect.stringContaining('neither an email nor a phone number') },
	]);
	const split = await run('forgetUsers', items, {}, { onError: 'output' });
	expect(split.output).toMatchObject([{ forgotten: 1 }]);
	expect(split.errorOutput).toMatchObject([{ details: { code: 'no_email_or_phone' } }]);
});

it('counts the others who were not forgotten', async () => {
	const nobody = { name: 'nobody' };
	const { error } = await run('forgetUsers', [bob, nobody, { email: 'bob@' }, nobody]);
	expect((error as { description?: string } | undefined)?.description).toMatch(
		/2 more were not forgotten: to see them all, set 'On Error' .*\. The others were forgotten \(1 contact\)$/,
	);
});

it('says so when the Data Table cannot be used', async () => {
	const { error } = await run('forgetUsers', [ada, bob], {}, { tables: undefined });
	expect(error?.message).toMatch(/Data Table/);
	// What is wrong with the table, and not with one of the people.
	expect(JSON.stringify(error)).not.toMatch(/[Ii]tem \d|1 more was/);
});

it('returns why no one was forgotten as an error if the run continues', async () => {
	const { output } = await run('forgetUsers', [{ id: 4 }], {}, { onError: 'continue' });
	expect(output).toEqual([{ error: expect.stringContaining('neither an email nor a phone') }]);
});

it('returns each person who was not forgotten since the table has no space left', async () => {
	tables.space = 0;
	const { output, error } = await run('forgetUsers', [ada, bob], {}, { onError: 'continue' });
	expect(error).toBeUndefined();
	const noSpace = { error: expect.stringContaining('N8N_DATA_TABLES_MAX_SIZE_BYTES') };
	expect(output).toEqual([noSpace, noSpace]);
});

it('forgets each contact of a page, whoever it is, and returns those without an email or phone', async () => {
	const staff = { id: 2, email: 'sam@example.com', is_staff: true };
	const page = { results: [ada, staff, { id: 3, name: 'nobody' }, bob], total: 4 };
	const { output, errorOutput } = await run('forgetUsers', [page], {}, { onError: 'output' });
	expect(output).toMatchObject([{ forgotten: 2 }, { forgotten: 1 }, { forgotten: 1 }]);
	expect(errorOutput).toMatchObject([
		{ details: { code: 'no_email_or_phone', contact: { id: 3, name: 'nobody' } } },
	]);
	const people = [ada, { email: 'sam@example.com' }, bob];
	const sent = await run('addUsers', people, { underMinimum: 'warn' });
	expect(sent.output).toMatchObject([{ invalidReasons: { forgotten: 3 } }]);
	expect(simulator.uploads).toEqual([]);
});

it('says whose email or phone could not be read, and so was not forgotten', async () => {
	const items = [
		{ email: 'ada@example.com', phone: '0151 23456789' },
		{ phone: '+14155550199', phone_2: '0151 23456780' },
		{ email: 'cid@example.com' },
	];
	const { output, hints } = await run('forgetUsers', items);
	expect(output).toMatchObject([
		{ forgotten: 1, droppedField: 'phone_no_country' },
		{ forgotten: 1, droppedField: 'phone_no_country' },
		{ forgotten: 1 },
	]);
	expect(output[2]).not.toHaveProperty('droppedField');
	const texts = hints.map(({ message }) => message).join('\n');
	expect(texts).toMatch(/of 2 contacts can't be read, so it was not forgotten: .*country code/);
});

it("forgets people for whom an expression in 'Default Country' returns no country", async () => {
	const items = [bob, { phone: '0151 23456789', home: 'DE' }, { ...ada, home: 'Atlantis' }];
	const { output, error } = await run('forgetUsers', items, {
		defaultCountry: '={{ $json.home }}',
	});
	expect(error).toBeUndefined();
	expect(output).toMatchObject([{ forgotten: 1 }, { forgotten: 1 }, { forgotten: 2 }]);
	const fixed = await run('forgetUsers', items, { defaultCountry: 'Atlantis' });
	expect(fixed.error?.message).toBe("'Default Country' isn't a country");
});

it('forgets an item that is marked as staff', async () => {
	const { output } = await run('forgetUsers', [{ ...ada, role: 'admin', is_staff: true }]);
	expect(output).toMatchObject([{ forgotten: 2 }]);
});

it('ends a second after the hashes are stored, so that runs of other workers have looked again', async () => {
	const waits: number[] = [];
	const clock = { ...stillClock(), sleep: async (ms: number) => void waits.push(ms) };
	await run('forgetUsers', [ada], {}, { clock });
	expect(waits).toEqual([1000]);
});
