import { DataTable, type RunWorkflow } from '../../nodes/AlibabaCloudChatApp/store/dataTable';
import {
	all,
	type Step,
	where,
	hasChangedMeanwhile,
} from '../../nodes/AlibabaCloudChatApp/store/table';
import { inlineRunner } from './inlineRunner';
import { MemoryTables, TABLE_COLUMNS } from './memoryTables';

const READ: Step = { do: 'get', where: all(where('audience', 'eq', 'a')), limit: 1000 };
const INSERT: Step = { do: 'insert', rows: [{ audience: 'a', status: 'waiting' }] };
const CHANGED = 'synchronization error: result count changed during pagination';

let tables: MemoryTables;
/** What n8n throws instead of returning the next responses. */
let failures: unknown[];
let asked: number;
let table: DataTable;
beforeEach(() => {
	tables = new MemoryTables();
	failures = [];
	asked = 0;
	const runner = inlineRunner(tables);
	const run: RunWorkflow = async (...given) => {
		asked++;
		const answer = await runner(...given);
		const error = failures.shift();
		if (error) throw error;
		return answer;
	};
	table = new DataTable('contacts', run, { tableOf: () => undefined, remember: () => undefined });
});

const rows = () => tables.tables[0]?.rows.length;

describe('if rows are added while n8n reads', () => {
	it('it reads again and inserts nothing twice', async () => {
		await table.run([READ]);
		asked = 0;
		failures = Array<Error>(5).fill(new Error(CHANGED));
		expect(await table.run([INSERT, READ])).toHaveLength(1);
		expect([asked, rows()]).toEqual([6, 1]);
	});

	it('it gives up after six tries', async () => {
		await table.run([READ]);
		asked = 0;
		failures = Array<Error>(6).fill(new Error(CHANGED));
		await expect(table.run([READ])).rejects.toMatchObject({ code: 'data_table' });
		expect(asked).toBe(6);
	});
});

it('nothing is tried again for another reason, which is reported', async () => {
	await table.run([READ]);
	asked = 0;
	failures = [new Error('Data table size limit exceeded: 50MB used')];
	await expect(table.run([INSERT])).rejects.toMatchObject({ code: 'data_tables_full' });
	expect([asked, rows()]).toEqual([1, 1]);
});

it('a table that another run creates at the same moment is used', async () => {
	const create = tables.create.bind(tables);
	tables.create = (name, columns) => {
		create(name, columns);
		throw new Error('UNIQUE constraint failed: data_table.name');
	};
	expect(await table.run([READ])).toEqual([]);
	await table.run([INSERT]);
	expect([tables.tables.length, rows()]).toEqual([1, 1]);
});

it('if a table can be neither found nor created, the first reason is reported', async () => {
	tables.create = () => {
		throw new Error('Data table size limit exceeded');
	};
	await expect(table.run([INSERT])).rejects.toMatchObject({ code: 'data_tables_full' });
	tables.enabled = false;
	await expect(table.run([INSERT])).rejects.toMatchObject({ code: 'data_tables_off' });
});

it('if a table exists but has no response, the reason is reported', async () => {
	const known = { tableOf: () => ({ id: 'table1' }), remember: () => undefined };
	tables.create('contacts', [{ name: 'audience', type: 'string' }]);
	const spoiled = new DataTable('contacts', inlineRunner(tables), known);
	await expect(spoiled.run([READ])).rejects.toMatchObject({ code: 'data_table_columns' });
});

it.each<[string, unknown, boolean]>([
	['its message', new Error(CHANGED), true],
	['its message, in capitals', new Error(CHANGED.toUpperCase()), true],
	['its description', { description: CHANGED }, true],
	['its cause', Object.assign(new Error(''), { cause: new Error(CHANGED) }), true],
	['the first line of its stack', { message: '', stack: `NodeError: ${CHANGED}\n at x` }, true],
	['another line of its stack', { stack: `NodeError\n at ${CHANGED}` }, false],
	['a cause that is no error', { cause: CHANGED }, false],
	['nothing', undefined, false],
	['no text', { message: 7, stack: 7 }, false],
])('an error shows by %s that rows were added meanwhile', (_, error, is) => {
	expect(hasChangedMeanwhile(error)).toBe(is);
});

describe("the parameters of a step that fails, which n8n's debug log contains,", () => {
	const EMAIL = 'mary@example.com';
	const LOOK_UP: Step = { do: 'get', where: all(where('email', 'eq', EMAIL)), limit: 1000 };
	const STORE: Step = { do: 'insert', rows: [{ contact: '1', email: EMAIL, status: 'waiting' }] };
	const REMOVE: Step = { do: 'delete', where: all(where('phone', 'eq', EMAIL)) };

	/** Runs the steps as a run of a workflow that used the table before, and collects the parameters. */
	async function failing(steps: Step[], spoil: () => void) {
		tables.create('contacts', TABLE_COLUMNS);
		spoil();
		const runner = inlineRunner(tables);
		const logged: string[] = [];
		const run: RunWorkflow = async (workflow, items) => {
			try {
				return await runner(workflow, items);
			} catch (error) {
				const { node } = error as { node: { name: string } };
				const failed = workflow.nodes.find(({ name }) => name === node.name);
				logged.push(JSON.stringify(failed?.parameters));
				throw error;
			}
		};
		const memory = { tableOf: () => ({ id: 'table1' }), remember: () => undefined };
		await new DataTable('contacts', run, memory).run(steps).catch(() => undefined);
		return logged;
	}

	const rename = (from: string) => () => {
		for (const column of tables.tables[0]!.columns) {
			if (column.name === from) Object.assign(column, { name: 'renamed' });
		}
	};

	it.each<[string, Step[], () => void]>([
		[
			'a contact is stored and the table was deleted',
			[STORE, LOOK_UP],
			() => (tables.tables.length = 0),
		],
		['a contact is stored and a column was renamed', [STORE, LOOK_UP], rename('email')],
		[
			'a contact is looked up and the table was deleted',
			[LOOK_UP],
			() => (tables.tables.length = 0),
		],
		['a contact is looked up and a column was renamed', [LOOK_UP], rename('email')],
		['a contact is removed and a column was renamed', [REMOVE], rename('phone')],
		[
			'a contact is stored and Data Tables are off',
			[STORE, LOOK_UP],
			() => (tables.enabled = false),
		],
	])('contain no contact if %s', async (_, steps, spoil) => {
		expect((await failing(steps, spoil)).join()).not.toContain(EMAIL);
	});
});

it.each([
	['Step 1', 0],
	['Step 2', 1],
	['List Tables', 2],
	['Merge 1', 2],
	['Merge 12', 2],
	['Start', undefined],
	[undefined, undefined],
])("an error of n8n's node %s shows how many steps were done", async (name, stepsDone) => {
	await table.run([READ]);
	failures = [Object.assign(new Error('database is locked'), { node: { name } })];
	await expect(table.run([INSERT, READ])).rejects.toMatchObject({ code: 'data_table', stepsDone });
});

it('an error of a repeated read shows that the insert was done', async () => {
	await table.run([READ]);
	failures = [new Error(CHANGED), new Error('database is locked')];
	await expect(table.run([INSERT, READ])).rejects.toMatchObject({ stepsDone: 1 });
});
