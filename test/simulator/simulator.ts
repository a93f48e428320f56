import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Simulator, SimulatorOptions } from './contract';
import { Exchange } from './exchange';

export * from './contract';
export { DEFAULT_KEY } from './keyring';
export { KNOWN } from './defaultWorld';
export type { World } from './world';

/** Far above the limit of the request line, so that a long one gets the gateway's 414 and not node's 431. */
const MAX_HEADER_BYTES = 8 * 1024 * 1024;

/**
 * Starts CAMS and STS on 127.0.0.1.
 * @returns the running server, to be closed by the caller
 * @throws when the port is taken
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const exchange = new Exchange(options);
	const settings = { maxHeaderSize: MAX_HEADER_BYTES };
	const server = options.tls
		? createHttpsServer({ ...settings, ...options.tls }, exchange.listener)
		: createHttpServer(settings, exchange.listener);
	// An idle connection that ends just as a client takes it up again would look like a reset nobody asked for.
	server.keepAliveTimeout = 10 * 60 * 1000;
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(options.port ?? 0, '127.0.0.1', resolve);
	});
	const { port } = server.address() as AddressInfo;
	return {
		url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
		port,
		requests: exchange.requests,
		get attempts() {
			return exchange.requests.filter(({ action }) => action === 'AddCustomAudienceUser');
		},
		uploads: exchange.uploads.uploads,
		misbehave(numbers, fault, action = 'AddCustomAudienceUser') {
			exchange.faults.add(numbers, fault, action);
		},
		match: (matching) => exchange.matches.follow(matching),
		reset: () => exchange.reset(),
		async close() {
			const closed = new Promise<void>((resolve) => server.close(() => resolve()));
			server.closeAllConnections();
			await closed;
		},
	};
}
