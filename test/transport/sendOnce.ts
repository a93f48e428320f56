import { runAddUsers } from '../engine/runAddUsers';
import type { Simulator } from '../simulator/simulator';

/** One run in n8n's engine in a process of its own, for settings that Node reads at its start: `sendOnce.ts ENDPOINT`. */
async function main(): Promise<void> {
	const endpoint = process.argv[2] ?? '';
	const elsewhere = {
		url: endpoint,
		calls: [] as unknown[],
		uploads: [] as unknown[],
	} as Simulator;
	const { error, output } = await runAddUsers({
		simulator: elsewhere,
		contacts: [{ email: 'mary@example.com' }],
		set: { maxTries: 2, timeout: 20 },
	});
	process.stdout.write(`\n${JSON.stringify({ error, output })}\n`);
	process.exit(0);
}

void main();
