import { contactsBench } from './contacts.bench';
import type { PartResult } from './measure';

// Usage: npm run bench [-- [--json] [part …]]; without a name every part runs.
const PARTS: Record<string, () => PartResult | Promise<PartResult>> = {
	contacts: contactsBench,
};

async function run(args: string[]): Promise<void> {
	const names = args.filter((arg) => !arg.startsWith('--'));
	const unknown = names.filter((name) => !Object.hasOwn(PARTS, name));
	if (unknown.length > 0) {
		throw new Error(`No such part: ${unknown.join(', ')}. Parts: ${Object.keys(PARTS).join(', ')}`);
	}
	const results: PartResult[] = [];
	for (const [name, part] of Object.entries(PARTS)) {
		if (names.length === 0 || names.includes(name)) results.push(await part());
	}
	if (args.includes('--json')) console.log(JSON.stringify(results, null, '\t'));
	else results.forEach(print);
}

function print({ part, figures }: PartResult): void {
	console.log(part);
	for (const { name, value, unit } of figures) {
		console.log(`  ${name.padEnd(46)} ${value.toLocaleString('en').padStart(12)} ${unit}`);
	}
}

void run(process.argv.slice(2));
