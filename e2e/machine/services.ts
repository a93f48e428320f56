import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort, start, temporaryFolder, type Running } from './processes';
import { until } from './until';

export interface Service {
	port: number;
	running: Running;
}

/** A Redis of this run: nothing on disk, this machine only. */
export async function startRedis(): Promise<Service> {
	const port = await freePort();
	const folder = temporaryFolder();
	const address = ['--bind', '127.0.0.1', '--port', String(port)];
	const running = start('redis-server', [...address, '--save', '', '--appendonly', 'no'], {
		cwd: folder,
		log: join(folder, 'redis.log'),
	});
	await until('Redis listens', async () => await listens(port));
	return { port, running };
}

/** A Postgres cluster of this run, with the database `postgres` of its user `postgres`. */
export async function startPostgres(): Promise<Service & { query(sql: string): string }> {
	const port = await freePort();
	const folder = temporaryFolder();
	const version = readdirSync('/usr/lib/postgresql').sort().at(-1);
	const bin = `/usr/lib/postgresql/${version}/bin`;
	const data = join(folder, 'data');
	mkdirSync(data);
	const user = databaseUser();
	if (user) {
		for (const path of [folder, data]) chownSync(path, user.uid, user.gid);
	}
	const rights = ['--auth', 'trust', '--username', 'postgres', '--no-sync', '--locale', 'C.UTF-8'];
	execFileSync(`${bin}/initdb`, ['--pgdata', data, '--encoding', 'UTF8', ...rights], {
		...user,
		cwd: folder,
		stdio: 'ignore',
	});
	const settings = [`listen_addresses=127.0.0.1`, `unix_socket_directories=${folder}`, 'fsync=off'];
	const running = start(
		`${bin}/postgres`,
		['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
		{ ...user, cwd: folder, log: join(temporaryFolder(), 'postgres.log') },
	);
	const ready = ['-h', '127.0.0.1', '-p', String(port)];
	await until('Postgres answers', () => {
		execFileSync(`${bin}/pg_isready`, ready, { stdio: 'ignore' });
		return true;
	});
	const query = (sql: string) =>
		execFileSync(`${bin}/psql`, [...ready, '-U', 'postgres', '-At', '-c', sql], {
			encoding: 'utf8',
		});
	return { port, running, query };
}

/** Postgres refuses to run as root; Debian made a user for it. */
function databaseUser(): { uid: number; gid: number } | undefined {
	if (process.getuid?.() !== 0) return undefined;
	const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
	return { uid: id('-u'), gid: id('-g') };
}

async function listens(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1', () => resolve(true));
		socket.once('error', () => resolve(false));
		socket.once('connect', () => socket.destroy());
	});
}
