import { collectBench, collectShortBench } from './collect.bench';
import { contactsBench } from './contacts.bench';
import { fileBench, workbookBench } from './file.bench';
import { floorBench } from './floor.bench';
import { growthBench } from './growth.bench';
import type { PartResult } from './measure';
import { n8nBench } from './n8n.bench';
import { nodeBench } from './node.bench';
import { phonesBench } from './phones.bench';

// Usage: npm run bench [-- [--json] [part …]]; without a name, all parts run except file, workbook, n8n, collect, collect-short, and phones. What is measured is compiled as for the
// package: tsx wraps each inner function in a call that costs more than some of them do.
const PARTS: Record<string, () => PartResult | Promise<PartResult>> = {
	contacts: contactsBench,
	floor: floorBench,
	node: nodeBench,
	growth: growthBench,
	file: fileBench,
	workbook: workbookBench,
	n8n: n8nBench,
	collect: collectBench,
	'collect-short': collectShortBench,
	phones: phonesBench,
};

// file (with workbook), n8n, and collect need what the end-to-end tests bring up (e2e/bring-up.sh), and minutes; phones counts, and takes no time.
const ONLY_BY_NAME = ['file', 'workbook', 'n8n', 'collect', 'collect-short', 'phones'];

async function run(args: string[]): Promise<void> {
	const names = args.filter((arg) => !arg.startsWith('--'));
	const unknown = names.filter((name) => !Object.hasOwn(PARTS, name));
	if (unknown.length > 0) {
		throw new Error(`No such part: ${unknown.join(', ')}. Parts: ${Object.keys(PARTS).join(', ')}`);
	}
	const results: PartResult[] = [];
	for (const [name, part] of Object.entries(PARTS)) {
		const wanted = names.length === 0 ? !ONLY_BY_NAME.includes(name) : names.includes(name);
		if (wanted) results.push(await part());
	}
	if (args.includes('--json')) console.log(JSON.stringify(results, null, '\t'));
	else results.forEach(print);
	const failed = results
		.flatMap(({ figures }) => figures)
		.filter(({ isRequired, reached }) => isRequired && !reached);
	if (failed.length > 0) process.exitCode = 1;
}

function print({ part, figures }: PartResult): void {
	console.log(part);
	for (const { name, value, unit, goal, reached } of figures) {
		const against = goal === undefined ? '' : ` (${goal}: ${reached ? 'reached' : 'NOT reached'})`;
		console.log(
			`  ${name.padEnd(70)} ${value.toLocaleString('en').padStart(12)} ${unit}${against}`,
		);
	}
}

void run(process.argv.slice(2));
