import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeBundle } from './n8nBundle';

/** Bundles n8n's engine, and makes one folder for all that a test run writes: Jest ends its workers without their 'exit' event. */
export default async function prepareTests(): Promise<void> {
	process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'node-tests-'));
	await makeBundle();
}
