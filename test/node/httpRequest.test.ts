import { NodeConnectionTypes, type IDataObject, type INodeType } from 'n8n-workflow';
import { AlibabaCloudOpenApi } from '../../credentials/AlibabaCloudOpenApi.credentials';
import { signHttpRequest, type N8nRequest } from '../../credentials/httpRequest';
import { itemsOf, runWorkflow } from '../engine/runWorkflow';
import { DEFAULT_KEY, KNOWN } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';

const STS = { accessKeyId: 'STS.Test', accessKeySecret: 'sts-secret', securityToken: 'sts-token' };

const simulator = useSimulator({ keys: [DEFAULT_KEY, STS] });

/** Sends a request as n8n's HTTP Request node does, or by n8n's newer helper. */
function requestNode(request: N8nRequest, helper: 'older' | 'newer'): INodeType {
	return {
		description: {
			displayName: 'Request',
			name: 'request',
			group: ['input'],
			version: 1,
			description: '',
			defaults: { name: 'Request' },
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			credentials: [{ name: 'alibabaCloudOpenApi', required: true }],
			properties: [],
		},
		async execute() {
			const sent = structuredClone(request) as never;
			const name = 'alibabaCloudOpenApi';
			const answer =
				helper === 'older'
					? ((await this.helpers.requestWithAuthentication.call(this, name, sent)) as unknown)
					: ((await this.helpers.httpRequestWithAuthentication.call(this, name, sent)) as unknown);
			const json = typeof answer === 'string' ? (JSON.parse(answer) as IDataObject) : answer;
			return [[{ json: json as IDataObject }]];
		},
	};
}

async function send(
	request: Omit<N8nRequest, 'url'>,
	helper: 'older' | 'newer' = 'older',
	credential: object = DEFAULT_KEY,
) {
	const address = helper === 'older' ? { uri: simulator.url } : { url: simulator.url };
	const anyStatus = { simple: false, ignoreHttpStatusErrors: true };
	const sent = { ...address, ...anyStatus, ...request } as unknown as N8nRequest;
	const node = { id: '1', typeVersion: 1, position: [0, 0] as [number, number], parameters: {} };
	const run = await runWorkflow({
		workflow: {
			nodes: [
				{ ...node, name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
				{
					...node,
					name: 'Request',
					type: 'test.request',
					credentials: { alibabaCloudOpenApi: { id: '1', name: 'A' } },
				},
			],
			connections: { Start: { main: [[{ node: 'Request', type: 'main', index: 0 }]] } },
		},
		credentials: { alibabaCloudOpenApi: { endpoint: simulator.url, ...credential } },
		nodeTypes: { 'test.request': requestNode(sent, helper) },
	});
	return { error: run.data.resultData.error, json: itemsOf(run, 'Request')[0]?.json };
}

const LIST = {
	Action: 'ListInstance',
	Version: '2020-06-06',
	ChannelType: 'messenger',
	PageIndex: 1,
	PageSize: 10,
};

describe.each(['older', 'newer'] as const)("n8n's %s helper with the credential", (helper) => {
	it.each<[string, Omit<N8nRequest, 'url'>]>([
		['GET', { method: 'GET', qs: LIST }],
		['POST with a query', { method: 'POST', qs: LIST }],
		['POST with a JSON body', { method: 'POST', body: LIST, json: true }],
		['a string body', { method: 'POST', body: new URLSearchParams(LIST as never).toString() }],
	])('makes a call: %s', async (_, request) => {
		const { json } = await send(request, helper);
		expect(json).toMatchObject({ Success: true, TotalCount: 3 });
	});

	it('signs with an STS token', async () => {
		const { json } = await send({ method: 'GET', qs: LIST }, helper, STS);
		expect(json).toMatchObject({ Success: true });
	});

	it('keeps unicode, punctuation of all kinds, empty values, lists and nested values as they are', async () => {
		const values = { Name: "grüße 你好 🙂 !'()*+ &=%/?#~", Empty: '', Zero: 0, No: false };
		const qs = { ...LIST, ...values, Tag: [{ Key: 'a', Value: 'b' }, { Key: 'c' }], 'od d': 'x' };
		const { json } = await send({ method: 'GET', qs }, helper);
		// Past the signature, the simulator minds that the call has no such parameters.
		expect(json).toMatchObject({ Code: 'InvalidParameter' });
		expect(simulator.calls[0]?.query).toMatchObject({
			...values,
			Zero: '0',
			No: 'false',
			'Tag.1.Key': 'a',
			'Tag.1.Value': 'b',
			'Tag.2.Key': 'c',
			'od d': 'x',
		});
		const { Action, Version, ...rest } = qs;
		const headers = { 'x-acs-action': Action, 'X-ACS-Version': Version };
		await send({ method: 'POST', headers, body: rest }, helper);
		expect(simulator.calls[1]?.form).toMatchObject({ ...values, Zero: '0', No: 'false' });
	});

	it('does not follow a redirect with a signature', async () => {
		simulator.misbehave(1, { kind: 'redirect', status: 307, location: '/other' }, 'ListInstance');
		await send({ method: 'GET', qs: LIST, followRedirect: true, followAllRedirects: true }, helper);
		expect(simulator.calls).toHaveLength(1);
	});
});

it('reads a query in the URL and a form, as the HTTP Request node gives them', async () => {
	const uri = `${simulator.url}/?Action=ListInstance&ChannelType=messenger#here`;
	const form = { Version: '2020-06-06', PageIndex: '1', PageSize: '2' };
	const { json } = await send({ method: 'POST', uri, form } as never);
	expect(json).toMatchObject({ Success: true });
	expect(simulator.calls[0]).toMatchObject({
		query: { ChannelType: 'messenger' },
		form: { PageIndex: '1', PageSize: '2' },
	});
});

describe('signing', () => {
	const credential = { ...DEFAULT_KEY, endpoint: 'https://cams.example.com:8443' };
	const sign = async (request: Partial<N8nRequest>, fields = {}) =>
		await signHttpRequest(
			{ ...credential, ...fields },
			{ url: 'https://ecs.aliyuncs.com', qs: LIST, ...request },
		);

	it('returns the bytes it signed, and nothing that would change them', async () => {
		const signed = await sign({
			method: 'POST',
			form: { Name: 'ü' },
			headers: { Accept: 'application/json', Host: 'evil.example', Authorization: 'x' },
			auth: { username: 'a', password: 'b' },
		} as never);
		expect(signed).toEqual({
			method: 'POST',
			url: 'https://ecs.aliyuncs.com/?ChannelType=messenger&PageIndex=1&PageSize=10',
			headers: expect.objectContaining({
				accept: 'application/json',
				host: 'ecs.aliyuncs.com',
				'content-type': 'application/x-www-form-urlencoded',
				'x-acs-action': 'ListInstance',
				authorization: expect.stringMatching(/^ACS3-HMAC-SHA256 /),
			}),
			body: 'Name=%C3%BC',
			disableFollowRedirect: true,
			followRedirect: false,
			followAllRedirects: false,
		});
	});

	it.each([
		['https://ecs.aliyuncs.com'],
		['https://sts.ap-southeast-1.aliyuncs.com/'],
		['https://cams.example.com:8443/'],
	])('goes to %s', async (url) => {
		await expect(sign({ url })).resolves.toMatchObject({ url: expect.stringMatching(`^${url}`) });
	});

	it.each([
		['https://example.com'],
		['https://aliyuncs.com.example.com'],
		['https://evilaliyuncs.com'],
		['https://ecs.aliyuncs.com@example.com'],
		['https://example.com/?x=.aliyuncs.com'],
		['http://ecs.aliyuncs.com'],
		['https://cams.example.com'],
		['http://cams.example.com:8443'],
	])('refuses %s', async (url) => {
		await expect(sign({ url })).rejects.toThrow(/is not signed for/);
	});

	it.each<[string, Partial<N8nRequest>, RegExp]>([
		['without Action', { qs: {} }, /no Action/],
		['without Version', { qs: { Action: 'X' } }, /no Version/],
		['with another method', { method: 'PUT' }, /GET and POST, not PUT/],
		['with no full URL', { url: '/x' }, /not a full URL/],
		['with a file', { formData: {} }, /take a form/],
		['with a list as body', { body: [1] }, /take a form/],
	])('refuses a call %s', async (_, request, sentence) => {
		await expect(sign(request)).rejects.toThrow(sentence);
	});

	it("refuses the kind 'RAM Role' with a sentence of its own", async () => {
		const fields = { authType: 'ramRole' as const, roleArn: KNOWN.roleArn };
		await expect(sign({}, fields)).rejects.toThrow(/'RAM Role' signs the calls of the Alibaba/);
	});

	it('is what the credential type offers to n8n', async () => {
		const request = { url: 'https://ecs.aliyuncs.com', qs: LIST };
		const signed = await new AlibabaCloudOpenApi().authenticate(credential, request);
		expect(signed.headers?.authorization).toContain(DEFAULT_KEY.accessKeyId);
	});
});

describe('the credential signs', () => {
	const request = (url: string, more: object = {}) =>
		signHttpRequest({ ...DEFAULT_KEY, endpoint: 'https://gateway.example.com:8443' }, {
			method: 'GET',
			url,
			qs: { Action: 'DescribeRegions', Version: '2014-05-26' },
			...more,
		} as N8nRequest);

	it.each([
		'ecs.aliyuncs.com',
		'ecs.cn-hangzhou.aliyuncs.com',
		'ecs-cn-hangzhou.aliyuncs.com',
		'sts.ap-southeast-1.aliyuncs.com',
		'sts-vpc.cn-hangzhou.aliyuncs.com',
		'cams.ap-southeast-1.aliyuncs.com',
		'dysmsapi.aliyuncs.com',
		'r-kvstore.aliyuncs.com',
		'ram.vpc-proxy.aliyuncs.com',
		'rds.cn-shanghai-finance-1.aliyuncs.com',
		'ecs.cn-north-2-gov-1.aliyuncs.com',
		'business.ap-southeast-1.aliyuncs.com',
		'slb.eu-central-1.aliyuncs.com',
		'vpc.me-east-1.aliyuncs.com',
		'ECS.AliYunCS.com',
		'gateway.example.com:8443',
	])('for %s', async (host) => {
		const { headers } = await request(`https://${host}/`);
		expect(String(headers?.authorization)).toContain('Signature=');
	});

	it.each([
		'https://bucket.oss-cn-hangzhou.aliyuncs.com/',
		'https://oss-cn-hangzhou.aliyuncs.com/bucket',
		'https://oss.aliyuncs.com/',
		'https://s3.oss-cn-hangzhou.aliyuncs.com/',
		'https://bucket.oss-accelerate.aliyuncs.com/',
		'https://vpc100-oss-cn-hangzhou.aliyuncs.com/',
		'https://1234567890.cn-hangzhou.fc.aliyuncs.com/',
		'https://mine.cn-hangzhou.fc.aliyuncs.com/',
		'https://1234567890.cn-shanghai.pai-eas.aliyuncs.com/',
		'https://mine.vpc.cn-shanghai.pai-eas.aliyuncs.com/',
		'https://project.cn-hangzhou.log.aliyuncs.com/',
		'https://mine.cn-hangzhou.ots.aliyuncs.com/',
		'https://rm-abc.mysql.rds.aliyuncs.com/',
		'https://am-abc.ads.aliyuncs.com/',
		'https://es-cn-abc.elasticsearch.aliyuncs.com/',
		'https://1234567890.mns.cn-hangzhou.aliyuncs.com/',
		'https://1234567890.aliyuncs.com/',
		'https://a.b.aliyuncs.com/',
		'https://evil.ecs.cn-hangzhou.aliyuncs.com/',
		'https://aliyuncs.com/',
		'https://ecs.aliyuncs.com./',
		'https://ecs.aliyuncs.com:8443/',
		'http://ecs.aliyuncs.com/',
		'https://ecs.aliyuncs.com.evil.example/',
		'https://evil-aliyuncs.com/',
		'https://ecs.aliyuncs.com@evil.example/',
		'https://evil.example/?x=.aliyuncs.com',
		'https://evil.example#.aliyuncs.com',
		'https://gateway.example.com/',
		'https://gateway.example.com:8444/',
		'http://gateway.example.com:8443/',
		'http://127.0.0.1/',
	])('not for %s', async (url) => {
		await expect(request(url)).rejects.toThrow('is not signed for');
	});

	it.each([
		['a proxy', { proxy: 'http://proxy.example:3128' }, "'Proxy'"],
		['a proxy as n8n writes it', { proxy: { host: 'proxy.example', port: 3128 } }, "'Proxy'"],
		['any certificate', { rejectUnauthorized: false }, "'Ignore SSL Issues'"],
		['any certificate, newer', { skipSslCertificateValidation: true }, "'Ignore SSL Issues'"],
		['any certificate, older', { strictSSL: false }, "'Ignore SSL Issues'"],
		[
			'any certificate, by agent',
			{ agentOptions: { rejectUnauthorized: false } },
			"'Ignore SSL Issues'",
		],
	])('nothing that goes by %s of the node', async (_, way, field) => {
		await expect(request('https://ecs.aliyuncs.com/', way)).rejects.toThrow(field);
		await expect(request('https://gateway.example.com:8443/', way)).rejects.toThrow(field);
	});

	it('what goes by none of them', async () => {
		const way = { proxy: '', rejectUnauthorized: true, skipSslCertificateValidation: false };
		const { headers } = await request('https://ecs.aliyuncs.com/', way);
		expect(headers?.authorization).toBeDefined();
	});
});
