import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

interface Mutant {
	name: string;
	file: string;
	from: string;
	to: string;
}

const ROOT = join(__dirname, '..', '..');
const NODE = 'nodes/AlibabaCloudChatApp';
const COPIED = ['nodes', 'credentials', 'workflows', 'test', 'package.json', 'tsconfig.json'];

/** Faults put into the code on purpose; the suite must see each of them. */
const MUTANTS: Mutant[] = [
	{
		name: 'no retry',
		file: `${NODE}/transport/retry.ts`,
		from: 'tries >= maxTries',
		to: 'tries >= 1',
	},
	{
		name: 'flag twice',
		file: `${NODE}/submission/submit.ts`,
		from: 'range.end === plan.users.length',
		to: 'range.end + batchSize >= plan.users.length',
	},
	{
		name: 'a fate dropped',
		file: `${NODE}/submission/report.ts`,
		from: "for (const item of contacts.duplicates) fates[item] = { status: 'duplicate' };",
		to: '',
	},
	{
		name: 'left open after a refusal',
		file: `${NODE}/submission/submit.ts`,
		from: 'if (plan.closes && !delivery.closed)',
		to: 'if (plan.closes && false)',
	},
	{
		name: 'going on with a refused key',
		file: `${NODE}/actions/customAudience/sendBatch.ts`,
		from: 'if (run.accessRefused)',
		to: 'if (false)',
	},
	{
		name: 'quoting the contact',
		file: `${NODE}/transport/redact.ts`,
		from: ".replace(PERSONAL, '[hidden]')",
		to: '',
	},
];

/** Runs a fifth of the fault suite on the code as it is and on each mutant, in a copy outside the repository. */
async function main(): Promise<number> {
	const folder = mkdtempSync(join(tmpdir(), 'mutants-'));
	try {
		for (const name of COPIED) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
		symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
		const clean = await runSuite(folder);
		print(`as it is: ${clean}`);
		let survived = clean.includes(' 0 not as') ? 0 : 1;
		for (const { name, file, from, to } of MUTANTS) {
			const path = join(folder, file);
			const source = readFileSync(path, 'utf8');
			if (source.split(from).length !== 2) throw new Error(`'${from}' is not once in ${file}`);
			writeFileSync(
				path,
				source.replace(from, () => to),
			);
			const result = await runSuite(folder);
			writeFileSync(path, source);
			const seen = /, [1-9]\d* not as/.test(result);
			if (!seen) survived++;
			print(`${seen ? 'seen    ' : 'NOT SEEN'}  ${name}: ${result}`);
		}
		print(survived === 0 ? 'Every mutant turned the suite red' : `${survived} went unseen`);
		return survived === 0 ? 0 : 1;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** @returns the suite's last line */
async function runSuite(folder: string): Promise<string> {
	const command = [
		join(ROOT, 'node_modules/tsx/dist/cli.mjs'),
		'test/faults/run.ts',
		'--every',
		'5',
	];
	const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
	const run = promisify(execFile)(process.execPath, command, options);
	const { stdout } = await run.catch((error: { stdout?: string }) => ({
		stdout: error.stdout ?? '',
	}));
	return stdout.trim().split('\n').at(-1) || 'the suite did not run';
}

function print(line: string): void {
	process.stdout.write(`${line}\n`);
}

main().then(
	(code) => process.exit(code),
	(error: unknown) => {
		process.stderr.write(`${String(error)}\n`);
		process.exit(1);
	},
);
