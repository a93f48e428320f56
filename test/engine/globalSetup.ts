import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One folder for all that a test run writes: jest ends its workers without their 'exit' event. */
export default function makeTemporaryFolder(): void {
	process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'node-tests-'));
}
