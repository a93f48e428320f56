import type { AccessKey } from '../../credentials/signing';
import type { Connection } from '../../nodes/AlibabaCloudChatApp/transport/client';
import type { HttpResponse } from '../../nodes/AlibabaCloudChatApp/transport/http';
import { roleKeySource } from '../../nodes/AlibabaCloudChatApp/transport/connection';
import { stillClock } from '../engine/stillClock';
import { until } from '../simulator/signedClient';
import { DEFAULT_KEY, KNOWN } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';
import { connectionTo } from './connectionTo';

const MINUTE = 60_000;
let now = Date.parse('2026-01-01T00:00:00Z');
const clock = { ...stillClock(), now: () => now };

const ANOTHER_KEY: AccessKey = { accessKeyId: 'LTAI5tAnother', accessKeySecret: 'another-secret' };
const simulator = useSimulator({ now: () => now, keys: [DEFAULT_KEY, ANOTHER_KEY] });

let roles = 0;
/** A role that no test before has assumed. */
const newRole = () => ({ arn: KNOWN.roleArn, sessionName: `n8n-${++roles}`, externalId: '' });

const sourceOf = (role: ReturnType<typeof newRole>, set: Partial<Connection> = {}) =>
	roleKeySource(connectionTo(simulator, { clock, ...set }), role);

test('a role is assumed once for all that use the credential, even at the same time', async () => {
	const role = newRole();
	const keys = await Promise.all([sourceOf(role).current(), sourceOf(role).current()]);
	keys.push(await sourceOf(role).current());
	expect(new Set(keys.map(({ securityToken }) => securityToken)).size).toBe(1);
	expect(keys[0]?.securityToken).toMatch(/^CAIS-/);
	expect(simulator.requests).toHaveLength(1);
});

test('a role is assumed again five minutes before its key expires', async () => {
	const source = sourceOf(newRole());
	const first = await source.current();
	now += 55 * MINUTE - 1;
	await expect(source.current()).resolves.toBe(first);
	now += 1;
	const second = await source.current();
	expect(second.securityToken).not.toBe(first.securityToken);
	await expect(source.current()).resolves.toBe(second);
	expect(simulator.requests).toHaveLength(2);
});

test.each<[string, object, Partial<Connection>]>([
	['role', { arn: 'acs:ram::1000000000000000:role/another' }, {}],
	['session name', { sessionName: 'another' }, {}],
	['external ID', { externalId: 'another' }, {}],
	['key', {}, { key: ANOTHER_KEY }],
	['secret', {}, { key: { ...DEFAULT_KEY, accessKeySecret: 'another-secret' } }],
])('a credential with another %s does not share the key', async (_name, other, set) => {
	const role = newRole();
	await sourceOf(role).current();
	await sourceOf({ ...role, ...other }, set)
		.current()
		.catch(() => {});
	expect(simulator.requests).toHaveLength(2);
});

test('a credential with another endpoint does not share the key', async () => {
	const role = newRole();
	await sourceOf(role).current();
	await sourceOf(role, { origin: `http://localhost:${simulator.port}` }).current();
	expect(simulator.requests).toHaveLength(2);
});

test('a role that was rejected is assumed again by the next run', async () => {
	simulator.misbehave(1, { kind: 'error', status: 403, code: 'NoPermission' }, 'AssumeRole');
	const source = sourceOf(newRole());
	await expect(source.current()).rejects.toMatchObject({ code: 'NoPermission' });
	await expect(source.current()).resolves.toMatchObject({
		securityToken: expect.stringMatching(/./),
	});
});

test('a rejected key is renewed once for all calls that were rejected with it', async () => {
	const source = sourceOf(newRole());
	const rejected = await source.current();
	const renewed = await Promise.all([source.renewed(rejected), source.renewed(rejected)]);
	expect(renewed[0]).not.toEqual(rejected);
	expect(renewed[1]).toBe(renewed[0]);
	await expect(source.renewed(rejected)).resolves.toBe(renewed[0]);
	await expect(source.current()).resolves.toBe(renewed[0]);
	expect(simulator.requests).toHaveLength(2);
});

/** A way to STS on which answers wait until they are let go. */
function heldBack() {
	const answers: Array<(token?: string) => void> = [];
	const sendHttp: Connection['sendHttp'] = async () => {
		const token = await new Promise<string | undefined>((resolve) => answers.push(resolve));
		const key = { AccessKeyId: 'STS.1', AccessKeySecret: 'secret', SecurityToken: token };
		return { status: 200, headers: {}, text: JSON.stringify({ Credentials: key }) };
	};
	const called = async () => await until(() => answers.length === 1);
	return { sendHttp, answers, called };
}

test('a canceled run waits no longer, and takes the key from no one who shares it', async () => {
	const { sendHttp, answers, called } = heldBack();
	const role = newRole();
	const controller = new AbortController();
	const canceled = sourceOf(role, { sendHttp, cancelSignal: controller.signal }).current();
	const sharing = sourceOf(role, { sendHttp }).current();
	await called();
	controller.abort(new Error('stopped'));
	await expect(canceled).rejects.toThrow('stopped');
	answers[0]?.('CAIS1');
	await expect(sharing).resolves.toMatchObject({ securityToken: 'CAIS1' });
	expect(answers).toHaveLength(1);
});

test('a hundred keys are kept, and the one that was assumed first gives way', async () => {
	const [first, second, ...others] = Array.from({ length: 101 }, newRole);
	for (const role of [first, second, ...others]) await sourceOf(role!).current();
	simulator.requests.length = 0;
	await sourceOf(second!).current();
	expect(simulator.requests).toHaveLength(0);
	await sourceOf(first!).current();
	expect(simulator.requests).toHaveLength(1);
});

test('a key that is renewed counts as assumed last', async () => {
	const [first, second, ...others] = Array.from({ length: 100 }, newRole);
	for (const role of [first, second, ...others]) await sourceOf(role!).current();
	await sourceOf(first!).renewed(await sourceOf(first!).current());
	await sourceOf(newRole()).current();
	simulator.requests.length = 0;
	await sourceOf(first!).current();
	expect(simulator.requests).toHaveLength(0);
	await sourceOf(second!).current();
	expect(simulator.requests).toHaveLength(1);
});

test('a call that fails late takes no key along that was assumed meanwhile', async () => {
	const { sendHttp, answers, called } = heldBack();
	const role = newRole();
	const late = sourceOf(role, { sendHttp }).current();
	await called();
	// A hundred others push it out.
	for (const other of Array.from({ length: 100 }, newRole)) await sourceOf(other).current();
	const key = await sourceOf(role).current();
	answers[0]?.();
	await expect(late).rejects.toThrow();
	await expect(sourceOf(role).current()).resolves.toBe(key);
});

const Credentials = {
	AccessKeyId: 'STS.Assumed',
	AccessKeySecret: 'assumed-secret',
	SecurityToken: 'assumed-token',
	Expiration: '2099-01-01T00:00:00Z',
};

test('a canceled execution stops waiting for a role, and others go on', async () => {
	let respond: (given: HttpResponse) => void = () => {};
	const sendHttp = jest.fn(async () => await new Promise<HttpResponse>((done) => (respond = done)));
	const source = (cancelSignal?: AbortSignal) =>
		roleKeySource(
			{
				key: { accessKeyId: 'id', accessKeySecret: 'secret' },
				origin: 'https://127.0.0.1',
				sendHttp,
				clock: stillClock(),
				cancelSignal,
				timeout: 60_000,
			},
			{ arn: 'acs:ram::1:role/uploader', sessionName: 'n8n', externalId: '' },
		);
	const controller = new AbortController();
	const canceled = source(controller.signal).current();
	const other = source().current();
	while (sendHttp.mock.calls.length === 0) await new Promise(setImmediate);
	controller.abort(new Error('stopped'));
	const ended = canceled.then(
		() => 'a key',
		({ message }: Error) => message,
	);
	await expect(Promise.race([ended, new Promise(setImmediate)])).resolves.toBe('stopped');
	respond({ status: 200, headers: {}, text: JSON.stringify({ Credentials }) });
	await expect(other).resolves.toMatchObject({ securityToken: 'assumed-token' });
	expect(sendHttp).toHaveBeenCalledTimes(1);
});
