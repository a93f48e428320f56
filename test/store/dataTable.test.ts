import {
	DataTable,
	type RunWorkflow,
	type RememberedTable,
	type TableMemory,
} from '../../nodes/AlibabaCloudChatApp/store/dataTable';
import { all, type Step, where } from '../../nodes/AlibabaCloudChatApp/store/table';
import { CONTRACT } from './tableContract';
import { inlineRunner } from './inlineRunner';
import { MemoryTables, TABLE_COLUMNS } from './memoryTables';

const READ: Step = { do: 'get', where: all(where('audience', 'eq', 'a')), limit: 1000 };
const INSERT: Step = { do: 'insert', rows: [{ audience: 'a', status: 'waiting' }] };

/** What a workflow remembers between runs. */
function memory(
	known: Record<string, RememberedTable> = {},
): TableMemory & { known: typeof known } {
	return {
		known,
		tableOf: (name) => known[name],
		remember: (name, table) => void (known[name] = table),
	};
}

let tables: MemoryTables;
let asked: number;
let run: RunWorkflow;
beforeEach(() => {
	tables = new MemoryTables();
	asked = 0;
	const runner = inlineRunner(tables);
	run = async (...given) => {
		asked++;
		return await runner(...given);
	};
});

const open = (name = 'contacts', known = memory()) => new DataTable(name, run, known);

describe("n8n's Data Table, reached through sub-workflows, does what collecting relies on", () => {
	it.each(Object.entries(CONTRACT))('%s', async (_, check) => {
		await check(open());
	});
});

/** Rows of the table with that name. */
const rowsOf = (name = 'contacts') =>
	tables.tables.find((table) => table.name === name)?.rows.length;

describe('the table', () => {
	it('is created if it does not exist, and then reached by its ID', async () => {
		const known = memory();
		const table = open('contacts', known);
		await table.run([INSERT]);
		expect(tables.tables).toMatchObject([{ name: 'contacts', columns: TABLE_COLUMNS }]);
		expect(known.known).toMatchObject({ contacts: { id: 'table1' } });
		expect(table.message).toBeUndefined();
		asked = 0;
		expect(await table.run([READ])).toHaveLength(1);
		expect(asked).toBe(1);
	});

	it.each([
		['its name, in a sub-workflow before', () => memory(), 2],
		[
			'the remembered ID, in the same sub-workflow',
			() => memory({ contacts: { id: 'table1' } }),
			1,
		],
	])('is found by %s', async (_, known, subWorkflows) => {
		await open().run([INSERT]);
		asked = 0;
		expect(await open('contacts', known()).run([READ])).toHaveLength(1);
		expect(asked).toBe(subWorkflows);
		expect(tables.tables).toHaveLength(1);
	});

	it.each(['contacts', '=contacts', `{{ "it's" }}`])(
		'is not confused with one whose name contains its own: %s',
		async (name) => {
			await open(`my ${name}`).run([INSERT]);
			expect(await open(name).run([READ])).toEqual([]);
			await open(name).run([INSERT]);
			await open(`${name} of mine`).run([INSERT]);
			expect(await open(name).run([READ])).toHaveLength(1);
			const table = open(name);
			await table.run([READ]);
			await table.run([INSERT]);
			expect([rowsOf(name), rowsOf(`my ${name}`), rowsOf(`${name} of mine`)]).toEqual([2, 1, 1]);
		},
	);

	it('that a person created again is used, though another ID is remembered', async () => {
		const known = memory({ contacts: { id: 'table9' } });
		await open().run([INSERT]);
		const table = open('contacts', known);
		expect(await table.run([READ])).toHaveLength(1);
		expect(known.known.contacts).toMatchObject({ id: 'table1' });
		expect(table.message).toBeUndefined();
	});

	it('that has the name now is used, though the remembered one has another', async () => {
		const known = memory();
		await open('contacts', known).run([INSERT]);
		tables.tables[0]!.name = 'old';
		tables.create('contacts', TABLE_COLUMNS);
		expect(await open('contacts', known).run([READ])).toEqual([]);
		await open('contacts', known).run([INSERT]);
		expect([rowsOf(), rowsOf('old')]).toEqual([1, 1]);
	});

	it('that was deleted is created again, and a notice says which contacts are gone', async () => {
		const known = memory();
		await open('contacts', known).run([INSERT]);
		tables.tables.length = 0;
		tables.create('people', TABLE_COLUMNS);
		const table = open('contacts', known);
		expect(await table.run([READ])).toEqual([]);
		expect(table.message).toMatchObject({
			code: 'data_table_deleted',
			what: "The Data Table 'contacts' was deleted along with the contacts waiting in it, so a new one was created",
			fix: 'Run those contacts again if you want to send them',
		});
		expect(known.known.contacts).toMatchObject({ id: tables.tables[1]?.id });
	});

	it.each<[string, string | undefined, string]>([
		['was moved to another project', 'project1', 'data_table_moved'],
		['stayed in its project', 'project2', 'data_table_deleted'],
		['had a table whose project is unknown', undefined, 'data_table_deleted'],
	])('that is gone is reported correctly for a workflow that %s', async (_, project, code) => {
		tables.project = 'project2';
		const table = open(
			'contacts',
			memory({ contacts: { id: 'table9', ...(project && { project }) } }),
		);
		await table.run([INSERT]);
		expect(table.message?.code).toBe(code);
		expect(rowsOf()).toBe(1);
	});

	it('that was renamed keeps nothing of what is stored while that is found out', async () => {
		const known = memory();
		await open('contacts', known).run([INSERT]);
		tables.tables[0]!.name = 'people';
		const rows = ['a', 'b'].map((contact) => ({ contact, status: 'waiting' as const }));
		const insert: Step = { do: 'insert', rows };
		await expect(open('contacts', known).run([insert, READ])).rejects.toMatchObject({
			code: 'data_table_renamed',
		});
		expect(rowsOf('people')).toBe(1);
	});

	it('that was renamed keeps nothing of many contacts, which are deleted in steps of 200 conditions at most', async () => {
		const known = memory();
		await open('contacts', known).run([INSERT]);
		tables.tables[0]!.name = 'people';
		const rows = Array.from({ length: 450 }, (_, contact) => {
			return { contact: `c.${contact}`, status: 'waiting' as const };
		});
		const conditions: number[] = [];
		const runner = run;
		run = async (workflow, items) => {
			for (const { parameters } of workflow.nodes) {
				const filters = parameters.filters as { conditions: object[] } | undefined;
				if (parameters.operation === 'deleteRows') conditions.push(filters!.conditions.length);
			}
			return await runner(workflow, items);
		};
		const storing = open('contacts', known).run([{ do: 'insert', rows }, READ]);
		await expect(storing).rejects.toMatchObject({ code: 'data_table_renamed' });
		expect(rowsOf('people')).toBe(1);
		expect(conditions).toEqual([200, 200, 50]);
	});

	it('is not created if it is only to be read', async () => {
		expect(await open().runIfExists([READ])).toBeUndefined();
		expect(tables.tables).toEqual([]);
		await open().run([INSERT]);
		for (const known of [memory(), memory({ contacts: { id: 'table1' } })]) {
			const table = open('contacts', known);
			expect(await table.runIfExists([])).toEqual([]);
			expect(await table.runIfExists([READ])).toHaveLength(1);
		}
		tables.enabled = false;
		await expect(open().runIfExists([READ])).rejects.toMatchObject({ code: 'data_tables_off' });
	});

	it('that was renamed is reported with both names, and none is created', async () => {
		const known = memory();
		await open('contacts', known).run([INSERT]);
		tables.tables[0]!.name = 'people';
		await expect(open('contacts', known).run([INSERT])).rejects.toMatchObject({
			code: 'data_table_renamed',
			what: "The Data Table 'contacts', where contacts are waiting, was renamed to 'people'",
			fix: "Change its name back under Data Tables, or enter 'people' in 'Data Table Name' of each node that uses it",
		});
		expect(tables.tables).toHaveLength(1);
	});

	it.each([
		['a column', TABLE_COLUMNS.slice(1), "a column that the node needs: 'audience (string)'"],
		[
			'columns',
			TABLE_COLUMNS.slice(0, -2),
			"columns that the node needs: 'sentAt (date)', 'leaseUntil (date)'",
		],
		[
			"a column's type",
			TABLE_COLUMNS.map(({ name }) => ({ name, type: 'string' })),
			"columns that the node needs: 'waitingSince (date)', 'sentAt (date)', 'leaseUntil (date)'",
		],
	])('that lacks %s is not changed, and the error says what to add', async (_, columns, lacks) => {
		tables.create('contacts', columns);
		await expect(open().run([INSERT])).rejects.toMatchObject({
			code: 'data_table_columns',
			what: `The Data Table 'contacts' lacks ${lacks}`,
			fix: "If you renamed a column, change its name back, or add it under Data Tables with its type. Or enter a new name in 'Data Table Name', and the node creates its own table",
		});
		expect(rowsOf()).toBe(0);
	});

	it('may have more columns than the node needs', async () => {
		tables.create('contacts', [...TABLE_COLUMNS, { name: 'note', type: 'string' }]);
		await open().run([INSERT]);
		expect(await open().run([READ])).toHaveLength(1);
	});
});
