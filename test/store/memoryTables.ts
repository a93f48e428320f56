import { COLUMNS } from '../../nodes/AlibabaCloudChatApp/store/table';

export type Cell = string | number | boolean | null;
export type MemoryRow = Record<string, Cell> & { id: number };

export interface MemoryCondition {
	keyName: string;
	condition: string;
	keyValue?: Cell;
}

export interface Filter {
	matchType: 'allConditions' | 'anyCondition';
	conditions: MemoryCondition[];
}

export interface MemoryTableInfo {
	id: string;
	projectId: string;
	name: string;
	columns: Array<{ name: string; type: string }>;
	rows: MemoryRow[];
	nextId: number;
	updated: number;
}

const SYSTEM = { id: 'number', createdAt: 'date', updatedAt: 'date' } as const;

/** A project's Data Tables in memory, as n8n's own node treats them; `contract.ts` is run against both. */
export class MemoryTables {
	readonly tables: MemoryTableInfo[] = [];
	/** Whether n8n's module is switched on. */
	enabled = true;
	/** The project that new tables belong to. */
	project = 'project1';
	/** Cells that fit into all tables. */
	space = Number.POSITIVE_INFINITY;
	private count = 0;

	constructor(private readonly now: () => number = Date.now) {}

	/** The newest first, as n8n gives them. */
	list(nameContains = ''): MemoryTableInfo[] {
		this.check();
		return this.tables
			.filter(({ name }) => name.toLowerCase().includes(nameContains.toLowerCase()))
			.sort((a, b) => b.updated - a.updated);
	}

	create(name: string, columns: MemoryTableInfo['columns'], reuse = true): MemoryTableInfo {
		// n8n looks at the first of the tables whose names contain it.
		const [first] = this.list(name);
		if (reuse && first?.name === name) return first;
		if (this.tables.some((table) => table.name === name)) {
			throw new Error(`Data table with name '${name}' already exists in this project`);
		}
		this.count += 1;
		const id = `table${this.count}`;
		const updated = this.count;
		const table = { id, projectId: this.project, name, columns, rows: [], nextId: 1, updated };
		this.tables.push(table);
		return table;
	}

	insert(tableId: string, rows: Array<Record<string, unknown>>): number {
		const table = this.writable(tableId);
		const complete = rows.map((row) => this.cells(table, row));
		for (const cells of complete) {
			const empty = Object.fromEntries(table.columns.map(({ name }) => [name, null]));
			const time = new Date(this.now()).toISOString();
			table.rows.push({ ...empty, ...cells, id: table.nextId, createdAt: time, updatedAt: time });
			table.nextId += 1;
		}
		return rows.length;
	}

	get(
		tableId: string,
		filter: Filter,
		{ limit, orderBy, latest }: { limit: number; orderBy?: string; latest?: boolean },
	): MemoryRow[] {
		const table = this.table(tableId);
		const found = table.rows.filter(this.matcher(table, filter));
		// Without an order, some order that no one expects.
		const sorted =
			orderBy === undefined
				? found.toReversed()
				: [...found].sort((a, b) => compare(a[orderBy], b[orderBy]) * (latest ? -1 : 1));
		return sorted.slice(0, limit).map((row) => ({ ...row }));
	}

	update(tableId: string, filter: Filter, set: Record<string, unknown>): MemoryRow[] {
		const table = this.writable(tableId);
		const cells = this.cells(table, set);
		const found = table.rows.filter(this.matcher(table, filter));
		const updatedAt = new Date(this.now()).toISOString();
		for (const row of found) Object.assign(row, cells, { updatedAt });
		return found.map((row) => ({ ...row }));
	}

	delete(tableId: string, filter: Filter): MemoryRow[] {
		const table = this.table(tableId);
		const matches = this.matcher(table, filter);
		const gone = table.rows.filter(matches);
		table.rows = table.rows.filter((row) => !matches(row));
		return gone;
	}

	table(id: string): MemoryTableInfo {
		this.check();
		const table = this.tables.find((one) => one.id === id);
		if (!table) throw new Error(`Data table with ID '${id}' could not be found in this project`);
		return table;
	}

	private check(): void {
		if (!this.enabled) {
			throw new Error('Attempted to use Data table node but the module is disabled');
		}
	}

	private writable(id: string): MemoryTableInfo {
		const table = this.table(id);
		const used = this.tables.reduce(
			(sum, { rows, columns }) => sum + rows.length * columns.length,
			0,
		);
		if (used >= this.space)
			throw new Error('Data table size limit exceeded: 50MB used, limit is 50MB');
		this.count += 1;
		table.updated = this.count;
		return table;
	}

	private cells(table: MemoryTableInfo, row: Record<string, unknown>): Record<string, Cell> {
		return Object.fromEntries(
			Object.entries(row)
				.filter(([name]) => !(name in SYSTEM))
				.map(([name, value]) => [name, this.cell(table, name, value)]),
		);
	}

	private cell(table: MemoryTableInfo, name: string, value: unknown): Cell {
		const type = typeOf(table, name);
		if (type === undefined) throw new Error(`unknown column name '${name}'`);
		if (value === null || value === undefined) return null;
		if (type !== 'date') return value as Cell;
		const time = Date.parse(String(value));
		if (Number.isNaN(time))
			throw new Error(`value '${String(value)}' does not match column type 'date'`);
		return new Date(time).toISOString();
	}

	private matcher(table: MemoryTableInfo, { matchType, conditions }: Filter) {
		const missing = conditions.filter(({ keyName }) => typeOf(table, keyName) === undefined);
		if (missing.length > 0) {
			throw new Error(
				`Filter validation failed: Column(s) "${missing.map(({ keyName }) => keyName).join(', ')}" do not exist in the selected table.`,
			);
		}
		const tests = conditions.map(({ keyName, condition, keyValue = null }) => {
			const value = this.cell(table, keyName, keyValue);
			return (row: MemoryRow) => holds(row[keyName] ?? null, condition, value);
		});
		return (row: MemoryRow) =>
			matchType === 'allConditions'
				? tests.every((test) => test(row))
				: tests.length === 0 || tests.some((test) => test(row));
	}
}

/** The columns that the node makes, as n8n keeps them. */
export const TABLE_COLUMNS = Object.entries(COLUMNS).map(([name, type]) => ({ name, type }));

function typeOf(table: MemoryTableInfo, name: string): string | undefined {
	if (name in SYSTEM) return SYSTEM[name as keyof typeof SYSTEM];
	return table.columns.find((column) => column.name === name)?.type;
}

// SQL's rules: nothing compares to null but with 'neq', which n8n widens.
function holds(cell: Cell, condition: string, value: Cell): boolean {
	if (condition === 'isEmpty') return cell === null || cell === '';
	if (condition === 'isNotEmpty') return cell !== null && cell !== '';
	if (condition === 'neq') return value === null ? cell !== null : cell !== value;
	if (value === null) return condition === 'eq' && cell === null;
	if (cell === null) return false;
	switch (condition) {
		case 'eq':
			return cell === value;
		case 'lt':
			return cell < value;
		case 'lte':
			return cell <= value;
		case 'gt':
			return cell > value;
		case 'gte':
			return cell >= value;
		default:
			throw new Error(`Unsupported filter condition: ${condition}`);
	}
}

function compare(a: Cell | undefined, b: Cell | undefined): number {
	if (a === b) return 0;
	if (a === null || a === undefined) return -1;
	if (b === null || b === undefined) return 1;
	return a < b ? -1 : 1;
}
