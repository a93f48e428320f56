import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Fault, RequestNumbers } from './faults';
import type { RecordedRequest } from './request';
import { RequestHandler, type HandlerOptions } from './requestHandler';
import type { Matching, Upload } from './uploads';

export { DEFAULT_KEY, type AccessKey } from './authentication';
export type { Fault, RequestNumbers } from './faults';
export type { RecordedRequest } from './request';
export type { Matching, ReceivedBatch, Upload } from './uploads';
export { KNOWN, makeAudiences, PAGE_IDS, type World } from './world';

export interface SimulatorOptions extends HandlerOptions {
	/** 0 or absent: any free port. */
	port?: number;
	/** PEM key and certificate: serve https. */
	tls?: { key: string; cert: string };
}

export interface Simulator {
	/** `http://127.0.0.1:PORT`. */
	url: string;
	port: number;
	/** In order of arrival, including rejected ones. */
	requests: RecordedRequest[];
	/** The requests for AddCustomAudienceUser. */
	readonly attempts: RecordedRequest[];
	/** What each audience received. */
	uploads: Upload[];
	/**
	 * Responds to some requests for an action with a fault, unless they are rejected anyway; the latest matching rule wins.
	 * @param numbers the n-th request for that action since start or reset, from 1
	 * @param action `AddCustomAudienceUser` by default
	 */
	misbehave(numbers: RequestNumbers, fault: Fault, action?: string): void;
	/**
	 * Holds back the response to the first upload request.
	 * @returns a function that releases it
	 */
	hold(): () => void;
	/** Sets how Meta matches uploads from now on; without an argument, it matches no one. */
	match(matching?: Matching): void;
	/** Restores the initial state, and drops requests that have no response yet. */
	reset(): void;
	/** Ends open sockets and stops listening. */
	close(): Promise<void>;
}

const UPLOAD = 'AddCustomAudienceUser';
/** Far above the limit of the request line: a long one must get the gateway's 414, not Node's 431. */
const MAX_HEADER_BYTES = 8 * 1024 * 1024;

/**
 * Starts CAMS and STS on 127.0.0.1.
 * @returns the running server; the caller closes it
 * @throws Error if the port is taken
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const handler = new RequestHandler(options);
	const settings = { maxHeaderSize: MAX_HEADER_BYTES };
	const server = options.tls
		? createHttpsServer({ ...settings, ...options.tls }, handler.listener)
		: createHttpServer(settings, handler.listener);
	// An idle connection that ends just as a client reuses it would look like a reset that no test requested.
	server.keepAliveTimeout = 10 * 60 * 1000;
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(options.port ?? 0, '127.0.0.1', resolve);
	});
	const { port } = server.address() as AddressInfo;
	return {
		url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
		port,
		requests: handler.requests,
		get attempts() {
			return handler.requests.filter(({ action }) => action === UPLOAD);
		},
		uploads: handler.received.uploads,
		misbehave: (numbers, fault, action = UPLOAD) => handler.faults.add(numbers, fault, action),
		hold() {
			let release = (): void => {};
			const until = new Promise<void>((resolve) => (release = resolve));
			handler.faults.add(1, { kind: 'held', until }, UPLOAD);
			return release;
		},
		match: (matching) => handler.received.match(matching),
		reset: () => handler.reset(),
		async close() {
			const closed = new Promise<void>((resolve) => server.close(() => resolve()));
			server.closeAllConnections();
			await closed;
		},
	};
}
