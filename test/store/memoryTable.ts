import {
	type Row,
	type Step,
	type Table,
	type RowFilter,
	toTableError,
} from '../../nodes/AlibabaCloudChatApp/store/table';
import { type Filter, MemoryTables, TABLE_COLUMNS } from './memoryTables';

/** The store's table without n8n: the same steps, carried out on tables in memory. */
export class MemoryTable implements Table {
	/** Calls of `run` so far: sub-workflows, in n8n. */
	runs = 0;
	/** Called before each step; may throw, as an n8n that is killed there. */
	beforeStep: (step: Step) => void | Promise<void> = () => {};

	/** Whether an error shows which step failed. */
	namesSteps = true;

	constructor(
		readonly tables = new MemoryTables(),
		private readonly name = 'contacts',
	) {}

	async run(steps: Step[]): Promise<Row[]> {
		this.runs += 1;
		const { id } = this.tables.create(this.name, TABLE_COLUMNS);
		const lastGet = steps.findLastIndex((step) => step.do === 'get');
		if (lastGet >= 0 && lastGet < steps.length - 1) throw new Error('The last step has to read');
		const answers: Row[] = [];
		let done = 0;
		try {
			for (const [index, step] of steps.entries()) {
				done = index;
				await this.beforeStep(step);
				if (step.do === 'insert' && index > 0) throw new Error('Only the first step can insert');
				answers.push(...this.carryOut(id, step));
			}
		} catch (error) {
			throw error instanceof Killed
				? error
				: toTableError(error, this.namesSteps ? done : undefined);
		}
		return answers;
	}

	async runIfExists(steps: Step[]): Promise<Row[] | undefined> {
		if (!this.tables.tables.some(({ name }) => name === this.name)) return undefined;
		return await this.run(steps);
	}

	/** All rows, as a person sees them. */
	get rows(): Row[] {
		const [table] = this.tables.tables;
		return (table?.rows ?? []) as Row[];
	}

	private carryOut(id: string, step: Step): Row[] {
		switch (step.do) {
			case 'insert':
				this.tables.insert(id, step.rows);
				return [];
			case 'get': {
				const { limit, latest, inAnyOrder } = step;
				const order = { orderBy: latest ?? 'id', latest: latest !== undefined };
				const how = { limit, ...(!inAnyOrder && order) };
				return this.tables.get(id, filterOf(step.where), how) as Row[];
			}
			case 'update':
				this.tables.update(id, filterOf(step.where), step.set);
				return [];
			case 'delete':
				this.tables.delete(id, filterOf(step.where));
				return [];
		}
	}
}

/** The end of an n8n between two steps. */
export class Killed extends Error {}

function filterOf({ match, conditions }: RowFilter): Filter {
	return {
		matchType: match === 'all' ? 'allConditions' : 'anyCondition',
		conditions: conditions.map(({ column, is, value }) => ({
			keyName: column,
			condition: is,
			...(value !== undefined && { keyValue: value }),
		})),
	};
}
