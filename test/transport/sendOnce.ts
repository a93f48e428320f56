import { runAddUsers } from '../engine/runAddUsers';
import type { Simulator } from '../simulator/simulator';

/** A run in n8n's engine for each endpoint, in a process of its own, for settings that Node reads at its start. */
async function main(endpoints: string[]): Promise<void> {
	const results = [];
	for (const url of endpoints) {
		const elsewhere = { url, requests: [] as unknown[], attempts: [] as unknown[] } as Simulator;
		const { error, output } = await runAddUsers({
			simulator: elsewhere,
			contacts: [{ email: 'mary@example.com' }],
			set: { maxTries: 2, timeout: 20 },
		});
		results.push({ error, output });
	}
	process.stdout.write(`\n${JSON.stringify(results)}\n`);
	process.exit(0);
}

void main(process.argv.slice(2));
