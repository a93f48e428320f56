import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeBundle } from './n8nBundle';

/** Bundles n8n's engine, and creates one folder for a test run's files: Jest ends its workers without an 'exit' event. */
export default async function prepareTests(): Promise<void> {
	process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'node-tests-'));
	await makeBundle();
}
