// Checks the packed file as n8n's installer would find it: what is in it, that it installs without anything else, and that what n8n
// loads can be loaded.
import { execFileSync } from 'node:child_process';
import {
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { MANIFEST, PACKED, ROOT, unpack, UNPACKED } from './packedFile.mjs';

const { name, version, n8n } = MANIFEST;
const MAY_BE_IN_IT =
	/^package\/(dist\/.+\.(js|js\.map|json|svg)|dist\/LICENSES\.txt|package\.json|README\.md|LICENSE\.md|CHANGELOG\.md)$/;

const contents = execFileSync('tar', ['-tzf', PACKED], { encoding: 'utf8' }).trim().split('\n');
const strangers = contents.filter((path) => !MAY_BE_IN_IT.test(path));
if (strangers.length > 0) throw new Error(`The packed file holds ${strangers.join(', ')}`);
const needed = ['README.md', 'LICENSE.md', 'CHANGELOG.md', 'dist/LICENSES.txt'];
for (const path of [...needed, ...n8n.nodes, ...n8n.credentials]) {
	if (!contents.includes(`package/${path}`)) throw new Error(`The packed file lacks ${path}`);
}
unpack();
for (const path of contents) {
	const text = readFileSync(join(UNPACKED, '..', path), 'utf8');
	const found = [ROOT, homedir()].find((folder) => text.includes(`${folder}/`));
	if (found) throw new Error(`${path} names a folder of the machine it was built on: ${found}`);
}

const folder = mkdtempSync(join(tmpdir(), 'packed-'));
try {
	writeFileSync(join(folder, 'package.json'), '{"private":true}');
	// As the README says for an n8n without network.
	const install = ['install', PACKED, '--offline', '--legacy-peer-deps', '--ignore-scripts'];
	const started = performance.now();
	execFileSync('npm', [...install, '--no-audit', '--no-fund'], { cwd: folder, stdio: 'pipe' });
	const seconds = ((performance.now() - started) / 1000).toFixed(1);
	const installed = readdirSync(join(folder, 'node_modules')).filter((each) => each[0] !== '.');
	if (installed.join() !== name) throw new Error(`With it came ${installed.join(', ')}`);
	console.log(`${name} installs without network in ${seconds} s, and nothing with it`);
	// n8n itself provides the peer dependency.
	symlinkSync(
		join(ROOT, 'node_modules', 'n8n-workflow'),
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
