import { ApiError } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import { assumeRole } from '../../nodes/AlibabaCloudChatApp/transport/connection';
import { KNOWN } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';
import { connectionTo } from './connectionTo';

const ARN = KNOWN.roleArn;
const MINUTE = 60_000;

const simulator = useSimulator();
const roleOf = (set: object = {}) => ({
	arn: ARN,
	sessionName: 'n8n',
	externalId: '',
	...set,
});

test.each([
	['', {}],
	['shop-1', { ExternalId: 'shop-1' }],
])(
	"a role is assumed by its names, with an external ID if there is one: '%s'",
	async (externalId, more) => {
		const { key, expiresAt } = await assumeRole(connectionTo(simulator), roleOf({ externalId }));
		expect(key).toEqual({
			accessKeyId: expect.stringMatching(/^STS\./),
			accessKeySecret: expect.stringMatching(/^simulator-/),
			securityToken: expect.stringMatching(/^CAIS-/),
		});
		expect(expiresAt).toBeGreaterThan(Date.now() + 58 * MINUTE);
		expect(simulator.requests).toMatchObject([
			{ action: 'AssumeRole', headers: { 'x-acs-version': '2015-04-01' } },
		]);
		expect(simulator.requests[0]?.query).toEqual({ RoleArn: ARN, RoleSessionName: 'n8n', ...more });
	},
);

const NOW = Date.parse('2026-01-01T00:00:00Z');
const KEY = { AccessKeyId: 'STS.1', AccessKeySecret: 'secret-of-it', SecurityToken: 'CAIS1' };

/** The key in a response with this body. */
async function read(body: object, status = 200) {
	const sendHttp = async () => ({ status, headers: {}, text: JSON.stringify(body) });
	const { clock, ...connection } = connectionTo(simulator, { sendHttp });
	return await assumeRole({ ...connection, clock: { ...clock, now: () => NOW } }, roleOf());
}

test.each([
	['is given', '2026-01-01T00:30:00Z', 30],
	['is later than any', '2026-01-01T09:00:00Z', 60],
	["can't be read", 'soon', 15],
	['is missing', undefined, 15],
])(
	'a key whose end %s is kept no longer than it is valid for certain',
	async (_name, Expiration, minutes) => {
		const { expiresAt } = await read({ Credentials: { ...KEY, Expiration } });
		expect((expiresAt - NOW) / MINUTE).toBe(minutes);
	},
);

test.each([
	['nothing', undefined],
	['a text', 'key'],
	['no ID', { ...KEY, AccessKeyId: undefined }],
	['an empty secret', { ...KEY, AccessKeySecret: '' }],
	['a token that is no text', { ...KEY, SecurityToken: 5 }],
])('a response with %s contains no key', async (_name, Credentials) => {
	await expect(read({ Credentials })).rejects.toBeInstanceOf(ApiError);
});

test.each([
	[403, 'NoPermission', 'key', "permission 'sts:AssumeRole'"],
	[403, 'forbidden.RAM', 'key', "permission 'sts:AssumeRole'"],
	[404, 'EntityNotExist.Role', 'key', "Check 'Role ARN' in the credential"],
	[400, 'InvalidParameter.RoleArn', 'key', "Check 'Role ARN' in the credential"],
	[400, 'InvalidParameter.RoleSessionName', 'key', "'Role Session Name'"],
	[404, 'InvalidAccessKeyId.NotFound', 'key', "Check 'AccessKey ID'"],
	[400, 'Code.NoPermission', 'key', "Check 'Role ARN' and 'External ID'"],
	[400, 'Throttling.User', 'throttled', 'Run again later'],
	[503, 'ServiceUnavailable', 'temporary', 'Run again later'],
])('HTTP %i with %s holds for further calls, too: %s', async (status, Code, kind, fix) => {
	const rejected: unknown = await read({ Code, Message: 'No.' }, status).catch((e) => e);
	expect(rejected).toBeInstanceOf(ApiError);
	expect(rejected).toMatchObject({
		action: 'AssumeRole',
		kind,
		code: Code,
		// The call that needs the key was not made.
		responseLost: false,
		fix: expect.stringContaining(fix),
	});
});
