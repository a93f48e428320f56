import { type N8nRequest, signHttpRequest } from '../../credentials/httpRequest';
import { received } from './received';

const KEY = { accessKeyId: 'LTAI5tKey', accessKeySecret: 'the-secret' };
const STS = { ...KEY, securityToken: 'CAIS+token/with=signs' };
const OWN = { endpoint: 'https://gateway.example.com:8443' };
const ECS = 'https://ecs.aliyuncs.com';
const FORM = 'application/x-www-form-urlencoded';
const API = { Action: 'DescribeRegions', Version: '2014-05-26' };
const HEADERS = { 'x-acs-action': API.Action, 'X-ACS-Version': API.Version };

/** Signs a request as n8n passes it: in the older of its two shapes, values may be of any type. */
const sign = async (request: object, credential: object = {}) =>
	await signHttpRequest({ ...KEY, ...OWN, ...credential }, { url: ECS, ...request } as N8nRequest);

const NAMES = { Name: "grüße 你好 🙂 !'()*+ &=%/?#~", Empty: '' };

describe('what is sent is what was signed:', () => {
	it.each<[string, object, object]>([
		['a call without a method', { qs: { ...API, ...NAMES } }, { query: NAMES, text: '' }],
		['GET', { method: 'GET', qs: { ...API, ...NAMES } }, { query: NAMES }],
		['a method in small letters', { method: 'post', qs: API }, { query: {} }],
		['an object', { method: 'POST', qs: API, body: { A: 'ü' } }, { query: {}, text: 'A=%C3%BC' }],
		['a form', { method: 'POST', form: { ...API, A: 1 } }, { query: {}, text: 'A=1' }],
		['a text', { method: 'POST', qs: API, body: 'A=%c3%bc' }, { text: 'A=%c3%bc' }],
		[
			'JSON',
			{ method: 'POST', headers: { ...HEADERS, 'Content-Type': 'application/json' }, body: ' {} ' },
			{ text: '{}' },
		],
		['a query in the URL', { url: `${ECS}/?A=%C3%BC#here`, qs: API }, { query: { A: 'ü' } }],
		['a path', { url: `${ECS}/a/b`, qs: API }, {}],
		["the credential's own endpoint", { url: `${OWN.endpoint}/`, qs: API }, {}],
	])('%s', async (_, request, expected) => {
		for (const key of [KEY, STS]) {
			const signed = await sign(request, key);
			const api = { action: API.Action, version: API.Version };
			expect(received(signed, key)).toMatchObject({ ...api, ...expected });
		}
	});
});

it('returns what it signed, and nothing that would change it', async () => {
	const signed = await sign({
		baseURL: `${ECS}/base/`,
		url: 'https://name:word@ecs.aliyuncs.com/?Page=1#here',
		method: 'POST',
		qs: { ...API, Size: 10 },
		form: { Name: 'ü' },
		headers: {
			Accept: 'application/json',
			Absent: undefined,
			None: null,
			Number: 0,
			Host: 'evil.example',
			Authorization: 'x',
			'Content-Length': 1,
			'Content-Type': 'text/plain',
		},
		auth: { username: 'a', password: 'b' },
		timeout: 1000,
		followRedirect: true,
		followAllRedirects: true,
		disableFollowRedirect: false,
	});
	const { headers, ...rest } = signed;
	expect(rest).toEqual({
		method: 'POST',
		url: 'https://ecs.aliyuncs.com/?Page=1&Size=10',
		body: 'Name=%C3%BC',
		timeout: 1000,
		disableFollowRedirect: true,
		followRedirect: false,
		followAllRedirects: false,
	});
	expect(headers).toEqual({
		accept: 'application/json',
		number: '0',
		'content-type': FORM,
		host: 'ecs.aliyuncs.com',
		'x-acs-action': API.Action,
		'x-acs-version': API.Version,
		'x-acs-date': expect.any(String),
		'x-acs-signature-nonce': expect.any(String),
		'x-acs-content-sha256': expect.any(String),
		authorization: expect.stringMatching(/^ACS3-HMAC-SHA256 Credential=LTAI5tKey,/),
	});
});

it('sends no content type without a body', async () => {
	const signed = await sign({ method: 'POST', qs: API, headers: { 'Content-Type': FORM } });
	expect(signed).not.toHaveProperty('body');
	expect(signed.headers).not.toHaveProperty('content-type');
});

it.each<[string, object]>([
	['url', { url: `${ECS}/path` }],
	['uri, as the HTTP Request node writes it', { url: undefined, uri: `${ECS}/path` }],
	['a path below a base URL', { url: '/path', baseURL: ECS }],
	['a base URL alone', { url: undefined, baseURL: `${ECS}/path` }],
])('the URL may be given as %s', async (_, url) => {
	const signed = await sign({ qs: API, ...url });
	expect(signed.url).toBe(`${ECS}/path`);
	expect('uri' in signed && signed.uri).toBe('uri' in url && signed.url);
});

it.each<[string, object]>([
	['parameters', { qs: API }],
	['a form', { method: 'POST', form: API }],
	['headers in any case', { headers: HEADERS }],
	['headers, which count for more', { headers: HEADERS, qs: { Action: 'X', Version: '1' } }],
	['one of each', { headers: { 'X-Acs-Action': API.Action }, qs: { Version: API.Version } }],
	[
		'one of each, the other way',
		{ headers: { 'x-acs-version': API.Version }, qs: { Action: API.Action } },
	],
])('Action and Version may be given as %s, and are sent only as headers', async (_, request) => {
	const signed = await sign(request);
	expect(signed).toMatchObject({
		url: `${ECS}/`,
		headers: { 'x-acs-action': API.Action, 'x-acs-version': API.Version },
	});
	expect(signed).not.toHaveProperty('body');
});

it('no two calls are signed with the same nonce', async () => {
	const signed = await Promise.all([sign({ qs: API }), sign({ qs: API })]);
	const nonces = signed.map(({ headers }) => headers?.['x-acs-signature-nonce']);
	expect(nonces[0]).toMatch(/./);
	expect(new Set(nonces).size).toBe(2);
});

const ROLE =
	"With RAM Role authentication, a credential only signs the requests of the Alibaba Cloud Chat App node. For the HTTP Request node, choose 'AccessKey' or 'STS Token' in the credential";
const ADDRESS = "'URL' isn't a full URL. Enter e.g. https://ecs.aliyuncs.com";
const ACTION =
	"The call has no Action. Add a query parameter 'Action' in the node, e.g. DescribeRegions";
const VERSION =
	"The call has no Version. Add a query parameter 'Version' in the node, e.g. 2014-05-26";

it.each<[string, object, object, string]>([
	['to another host', { url: 'https://evil.example' }, {}, "'https://evil.example' aren't signed"],
	['through a proxy', { proxy: 'http://proxy.example' }, {}, "Remove 'Proxy' there"],
	['without checking the certificate', { strictSSL: false }, {}, "Turn 'Ignore SSL Issues' off"],
	['without Action', { qs: { Version: '1' } }, {}, ACTION],
	['without Version', { qs: { Action: 'X' } }, {}, VERSION],
	['without either', {}, {}, ACTION],
	['with an empty Action', { qs: { Action: '', Version: '1' } }, {}, ACTION],
	[
		'with another method',
		{ method: 'put', qs: API },
		{},
		"Alibaba Cloud's RPC APIs accept GET and POST, not PUT. Change 'Method' in the node",
	],
	['with a path for URL', { url: '/x' }, {}, ADDRESS],
	['without URL', { url: undefined }, {}, ADDRESS],
	['with a file', { formData: {} }, {}, 'accept forms'],
	['of a role', { qs: API }, { authType: 'ramRole' }, ROLE],
	['without a key', { qs: API }, { accessKeyId: '' }, "'AccessKey ID' in the credential is empty"],
])(
	'a call %s is not signed, and the message says what to do',
	async (_, request, fields, sentence) => {
		await expect(sign(request, fields)).rejects.toThrow(sentence);
	},
);
