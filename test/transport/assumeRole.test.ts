import { ApiError } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import { assumeRole } from '../../nodes/AlibabaCloudChatApp/transport/role';
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
	"a role is asked for by its names, with an external ID where there is one: '%s'",
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

/** What is made of an answer with this body. */
async function read(body: object, status = 200) {
	const sendHttp = async () => ({ status, headers: {}, text: JSON.stringify(body) });
	const { clock, ...connection } = connectionTo(simulator, { sendHttp });
	return await assumeRole({ ...connection, clock: { ...clock, now: () => NOW } }, roleOf());
}

test.each([
	['is told', '2026-01-01T00:30:00Z', 30],
	['is further off than any', '2026-01-01T09:00:00Z', 60],
	["can't be read", 'soon', 15],
	['is missing', undefined, 15],
])('a key whose end %s is kept only as long as is sure', async (_name, Expiration, minutes) => {
	const { expiresAt } = await read({ Credentials: { ...KEY, Expiration } });
	expect((expiresAt - NOW) / MINUTE).toBe(minutes);
});

test.each([
	['nothing', undefined],
	['a text', 'key'],
	['no ID', { ...KEY, AccessKeyId: undefined }],
	['an empty secret', { ...KEY, AccessKeySecret: '' }],
	['a token that is no text', { ...KEY, SecurityToken: 5 }],
])('an answer that holds %s is no key', async (_name, Credentials) => {
	await expect(read({ Credentials })).rejects.toBeInstanceOf(ApiError);
});

const PERMISSION = `The role ${ARN} can't be assumed: give the key's RAM user the permission 'sts:AssumeRole'`;

test.each([
	[403, 'NoPermission', 'key', PERMISSION],
	[403, 'forbidden.RAM', 'key', PERMISSION],
	[404, 'EntityNotExist.Role', 'key', `There is no role ${ARN}: check 'Role ARN'`],
	[400, 'InvalidParameter.RoleArn', 'key', `There is no role ${ARN}: check 'Role ARN'`],
	[400, 'InvalidParameter.RoleSessionName', 'key', "'Role Session Name'"],
	[404, 'InvalidAccessKeyId.NotFound', 'key', "check 'AccessKey ID'"],
	[400, 'Code.NoPermission', 'key', 'Check the IDs'],
	[400, 'Role.EntityNotExist', 'key', 'Check the IDs'],
	[400, 'Throttling.User', 'throttled', 'slow down'],
	[503, 'ServiceUnavailable', 'temporary', 'Run again later'],
])('HTTP %i with %s is told in words for a role', async (status, Code, kind, fix) => {
	const refused: unknown = await read({ Code, Message: 'Refused.' }, status).catch((e) => e);
	expect(refused).toBeInstanceOf(ApiError);
	expect(refused).toMatchObject({
		action: 'AssumeRole',
		// The call that needs the key was not made.
		kind,
		code: Code,
		answerLost: false,
		fix: expect.stringContaining(fix),
	});
});
