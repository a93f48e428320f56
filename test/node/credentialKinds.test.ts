import { NodeHelpers } from 'n8n-workflow';
import { AlibabaCloudOpenApi } from '../../credentials/AlibabaCloudOpenApi.credentials';
import { PAGE } from '../engine/knownIds';
import { runNode } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { DEFAULT_KEY, KNOWN } from '../simulator/simulator';
import { until } from '../simulator/signedClient';
import { useSimulator } from '../simulator/useSimulator';

const STS = { accessKeyId: 'STS.Test', accessKeySecret: 'sts-secret', securityToken: 'sts-token' };
const MINUTE = 60_000;

let now = Date.now();
let session = 0;
const simulator = useSimulator({
	keys: [DEFAULT_KEY, STS],
	now: () => now,
	world: { roles: [{ arn: KNOWN.roleArn, externalId: 'from-the-trust-policy' }] },
});
beforeEach(() => {
	now = Date.now();
	session++;
});

async function run(credential: object, items: object[] = [{}]) {
	const clock = { ...stillClock(), now: () => now };
	const given = { endpoint: simulator.url, ...credential };
	return await runNode({
		operation: 'adAccount:getMany',
		set: PAGE,
		credential: given,
		items: items as never,
		clock,
	});
}

/** Each test has its own session name: assumed keys are kept as long as n8n runs. */
function role(fields: object = {}) {
	return {
		authType: 'ramRole',
		...DEFAULT_KEY,
		roleArn: KNOWN.roleArn,
		roleSessionName: `n8n-${session}`,
		externalId: 'from-the-trust-policy',
		stsEndpoint: simulator.url,
		...fields,
	};
}

const actions = () => simulator.requests.map(({ action }) => action);

describe('the node signs with', () => {
	it.each<[string, object]>([
		['an AccessKey', { authType: 'accessKey', ...DEFAULT_KEY }],
		['an AccessKey of a credential that has no kind', DEFAULT_KEY],
		['an STS Token', { authType: 'stsToken', ...STS }],
		['the token of a credential that has no kind', STS],
		['a RAM Role', { authType: 'ramRole', roleless: true }],
	])('%s', async (_, credential) => {
		const { error, output } = await run('roleless' in credential ? role() : credential);
		expect(error).toBeUndefined();
		expect(output).toHaveLength(2);
	});
});

it('a token that was saved before there were authentication types is still shown and used', () => {
	const { properties } = new AlibabaCloudOpenApi();
	const passed = (data: object) =>
		NodeHelpers.getNodeParameters(properties, { ...data }, true, false, null, null);
	expect(passed(STS)).toMatchObject({ authType: 'accessKey', securityToken: 'sts-token' });
	expect(passed(DEFAULT_KEY)).not.toHaveProperty('securityToken');
	expect(passed({ ...STS, authType: 'ramRole' })).not.toHaveProperty('securityToken');
});

describe('a RAM Role', () => {
	it('is assumed with a signed call to STS', async () => {
		await run(role());
		const [assume, list] = simulator.requests;
		expect(assume).toMatchObject({
			action: 'AssumeRole',
			method: 'POST',
			query: {
				RoleArn: KNOWN.roleArn,
				RoleSessionName: `n8n-${session}`,
				ExternalId: 'from-the-trust-policy',
			},
			headers: { 'x-acs-version': '2015-04-01' },
		});
		expect(list?.headers['x-acs-security-token']).toMatch(/^CAIS-/);
	});

	it('is assumed once for several runs', async () => {
		await run(role(), [{}, {}]);
		await run(role());
		expect(actions()).toEqual(['AssumeRole', ...Array<string>(3).fill('ListPageAdAccount')]);
	});

	it('is assumed once for runs at the same time', async () => {
		await Promise.all([run(role()), run(role()), run(role())]);
		expect(actions().filter((action) => action === 'AssumeRole')).toHaveLength(1);
	});

	it('is assumed again some minutes before its key expires', async () => {
		await run(role());
		now += 54 * MINUTE;
		await run(role());
		expect(actions()).toEqual(['AssumeRole', 'ListPageAdAccount', 'ListPageAdAccount']);
		now += 2 * MINUTE;
		await run(role());
		expect(actions().slice(3)).toEqual(['AssumeRole', 'ListPageAdAccount']);
	});

	it('is separate for another credential', async () => {
		await run(role());
		await run(role({ roleSessionName: `other-${session}` }));
		expect(actions().filter((action) => action === 'AssumeRole')).toHaveLength(2);
	});

	it('that is rejected ends the run with its own message, and is assumed again next time', async () => {
		const { error } = await run(role({ externalId: 'wrong' }));
		expect(error?.message).toBe("The AccessKey isn't allowed to assume the RAM role");
		expect(error?.description).toContain("Check 'Role ARN' and 'External ID' in the credential");
		expect(error?.description).toContain("'sts:AssumeRole'");
		await run(role({ externalId: 'wrong' }));
		expect(actions()).toEqual(['AssumeRole', 'AssumeRole']);
	});

	it.each(['InvalidSecurityToken.Expired', 'InvalidAccessKeyId.NotFound'])(
		'is assumed once more if its key is rejected, and the call is repeated (%s)',
		async (code) => {
			await run(role());
			simulator.misbehave(2, { kind: 'error', status: 400, code }, 'ListPageAdAccount');
			const { error, output } = await run(role());
			expect(error).toBeUndefined();
			expect(output).toHaveLength(2);
			const [assume, list] = ['AssumeRole', 'ListPageAdAccount'];
			expect(actions()).toEqual([assume, list, list, assume, list]);
			await run(role());
			expect(actions().slice(5)).toEqual([list]);
		},
	);

	it('is assumed once for all runs whose key is rejected at the same time', async () => {
		await run(role());
		const expired = { kind: 'error', status: 400, code: 'InvalidSecurityToken.Expired' } as const;
		simulator.misbehave([2, 3, 4], expired, 'ListPageAdAccount');
		const outcomes = await Promise.all([run(role()), run(role()), run(role())]);
		expect(outcomes.every(({ error }) => error === undefined)).toBe(true);
		expect(actions().filter((action) => action === 'AssumeRole')).toHaveLength(2);
	});

	it('whose new key is rejected as well ends the run with a message that names a field of this type', async () => {
		const expired = { kind: 'error', status: 400, code: 'InvalidSecurityToken.Expired' } as const;
		simulator.misbehave(() => true, expired, 'ListPageAdAccount');
		const { error } = await run(role(), [{}, {}]);
		expect(error?.description).toContain("'Role ARN'");
		expect(error?.description).not.toContain("'Security Token'");
		expect(actions()).toHaveLength(4);
		simulator.misbehave(() => false, expired, 'ListPageAdAccount');
	});

	it("is not assumed again for an error that isn't about the key", async () => {
		const refused = { kind: 'error', status: 403, code: 'NoPermission' } as const;
		simulator.misbehave(1, refused, 'ListPageAdAccount');
		expect((await run(role())).error?.description).toContain("'cams:ListPageAdAccount'");
		expect(actions()).toEqual(['AssumeRole', 'ListPageAdAccount']);
	});

	it.each([
		['no end that can be read', 'soon', 11, 9],
		['an end beyond an hour', '2099-01-01T00:00:00Z', 56, 54],
		['an end that is past', '2001-01-01T00:00:00Z', 0, undefined],
	])('with %s is kept no longer than the key is certainly valid', async (_, end, gone, kept) => {
		const Credentials = {
			AccessKeyId: 'STS.Other',
			AccessKeySecret: 'other-secret',
			SecurityToken: 'other-token',
			Expiration: end,
		};
		const answer = { kind: 'html', status: 200, body: JSON.stringify({ Credentials }) } as const;
		simulator.misbehave(() => true, answer, 'AssumeRole');
		// The key is none of the simulator's, so each run assumes once more than it would.
		const assumedAfter = async (minutes: number) => {
			session++;
			await run(role());
			now += minutes * MINUTE;
			simulator.requests.length = 0;
			await run(role());
			return actions().filter((action) => action === 'AssumeRole').length;
		};
		expect(await assumedAfter(gone)).toBe(2);
		if (kept !== undefined) expect(await assumedAfter(kept)).toBe(1);
	});

	it.each([
		['"required"'],
		['{}'],
		['{"AccessKeyId":"a","AccessKeySecret":"b"}'],
		['{"AccessKeyId":"a","AccessKeySecret":"b","SecurityToken":7}'],
		['{"AccessKeyId":"a","AccessKeySecret":"","SecurityToken":"c"}'],
	])('without a whole key is rejected: %s', async (given) => {
		const body = `{"Credentials":${given}}`;
		simulator.misbehave(() => true, { kind: 'html', status: 200, body }, 'AssumeRole');
		const { error } = await run(role());
		expect(error?.message).toContain('does not show whether');
		expect(error?.description).toContain("'STS Endpoint'");
		expect(actions()).toEqual(['AssumeRole']);
	});

	it.each([
		['secret', { accessKeySecret: 'another-secret' }],
		['external ID', { externalId: 'another-id' }],
		['key', { accessKeyId: 'LTAI5tAnotherKey' }],
		['role', { roleArn: `${KNOWN.roleArn}-of-another` }],
	])('is not shared with a credential that has another %s', async (_, fields) => {
		expect((await run(role())).error).toBeUndefined();
		expect((await run(role(fields))).error).toBeDefined();
		expect(actions().filter((action) => action === 'AssumeRole')).toHaveLength(2);
	});

	it('is not shared with a credential that has another STS endpoint', async () => {
		await run(role());
		await run(role({ stsEndpoint: simulator.url.replace('127.0.0.1', 'localhost') }));
		expect(actions().filter((action) => action === 'AssumeRole')).toHaveLength(2);
	});

	it('is tried again if STS is busy', async () => {
		simulator.misbehave([1, 2], { kind: 'throttle' }, 'AssumeRole');
		expect((await run(role())).error).toBeUndefined();
	});

	it('reveals none of its secrets', async () => {
		simulator.misbehave(1, { kind: 'echo', format: 'json', status: 400 }, 'ListPageAdAccount');
		const { error } = await run(role());
		const shown = JSON.stringify([error?.message, error?.description, error?.context]);
		expect(shown).not.toMatch(/CAIS-|simulator-secret/);
	});
});

describe("a key that ends while a list's batches are sent", () => {
	const people = Array.from({ length: 6 }, (_, index) => ({ email: `u${index}@example.com` }));
	const expired = { kind: 'error', status: 400, code: 'InvalidSecurityToken.Expired' } as const;
	const upload = async (credential: object, onError: 'stop' | 'continue' = 'continue') =>
		await runNode({
			simulator,
			items: people,
			set: { batchSize: 2 },
			credential: { endpoint: simulator.url, ...credential },
			clock: { ...stillClock(), now: () => now },
			onError,
		});
	const usersOf = (calls: Awaited<ReturnType<typeof upload>>['calls']) =>
		calls.filter(({ code }) => code === 'OK').flatMap(({ users }) => users);
	const everyone = people.map(({ email }) => ({ Email: email }));
	const ADD = 'AddCustomAudienceUser';
	/** Without the request that checks the IDs before the upload. */
	const sent = () => actions().filter((action) => action !== 'ListCustomAudience');

	it('is replaced before its end, if it is that of a role', async () => {
		const { promise, send } = held();
		simulator.misbehave(2, { kind: 'held', until: promise }, ADD);
		const done = upload(role());
		await until(() => simulator.attempts.length === 2);
		now += 61 * MINUTE;
		send();
		const { output, calls } = await done;
		expect(output).toMatchObject([{ submitted: 6, failed: 0, complete: true }]);
		expect(sent()).toEqual(['AssumeRole', ADD, ADD, 'AssumeRole', ADD]);
		expect(usersOf(calls)).toEqual(everyone);
	});

	it('is replaced once it is rejected, if it is that of a role, and the batch is sent again', async () => {
		simulator.misbehave(2, expired, ADD);
		const { output, calls, error } = await upload(role(), 'stop');
		expect(error).toBeUndefined();
		expect(output).toMatchObject([
			{ submitted: 6, failed: 0, complete: true, batches: [{}, {}, {}] },
		]);
		expect(sent()).toEqual(['AssumeRole', ADD, ADD, 'AssumeRole', ADD, ADD]);
		expect(usersOf(calls)).toEqual(everyone);
	});

	it("ends the upload if the role can't be assumed anymore: what was accepted stays submitted", async () => {
		const forbidden = { kind: 'error', status: 403, code: 'NoPermission' } as const;
		simulator.misbehave(2, expired, ADD);
		simulator.misbehave(2, forbidden, 'AssumeRole');
		const { output } = await upload(role());
		expect(output).toMatchObject([{ received: 6, submitted: 2, failed: 4, complete: false }]);
		expect(JSON.stringify(output)).toContain("isn't allowed to assume the RAM role");
		expect(sent()).toEqual(['AssumeRole', ADD, ADD, 'AssumeRole']);
	});

	it('ends the upload if it is an STS token: no other batch is tried, and the message names its field', async () => {
		simulator.misbehave((n) => n > 1, expired, ADD);
		const { output } = await upload({ authType: 'stsToken', ...STS });
		expect(output).toMatchObject([{ received: 6, submitted: 2, failed: 4, complete: false }]);
		expect(JSON.stringify(output)).toContain("'Security Token'");
		expect(sent()).toEqual([ADD, ADD]);
		simulator.reset();
		simulator.misbehave((n) => n > 1, expired, ADD);
		const { error } = await upload({ authType: 'stsToken', ...STS }, 'stop');
		expect(error?.description).toContain("'Security Token'");
		expect(error?.description).toMatch(/2 of 6|Accepted/);
	});
});

function held() {
	let send = () => {};
	const promise = new Promise<void>((resolve) => {
		send = resolve;
	});
	return { promise, send };
}
