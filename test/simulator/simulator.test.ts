import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { makeCertificate } from '../transport/certificate';
import { call, send, signed, until } from './signedClient';
import { type Simulator, startSimulator } from './simulator';

test('serves https, with its faults', async () => {
	const simulator = await startSimulator({ tls: makeCertificate() });
	expect(simulator.url).toBe(`https://127.0.0.1:${simulator.port}`);
	await expect(call(simulator)).resolves.toMatchObject({ body: { Code: 'OK' } });
	simulator.misbehave(2, { kind: 'reset' });
	await expect(call(simulator)).rejects.toMatchObject({ code: 'ECONNRESET' });
	await simulator.close();
});

let child: ChildProcess;
const lines: string[] = [];

async function printed(pattern: RegExp, withinMs = 2000): Promise<string> {
	const found = (): string | undefined => lines.find((line) => pattern.test(line));
	await until(() => found() !== undefined, withinMs);
	return found() ?? '';
}

beforeAll(() => {
	const script = join(__dirname, 'run.ts');
	child = spawn(process.execPath, ['--import', 'tsx', script], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	if (child.stdout) createInterface(child.stdout).on('line', (line) => lines.push(line));
});
afterAll(() => child.kill());

test('the command prints its address, and of what arrives only actions and counts', async () => {
	const address = await printed(/http:\/\/127\.0\.0\.1:\d+/, 15_000);
	const port = Number(/:(\d+)/.exec(address)?.[1]);
	const form = { Users: '[{"Email":"sentinel@example.com","Phone":"4915100000000"}]' };
	const server = { url: 'http:', port } as Simulator;
	await send(server, signed({ form }));
	await send(server, signed({ action: 'sentinel@example.com', form }));
	await send(server, signed({ query: { sentinel: 'sentinel@example.com' }, form }));

	await printed(/AddCustomAudienceUser users 1, last -, total -, status 200 OK$/);
	await printed(/\(unknown action\) status 404 InvalidAction\.NotFound$/);
	await printed(/AddCustomAudienceUser status 400 MissingCustSpaceId$/);
	expect(lines.join('\n')).not.toMatch(/sentinel|4915100000000/);

	const ended = new Promise((resolve) => child.once('exit', resolve));
	child.kill('SIGINT');
	expect(await ended).toBe(0);
}, 20_000);
