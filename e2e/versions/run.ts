import { dirname } from 'node:path';
import { megabytes, PartEnded, PrintedReport, seconds } from '../report';
import { Stage } from '../stage';
import { removeFolder } from '../machine/processes';
import { bringUp } from './bringUp';
import { part } from './part';

/** The first and the last of each line that people still run. */
const VERSIONS = ['1.123.81', '2.4.8', '2.20.12', '2.30.8', '2.35.7', '2.41.1'];

/** Each version of n8n, brought up from npm with the Node it wants, runs the same part; one after the other. */
async function main(): Promise<number> {
	const asked = process.argv.slice(2);
	const report = new PrintedReport();
	for (const version of asked.length > 0 ? asked : VERSIONS) await runVersion(version, report);
	report.line(`${report.passed} passed, ${report.failed} failed`);
	return report.failed === 0 ? 0 : 1;
}

async function runVersion(version: string, report: PrintedReport): Promise<void> {
	const begin = Date.now();
	report.line(`n8n ${version}`);
	let folder: string | undefined;
	try {
		const binaries = await report.step('it is brought up from npm', () => bringUp(version));
		folder = dirname(dirname(dirname(dirname(binaries.n8n))));
		const stage = new Stage(undefined, binaries);
		try {
			// Data Tables can be made and found by name from 2.3.6 on.
			await part(stage, report, !version.startsWith('1.'));
		} finally {
			await stage.close();
		}
		const peak = Math.max(...stage.servers.map(({ peakMemory }) => peakMemory));
		report.figure(`largest with its task runner ${megabytes(peak)}`);
	} catch (error) {
		if (!(error instanceof PartEnded)) throw error;
	} finally {
		// 2.9 GB each.
		if (folder) removeFolder(folder);
	}
	report.line(`n8n ${version} (${seconds(begin)})`);
}

main().then(
	(code) => process.exit(code),
	(error: unknown) => {
		process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
		process.exit(1);
	},
);
