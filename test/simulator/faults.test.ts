import { send, signed, until, type WireAnswer } from './signedClient';
import type { Fault } from './simulator';
import { useSimulator } from './useSimulator';

const CONTACT = { Email: 'sentinel@example.com', Phone: '4915100000000' };
const FORM = { Users: JSON.stringify([CONTACT]) };

const simulator = useSimulator();

function upload(): Promise<WireAnswer> {
	return send(simulator, signed({ form: FORM }));
}

describe('answers with', () => {
	test.each<[Fault, number, string, RegExp]>([
		[{ kind: 'throttle' }, 400, 'Throttling.User', /"Code":"Throttling.User"/],
		[
			{ kind: 'throttle', code: 'Throttling.Api', status: 429 },
			429,
			'Throttling.Api',
			/flow control/,
		],
		[
			{ kind: 'error', status: 503, code: 'ServiceUnavailable' },
			503,
			'ServiceUnavailable',
			/"HostId"/,
		],
		[
			{ kind: 'businessError', code: 'Busy', message: 'Later' },
			200,
			'Busy',
			/"Message":"Later","Success":false/,
		],
		[{ kind: 'html', status: 502 }, 502, '', /^<html>.*Bad Gateway/s],
		[{ kind: 'html', status: 200, body: '<p>login</p>' }, 200, '', /^<p>login<\/p>$/],
		[{ kind: 'empty', status: 500 }, 500, '', /^$/],
		[{ kind: 'redirect', status: 307, location: 'http://127.0.0.1:1/' }, 307, '', /^$/],
		[
			{ kind: 'echo' },
			500,
			'',
			/^<html>.*PageId=1.*ACS3-HMAC.*sentinel@example\.com.*sentinel%40example/s,
		],
		[
			{ kind: 'echo', format: 'json', status: 400 },
			400,
			'InternalError',
			/"Message":".*sentinel@example\.com/,
		],
		[
			{ kind: 'quoteContact' },
			200,
			'ParameterIllegal',
			/sentinel@example\.com \/ 4915100000000.*"Success":false/,
		],
	])('%o', async (fault, status, code, text) => {
		simulator.misbehave(1, fault);
		const answer = await upload();
		expect(answer.status).toBe(status);
		expect(answer.text).toMatch(text);
		expect(simulator.requests).toMatchObject([
			{ status, code, acknowledged: true, users: [CONTACT] },
		]);
		expect(simulator.uploads).toEqual([]);
		expect((await upload()).status).toBe(200);
	});

	test('Retry-After and Location', async () => {
		simulator.misbehave(1, { kind: 'throttle', status: 503, retryAfter: 7 });
		simulator.misbehave(2, { kind: 'html', status: 503, retryAfter: 8 });
		simulator.misbehave(3, { kind: 'redirect', status: 301, location: 'https://example.com/' });
		expect((await upload()).headers['retry-after']).toBe('7');
		expect((await upload()).headers['retry-after']).toBe('8');
		expect((await upload()).headers.location).toBe('https://example.com/');
	});
});

describe('gives no full answer with', () => {
	const faults: Fault[] = [
		{ kind: 'reset' },
		{ kind: 'cutOff', received: false },
		{ kind: 'silence' },
	];
	test.each(faults.flatMap((fault) => [fault, { ...fault, received: true }] as Fault[]))(
		'%o',
		async (fault) => {
			simulator.misbehave(1, fault);
			const patience = new AbortController();
			const sent = expect(
				send(simulator, signed({ form: FORM }), patience.signal),
			).rejects.toMatchObject({
				code: fault.kind === 'silence' ? 'ABORT_ERR' : 'ECONNRESET',
			});
			if (fault.kind === 'silence') {
				await until(() => simulator.requests.length > 0, 10_000);
				patience.abort();
			}
			await sent;
			const [one] = simulator.requests;
			expect(one).toMatchObject({ acknowledged: false, users: [CONTACT] });
			expect(one?.status).toBe(fault.kind === 'cutOff' ? 200 : 0);
			const received = 'received' in fault && fault.received;
			const unheard = { users: [CONTACT], batches: [{ acknowledged: false }], complete: false };
			expect(simulator.uploads).toMatchObject(received ? [unheard] : []);
		},
	);
});

test('a fault after the users were counted leaves them received and unacknowledged', async () => {
	simulator.misbehave(1, { kind: 'html', status: 504, received: true });
	await upload();
	expect(simulator.requests).toMatchObject([{ status: 504, acknowledged: true }]);
	expect(simulator.uploads).toMatchObject([{ batches: [{ acknowledged: false }] }]);
});

test('a cut-off answer is received unless told otherwise', async () => {
	simulator.misbehave(1, { kind: 'cutOff' });
	await expect(upload()).rejects.toThrow();
	expect(simulator.uploads).toHaveLength(1);
});

test('a slow answer is the ordinary one', async () => {
	simulator.misbehave(1, { kind: 'slow', ms: 40 });
	const start = performance.now();
	expect((await upload()).text).toMatch('"Success":true');
	expect(performance.now() - start).toBeGreaterThan(35);
	expect(simulator.uploads).toMatchObject([{ batches: [{ acknowledged: true }] }]);
});
