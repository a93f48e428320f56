import type { IDataObject } from 'n8n-workflow';
import { runNode, type Call, type NodeRun } from '../test/engine/runNode';
import { MemoryTables } from '../test/store/memoryTables';
import { asJson, type DemoResult } from './result';

const COLLECT_UNTIL = 50;

export interface OneByOneResult {
	/** The output of each contact's run, or its error. */
	runs: Array<Omit<DemoResult, 'calls'>>;
	calls: Call[];
	/** Contacts in the table, by status. */
	table: Record<string, number>;
}

/** Runs the node once per contact, as a CRM's trigger does; contacts are collected in memory, not in a Data Table. */
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

/** Prints what each run collected or sent. */
export function printOneByOne({ runs, calls, table }: OneByOneResult): void {
	const print = (line: string) => process.stdout.write(`${line}\n`);
	print(`${runs.length} contacts, each in a separate run`);
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
	print('Requests that the server received');
	for (const { action, users, query, code } of calls) {
		print(
			`  ${action}  users ${users.length}  last flag ${query.BatchLastFlag ?? '-'}  →  ${code}`,
		);
	}
	print(`In the table: ${JSON.stringify(table)}`);
}
