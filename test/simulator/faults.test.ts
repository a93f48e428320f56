import { call, IDS, send, signed, until, type WireResponse } from './signedClient';
import { type Fault } from './simulator';
import { useSimulator } from './useSimulator';

const simulator = useSimulator();

describe('a fault chooses its calls', () => {
	const fault: Fault = { kind: 'empty', status: 500 };
	async function statuses(count: number): Promise<number[]> {
		for (let n = 0; n < count; n++) await send(simulator, signed());
		return simulator.requests.map(({ status }) => status);
	}

	test('by their numbers', async () => {
		simulator.misbehave([1, 3], fault);
		expect(await statuses(4)).toEqual([500, 200, 500, 200]);
	});

	test('by a function', async () => {
		simulator.misbehave((n, action) => n % 2 === 0 && action === 'AddCustomAudienceUser', fault);
		expect(await statuses(4)).toEqual([200, 500, 200, 500]);
	});

	test('by action, each counted separately', async () => {
		simulator.misbehave(2, fault, 'ListInstance');
		await send(simulator, signed());
		const query = { ChannelType: 'messenger', PageIndex: '1', PageSize: '1' };
		for (let n = 0; n < 2; n++) await send(simulator, signed({ action: 'ListInstance', query }));
		expect(simulator.requests.map(({ status }) => status)).toEqual([200, 200, 500]);
	});

	test('with the latest rule first, from 1 again after a reset', async () => {
		simulator.misbehave(() => true, fault);
		simulator.misbehave(1, { kind: 'empty', status: 503 });
		expect(await statuses(2)).toEqual([503, 500]);
		simulator.reset();
		simulator.misbehave(1, fault);
		expect(await statuses(2)).toEqual([500, 200]);
	});

	test('but an invalid call is still rejected', async () => {
		simulator.misbehave(1, fault);
		const rejection = call(simulator, { query: { ...IDS, BatchLastFlag: 'x' } });
		await expect(rejection).resolves.toMatchObject({ status: 400 });
	});
});

const CONTACT = { Email: 'sentinel@example.com', Phone: '4915100000000' };
const FORM = { Users: JSON.stringify([CONTACT]) };

function upload(): Promise<WireResponse> {
	return send(simulator, signed({ form: FORM }));
}

describe('responds with', () => {
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

describe('sends no full response with', () => {
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

test('a request whose response is cut off is received by default', async () => {
	simulator.misbehave(1, { kind: 'cutOff' });
	await expect(upload()).rejects.toThrow();
	expect(simulator.uploads).toHaveLength(1);
});

test('a slow response is the ordinary one', async () => {
	simulator.misbehave(1, { kind: 'slow', ms: 40 });
	const start = performance.now();
	expect((await upload()).text).toMatch('"Success":true');
	expect(performance.now() - start).toBeGreaterThan(35);
	expect(simulator.uploads).toMatchObject([{ batches: [{ acknowledged: true }] }]);
});
