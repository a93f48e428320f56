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
