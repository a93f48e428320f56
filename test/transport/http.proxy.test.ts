import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { once, uniq } from 'lodash';
import type { IDataObject } from 'n8n-workflow';
import { startSimulator, type Simulator } from '../simulator/simulator';
import { makeCertificate } from './certificate';
import { startForwardProxy } from './forwardProxy';

// No name server knows this host: a call that comes through came through the proxy.
const HOST = 'cams.example.com';
const LOGIN = 'worker:pass-of-the-proxy';

let folder: string;
let authority: string;
let secure: Simulator;
let plain: Simulator;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'proxy-'));
	authority = join(folder, 'authority.pem');
	const tls = makeCertificate();
	writeFileSync(authority, tls.cert);
	secure = await startSimulator({ tls });
	plain = await startSimulator();
});

afterAll(async () => {
	await secure.close();
	await plain.close();
	rmSync(folder, { recursive: true });
});

interface Result {
	error?: { message: string; description: string; code?: string };
	output?: IDataObject[];
}

interface Process {
	/** Of each endpoint's run. */
	results: Result[];
	/** All that the process wrote. */
	text: string;
}

/** Runs the node for each endpoint in a process that starts with these settings and none of this one's proxies. */
async function sendToEach(endpoints: string[], settings: Record<string, string>): Promise<Process> {
	const { PATH } = process.env;
	const script = join(__dirname, 'sendToEach.ts');
	const { stdout, stderr } = await promisify(execFile)(
		process.execPath,
		['--import', 'tsx', script, ...endpoints],
		{ env: { PATH, HOME: folder, ...settings }, cwd: join(__dirname, '..', '..') },
	);
	const last = stdout.trim().split('\n').at(-1) ?? '';
	return { results: JSON.parse(last) as Result[], text: stdout + stderr };
}

/** A call of each kind from one process that knows both proxies. */
const throughProxies = once(async () => {
	const forHttps = await startForwardProxy({ target: secure.port });
	const forHttp = await startForwardProxy({ target: plain.port });
	const { results } = await sendToEach(
		[`https://${HOST}`, `http://127.0.0.1:${plain.port}`, `http://localhost:${plain.port}`],
		{
			HTTPS_PROXY: `http://127.0.0.1:${forHttps.port}`,
			NODE_EXTRA_CA_CERTS: authority,
			HTTP_PROXY: `http://127.0.0.1:${forHttp.port}`,
			NO_PROXY: '127.0.0.1',
		},
	);
	await forHttps.close();
	await forHttp.close();
	const [encrypted, direct, through] = results;
	return {
		encrypted,
		direct,
		through,
		requested: [forHttps.requested, forHttp.requested].map(uniq),
	};
});

test.concurrent(
	'calls go through HTTPS_PROXY, and NODE_EXTRA_CA_CERTS makes its certificate trusted',
	async () => {
		const { encrypted, requested } = await throughProxies();
		expect(encrypted?.error).toBeUndefined();
		expect(encrypted?.output).toMatchObject([{ submitted: 1, complete: true }]);
		expect(requested[0]).toEqual([`CONNECT ${HOST}:443`]);
		expect(secure.attempts).toHaveLength(1);
	},
	60_000,
);

test.concurrent(
	'a certificate that is not trusted ends the call at once and says what to do',
	async () => {
		const proxy = await startForwardProxy({ target: secure.port });
		const { results } = await sendToEach([`https://${HOST}:8443`], {
			HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
		});
		await proxy.close();
		expect(results[0]?.error?.message).toContain("certificate isn't trusted");
		expect(results[0]?.error?.description).toContain('NODE_EXTRA_CA_CERTS');
		expect([...new Set(proxy.requested)]).toEqual([`CONNECT ${HOST}:8443`]);
	},
	60_000,
);

test.concurrent(
	'hosts in NO_PROXY are called directly, others of plain http through HTTP_PROXY',
	async () => {
		const { direct, through, requested } = await throughProxies();
		expect(direct?.output).toMatchObject([{ submitted: 1 }]);
		expect(through?.output).toMatchObject([{ submitted: 1 }]);
		expect(plain.attempts).toHaveLength(2);
		expect(requested[1]).toEqual([`POST http://localhost:${plain.port}`]);
	},
	60_000,
);

test.concurrent(
	'a proxy that wants a login is named, and its password stays inside',
	async () => {
		const proxy = await startForwardProxy({ target: secure.port, login: LOGIN });
		const address = `127.0.0.1:${proxy.port}`;
		const wrong = LOGIN.replace('pass', 'word');
		const { results, text } = await sendToEach([`https://${HOST}`], {
			HTTPS_PROXY: `http://${wrong}@${address}`,
			NODE_EXTRA_CA_CERTS: authority,
		});
		await proxy.close();
		expect(results[0]?.error?.message).toContain('The proxy requires a login');
		expect(results[0]?.error?.description).toContain('HTTPS_PROXY');
		expect(text).not.toContain('word-of-the-proxy');
	},
	60_000,
);
