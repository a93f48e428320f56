import * as fc from 'fast-check';
import { signRequest, type RpcRequest } from '../../credentials/signing';
import { received } from './received';

const KEY = { accessKeyId: 'LTAI5tKey', accessKeySecret: 'the-secret' };
const STS = { ...KEY, securityToken: 'CAIS+token/with=signs' };
const NOW = Date.parse('2023-10-26T10:22:32.987Z');
const MOMENT = { now: NOW, nonce: 'a-nonce' };
const HASH_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const CALL: RpcRequest = {
	method: 'POST',
	origin: 'https://cams.example.com:8443',
	pathname: '/',
	query: {},
	action: 'ListInstance',
	version: '2020-06-06',
};
const FORM = {
	headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
	body: 'Name=%C3%BC',
};

const signedHeaders = (authorization = '') => /SignedHeaders=([^,]+)/.exec(authorization)?.[1];

/** @see https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature its fixed example */
test("creates the signature of Alibaba Cloud's published example", async () => {
	const { url, headers } = await signRequest(
		{
			method: 'POST',
			origin: 'https://ecs.cn-shanghai.aliyuncs.com',
			pathname: '/',
			query: {
				RegionId: 'cn-shanghai',
				ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd',
			},
			action: 'RunInstances',
			version: '2014-05-26',
		},
		{ accessKeyId: 'YourAccessKeyId', accessKeySecret: 'YourAccessKeySecret' },
		{ now: NOW, nonce: '3156853299f313e23d1673dc12e1703d' },
	);
	expect(url).toBe(
		'https://ecs.cn-shanghai.aliyuncs.com/?RegionId=cn-shanghai&ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd',
	);
	expect(headers).toEqual({
		host: 'ecs.cn-shanghai.aliyuncs.com',
		'x-acs-action': 'RunInstances',
		'x-acs-version': '2014-05-26',
		'x-acs-date': '2023-10-26T10:22:32Z',
		'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
		'x-acs-content-sha256': HASH_OF_NOTHING,
		authorization:
			'ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
	});
});

test('the URL of a call without a query is its origin and path', async () => {
	const { url, headers } = await signRequest({ ...CALL, pathname: '/path' }, KEY, MOMENT);
	expect(url).toBe('https://cams.example.com:8443/path');
	expect(headers.host).toBe('cams.example.com:8443');
});

test.each<[string, Partial<RpcRequest>, string]>([
	['of a call without a body', {}, 'host;x-acs-action'],
	['of a form', FORM, 'content-type;host;x-acs-action'],
])('the type and every header of Alibaba Cloud %s are signed', async (_, more, first) => {
	const rest = 'x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version';
	const { headers } = await signRequest({ ...CALL, ...more }, KEY, MOMENT);
	expect(headers).toMatchObject(more.headers ?? {});
	expect(signedHeaders(headers.authorization)).toBe(`${first};${rest}`);
});

test("a temporary key's token is sent and signed; a permanent key sends none", async () => {
	const lasting = await signRequest(CALL, KEY, MOMENT);
	expect(Object.keys(lasting.headers).filter((name) => /token|accesskey/.test(name))).toEqual([]);
	const temporary = await signRequest(CALL, STS, MOMENT);
	expect(temporary.headers).toMatchObject({
		'x-acs-accesskey-id': STS.accessKeyId,
		'x-acs-security-token': STS.securityToken,
	});
	expect(signedHeaders(temporary.headers.authorization)).toBe(
		'host;x-acs-accesskey-id;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-security-token;x-acs-signature-nonce;x-acs-version',
	);
	expect(() => received({ ...CALL, ...temporary }, STS, () => NOW)).not.toThrow();
});

test("a caller's headers replace none that the signature sets", async () => {
	const own = {
		host: 'evil.example',
		authorization: 'x',
		'x-acs-action': 'DeleteInstance',
		'x-acs-version': '1',
		'x-acs-date': '1970-01-01T00:00:00Z',
		'x-acs-signature-nonce': 'used',
		'x-acs-content-sha256': 'x',
		'x-acs-accesskey-id': 'another',
		'x-acs-security-token': 'another',
	};
	const plain = await signRequest(CALL, STS, MOMENT);
	expect(await signRequest({ ...CALL, headers: own }, STS, MOMENT)).toEqual(plain);
});

test('the signature matches the bytes that are sent, whatever the values contain', async () => {
	const text = fc.string({ unit: 'grapheme' });
	const call = fc.record({
		method: fc.constantFrom('GET' as const, 'POST' as const),
		query: fc.dictionary(text, text, { maxKeys: 5, noNullPrototype: true }),
		body: fc.option(text, { nil: undefined }),
	});
	await fc.assert(
		fc.asyncProperty(call, fc.constantFrom(KEY, STS), async (given, key) => {
			const request = { ...CALL, ...given };
			const signed = await signRequest(request as RpcRequest, key, MOMENT);
			const got = received({ ...given, ...signed }, key, () => NOW);
			expect(got).toMatchObject({ action: CALL.action, query: given.query });
		}),
	);
});

test.each<[string, Partial<RpcRequest>]>([
	['the path', { pathname: '/other' }],
	['the query', { query: { Name: 'another' } }],
	['the body', { body: 'Name=another' }],
	['the method', { method: 'GET' }],
])('a signature is valid for no other call: %s', async (_, other) => {
	const signed = await signRequest({ ...CALL, ...FORM }, KEY, MOMENT);
	const { url } = await signRequest({ ...CALL, ...other }, KEY, MOMENT);
	const sent = { ...CALL, ...FORM, ...other, ...signed, url };
	expect(() => received(sent, KEY, () => NOW)).toThrow('does not match');
});
