import { ApiError } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import {
	createCallOnce,
	type KeySource,
	type RpcCall,
} from '../../nodes/AlibabaCloudChatApp/transport/client';
import type { HttpRequest, SendHttp } from '../../nodes/AlibabaCloudChatApp/transport/http';
import { stillClock } from '../engine/stillClock';
import { until, users } from '../simulator/signedClient';
import { DEFAULT_KEY, type Fault, KNOWN, PAGE_IDS } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';
import { connectionTo } from './connectionTo';
import { error, LIST_CALL } from './requests';

const simulator = useSimulator();

// The simulator checks the signature.
test('a call is signed as the API requires, with its action and version', async () => {
	const clock = { ...connectionTo(simulator).clock, nonce: () => 'nonce-1' };
	await createCallOnce(connectionTo(simulator, { clock }))(LIST_CALL);
	expect(simulator.requests).toMatchObject([
		{ method: 'POST', code: 'OK', bodyBytes: 0, query: PAGE_IDS },
	]);
	expect(simulator.requests[0]?.url).toMatch(/^\/\?/);
	expect(simulator.requests[0]?.headers).toMatchObject({
		accept: 'application/json',
		'x-acs-action': 'ListPageAdAccount',
		'x-acs-version': '2020-06-06',
		'x-acs-signature-nonce': 'nonce-1',
	});
	expect(simulator.requests[0]?.headers).not.toHaveProperty('content-type');
});

test('a form is sent in the body, with its content type', async () => {
	const { adAccountId: AdAccountId, customAudienceId: CustomAudienceId } = KNOWN;
	const query = { ...PAGE_IDS, AdAccountId, CustomAudienceId, BatchLastFlag: 'true' };
	const body = Buffer.from(new URLSearchParams(users(2)).toString());
	const call = { action: 'AddCustomAudienceUser', version: '2020-06-06', query, body };
	await createCallOnce(connectionTo(simulator))(call);
	expect(simulator.attempts).toMatchObject([{ code: 'OK', query, users: [{}, {}] }]);
	expect(simulator.attempts[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
});

test("each call is signed with its own key, at the connection's time", async () => {
	const now = Date.now() - 20 * 60_000;
	const clock = { ...connectionTo(simulator).clock, now: () => now };
	const keys = [DEFAULT_KEY, { ...DEFAULT_KEY, accessKeyId: 'LTAI5tAnother' }];
	const key = {
		current: async () => keys.shift() ?? DEFAULT_KEY,
		renewed: async () => DEFAULT_KEY,
	};
	const callApi = createCallOnce(connectionTo(simulator, { clock, key }));
	await Promise.all([
		callApi(LIST_CALL),
		callApi({ ...LIST_CALL, query: { ...PAGE_IDS, Page: '2' } }),
	]);
	expect(new Set(simulator.requests.map(({ code }) => code))).toEqual(
		new Set(['InvalidAccessKeyId.NotFound', 'InvalidTimeStamp.Expired']),
	);
});

test('canceling a run ends the current call, and prevents further ones', async () => {
	const controller = new AbortController();
	const connection = connectionTo(simulator, { cancelSignal: controller.signal });
	const callApi = createCallOnce(connection);
	simulator.misbehave(1, { kind: 'silence' }, LIST_CALL.action);
	const underWay = expect(callApi(LIST_CALL)).rejects.toThrow('stopped');
	await until(() => simulator.requests.length === 1);
	controller.abort(new Error('stopped'));
	await underWay;
	await expect(callApi(LIST_CALL)).rejects.toThrow('stopped');
	expect(simulator.requests).toHaveLength(1);
});

test('an accepted call returns the object in the response and the request ID', async () => {
	await expect(createCallOnce(connectionTo(simulator))(LIST_CALL)).resolves.toEqual({
		accepted: true,
		requestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
		body: expect.objectContaining({ Code: 'OK', Success: true, Data: expect.any(Array) }),
	});
});

const ACCEPTED = { Code: 'OK', Success: true };

test.each([
	['all that it takes', 200, ACCEPTED, true],
	['another status', 202, ACCEPTED, false],
	['an error', 500, ACCEPTED, false],
	['no code', 200, { Success: true }, false],
	['another code', 200, { Code: 'Ok', Success: true }, false],
	['no success', 200, { Code: 'OK' }, false],
	['success that is a text', 200, { Code: 'OK', Success: 'true' }, false],
	['something other than an object', 200, [ACCEPTED], false],
])('a call is accepted by %s: %i %j', async (_name, status, body, accepted) => {
	const sendHttp = async () => ({ status, headers: {}, text: JSON.stringify(body) });
	const result = await createCallOnce(connectionTo(simulator, { sendHttp }))(LIST_CALL);
	expect(result).toMatchObject(accepted ? { accepted } : { accepted, error: {} });
});

test('a caller may recognize acceptance by something else, but not by another status', async () => {
	const ask = async (status: number) => {
		const sendHttp = async () => ({ status, headers: {}, text: '{"Credentials":{}}' });
		const callApi = createCallOnce(
			connectionTo(simulator, { sendHttp }),
			(body) => 'Credentials' in body,
		);
		return (await callApi(LIST_CALL)).accepted;
	};
	expect([await ask(200), await ask(201)]).toEqual([true, false]);
});

test.each<[string, Fault, object]>([
	[
		'an error of the API',
		error(400, 'NoPermission'),
		{ kind: 'permission', fix: `'cams:${LIST_CALL.action}'` },
	],
	['a page', { kind: 'html', status: 502 }, { kind: 'temporary', code: 'Http502' }],
	['a broken connection', { kind: 'reset' }, { kind: 'temporary', code: 'ECONNRESET' }],
	['a response without end', { kind: 'hostile', how: 'endless' }, { code: 'ResponseTooLong' }],
])(
	'%s is a result, not an exception',
	async (_name, fault, { fix, ...error }: { fix?: string }) => {
		simulator.misbehave(1, fault, LIST_CALL.action);
		await expect(createCallOnce(connectionTo(simulator))(LIST_CALL)).resolves.toMatchObject({
			accepted: false,
			error: { ...error, fix: expect.stringContaining(fix ?? '') },
		});
	},
);

test('a call that took too long says how long, and what to check', async () => {
	const time = new AbortController();
	const sendHttp = async () => {
		time.abort();
		return await new Promise<never>(() => {});
	};
	const clock = { ...stillClock(), timer: () => time.signal };
	const connection = connectionTo(simulator, { sendHttp, clock, timeout: 2500 });
	await expect(createCallOnce(connection)(LIST_CALL)).resolves.toMatchObject({
		accepted: false,
		error: {
			what: 'No complete response came within 2.5 seconds',
			fix: expect.stringContaining("'Endpoint'"),
		},
	});
});

test('only a canceled run is an exception', async () => {
	const controller = new AbortController();
	const sendHttp = async () => {
		controller.abort(new Error('stopped'));
		throw new Error('aborted');
	};
	const { signal: cancelSignal } = controller;
	const callApi = createCallOnce(connectionTo(simulator, { sendHttp, cancelSignal }));
	await expect(callApi(LIST_CALL)).rejects.toThrow('stopped');
});

/** A key that can be renewed, and a mock that counts how often. */
function changingKey(renew: KeySource['renewed'] = async () => DEFAULT_KEY) {
	const renewed = jest.fn(renew);
	return { renewed, key: { current: async () => DEFAULT_KEY, renewed } };
}

test.each([
	[400, 'InvalidSecurityToken.Expired', 2],
	[400, 'MissingSecurityToken', 2],
	[404, 'invalidaccesskeyid.NotFound', 2],
	[400, 'SignatureDoesNotMatch', 1],
	[401, 'Code.InvalidAccessKeyId', 1],
	[403, 'NoPermission', 1],
	[400, 'Throttling.SecurityToken', 1],
	[400, 'Throttling', 1],
])('after HTTP %i with %s a changing key makes %i attempts', async (status, code, attempts) => {
	simulator.misbehave(1, error(status, code), LIST_CALL.action);
	const { key, renewed } = changingKey();
	const result = await createCallOnce(connectionTo(simulator, { key }))(LIST_CALL);
	expect(simulator.requests).toHaveLength(attempts);
	expect(result.accepted).toBe(attempts === 2);
	expect(renewed.mock.calls).toEqual(attempts === 2 ? [[DEFAULT_KEY]] : []);
});

test('a key that is accepted is not renewed', async () => {
	const { key, renewed } = changingKey();
	await createCallOnce(connectionTo(simulator, { key }))(LIST_CALL);
	expect(renewed).not.toHaveBeenCalled();
});

test('a second key that is rejected ends the call, and the error names the role', async () => {
	simulator.misbehave([1, 2], error(400, 'InvalidSecurityToken.Expired'), LIST_CALL.action);
	const { key } = changingKey();
	await expect(createCallOnce(connectionTo(simulator, { key }))(LIST_CALL)).resolves.toMatchObject({
		error: { kind: 'key', fix: expect.stringContaining("'Role ARN'") },
	});
	expect(simulator.requests).toHaveLength(2);
});

test('a key without a source is not tried again', async () => {
	simulator.misbehave(1, error(400, 'InvalidSecurityToken.Expired'), LIST_CALL.action);
	await expect(createCallOnce(connectionTo(simulator))(LIST_CALL)).resolves.toMatchObject({
		error: { kind: 'key', fix: expect.stringContaining("'Security Token'") },
	});
	expect(simulator.requests).toHaveLength(1);
});

test('if there is no key, the error is that of the call for the key', async () => {
	simulator.misbehave(1, error(404, 'InvalidAccessKeyId.NotFound'), LIST_CALL.action);
	const rejected = new ApiError({
		kind: 'key',
		code: 'EntityNotExist.Role',
		what: 'The specified Role not exists',
		fix: 'Check it',
		requestId: 'request-1',
		responseLost: false,
	});
	const { key } = changingKey(async () => {
		throw rejected;
	});
	const result = await createCallOnce(connectionTo(simulator, { key }))(LIST_CALL);
	expect(result).toEqual({ accepted: false, error: rejected });
});

const KEY = {
	accessKeyId: 'id',
	accessKeySecret: 'the-secret-of-it',
	securityToken: 'CAIS-the-token',
};
const USERS = JSON.stringify([{ Email: 'ada@example.com', Phone: '15550100101' }]);
const PERSONAL = /ada|example\.com|0101|Users|BatchLastFlag|the-secret|CAIS-|127\.0\.0\.1/;

const PLACES: Array<[name: string, call: Pick<RpcCall, 'query' | 'body'>]> = [
	[
		'the body',
		{ query: { BatchLastFlag: 'true' }, body: Buffer.from(`Users=${encodeURIComponent(USERS)}`) },
	],
	['the query', { query: { BatchLastFlag: 'true', Users: USERS } }],
];

/** What a server, or n8n's message about a broken connection, may quote. */
const RESPONSES: Array<
	[name: string, send: (call: HttpRequest, all: string) => ReturnType<SendHttp>]
> = [
	['a reset with the URL', async (_, all) => await broken('ECONNRESET', all)],
	['a refused connection with the URL', async (_, all) => await broken('ECONNREFUSED', all)],
	['a certificate with the URL', async (_, all) => await broken('CERT_HAS_EXPIRED', all)],
	['a code that is the URL', async (_, all) => await broken(all, all)],
	['no code', async (_, all) => await broken(undefined, all)],
	[
		'an echo in JSON',
		async (_, all) => response(400, { Code: 'Echo', Message: all, RequestId: all }),
	],
	['an echo as the code', async (_, all) => response(200, { Code: all, Success: false })],
	['an echo as a page', async (_, all) => ({ status: 502, headers: {}, text: all })],
	[
		'an echo as an acceptance',
		async (_, all) => response(200, { Code: 'OK', Success: true, RequestId: all }),
	],
	[
		'an echo beside an acceptance',
		async (_, all) => response(200, { Success: true, Message: all }),
	],
	[
		'an echo as a header',
		async (_, all) => ({ status: 307, headers: { location: all, 'retry-after': all }, text: '' }),
	],
];

async function broken(code: string | undefined, all: string): Promise<never> {
	throw Object.assign(new Error(`connect to ${all}`, { cause: new Error(all) }), { code });
}

function response(status: number, body: object) {
	return { status, headers: {}, text: JSON.stringify(body) };
}

describe.each(PLACES)('a call with its users in %s', (_, place) => {
	const call: RpcCall = {
		action: 'AddCustomAudienceUser',
		version: '2020-06-06',
		...place,
		personal: () => ['ada@example.com', '15550100101'],
	};

	it.each(RESPONSES)('shows none of them, its URL, or its key after %s', async (_name, send) => {
		const result = await createCallOnce({
			key: KEY,
			origin: 'https://127.0.0.1',
			sendHttp: async (sent) =>
				await send(sent, `POST ${sent.url} ${sent.body} ${JSON.stringify(sent.headers)}`),
			clock: stillClock(),
			timeout: 1000,
		})(call);
		const { body, ...shown } = result as Record<string, unknown>;
		expect(JSON.stringify(shown)).not.toMatch(PERSONAL);
	});

	it('is sent there', async () => {
		const sent: HttpRequest[] = [];
		await createCallOnce({
			key: KEY,
			origin: 'https://127.0.0.1',
			sendHttp: async (one) => {
				sent.push(one);
				return response(200, { Code: 'OK', Success: true });
			},
			clock: stillClock(),
			timeout: 1000,
		})(call);
		const { searchParams } = new URL(sent[0]?.url ?? '');
		expect(searchParams.get('Users')).toBe(place.query.Users ?? null);
		expect(sent[0]?.body).toBe(place.body);
	});
});

test('the key that signed is hidden, even if another one is current by then', async () => {
	const keys = ['first', 'second'].map((name) => ({
		...KEY,
		accessKeySecret: `${name}-secret-of-it`,
	}));
	const key = {
		current: async () => keys.shift() ?? KEY,
		renewed: async () => KEY,
	};
	const result = await createCallOnce({
		key,
		origin: 'https://127.0.0.1',
		sendHttp: async () =>
			response(400, { Code: 'Echo', Message: 'Signed with first-secret-of-it' }),
		clock: stillClock(),
		timeout: 1000,
	})({ action: 'ListInstance', version: '2020-06-06', query: {} });
	expect(JSON.stringify(result)).not.toContain('first-secret');
	expect(keys).toHaveLength(1);
});

test('a token is hidden, even in the response to an accepted call', async () => {
	const token = 'CAIS1-the-token-of-it';
	const ask = async (body: object) =>
		await createCallOnce({
			key: { ...KEY, securityToken: token },
			origin: 'https://127.0.0.1',
			sendHttp: async () => response(200, body),
			clock: stillClock(),
			timeout: 1000,
		})({ action: 'ListInstance', version: '2020-06-06', query: {} });
	const rejected = await ask({ Code: 'Echo', Message: `No session is known by ${token}` });
	expect(JSON.stringify(rejected)).not.toContain(token);
	const accepted = await ask({ Code: 'OK', Success: true, RequestId: token });
	expect(accepted).toMatchObject({ accepted: true, requestId: '[hidden]' });
});
