import type { IExecuteFunctions } from 'n8n-workflow';
import type { AlibabaCloudOpenApiCredential } from '../../credentials/credential';
import { connectApi } from '../../nodes/AlibabaCloudChatApp/transport/client';
import {
	connectionOf,
	connectWith,
	freshConnectionOf,
	originWith,
} from '../../nodes/AlibabaCloudChatApp/transport/connection';
import { stillClock } from '../engine/stillClock';
import { DEFAULT_KEY, KNOWN } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';
import { connectionTo } from './connectionTo';
import { nodeHelpers } from './nodeHelpers';

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

let names = 0;
const roleOf = (set: Partial<AlibabaCloudOpenApiCredential> = {}) =>
	credentialOf({
		authType: 'ramRole',
		stsEndpoint: simulator.url,
		roleArn: ` ${KNOWN.roleArn}\n`,
		// Keys are shared by the process.
		roleSessionName: ` test-${++names} `,
		...set,
	});

/** What of n8n's context a connection asks for. */
function contextOf(credential: AlibabaCloudOpenApiCredential, more: object = {}) {
	const getCredentials = async (type: string) => {
		if (type !== 'alibabaCloudOpenApi') throw new Error(`Node has no credential ${type}`);
		return credential;
	};
	return { getCredentials, helpers: nodeHelpers, ...more } as unknown as IExecuteFunctions;
}

test("calls go out by n8n's helper with the credential that the node has", async () => {
	const connection = await connectWith(contextOf(credentialOf()), settings());
	await expect(connectApi(connection)(LIST)).resolves.toMatchObject({ accepted: true });
	expect(connection.cancelSignal).toBeUndefined();
	expect(connection.timeout).toBe(10_000);
});

test('calls end with the run', async () => {
	const signal = AbortSignal.abort(new Error('stopped'));
	const context = contextOf(credentialOf(), { getExecutionCancelSignal: () => signal });
	const connection = await connectWith(context, settings());
	await expect(connectApi(connection)(LIST)).rejects.toThrow('stopped');
});

test("the origin is that of the credential's endpoint, or of its region", async () => {
	await expect(originWith(contextOf(credentialOf()))).resolves.toBe(simulator.url);
	const germany = { endpoint: '', regionId: 'eu-central-1' };
	await expect(originWith(contextOf(credentialOf(germany)))).resolves.toBe(
		'https://cams.eu-central-1.aliyuncs.com',
	);
});

const open = (credential: AlibabaCloudOpenApiCredential) =>
	connectionOf(credential, { ...connectionTo(simulator), ...settings() });
const openFresh = async (credential: AlibabaCloudOpenApiCredential) =>
	await freshConnectionOf(credential, { ...connectionTo(simulator), ...settings() });

test('an AccessKey signs without another call', async () => {
	const credential = { ...credentialOf(), authType: 'accessKey' } as const;
	expect(open(credential)).toMatchObject({ key: DEFAULT_KEY, origin: simulator.url });
	await expect(openFresh(credential)).resolves.toMatchObject({ key: DEFAULT_KEY });
	expect(simulator.requests).toEqual([]);
});

test("a role's key signs once it is needed, and is shared", async () => {
	const credential = roleOf({ externalId: ' shop-1 ' });
	for (const connection of [open(credential), open(credential)]) {
		await expect(connectApi(connection)(LIST)).resolves.toMatchObject({ accepted: true });
	}
	expect(simulator.requests.map(({ action }) => action)).toEqual([
		'AssumeRole',
		LIST.action,
		LIST.action,
	]);
	expect(simulator.requests[0]?.query).toEqual({
		RoleArn: KNOWN.roleArn,
		RoleSessionName: `test-${names}`,
		ExternalId: 'shop-1',
	});
	expect(simulator.requests[1]?.headers['x-acs-accesskey-id']).toMatch(/^STS\./);
});

test("a role's key is another one each time that it is to show how the credential stands", async () => {
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
])("a session whose name is %s is called n8n's", async (_name, value) => {
	await openFresh(roleOf({ roleSessionName: value, externalId: value }));
	expect(simulator.requests[0]?.query).toEqual({ RoleArn: KNOWN.roleArn, RoleSessionName: 'n8n' });
});

test('a role without a name is rejected before anything is sent', async () => {
	expect(() => open(roleOf({ roleArn: ' ' }))).toThrow("'Role ARN' in the credential is empty");
	await expect(openFresh(roleOf({ roleArn: ' ' }))).rejects.toThrow(
		"'Role ARN' in the credential is empty",
	);
});
