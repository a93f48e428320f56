import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(fileURLToPath(import.meta.url), '..', '..', '..');
export const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
/** What `npm run package` made. */
export const PACKED = join(ROOT, `${MANIFEST.name}-${MANIFEST.version}.tgz`);
/** Where the packed file is unpacked for tests, inside node_modules so that n8n-workflow is found from there. */
export const UNPACKED = join(ROOT, 'node_modules', '.cache', 'packed', 'package');

/** Unpacks the packed file afresh into `UNPACKED`. */
export function unpack() {
	if (!existsSync(PACKED)) throw new Error(`There is no ${PACKED}: run 'npm run package' first`);
	const folder = resolve(UNPACKED, '..');
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	execFileSync('tar', ['-xzf', PACKED, '-C', folder]);
}
