/** `npm run test:mutation -- [ROOM] [options of Stryker]`: mutation testing of one room of `rooms.cjs`, or of all in turn. */
import { spawnSync } from 'node:child_process';
import rooms from './rooms.cjs';

const [first = '', ...others] = process.argv.slice(2);
const isRoom = first in rooms;
const options = isRoom || first === '' ? others : [first, ...others];

/** The second run knows what the first one found, and tries the rest alone. */
function run(room, tests) {
	const { status } = spawnSync('npx', ['stryker', 'run', '--incremental', ...options], {
		stdio: 'inherit',
		env: { ...process.env, MUTATION_ROOM: room, MUTATION_TESTS: tests },
	});
	return status ?? 1;
}

for (const room of isRoom ? [first] : Object.keys(rooms)) {
	let status = run(room, 'own');
	if (rooms[room].inEngine.length > 0) status = run(room, 'all');
	process.exitCode ||= status;
}
