import { canonicalRequest, sha256, sign, stringToSign } from './signature';
import { IDS, send, signed, type WireRequest } from './signedClient';
import { useSimulator } from './useSimulator';

/** @see https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature its fixed example */
test("computes the signature of Alibaba Cloud's published example", () => {
	const headers: Record<string, string> = {
		host: 'ecs.cn-shanghai.aliyuncs.com',
		'x-acs-action': 'RunInstances',
		'x-acs-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
		'x-acs-date': '2023-10-26T10:22:32Z',
		'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
		'x-acs-version': '2014-05-26',
	};
	const canonical = canonicalRequest({
		method: 'POST',
		path: '/',
		query: [
			['RegionId', 'cn-shanghai'],
			['ImageId', 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd'],
		],
		headers,
		signedHeaders: Object.keys(headers).sort(),
		bodyHash: sha256(''),
	});
	expect(sha256(canonical)).toBe(
		'7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259',
	);
	expect(sign(stringToSign(canonical), 'YourAccessKeySecret')).toBe(
		'06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
	);
});

const simulator = useSimulator();

function header(name: string, from: string | RegExp, to: string): (request: WireRequest) => void {
	return ({ headers }) => {
		headers[name] = (headers[name] ?? '').replace(from, to);
	};
}

function signatureDigit({ headers }: WireRequest): void {
	const last = headers.authorization?.at(-1) === '0' ? '1' : '0';
	headers.authorization = headers.authorization?.replace(/.$/, last) ?? '';
}

describe('the same request with one byte altered is rejected', () => {
	test.each<[string, (request: WireRequest) => void, string]>([
		['the body', (r) => (r.body = r.body.replace('user0', 'user1')), 'SignatureDoesNotMatch'],
		['the body, one byte more', (r) => (r.body += ' '), 'SignatureDoesNotMatch'],
		[
			'a value of the query',
			(r) => (r.path = r.path.replace('PageId=1', 'PageId=2')),
			'SignatureDoesNotMatch',
		],
		[
			'a name of the query',
			(r) => (r.path = r.path.replace('PageId', 'PageID')),
			'SignatureDoesNotMatch',
		],
		['the query, one parameter more', (r) => (r.path += '&a='), 'SignatureDoesNotMatch'],
		['the method', (r) => (r.method = 'GET'), 'SignatureDoesNotMatch'],
		['the host', header('host', 'cams', 'camt'), 'SignatureDoesNotMatch'],
		['the action', header('x-acs-action', 'User', 'Usor'), 'SignatureDoesNotMatch'],
		['the version', header('x-acs-version', '06-06', '06-07'), 'SignatureDoesNotMatch'],
		['the nonce', header('x-acs-signature-nonce', /^./, 'z'), 'SignatureDoesNotMatch'],
		['the date', header('x-acs-date', /.Z$/, 'xZ'), 'InvalidTimeStamp.Format'],
		['the content type', header('content-type', 'form', 'farm'), 'SignatureDoesNotMatch'],
		['the body hash', header('x-acs-content-sha256', /^./, 'z'), 'SignatureDoesNotMatch'],
		['the key ID', header('authorization', 'LTAI5t', 'LTAI6t'), 'InvalidAccessKeyId.NotFound'],
		['the signature', signatureDigit, 'SignatureDoesNotMatch'],
		['the signed headers', header('authorization', ';host', ';hosx'), 'IncompleteSignature'],
		['the algorithm', header('authorization', 'SHA256', 'SHA255'), 'IncompleteSignature'],
	])('%s', async (_, alter, code) => {
		const request = signed({ query: { ...IDS, BatchLastFlag: 'true' } });
		alter(request);
		const { status, text } = await send(simulator, request);
		expect(JSON.parse(text)).toMatchObject({ Code: code });
		expect(status).toBe(code === 'InvalidAccessKeyId.NotFound' ? 404 : 400);
		expect(simulator.uploads).toEqual([]);
	});

	test('and the unaltered one is accepted', async () => {
		const request = signed({ query: { ...IDS, BatchLastFlag: 'true' } });
		expect((await send(simulator, request)).status).toBe(200);
	});
});

test('a header of Alibaba Cloud that is sent but not signed is rejected', async () => {
	const request = signed();
	request.headers['x-acs-security-token'] = 'smuggled';
	const { text } = await send(simulator, request);
	expect(JSON.parse(text)).toMatchObject({ Code: 'IncompleteSignature' });
});

test("a signed body hash that isn't the body's is rejected", async () => {
	const request = signed({ headers: { 'x-acs-content-sha256': sha256('another body') } });
	const { text } = await send(simulator, request);
	expect(JSON.parse(text)).toMatchObject({ Code: 'SignatureDoesNotMatch' });
});
