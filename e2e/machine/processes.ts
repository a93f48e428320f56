import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import {
	createWriteStream,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A process with everything it starts in turn: one process group, ended as a whole. */
export interface Running {
	/** Ends it as an operator does, and waits for it. */
	stop(): Promise<void>;
	/** Ends it as a power cut does. */
	kill(): Promise<void>;
	/** Bytes of memory that it and its children had at most, each counted at its own peak. */
	peakMemory(): number;
	/** From now on the peak is that of what follows. */
	resetPeak(): void;
	/** Waits until it ends, then ends the processes that it left running. @returns the exit code, -1 after a signal */
	ended(): Promise<number>;
	exited: boolean;
}

const groups = new Set<number>();
const folders = new Set<string>();
let keep = false;

// Nothing outlives this run, however it ends.
process.on('exit', () => {
	for (const group of groups) signal(group, 'SIGKILL');
	if (keep) return;
	for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
	process.once(name, () => process.exit(1));

/** Leaves the folders of this run behind, for whoever looks for a fault. @returns where they are */
export function keepFolders(): string[] {
	keep = true;
	return [...folders];
}

/** A folder that is removed when this run ends. */
export function temporaryFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'n8n-e2e-'));
	folders.add(folder);
	return folder;
}

/** Removes one before that, since it is large. */
export function removeFolder(folder: string): void {
	rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
	folders.delete(folder);
}

/** Starts a program; what it writes goes to `log`, appended. */
export function start(
	command: string,
	args: string[],
	{ log, ...options }: SpawnOptions & { log: string },
): Running {
	const child = spawn(command, args, {
		...options,
		detached: true,
		stdio: ['ignore', 'pipe', 'pipe'],
	}) as ChildProcess;
	const file = createWriteStream(log, { flags: 'a' });
	child.stdout?.pipe(file, { end: false });
	child.stderr?.pipe(file, { end: false });
	const group = child.pid;
	if (group === undefined) throw new Error(`${command} can't be started`);
	groups.add(group);
	const gone = once(child, 'exit');
	// Waits for what was written too; what it started keeps the pipes open.
	const closed = once(child, 'close');
	const running: Running = {
		exited: false,
		async stop() {
			signal(group, 'SIGTERM');
			await gone;
			signal(group, 'SIGKILL');
			groups.delete(group);
		},
		async kill() {
			signal(group, 'SIGKILL');
			await gone;
			groups.delete(group);
		},
		async ended() {
			const [code] = (await gone) as [number | null];
			await running.kill();
			await closed;
			return code ?? -1;
		},
		peakMemory: () => peakMemoryOf(group),
		resetPeak: () => forEachIn(group, (folder) => writeFileSync(`${folder}/clear_refs`, '5')),
	};
	void gone.then(() => (running.exited = true));
	return running;
}

function signal(group: number, name: NodeJS.Signals): void {
	try {
		process.kill(-group, name);
	} catch {
		// The group is gone already.
	}
}

function peakMemoryOf(group: number): number {
	let kilobytes = 0;
	forEachIn(group, (folder) => {
		const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`${folder}/status`, 'utf8'));
		kilobytes += Number(peak?.[1] ?? 0);
	});
	return kilobytes * 1024;
}

/** Calls `handle` with the folder in /proc of each of a group's processes. */
function forEachIn(group: number, handle: (folder: string) => void): void {
	for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
		try {
			const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
			const processGroup = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2];
			if (Number(processGroup) === group) handle(`/proc/${pid}`);
		} catch {
			// A process that ended while we looked.
		}
	}
}

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}
