import { NodeHelpers } from 'n8n-workflow';
import { AlibabaCloudOpenApi } from '../../credentials/AlibabaCloudOpenApi.credentials';
import { runOperation } from '../engine/runOperation';
import { stillClock } from '../engine/stillClock';
import { DEFAULT_KEY, KNOWN, startSimulator, type Simulator } from '../simulator/simulator';

const STS = { accessKeyId: 'STS.Test', accessKeySecret: 'sts-secret', securityToken: 'sts-token' };
const PARAMETERS = {
	resource: 'adAccount',
	operation: 'getMany',
	custSpaceId: { __rl: true, mode: 'id', value: KNOWN.custSpaceId },
	pageId: KNOWN.pageId,
};
const MINUTE = 60_000;

let now = Date.now();
let simulator: Simulator;
let session = 0;
beforeAll(async () => {
	const roles = [{ arn: KNOWN.roleArn, externalId: 'from-the-trust-policy' }];
	const keys = [DEFAULT_KEY, STS];
	simulator = await startSimulator({ keys, now: () => now, world: { roles } });
});
beforeEach(() => {
	now = Date.now();
	session++;
});
afterEach(() => simulator.reset());
afterAll(() => simulator.close());

async function run(credential: object, items: object[] = [{}]) {
	const clock = { ...stillClock(), now: () => now };
	const given = { endpoint: simulator.url, ...credential };
	const outcome = await runOperation({
		parameters: PARAMETERS,
		credential: given as never,
		items: items as never,
		clock,
	});
	return outcome;
}

/** Each test has a session name of its own: assumed keys are kept as long as n8n runs. */
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

const actions = () => simulator.calls.map(({ action }) => action);

describe('the node calls with', () => {
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

it('a token that was saved before there were kinds is still shown and handed over by n8n', () => {
	const { properties } = new AlibabaCloudOpenApi();
	const handedOver = (data: object) =>
		NodeHelpers.getNodeParameters(properties, { ...data }, true, false, null, null);
	expect(handedOver(STS)).toMatchObject({ authType: 'accessKey', securityToken: 'sts-token' });
	expect(handedOver(DEFAULT_KEY)).not.toHaveProperty('securityToken');
	expect(handedOver({ ...STS, authType: 'ramRole' })).not.toHaveProperty('securityToken');
});

describe('a RAM Role', () => {
	it('is assumed by a signed call with the parameters of STS', async () => {
		await run(role());
		const [assume, list] = simulator.calls;
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

	it('is assumed anew some minutes before its key expires', async () => {
		await run(role());
		now += 54 * MINUTE;
		await run(role());
		expect(actions()).toEqual(['AssumeRole', 'ListPageAdAccount', 'ListPageAdAccount']);
		now += 2 * MINUTE;
		await run(role());
		expect(actions().slice(3)).toEqual(['AssumeRole', 'ListPageAdAccount']);
	});

	it('is another one for another credential', async () => {
		await run(role());
		await run(role({ roleSessionName: `other-${session}` }));
		expect(actions().filter((action) => action === 'AssumeRole')).toHaveLength(2);
	});

	it('that is refused ends the run with its own sentence, and is asked for again next time', async () => {
		const { error } = await run(role({ externalId: 'wrong' }));
		expect(error?.message).toMatch(/\(NoPermission\)$/);
		expect(error?.description).toContain(`The role ${KNOWN.roleArn} can't be assumed`);
		expect(error?.description).toContain("'sts:AssumeRole'");
		await run(role({ externalId: 'wrong' }));
		expect(actions()).toEqual(['AssumeRole', 'AssumeRole']);
	});

	it('is asked for again when STS is busy', async () => {
		simulator.misbehave([1, 2], { kind: 'throttle' }, 'AssumeRole');
		expect((await run(role())).error).toBeUndefined();
	});

	it('gives none of its secrets away', async () => {
		simulator.misbehave(1, { kind: 'echo', format: 'json', status: 400 }, 'ListPageAdAccount');
		const { error } = await run(role());
		const shown = JSON.stringify([error?.message, error?.description, error?.context]);
		expect(shown).not.toMatch(/CAIS-|simulator-secret/);
	});
});
