// Checks the packed file as n8n's installer would find it: what is in it, and that what n8n loads can be loaded.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(import.meta.url), '..', '..', '..');
const { name, version, n8n } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const packed = join(root, `${name}-${version}.tgz`);
const MAY_BE_IN_IT =
	/^package\/(dist\/.+\.(js|json|svg)|package\.json|README\.md|LICENSE\.md|CHANGELOG\.md)$/;

const contents = execFileSync('tar', ['-tzf', packed], { encoding: 'utf8' }).trim().split('\n');
const strangers = contents.filter((path) => !MAY_BE_IN_IT.test(path));
if (strangers.length > 0) throw new Error(`The packed file holds ${strangers.join(', ')}`);
for (const path of ['README.md', 'LICENSE.md', 'CHANGELOG.md', ...n8n.nodes, ...n8n.credentials]) {
	if (!contents.includes(`package/${path}`)) throw new Error(`The packed file lacks ${path}`);
}

const folder = mkdtempSync(join(tmpdir(), 'packed-'));
try {
	writeFileSync(join(folder, 'package.json'), '{"private":true}');
	const install = [
		'install',
		packed,
		'--legacy-peer-deps',
		'--ignore-scripts',
		'--no-audit',
		'--no-fund',
	];
	execFileSync('npm', install, { cwd: folder, stdio: 'pipe' });
	// n8n itself provides the peer dependency.
	symlinkSync(
		join(root, 'node_modules', 'n8n-workflow'),
		join(folder, 'node_modules', 'n8n-workflow'),
	);
	const require = createRequire(join(folder, 'index.js'));
	for (const path of [...n8n.nodes, ...n8n.credentials]) {
		const exported = Object.entries(require(`${name}/${path}`));
		const [className, Type] = exported[0];
		if (exported.length !== 1 || !path.includes(`/${className}.`)) {
			throw new Error(`${path} has to export the one class that it is named after`);
		}
		const { description = new Type() } = new Type();
		for (const icon of Object.values(description.icon)) {
			const file = join(folder, 'node_modules', name, path, '..', icon.replace('file:', ''));
			if (!existsSync(file)) throw new Error(`${path} names an icon that isn't there: ${icon}`);
		}
	}
} finally {
	rmSync(folder, { recursive: true, force: true });
}
console.log(`${name}-${version}.tgz holds ${contents.length} files, and n8n can load it`);
