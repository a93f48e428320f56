import OpenApi, { $OpenApiUtil } from '@alicloud/openapi-core';
import { IDS, users } from './signedClient';
import { DEFAULT_KEY, type AccessKey } from './simulator';
import { useSimulator } from './useSimulator';

const STS_KEY: AccessKey = {
	accessKeyId: 'STS.SimulatorKey',
	accessKeySecret: 'simulator-sts-secret',
	securityToken: 'CAIS+token/with=signs',
};

const simulator = useSimulator({ keys: [DEFAULT_KEY, STS_KEY] });

interface Request {
	action?: string;
	method?: string;
	query?: Record<string, string>;
	body?: Record<string, string>;
	key?: AccessKey;
}

/** Calls through Alibaba Cloud's client as it is. */
async function callApi(request: Request): Promise<Record<string, unknown>> {
	const { key = DEFAULT_KEY, query, body } = request;
	const config = { ...key, endpoint: `127.0.0.1:${simulator.port}`, protocol: 'HTTP' };
	const client = new OpenApi(
		new $OpenApiUtil.Config(key.securityToken ? { ...config, type: 'sts' } : config),
	);
	const params = new $OpenApiUtil.Params({
		action: request.action ?? 'AddCustomAudienceUser',
		version: '2020-06-06',
		protocol: 'HTTP',
		pathname: '/',
		method: request.method ?? 'POST',
		authType: 'AK',
		style: 'RPC',
		reqBodyType: 'formData',
		bodyType: 'json',
	});
	const runtime = {} as Parameters<OpenApi['callApi']>[2];
	const parts = new $OpenApiUtil.OpenApiRequest({ query, body });
	const answer = await client.callApi(params, parts, runtime);
	return answer.body as Record<string, unknown>;
}

describe('a client of Alibaba Cloud, unchanged, is accepted', () => {
	test.each<[string, Request]>([
		['with everything in the query', { query: { ...IDS, ...users(3) } }],
		['with Users in a form body', { query: IDS, body: users(3) }],
		['with everything in a form body', { body: { ...IDS, ...users(3) } }],
		['with GET', { method: 'GET', query: { ...IDS, ...users(3) } }],
		['with an STS token', { key: STS_KEY, query: IDS, body: users(3) }],
		[
			'with the flag and the total',
			{ query: { ...IDS, BatchLastFlag: 'true', EstimatedNumTotal: '3' }, body: users(3) },
		],
	])('%s', async (_, request) => {
		await expect(callApi(request)).resolves.toMatchObject({ Code: 'OK', Success: true });
		expect(simulator.uploads).toHaveLength(1);
		expect(simulator.uploads[0]?.users).toEqual(JSON.parse(users(3).Users));
	});

	test('with letters of every script and characters that need escapes', async () => {
		const name = "Zoë & 顧客 +10% ~*'()! 😀";
		const query = { ...IDS, CustomAudienceId: name };
		const list = [{ Email: '顧客+ß@例え.jp', Phone: '+49 (0) 30%' }];
		await callApi({ query, body: { Users: JSON.stringify(list) } });
		expect(simulator.uploads[0]).toMatchObject({ customAudienceId: name, users: list });
		expect(simulator.requests[0]?.query).toEqual(query);
	});

	test('with empty values', async () => {
		const query = {
			ChannelType: 'messenger',
			PageIndex: '1',
			PageSize: '10',
			InstanceName: '',
			FilterStr: '',
		};
		await expect(callApi({ action: 'ListInstance', query })).resolves.toMatchObject({
			TotalCount: 3,
		});
		await expect(callApi({ action: 'ListInstance', method: 'GET', query })).resolves.toBeTruthy();
		await expect(callApi({ action: 'ListInstance', body: query })).resolves.toBeTruthy();
		expect(simulator.requests[2]).toMatchObject({ query: {}, form: query, code: 'OK' });
	});

	test('with 10,000 users', async () => {
		await callApi({ query: IDS, body: users(10_000) });
		expect(simulator.uploads[0]?.users).toHaveLength(10_000);
	});
});

test("that client gets a rejection in Alibaba Cloud's words", async () => {
	const key = { ...DEFAULT_KEY, accessKeySecret: 'another' };
	const rejection = callApi({ key, query: IDS, body: users(1) });
	await expect(rejection).rejects.toMatchObject({ code: 'SignatureDoesNotMatch', statusCode: 400 });
	expect(simulator.requests[0]).toMatchObject({ code: 'SignatureDoesNotMatch', query: {} });
	expect(simulator.requests[0]?.users).toBeUndefined();
});
