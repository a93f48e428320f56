import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { call } from './ask';
import { startSimulator } from './simulator';

/** A self-signed certificate of this run: no key is kept in the repository. */
function makeCertificate(): { key: string; cert: string } {
	const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
	const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
	const subject = ['-subj', '/CN=localhost', '-days', '1', '-nodes', '-x509'];
	const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
	execFileSync('openssl', ['req', ...subject, ...curve, '-keyout', key, '-out', cert], {
		stdio: 'ignore',
	});
	const pair = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
	rmSync(folder, { recursive: true });
	return pair;
}

test('serves https, with its faults', async () => {
	const simulator = await startSimulator({ tls: makeCertificate() });
	expect(simulator.url).toBe(`https://127.0.0.1:${simulator.port}`);
	await expect(call(simulator)).resolves.toMatchObject({ body: { Code: 'OK' } });
	simulator.misbehave(2, { kind: 'reset' });
	await expect(call(simulator)).rejects.toMatchObject({ code: 'ECONNRESET' });
	await simulator.close();
});
