import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { runNode } from '../test/engine/runNode';
import { startSimulator } from '../test/simulator/simulator';
import { MemoryTables } from '../test/store/memoryTables';
import { readArguments } from './arguments';
import { printOneByOne, runOneByOne } from './oneByOne';
import { printAccount } from './printAccount';
import { asJson } from './result';

const SAMPLE = join(__dirname, 'chinook-customers.json');
const BATCH_SIZE = 25;

/** The main job on real contacts: n8n's engine, this node, and a server that checks every call. */
async function main(): Promise<number> {
	const { contacts, file, set, onError, json, oneByOne, ignoreBody } = readArguments(
		process.argv.slice(2),
	);
	const source = file === undefined ? { items: readContacts(contacts ?? SAMPLE) } : readFile(file);
	const simulator = await startSimulator({ ignoreBody });
	try {
		if (oneByOne) {
			const result = await runOneByOne({
				simulator,
				items: source.items ?? [],
				set,
				onError,
			});
			if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
			else printOneByOne(result);
			return result.runs.some(({ error }) => error) ? 1 : 0;
		}
		const result = await runNode({
			simulator,
			...source,
			set: { underMinimum: 'warn', batchSize: BATCH_SIZE, ...set },
			onError,
			tables: new MemoryTables(),
		});
		if (json) process.stdout.write(`${JSON.stringify(asJson(result))}\n`);
		else printAccount(result, file ?? `${source.items?.length} contacts`);
		return result.error ? 1 : 0;
	} finally {
		await simulator.close();
	}
}

function readFile(file: string) {
	return { items: undefined, files: [{ name: basename(file), content: readFileSync(file) }] };
}

function readContacts(file: string): IDataObject[] {
	const contacts: unknown = JSON.parse(readFileSync(file, 'utf8'));
	const isObject = (value: unknown) =>
		typeof value === 'object' && value !== null && !Array.isArray(value);
	if (Array.isArray(contacts) && contacts.every(isObject)) return contacts as IDataObject[];
	throw new Error('The file with contacts must hold a JSON array of objects');
}

main().then(
	(code) => {
		process.exitCode = code;
	},
	(error: unknown) => {
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
		process.exitCode = 1;
	},
);
