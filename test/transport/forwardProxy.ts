import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

export interface ForwardProxy {
	port: number;
	/** The requests to it: `CONNECT host:port`, or `POST http://host:port`, without the path. */
	requested: string[];
	close(): Promise<void>;
}

/**
 * A forward proxy on 127.0.0.1, as companies use it: it tunnels https and forwards http.
 * @param options.target the port on 127.0.0.1 that every host leads to
 * @param options.login what `Proxy-Authorization` must contain, e.g. `user:password`
 */
export async function startForwardProxy(options: {
	target: number;
	login?: string;
}): Promise<ForwardProxy> {
	const requested: string[] = [];
	const sockets = new Set<Socket>();
	const mayPass = ({ headers }: IncomingMessage) =>
		options.login === undefined ||
		headers['proxy-authorization'] === `Basic ${Buffer.from(options.login).toString('base64')}`;

	const server = createServer((incoming, response) => {
		requested.push(`${incoming.method} ${new URL(incoming.url ?? '').origin}`);
		if (mayPass(incoming)) forward(incoming, response, options.target);
		else response.writeHead(407, { 'proxy-authenticate': 'Basic' }).end('<html></html>');
	});
	server.on('connect', (incoming: IncomingMessage, client: Socket, head: Buffer) => {
		requested.push(`CONNECT ${incoming.url}`);
		client.on('error', () => client.destroy());
		if (!mayPass(incoming)) {
			client.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
			return;
		}
		const server = connect(options.target, '127.0.0.1', () => {
			client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
			server.write(head);
			server.pipe(client).pipe(server);
		});
		server.on('error', () => client.destroy());
	});
	server.on('connection', (socket: Socket) => {
		sockets.add(socket);
		socket.once('close', () => sockets.delete(socket));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		port: (server.address() as AddressInfo).port,
		requested,
		async close() {
			const closed = new Promise<void>((resolve) => server.close(() => resolve()));
			for (const socket of sockets) socket.destroy();
			await closed;
		},
	};
}

function forward(incoming: IncomingMessage, response: ServerResponse, port: number): void {
	const { pathname, search } = new URL(incoming.url ?? '');
	const { method, headers } = incoming;
	const outgoing = request({
		port,
		host: '127.0.0.1',
		method,
		path: `${pathname}${search}`,
		headers,
	});
	outgoing.on('response', (answer) => {
		response.writeHead(answer.statusCode ?? 502, answer.headers);
		answer.pipe(response);
	});
	outgoing.on('error', () => response.destroy());
	incoming.pipe(outgoing);
}
