import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { ALL_IDS } from '../engine/knownIds';
import { runNode, type NodeRun } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { useSimulator } from '../simulator/useSimulator';
import { MemoryTables, TABLE_COLUMNS } from '../store/memoryTables';

const simulator = useSimulator();
let tables: MemoryTables;
beforeEach(() => {
	tables = new MemoryTables();
});

const run = async (
	operation: string,
	items: IDataObject[],
	options: INodeParameters,
	more: Partial<NodeRun> = {},
) =>
	await runNode({
		simulator,
		operation: `customAudience:${operation}`,
		set: { ...ALL_IDS, ...options },
		items,
		tables,
		clock: stillClock(),
		...more,
	});

it('contacts are read from the table of that name, not from one whose name contains it', async () => {
	await run('addUsers', [{ email: 'ann@example.com' }], { collectTable: 'leads' });
	const [own] = tables.tables;
	const other = tables.create('leads of last year', TABLE_COLUMNS);
	const row = { ...own?.rows[0], email: 'bob@example.com' };
	tables.insert(other.id, [row, { ...row, email: 'cid@example.com' }]);
	const { output } = await run('sendCollected', [{}], { collectTable: 'leads' });
	expect(output[0]).toMatchObject({ collecting: { waiting: 1 } });
	await run('sendCollected', [{}], { collectTable: 'leads', force: true });
	expect(simulator.uploads.map(({ users }) => users)).toEqual([[{ Email: 'ann@example.com' }]]);
	expect(other.rows.map(({ status }) => status)).toEqual(['waiting', 'waiting']);
});

it('a contact whose email begins with an equals sign is recognized again', async () => {
	const contact = { email: '=ann@example.com' };
	await run('addUsers', [contact], {});
	const { output } = await run('addUsers', [contact], {});
	expect(output[0]).toMatchObject({ duplicates: 1, collected: 0 });
});

it('an error while collected contacts are sent ends the run, and they wait', async () => {
	simulator.misbehave(() => true, { kind: 'throttle' }, 'AddCustomAudienceUser');
	const sleep = async () => {
		throw new Error('no timer');
	};
	const clock = { ...stillClock(), sleep };
	const few = [{ email: 'ann@example.com' }];
	const { error } = await run('addUsers', few, { collectUntil: 1 }, { clock });
	expect(error?.message).toContain('Nothing more was sent: Error: no timer');
	const waiting = tables.tables[0]?.rows.filter(({ status }) => status === 'waiting');
	expect(waiting).toHaveLength(1);
});

describe('a stored contact whose phone number a person changed so that it cannot be read', () => {
	const warning =
		"1 contact in the Data Table is not sent, because the row with ID 1 can't be read. Open Data Tables in n8n and correct or delete these rows. A phone number needs its country code";
	const others = Array.from({ length: 100 }, (_, index) => ({ email: `u${index}@example.com` }));
	beforeEach(async () => {
		await run('addUsers', [{ phone: '+1 650 253 0002' }], {});
		Object.assign(tables.tables[0]?.rows[0] ?? {}, { phone: '650 253 0002' });
	});

	it.each<[string, string, IDataObject[], INodeParameters, number]>([
		['when contacts are sent, though none can be', 'sendCollected', [{}], { force: true }, 0],
		['when one more is stored', 'addUsers', others.slice(0, 1), {}, 0],
		['when one more is stored and sent', 'addUsers', others.slice(0, 1), { collectUntil: 1 }, 1],
		['when a list is sent', 'addUsers', others, {}, 100],
	])('is reported %s', async (_, operation, items, options, sent) => {
		const { output, hints } = await run(operation, items, options);
		expect(output).toMatchObject([
			{ submitted: sent, warnings: expect.arrayContaining([warning]) },
		]);
		const shown = hints.map(({ message }) => message);
		expect(shown).toContain(warning);
		expect(shown.join()).not.toContain('no contacts are waiting');
		expect(JSON.stringify([output, hints])).not.toMatch(/650.?253/);
		expect(simulator.uploads.flatMap(({ users }) => users)).toHaveLength(sent);
		expect(tables.tables[0]?.rows[0]).toMatchObject({ status: 'waiting' });
	});

	it('is sent once it is corrected', async () => {
		Object.assign(tables.tables[0]?.rows[0] ?? {}, { phone: '+1 650 253 0002' });
		const { output } = await run('sendCollected', [{}], { force: true });
		expect(output[0]).toMatchObject({ submitted: 1, collecting: { waiting: 0 } });
		expect(JSON.stringify(output)).not.toContain("can't be read");
	});

	it('is counted with others, of which the first are named', async () => {
		await run('addUsers', others.slice(0, 6), {});
		for (const row of tables.tables[0]?.rows ?? []) Object.assign(row, { email: 'nobody' });
		const { output } = await run('sendCollected', [{}], { force: true });
		expect(output[0]?.warnings).toEqual([
			expect.stringMatching(
				/^7 contacts in the Data Table are not sent, because the rows with IDs 1, 2, 3, 4, 5, and 2 more can't be read\./,
			),
		]);
	});
});
