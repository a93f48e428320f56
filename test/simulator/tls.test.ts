import { makeCertificate } from '../transport/certificate';
import { call } from './ask';
import { startSimulator } from './simulator';

test('serves https, with its faults', async () => {
	const simulator = await startSimulator({ tls: makeCertificate() });
	expect(simulator.url).toBe(`https://127.0.0.1:${simulator.port}`);
	await expect(call(simulator)).resolves.toMatchObject({ body: { Code: 'OK' } });
	simulator.misbehave(2, { kind: 'reset' });
	await expect(call(simulator)).rejects.toMatchObject({ code: 'ECONNRESET' });
	await simulator.close();
});
