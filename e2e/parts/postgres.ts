import { startPostgres } from '../machine/services';
import type { Part } from '../run';
import { keepsContract } from './table';

/** The contract of the tables, with Postgres in place of SQLite. */
export const part: Part = async (stage, report) => {
	const { port, running } = await startPostgres();
	const server = await stage.startServer(stage.userFolder(), {
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(port),
		DB_POSTGRESDB_DATABASE: 'postgres',
		DB_POSTGRESDB_USER: 'postgres',
	});
	try {
		await server.rest.setUpOwner();
		await keepsContract(server.rest, report);
	} finally {
		await server.stop();
		await running.stop();
	}
};
