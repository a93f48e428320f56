import { Readable } from 'node:stream';
import type { AlibabaCloudOpenApiCredential } from '../../credentials/credential';
import type { AccessKey } from '../../credentials/signing';
import type { KeySource } from '../../nodes/AlibabaCloudChatApp/transport/client';
import {
	type ConnectionContext,
	connectWith,
} from '../../nodes/AlibabaCloudChatApp/transport/connect';
import { stillClock } from '../engine/stillClock';
import { until } from '../simulator/signedClient';
import { DEFAULT_KEY } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';
import { contextWith, roleCredential } from './connectionTo';

const MINUTE = 60_000;
let now = Date.parse('2026-01-01T00:00:00Z');
const clock = { ...stillClock(), now: () => now };

const ANOTHER_KEY: AccessKey = { accessKeyId: 'LTAI5tAnother', accessKeySecret: 'another-secret' };
const simulator = useSimulator({ now: () => now, keys: [DEFAULT_KEY, ANOTHER_KEY] });

const newRole = () => roleCredential(simulator);

/** The key of a credential's role, as one run gets it. */
async function sourceOf(
	credential: AlibabaCloudOpenApiCredential,
	set: Partial<ConnectionContext> = {},
): Promise<KeySource> {
	const { key } = await connectWith(contextWith(credential, set), { clock, timeout: 10_000 });
	return key as KeySource;
}

/** The key that a run signs with. */
const keyOf = async (...given: Parameters<typeof sourceOf>) =>
	await (await sourceOf(...given)).current();

test('a role is assumed once for all that use the credential, even at the same time', async () => {
	const role = newRole();
	const keys = await Promise.all([keyOf(role), keyOf(role)]);
	keys.push(await keyOf(role));
	expect(new Set(keys.map(({ securityToken }) => securityToken)).size).toBe(1);
	expect(keys[0]?.securityToken).toMatch(/^CAIS-/);
	expect(simulator.requests).toHaveLength(1);
});

test('a role is assumed again five minutes before its key expires', async () => {
	const source = await sourceOf(newRole());
	const first = await source.current();
	now += 55 * MINUTE - 1;
	await expect(source.current()).resolves.toBe(first);
	now += 1;
	const second = await source.current();
	expect(second.securityToken).not.toBe(first.securityToken);
	await expect(source.current()).resolves.toBe(second);
	expect(simulator.requests).toHaveLength(2);
});

test.each<[string, Partial<AlibabaCloudOpenApiCredential>]>([
	['role', { roleArn: 'acs:ram::1000000000000000:role/another' }],
	['session name', { roleSessionName: 'another' }],
	['external ID', { externalId: 'another' }],
	['key', ANOTHER_KEY],
	['secret', { accessKeySecret: 'another-secret' }],
])("a credential with another %s doesn't share the key", async (_name, other) => {
	const role = newRole();
	await keyOf(role);
	await keyOf({ ...role, ...other }).catch(() => {});
	expect(simulator.requests).toHaveLength(2);
});

test("a credential with another endpoint doesn't share the key", async () => {
	const role = newRole();
	await keyOf(role);
	await keyOf({ ...role, stsEndpoint: `http://localhost:${simulator.port}` });
	expect(simulator.requests).toHaveLength(2);
});

test('a role that was rejected is assumed again by the next run', async () => {
	simulator.misbehave(1, { kind: 'error', status: 403, code: 'NoPermission' }, 'AssumeRole');
	const source = await sourceOf(newRole());
	await expect(source.current()).rejects.toMatchObject({ code: 'NoPermission' });
	await expect(source.current()).resolves.toMatchObject({
		securityToken: expect.stringMatching(/./),
	});
});

test('a rejected key is renewed once for all calls that were rejected with it', async () => {
	const source = await sourceOf(newRole());
	const rejected = await source.current();
	const renewed = await Promise.all([source.renewed(rejected), source.renewed(rejected)]);
	expect(renewed[0]).not.toEqual(rejected);
	expect(renewed[1]).toBe(renewed[0]);
	await expect(source.renewed(rejected)).resolves.toBe(renewed[0]);
	await expect(source.current()).resolves.toBe(renewed[0]);
	expect(simulator.requests).toHaveLength(2);
});

/** A helper whose responses from STS wait until the test releases them. */
function heldBack() {
	const responses: Array<(token?: string) => void> = [];
	const httpRequest = async () => {
		const token = await new Promise<string | undefined>((resolve) => responses.push(resolve));
		const key = { AccessKeyId: 'STS.1', AccessKeySecret: 'secret', SecurityToken: token };
		const body = Readable.from([Buffer.from(JSON.stringify({ Credentials: key }))]);
		return { statusCode: 200, headers: {}, body };
	};
	const called = async () => await until(() => responses.length === 1);
	return { helpers: { httpRequest }, responses, called };
}

test('a canceled run stops waiting at once, and others still get the key', async () => {
	const { helpers, responses, called } = heldBack();
	const role = newRole();
	const controller = new AbortController();
	const getExecutionCancelSignal = () => controller.signal;
	const canceled = keyOf(role, { helpers, getExecutionCancelSignal });
	const sharing = keyOf(role, { helpers });
	await called();
	controller.abort(new Error('stopped'));
	await expect(canceled).rejects.toThrow('stopped');
	responses[0]?.('CAIS1');
	await expect(sharing).resolves.toMatchObject({ securityToken: 'CAIS1' });
	expect(responses).toHaveLength(1);
});

test('a hundred keys are kept, and the oldest is removed first', async () => {
	const [first, second, ...others] = Array.from({ length: 101 }, newRole);
	for (const role of [first!, second!, ...others]) await keyOf(role);
	simulator.requests.length = 0;
	await keyOf(second!);
	expect(simulator.requests).toHaveLength(0);
	await keyOf(first!);
	expect(simulator.requests).toHaveLength(1);
});

test('a renewed key counts as the newest', async () => {
	const [first, second, ...others] = Array.from({ length: 100 }, newRole);
	for (const role of [first!, second!, ...others]) await keyOf(role);
	const source = await sourceOf(first!);
	await source.renewed(await source.current());
	await keyOf(newRole());
	simulator.requests.length = 0;
	await keyOf(first!);
	expect(simulator.requests).toHaveLength(0);
	await keyOf(second!);
	expect(simulator.requests).toHaveLength(1);
});

test('a call that fails late leaves the key that was assumed meanwhile', async () => {
	const { helpers, responses, called } = heldBack();
	const role = newRole();
	const late = keyOf(role, { helpers });
	await called();
	// A hundred others replace it.
	for (const other of Array.from({ length: 100 }, newRole)) await keyOf(other);
	const key = await keyOf(role);
	responses[0]?.();
	await expect(late).rejects.toThrow();
	await expect(keyOf(role)).resolves.toBe(key);
});
