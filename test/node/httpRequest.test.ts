import { type IDataObject, type INodeType, NodeConnectionTypes } from 'n8n-workflow';
import { AlibabaCloudOpenApi } from '../../credentials/AlibabaCloudOpenApi.credentials';
import type { N8nRequest } from '../../credentials/httpRequest';
import { itemsOf, runWorkflow } from '../engine/runWorkflow';
import { DEFAULT_KEY } from '../simulator/simulator';
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
	const sent = { ...address, ...anyStatus, ...request } as N8nRequest;
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

	it('keeps Unicode, any punctuation, empty values, lists, and nested values unchanged', async () => {
		const values = { Name: "grüße 你好 🙂 !'()*+ &=%/?#~", Empty: '', Zero: 0, No: false };
		const qs = { ...LIST, ...values, Tag: [{ Key: 'a', Value: 'b' }, { Key: 'c' }], 'od d': 'x' };
		const { json } = await send({ method: 'GET', qs }, helper);
		// Past the signature, the simulator minds that the call has no such parameters.
		expect(json).toMatchObject({ Code: 'InvalidParameter' });
		expect(simulator.requests[0]?.query).toMatchObject({
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
		expect(simulator.requests[1]?.form).toMatchObject({ ...values, Zero: '0', No: 'false' });
	});

	it('does not follow a redirect with a signature', async () => {
		simulator.misbehave(1, { kind: 'redirect', status: 307, location: '/other' }, 'ListInstance');
		await send({ method: 'GET', qs: LIST, followRedirect: true, followAllRedirects: true }, helper);
		expect(simulator.requests).toHaveLength(1);
	});
});

it('reads a query in the URL and a form, as from the HTTP Request node', async () => {
	const uri = `${simulator.url}/?Action=ListInstance&ChannelType=messenger#here`;
	const form = { Version: '2020-06-06', PageIndex: '1', PageSize: '2' };
	const { json } = await send({ method: 'POST', uri, form } as never);
	expect(json).toMatchObject({ Success: true });
	expect(simulator.requests[0]).toMatchObject({
		query: { ChannelType: 'messenger' },
		form: { PageIndex: '1', PageSize: '2' },
	});
});

it("is signed by the credential's `authenticate`", async () => {
	const request = { url: 'https://ecs.aliyuncs.com', qs: LIST };
	const signed = await new AlibabaCloudOpenApi().authenticate(DEFAULT_KEY as never, request);
	expect(signed.headers?.authorization).toContain(DEFAULT_KEY.accessKeyId);
});
