import { startPostgres, startRedis } from '../machine/services';
import type { Stage, StoredCredential } from '../stage';
import type { Server } from './server';

/** A worker that doesn't renew its lock is noticed after seconds, where n8n's own settings take minutes. */
const NOTICE_SOONER = {
	QUEUE_WORKER_LOCK_DURATION: '10000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '2000',
	QUEUE_WORKER_STALLED_INTERVAL: '5000',
};

export interface Cluster {
	main: Server;
	workers: Server[];
	/** For the simulator. */
	credential: StoredCredential;
	query(sql: string): string;
	/** The worker that took an execution up. */
	workerOf(executionId: string): Server | undefined;
	startWorker(worker: Server): Promise<void>;
	stop(): Promise<void>;
}

/** n8n's queue mode: one main and two workers, each with the package on its own disk, over Redis and Postgres; with an owner and a credential. */
export async function startCluster(stage: Stage): Promise<Cluster> {
	const [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
	const { env } = await stage.outside();
	const settings = {
		...env,
		...NOTICE_SOONER,
		EXECUTIONS_MODE: 'queue',
		OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(redis.port),
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(postgres.port),
		DB_POSTGRESDB_DATABASE: 'postgres',
		DB_POSTGRESDB_USER: 'postgres',
	};
	const [first = '', ...others] = [1, 2, 3].map(() => stage.userFolder());
	// The main process makes the database's tables, so it goes first.
	const main = await stage.startServer(first, settings, 'main');
	const workers = others.map((folder, n) => stage.newServer(folder, settings, `worker${n + 1}`));
	const startWorker = async (worker: Server) => await worker.startWorker(10);
	await Promise.all(workers.map(startWorker));
	const credential = await stage.setUp(main);
	return {
		main,
		workers,
		credential,
		query: postgres.query,
		workerOf: (executionId) =>
			workers.find((worker) =>
				new RegExp(`Worker started execution ${executionId}\\b`).test(worker.readLog()),
			),
		startWorker,
		async stop() {
			for (const server of [main, ...workers]) if (server.isRunning) await server.stop();
			await redis.running.stop();
			await postgres.running.stop();
		},
	};
}

/** Lets all leases run out, as if 15 minutes had passed. */
export function ageLeases({ query }: Cluster): void {
	const tables = query(
		"SELECT tablename FROM pg_tables WHERE tablename LIKE 'data\\_table\\_user\\_%'",
	);
	for (const table of tables.split('\n').filter(Boolean)) {
		query(`UPDATE "${table}" SET "leaseUntil" = '2020-01-01' WHERE status = 'lease'`);
	}
}
