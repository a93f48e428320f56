import { call } from './signedClient';
import { IDS, users } from './signedClient';
import { DEFAULT_KEY, KNOWN } from './simulator';
import { useSimulator } from './useSimulator';

const NARROW = 'acs:ram::1000000000000000:role/narrow';
const GUARDED = 'acs:ram::1000000000000000:role/guarded';
const TRUSTED = 'acs:ram::1000000000000000:role/trusted';
const POWERLESS = { accessKeyId: 'LTAI5tPowerless', accessKeySecret: 's', allow: ['cams:*'] };

let now = Date.now();
const roles = [
	{ arn: KNOWN.roleArn },
	{ arn: NARROW, allow: ['cams:ListInstance'] },
	{ arn: GUARDED, externalId: 'secret-id' },
	{ arn: TRUSTED, trusts: ['LTAI5tSomeoneElse'] },
];
const keys = [DEFAULT_KEY, POWERLESS];
const simulator = useSimulator({ keys, now: () => now, world: { roles } });
beforeEach(() => {
	now = Date.now();
});

function assume(fields: Record<string, string> = {}, key = DEFAULT_KEY): ReturnType<typeof call> {
	const query = { RoleArn: KNOWN.roleArn, RoleSessionName: 'n8n', ...fields };
	return call(simulator, { action: 'AssumeRole', query, key });
}

async function assumedKey(fields: Record<string, string> = {}): Promise<typeof DEFAULT_KEY> {
	const { AccessKeyId, AccessKeySecret, SecurityToken } = (await assume(fields)).body.Credentials;
	return {
		accessKeyId: AccessKeyId,
		accessKeySecret: AccessKeySecret,
		securityToken: SecurityToken,
	};
}

test('returns credentials as STS does', async () => {
	const { status, body } = await assume({ DurationSeconds: '900' });
	expect(status).toBe(200);
	expect(Object.keys(body).sort()).toEqual(['AssumedRoleUser', 'Credentials', 'RequestId']);
	expect(body.Credentials.AccessKeyId).toMatch(/^STS\./);
	expect(body.Credentials.Expiration).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
	expect(Date.parse(body.Credentials.Expiration)).toBe(Math.floor(now / 1000 + 900) * 1000);
	expect(body.AssumedRoleUser.Arn).toBe(`${KNOWN.roleArn}/n8n`);
});

test('the credentials sign calls, with their token and until they expire', async () => {
	const key = await assumedKey();
	const upload = { query: IDS, form: users(1), key };
	await expect(call(simulator, upload)).resolves.toMatchObject({ body: { Code: 'OK' } });
	const bare = { ...key, securityToken: undefined };
	await expect(call(simulator, { key: bare as typeof key })).resolves.toMatchObject({
		body: { Code: 'MissingSecurityToken' },
	});
	const headers = { 'x-acs-date': new Date(now + 3601_000).toISOString().replace(/\.\d+/, '') };
	now += 3601_000;
	await expect(call(simulator, { ...upload, headers })).resolves.toMatchObject({
		body: { Code: 'InvalidSecurityToken.Expired' },
	});
});

test("the credentials have the role's permissions, not the caller's", async () => {
	const key = await assumedKey({ RoleArn: NARROW });
	await expect(call(simulator, { key })).resolves.toMatchObject({
		status: 403,
		body: { AccessDeniedDetail: { AuthAction: 'cams:AddCustomAudienceUser' } },
	});
});

test('the external ID is accepted for a role that requires it', async () => {
	const guarded = { RoleArn: GUARDED, ExternalId: 'secret-id' };
	await expect(assume(guarded)).resolves.toMatchObject({ status: 200 });
});

describe('rejects', () => {
	test.each<[string, Record<string, string>, number, string]>([
		['no role', { RoleArn: '' }, 400, 'MissingRoleArn'],
		['no session name', { RoleSessionName: '' }, 400, 'MissingRoleSessionName'],
		['a malformed role', { RoleArn: 'narrow' }, 400, 'InvalidParameter.RoleArn'],
		['an unknown role', { RoleArn: `${NARROW}er` }, 404, 'EntityNotExist.Role'],
		['a role that trusts another', { RoleArn: TRUSTED }, 403, 'NoPermission'],
		['a role without its external ID', { RoleArn: GUARDED }, 403, 'NoPermission'],
		['a wrong external ID', { RoleArn: GUARDED, ExternalId: 'x' }, 403, 'NoPermission'],
		[
			'a session name with a space',
			{ RoleSessionName: 'a b' },
			400,
			'InvalidParameter.RoleSessionName',
		],
		['a short duration', { DurationSeconds: '899' }, 400, 'InvalidParameter.DurationSeconds'],
		['a long duration', { DurationSeconds: '3601' }, 400, 'InvalidParameter.DurationSeconds'],
		['an unknown parameter', { Name: 'x' }, 400, 'InvalidParameter'],
	])('%s', async (_, fields, status, Code) => {
		await expect(assume(fields)).resolves.toMatchObject({ status, body: { Code } });
	});

	test('a key without sts:AssumeRole', async () => {
		await expect(assume({}, POWERLESS)).resolves.toMatchObject({
			status: 403,
			body: { Code: 'NoPermission', AccessDeniedDetail: { AuthAction: 'sts:AssumeRole' } },
		});
	});
});
