const { execFile } = require('node:child_process');
const { mkdir, rm, writeFile } = require('node:fs/promises');
const { dirname } = require('node:path');
const { promisify } = require('node:util');
const { dest, parallel, series, src } = require('gulp');
const { bundle } = require('./build/bundle');
const { licensesOf } = require('./build/licenses');

const run = promisify(execFile);

const clean = () => rm('dist', { recursive: true, force: true });
const types = () =>
	run(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json']).catch(
		({ stdout }) => Promise.reject(new Error(stdout)),
	);
// `encoding: false` keeps gulp from reading files as UTF-8 text.
const icons = () => src('icons/*.svg', { encoding: false }).pipe(dest('dist/icons'));
const codex = () => src('nodes/**/*.node.json', { encoding: false }).pipe(dest('dist/nodes'));

async function code() {
	const { files, packages } = await bundle();
	for (const { path, text } of files) {
		await mkdir(dirname(path), { recursive: true });
		await writeFile(path, text);
	}
	await writeFile('dist/LICENSES.txt', licensesOf(packages));
}

exports.default = series(parallel(clean, types), parallel(code, icons, codex));
