import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

/** Starts the server that accepts everything in a separate process, so that its time doesn't count as the node's. */
export async function startAnsweringServer(): Promise<{ url: string; close(): void }> {
	const child = fork(join(__dirname, 'answeringServer'));
	const [port] = (await Promise.race([
		once(child, 'message'),
		once(child, 'exit').then(() => Promise.reject(new Error('The server did not start'))),
	])) as [number];
	return { url: `http://127.0.0.1:${port}`, close: () => child.disconnect() };
}

/** Does the work of a separate process, until it is done or the process that started it is gone. */
export function runAsChild(main: () => Promise<void>): void {
	process.once('disconnect', () => process.exit(1));
	main().then(
		() => process.exit(0),
		(error: unknown) => {
			console.error(error);
			process.exit(1);
		},
	);
}

/** Runs a program in a separate process. @param program its path, from this folder @returns the message it sends */
export async function inOwnProcess<T>(
	program: string,
	args: string[],
	flags: string[],
): Promise<T> {
	const child = fork(resolve(__dirname, program), args, { execArgv: flags });
	let message: T | undefined;
	child.once('message', (sent: T) => (message = sent));
	const [code] = (await once(child, 'exit')) as [number | null];
	if (message === undefined) throw new Error(`${program} ended without a result (${code})`);
	return message;
}
