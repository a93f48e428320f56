import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
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
	/** All that the process wrote. */
	text: string;
}

/** Runs the node in a process that starts with these settings and none of this one's proxies. */
async function sendOnce(endpoint: string, settings: Record<string, string>): Promise<Result> {
	const { PATH } = process.env;
	const script = join(__dirname, 'sendOnce.ts');
	const { stdout, stderr } = await promisify(execFile)(
		process.execPath,
		['--import', 'tsx', script, endpoint],
		{ env: { PATH, HOME: folder, ...settings }, cwd: join(__dirname, '..', '..') },
	);
	const last = stdout.trim().split('\n').at(-1) ?? '';
	return { ...(JSON.parse(last) as Result), text: stdout + stderr };
}

test.concurrent(
	'calls go through HTTPS_PROXY, and NODE_EXTRA_CA_CERTS makes its certificate trusted',
	async () => {
		const proxy = await startForwardProxy({ target: secure.port });
		const { error, output } = await sendOnce(`https://${HOST}`, {
			HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
			NODE_EXTRA_CA_CERTS: authority,
		});
		await proxy.close();
		expect(error).toBeUndefined();
		expect(output).toMatchObject([{ submitted: 1, closed: true }]);
		expect([...new Set(proxy.asked)]).toEqual([`CONNECT ${HOST}:443`]);
		expect(secure.uploads).toHaveLength(1);
	},
	60_000,
);

test.concurrent(
	'a certificate that is not trusted ends the call at once and says what to do',
	async () => {
		const proxy = await startForwardProxy({ target: secure.port });
		const { error } = await sendOnce(`https://${HOST}:8443`, {
			HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
		});
		await proxy.close();
		expect(error?.message).toContain('certificate is not trusted');
		expect(error?.description).toContain('NODE_EXTRA_CA_CERTS');
		expect([...new Set(proxy.asked)]).toEqual([`CONNECT ${HOST}:8443`]);
	},
	60_000,
);

test.concurrent(
	'hosts in NO_PROXY are called directly, others of plain http through HTTP_PROXY',
	async () => {
		const proxy = await startForwardProxy({ target: plain.port });
		const settings = { HTTP_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: '127.0.0.1' };
		const direct = await sendOnce(`http://127.0.0.1:${plain.port}`, settings);
		expect(direct.output).toMatchObject([{ submitted: 1 }]);
		expect([...new Set(proxy.asked)]).toEqual([]);
		const through = await sendOnce(`http://localhost:${plain.port}`, settings);
		await proxy.close();
		expect(through.output).toMatchObject([{ submitted: 1 }]);
		expect([...new Set(proxy.asked)]).toEqual([`POST http://localhost:${plain.port}`]);
	},
	60_000,
);

test.concurrent(
	'a proxy that wants a login is named, and its password stays inside',
	async () => {
		const proxy = await startForwardProxy({ target: secure.port, login: LOGIN });
		const address = `127.0.0.1:${proxy.port}`;
		const wrong = LOGIN.replace('pass', 'word');
		const { error, text } = await sendOnce(`https://${HOST}`, {
			HTTPS_PROXY: `http://${wrong}@${address}`,
			NODE_EXTRA_CA_CERTS: authority,
		});
		await proxy.close();
		expect(error?.message).toContain('407');
		expect(error?.description).toContain('HTTPS_PROXY');
		expect(text).not.toContain('word-of-the-proxy');
	},
	60_000,
);
