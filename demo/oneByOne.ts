import type { IDataObject } from 'n8n-workflow';
import { runNode, type Call, type NodeRun } from '../test/engine/runNode';
import { asJson, type DemoResult } from './result';
import { MemoryTables } from '../test/store/memoryTables';

const COLLECT_UNTIL = 50;

export interface OneByOneResult {
	/** What each contact's run put out, or the error that it ended with. */
	runs: Array<Omit<DemoResult, 'calls'>>;
	calls: Call[];
	/** Contacts that are left in the table, by status. */
	table: Record<string, number>;
}

/** Each contact in a run of its own, collected in a table in memory that stands in for n8n's Data Table. */
export async function runOneByOne(
	options: NodeRun & { items: IDataObject[] },
): Promise<OneByOneResult> {
	const tables = new MemoryTables();
	const staticData: IDataObject = {};
	const runs: OneByOneResult['runs'] = [];
	let calls: Call[] = [];
	for (const contact of options.items) {
		const set = { underMinimum: 'collect', collectUntil: COLLECT_UNTIL, ...options.set };
		const result = await runNode({ ...options, items: [contact], set, tables, staticData });
		const { calls: received, ...run } = asJson(result);
		calls = received;
		runs.push(run);
	}
	const table: OneByOneResult['table'] = {};
	for (const { status } of tables.tables.flatMap(({ rows }) => rows)) {
		if (status !== 'lease') table[String(status)] = (table[String(status)] ?? 0) + 1;
	}
	return { runs, calls, table };
}

/** Prints what waits after each run that changed something, and what was sent. */
export function printOneByOne({ runs, calls, table }: OneByOneResult): void {
	const print = (line: string) => process.stdout.write(`${line}\n`);
	print(`${runs.length} contacts, each in a run of its own, through n8n's engine and this node`);
	print('');
	runs.forEach(({ error, output = [] }, index) => {
		if (error) print(`  run ${index + 1}: ended: ${error.message}`);
		for (const { collecting, submitted } of output) {
			const { next, sentFromTable = 0 } = (collecting ?? {}) as IDataObject;
			const sent =
				Number(submitted) > 0 ? `sent with ${String(sentFromTable)} from the table; ` : '';
			print(`  run ${index + 1}: ${sent}${String(next ?? '')}`);
		}
	});
	print('');
	print('Calls that the server received');
	for (const { action, users, query, code } of calls) {
		print(
			`  ${action}  users ${users.length}  last flag ${query.BatchLastFlag ?? '-'}  →  ${code}`,
		);
	}
	print(`In the table: ${JSON.stringify(table)}`);
}
