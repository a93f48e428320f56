import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from './processes';

const CRM_HOST = 'crm.example.com';

/**
 * The whole outside world of the n8n under test: the proxy it must use knows one host, the CRM of the shipped
 * workflows, and refuses all others. So these workflows run as they are, and nothing leaves the machine.
 */
export interface Outside {
	/** For the environment of n8n. */
	env: Record<string, string>;
	proxyUrl: string;
	/** What the CRM answers with. */
	contacts: unknown[];
	/** Hosts that were asked for and refused. */
	refused: string[];
	close(): void;
}

export async function startOutside(): Promise<Outside> {
	const certificate = makeCertificate();
	const outside: Outside = { env: {}, proxyUrl: '', contacts: [], refused: [], close };
	const crm = createHttpsServer(certificate, (_request, response) => {
		response.setHeader('content-type', 'application/json');
		response.end(JSON.stringify(outside.contacts));
	});
	const proxy = createHttpServer((request, response) => {
		outside.refused.push(String(request.headers.host));
		response.writeHead(403).end();
	});
	const crmPort = await listen(crm);
	proxy.on('connect', (request, socket) => {
		socket.on('error', () => socket.destroy());
		if (request.url !== `${CRM_HOST}:443`) {
			outside.refused.push(String(request.url));
			socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
			return;
		}
		const upstream = connect(crmPort, '127.0.0.1', () => {
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
		for (const server of [crm, proxy]) {
			server.close();
			server.closeAllConnections();
		}
	}
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
	const subject = ['-subj', `/CN=${CRM_HOST}`, '-addext', `subjectAltName=DNS:${CRM_HOST}`];
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
