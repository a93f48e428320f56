import { call } from './signedClient';
import { send, signed, type CallToSign } from './signedClient';
import { DEFAULT_KEY, type AccessKey } from './simulator';
import { useSimulator } from './useSimulator';

const NARROW_KEY: AccessKey = {
	accessKeyId: 'LTAI5tNarrow',
	accessKeySecret: 'narrow-secret',
	allow: ['cams:AddCustomAudienceUser'],
};
const FORBIDDEN_KEY: AccessKey = {
	...NARROW_KEY,
	accessKeyId: 'LTAI5tForbidden',
	allow: ['cams:List*'],
	denyCode: 'Forbidden.RAM',
};
const STS_KEY: AccessKey = {
	accessKeyId: 'STS.Key',
	accessKeySecret: 'sts-secret',
	securityToken: 'sts-token',
};
const EXPIRED_KEY: AccessKey = { ...STS_KEY, accessKeyId: 'STS.Expired', expired: true };
const DISABLED_KEY: AccessKey = {
	accessKeyId: 'LTAI5tDisabled',
	accessKeySecret: 'disabled-secret',
	expired: true,
};

let now = Date.now();
const keys = [DEFAULT_KEY, NARROW_KEY, FORBIDDEN_KEY, STS_KEY, EXPIRED_KEY, DISABLED_KEY];
const simulator = useSimulator({ keys, now: () => now });
beforeEach(() => {
	now = Date.now();
});

describe('rejects the caller', () => {
	const list: CallToSign = {
		action: 'ListPageAdAccount',
		query: { CustSpaceId: 'c', PageId: 'p' },
	};
	test.each<[string, CallToSign, number, string]>([
		['without a signature', { headers: { 'x-acs-date': undefined } }, 400, 'IncompleteSignature'],
		[
			'with an unknown key',
			{ key: { accessKeyId: 'a', accessKeySecret: 'b' } },
			404,
			'InvalidAccessKeyId.NotFound',
		],
		[
			'with a wrong secret',
			{ key: { ...DEFAULT_KEY, accessKeySecret: 'b' } },
			400,
			'SignatureDoesNotMatch',
		],
		['with a disabled key', { key: DISABLED_KEY }, 400, 'InvalidAccessKeyId.Inactive'],
		[
			'without the STS token',
			{ key: { ...STS_KEY, securityToken: '' } },
			400,
			'MissingSecurityToken',
		],
		[
			'with another STS token',
			{ key: { ...STS_KEY, securityToken: 'x' } },
			400,
			'InvalidSecurityToken.Malformed',
		],
		['with an expired STS token', { key: EXPIRED_KEY }, 400, 'InvalidSecurityToken.Expired'],
		[
			'with a date in another form',
			{ headers: { 'x-acs-date': '2026-01-01' } },
			400,
			'InvalidTimeStamp.Format',
		],
		[
			'with an unknown action',
			{ action: 'DropEverything', form: {} },
			404,
			'InvalidAction.NotFound',
		],
		['with another version', { version: '2015-04-01' }, 400, 'InvalidVersion'],
		['without the permission', { ...list, key: NARROW_KEY }, 403, 'NoPermission'],
		['without the permission, by the other code', { key: FORBIDDEN_KEY }, 403, 'Forbidden.RAM'],
	])('%s', async (_, wish, status, code) => {
		const answer = await call(simulator, wish);
		expect(answer).toMatchObject({ status, body: { Code: code } });
		expect(answer.body.RequestId).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
		expect(answer.body).toMatchObject({ HostId: 'cams.ap-southeast-1.aliyuncs.com' });
		expect(answer.body.Message && answer.body.Recommend).toBeTruthy();
		expect(simulator.requests).toMatchObject([{ status, code, acknowledged: true }]);
	});

	test('naming the RAM action that is missing', async () => {
		const { body } = await call(simulator, { ...list, key: NARROW_KEY });
		expect(body.AccessDeniedDetail).toMatchObject({ AuthAction: 'cams:ListPageAdAccount' });
		await expect(call(simulator, { ...list, key: FORBIDDEN_KEY })).resolves.toMatchObject({
			status: 200,
		});
	});

	test.each([
		[-901, 'InvalidTimeStamp.Expired'],
		[-890, 'OK'],
		[890, 'OK'],
		[902, 'InvalidTimeStamp.Expired'],
	])('whose clock is %i seconds off: %s', async (seconds, code) => {
		now += seconds * 1000;
		await expect(call(simulator)).resolves.toMatchObject({ body: { Code: code } });
	});

	test('who repeats a nonce', async () => {
		const request = signed();
		await send(simulator, request);
		const again = await send(simulator, request);
		expect(again.status).toBe(400);
		expect(JSON.parse(again.text)).toMatchObject({ Code: 'SignatureNonceUsed' });
		expect(simulator.uploads[0]?.batches).toHaveLength(1);
	});
});
