import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CONTACT_EMAIL } from './contacts';
import { keepFolders } from './machine/processes';
import { megabytes, PartEnded, PrintedReport, seconds, type Report } from './report';
import { Stage } from './stage';

export type Part = (stage: Stage, report: Report, settings: Settings) => Promise<void>;

export interface Settings {
	/** Take the README's screenshots again. */
	update: boolean;
}

/** In this order: the first use one n8n together, the last five bring their own. */
const PARTS = [
	'install',
	'names',
	'table',
	'workflows',
	'pages',
	'crm',
	'files',
	'late',
	'refused',
	'killed',
	'collect',
	'trouble',
	'browser',
	'walk',
	'postgres',
	'scaled',
	'queue',
	'forgotten',
];

async function main(): Promise<number> {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: {
			update: { type: 'boolean', default: false },
			package: { type: 'string' },
			keep: { type: 'boolean', default: false },
		},
	});
	const unknown = positionals.find((name) => !PARTS.includes(name));
	if (unknown) throw new Error(`No part '${unknown}'. There are: ${PARTS.join(', ')}`);
	const begin = Date.now();
	const report = new PrintedReport();
	execFileSync(join(__dirname, 'bring-up.sh'), { stdio: ['ignore', 'inherit', 'inherit'] });
	report.line(`brought up (${seconds(begin)})`);

	const stage = new Stage(values.package);
	try {
		for (const name of PARTS) {
			if (positionals.length > 0 && !positionals.includes(name)) continue;
			await runPart(name, stage, report, { update: values.update });
		}
	} finally {
		await stage.close();
		await report.step("no contact is in n8n's logs", () => searchLogs(stage)).catch(() => {});
		if (values.keep) report.line(`kept: ${keepFolders().join(' ')}`);
	}
	const peak = Math.max(0, ...stage.servers.map(({ peakMemory }) => peakMemory));
	report.line(`all of it (${seconds(begin)}), largest n8n with its task runner ${megabytes(peak)}`);
	report.line(`${report.passed} passed, ${report.failed} failed`);
	return report.failed === 0 ? 0 : 1;
}

async function runPart(
	name: string,
	stage: Stage,
	report: PrintedReport,
	settings: Settings,
): Promise<void> {
	report.line(name);
	const begin = Date.now();
	try {
		const { part } = (await import(`./parts/${name}`)) as { part: Part };
		await part(stage, report, settings);
	} catch (error) {
		if (!(error instanceof PartEnded)) {
			report.failed++;
			report.line(`  FAILED  ${error instanceof Error ? error.stack : String(error)}`);
		}
	}
	report.line(`${name} (${seconds(begin)})`);
}

/** n8n's debug log contains the parameters of each step that fails, of sub-workflows too. */
function searchLogs({ servers }: Stage): void {
	for (const server of servers) {
		const log = server.readLog();
		const at = log.search(CONTACT_EMAIL);
		assert.ok(at < 0, `${server.log}: ${log.slice(Math.max(0, at - 500), at + 200)}`);
	}
}

main().then(
	(code) => process.exit(code),
	(error: unknown) => {
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
		process.exit(1);
	},
);
