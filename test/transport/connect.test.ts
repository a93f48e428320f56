import type { AlibabaCloudOpenApiCredential } from '../../credentials/credential';
import { createCallOnce } from '../../nodes/AlibabaCloudChatApp/transport/client';
import {
	connectWith,
	freshConnectionOf,
	originWith,
} from '../../nodes/AlibabaCloudChatApp/transport/connect';
import { stillClock } from '../engine/stillClock';
import { DEFAULT_KEY, KNOWN } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';
import { connectionTo, contextWith, roleCredential } from './connectionTo';

const simulator = useSimulator();
const LIST = {
	action: 'ListPageAdAccount',
	version: '2020-06-06',
	query: { CustSpaceId: KNOWN.custSpaceId, PageId: KNOWN.pageId },
};
const settings = () => ({ clock: stillClock(), timeout: 10_000 });

const credentialOf = (set: Partial<AlibabaCloudOpenApiCredential> = {}) => ({
	...DEFAULT_KEY,
	endpoint: simulator.url,
	...set,
});

const roleOf = (set: Partial<AlibabaCloudOpenApiCredential> = {}) => roleCredential(simulator, set);

test("calls use n8n's HTTP helper and the node's credential", async () => {
	const connection = await connectWith(contextWith(credentialOf()), settings());
	await expect(createCallOnce(connection)(LIST)).resolves.toMatchObject({ accepted: true });
	expect(connection.cancelSignal).toBeUndefined();
	expect(connection.timeout).toBe(10_000);
});

test('calls end when the run is canceled', async () => {
	const signal = AbortSignal.abort(new Error('stopped'));
	const context = contextWith(credentialOf(), { getExecutionCancelSignal: () => signal });
	const connection = await connectWith(context, settings());
	await expect(createCallOnce(connection)(LIST)).rejects.toThrow('stopped');
});

test("the origin is the credential's endpoint, or its region's public one", async () => {
	await expect(originWith(contextWith(credentialOf()))).resolves.toBe(simulator.url);
	const germany = { endpoint: '', regionId: 'eu-central-1' };
	await expect(originWith(contextWith(credentialOf(germany)))).resolves.toBe(
		'https://cams.eu-central-1.aliyuncs.com',
	);
});

const open = async (credential: AlibabaCloudOpenApiCredential) =>
	await connectWith(contextWith(credential), settings());
const openFresh = async (credential: AlibabaCloudOpenApiCredential) =>
	await freshConnectionOf(credential, { ...connectionTo(simulator), ...settings() });

test('an AccessKey signs without another call', async () => {
	const credential = { ...credentialOf(), authType: 'accessKey' } as const;
	await expect(open(credential)).resolves.toMatchObject({
		key: DEFAULT_KEY,
		origin: simulator.url,
	});
	await expect(openFresh(credential)).resolves.toMatchObject({ key: DEFAULT_KEY });
	expect(simulator.requests).toEqual([]);
});

test("a role's key signs once it is needed, and is shared", async () => {
	const credential = roleOf({
		roleArn: ` ${KNOWN.roleArn}\n`,
		roleSessionName: ' test-shared ',
		externalId: ' shop-1 ',
	});
	for (const connection of [await open(credential), await open(credential)]) {
		await expect(createCallOnce(connection)(LIST)).resolves.toMatchObject({ accepted: true });
	}
	expect(simulator.requests.map(({ action }) => action)).toEqual([
		'AssumeRole',
		LIST.action,
		LIST.action,
	]);
	expect(simulator.requests[0]?.query).toEqual({
		RoleArn: KNOWN.roleArn,
		RoleSessionName: 'test-shared',
		ExternalId: 'shop-1',
	});
	expect(simulator.requests[1]?.headers['x-acs-accesskey-id']).toMatch(/^STS\./);
});

test('a credential test assumes the role each time', async () => {
	const credential = roleOf();
	const connections = [await openFresh(credential), await openFresh(credential)];
	const keys = connections.map(({ key }) => ('current' in key ? undefined : key.securityToken));
	expect(keys).toEqual([expect.stringMatching(/^CAIS-/), expect.stringMatching(/^CAIS-/)]);
	expect(keys[0]).not.toBe(keys[1]);
	expect(connections[0]?.origin).toBe(simulator.url);
	simulator.misbehave(3, { kind: 'error', status: 403, code: 'NoPermission' }, 'AssumeRole');
	await expect(openFresh(credential)).rejects.toMatchObject({ action: 'AssumeRole' });
});

test.each([
	['left out', undefined],
	['empty', ''],
	['blank', '  '],
])('a session whose name is %s is named n8n', async (_name, value) => {
	await openFresh(roleOf({ roleSessionName: value, externalId: value }));
	expect(simulator.requests[0]?.query).toEqual({ RoleArn: KNOWN.roleArn, RoleSessionName: 'n8n' });
});

test('a role without an ARN is rejected before anything is sent', async () => {
	await expect(open(roleOf({ roleArn: ' ' }))).rejects.toThrow(
		"'Role ARN' in the credential is empty",
	);
	await expect(openFresh(roleOf({ roleArn: ' ' }))).rejects.toThrow(
		"'Role ARN' in the credential is empty",
	);
});
