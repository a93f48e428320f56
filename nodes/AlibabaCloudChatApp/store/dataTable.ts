import { deleteContacts } from './findRows';
import {
	createTableWorkflow,
	type InlineWorkflow,
	listTablesWorkflow,
	stepsDone,
	stepsWorkflow,
} from './subWorkflows';
import {
	COLUMNS,
	columnsMissing,
	type Condition,
	tableDeleted,
	hasChangedMeanwhile,
	tableMoved,
	type NewRow,
	tableRenamed,
	type Row,
	type Step,
	type Table,
	type TableError,
	toTableError,
} from './table';

/** Runs a sub-workflow on some items. @returns the JSON of the items that its last node returns */
export type RunWorkflow = (workflow: InlineWorkflow, items: object[]) => Promise<object[]>;

/** A table as the workflow last used it. */
export interface RememberedTable {
	id: string;
	/** The ID of its project; absent if n8n didn't return it. */
	project?: string;
}

/**
 * Which table had a name when the workflow last used it. It saves a search, and it distinguishes a table that was
 * renamed or deleted from one that never existed.
 */
export interface TableMemory {
	tableOf(name: string): RememberedTable | undefined;
	remember(name: string, table: RememberedTable): void;
}

interface TableInfo {
	id: string;
	name: string;
	projectId?: string;
	project?: { id?: string };
	columns?: Array<{ name: string; type: string }>;
}

/** With twenty runs storing at once, a new row interrupts one read in a hundred. */
const MAX_ATTEMPTS = 6;

/** One of n8n's Data Tables, accessed through sub-workflows: usually one for each call of `run`. */
export class DataTable implements Table {
	message?: TableError;
	id?: string;

	constructor(
		private readonly name: string,
		private readonly runWorkflow: RunWorkflow,
		private readonly memory: TableMemory,
	) {}

	async run(steps: Step[]): Promise<Row[]> {
		try {
			if (this.id !== undefined) return await this.runIn(this.id, steps);
			const remembered = this.memory.tableOf(this.name);
			if (!remembered || containsIdentifiers(steps)) {
				return await this.runIn(await this.findOrCreate(remembered), steps);
			}
			return await this.runInRemembered(remembered, steps);
		} catch (error) {
			throw toTableError(error);
		}
	}

	async runIfExists(steps: Step[]): Promise<Row[] | undefined> {
		try {
			const remembered = this.memory.tableOf(this.name);
			const id = this.id ?? (await this.find(remembered));
			if (id === undefined) return undefined;
			return steps.length > 0 ? await this.runIn(id, steps) : [];
		} catch (error) {
			throw toTableError(error);
		}
	}

	private async runIn(id: string, steps: Step[]): Promise<Row[]> {
		return (await this.request(id, steps)).filter(isRow);
	}

	/** Runs the steps and checks the table's name and columns in the same sub-workflow. */
	private async runInRemembered(remembered: RememberedTable, steps: Step[]): Promise<Row[]> {
		const { id } = remembered;
		let failure: unknown;
		try {
			const found = await this.request(id, steps, this.name);
			const table = found.filter(isTable).find(({ name }) => name === this.name);
			if (table?.id === id) {
				this.use(table);
				return found.filter(isRow);
			}
		} catch (error) {
			failure = error;
		}
		if (failure === undefined) await this.undoInsert(id, steps);
		const current = await this.findOrCreate(remembered);
		if (current === id) throw failure;
		return await this.runIn(current, steps);
	}

	// The table has another name now, so it is no longer this one.
	private async undoInsert(id: string, [first]: Step[]): Promise<void> {
		if (first?.do !== 'insert') return;
		const keys = new Set(first.rows.flatMap(({ contact }) => contact ?? []));
		await deleteContacts({ run: async (steps) => await this.runIn(id, steps) }, [...keys]);
	}

	private async findOrCreate(remembered: RememberedTable | undefined): Promise<string> {
		const found = await this.find(remembered);
		if (found !== undefined) return found;
		const created = await this.create();
		const id = this.use(created);
		if (remembered) {
			this.message = isMoved(remembered, created) ? tableMoved(this.name) : tableDeleted(this.name);
		}
		return id;
	}

	/**
	 * @param remembered the table that had the name before
	 * @returns the ID of the table that has the name now
	 * @throws TableError if the remembered table has another name now
	 */
	private async find(remembered: RememberedTable | undefined): Promise<string | undefined> {
		const tables = await this.list(remembered ? '' : this.name);
		const found = tables.find(({ name }) => name === this.name);
		if (found) {
			const id = this.use(found);
			if (remembered && isMoved(remembered, found)) this.message = tableMoved(this.name);
			return id;
		}
		const known = tables.find(({ id }) => id === remembered?.id);
		if (known) throw tableRenamed(this.name, known.name);
		return undefined;
	}

	private async create(): Promise<TableInfo> {
		const isNamed = ({ name }: TableInfo) => name === this.name;
		try {
			const created = await this.runWorkflow(createTableWorkflow(this.name), [{}]);
			const table = created.filter(isTable).find(isNamed);
			if (table) return table;
			throw new Error(NO_TABLE);
		} catch (error) {
			// Another run may have created it first, which every database reports differently.
			const table = (await this.list(this.name)).find(isNamed);
			if (table) return table;
			throw toTableError(error);
		}
	}

	// Retries only if a read failed: inserted rows stay, so they are skipped, and the other steps can run twice.
	private async request(id: string, steps: Step[], check?: string): Promise<object[]> {
		let remaining = steps;
		for (let attempt = 1; ; attempt++) {
			const [first] = remaining;
			const items = first?.do === 'insert' ? first.rows.map(withAllColumns) : [{}];
			try {
				return await this.runWorkflow(stepsWorkflow(id, remaining, check), items);
			} catch (error) {
				const done = stepsDone(error, remaining);
				if (attempt === MAX_ATTEMPTS || !hasChangedMeanwhile(error)) {
					const skipped = steps.length - remaining.length;
					throw toTableError(error, skipped > 0 ? skipped + (done ?? 0) : done);
				}
				remaining = remaining.filter((step) => step.do !== 'insert');
			}
		}
	}

	private use(table: TableInfo): string {
		const { id, columns } = table;
		const unfit = Object.entries(COLUMNS).filter(
			([name, type]) => columns && !columns.some((one) => one.name === name && one.type === type),
		);
		if (unfit.length > 0) {
			throw columnsMissing(
				this.name,
				unfit.map(([name, type]) => `${name} (${type})`),
			);
		}
		this.id = id;
		const project = projectOf(table);
		this.memory.remember(this.name, project === undefined ? { id } : { id, project });
		return id;
	}

	private async list(nameContains: string): Promise<TableInfo[]> {
		return (await this.runWorkflow(listTablesWorkflow(nameContains), [{}])).filter(isTable);
	}
}

function projectOf({ projectId, project }: TableInfo): string | undefined {
	return projectId ?? project?.id;
}

/** Whether the workflow is in another project now than when it used the remembered table. */
function isMoved({ project }: RememberedTable, table: TableInfo): boolean {
	return project !== undefined && project !== projectOf(table);
}

// n8n's debug log contains the parameters of a step that fails, so the table is checked before such steps. What is
// inserted is the sub-workflow's input, not a parameter; and an insert fails first if the table isn't as it was.
function containsIdentifiers([first, ...others]: Step[]): boolean {
	if (!first || first.do === 'insert') return false;
	const isOnIdentifier = ({ column }: Condition) => column === 'email' || column === 'phone';
	return [first, ...others].some(
		(step) => step.do !== 'insert' && step.where.conditions.some(isOnIdentifier),
	);
}

// Mapped by name, without an expression: an item needs all of the table's columns and nothing else.
function withAllColumns(row: NewRow): object {
	const empty = Object.fromEntries(Object.keys(COLUMNS).map((column) => [column, null]));
	return { ...empty, ...row };
}

function isTable(result: object): result is TableInfo {
	return 'id' in result && 'name' in result && 'columns' in result;
}

function isRow(result: object): result is Row {
	return !isTable(result) && 'id' in result && 'status' in result;
}

/** Appears in the error if n8n returns no table; see `toTableError`. */
const NO_TABLE = 'no-such-table';
