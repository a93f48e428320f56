/** `npm run test:mutation -- [MODULE] [options of Stryker]`: mutation testing of one module of `modules.cjs`, or of all. */
import { spawnSync } from 'node:child_process';
import modules from './modules.cjs';

const [first = '', ...others] = process.argv.slice(2);
const isModule = first in modules;
const options = isModule || first === '' ? others : [first, ...others];

/** The second run reuses the first one's result, and tries only the mutants that survived. */
function run(module, tests) {
	const { status } = spawnSync('npx', ['stryker', 'run', '--incremental', ...options], {
		stdio: 'inherit',
		env: { ...process.env, MUTATION_MODULE: module, MUTATION_TESTS: tests },
	});
	return status ?? 1;
}

for (const module of isModule ? [first] : Object.keys(modules)) {
	let status = run(module, 'own');
	if (modules[module].inEngine.length > 0) status = run(module, 'all');
	process.exitCode ||= status;
}
