import { inlineWorkflow, listTables, NO_TABLE, type InlineWorkflow } from './inlineWorkflow';
import type { TableRef } from './nodeParameters';
import { COLUMNS, type NewRow, type Row, type Step, type Table } from './table';
import {
	columnsUnfit,
	deleted,
	hasChangedMeanwhile,
	renamed,
	troubleOf,
	type TableTrouble,
} from './trouble';

/** One read in a hundred meets a new row when twenty runs store at once. */
const MOST_TRIES = 6;

/** Runs a sub-workflow on some items, and gives the JSON of what its last node puts out. */
export type RunWorkflow = (workflow: InlineWorkflow, items: object[]) => Promise<object[]>;

/** Which table bore a name when the workflow last used it: tells a table that was renamed from one that never was. */
export interface TableMemory {
	idOf(name: string): string | undefined;
	remember(name: string, id: string): void;
}

interface TableInfo {
	id: string;
	name: string;
	columns?: Array<{ name: string; type: string }>;
}

/** A table of n8n's own Data Tables, reached through sub-workflows: one for each call of `run`. */
export class DataTable implements Table {
	notice?: TableTrouble;
	private id?: string;

	constructor(
		private readonly name: string,
		private readonly runWorkflow: RunWorkflow,
		private readonly memory: TableMemory,
	) {}

	async run(steps: Step[]): Promise<Row[]> {
		try {
			if (this.id !== undefined) return await this.answer({ id: this.id }, steps);
			const [first] = steps;
			// An insert takes the sub-workflow's own input, so nothing can stand before it.
			if (first?.do !== 'insert') return await this.findAnd(steps);
			await this.findAnd([]);
			return await this.run(steps);
		} catch (error) {
			throw troubleOf(error);
		}
	}

	private async findAnd(steps: Step[]): Promise<Row[]> {
		const before = this.memory.idOf(this.name);
		try {
			// By its ID n8n has no expression to evaluate, which takes as long as all the rest.
			const known = before === undefined ? undefined : { id: before, named: this.name };
			return await this.answer(known ?? { find: this.name }, steps);
		} catch (error) {
			const there = await this.tables();
			const table = there.find(({ name }) => name === this.name);
			if (table) {
				this.use(table);
				if (table.id !== before) return await this.answer({ id: table.id }, steps);
				throw troubleOf(error);
			}
			const now = before === undefined ? undefined : there.find(({ id }) => id === before);
			if (now) throw renamed(this.name, now.name);
			const made = await this.makeAnd(steps);
			if (before !== undefined) this.notice = deleted(this.name);
			return made;
		}
	}

	private async makeAnd(steps: Step[]): Promise<Row[]> {
		try {
			return await this.answer({ make: this.name }, steps);
		} catch (error) {
			// Another run was quicker, which each database tells in its own words; or another table's name contains this one.
			const found = await this.answer({ find: this.name }, steps).catch(() => undefined);
			if (found) return found;
			throw troubleOf(error);
		}
	}

	private async answer(table: TableRef, steps: Step[]): Promise<Row[]> {
		const answers = await this.ask(table, steps);
		if ('id' in table && table.named === undefined) return answers.filter(isRow);
		const info = answers.filter(isTable).find(({ name }) => name === this.name);
		if (!info || ('id' in table && info.id !== table.id)) throw new Error(NO_TABLE);
		this.use(info);
		return answers.filter((answer): answer is Row => !isTable(answer) && isRow(answer));
	}

	// Only reading comes to that: what was inserted is there, and the other steps may be done twice.
	private async ask(table: TableRef, steps: Step[]): Promise<object[]> {
		let left = steps;
		for (let tries = 1; ; tries++) {
			const [first] = left;
			const items = first?.do === 'insert' ? first.rows.map(wholeRow) : [{}];
			try {
				return await this.runWorkflow(inlineWorkflow(table, left), items);
			} catch (error) {
				if (tries === MOST_TRIES || !hasChangedMeanwhile(error)) throw troubleOf(error);
				left = left.filter((step) => step.do !== 'insert');
			}
		}
	}

	private use({ id, columns }: TableInfo): void {
		const unfit = Object.entries(COLUMNS).filter(
			([name, type]) => columns && !columns.some((own) => own.name === name && own.type === type),
		);
		if (unfit.length > 0) {
			throw columnsUnfit(
				this.name,
				unfit.map(([name, type]) => `${name} (${type})`),
			);
		}
		this.id = id;
		this.memory.remember(this.name, id);
	}

	private async tables(): Promise<TableInfo[]> {
		return (await this.runWorkflow(listTables(), [{}])).filter(isTable);
	}
}

// Mapped by name, without an expression: each item is to have the table's columns and nothing else.
function wholeRow(row: NewRow): object {
	const empty = Object.fromEntries(Object.keys(COLUMNS).map((column) => [column, null]));
	return { ...empty, ...row };
}

function isTable(answer: object): answer is TableInfo {
	return 'id' in answer && 'name' in answer && 'columns' in answer;
}

function isRow(answer: object): answer is Row {
	return 'id' in answer && 'status' in answer;
}
