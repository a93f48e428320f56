// n8n's own scanner for community nodes, at its newest version, over the source and over the packed file.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MANIFEST, ROOT, unpack, UNPACKED } from './packedFile.mjs';

const SCANNER = '@n8n/scan-community-package';
const folder = join(ROOT, 'node_modules', '.cache', 'n8n-scanner');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'package.json'), '{"private":true}');
// Its rules read TypeScript with the release that they were written for; n8n-workflow and zod are found in ROOT.
const typescript = `typescript@${MANIFEST.devDependencies.typescript}`;
const install = ['install', `${SCANNER}@latest`, typescript, '--legacy-peer-deps'];
const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--package-lock=false'];
execFileSync('npm', [...install, ...quiet], {
	cwd: folder,
	stdio: ['ignore', 'ignore', 'inherit'],
});

// The scanner makes a folder for what it would download.
process.env.TMPDIR = folder;
const installed = join(folder, 'node_modules', ...SCANNER.split('/'));
const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
const { analyzePackage, SOURCE_FILE_PATTERNS } = await import(
	pathToFileURL(join(installed, 'scanner', 'scanner.mjs')).href
);
unpack();
const results = {
	source: await analyzePackage(ROOT, SOURCE_FILE_PATTERNS),
	// The same patterns that the scanner uses for what it finds in the registry.
	'packed file': await analyzePackage(UNPACKED, ['**/*.js', 'package.json']),
};
for (const [what, { passed, message = 'nothing found', details = '' }] of Object.entries(results)) {
	console.log(`${SCANNER} ${version}, ${what}: ${message}${details}`);
	if (!passed) process.exitCode = 1;
}
