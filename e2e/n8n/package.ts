import { execFileSync } from 'node:child_process';
import {
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { temporaryFolder } from '../machine/processes';
import { NODE_BIN } from './server';

const ROOT = resolve(__dirname, '..', '..');

/** Builds and packs a copy, so that a build that goes on in the checkout isn't disturbed. @returns the packed file */
export function pack(): string {
	const copy = temporaryFolder();
	const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', ':!e2e', ':!docs'];
	const files = execFileSync('git', list, { cwd: ROOT, encoding: 'utf8' }).split('\0');
	for (const file of files.filter((name) => name && existsSync(join(ROOT, name)))) {
		mkdirSync(dirname(join(copy, file)), { recursive: true });
		cpSync(join(ROOT, file), join(copy, file));
	}
	symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
	npm(['run', '--silent', 'build'], copy);
	npm(['pack', '--silent'], copy);
	const packed = readdirSync(copy).find((name) => name.endsWith('.tgz'));
	if (!packed) throw new Error('npm pack made no file');
	return join(copy, packed);
}

/**
 * Puts the packed file into an n8n user folder the way n8n's own installer does: unpacked below `.n8n/nodes`, without
 * the dependencies that only developers need, the others installed beside it, and its name noted.
 */
export function installPackage(packed: string, userFolder: string): void {
	const nodes = join(userFolder, '.n8n', 'nodes');
	mkdirSync(nodes, { recursive: true });
	const unpacked = temporaryFolder();
	execFileSync('tar', ['-xzf', packed, '-C', unpacked, '--strip-components=1']);
	const {
		devDependencies: _dev,
		peerDependencies: _peer,
		optionalDependencies: _optional,
		...manifest
	} = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8')) as {
		name: string;
		version: string;
		[key: string]: unknown;
	};
	const target = join(nodes, 'node_modules', manifest.name);
	cpSync(unpacked, target, { recursive: true });
	writeFileSync(join(target, 'package.json'), JSON.stringify(manifest, null, 2));
	const flags = [
		'--audit=false',
		'--fund=false',
		'--bin-links=false',
		'--install-strategy=shallow',
		'--ignore-scripts=true',
		'--package-lock=false',
	];
	npm(['install', '--silent', ...flags], target);
	writeFileSync(
		join(nodes, 'package.json'),
		JSON.stringify({
			name: 'installed-nodes',
			private: true,
			dependencies: { [manifest.name]: manifest.version },
		}),
	);
}

function npm(args: string[], cwd: string): void {
	const PATH = `${dirname(NODE_BIN)}:${process.env.PATH}`;
	execFileSync('npm', args, {
		cwd,
		env: { ...process.env, PATH },
		stdio: ['ignore', 'ignore', 'inherit'],
	});
}
