import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs code that loads n8n-core, which writes a settings file to the user's folder when it is first loaded. */
export async function inOwnN8nFolder<T>(work: () => Promise<T>): Promise<T> {
	if (process.env.N8N_USER_FOLDER) return await work();
	const folder = mkdtempSync(join(tmpdir(), 'n8n-engine-'));
	process.env.N8N_USER_FOLDER = folder;
	// n8n's engine would log to standard output, where the demo prints its result.
	process.env.N8N_LOG_LEVEL ??= 'silent';
	process.env.N8N_ENCRYPTION_KEY = 'a key for this run alone';
	process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
	return await work();
}
