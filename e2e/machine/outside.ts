import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
	createServer as createHttpServer,
	type IncomingHttpHeaders,
	type IncomingMessage,
	type Server,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { temporaryFolder } from './processes';

const CRM_HOST = 'crm.example.com';

/** The hosts that can respond: the certificate names them. */
const HOSTS = [
	CRM_HOST,
	'api.hubapi.com',
	'api.pipedrive.com',
	'example.my.salesforce.com',
	'example-shop.myshopify.com',
	'graph.facebook.com',
	'sheets.googleapis.com',
	'us1.api.mailchimp.com',
];

/** A request to a host. */
export interface Call {
	method: string;
	/** Without the query. */
	path: string;
	query: URLSearchParams;
	headers: IncomingHttpHeaders;
	body: string;
}

/** @returns the response's JSON; undefined for a call that the host doesn't know */
export type Respond = (call: Call) => unknown;

/**
 * Everything outside the n8n under test, as a proxy on 127.0.0.1 that n8n must use. It intercepts HTTPS to the hosts that
 * have a response, and refuses all others, so nothing leaves the machine.
 */
export interface Outside {
	/** For the environment of n8n. */
	env: Record<string, string>;
	proxyUrl: string;
	/** What the CRM of the workflow templates responds with. */
	contacts: unknown[];
	/** Hosts that respond, with how; the CRM is there from the start. */
	hosts: Map<string, Respond>;
	/** Hosts and calls that were refused. */
	refused: string[];
	close(): void;
}

export async function startOutside(): Promise<Outside> {
	const certificate = makeCertificate();
	const hosts = new Map<string, Respond>([[CRM_HOST, () => outside.contacts]]);
	const outside: Outside = { env: {}, proxyUrl: '', contacts: [], hosts, refused: [], close };
	const site = createHttpsServer(certificate, async (request, response) => {
		const { host = '' } = request.headers;
		const call = await read(request);
		try {
			const answer = await hosts.get(host)?.(call);
			if (answer === undefined) outside.refused.push(`${call.method} ${host}${call.path}`);
			response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
			response.end(JSON.stringify(answer ?? { message: 'Not found' }));
		} catch (error) {
			// A call that isn't what the vendor expects: n8n's execution shows why.
			response.writeHead(400, { 'content-type': 'application/json' });
			response.end(JSON.stringify({ message: String(error) }));
		}
	});
	const proxy = createHttpServer((request, response) => {
		outside.refused.push(String(request.headers.host));
		response.writeHead(403).end();
	});
	const port = await listen(site);
	proxy.on('connect', (request, socket) => {
		socket.on('error', () => socket.destroy());
		const [host = '', hostPort] = String(request.url).split(':');
		if (hostPort !== '443' || !hosts.has(host)) {
			outside.refused.push(String(request.url));
			socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
			return;
		}
		const upstream = connect(port, '127.0.0.1', () => {
			socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
			upstream.pipe(socket).pipe(upstream);
		});
		upstream.on('error', () => socket.destroy());
	});
	outside.proxyUrl = `http://127.0.0.1:${await listen(proxy)}`;
	outside.env = {
		HTTP_PROXY: outside.proxyUrl,
		HTTPS_PROXY: outside.proxyUrl,
		NO_PROXY: '127.0.0.1,localhost',
		NODE_EXTRA_CA_CERTS: certificate.file,
	};
	return outside;

	function close(): void {
		for (const server of [site, proxy]) {
			server.close();
			server.closeAllConnections();
		}
	}
}

async function read(request: IncomingMessage): Promise<Call> {
	const { pathname, searchParams } = new URL(request.url ?? '', 'https://host');
	const { method = '', headers } = request;
	return { method, path: pathname, query: searchParams, headers, body: await text(request) };
}

async function listen(server: Server): Promise<number> {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return (server.address() as AddressInfo).port;
}

/** A certificate of this run: no key is kept in the repository. */
function makeCertificate(): { key: string; cert: string; file: string } {
	const folder = temporaryFolder();
	const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
	const names = HOSTS.map((host) => `DNS:${host}`).join(',');
	const subject = ['-subj', `/CN=${CRM_HOST}`, '-addext', `subjectAltName=${names}`];
	const kind = [
		'-x509',
		'-days',
		'2',
		'-nodes',
		'-newkey',
		'ec',
		'-pkeyopt',
		'ec_paramgen_curve:prime256v1',
	];
	execFileSync('openssl', ['req', ...kind, ...subject, '-keyout', key, '-out', cert], {
		stdio: 'ignore',
	});
	return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8'), file: cert };
}
