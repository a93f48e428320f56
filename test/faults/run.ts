import { parseArgs } from 'node:util';
import { allCases, nameOf, type FaultCase } from './cases';
import { violations } from './invariants';
import { runCases } from './runCase';

const COLUMNS = ['stop', 'continue', 'output'] as const;

/** Runs the fault suite (with `--every 5` a fifth of it) and prints it as a table: cases that hold / cases, by fault, length and 'On Error'. */
async function main(): Promise<number> {
	const started = Date.now();
	const rows = new Map<string, Record<FaultCase['onError'], [held: number, all: number]>>();
	const wrong: string[] = [];
	const { values } = parseArgs({ options: { every: { type: 'string', default: '1' } } });
	const all = [...allCases(), ...allCases('file')];
	const cases = all.filter((_, index) => index % Number(values.every) === 0);
	for (const { name, length } of cases) {
		rows.set(`${name}, ${length}`, { stop: [0, 0], continue: [0, 0], output: [0, 0] });
	}
	await runCases(cases, (one, outcome) => {
		const found = violations(one, outcome);
		const cell = rows.get(`${one.name}, ${one.length}`)?.[one.onError] ?? [0, 0];
		cell[1]++;
		if (found.length === 0) cell[0]++;
		else wrong.push(`${nameOf(one)}: ${found.join('; ')}`);
	});
	print(`${'Fault, how long'.padEnd(44)}${COLUMNS.map((name) => name.padStart(10)).join('')}`);
	for (const [row, cells] of rows) {
		const figures = COLUMNS.map((name) => cells[name].join('/').padStart(10));
		print(`${row.padEnd(44)}${figures.join('')}`);
	}
	print(
		'Each figure: first, middle and last batch, for the outputs Summary and Users, with the users in the body and in the query, of items and of a file',
	);
	for (const sentence of wrong) print(`NOT AS IT SHOULD BE  ${sentence}`);
	const seconds = ((Date.now() - started) / 1000).toFixed(1);
	print(
		`${cases.length} cases in n8n's engine, ${wrong.length} not as they should be, ${seconds} s`,
	);
	return wrong.length === 0 ? 0 : 1;
}

function print(line: string): void {
	process.stdout.write(`${line}\n`);
}

main().then(
	(code) => process.exit(code),
	(error: unknown) => {
		process.stderr.write(
			`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
		);
		process.exit(1);
	},
);
