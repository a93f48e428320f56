import { runNode } from '../engine/runNode';

/** A run in n8n's engine for each endpoint, in a separate process, for settings that Node reads at its start. */
async function main(endpoints: string[]): Promise<void> {
	const results = [];
	for (const url of endpoints) {
		const { error, output } = await runNode({
			simulator: { url },
			items: [{ email: 'mary@example.com' }],
			set: { maxTries: 2, timeout: 20 },
		});
		results.push({ error, output });
	}
	process.stdout.write(`\n${JSON.stringify(results)}\n`);
	process.exit(0);
}

void main(process.argv.slice(2));
