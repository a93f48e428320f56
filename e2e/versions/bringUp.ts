import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '../machine/processes';
import type { Binaries } from '../n8n/server';

const nodes = new Map<number, string>();

/** Installs a version of n8n, with the Node it wants, into a folder of this run. */
export function bringUp(version: string): Binaries {
	const node = nodeFor(version);
	const folder = temporaryFolder();
	const headers = join(dirname(node), '..', 'node_modules', `node-linux-${process.arch}`);
	const npm = npmWith({
		...process.env,
		PATH: `${dirname(node)}:${process.env.PATH}`,
		npm_config_nodedir: headers,
	});
	writeFileSync(
		join(folder, 'package.json'),
		// n8n downloads this package from its own host; npm has the same one.
		JSON.stringify({ private: true, overrides: { xlsx: '0.18.5' } }),
	);
	npm(folder, 'install', `n8n@${version}`, '--ignore-scripts');
	if (existsSync(join(folder, 'node_modules', 'sqlite3'))) {
		npm(folder, 'rebuild', 'sqlite3', '--ignore-scripts=false');
	}
	return { node, n8n: join(folder, 'node_modules', 'n8n', 'bin', 'n8n') };
}

function nodeFor(version: string): string {
	const [major = 0, minor = 0] = version.split('.').map(Number);
	const wanted = major > 2 || (major === 2 && minor >= 36) ? 24 : 22;
	const known = nodes.get(wanted);
	if (known) return known;
	const folder = temporaryFolder();
	writeFileSync(join(folder, 'package.json'), '{"private":true}');
	npmWith(process.env)(folder, 'install', `node@${wanted}`, '--ignore-scripts=false');
	const node = join(folder, 'node_modules', 'node', 'bin', 'node');
	nodes.set(wanted, node);
	return node;
}

function npmWith(env: NodeJS.ProcessEnv) {
	return (cwd: string, ...args: string[]): void => {
		const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
		execFileSync('npm', [...args, ...quiet], { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
	};
}
