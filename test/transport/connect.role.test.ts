import { Readable } from 'node:stream';
import { ApiError } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import type { KeySource } from '../../nodes/AlibabaCloudChatApp/transport/client';
import { connectWith, freshConnectionOf } from '../../nodes/AlibabaCloudChatApp/transport/connect';
import { stillClock } from '../engine/stillClock';
import { KNOWN } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';
import { connectionTo, contextWith, roleCredential } from './connectionTo';

const MINUTE = 60_000;

const simulator = useSimulator();

test.each([
	['', {}],
	['shop-1', { ExternalId: 'shop-1' }],
])(
	"a role is assumed by its ARN and session name, with an external ID if there is one: '%s'",
	async (externalId, more) => {
		const credential = roleCredential(simulator, { externalId, roleSessionName: 'n8n' });
		const { key } = await freshConnectionOf(credential, connectionTo(simulator));
		expect(key).toEqual({
			accessKeyId: expect.stringMatching(/^STS\./),
			accessKeySecret: expect.stringMatching(/^simulator-/),
			securityToken: expect.stringMatching(/^CAIS-/),
		});
		expect(simulator.requests).toMatchObject([
			{ action: 'AssumeRole', headers: { 'x-acs-version': '2015-04-01' } },
		]);
		expect(simulator.requests[0]?.query).toEqual({
			RoleArn: KNOWN.roleArn,
			RoleSessionName: 'n8n',
			...more,
		});
	},
);

const NOW = Date.parse('2026-01-01T00:00:00Z');
const KEY = { AccessKeyId: 'STS.1', AccessKeySecret: 'secret-of-it', SecurityToken: 'CAIS1' };

test.each([
	['is given', '2026-01-01T00:30:00Z', 30],
	['is later than any', '2026-01-01T09:00:00Z', 60],
	["can't be read", 'soon', 15],
	['is missing', undefined, 15],
])(
	'a key whose end %s is replaced five minutes before it may be over',
	async (_name, Expiration, minutes) => {
		let now = NOW;
		let calls = 0;
		const httpRequest = async () => {
			calls += 1;
			const body = { Credentials: { ...KEY, Expiration } };
			return {
				statusCode: 200,
				headers: {},
				body: Readable.from([Buffer.from(JSON.stringify(body))]),
			};
		};
		const context = contextWith(roleCredential(simulator), { helpers: { httpRequest } });
		const clock = { ...stillClock(), now: () => now };
		const { key } = await connectWith(context, { clock, timeout: 10_000 });
		const source = key as KeySource;
		await source.current();
		now += (minutes - 5) * MINUTE - 1;
		await source.current();
		expect(calls).toBe(1);
		now += 1;
		await source.current();
		expect(calls).toBe(2);
	},
);

/** Assumes a role with a response of this status and body. */
async function assume(body: object, status = 200) {
	const sendHttp = async () => ({ status, headers: {}, text: JSON.stringify(body) });
	return await freshConnectionOf(roleCredential(simulator), connectionTo(simulator, { sendHttp }));
}

test.each([
	['nothing', undefined],
	['a text', 'key'],
	['no ID', { ...KEY, AccessKeyId: undefined }],
	['an empty secret', { ...KEY, AccessKeySecret: '' }],
	["a token that isn't text", { ...KEY, SecurityToken: 5 }],
])('a response with %s contains no key', async (_name, Credentials) => {
	await expect(assume({ Credentials })).rejects.toBeInstanceOf(ApiError);
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
])('HTTP %i with %s has the kind %s, and says what to do', async (status, Code, kind, fix) => {
	const rejected: unknown = await assume({ Code, Message: 'No.' }, status).catch(
		(error: unknown) => error,
	);
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
