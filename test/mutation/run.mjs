/** `npm run test:mutation -- ROOM [options of Stryker]`: mutation testing of one room of `rooms.cjs`. */
import { spawnSync } from 'node:child_process';
import rooms from './rooms.cjs';

const [room = '', ...options] = process.argv.slice(2);
if (!(room in rooms)) {
	console.error(`Name a room: ${Object.keys(rooms).join(', ')}`);
	process.exit(2);
}

/** The second run knows what the first one found, and tries the rest alone. */
function run(tests) {
	const { status } = spawnSync('npx', ['stryker', 'run', '--incremental', ...options], {
		stdio: 'inherit',
		env: { ...process.env, MUTATION_ROOM: room, MUTATION_TESTS: tests },
	});
	return status ?? 1;
}

process.exitCode = run('own');
if (rooms[room].inEngine.length > 0) process.exitCode = run('all');
