import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AlibabaCloudChatApp } from '../../nodes/AlibabaCloudChatApp/AlibabaCloudChatApp.node.js';
import { systemClock } from '../../nodes/AlibabaCloudChatApp/async';
import { credentialTest } from '../../nodes/AlibabaCloudChatApp/methods/credentialTest';
import { testCredential } from '../engine/testCredential';
import { DEFAULT_KEY, KNOWN } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';

const KEYS = {
	right: DEFAULT_KEY,
	uploader: { ...key('Uploader'), allow: ['cams:AddCustomAudienceUser'] },
	lister: { ...key('Lister'), allow: ['cams:ListInstance'] },
	forbidden: { ...key('Forbidden'), allow: [], denyCode: 'Forbidden.RAM' as const },
	disabled: { ...key('Disabled'), expired: true },
	sts: { ...key('Sts'), securityToken: 'token-of-the-sts-key' },
	expired: { ...key('Expired'), securityToken: 'token-of-the-expired-key', expired: true },
};

let skew = 0;
let endpoint: string;
const simulator = useSimulator({
	keys: Object.values(KEYS),
	now: () => Date.now() + skew,
	world: { roles: [{ arn: KNOWN.roleArn, externalId: 'from-the-trust-policy', allow: [] }] },
});
beforeAll(() => {
	endpoint = simulator.url;
});
afterEach(() => {
	skew = 0;
});

function key(name: string) {
	return { accessKeyId: `LTAI5t${name}`, accessKeySecret: `secret-of-${name}` };
}

function credentialOf({ accessKeyId, accessKeySecret, securityToken }: typeof KEYS.sts) {
	return { accessKeyId, accessKeySecret, securityToken, endpoint };
}

describe("the credential's test succeeds for", () => {
	it.each(['right', 'uploader', 'forbidden', 'sts'] as const)('the key: %s', async (name) => {
		const credential = credentialOf(KEYS[name] as typeof KEYS.sts);
		await expect(testCredential(credential)).resolves.toMatchObject({ status: 'OK' });
	});

	it.each(['right', 'uploader', 'lister'])('the key %s, with one call that lists', async (name) => {
		const credential = credentialOf(KEYS[name as keyof typeof KEYS] as typeof KEYS.sts);
		const result = await testCredential(credential);
		expect(result).toEqual({ status: 'OK', message: 'Alibaba Cloud accepts the key' });
		expect(simulator.requests.map(({ action }) => action)).toEqual(['ListInstance']);
	});

	it('a key whose call is rejected by the rules of the service', async () => {
		const fault = { kind: 'businessError', code: 'PageIllegal', message: 'No.' } as const;
		simulator.misbehave(1, fault, 'ListInstance');
		const result = await testCredential(credentialOf(KEYS.right as typeof KEYS.sts));
		expect(result).toMatchObject({ status: 'OK' });
	});

	it('an STS Token, and values with spaces around them', async () => {
		const { accessKeyId, accessKeySecret, securityToken } = KEYS.sts;
		const credential = {
			authType: 'stsToken' as const,
			accessKeyId: ` ${accessKeyId}`,
			accessKeySecret: `${accessKeySecret}\n`,
			securityToken: `${securityToken} `,
			endpoint: `${endpoint}/ `,
		};
		await expect(testCredential(credential)).resolves.toMatchObject({ status: 'OK' });
	});

	it('a RAM role, whatever its permissions', async () => {
		const credential = roleCredential({});
		await expect(testCredential(credential)).resolves.toMatchObject({ status: 'OK' });
		expect(simulator.requests.map(({ action, code }) => [action, code])).toEqual([
			['AssumeRole', 'OK'],
			['ListInstance', 'NoPermission'],
		]);
	});
});

function roleCredential(fields: object) {
	return {
		authType: 'ramRole' as const,
		...DEFAULT_KEY,
		endpoint,
		roleArn: KNOWN.roleArn,
		roleSessionName: 'n8n',
		externalId: 'from-the-trust-policy',
		stsEndpoint: endpoint,
		...fields,
	};
}

describe("the credential's test says so if", () => {
	const right = { ...DEFAULT_KEY };
	const cases: Array<[string, () => object, string]> = [
		[
			'the key is unknown',
			() => ({ ...right, accessKeyId: 'LTAI5tNobody' }),
			"doesn't exist or is disabled",
		],
		['the key is disabled', () => KEYS.disabled, 'disabled'],
		[
			'the secret is wrong',
			() => ({ ...right, accessKeySecret: 'other' }),
			'The AccessKey Secret is incorrect',
		],
		['the token has expired', () => KEYS.expired, 'The security token has expired'],
		[
			'the token is of another key',
			() => ({ ...KEYS.sts, securityToken: 'other' }),
			"doesn't belong to the AccessKey",
		],
		[
			'the token is missing',
			() => ({ ...KEYS.sts, securityToken: '' }),
			'needs its security token',
		],
		[
			'the AccessKey ID is empty',
			() => ({ ...right, accessKeyId: '' }),
			"'AccessKey ID' in the credential is empty",
		],
		[
			'the secret is empty',
			() => ({ ...right, accessKeySecret: ' ' }),
			"'AccessKey Secret' in the credential is empty",
		],
		[
			'the token is empty',
			() => ({ ...right, authType: 'stsToken' }),
			"'Security Token' in the credential is empty",
		],
		[
			'the role is empty',
			() => roleCredential({ roleArn: '' }),
			"'Role ARN' in the credential is empty",
		],
		[
			'the region is no region',
			() => ({ ...right, regionId: 'a.b/', endpoint: '' }),
			"'Region' in the credential isn't a region ID",
		],
		[
			'the endpoint is no address',
			() => ({ ...right, endpoint: 'a b' }),
			"'Endpoint' in the credential isn't a host",
		],
		[
			'the endpoint has a path',
			() => ({ ...right, endpoint: `${endpoint}/x` }),
			'contains more than',
		],
		[
			'the endpoint is plain http',
			() => ({ ...right, endpoint: 'http://example.com' }),
			'must use https',
		],
		['nothing listens there', () => ({ ...right, endpoint: 'http://127.0.0.1:1' }), 'ECONNREFUSED'],
		[
			'the role is unknown',
			() => roleCredential({ roleArn: `${KNOWN.roleArn}x` }),
			"The RAM role doesn't exist",
		],
		['the role is no ARN', () => roleCredential({ roleArn: 'uploader' }), "Check 'Role ARN'"],
		[
			'the session name is odd',
			() => roleCredential({ roleSessionName: 'a b' }),
			"'Role Session Name'",
		],
		[
			'the role wants another external ID',
			() => roleCredential({ externalId: '' }),
			"'sts:AssumeRole'",
		],
		[
			'the key may not assume it',
			() => roleCredential(KEYS.uploader),
			"isn't allowed to assume the RAM role",
		],
		[
			'no STS listens there',
			() => roleCredential({ stsEndpoint: 'http://127.0.0.1:1' }),
			"'STS Endpoint'",
		],
		[
			'the STS endpoint is no address',
			() => roleCredential({ stsEndpoint: 'a b' }),
			"'STS Endpoint' in the credential isn't a host",
		],
	];
	it.each(cases)('%s', async (_, credential, sentence) => {
		const data = { endpoint, ...credential() } as ReturnType<typeof credentialOf>;
		const { status, message } = await testCredential(data);
		expect({ status, message }).toEqual({
			status: 'Error',
			message: expect.stringContaining(sentence),
		});
		for (const secret of [data.accessKeySecret, data.securityToken]) {
			if (secret?.trim() && secret !== 'other') expect(message).not.toContain(secret);
		}
	});

	it("the key is unknown, once and in the node's own words", async () => {
		const { message } = await testCredential({ ...right, accessKeyId: 'LTAI5tNobody', endpoint });
		expect(message).toMatch(
			/^The AccessKey doesn't exist or is disabled\. .*\(InvalidAccessKeyId\.NotFound, HTTP 404, /,
		);
	});

	it('no response comes in time', async () => {
		simulator.misbehave(1, { kind: 'silence' }, 'ListInstance');
		const node = new AlibabaCloudChatApp();
		node.methods = {
			credentialTest: { testAlibabaCloudOpenApi: credentialTest(systemClock, 200) },
		};
		const { message } = await testCredential({ ...right, endpoint }, node);
		expect(message).toMatch(
			/^No complete response came within 0.2 seconds\. .* check that n8n can reach/,
		);
	});

	it('the clock is off', async () => {
		skew = 16 * 60_000;
		const { message } = await testCredential({ ...right, endpoint });
		expect(message).toMatch(/^The n8n server's clock is off by more than 15 minutes/);
	});
});

describe("the credential's test says so if the endpoint", () => {
	let answer: [status: number, headers: Record<string, string>, body: string];
	let other: Server;
	let url: string;
	beforeAll(async () => {
		other = createServer((_request, response) => {
			const [status, headers, body] = answer;
			response.writeHead(status, headers).end(body);
		});
		await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
		url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
	});
	afterAll(() => other.close());

	it.each<[string, typeof answer, RegExp]>([
		["isn't Alibaba Cloud's", [200, {}, '<html>Hello</html>'], /not Alibaba Cloud's API/],
		['knows nothing of the API', [404, {}, '{"error":"not found"}'], /not Alibaba Cloud's API/],
		[
			'sends the call elsewhere',
			[307, { location: 'http://127.0.0.1:1/' }, ''],
			/server redirects requests/,
		],
		['is not available', [502, {}, ''], /not available at the moment/],
		[
			'is another product',
			[404, {}, '{"Code":"InvalidAction.NotFound"}'],
			/doesn't provide Chat App/,
		],
	])('%s', async (_, given, sentence) => {
		answer = given;
		const result = await testCredential({ ...DEFAULT_KEY, endpoint: url });
		expect(result).toEqual({ status: 'Error', message: expect.stringMatching(sentence) });
		expect(result.message).not.toMatch(/Hello/);
	});
});
